"""Gain staging changes levels and nothing else; a bounced kit is the kit."""

from dataclasses import replace

import numpy as np
import pytest

from wavemix.dsp.loudness import metered
from wavemix.rendering.bounce import NAME, ROUGH_GAINS, bounced
from wavemix.rendering.engineer import RawTrack, mix_down
from wavemix.rendering.performance import DryTrack
from wavemix.rendering.recording import Recording
from wavemix.rendering.staging import stage

RATE = 44_100
ROOM = {"hall": np.eye(2, 400, dtype=np.float32)}


def raw(name: str, group: str, role: str, peak: float, seed: int) -> RawTrack:
    samples = np.random.default_rng(seed).uniform(-peak, peak, (1, 2 * RATE)).astype(np.float32)
    return RawTrack(name, group, role, np.rint(samples * 2**15).astype(np.float32) / 2**15)


@pytest.mark.parametrize("peak", [0.01, 0.1, 0.8])
def test_the_plain_sum_comes_near_to_the_stem_and_the_engineer_mixes_the_same(peak: float) -> None:
    tracks = [raw("1_Piano", "other", "keys", peak, 0), raw("2_Organ", "other", "keys", peak, 1)]
    tracks.append(raw("3_Bass", "bass", "bass", 0.3, 2))
    recordings = [Recording(-6.0, -80.0)] * 3
    mixed = mix_down(tracks, RATE, ROOM, np.random.default_rng(0))
    staged, told, again = stage(tracks, recordings, mixed, RATE)
    assert again.mix is mixed.mix and again.stems is mixed.stems
    summed = np.repeat(staged[0].samples + staged[1].samples, 2, axis=0)
    lufs = [metered(block, RATE).integrated_lufs() for block in (summed, mixed.stems["other"])]
    assert abs(lufs[0] - lufs[1]) < 3.1
    for before, after, recording, channel, moved in zip(
        tracks, staged, told, mixed.desk.channels, again.desk.channels, strict=True
    ):
        step = np.log2(np.abs(after.samples).max() / np.abs(before.samples).max())
        assert step == round(step)
        assert np.array_equal(after.samples / np.float32(2.0**step), before.samples)
        assert recording.peak_dbfs == pytest.approx(-6 + 6.02 * step, abs=0.06)
        assert moved.gain_db == pytest.approx(channel.gain_db - 6.02 * step, abs=0.01)
    # The thresholds moved along: mixed again with the same dice, the staged tracks give the same mix.
    assert np.allclose(mix_down(staged, RATE, ROOM, np.random.default_rng(0)).mix, mixed.mix, atol=1e-3)


def test_nothing_is_staged_into_clipping() -> None:
    tracks = [raw("1_Kick", "drums", "kick", 0.02, 0), replace(raw("2_Hat", "drums", "hihat", 0.9, 1), muted=True)]
    mixed = mix_down(tracks, RATE, ROOM, np.random.default_rng(0))
    staged, _, _ = stage(tracks, [Recording(-6.0, -80.0)] * 2, mixed, RATE)
    assert max(np.abs(track.samples).max() for track in staged) < 1


def test_silence_is_not_staged() -> None:
    tracks = [replace(raw("1_Kick", "drums", "kick", 0.1, 0), samples=np.zeros((1, RATE), np.float32))]
    mixed = mix_down(tracks, RATE, ROOM, np.random.default_rng(0))
    assert stage(tracks, [Recording(-6.0, -80.0)], mixed, RATE)[2] == mixed


def dry(name: str, role: str, engine: str, value: float) -> DryTrack:
    return DryTrack(name, "drums", role, 0, np.full(10, value, np.float32), ((0.0, 100.0),), ((0.0, 64.0),), engine)


def test_a_bounced_kit_is_one_track_and_the_others_stay() -> None:
    claps = dry("Percussion", "percussion", "soundfont", 0.5)
    found = bounced([dry("Kick R", "kick", "kit", 0.1), dry("OH L", "overhead", "kit", 0.2), claps])
    assert [(track.name, track.role) for track in found] == [(NAME, "kit"), ("Percussion", "percussion")]
    assert np.allclose(found[0].samples, 0.1 * ROUGH_GAINS["kick"] + 0.2 * ROUGH_GAINS["overhead"])
    assert bounced([claps]) == [claps]
