"""The demo session: what its files promise, that writing is all or nothing, and that it is music."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.errors import WavemixError
from wavemix.example import parts, song
from wavemix.example.session import TRACKS, Track, write_example
from wavemix.session.groups import DRUMS
from wavemix.synthesis.signals import Signal, pitch_hz, pluck

SECONDS = 20.0
SHORT_SECONDS = 4.0


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_example(tmp_path_factory.mktemp("example") / "session", SECONDS)


@pytest.fixture(scope="module")
def short_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_example(tmp_path_factory.mktemp("short") / "session", SHORT_SECONDS)


def read(files: list[Path], name: str) -> Signal:
    """The track whose file name contains `name`, shape `(samples,)` or `(samples, 2)`."""
    (path,) = (path for path in files if name in path.name)
    audio, _ = soundfile.read(path)
    return np.asarray(audio)


def level_db(audio: Signal) -> float:
    return float(10.0 * np.log10(np.mean(audio**2)))


def between(audio: Signal, start_seconds: float, stop_seconds: float) -> Signal:
    return audio[round(start_seconds * SAMPLE_RATE) : round(stop_seconds * SAMPLE_RATE)]


def bars_of(section: str) -> list[song.Bar]:
    return [bar for bar in song.form(SECONDS) if bar.section == section]


def in_bar(audio: Signal, bar: song.Bar) -> Signal:
    return between(audio, bar.start_seconds, bar.start_seconds + song.BAR_SECONDS)


def test_the_session_looks_like_one(files: list[Path]) -> None:
    root = files[0].parents[1]
    assert len(files) >= 14
    assert files == sorted(files, key=lambda path: path.name)  # numbered in track order
    assert sorted(root.rglob("*.wav")) == sorted(files)
    assert {path.name for path in root.iterdir()} == {"Drums", "Bass", "Vocals", "Other"}
    # More drum tracks than the drum model reads, so that the session shows premixing.
    assert sum(path.parent.name == "Drums" for path in files) > len(DRUMS.slots)


@pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.file)
def test_a_track_is_a_raw_recording(files: list[Path], track: Track) -> None:
    path = files[TRACKS.index(track)]
    info = soundfile.info(path)
    assert (info.frames, info.samplerate, info.subtype) == (int(SECONDS * 44100), 44100, "PCM_24")
    assert info.channels == (2 if path.stem[3:] in ("Keys", "Pad") else 1)
    audio, _ = soundfile.read(path, always_2d=True)
    assert np.all(np.isfinite(audio))
    peak_db = 20.0 * np.log10(np.max(np.abs(audio)))
    assert -18.0 < peak_db < -3.0
    assert level_db(audio) > -50.0
    assert np.all(np.abs(np.mean(audio, axis=0)) < 1e-3)  # -60 dBFS
    assert np.count_nonzero(audio) > 0.99 * audio.size  # a noise floor


def test_two_runs_write_the_same_bytes(short_files: list[Path], tmp_path: Path) -> None:
    again = write_example(tmp_path / "again", SHORT_SECONDS)
    assert [path.name for path in again] == [path.name for path in short_files]
    for first, second in zip(short_files, again, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_every_track_plays_in_a_short_session(short_files: list[Path]) -> None:
    assert len(short_files) == len(TRACKS)
    for path in short_files:
        assert level_db(soundfile.read(path)[0]) > -55.0, path.name


def test_any_length_is_met_to_the_sample(tmp_path: Path) -> None:
    lengths = {soundfile.info(path).frames for path in write_example(tmp_path / "brief", 1.2345)}
    assert lengths == {round(1.2345 * 44100)}


@pytest.mark.parametrize("seconds", [1.0, 4.0, 6.0, 10.0, 20.0, 61.3])
def test_the_form_fills_the_length(seconds: float) -> None:
    bars = song.form(seconds)
    end_seconds = bars[-1].start_seconds + song.BAR_SECONDS
    assert bars[-1].start_seconds < seconds <= end_seconds + 0.25 * song.BAR_SECONDS
    assert "chorus" in {bar.section for bar in bars}


def test_a_length_must_be_positive(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="positive"):
        write_example(tmp_path / "nothing", 0.0)
    assert list(tmp_path.iterdir()) == []


def test_progress_names_each_track_and_parents_are_made(tmp_path: Path) -> None:
    named: list[str] = []
    folder = tmp_path / "my" / "demo"
    files = write_example(folder, 0.5, named.append)
    assert [str(path.relative_to(folder)) for path in files] == named == [track.file for track in TRACKS]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    files = write_example(tmp_path, 0.5)
    assert files[0] == tmp_path / TRACKS[0].file
    assert all(path.is_file() for path in files)
    assert {path.name for path in tmp_path.iterdir()} == {"Drums", "Bass", "Vocals", "Other"}


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("keep")
    with pytest.raises(WavemixError) as refusal:
        write_example(tmp_path, SHORT_SECONDS)
    message = str(refusal.value)
    assert str(tmp_path) in message and message.endswith(".") and "\n" not in message
    assert list(tmp_path.iterdir()) == [mine] and mine.read_text() == "keep"


@pytest.mark.parametrize("place", ["file", "file/within"])
def test_a_file_in_the_way_is_refused(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("keep")
    with pytest.raises(WavemixError, match="file"):
        write_example(tmp_path / place, 0.5)
    assert (tmp_path / "file").read_text() == "keep"


@pytest.mark.parametrize("place", [".", "new", "several/new"])
def test_an_interruption_leaves_nothing(place: str, tmp_path: Path) -> None:
    def interrupt(file: str) -> None:
        if file == TRACKS[len(TRACKS) // 2].file:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_example(tmp_path / place, 0.5, interrupt)
    assert list(tmp_path.iterdir()) == []


def test_the_kick_is_on_the_grid(files: list[Path]) -> None:
    # The beater's click: what rises out of the last 60 ms above 1.5 kHz, in blocks of 2 ms.
    spectrum = np.fft.rfft(read(files, "Kick"))
    spectrum[: int(1500.0 * SECONDS)] = 0.0
    block = SAMPLE_RATE // 500
    clicks = np.abs(np.fft.irfft(spectrum))
    clicks = clicks[: len(clicks) // block * block].reshape(-1, block).max(axis=1)
    before = np.array([clicks[max(0, index - 30) : index].max(initial=0.0) for index in range(len(clicks))])
    onsets = np.flatnonzero((clicks > 0.15 * clicks.max()) & (clicks > 2.0 * before)) * block / SAMPLE_RATE
    off_grid = np.abs(onsets / song.STEP_SECONDS - np.round(onsets / song.STEP_SECONDS)) * song.STEP_SECONDS
    assert len(onsets) > 25
    assert np.all(off_grid < 0.012)
    downbeats = np.array([bar.start_seconds for bar in bars_of("chorus")])
    assert np.all(np.min(np.abs(onsets[:, None] - downbeats), axis=0) < 0.012)


def test_the_bass_plays_the_roots(files: list[Path]) -> None:
    bass = read(files, "Bass DI")
    for bar in song.form(SECONDS):
        heard = between(bass, bar.start_seconds, bar.start_seconds + 2 * song.BEAT_SECONDS)  # the first chord
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), 8 * SAMPLE_RATE))
        loudest_hz = np.argmax(spectrum) / 8.0
        root = song.chord_pitch_classes(bar.chords[0])[0]
        midi = 69.0 + 12.0 * np.log2(loudest_hz / 440.0)
        assert abs((midi - root + 6.0) % 12.0 - 6.0) < 0.5, (bar, loudest_hz)
        assert 40.0 < loudest_hz < 80.0  # the fundamental itself


@pytest.mark.parametrize("midi", [28, 45, 64, 76])
def test_strings_are_in_tune(midi: int) -> None:
    string = pluck(pitch_hz(midi), 2.0, 4.0, 1000.0, np.random.default_rng(0))
    spectrum = np.abs(np.fft.rfft(string * np.hanning(len(string)), 100 * SAMPLE_RATE))
    region = slice(int(97.0 * pitch_hz(midi)), int(103.0 * pitch_hz(midi)))
    heard_hz = (region.start + np.argmax(spectrum[region])) / 100.0
    assert abs(1200.0 * np.log2(heard_hz / pitch_hz(midi))) < 4.0


def test_the_bass_walks_into_the_next_root() -> None:
    bars = song.form(SECONDS)
    notes = parts.bass_notes(bars)
    for bar in bars_of("chorus"):
        end_seconds = bar.start_seconds + song.BAR_SECONDS - 1e-6
        before = [note.midi for note in notes if note.start_seconds < end_seconds]
        target = notes[len(before)].midi
        assert 1 <= abs(target - before[-1]) <= 2
        assert before[-1] % 12 in song.PITCH_CLASSES.values()


def test_long_notes_of_the_melody_are_chord_tones() -> None:
    for section, phrases in song.LEAD.items():
        for phrase, chords in zip(phrases, song.CHORDS[section], strict=True):
            tones = {tone for chord in chords for tone in song.chord_pitch_classes(chord)}
            assert all(song.midi_pitch(sung.pitch) % 12 in tones for sung in phrase if sung.beats >= 1)


def test_the_lead_sings_in_tune(files: list[Path]) -> None:
    vocal = read(files, "Lead Vox")
    held = [
        note
        for note in parts.sung_notes(song.form(SECONDS), song.LEAD)
        if note.duration_seconds > 1.4 * song.BEAT_SECONDS
    ]
    assert len(held) >= 4
    for note in held:
        middle = between(vocal, note.start_seconds + 0.2, note.start_seconds + note.duration_seconds - 0.1)
        cents = 1200.0 * np.log2(fundamental_hz(middle) / pitch_hz(note.midi))
        assert abs(cents) < 50.0, (note, cents)


def fundamental_hz(audio: Signal) -> float:
    """By autocorrelation: the shortest period, from 100 to 1000 Hz, that is nearly as good as the best."""
    power = np.abs(np.fft.rfft(audio, 2 * len(audio))) ** 2
    likeness = np.fft.irfft(power)[: SAMPLE_RATE // 100]
    shortest = SAMPLE_RATE // 1000
    peaks = 1 + np.flatnonzero((likeness[1:-1] > likeness[:-2]) & (likeness[1:-1] > likeness[2:]))
    peaks = peaks[peaks >= shortest]
    lag = int(peaks[likeness[peaks] > 0.85 * likeness[peaks].max()][0])
    left, centre, right = likeness[lag - 1 : lag + 2]
    return SAMPLE_RATE / (lag + 0.5 * (left - right) / (left - 2.0 * centre + right))


def test_the_vocal_has_vibrato_on_long_notes(files: list[Path]) -> None:
    last = parts.sung_notes(song.form(SECONDS), song.LEAD)[-1]
    sung = between(read(files, "Lead Vox"), last.start_seconds + 0.6, last.start_seconds + 1.5)
    pitches_hz = np.array([fundamental_hz(sung[start : start + 1500]) for start in range(0, 36000, 500)])
    cents = 1200.0 * np.log2(pitches_hz / np.median(pitches_hz))
    assert 15.0 < np.max(np.abs(cents)) < 60.0
    crossings = np.count_nonzero(np.diff(np.sign(cents)))
    assert 7 <= crossings <= 12  # some 5.5 Hz in 0.8 s


def test_the_sections_grow(files: list[Path]) -> None:
    total = sum(np.mean(soundfile.read(path, always_2d=True)[0], axis=1) for path in files)
    intro_db, verse_db, chorus_db = (
        np.mean([level_db(in_bar(total, bar)) for bar in bars_of(section)]) for section in ("intro", "verse", "chorus")
    )
    assert intro_db + 3.0 < verse_db < chorus_db - 2.0


def test_a_fill_leads_into_the_chorus(files: list[Path]) -> None:
    toms = read(files, "Floor Tom")
    chorus_seconds = bars_of("chorus")[0].start_seconds
    fill_db = level_db(between(toms, chorus_seconds - 2 * song.STEP_SECONDS, chorus_seconds))
    assert fill_db > level_db(between(toms, chorus_seconds + 1.5, chorus_seconds + 4.0)) + 20.0


def test_the_overheads_are_a_stereo_image(files: list[Path]) -> None:
    left, right = read(files, "OH L"), read(files, "OH R")
    assert 0.05 < np.corrcoef(left, right)[0, 1] < 0.9
    ring_seconds = bars_of("ending")[0].start_seconds + 1.0  # of the crash, which stands on the left
    left_db, right_db = (level_db(between(side, ring_seconds, ring_seconds + 1.0)) for side in (left, right))
    assert left_db > right_db + 1.0


def test_close_microphones_hear_bleed(files: list[Path]) -> None:
    rack = read(files, "Rack Tom")
    backbeat = bars_of("verse")[0].start_seconds + 4 * song.STEP_SECONDS
    bleed_db = level_db(between(rack, backbeat, backbeat + 0.1))
    own_db = level_db(between(rack, bars_of("verse")[-1].start_seconds + 11 * song.STEP_SECONDS, 8.8))
    assert own_db - 45.0 < bleed_db < own_db - 10.0


def test_the_snare_microphones_face_each_other(files: list[Path]) -> None:
    backbeat = bars_of("chorus")[0].start_seconds + 4 * song.STEP_SECONDS
    top, bottom = (between(read(files, name), backbeat, backbeat + 0.15) for name in ("Top", "Btm"))
    low = [np.fft.rfft(audio)[: int(600 * 0.15)] for audio in (top, bottom)]
    assert np.sum(low[0] * np.conj(low[1])).real < 0.0


def test_the_guitars_are_two_takes(files: list[Path]) -> None:
    left, right = read(files, "E Gtr L"), read(files, "E Gtr R")
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.5
    envelopes = [np.abs(audio)[: 441 * 2000].reshape(2000, 441).max(axis=1) for audio in (left, right)]
    assert np.corrcoef(*envelopes)[0, 1] > 0.8  # the same part


def test_the_amplifier_adds_harmonics(files: list[Path]) -> None:
    bar = bars_of("chorus")[0]
    shares = []
    for name in ("Bass DI", "Bass Amp"):
        power = np.abs(np.fft.rfft(in_bar(read(files, name), bar))) ** 2
        shares.append(np.sum(power[int(300 * song.BAR_SECONDS) :]) / np.sum(power))
    assert shares[1] > 3.0 * shares[0]


def test_the_keys_pan_from_side_to_side(files: list[Path]) -> None:
    keys = read(files, "Keys")
    beats = [between(keys, beat * song.BEAT_SECONDS, (beat + 1) * song.BEAT_SECONDS) for beat in range(8, 32)]
    right_db = np.array([level_db(beat[:, 1]) - level_db(beat[:, 0]) for beat in beats])
    assert np.all(right_db[::2] > 2.0) and np.all(right_db[1::2] < -2.0)
