"""Tracks that heard the same are found, brought to one time and polarity, and nothing else is touched."""

import numpy as np
import pytest
from conftest import RATE, noise
from takes.kits import KIT, kit, machine, opened, strokes

from wavemix.dsp.alignment import delayed
from wavemix.takes import peaks
from wavemix.takes.alignment import compare, find_alignments
from wavemix.takes.arrivals import Arrivals
from wavemix.takes.coherence import coherences, lag_curve, partial
from wavemix.takes.lags import LagProducts
from wavemix.takes.parts import PartOfASample

ROLES = {"Kick": "kick", "Snare": "snare", "Hat": "hihat", "OH": "overhead"}


@pytest.fixture(scope="module")
def microphones() -> dict[str, np.ndarray]:
    return kit()


def session(tracks: dict[str, np.ndarray]) -> list:
    return [opened(name, wave, role=ROLES[name]) for name, wave in tracks.items()]


def test_close_microphones_come_to_the_overhead(microphones):
    found = find_alignments(session(microphones))
    assert {i: found[i].alignment.lag_samples for i in found} == {i: -away for i, away in enumerate(KIT.values())}
    assert all(lies.alignment.polarity == 1 and lies.against == "OH" for lies in found.values())
    assert all(lies.correlation_after > lies.correlation_before + 0.1 for lies in found.values())


def test_shifts_and_flips_are_found(microphones):
    moved = dict(microphones)
    for name, shift, polarity in (("Kick", -300, -1), ("Snare", 300, 1), ("Hat", 17, -1)):
        moved[name] = polarity * delayed(moved[name], shift)
    found = find_alignments(session(moved))
    heard = [(found[i].alignment.lag_samples, found[i].alignment.polarity) for i in range(3)]
    assert heard == [(-150 - 300, -1), (-90 + 300, 1), (-40 + 17, -1)]


def test_the_half_minute_is_heard_in_which_tracks_play(microphones):
    rng = np.random.default_rng(1)
    late = {name: np.concatenate([1e-3 * rng.standard_normal(33 * RATE), wave]) for name, wave in microphones.items()}
    found = find_alignments(session(late))
    assert {i: found[i].alignment.lag_samples for i in found} == {i: -away for i, away in enumerate(KIT.values())}


def test_what_is_aligned_is_left_alone(microphones):
    aligned = {name: delayed(wave, KIT.get(name, 0)) for name, wave in microphones.items()}
    assert find_alignments(session(aligned)) == {}


def test_a_track_that_heard_something_else_is_left_alone(microphones):
    other = dict(microphones, Kick=strokes(77, 6.0).astype(np.float32), Hat=noise(6.0, seed=5)[:, 0])
    assert set(find_alignments(session(other))) == {1}
    silent = dict(microphones, Kick=0 * microphones["Kick"])
    assert 0 not in find_alignments(session(silent))


def test_the_first_of_two_sounds_counts(microphones):
    """A microphone under the snare hears the head, and the wires later and louder."""
    wires = strokes(1, 6.0) * np.random.default_rng(1).choice([-1.0, 1.0], 6 * RATE)
    bottom = 0.3 * microphones["Snare"] + delayed(wires, 420)
    found = find_alignments(session(dict(microphones, Snare=-bottom)))
    assert found[1].alignment.lag_samples == pytest.approx(-KIT["Snare"], abs=44)


def test_the_beginning_of_noise_is_no_sound():
    noises = [delayed(0.001 * noise(4.0, seed=seed)[:, 0], 5_000) for seed in range(3)]
    assert find_alignments(session(dict(zip(("Kick", "Snare", "OH"), noises, strict=True)))) == {}


@pytest.mark.parametrize("spill", [0.0, 0.1])
def test_drums_that_a_machine_strikes_at_once_are_told_apart_by_what_only_they_hold(spill):
    found = find_alignments(session(machine(spill=spill)))
    assert {i: found[i].alignment.lag_samples for i in found} == {i: -away for i, away in enumerate(KIT.values())}
    assert all(lies.alignment.polarity == 1 for lies in found.values())


def test_a_microphone_of_which_sections_disagree_is_left_alone(microphones):
    """Moved between two thirds of the song and the last, and upside down in the first: no lag fits it."""
    third = len(microphones["Kick"]) // 3
    parts = [-microphones["Kick"], delayed(microphones["Kick"], 200), delayed(microphones["Kick"], -300)]
    cut = np.concatenate([part[i * third : (i + 1) * third] for i, part in enumerate(parts)])
    assert set(find_alignments(session(dict(microphones, Kick=cut)))) == {1, 2}


def test_drums_on_the_same_beat_are_no_kit(monkeypatch):
    """What strikes where others do is believed only if so much meets that it must be a kit."""
    beats = np.random.default_rng(11).integers(3_000, 6 * RATE - 9_000, 24)

    def struck(places: np.ndarray, seed: int) -> np.ndarray:
        own = np.random.default_rng(seed)
        wave = 1e-4 * own.standard_normal(6 * RATE)
        for at in places:
            length = int(own.integers(2_000, 5_000))
            wave[at : at + length] += 0.2 * own.standard_normal(length) * np.exp(-np.arange(length) / 600)
        return wave

    kick, heard = struck(beats[:9], 1), struck(beats[4:], 2)
    overhead = opened("OH", heard, role="overhead")
    assert compare(overhead, [opened("Kick", kick)], kit=True) == [None]
    monkeypatch.setattr(peaks, "SURE_ARRIVALS", 0.2)
    assert compare(overhead, [opened("Kick", kick)], kit=True) != [None]


