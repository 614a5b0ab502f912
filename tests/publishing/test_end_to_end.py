"""From a checkout to the Hub and, through torch.hub and GitHub, back into another process."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from conftest import noise, read

from wavemix import AutoMix, Delivery, Engine
from wavemix.publishing import Options, pack, publish
from wavemix.zoo import FAMILIES, MODELS
from wavemix.zoo.registry import ALL, ORGANISATION, RECOGNISER

ROOT = Path(__file__).resolve().parents[2]

NEW_PROCESS = """
import sys, urllib.request
for module in ("lightning", "torchaudio", "wandb"):
    sys.modules[module] = None  # importing it would fail
import torch
from github_stub import FakeGitHub

urllib.request.install_opener(urllib.request.build_opener(FakeGitHub({"org/wavemix": sys.argv[1]})))
tracks, song, out = torch.load(sys.argv[2], weights_only=True), sys.argv[3], sys.argv[4]
family, suffix = sys.argv[5], sys.argv[6].replace("-", "_")
assert {"automix", f"drums{suffix}", f"mix{suffix}"} <= set(torch.hub.list("org/wavemix", trust_repo=True))
assert "(batch, 10, samples)" in torch.hub.help("org/wavemix", f"drums{suffix}", trust_repo=True)
system = torch.hub.load("org/wavemix", "automix", trust_repo=True, device="cpu", family=family)
system.mix(song, f"{out}/mix", sys.modules["wavemix"].Delivery(bits="32f"))
with torch.no_grad():
    mixdown = system(tracks)
    stem = torch.hub.load("org/wavemix:v0.1", f"bass{suffix}", trust_repo=True)(tracks["bass"])
found = {"mix": mixdown.mix, "stems": mixdown.stems, "stem": stem}
torch.save(found, f"{out}/found.pt")
print(sys.modules["wavemix"].__file__)
print(*(model.origin for model in system.models.values()))
"""


def command(*arguments: object, cwd: Path, **environment: object) -> str:
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env=os.environ | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def import_path(*folders: Path) -> str:
    """PYTHONPATH with these folders first."""
    return os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of this repository's code and models, as a git repository."""
    folder = tmp_path / "checkout"
    for name in ("wavemix", "model_cards"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "hubconf.py", folder / "hubconf.py")
    return folder


def git_release(checkout: Path) -> None:
    """Commit the checkout and tag it; its weights are left to the Hub."""
    (checkout / ".gitignore").write_text("*.safetensors\n__pycache__/\n")
    git = ("git", "-c", "user.name=tester", "-c", "user.email=tester@localhost")
    command("git", "init", "--quiet", "--initial-branch=main", cwd=checkout)
    command("git", "add", ".", cwd=checkout)
    command(*git, "commit", "--quiet", "--message", "release", cwd=checkout)
    command("git", "tag", "v0.1", cwd=checkout)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_publish_then_torch_hub_gives_the_local_mix_bit_for_bit(hub, hub_cache, checkout, band, tmp_path, family):
    names = ALL[f"all{family.suffix}"]
    for package in (f"all{family.suffix}", RECOGNISER.name):
        publish(pack(package, ORGANISATION), Options(tag="v0.1", pin=True), checkout / "wavemix/zoo/pins.json")
    pins = json.loads((checkout / "wavemix/zoo/pins.json").read_text())
    for name in names:
        assert pins[name]["revision"] == hub.repositories[f"org/wavemix-{name}"].tags["v0.1"]
        assert pins[name]["sha256"] == MODELS[name].sha256
    git_release(checkout)

    tracks = {
        "drums": torch.from_numpy(noise(0.2, channels=10).T).float()[None],
        "bass": torch.from_numpy(noise(0.2, channels=4, seed=1).T).float()[None],
    }
    torch.save(tracks, tmp_path / "tracks.pt")
    out = tmp_path / "out"
    out.mkdir()
    arguments = (checkout, tmp_path / "tracks.pt", band, out, family.name, family.suffix)
    script = (sys.executable, "-c", NEW_PROCESS, *arguments)
    environment = {
        "PYTHONPATH": import_path(ROOT / "tests"),
        "TORCH_HOME": tmp_path / "torch",
        "HF_TOKEN": "",
        "OMP_NUM_THREADS": torch.get_num_threads(),  # other sums round otherwise
    }
    place, origins = command(*script, cwd=tmp_path, **environment).splitlines()[-2:]

    assert Path(place).is_relative_to(tmp_path / "torch")
    assert origins.split() == [f"org/wavemix-{name}@{pins[name]['revision']}" for name in names]
    assert len(list(hub_cache.glob("models--*--wavemix-*/snapshots/*/model.safetensors"))) == len(names) + 1
    local = AutoMix.from_pretrained(engine=Engine("cpu"), family=family.name)
    local.mix(band, tmp_path / "local", Delivery(bits="32f"))
    for file in ("mix.wav", *(f"stems/{group}.wav" for group in ("drums", "bass", "vocals", "other"))):
        assert (read(out / "mix" / file) == read(tmp_path / "local" / file)).all()
    with torch.no_grad():
        mixdown = local(tracks)
        stem = local.model("bass")(tracks["bass"])
    found = torch.load(out / "found.pt", weights_only=True)
    assert torch.equal(found["mix"], mixdown.mix)
    assert torch.equal(found["stem"], stem)
    for group, expected in mixdown.stems.items():
        assert torch.equal(found["stems"][group], expected)
