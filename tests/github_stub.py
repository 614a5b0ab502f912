"""GitHub as `torch.hub` sees it, answered from local git repositories; torch.hub itself stays as it is.

urllib.request.install_opener(urllib.request.build_opener(FakeGitHub({"org/wavemix": path})))
"""

import email.message
import io
import json
import re
import subprocess
import urllib.request
import urllib.response
from collections.abc import Mapping

PAGE = re.compile(r"https://github\.com/([^/]+/[^/]+)/(tree|zipball)/(.+?)/?")
REFS = re.compile(r"https://api\.github\.com/repos/([^/]+/[^/]+)/(branches|tags)\?.*page=(\d+)")


class FakeGitHub(urllib.request.HTTPSHandler):
    """Pages of branches and tags, lists of them, and zipped trees."""

    def __init__(self, repositories: Mapping[str, str]) -> None:
        super().__init__()
        self.repositories = repositories

    def https_open(self, request: urllib.request.Request) -> urllib.response.addinfourl:
        body = self._answer(request.full_url)
        headers = email.message.Message()
        headers["Content-Length"] = str(len(body or b""))
        response = urllib.response.addinfourl(io.BytesIO(body or b""), headers, request.full_url, 200 if body else 404)
        response.msg = "OK" if body else "Not Found"
        return response

    def _answer(self, url: str) -> bytes | None:
        if page := PAGE.fullmatch(url):
            commit = self._git(page[1], "rev-parse", "--verify", "--quiet", f"{page[3]}^{{commit}}").decode().strip()
            if not commit or page[2] == "tree":
                return b"<html>" if commit else None
            prefix = f"{page[1].replace('/', '-')}-{commit[:7]}/"
            return self._git(page[1], "archive", "--format=zip", f"--prefix={prefix}", commit)
        if refs := REFS.fullmatch(url):
            place = "heads" if refs[2] == "branches" else "tags"
            lines = self._git(refs[1], "for-each-ref", "--format=%(refname:short) %(objectname)", f"refs/{place}")
            rows = [line.split() for line in lines.decode().splitlines()] if refs[3] == "1" else []
            return json.dumps([{"name": name, "commit": {"sha": sha}} for name, sha in rows]).encode()
        return None

    def _git(self, repository: str, *arguments: str) -> bytes:
        if repository not in self.repositories:
            return b""
        command = ["git", "-C", self.repositories[repository], *arguments]
        return subprocess.run(command, capture_output=True, check=False).stdout
