"""Writes the demo session: a short song as the raw multitrack files that a studio would hand over."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.documents.names import for_libraries
from wavemix.errors import WavemixError
from wavemix.example import instruments, kit, parts, song
from wavemix.leftovers import own_folder, sweep
from wavemix.staging import STAGE_PREFIX
from wavemix.synthesis import voice
from wavemix.synthesis.signals import Signal, gain, highpass, sample_count, time_seconds

SEED = 1812
FADE_SECONDS = 0.3  # at the end, as an editor leaves a session


@dataclass(frozen=True)
class Track:
    """A recorded file.

    Attributes:
        file: Its path in the session.
        peak_db: Where the engineer's preamplifier put its loudest moment, in dBFS.
        noise_db: Rms of its noise floor, in dBFS.
    """

    file: str
    peak_db: float
    noise_db: float


# As recorded, so not balanced: that is the mixer's work.
TRACKS = (
    Track("Drums/01_Kick In.wav", -5.2, -82.0),
    Track("Drums/02_Snare Top.wav", -4.1, -80.0),
    Track("Drums/03_Snare Btm.wav", -8.7, -80.0),
    Track("Drums/04_HiHat.wav", -13.4, -79.0),
    Track("Drums/05_Rack Tom.wav", -7.6, -81.0),
    Track("Drums/06_Floor Tom.wav", -6.3, -81.0),
    Track("Drums/07_OH L.wav", -9.1, -77.0),
    Track("Drums/08_OH R.wav", -9.8, -77.0),
    Track("Drums/09_Room.wav", -11.9, -74.0),
    Track("Drums/10_Shaker.wav", -15.2, -76.0),
    Track("Drums/11_Tambourine.wav", -10.5, -76.0),
    Track("Bass/12_Bass DI.wav", -9.4, -84.0),
    Track("Bass/13_Bass Amp.wav", -6.8, -78.0),
    Track("Vocals/14_Lead Vox.wav", -6.6, -77.0),
    Track("Vocals/15_BGV 1.wav", -12.3, -77.0),
    Track("Vocals/16_BGV 2.wav", -15.7, -77.0),
    Track("Other/17_E Gtr L.wav", -10.2, -72.0),
    Track("Other/18_E Gtr R.wav", -12.8, -72.0),
    Track("Other/19_Keys.wav", -5.9, -86.0),
    Track("Other/20_Pad.wav", -17.1, -88.0),
)


def write_example(folder: Path, seconds: float = 20.0, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Writes the demo session's tracks into `folder`.

    The files appear all at once at the end, or not at all. They are 24-bit WAV at 44.1 kHz, and the same
    bytes on every run on a machine.

    Args:
        folder: Where `Drums/`, `Bass/`, `Vocals/` and `Other/` go; made if it does not exist.
        seconds: Length of the song; 20 hold its whole form.
        progress: Called with each track's file as it is being made.

    Returns:
        The files, in track order.

    Raises:
        WavemixError: `folder` exists and is not an empty folder, or it cannot be written.
        ValueError: `seconds` is not positive.
    """
    if seconds <= 0.0:
        raise ValueError(f"the example needs a positive length, not {seconds} seconds")
    folder = folder.resolve()
    try:
        sweep(folder, STAGE_PREFIX)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise WavemixError(f"{folder} exists and is not an empty folder; name a new one for the example.")
        # In an empty folder that exists, else beside it: always on the disk that it ends up on.
        host = next(place for place in (folder, *folder.parents) if place.exists())
        with own_folder(host, STAGE_PREFIX) as staging:
            written = staging / "session"
            _write_tracks(written, seconds, progress or (lambda _: None))
            _move(written, folder)
    except (OSError, soundfile.SoundFileError) as error:
        raise WavemixError(f"The example cannot be written to {folder}: {error}; name another folder.") from error
    return [folder / track.file for track in TRACKS]


def _write_tracks(folder: Path, seconds: float, progress: Callable[[str], None]) -> None:
    samples = sample_count(seconds)
    takes = _takes(song.form(seconds), samples)
    for track in TRACKS:
        progress(track.file)
        path = folder / track.file
        path.parent.mkdir(parents=True, exist_ok=True)
        recording = _recorded(next(takes), track)
        soundfile.write(for_libraries(path), recording, SAMPLE_RATE, subtype="PCM_24")


def _move(session: Path, folder: Path) -> None:
    """Moves the finished session into place: whole where `folder` is new, else by its sub-folders."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        session.rename(folder)
        return
    # Renaming over the empty folder would pull it from under a shell that stands in it.
    for part in sorted(session.iterdir()):
        part.rename(folder / part.name)


def _takes(bars: Sequence[song.Bar], samples: int) -> Iterator[Signal]:
    """Yields the sound of each of `TRACKS`, at any level, shape `(samples,)` or `(samples, 2)`."""
    sources = kit.perform(bars, samples, _rng("drummer"))
    for name, microphone in kit.MICROPHONES.items():
        yield kit.record(microphone, sources, _rng(name))
    for part in kit.OVERDUBS:
        yield kit.overdub(part, bars, samples, _rng(part))

    direct = instruments.bass_di(parts.bass_notes(bars), samples, _rng("bass"))
    yield direct
    yield instruments.bass_amp(direct, _rng("bass amp"))

    yield voice.sing(parts.sung_notes(bars, song.LEAD), samples, 1.0, _rng("lead"))
    yield voice.sing(parts.sung_notes(bars, song.BACKING_HIGH), samples, 0.97, _rng("backing 1"))
    yield voice.sing(parts.sung_notes(bars, song.BACKING_LOW), samples, 0.88, _rng("backing 2"))

    guitar = parts.guitar_notes(bars)
    yield instruments.electric_guitar(guitar, samples, -2.0, _rng("guitar left"))
    yield instruments.electric_guitar(guitar, samples, 3.0, _rng("guitar right"))
    yield instruments.electric_piano(parts.keys_notes(bars), samples, _rng("keys"))
    yield instruments.pad(parts.pad_notes(bars), samples, _rng("pad"))


def _recorded(sound: Signal, track: Track) -> Signal:
    """Returns a sound at its track's level, without DC, over its noise floor; shape is kept."""
    clean = highpass(sound.T, 18.0).T
    fade = np.clip((len(sound) / SAMPLE_RATE - time_seconds(len(sound))) / FADE_SECONDS, 0.0, 1.0)
    clean = (clean.T * fade).T
    peak = float(np.max(np.abs(clean)))
    if peak > 0.0:
        clean *= gain(track.peak_db) / peak
    hiss = _rng(track.file).standard_normal(sound.shape)
    return clean + gain(track.noise_db) * hiss


def _rng(name: str) -> Generator:
    """Returns the generator of one part, so that a change to one part leaves the others as they were."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])
