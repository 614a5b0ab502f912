import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import soundfile
import yaml
from conftest import noise, read

from wavemix.cli.main import cli
from wavemix.pipeline import Delivery
from wavemix.zoo.registry import FAMILIES, entry_of


def test_mix_writes_what_the_library_writes(run, band, tiny_weights, tiny_system, tmp_path):
    outcome = run("mix", band, "-o", tmp_path / "cli", "--weights", tiny_weights)
    assert outcome.status == 0
    assert "song: 5 tracks, 0.5 s mixed" in outcome.out
    assert str(tmp_path / "cli" / "mix.wav") in outcome.out
    assert "untrained" not in outcome.out
    tiny_system.mix(band, tmp_path / "library")
    for file in ("mix.wav", "stems/vocals.wav"):
        assert (tmp_path / "cli" / file).read_bytes() == (tmp_path / "library" / file).read_bytes()


def test_every_option_of_mix(run, band, sum_weights, tmp_path):
    outcome = run(
        "mix", band, "-o", tmp_path / "out", "--weights", sum_weights, "--format", "flac", "--bits", "16", "--rate",
        48_000, "--loudness", -20, "--ceiling", -1, "--device", "cpu", "--block-seconds", 0, "--no-stems",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    info = soundfile.info(tmp_path / "out/mix.flac")
    assert (info.format, info.subtype, info.samplerate) == ("FLAC", "PCM_16", 48_000)
    assert not (tmp_path / "out/stems").exists()
    output = json.loads((tmp_path / "out/report.json").read_text())["outputs"][0]
    assert output["loudness_lufs"] == pytest.approx(-20, abs=0.02)
    assert "untrained (plain sum): drums, bass, vocals, other, mix" in outcome.out


def test_untrained_models_say_so_everywhere(run, band, sum_weights, tmp_path):
    run("mix", band, "-o", tmp_path / "out", "--weights", sum_weights)
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert {model["status"] for model in report["models"].values()} == {"untrained: plain sum"}
    assert "untrained: plain sum" in run("models", "--weights", sum_weights).out
    assert "untrained: plain sum" in (sum_weights / "drums/README.md").read_text()


def test_a_session_of_your_own(run, band, sum_weights, tmp_path):
    manifest = tmp_path / "mine.yaml"
    manifest.write_text(f"folder: {band}\ntracks: [{{file: Keys.wav, group: vocals}}]")
    outcome = run("mix", band, "--session", manifest, "-o", tmp_path / "out", "--weights", sum_weights)
    assert outcome.status == 0
    assert "1 tracks" in outcome.out
    assert read(tmp_path / "out/stems/vocals.wav").any()
    assert not read(tmp_path / "out/stems/drums.wav").any()


def test_several_songs_and_one_that_fails(run, write_song, sum_weights, tmp_path):
    good = [write_song({"Kick.wav": noise(0.1)}, name=name) for name in ("a/raw", "b/raw", "c/a")]
    bad = write_song({"Kick.wav": np.full((100, 1), np.nan)}, name="bad")
    out = tmp_path / "out"
    outcome = run("mix", good[0], bad, *good[1:], "-o", out, "--weights", sum_weights)
    assert outcome.status == 1
    assert {path.name for path in out.iterdir()} == {"a", "b", "a-2"}
    assert all((out / name / "mix.wav").is_file() for name in ("a", "b", "a-2"))
    assert "Kick.wav: sample 0 (0.00 s) is NaN" in outcome.err
    assert f"1 of 4 songs failed: {bad}" in outcome.err


def test_no_two_songs_share_a_folder(run, write_song, sum_weights, tmp_path):
    """Numbers that we give are nobody's own name, whatever the order and however a disk compares names."""
    names = ("m1/x", "m2/x-2", "m2/x", "m3/X")
    songs = [write_song({"Kick.wav": noise(0.1, seed=seed)}, name=name) for seed, name in enumerate(names)]
    out = tmp_path / "out"
    assert run("mix", *songs, "-o", out, "--weights", sum_weights).status == 0
    sources = {path.parent.name: json.loads(path.read_text())["source"] for path in out.glob("*/report.json")}
    assert sources == dict(zip(("x", "x-2", "x-3", "X-4"), map(str, songs), strict=True))


def test_a_mix_never_replaces_a_track_of_a_song_whose_turn_comes_later(run, write_song, sum_weights, tmp_path):
    first = write_song({"Kick.wav": noise(0.1)}, name="elsewhere/x")
    second = write_song({"stems/drums.wav": noise(0.1)}, name="out/x")
    before = (second / "stems/drums.wav").read_bytes()
    outcome = run("mix", first, second, "-o", tmp_path / "out", "--overwrite", "--weights", sum_weights)
    assert outcome.status == 1
    assert f"{second / 'stems/drums.wav'}: is a track of x, and a mix would replace it" in outcome.err
    assert [path.name for path in second.iterdir()] == ["stems"]
    assert (second / "stems/drums.wav").read_bytes() == before


def test_nothing_of_the_users_is_replaced_without_a_word(run, band, sum_weights, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mix.wav").write_text("mine")
    mix = ("mix", band, "-o", out, "--weights", sum_weights)
    refused = run(*mix)
    assert refused.status == 1
    assert f"{out / 'mix.wav'}: was not written by an earlier mix" in refused.err
    assert (out / "mix.wav").read_text() == "mine"
    assert run(*mix, "--overwrite").status == 0
    (out / "session.yaml").write_text("# mine")
    again = run(*mix, "--format", "flac", "--no-stems")
    assert again.status == 0
    assert f"{out / 'session.yaml'}: kept as it was edited" in again.out
    assert f"{out / 'mix.wav'}: is of an earlier mix" in again.out
    assert (out / "session.yaml").read_text() == "# mine"


def test_a_session_goes_with_one_song(run, band, tmp_path):
    outcome = run("mix", band, band, "--session", "x.yaml", "-o", tmp_path / "out")
    assert outcome.status == 2
    assert "--session goes with one song" in outcome.err


def test_unrecognised_and_ignored_files_are_told(run, write_song, sum_weights, tmp_path):
    song = write_song({"xyzzy.wav": noise(0.1), "Song mix.wav": noise(0.1)})
    outcome = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights)
    assert "not recognised, so mixed as `other`: xyzzy.wav" in outcome.out
    assert "Song mix.wav: left out (looks like a finished mix" in outcome.out


def test_mixing_into_the_songs_own_folder_twice(run, band, sum_weights):
    for _ in range(2):
        outcome = run("mix", band, "-o", band / "out", "--weights", sum_weights)
        assert outcome.status == 0
        assert "5 tracks" in outcome.out
    assert "out/mix.wav: left out (result of an earlier mix)" in outcome.out


def test_session_shows_and_writes_the_routing_once(run, band):
    first = run("session", band)
    assert first.status == 0
    assert "Drums/Kick.wav" in first.out
    assert "kick" in first.out
    manifest = band / "session.yaml"
    text = manifest.read_text()
    assert [track["group"] for track in yaml.safe_load(text)["tracks"]][:2] == ["bass", "drums"]
    manifest.write_text(text.replace("group: bass\n  role: bass", "group: other\n  role: synth"))
    second = run("session", band)
    assert "synth" in second.out
    assert "edit it, or give --force" in second.out
    assert manifest.read_text() != text
    assert run("session", band, "--force").status == 0
    assert manifest.read_text() == text


def test_the_session_of_a_plain_song_is_found_again(run, write_song, sum_weights, tmp_path):
    song = write_song({"raw/drums/1.wav": noise(0.1)})
    assert run("session", song).status == 0
    manifest = song / "session.yaml"
    manifest.write_text(manifest.read_text().replace("group: drums\n  role: kit", "group: bass\n  role: sub"))
    assert run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights).status == 0
    assert read(tmp_path / "out/stems/bass.wav").any()


