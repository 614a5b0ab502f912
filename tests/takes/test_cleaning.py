"""What lies between phrases is found and lowered; the phrases, and tracks with nothing to clean, stay bit for bit."""

from pathlib import PurePath

import numpy as np
import pytest
from conftest import RATE, noise
from takes.kits import strokes
from takes.voices import BREATHS, BUMPS, PHRASES, SECONDS, breaths, bumps, hum, voice

from wavemix.audio.arrays import array_info
from wavemix.audio.reading import decode
from wavemix.session.care import Place
from wavemix.session.session import Track
from wavemix.takes.applying import Treatment, treated
from wavemix.takes.cleaning import find_places
from wavemix.takes.frames import Frames, analyse
from wavemix.takes.lowering import Lowering
from wavemix.takes.phrases import CONTEXT_FRAMES, LONGEST_FRAMES, between_phrases


@pytest.fixture(scope="module")
def clean() -> np.ndarray:
    return voice()


def places_of(wave: np.ndarray, group: str = "vocals", role: str = "lead") -> tuple[Place, ...]:
    track = Track(PurePath("Track.wav"), group, role, "")
    return find_places(track, array_info("Track.wav", np.atleast_2d(wave).astype(np.float32), RATE))


def lowered(wave: np.ndarray, places: tuple[Place, ...]) -> np.ndarray:
    info = array_info("Track.wav", np.atleast_2d(wave).astype(np.float32), RATE)
    return np.concatenate(list(decode(treated(lambda: info, [Treatment(places=places)])())), axis=1)[0]


def fall_db(before: np.ndarray, after: np.ndarray, low: float, high: float) -> float:
    span = slice(round(low * RATE), round(high * RATE))
    return 20 * np.log10(np.linalg.norm(before[span]) / np.linalg.norm(after[span]))


def near(places: tuple[Place, ...], kind: str, wanted) -> bool:
    found = [(place.start_seconds, place.end_seconds) for place in places if place.kind == kind]
    return len(found) == len(wanted) and bool(np.allclose(found, wanted, atol=0.12))


def test_a_clean_voice_has_nothing_to_clean(clean):
    assert places_of(clean) == ()
    assert places_of(np.zeros(RATE)) == ()
    assert places_of(np.zeros(3)) == ()


def test_breaths_and_bumps_are_found_where_they_are(clean):
    dirty = clean + breaths() + bumps()
    places = places_of(dirty)
    assert near(places, "breath", BREATHS)
    assert {place.kind for place in places} == {"breath", "bump"}
    after = lowered(dirty, places)
    for low, high in BREATHS:
        assert 6 <= fall_db(dirty, after, low, high) <= 12.1
    for low, high in BUMPS:
        assert any(place.kind == "bump" and abs(place.start_seconds - low) < 0.05 for place in places)
        assert fall_db(dirty, after, low, high) > 10
    for low, high in PHRASES:
        span = slice(round(low * RATE), round(high * RATE))
        np.testing.assert_array_equal(after[span], dirty.astype(np.float32)[span])


@pytest.mark.parametrize("hz", [49.9, 60.08])
def test_hum_is_found_and_taken_out_between_the_phrases(clean, hz):
    dirty = clean + hum(hz)
    places = places_of(dirty)
    assert {place.kind for place in places} == {"hum"}
    assert all(abs(place.hz - hz) < 0.05 for place in places)
    after = lowered(dirty, places)
    assert fall_db(dirty, after, 3.5, 4.7) > 15
    for low, high in PHRASES:
        span = slice(round(low * RATE), round(high * RATE))
        np.testing.assert_array_equal(after[span], dirty.astype(np.float32)[span])


def test_what_is_under_hum_is_found_too(clean):
    places = places_of(clean + hum(50.0) + breaths() + bumps())
    assert near(places, "breath", BREATHS)
    assert sum(place.kind == "bump" for place in places) == len(BUMPS)


def test_bleed_goes_to_the_floor(clean):
    other = 2e-3 * np.sin(2 * np.pi * 700 * np.arange(round(SECONDS * RATE)) / RATE)
    places = places_of(clean + other)
    assert {place.kind for place in places} == {"bleed"}
    assert fall_db(clean + other, lowered(clean + other, places), 3.7, 4.5) > 12


def test_toms_are_quiet_between_strokes():
    wave = np.zeros(6 * RATE)
    time = np.arange(RATE) / RATE
    for at in (1, 4):
        wave[at * RATE :][:RATE] += 0.5 * np.sin(2 * np.pi * 100 * time) * np.exp(-time / 0.15)
    wave += 0.02 * strokes(5, 6.0) + 1e-5 * np.random.default_rng(0).standard_normal(len(wave))
    places = places_of(wave, "drums", "toms")
    assert {place.kind for place in places} == {"bleed"}
    after = lowered(wave, places)
    for at in (1, 4):
        np.testing.assert_array_equal(
            after[at * RATE :][: RATE // 2], wave.astype(np.float32)[at * RATE :][: RATE // 2]
        )
    assert fall_db(wave, after, 2.6, 3.9) > 10


def test_other_tracks_are_asked_for_hum_only(clean):
    dirty = clean + breaths() + bumps() + hum(50.0)
    assert {place.kind for place in places_of(dirty, "other", "electric-guitar")} == {"hum"}
    assert places_of(dirty, "drums", "kick") == ()
    assert places_of(noise(3.0)[:, 0], "other", "synth") == ()


def test_how_a_stream_is_cut_changes_nothing(clean):
    dirty = (clean + breaths() + hum(50.0)).astype(np.float32)
    places = places_of(dirty)
    cuts = np.cumsum(np.random.default_rng(1).integers(1, 30_000, 60))
    lower = Lowering(places, RATE)
    pieces = [lower(piece) for piece in np.split(dirty, cuts[cuts < len(dirty)])]
    np.testing.assert_array_equal(np.concatenate([*pieces, lower(dirty[:0], last=True)]), lowered(dirty, places))
    whole = [frames.body for frames in analyse(iter([dirty.astype(float)]), RATE)]
    parts = [frames.body for frames in analyse(iter(np.split(dirty.astype(float), 50)), RATE)]
    np.testing.assert_array_equal(np.concatenate(whole), np.concatenate(parts))


def test_pieces_between_phrases_are_all_there_and_bounded():
    rng = np.random.default_rng(0)
    level = np.where(np.repeat(rng.random(60), 500) > 0.6, 0.0, -90.0)
    level[8_000:20_000] = -90.0  # a long rest
    stream = [Frames(part, part, part, part) for part in np.array_split(level, 77)]
    pieces = list(between_phrases(stream, lambda frames: frames.body > -10))
    rest = np.concatenate([np.arange(first, first + len(frames)) for first, frames in pieces])
    np.testing.assert_array_equal(rest, np.flatnonzero(level < -10))
    assert max(len(frames) for _, frames in pieces) <= LONGEST_FRAMES + CONTEXT_FRAMES + 400
