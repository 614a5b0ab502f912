"""A small Hugging Face Hub for tests: real HTTP, tokens, large files by LFS, commits, tags, and faults to order.

    with HubServer(port) as hub:  # HF_ENDPOINT is http://127.0.0.1:port, HF_HUB_DISABLE_XET is 1
        hub.fail("POST", "/commit/main", 503)

It answers what huggingface_hub 1 and 2 ask for when they create, upload, tag and download models.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from hub_card_rules import SDKS, card_errors, space_errors
from hub_store import Blob, Refusal, Repository

TOKEN = "hf_test"
PROJECT = "org/wavemix"
ORGANISATION = PROJECT.split("/")[0]
NAMESPACES = ("tester", ORGANISATION)
LARGE = (".safetensors",)
DROP = 0
"""As the status of a fault: the connection breaks without an answer."""


Answer = tuple[int, dict[str, str], bytes]
ROUTES: list[tuple[str, re.Pattern[str], Callable[..., Answer]]] = []


def route(method: str, pattern: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register the answer to a path; `{repo}` is `organisation/name`, other words in braces are parts of the path."""
    pattern = pattern.replace("{repo}", "(?P<repo>[^/]+/[^/]+?)").replace("{path}", "(?P<path>.+)")
    compiled = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))

    def register(answer: Callable[..., Answer]) -> Callable[..., Answer]:
        ROUTES.append((method, compiled, answer))
        return answer

    return register