def test_an_amplifier_comes_to_its_di_and_no_other_instrument_does():
    rng = np.random.default_rng(3)
    di = np.convolve(strokes(4, 4.0, 0.3), np.exp(-np.arange(200) / 40), "same")
    amp = -np.tanh(delayed(di, 75)) + 1e-3 * rng.standard_normal(len(di))
    other = np.convolve(strokes(8, 4.0, 0.3), np.exp(-np.arange(200) / 40), "same")
    tracks = [
        opened("DI", di, "bass", "bass"),
        opened("Synth", delayed(di, 40), "bass", "synth"),  # not asked: a synthesiser has no microphone
        opened("Amp", amp, "bass", "amp"),
        opened("Bass 2", other, "bass", "bass"),
    ]
    found = find_alignments(tracks)
    assert set(found) == {2}
    assert (found[2].alignment.lag_samples, found[2].alignment.polarity) == (75, -1)


def test_parts_of_a_sample_count_where_two_tracks_of_a_source_are_otherwise_alike():
    rng = np.random.default_rng(4)
    bright = strokes(4, 4.0, 0.3) + 1e-3 * rng.standard_normal(round(4.0 * RATE))
    dull = np.convolve(bright, np.hanning(20) / 10, "same")  # there a part of a sample is next to nothing
    for di, lag in ((bright, 40.375), (dull, 40)):
        amp = np.concatenate([np.zeros(40), PartOfASample(0.375)(di.astype(np.float32), last=True)])[: len(di)]
        (lies,) = compare(opened("DI", di, "bass", "bass"), [opened("Amp", amp, "bass", "amp")], kit=False)
        assert lies.alignment.lag_samples == lag


def test_a_track_of_another_rate_is_moved_by_its_own_samples(microphones):
    kick = np.repeat(microphones["Kick"], 2)
    _, info = opened("Kick", kick)
    info = type(info)(info.path, 2 * RATE, 1, info.frames, samples=info.samples)
    track, _ = opened("Kick", kick)
    overhead, snare = opened("OH", microphones["OH"], role="overhead"), opened("Snare", microphones["Snare"])
    lies, _ = compare(overhead, [(track, info), snare], kit=True)
    assert lies.alignment.lag_samples == pytest.approx(-300, abs=4)


def test_how_a_stream_is_cut_changes_nothing(microphones):
    def measure(cuts: list[int]) -> np.ndarray:
        products, hear = LagProducts(2, 500, 3, 100_000), [Arrivals(), Arrivals()]
        for low, high in zip([0, *cuts], [*cuts, 100_000], strict=True):
            waves = [microphones[name][low:high].astype(float) for name in ("OH", "Snare")]
            products.update(np.array([ear(wave) for ear, wave in zip(hear, waves, strict=True)]))
        return products.products()

    np.testing.assert_allclose(measure([]), measure([7, 300, 50_001]), atol=1e-6)


@pytest.mark.parametrize("first_only", [False, True])
def test_products_are_those_of_numpy(first_only):
    waves = np.random.default_rng(0).standard_normal((3, 30_000))
    lags = LagProducts(3, 20, 2, 30_000, first_only)
    lags.update(waves)
    products = lags.products().sum(axis=0)
    assert products.shape == (1 if first_only else 3, 3, 41)
    for row, col in [(0, 0), (0, 2)] if first_only else [(0, 1), (2, 1), (1, 1)]:
        wanted = [np.dot(waves[row, 20:-20], waves[col, 20 + lag : 30_000 - 20 + lag]) for lag in range(-20, 21)]
        np.testing.assert_allclose(products[row, col], wanted, atol=60)  # but for the 40 samples at the ends
    np.testing.assert_allclose(lags.energies().sum(axis=0), np.square(waves).sum(axis=-1))


def test_what_only_one_microphone_heard_is_told_from_what_it_overheard():
    """Two noises; the second microphone hears mostly the first, and the third stream both, late by 30 and by 50."""
    own = np.random.default_rng(0).standard_normal((2, 60_000))
    streams = np.array([own[0], 0.5 * own[1] + delayed(own[0], 7), delayed(own[0], 30) + 0.4 * delayed(own[1], 50)])
    lags = LagProducts(3, 400, 1, 60_000)
    lags.update(streams)
    coherent = coherences(lags.products())[0]
    plain, alone = (lag_curve(c[1, 2], np.ones(c.shape[-1]), 200) for c in (coherent, partial(coherent)))
    assert np.argmax(plain) - 200 == 30 - 7
    assert np.argmax(alone) - 200 == 50
    assert lag_curve(coherent[0, 0], np.ones(coherent.shape[-1]), 200).max() == pytest.approx(1.0, abs=0.01)
