import math

import numpy as np
import pytest
import scipy.signal

from wavemix.rendering import effects
from wavemix.rendering.effects import Band, Compressor

RATE = 44_100


def sine(hz: float, seconds: float = 1.0, gain: float = 0.1) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (gain * np.sin(2 * np.pi * hz * time)).astype(np.float32)[None]


def level_db(block: np.ndarray) -> float:
    """Of the second half, where a filter has settled."""
    half = block[..., block.shape[-1] // 2 :]
    return 10 * math.log10(float(np.square(half).mean()))


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        (Band("peak", 1_000, -6, 2), {1_000: -6, 50: 0, 15_000: 0}),
        (Band("low shelf", 200, 4), {20: 4, 200: 2, 10_000: 0}),
        (Band("high shelf", 5_000, -4), {50: 0, 5_000: -2, 20_000: -4}),
    ],
)
def test_a_band_has_its_gain_where_it_should(band: Band, expected: dict[float, float]) -> None:
    for hz, gain_db in expected.items():
        tone = sine(hz)
        assert level_db(effects.equalise(tone, RATE, (band,))) - level_db(tone) == pytest.approx(gain_db, abs=0.15)


def test_bands_without_gain_or_above_the_band_change_nothing() -> None:
    tone = sine(440)
    assert np.array_equal(effects.equalise(tone, RATE, (Band("peak", 100, 0), Band("peak", 21_000, 9))), tone)


def test_a_high_pass_falls_by_12_db_an_octave() -> None:
    levels = [level_db(effects.high_pass(sine(hz), RATE, 1_000)) - level_db(sine(hz)) for hz in (100, 200, 8_000)]
    assert levels[1] - levels[0] == pytest.approx(12, abs=0.3)
    assert levels[2] == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("ratio", [2.0, 4.0])
def test_above_the_threshold_levels_rise_by_the_ratio(ratio: float) -> None:
    compressor = Compressor(-30, ratio, 0.005, 0.100)
    out = [level_db(effects.compress(sine(1_000, gain=gain), RATE, compressor)) for gain in (0.1, 0.2)]
    assert out[1] - out[0] == pytest.approx(20 * math.log10(2) / ratio, abs=0.1)


def test_below_the_threshold_a_compressor_does_nothing() -> None:
    quiet = sine(1_000, gain=0.001)
    assert np.array_equal(effects.compress(quiet, RATE, Compressor(-30, 4, 0.005, 0.1)), quiet)


def test_a_compressor_releases_slower_than_it_attacks() -> None:
    block = np.concatenate([sine(1_000, 0.5, 0.003), sine(1_000, 0.5, 0.5), sine(1_000, 0.5, 0.003)], axis=1)
    out = effects.compress(block, RATE, Compressor(-30, 4, 0.002, 0.200))
    gain = np.sqrt(np.square(out).reshape(-1, 441).mean(1) / np.square(block).reshape(-1, 441).mean(1))
    before, loud, just_after, later = gain[40], gain[95], gain[103], gain[145]
    assert loud < 0.3 < 0.9 < before
    assert just_after < 0.5 < 0.75 < later


def test_channels_share_a_compressor() -> None:
    stereo = np.concatenate([sine(500, gain=0.5), sine(500, gain=0.05)])
    out = effects.compress(stereo, RATE, Compressor(-30, 4, 0.005, 0.1))
    assert level_db(out[:1]) - level_db(out[1:]) == pytest.approx(20, abs=1e-3)


@pytest.mark.parametrize("position", [-1, -0.4, 0, 0.7, 1])
def test_panning_keeps_the_power(position: float) -> None:
    tone = sine(300)
    placed = effects.pan(tone, position)
    assert np.square(placed).sum() == pytest.approx(np.square(tone).sum(), rel=1e-5)
    left, right = np.square(placed).sum(axis=1)
    assert np.sign(right - left) == np.sign(position) or abs(right - left) < 1e-3


def test_reverberation_is_that_of_the_room_and_no_later() -> None:
    rng = np.random.default_rng(0)
    block = np.zeros((2, 3_000), np.float32)
    block[:, 10] = 1
    response = rng.standard_normal((2, 500)).astype(np.float32)
    wet = effects.reverberate(block, response)
    assert wet.shape == block.shape
    assert np.allclose(wet[:, 10:510], response, atol=1e-5)
    assert np.allclose(wet[:, :10], 0, atol=1e-5)


def test_echoes_change_sides_and_fade() -> None:
    block = np.zeros((2, RATE), np.float32)
    block[0, 0] = 1
    out = effects.echo(block, RATE, 0.2, 0.5)
    peaks = [np.abs(out[:, start : start + 500]).max(axis=1) for start in (8_820, 17_640)]
    assert peaks[0][1] > 0.1 > peaks[0][0]
    assert peaks[0][1] > peaks[1][0] > peaks[1][1]
    assert not out[:, :8_820].any()


def test_nothing_delays() -> None:
    rng = np.random.default_rng(1)
    noise = (0.1 * rng.standard_normal((1, RATE))).astype(np.float32)
    treated = effects.compress(
        effects.equalise(effects.high_pass(noise, RATE, 80), RATE, (Band("peak", 2_000, 4),)),
        RATE,
        Compressor(-25, 3, 0.01, 0.1),
    )
    correlation = scipy.signal.correlate(treated[0], noise[0])
    assert int(np.argmax(np.abs(correlation))) == RATE - 1
