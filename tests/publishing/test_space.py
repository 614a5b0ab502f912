"""The app as a Space on the Hub, and as the Space runs it."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from wavemix.errors import WavemixError
from wavemix.publishing import Options, pack, publish
from wavemix.publishing.package import SPACE_FILES, SPACES
from wavemix.zoo.registry import ALL, ORGANISATION, hub_repository

SPACE = "spaces/org/wavemix"


@pytest.fixture
def changed(tmp_path, monkeypatch) -> Path:
    """A Space that was changed since."""
    folder = Path(shutil.copytree(SPACES, tmp_path / "spaces"))
    (folder / "app.py").write_text((SPACES / "app.py").read_text() + "# More.\n")
    monkeypatch.setattr("wavemix.publishing.package.SPACES", folder)
    return folder


def test_the_command_publishes_it_once(run, hub):
    outcome = run("publish", "space", "--to", ORGANISATION, "--dry-run")
    assert outcome.status == 0 and "org/wavemix" in outcome.out and not hub.log
    outcome = run("publish", "space", "--to", ORGANISATION, "--tag", "v0.1")
    assert outcome.status == 0, outcome.err
    assert set(hub.repositories) == {SPACE}
    assert hub.repositories[SPACE].tags == {"v0.1": hub.repositories[SPACE].head}
    found = hub.files(SPACE)
    assert {name: found[name] for name in SPACE_FILES} == {name: (SPACES / name).read_bytes() for name in SPACE_FILES}
    head = hub.repositories[SPACE].head
    outcome = run("publish", "space", "--to", ORGANISATION)
    assert outcome.status == 0 and "was there" in outcome.out
    assert hub.repositories[SPACE].head == head


def test_another_one_is_replaced_only_if_that_is_wanted(hub, changed, monkeypatch):
    with monkeypatch.context() as original:
        original.setattr("wavemix.publishing.package.SPACES", SPACES)
        publish(pack("space", "tester/mixing"))
    with pytest.raises(WavemixError, match="tester/mixing: exists, with other files; add --update"):
        publish(pack("space", "tester/mixing"))
    publish(pack("space", "tester/mixing"), Options(update=True))
    assert hub.files("spaces/tester/mixing")["app.py"].endswith(b"# More.\n")
    assert set(hub.repositories) == {"spaces/tester/mixing"}


def test_what_is_wrong_with_it_is_told_before_anything_is_there(hub, changed):
    (changed / "README.md").write_text((changed / "README.md").read_text().replace("sdk: docker", "sdk: podman"))
    with pytest.raises(WavemixError, match=r"README\.md: the Hub refuses its metadata \(\"sdk\" must be"):
        publish(pack("space", ORGANISATION))
    (changed / "Dockerfile").unlink()
    with pytest.raises(WavemixError, match="Dockerfile: is missing; restore it"):
        pack("space", ORGANISATION)
    assert not hub.repositories


def test_it_is_not_pinned(hub):
    with pytest.raises(WavemixError, match="--pin: the registry pins models, and a Space is none"):
        publish(pack("space", ORGANISATION), Options(pin=True))
    assert not hub.log


def test_its_metadata_name_the_models_and_the_port_that_it_uses():
    data = yaml.safe_load((SPACES / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert data["models"] == [hub_repository(name, ORGANISATION) for name in ALL["all-lite"]]
    assert f'"PORT", "{data["app_port"]}"' in (SPACES / "app.py").read_text()
    needed = Requirement((SPACES / "requirements.txt").read_text().strip())
    assert (needed.name, needed.extras) == ("wavemix", {"app"})


def test_it_runs(tmp_path):
    if os.environ.get("CI") != "true":
        pytest.importorskip("starlette")
        pytest.importorskip("uvicorn")
    environment = os.environ | {"TMPDIR": str(tmp_path), "HOST": "127.0.0.1", "PORT": "0"}
    with subprocess.Popen(
        [sys.executable, SPACES / "app.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            with urllib.request.urlopen(f"{address}/about") as answer:
                about = json.loads(answer.read())
            assert (about["most_files"], about["most_bytes"]) == (64, 500_000_000)
        finally:
            process.terminate()
            process.communicate(timeout=120)
