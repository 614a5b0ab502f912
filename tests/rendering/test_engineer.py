from dataclasses import replace

import numpy as np
import pytest

from wavemix.data.groups import GROUPS
from wavemix.dsp.loudness import metered
from wavemix.rendering import engineer
from wavemix.rendering.engineer import MIX_LUFS, PEAK, RawTrack, mix_down
from wavemix.rendering.practice import PRACTICES

RATE = 44_100
SAMPLES = 4 * RATE


def noise(seed: int, gain: float = 0.1) -> np.ndarray:
    """With notes, so that there are dynamics."""
    rng = np.random.default_rng(seed)
    envelope = np.repeat(rng.uniform(0.1, 1, 16), SAMPLES // 16)
    return (gain * envelope * rng.standard_normal(SAMPLES)).astype(np.float32)[None]


def track(name: str, group: str, role: str, seed: int, **more: object) -> RawTrack:
    return RawTrack(name, group, role, noise(seed), **more)


ROOMS = {"hall": np.random.default_rng(9).standard_normal((2, 2_000)).astype(np.float32) / 45}

SESSION = [
    track("01_Kick L", "drums", "kick", 1),
    track("02_OH L", "drums", "overhead", 2),
    track("03_OH R", "drums", "overhead", 3),
    track("04_Bass", "bass", "bass", 4),
    track("05_Vocals", "vocals", "lead", 5),
    track("06_Piano", "other", "keys", 6),
]


def mixed(tracks: list[RawTrack] = SESSION, seed: int = 0) -> engineer.MixedDown:
    return mix_down(tracks, RATE, ROOMS, np.random.default_rng(seed))


def test_every_role_has_its_practice() -> None:
    assert set(PRACTICES) == {(group.name, role) for group in GROUPS.values() for role in group.roles}


def test_the_mix_is_as_loud_as_wanted_and_nothing_clips() -> None:
    for seed in range(3):
        found = mixed(seed=seed)
        lufs = metered(found.mix, RATE).integrated_lufs()
        assert MIX_LUFS[0] - 0.5 <= lufs <= MIX_LUFS[1] + 0.5
        assert all(np.abs(block).max() <= PEAK + 1e-6 for block in (found.mix, *found.stems.values()))


def test_the_mix_is_nearly_the_sum_of_the_stems() -> None:
    found = mixed()
    summed = np.sum(list(found.stems.values()), axis=0)
    assert np.corrcoef(found.mix.ravel(), summed.ravel())[0, 1] > 0.98
    assert not np.allclose(found.mix, summed, rtol=1e-3)


def test_the_same_seed_gives_the_same_mix_and_another_another() -> None:
    first, again, other = mixed(), mixed(), mixed(seed=1)
    assert first.desk == again.desk and np.array_equal(first.mix, again.mix)
    assert first.desk != other.desk


def test_a_louder_recording_is_turned_down() -> None:
    """Raw levels are the preamplifier's, not the engineer's: they must not be heard in the mix."""
    louder = [replace(SESSION[0], samples=SESSION[0].samples * 4), *SESSION[1:]]
    plain, found = mixed(), mixed(louder)
    assert np.allclose(found.mix, plain.mix, atol=2e-3)
    gains = [one.desk.channels[0].gain_db for one in (plain, found)]
    assert gains[0] - gains[1] == pytest.approx(12.04, abs=0.1)


def test_where_a_human_set_levels_and_pans_they_are_followed() -> None:
    human = [
        *SESSION[:4],
        replace(SESSION[4], volume=((0.0, 127.0),), pan=((0.0, 127.0),)),
        replace(SESSION[5], volume=((0.0, 50.0),), pan=((0.0, 1.0),)),
    ]
    plain, found = mixed(), mixed(human)
    assert [channel.pan for channel in found.desk.channels[4:]] == [1.0, -1.0]

    def balance_lu(one: engineer.MixedDown) -> float:
        return (
            metered(one.stems["vocals"], RATE).integrated_lufs() - metered(one.stems["other"], RATE).integrated_lufs()
        )

    assert balance_lu(found) - balance_lu(plain) == pytest.approx(14, abs=3)


def test_pairs_stand_at_their_sides() -> None:
    pans = {track.name: channel.pan for track, channel in zip(SESSION, mixed().desk.channels, strict=True)}
    assert pans["02_OH L"] < 0 < pans["03_OH R"]
    assert pans["04_Bass"] == pans["05_Vocals"] == 0


def test_a_fader_that_moves_is_ridden() -> None:
    fading = replace(SESSION[3], volume=((0.0, 100.0), (2.0, 60.0)))
    found, plain = (mixed([*SESSION[:3], bass, *SESSION[4:]]).stems["bass"] for bass in (fading, SESSION[3]))
    halves = [
        np.square(stem[:, half]).mean() for stem in (found, plain) for half in (slice(0, RATE), slice(-RATE, None))
    ]
    change_db = 10 * np.log10(halves[1] / halves[0]) - 10 * np.log10(halves[3] / halves[2])
    assert change_db == pytest.approx(40 * np.log10(60 / 100), abs=0.5)


def test_stems_are_those_of_the_groups_that_play() -> None:
    assert list(mixed(SESSION[3:5]).stems) == ["bass", "vocals"]


def test_silence_stays_silent() -> None:
    silent = [replace(one, samples=np.zeros_like(one.samples)) for one in SESSION]
    found = mixed(silent)
    assert not found.mix.any()
    assert np.isfinite([channel.gain_db for channel in found.desk.channels]).all()