def test_session_of_a_folder_without_tracks(run, tmp_path):
    outcome = run("session", tmp_path)
    assert outcome.status == 1
    assert outcome.err.startswith(f"wavemix: {tmp_path}: holds no tracks")


@pytest.mark.parametrize("command", ["mix", "batch", "evaluate", "excerpt", "benchmark", "score", "finetune"])
def test_every_command_that_mixes_has_the_registrys_families(command):
    options = {option.name: option for option in cli.commands[command].params}
    assert tuple(options["family"].type.choices) == tuple(FAMILIES)
    assert options["family"].default == "full"


def test_mix_with_the_lite_family(run, band, tmp_path):
    outcome = run("mix", band, "-o", tmp_path / "out", "--family", "lite", "--device", "cpu")
    assert outcome.status == 0, outcome.err
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert {name: model["sha256"] for name, model in report["models"].items()} == {
        name: entry_of(name, "lite").sha256 for name in report["models"]
    }


def test_weights_of_another_family_are_one_sentence(run, band, lite_weights, tmp_path):
    shutil.copytree(lite_weights / "drums-lite", tmp_path / "runs/drums")
    outcome = run("mix", band, "-o", tmp_path / "out", "--weights", tmp_path / "runs")
    assert outcome.status == 1
    assert "runs/drums: holds the model `drums-lite` (8 filters a level), not `drums`" in outcome.err
    assert run("mix", band, "-o", tmp_path / "out", "--weights", tmp_path / "runs", "--family", "lite").status == 0