def ok(value: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def called(name: str, kind: str) -> str:
    """What the server calls a repository: spaces may have the names of models."""
    return f"spaces/{name}" if kind == "space" else name


class HubServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.repositories: dict[str, Repository] = {}
        self.uploads: dict[str, bytes] = {}
        self.log: list[tuple[str, str, int]] = []
        self.lock = threading.RLock()
        self._faults: list[tuple[str, str, int]] = []

    def fail(self, method: str, ending: str, *statuses: int) -> None:
        """Answer the next requests whose path ends so with these statuses, one each."""
        self._faults += [(method, ending, status) for status in statuses]

    def forgive(self) -> None:
        """No more faults."""
        self._faults.clear()

    def take_fault(self, method: str, path: str) -> int | None:
        for fault in self._faults:
            if fault[0] == method and path.endswith(fault[1]):
                self._faults.remove(fault)
                return fault[2]
        return None

    def files(self, repository: str, revision: str = "main") -> dict[str, bytes]:
        """What a repository holds at a revision."""
        found = self.repositories[repository]
        return {path: blob.data for path, blob in found.commits[found.resolve(revision)].items()}

    def tamper(self, repository: str, path: str) -> None:
        """Flip a byte of a file in the newest commit, unnoticed by the commit's name."""
        found = self.repositories[repository]
        blob = found.commits[found.head][path]
        data = blob.data[:-1] + bytes([blob.data[-1] ^ 1])
        found.commits[found.head][path] = Blob(data, blob.large)

    def blob(self, sha256: str) -> bytes:
        commits = [files for found in self.repositories.values() for files in found.commits.values()]
        return next(blob.data for files in commits for blob in files.values() if blob.sha256 == sha256)

    def __enter__(self) -> "HubServer":
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HubServer

    def log_message(self, *arguments: object) -> None:
        pass

    def respond(self) -> None:
        path = urlsplit(self.path).path
        self.body = self._read_body()
        fault = self.server.take_fault(self.command, path)
        if fault == DROP:
            self.server.log.append((self.command, path, DROP))
            self.close_connection = True
            return
        try:
            if fault:
                raise Refusal(fault, "ordered by the test")
            self._check_token(path)
            with self.server.lock:
                status, headers, body = self._answer(path)
        except Refusal as refusal:
            status, body = refusal.status, json.dumps({"error": str(refusal)}).encode()
            headers = {"X-Error-Message": str(refusal), "X-Error-Code": refusal.code}
        self.server.log.append((self.command, path, status))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = respond

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _check_token(self, path: str) -> None:
        """Like the Hub: a wrong token is refused even where none is needed."""
        given = self.headers.get("Authorization")
        if given not in (None, f"Bearer {TOKEN}"):
            raise Refusal(401, "Invalid credentials in Authorization header")
        self.known = given is not None
        reads = self.command in ("GET", "HEAD") and path != "/api/whoami-v2"
        if not (self.known or reads or path == "/api/validate-yaml" or path.startswith("/_") or "/paths-info/" in path):
            raise Refusal(401, "Invalid username or password.")

    def _answer(self, path: str) -> Answer:
        method = "GET" if self.command == "HEAD" else self.command
        self.kind = "space" if path.startswith("/api/spaces/") else "model"
        path = path.replace("/api/spaces/", "/api/models/", 1)
        for routed, pattern, answer in ROUTES:
            match = pattern.fullmatch(path)
            if routed == method and match:
                return answer(self, **{name: unquote(part) for name, part in match.groupdict().items() if part})
        raise Refusal(404, f"no route for {self.command} {path}")

    def json(self) -> dict:
        return json.loads(self.body)

    def repository(self, name: str) -> Repository:
        found = self.server.repositories.get(called(name, self.kind))
        if found is None or (found.private and not self.known):
            raise Refusal(401, "Repository not found", "RepoNotFound")  # the Hub hides what it will not show
        return found

    @property
    def base(self) -> str:
        return f"http://{self.headers['Host']}"


@route("GET", "/")
def front_page(request: Handler) -> Answer:
    return ok({})


@route("GET", "/api/whoami-v2")
def whoami(request: Handler) -> Answer:
    return ok({"type": "user", "name": "tester", "orgs": [{"name": ORGANISATION}]})


@route("POST", "/api/validate-yaml")
def validate_card(request: Handler) -> Answer:
    question = request.json()
    errors = (space_errors if question["repoType"] == "space" else card_errors)(question["content"])
    return ok({"errors": [{"message": error} for error in errors], "warnings": []}, 400 if errors else 200)


@route("POST", "/api/repos/create")
def create(request: Handler) -> Answer:
    wanted = request.json()
    namespace = wanted.get("organization") or "tester"
    name = f"{namespace}/{wanted['name']}"
    if namespace not in NAMESPACES:
        raise Refusal(403, f"You don't have the rights to create a model under the namespace {namespace}")
    kind = wanted.get("type") or "model"
    if called(name, kind) in request.server.repositories:
        raise Refusal(409, f"You already created this {kind} repo")
    if kind == "space" and wanted.get("sdk") not in SDKS:
        raise Refusal(400, "sdk must be one of the Hub's")
    private = bool(wanted.get("private")) or wanted.get("visibility") == "private"
    created = request.server.repositories[called(name, kind)] = Repository(private)
    created.commit({".gitattributes": Blob(b"", False)})
    return ok({"url": f"{request.base}/{name}", "name": name})


@route("GET", "/api/models/{repo}(?:/revision/(?P<revision>[^/]+))?")
def describe(request: Handler, repo: str, revision: str | None = None) -> Answer:
    found = request.repository(repo)
    return ok({"id": repo, "sha": found.resolve(revision or "main"), "private": found.private, "tags": []})


@route("GET", "/api/models/{repo}/refs")
def refs(request: Handler, repo: str) -> Answer:
    found = request.repository(repo)
    tags = [{"name": name, "ref": f"refs/tags/{name}", "targetCommit": at} for name, at in found.tags.items()]
    branches = [{"name": "main", "ref": "refs/heads/main", "targetCommit": found.head}]
    return ok({"branches": branches, "tags": tags, "converts": []})


@route("POST", "/api/models/{repo}/paths-info/{revision}")
def paths_info(request: Handler, repo: str, revision: str) -> Answer:
    found = request.repository(repo)
    files = found.commits[found.resolve(revision)]
    wanted = parse_qs(request.body.decode())["paths"]
    return ok([files[path].describe(path) for path in wanted if path in files])


@route("POST", "/api/models/{repo}/tag/{revision}")
def tag(request: Handler, repo: str, revision: str) -> Answer:
    found, name = request.repository(repo), request.json()["tag"]
    if name in found.tags:
        raise Refusal(409, "Tag reference exists already")
    found.tags[name] = found.resolve(revision)
    return ok({})


@route("POST", "/api/models/{repo}/preupload/{revision}")
def preupload(request: Handler, repo: str, revision: str) -> Answer:
    request.repository(repo)
    modes = {name["path"]: "lfs" if name["path"].endswith(LARGE) else "regular" for name in request.json()["files"]}
    return ok({"files": [{"path": path, "uploadMode": mode, "shouldIgnore": False} for path, mode in modes.items()]})


@route("POST", "/{repo}[.]git/info/lfs/objects/batch")
def lfs_batch(request: Handler, repo: str) -> Answer:
    request.repository(repo)
    uploads = {wanted["oid"]: {"href": f"{request.base}/_lfs/{wanted['oid']}"} for wanted in request.json()["objects"]}
    objects = [wanted | {"actions": {"upload": uploads[wanted["oid"]]}} for wanted in request.json()["objects"]]
    return ok({"transfer": "basic", "objects": objects})


@route("PUT", "/_lfs/{sha256}")
def lfs_upload(request: Handler, sha256: str) -> Answer:
    if hashlib.sha256(request.body).hexdigest() != sha256:
        raise Refusal(400, "the bytes have another hash")
    request.server.uploads[sha256] = request.body
    return ok({})


@route("POST", "/api/models/{repo}/commit/{revision}")
def commit(request: Handler, repo: str, revision: str) -> Answer:
    found = request.repository(repo)
    files = dict(found.commits[found.head])
    for line in request.body.splitlines():
        step = json.loads(line)
        value = step["value"]
        if step["key"] == "header" and value.get("parentCommit") not in (None, found.head):
            raise Refusal(412, "A commit has happened since.")
        if step["key"] == "file":
            files[value["path"]] = Blob(base64.b64decode(value["content"]), large=False)
        if step["key"] == "lfsFile":
            files[value["path"]] = Blob(request.server.uploads[value["oid"]], large=True)
    oid = found.commit(files)
    return ok({"success": True, "commitOid": oid, "commitUrl": f"{request.base}/{repo}/commit/{oid}", "hookOutput": ""})


@route("GET", "/{repo}/resolve/{revision}/{path}")
def download(request: Handler, repo: str, revision: str, path: str) -> Answer:
    found = request.repository(repo)
    at = found.resolve(revision)
    blob = found.commits[at].get(path)
    if blob is None:
        raise Refusal(404, "Entry not found", "EntryNotFound")
    headers = {"X-Repo-Commit": at}
    if not blob.large:
        return 200, headers | {"ETag": f'"{blob.git_oid}"'}, blob.data
    # Large files come from another host, and only the redirection to it tells what they are.
    place = request.base.replace("127.0.0.1", "localhost")
    headers |= {"X-Linked-Etag": f'"{blob.sha256}"', "X-Linked-Size": str(len(blob.data))}
    return 302, headers | {"Location": f"{place}/_cdn/{blob.sha256}"}, b""


@route("GET", "/_cdn/{sha256}")
def large_file(request: Handler, sha256: str) -> Answer:
    return 200, {"ETag": f'"{sha256}"'}, request.server.blob(sha256)
