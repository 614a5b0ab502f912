"""Tracks that heard the same are found, brought to one time and polarity, and nothing else is touched."""

import numpy as np
import pytest
from conftest import RATE, noise
from takes.kits import KIT, kit, opened, strokes

from wavemix.dsp.alignment import delayed
from wavemix.takes.alignment import compare, find_alignments
from wavemix.takes.arrivals import Arrivals
from wavemix.takes.lags import LagProducts

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


def test_drums_that_a_machine_strikes_at_once_are_told_apart_by_their_waveforms():
    rng = np.random.default_rng(7)
    own = {name: np.zeros(6 * RATE) for name in KIT}
    for wave in own.values():
        stroke = rng.standard_normal(4_000) * np.exp(-np.arange(4_000) / 600)
        for at in range(3_000, len(wave) - 9_000, RATE // 2):
            wave[at : at + len(stroke)] += 0.2 * stroke
    overhead = sum(delayed(own[name], away) for name, away in KIT.items())
    found = find_alignments(session(own | {"OH": overhead + 1e-4 * rng.standard_normal(len(overhead))}))
    assert {i: found[i].alignment.lag_samples for i in found} == {i: -away for i, away in enumerate(KIT.values())}


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


def test_a_track_of_another_rate_is_moved_by_its_own_samples(microphones):
    kick = np.repeat(microphones["Kick"], 2)
    _, info = opened("Kick", kick)
    info = type(info)(info.path, 2 * RATE, 1, info.frames, samples=info.samples)
    track, _ = opened("Kick", kick)
    [lies] = compare(opened("OH", microphones["OH"], role="overhead"), [(track, info)], kit=True)
    assert lies.alignment.lag_samples == pytest.approx(-300, abs=4)


def test_how_a_stream_is_cut_changes_nothing(microphones):
    def measure(cuts: list[int]) -> np.ndarray:
        products, hear = LagProducts(1, 2, 500), [Arrivals(), Arrivals()]
        for low, high in zip([0, *cuts], [*cuts, 100_000], strict=True):
            waves = [microphones[name][low:high].astype(float) for name in ("OH", "Snare")]
            rows = np.array([[ear(wave), wave] for ear, wave in zip(hear, waves, strict=True)])
            products.update(rows[0], rows[1:])
        return products.correlations()

    np.testing.assert_allclose(measure([]), measure([7, 300, 50_001]), atol=1e-9)


def test_correlations_are_those_of_numpy():
    rng = np.random.default_rng(0)
    first, other = rng.standard_normal((2, 3_000))
    products = LagProducts(1, 1, 20)
    products.update(first[None], other[None, None])
    wanted = np.correlate(other, first, "full")[len(first) - 1 - 20 : len(first) + 20]
    wanted /= np.linalg.norm(first) * np.linalg.norm(other)
    np.testing.assert_allclose(products.correlations()[0, 0], wanted, atol=1e-12)
