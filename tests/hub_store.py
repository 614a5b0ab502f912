"""What the tests' Hub keeps: files, commits, tags."""

import hashlib
import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Blob:
    data: bytes
    large: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def git_oid(self) -> str:
        return hashlib.sha1(b"blob %d\0" % len(self.data) + self.data).hexdigest()

    def describe(self, path: str) -> dict[str, object]:
        about = {"type": "file", "path": path, "size": len(self.data), "oid": self.git_oid}
        lfs = {"oid": self.sha256, "size": len(self.data), "pointerSize": 134}
        return about | ({"lfs": lfs} if self.large else {})


@dataclass
class Repository:
    private: bool
    head: str = ""
    commits: dict[str, dict[str, Blob]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, files: dict[str, Blob]) -> str:
        content = [len(self.commits), self.head, {path: blob.git_oid for path, blob in files.items()}]
        self.head = hashlib.sha1(json.dumps(content).encode()).hexdigest()
        self.commits[self.head] = files
        return self.head

    def resolve(self, revision: str) -> str:
        commit = {"main": self.head, **self.tags}.get(revision, revision)
        if commit not in self.commits:
            raise Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return commit


class Refusal(Exception):
    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code
