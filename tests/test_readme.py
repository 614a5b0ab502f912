"""The README's examples run as they stand, in order, in one folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from conftest import noise

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUN = re.compile(r"<!-- run -->\n```(sh|python)\n(.*?)```", re.DOTALL)
EXAMPLES = [(language, code) for language, code in RUN.findall(README)]


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


@pytest.mark.parametrize(("language", "code"), EXAMPLES, ids=[str(i) for i in range(len(EXAMPLES))])
def test_an_example(language, code, folder):
    command = [sys.executable, "-c", code] if language == "python" else ["bash", "-euc", code]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_all_examples_are_marked_but_set_up_and_hub():
    unmarked = re.findall(r"(?<!<!-- run -->\n)```(?:sh|python)\n(.*?)```", README, re.DOTALL)
    assert len(EXAMPLES) == 8
    assert [code.split("\n")[0] for code in unmarked] == [
        "make demo",
        "make test",
        'mixer = torch.hub.load("org/wavemix", "automix", trust_repo=True)',
        "wavemix models download all           # fetch and check the five models, to mix without a network later",
    ]


def test_every_option_of_mix_is_in_the_readme():
    from wavemix.cli.mix import mix

    options = [name for option in mix.params for name in option.opts if name.startswith("--")]
    table = README[README.index("| option |") :]
    for name in set(options) - {"--output"}:
        assert f"`{name}" in table, name


def test_links_lead_somewhere():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