def test_models_lists_the_five(run):
    outcome = run("models")
    assert outcome.status == 0
    for name, parameters in {
        "drums": "6,184,174",
        "bass": "6,182,002",
        "vocals": "6,182,002",
        "mix": "6,183,450",
    }.items():
        assert name in outcome.out
        assert parameters in outcome.out


def test_example_then_mix(run, sum_weights, tmp_path):
    song = tmp_path / "song"
    outcome = run("example", song, "--seconds", 4)
    assert outcome.status == 0
    assert f"wavemix mix {song}" in outcome.out
    outcome = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights)
    assert outcome.status == 0
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert len(report["tracks"]) >= 14
    assert {track["group"] for track in report["tracks"]} == {"drums", "bass", "vocals", "other"}
    assert all(track["recognised"] for track in report["tracks"])
    assert any("premixed" in done for track in report["tracks"] for done in track["done"])


def test_example_refuses_a_folder_with_something_in_it(run, band):
    outcome = run("example", band)
    assert outcome.status == 1
    assert str(band) in outcome.err


@pytest.mark.parametrize("command", [(), ("mix",), ("session",), ("example",), ("models",)])
def test_help_answers_without_loading_torch(command):
    code = (
        "import sys; sys.argv = ['wavemix', *sys.argv[1:]]\n"
        "from wavemix.cli import main\n"
        "try:\n    main()\nexcept SystemExit as leave:\n    assert not leave.code\n"
        "assert not {'torch', 'lightning', 'wandb', 'scipy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command, "--help"], capture_output=True, text=True, check=True)
    assert "Usage: wavemix" in done.stdout


def test_mixing_loads_nothing_that_only_training_needs(band, tiny_weights, tmp_path):
    code = (
        "import sys\nfrom wavemix import AutoMix\n"
        f"AutoMix.from_pretrained({str(tiny_weights)!r}).mix({str(band)!r}, {str(tmp_path / 'out')!r})\n"
        "assert not {'lightning', 'torchaudio', 'wandb', 'huggingface_hub', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_command_lines_defaults_are_the_librarys(run, band, sum_weights, tmp_path):
    run("mix", band, "-o", tmp_path / "out", "--weights", sum_weights)
    info = soundfile.info(tmp_path / "out/mix.wav")
    default = Delivery()
    assert (info.format.lower(), info.subtype) == (default.format, f"PCM_{default.bits}")
