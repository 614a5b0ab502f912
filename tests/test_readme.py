"""The examples of the README and of the guides run as they stand, in order, in one folder."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from conftest import noise

from wavemix.cli import main

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("README.md", "docs/mixing.md", "docs/models.md", "docs/evaluation.md")
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
RUN = re.compile(r"<!-- run -->\n```(sh|python)\n(.*?)```", re.DOTALL)
FOUND = [(f"{name}-{i}", found) for name, page in PAGES.items() for i, found in enumerate(RUN.findall(page))]
EXAMPLES = [pytest.param(number, *found, id=name) for number, (name, found) in enumerate(FOUND)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder but for, in `my_songs`, two songs to train on and one to validate on."""
    folder = tmp_path_factory.mktemp("readme")
    for seed, place in enumerate(("train/one", "train/two", "valid/three")):
        song = folder / "my_songs" / place
        (song / "raw/drums").mkdir(parents=True)
        (song / "stems").mkdir()
        kick = noise(2, seed=seed)
        soundfile.write(song / "raw/drums/kick.wav", kick, 44_100)
        soundfile.write(song / "stems/drums.wav", kick @ [[0.7, 0.5]], 44_100)
        (song / "song.yaml").write_text("title: A song\n")
    return folder


@pytest.mark.parametrize(("number", "language", "code"), EXAMPLES)
def test_an_example(number, language, code, folder, monkeypatch):
    monkeypatch.chdir(folder)
    if language == "python":
        exec(compile(code, f"<example {number}>", "exec"), {"__name__": "__main__"})
    elif number == 0:
        example, others = code.split("\n", 1)
        in_a_shell(example)
        shorten(folder / "song")
        in_a_shell(others)
    else:
        for line in code.splitlines():
            program, *arguments = shlex.split(line, comments=True)
            assert program == "wavemix"
            if arguments[0] == "train":  # it leaves a service of Weights & Biases behind
                in_a_shell(line)
                continue
            with pytest.raises(SystemExit) as leave:
                main(arguments)
            assert not leave.value.code


def in_a_shell(code):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-euc", code], env=os.environ | {"PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def shorten(song):
    """The examples need not mix the whole song: `make demo` does."""
    for track in song.rglob("*.wav"):
        audio, rate = soundfile.read(track, stop=44_100, always_2d=True)
        soundfile.write(track, audio, rate, "PCM_24")


def test_all_examples_of_the_readme_are_marked_but_set_up_and_hub():
    unmarked = re.findall(r"(?<!<!-- run -->\n)```(?:sh|python)\n(.*?)```", PAGES["README.md"], re.DOTALL)
    assert [code.split("\n")[0] for code in unmarked] == [
        "make demo",
        "make test",
        'pip install ".[app]"',
        'mixer = torch.hub.load("org/wavemix", "automix", trust_repo=True)',
    ]


def test_the_readme_is_short():
    assert PAGES["README.md"].count("\n") < 150


def test_every_option_of_mix_is_explained():
    from wavemix.cli.mix import mix

    options = [name for option in mix.params for name in option.opts if name.startswith("--")]
    page = PAGES["docs/mixing.md"]
    table = page[page.index("| option |") :]
    for name in set(options) - {"--output"}:
        assert f"`{name}" in table, name


def test_links_lead_somewhere():
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!http)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
