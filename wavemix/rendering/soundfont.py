"""Parts played dry by fluidsynth from a General MIDI soundfont.

Starting fluidsynth takes longer than playing a part, so it plays many parts in one run, one after the other.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import mido
import numpy as np

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.errors import WavemixError
from wavemix.leftovers import scratch_folder
from wavemix.rendering.arrangement import Part
from wavemix.rendering.channel import DRUM_CHANNEL
from wavemix.rendering.sounds import Samples

TAIL_SECONDS = 2.0  # for the last notes to die away
INSTALLED = tuple(
    Path("/usr/share/sounds") / file
    for file in ("sf3/MuseScore_General_Lite.sf3", "sf3/default-GM.sf3", "sf2/FluidR3_GM.sf2", "sf2/default-GM.sf2")
)
"""Where Debian's packages put their soundfonts, the one that we render with first."""

_GAIN = 0.5
_TICKS = 1000  # a beat, which lasts a second
# fluidsynth starts notes every 64 samples, at whole milliseconds. After 640 ms (28 224 samples) that pattern
# repeats, so a part's notes start at the same samples wherever in the run it is played.
_GRID_TICKS = 640
_BEND_RANGE = 24  # semitones


def installed_soundfont() -> Path:
    """The soundfont that is installed.

    Raises:
        WavemixError: If there is none.
    """
    for path in INSTALLED:
        if path.exists():
            return path
    raise WavemixError(
        "No soundfont is installed; install one (apt install musescore-general-soundfont-small) "
        "or name a file with --soundfont."
    )


def play_parts(parts: Sequence[Part], seconds: float, soundfont: Path) -> list[Samples]:
    """Play parts dry: no reverb, no chorus, and nobody's fader or pan.

    Expression, modulation and pitch bends are played. The same parts give the same samples; among
    others a part sounds the same to some -80 dBFS.

    Args:
        parts: The parts of one arrangement.
        seconds: Length of the arrangement.
        soundfont: A General MIDI soundfont, `.sf2` or `.sf3`.

    Returns:
        Each part in mono at 44.1 kHz, `TAIL_SECONDS` longer than the arrangement, shape `(samples,)`.

    Raises:
        WavemixError: If fluidsynth or the soundfont is missing, or it cannot play.
    """
    check_soundfont(soundfont)
    if not parts:
        return []
    samples = round((seconds + TAIL_SECONDS) * SAMPLE_RATE)
    ticks = (int(1000.0 * (seconds + TAIL_SECONDS)) // _GRID_TICKS + 1) * _GRID_TICKS
    with scratch_folder() as folder:
        midi = folder / "parts.mid"
        _medley(parts, ticks).save(midi)
        return _run(midi, soundfont, len(parts), ticks * SAMPLE_RATE // _TICKS, samples)


def check_soundfont(soundfont: Path) -> None:
    """Check that a file is a soundfont: fluidsynth would play silence.

    Raises:
        WavemixError: If it is missing or something else.
    """
    try:
        if not soundfont.is_file() and soundfont.exists():
            raise WavemixError(f"{soundfont}: is not a file; name an .sf2 or .sf3 file with --soundfont.")
        with soundfont.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise WavemixError(
            f"{soundfont}: the soundfont cannot be opened ({error.strerror}); install one "
            "(apt install musescore-general-soundfont-small) or name a file with --soundfont."
        ) from error
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise WavemixError(f"{soundfont}: is not a soundfont; name an .sf2 or .sf3 file with --soundfont.")


def _run(midi: Path, soundfont: Path, parts: int, stride: int, samples: int) -> list[Samples]:
    """Plays a file of parts, `stride` samples each, and keeps the first `samples` of each."""
    command = ["fluidsynth", "-n", "-i", "-q", "-R", "0", "-C", "0", "-g", str(_GAIN), "-r", str(SAMPLE_RATE)]
    command += ["-o", "synth.dynamic-sample-loading=1", "-o", "synth.cpu-cores=1", "-o", "synth.polyphony=512"]
    # Through a pipe, since the sound of a long song's parts together takes gigabytes.
    command += ["-z", "1024", "-T", "raw", "-O", "float", "-E", "cpu", "-F", "/dev/stdout", str(soundfont), str(midi)]
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
        except OSError as error:
            raise WavemixError(
                f"fluidsynth cannot be started ({error.strerror}); install it (apt install fluidsynth)."
            ) from error
        with process:
            assert process.stdout is not None
            try:
                played = [_read(process.stdout, stride, samples) for _ in range(parts)]
                process.stdout.read()  # what it plays on
            except BaseException:
                process.kill()  # else a signal would wait for it
                raise
        errors.seek(0)
        said = " ".join(errors.read().decode(errors="replace").split())
    # Where it cannot load a soundfont it plays another, and exits with 0.
    if process.returncode != 0 or not all(map(len, played)) or "failed to load" in said.lower():
        why = said[-200:] or f"exit status {process.returncode}"
        raise WavemixError(f"{soundfont}: fluidsynth cannot play it ({why}); name another with --soundfont.")
    return played


def _read(stream: IO[bytes], stride: int, samples: int) -> Samples:
    """Reads one part, folded to mono, shape `(samples,)`; `(0,)` where the stream has ended before."""
    sound = np.frombuffer(stream.read(2 * stride * 4), np.float32)
    mono = np.zeros(samples if len(sound) else 0, np.float32)
    left, right = sound[: 2 * len(mono) : 2], sound[1 : 2 * len(mono) : 2]
    mono[: len(right)] = 0.5 * (left[: len(right)] + right)
    return mono


def _medley(parts: Sequence[Part], ticks: int) -> mido.MidiFile:
    """Returns the parts one after the other, each on a grid of `ticks`, as a file of milliseconds."""
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)])
    now = 0
    for index, part in enumerate(parts):
        for at, _, message in sorted(_messages(part, ticks), key=lambda event: event[:2]):
            track.append(message.copy(time=index * ticks + at - now))
            now = index * ticks + at
    track.append(mido.MetaMessage("end_of_track", time=len(parts) * ticks - now))
    return mido.MidiFile(ticks_per_beat=_TICKS, tracks=[track])


