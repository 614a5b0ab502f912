import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavemix.data.plain import open_song, read_song
from wavemix.dsp.alignment import GroupAlignment, align

LAG = st.integers(-300, 300)


def moved(signal: np.ndarray, lag: int) -> np.ndarray:
    return np.roll(signal, lag)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(LAG, st.sampled_from([1, -1]), st.floats(0.3, 3)), min_size=1, max_size=5), st.integers(0, 99)
)
def test_lags_and_polarities_of_a_static_mix_are_found(parts: list[tuple[int, int, float]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    tracks = [rng.standard_normal(12_000) for _ in parts]
    stem = sum(sign * gain * moved(track, lag) for track, (lag, sign, gain) in zip(tracks, parts, strict=True))
    found = align(tracks, np.asarray(stem), max_lag_samples=400)
    assert [(track.lag_samples, track.polarity) for track in found.tracks] == [(lag, sign) for lag, sign, _ in parts]
    assert found.correlation > 0.5


def test_a_quiet_track_is_not_fooled_by_a_loud_one_that_it_resembles() -> None:
    """Two hits at the same time: by itself, the snare's peak is where it fits the kick."""
    rng = np.random.default_rng(0)
    time = np.arange(4_000)
    kick = np.sin(2 * np.pi * time / 300) * np.exp(-time / 800)
    snare = 0.3 * np.sin(2 * np.pi * time / 260) * np.exp(-time / 600) + 0.03 * rng.standard_normal(4_000)
    tracks = [np.tile(kick, 4), np.tile(snare, 4)]
    stem = tracks[0] + 0.4 * tracks[1]
    alone = align(tracks[1:], stem, max_lag_samples=400).tracks[0]
    together = align(tracks, stem, max_lag_samples=400).tracks[1]
    assert alone.lag_samples != 0
    assert (together.lag_samples, together.polarity) == (0, 1)


def test_a_faint_track_shares_the_lag_of_a_clear_one() -> None:
    rng = np.random.default_rng(1)
    clear, faint, noise = rng.standard_normal((3, 20_000))
    stem = moved(clear, 220) + 0.05 * moved(faint, 220) + 0.9 * noise
    found = align([clear, faint], stem)
    assert [track.lag_samples for track in found.tracks] == [220, 220]
    assert found.tracks[1].correlation < 0.15


def test_tracks_that_are_not_in_the_stem_do_not_match() -> None:
    first, second, stem = np.random.default_rng(2).standard_normal((3, 20_000))
    found = align([first, second], stem)
    assert abs(found.correlation) < 0.1
    assert [(track.lag_samples, track.polarity) for track in found.tracks] == [(0, 1), (0, 1)]


def test_silence_matches_nothing() -> None:
    noise, silence = np.random.default_rng(3).standard_normal(5_000), np.zeros(5_000)
    found = align([noise, silence], noise)
    assert found.tracks[0].correlation == pytest.approx(1)
    assert (found.tracks[1].lag_samples, found.tracks[1].correlation) == (0, 0)
    assert align([noise], silence).correlation == 0


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="one shape"):
        align([np.zeros(10)], np.zeros(11))
    with pytest.raises(ValueError, match="at least one track"):
        align([], np.zeros(11))


def corpus_alignment(folder: Path) -> dict[str, GroupAlignment]:
    song = open_song(folder)
    audio = read_song(song, 44_100)
    return {
        group: align(
            [raw.mean(axis=0) for raw, track in zip(audio.raw, song.tracks, strict=True) if track.group == group],
            stem.mean(axis=0),
        )
        for group, stem in audio.stems.items()
    }


@pytest.mark.corpus
@pytest.mark.parametrize("song", ["valid/mdb_reggae", "test/mdb_rock", "train/lmms_capdan-reggaetry"])
def test_the_corpus_is_aligned_as_it_was_measured(song: str, corpus: Path) -> None:
    with (corpus / "alignment.csv").open(encoding="utf-8") as file:
        rows = {row["group"]: row for row in csv.DictReader(file) if row["song"] == song}
    for group, found in corpus_alignment(corpus / song).items():
        correlation = float(rows[group]["correlation_at_lag"])
        if abs(correlation) <= 0.5:
            continue
        assert found.correlation >= abs(correlation) - 0.01  # a lag for each track can only be better
        if len(found.tracks) == 1:
            assert found.tracks[0].lag_samples == int(rows[group]["lag_samples"])
            assert found.tracks[0].polarity == np.sign(correlation)
            assert found.correlation == pytest.approx(abs(correlation), abs=0.006)
