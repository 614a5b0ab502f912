import csv
from pathlib import Path

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from wavemix.data.plain import open_song
from wavemix.data.song_audio import read_song
from wavemix.dsp.alignment import GroupAlignment, align, delayed

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
    tracks = [np.cumsum(np.tile(sound, 4)) for sound in (kick, snare)]  # the fit looks at differences
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


def test_an_equaliser_is_no_delay() -> None:
    """A steep high-pass turns the phase of a bass; the plain correlation's maximum is elsewhere."""
    rng = np.random.default_rng(4)
    time = np.arange(30_000) / 44_100
    bass = np.sin(2 * np.pi * 55 * time) + 0.3 * np.sin(2 * np.pi * 82.5 * time)
    track = bass + 0.1 * rng.standard_normal(time.size)
    stem = scipy.signal.sosfilt(scipy.signal.butter(4, 60, "highpass", fs=44_100, output="sos"), track)
    assert np.argmax(np.abs(scipy.signal.correlate(stem, track))) - (time.size - 1) > 100
    found = align([track], stem).tracks[0]
    assert (found.lag_samples, found.polarity) == (0, 1)


def test_delaying_moves_by_samples_and_lets_silence_in() -> None:
    block = np.arange(1.0, 5.0)
    assert delayed(block, 1).tolist() == [0, 1, 2, 3]
    assert delayed(block, -3).tolist() == [4, 0, 0, 0]
    assert not delayed(block, 9).any()


def corpus_alignment(folder: Path, group: str) -> GroupAlignment:
    song = open_song(folder)
    audio = read_song(song, 44_100)
    tracks = [raw.mean(axis=0) for raw, track in zip(audio.raw, song.tracks, strict=True) if track.group == group]
    return align(tracks, audio.stems[group].mean(axis=0))


@pytest.mark.corpus
def test_latency_of_plug_ins_is_found(corpus: Path) -> None:
    """Rendered songs, where `alignment.csv` has the latency right; it is that of the plain correlation."""
    with (corpus / "alignment.csv").open(encoding="utf-8") as file:
        rows = {(row["song"], row["group"]): row for row in csv.DictReader(file)}
    for song, lag_samples in {"test/lmms_dirtylove": 220, "train/lmms_capdan-reggaetry": 0}.items():
        found = corpus_alignment(corpus / song, "bass")
        assert [track.lag_samples for track in found.tracks] == [lag_samples]
        assert found.correlation == pytest.approx(float(rows[song, "bass"]["correlation_at_lag"]), abs=0.006)


@pytest.mark.corpus
@pytest.mark.parametrize("song", ["valid/mdb_reggae", "test/mdb_rock", "train/mdb_hendrix"])
def test_played_drums_were_not_turned_over(song: str, corpus: Path) -> None:
    """The engineer equalised them. The plain maximum, as in `alignment.csv`, is 223 samples off and inverted."""
    drums = corpus_alignment(corpus / song, "drums").tracks[0]
    assert (drums.lag_samples, drums.polarity) == (0, 1)
    assert drums.correlation > 0.9