def _messages(part: Part, ticks: int) -> Iterator[tuple[int, int, mido.Message]]:
    """Yields tick, order within the tick and message of what a part plays, its ends of notes first."""
    channel = DRUM_CHANNEL if part.drums else 0

    def control(number: int, value: float) -> mido.Message:
        return mido.Message("control_change", channel=channel, control=number, value=round(value))

    for number, setting in ((121, 0), (101, 0), (100, 0), (6, _BEND_RANGE), (38, 0)):
        yield 0, 1, control(number, setting)
    yield 0, 1, mido.Message("program_change", channel=channel, program=part.program)
    for number, curve in ((11, part.expression), (1, part.modulation)):
        for seconds, value in curve:
            yield _tick(seconds, ticks), 2, control(number, value)
    for seconds, semitones in part.bends:
        wheel = round(max(-1.0, min(1.0, semitones / _BEND_RANGE)) * 8191)
        yield _tick(seconds, ticks), 2, mido.Message("pitchwheel", channel=channel, pitch=wheel)
    for note in part.notes:
        start = _tick(note.start_seconds, ticks)
        stop = max(start + 1, _tick(note.start_seconds + note.seconds, ticks))
        yield start, 3, mido.Message("note_on", channel=channel, note=note.pitch, velocity=note.velocity)
        yield stop, 0, mido.Message("note_off", channel=channel, note=note.pitch)
    yield ticks - 1, 4, control(120, 0)  # silence before the next part


def _tick(seconds: float, ticks: int) -> int:
    return min(round(seconds * _TICKS), ticks - 2)
