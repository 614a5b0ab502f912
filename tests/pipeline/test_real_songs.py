"""The main job on a real song, at the depth of the published networks."""

import json

import numpy as np
import pytest
import soundfile
import torch
from conftest import read

from wavemix.cli import main
from wavemix.pipeline import AutoMix, Delivery, Engine
from wavemix.publishing.untrained import save_untrained
from wavemix.zoo import TASKS, ModelConfig, save

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def punk(corpus):
    return corpus / "demo" / "mdb_punk" / "raw"


def test_initial_weights_give_the_plain_sum_of_a_real_song(punk, tmp_path):
    """The published networks before training, whole song, through the command line."""
    for name in TASKS:
        save_untrained(name, tmp_path / "weights" / name)
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as left:
        main(["mix", str(punk), "-o", str(out), "--weights", str(tmp_path / "weights")])
    assert not left.value.code
    tracks = [read(path) for path in sorted(punk.rglob("*.flac"))]
    expected = np.sum(tracks, axis=0).repeat(2, axis=0)
    mixed = read(out / "mix.wav")
    assert mixed.shape == (2, soundfile.info(next(punk.rglob("*.flac"))).frames)
    assert np.isfinite(mixed).all()
    assert np.abs(mixed).max() < 1
    gain_db = json.loads((out / "report.json").read_text())["outputs"][0]["gain_db"]
    np.testing.assert_allclose(mixed, expected * 10 ** (gain_db / 20), atol=1e-4)


def test_blocks_of_1_7_and_60_seconds_and_the_whole_song_are_one_mix(punk, tmp_path):
    """Random weights, all ten levels: zero padding anywhere inside would show at every seam."""
    for seed, (name, entry) in enumerate(TASKS.items()):
        config = ModelConfig(name, "trained", entry.slots, filters=3)
        torch.manual_seed(seed)
        save(config.build(), config, tmp_path / "weights" / name)
    system = AutoMix.from_pretrained(tmp_path / "weights", engine=Engine("cpu"))
    mixes = {}
    for block_seconds in (1, 7, 60, None):
        out = tmp_path / str(block_seconds)
        system.mix(punk, out, Delivery(bits="32f"), block_seconds)
        mixes[block_seconds] = read(out / "mix.wav")
    whole = mixes.pop(None)
    assert np.abs(whole).max() > 1e-2
    for mix in mixes.values():
        np.testing.assert_allclose(mix, whole, atol=1e-5, rtol=0)
