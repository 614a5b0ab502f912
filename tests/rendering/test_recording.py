import numpy as np
import pytest

from wavemix.rendering.recording import Recording, choose_recording, record

DRY = np.sin(np.arange(20_000) / 9, dtype=np.float32)[None]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_a_track_has_the_peak_and_the_noise_that_were_chosen() -> None:
    raw = record(np.pad(DRY, ((0, 0), (0, 20_000))), Recording(-12, -70), None, rng())
    assert 20 * np.log10(np.abs(raw).max()) == pytest.approx(-12, abs=0.05)
    assert 20 * np.log10(raw[:, 20_000:].std()) == pytest.approx(-70, abs=0.1)


def test_samples_lie_on_the_grid_of_16_bits() -> None:
    raw = record(DRY, Recording(-6, -80), None, rng())
    assert np.array_equal(raw, np.round(raw * 2**15) / 2**15)


def test_a_room_is_as_loud_as_chosen() -> None:
    response = np.zeros((1, 400), np.float32)
    response[:, 300] = 1
    near, far = (record(DRY, Recording(-6, -120, "hall", level_db), response, rng()) for level_db in (-60, -6))
    plain = record(DRY, Recording(-6, -120), None, rng())
    assert np.abs(near - plain).max() < 2e-3
    assert np.abs(far - plain).max() > 0.05
    # What the room adds comes 300 samples later, 6 dB lower, before the whole is brought to the peak.
    late = np.pad(DRY, ((0, 0), (300, 0)))[:, : DRY.shape[1]]
    wanted = DRY + 10 ** (-6 / 20) * late
    assert np.allclose(far, wanted * 10 ** (-6 / 20) / np.abs(wanted).max(), atol=1e-4)


def test_silence_has_only_noise() -> None:
    assert record(np.zeros_like(DRY), Recording(-6, -70), None, rng()).std() == pytest.approx(10 ** (-70 / 20), rel=0.1)


def test_tracks_by_wire_have_no_room_and_others_now_and_then() -> None:
    assert not any(choose_recording(rng(seed), []).room for seed in range(50))
    rooms = [choose_recording(rng(seed), ["hall"]).room for seed in range(50)]
    assert 5 < rooms.count("hall") < 40
