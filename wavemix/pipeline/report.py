"""`report.json`: what was done to every track, and what came out."""

import math
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy
import soundfile
import soxr
import torch

from wavemix.audio.reworked import original
from wavemix.documents.json_text import dump_json
from wavemix.dsp.levels import gain_to_db
from wavemix.dsp.loudness_targets import platform_gains
from wavemix.explanation.explanation import Explanation
from wavemix.metrics.mono import MonoLoss
from wavemix.pipeline.delivery import Gain
from wavemix.pipeline.finish import Measures
from wavemix.session.care import place_row
from wavemix.session.groups import GROUPS
from wavemix.session.session import Session, Track
from wavemix.session.sources import Source
from wavemix.takes.alignment import Found
from wavemix.takes.proposals import counted
from wavemix.version import __version__
from wavemix.zoo.mixer import Mixer


@dataclass(frozen=True)
class OutputReport:
    """One file that was written.

    Attributes:
        file: Its path in the output folder; of arrays `mix` or the stem's group.
        loudness_lufs: Integrated loudness; None for silence.
        loudness_range_lu: Loudness range; None where nothing is long and loud enough to have one.
        true_peak_dbtp: True peak; None for silence.
        gain_db: Gain that was applied to what the model gave.
        gain_reason: Why; empty if there was none.
        sha256: Hash of the file; empty for an array.
    """

    file: str
    loudness_lufs: float | None
    loudness_range_lu: float | None
    true_peak_dbtp: float | None
    gain_db: float
    gain_reason: str
    sha256: str = ""


@dataclass(frozen=True)
class Report:
    """All that is known of one mix; `dump` is the text of `report.json`.

    Attributes:
        song: The song's name.
        source: Folder of its tracks; empty where they were arrays.
        seconds: Length of the mix.
        rate: Sample rate of the output files in Hz.
        balance: What the user asked for, as `Balance`.
        models: For each model its status, the sha256 of its weights, where they were read, the backend, precision and
            device that computed it, and whether it ran. That of the mix, if it ran, also the gains that brought the
            stems to its level.
        tracks: For each track its file, group, slots, role, reason, original form, and what was done to it.
        ignored: Files that were left out, and why.
        warnings: What a person should look at, a sentence each.
        outputs: The sound files that were written, or the arrays that were given back.
        playback: How the mix fares where it is heard: `mono` has the loudness that is lost in mono and the power that
            is lost in each band, `platform_gains_db` what each streaming platform applies to it.
        companions: What was written beside the sound files: the explanation, sessions for DAWs and their media.
        explanation: The mix as faders and pans, if it was asked for; a file of its own, and no part of the text.
        earlier_outputs: Those of earlier mixes in other forms, which lie there still.
        session_sha256: Hash of the `session.yaml` that was written; empty where an edited one was kept, or none was.
        seconds_taken: For each stage, and in all.
        versions: Versions of this program and of what it computed with.
    """

    song: str
    source: str
    seconds: float
    rate: int
    balance: Mapping[str, Any]
    models: Mapping[str, Mapping[str, Any]]
    tracks: Sequence[Mapping[str, Any]]
    ignored: Sequence[Mapping[str, str]]
    warnings: Sequence[str]
    outputs: Sequence[OutputReport]
    playback: Mapping[str, Any]
    companions: Sequence[str]
    explanation: Explanation | None
    earlier_outputs: Sequence[str]
    session_sha256: str
    seconds_taken: Mapping[str, float]
    versions: Mapping[str, str]

    @property
    def untrained(self) -> list[str]:
        """The models that only add their inputs."""
        return [name for name, model in self.models.items() if model["status"] != "trained"]

    def dump(self) -> str:
        """The report as JSON text."""
        body = asdict(replace(self, explanation=None))
        del body["explanation"]
        return dump_json(body)


def finite(value: float) -> float | None:
    """A measure rounded to a thousandth; None for the infinities and NaN, which JSON lacks."""
    return round(value, 3) if math.isfinite(value) else None


def describe_model(mixer: Mixer, ran: bool) -> dict[str, Any]:
    """A model's entry in the report."""
    return {
        "status": mixer.config.status,
        "sha256": mixer.config.sha256,
        "origin": mixer.origin,
        **mixer.computed_by,
        **{f"input_{name}": level for name, level in asdict(mixer.config.input_levels).items()},
        "ran": ran,
    }


def describe_tracks(
    sources: Sequence[Source], rate: int, samples: int, alignments: Mapping[int, Found]
) -> list[dict[str, Any]]:
    """The tracks' entries in the report, in order.

    Args:
        sources: The tracks.
        rate: The models' sample rate in Hz.
        samples: Length of the song at that rate.
        alignments: What was measured of those that were moved, by their place.
    """
    holders: dict[tuple[str, int], str] = {}
    for source in sources:
        if source.assignment is not None and not source.assignment.premixed:
            for slot in source.assignment.slots:
                holders[source.track.group, slot] = source.track.label
    return [
        {
            "file": source.track.file.as_posix(),
            "right": source.track.right.as_posix() if source.track.right else None,
            "channel": source.track.channel,
            "group": source.track.group,
            "slots": [slot + 1 for slot in source.assignment.slots] if source.assignment else [],
            "role": source.track.role,
            "reason": source.track.reason,
            "recognised": source.track.recognised,
            "confidence": source.track.confidence,
            "rate": (info := original(source.scan.info)).rate,
            "frames": info.frames,
            "checksum": f"{source.scan.checksum:08x}",
            "seconds": round(info.seconds, 3),
            "start_seconds": source.track.start_seconds,
            "channels": info.channels,
            "peak_dbfs": finite(gain_to_db(source.scan.peak)),
            "normalisation_gain_db": round(gain_to_db(source.normalisation), 4),
            "gain_db": source.track.gain_db,
            "muted": source.track.mute,
            "align": describe_alignment(source.track, alignments.get(i)),
            "clean": [place_row(place) for place in source.track.places or ()],
            "done": list(_done(source, rate, samples / rate, holders)),
        }
        for i, source in enumerate(sources)
    ]


def describe_alignment(track: Track, found: Found | None) -> dict[str, Any] | None:
    """How a track was moved and turned; None if it was not. What was measured is there where it was measured now."""
    if track.alignment is None or not track.alignment.moves:
        return None
    row: dict[str, Any] = dict(asdict(track.alignment))
    if found:
        row["against"] = found.against
        row["correlation_before"] = round(found.correlation_before, 4)
        row["correlation_after"] = round(found.correlation_after, 4)
    return row


def describe_ignored(session: Session) -> list[dict[str, str]]:
    """The ignored files' entries in the report."""
    return [{"file": item.file.as_posix(), "reason": item.reason} for item in session.ignored]


def describe_warnings(session: Session, sources: Sequence[Source]) -> list[str]:
    """What a person should look at: what the session knows, and what only a reader of whole tracks sees."""
    warnings = list(session.warnings)
    for source in sources:
        side = source.scan.only_side
        if side is not None and source.assignment:
            name = ("left", "right")[side]
            warnings.append(
                f"{source.track.label}: has sound on its {name} side only, and stays there; `channel: {side + 1}` puts "
                "it in the middle"
            )
    return warnings


def describe_output(file: str, measures: Measures, gain: Gain, sha256: str = "") -> OutputReport:
    """An output's entry in the report."""
    return OutputReport(
        file,
        finite(measures.loudness_lufs),
        finite(measures.loudness_range_lu),
        finite(measures.true_peak_dbtp),
        round(gain.db, 4),
        gain.reason,
        sha256,
    )


def describe_playback(mix: OutputReport, mono: MonoLoss) -> dict[str, Any]:
    """How a mix, as it was written, fares in mono and on streaming platforms; nothing of one without a loudness."""
    loudness, peak = mix.loudness_lufs, mix.true_peak_dbtp
    gains = {} if loudness is None or peak is None else platform_gains(loudness, peak)
    return {
        "mono": {
            "loudness_lost_lu": finite(mono.loudness_lu),
            "lost_by_band_db": {band: finite(loss) for band, loss in mono.bands_db.items()},
        },
        "platform_gains_db": {name: round(gain, 1) for name, gain in gains.items()},
    }


def versions() -> dict[str, str]:
    """Versions of what can change a result."""
    return {
        "wavemix": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "soundfile": soundfile.__version__,
        "libsndfile": soundfile.__libsndfile_version__,
        "soxr": soxr.__version__,
    }


def _done(source: Source, rate: int, seconds: float, holders: dict[tuple[str, int], str]) -> list[str]:
    """What happened to a track, one sentence each."""
    info, assignment = source.scan.info, source.assignment
    if assignment is None:
        return ["muted: left out" if source.track.mute else "silent: left out"]
    done = []
    if len(source.scan.live_channels) < info.channels and not source.track.channel:
        used = ", ".join(str(channel + 1) for channel in source.scan.live_channels)
        done.append(f"of {info.channels} channels used {used}: the others are silent or copies")
    if source.scan.only_side is not None:
        done.append(f"has sound on its {('left', 'right')[source.scan.only_side]} side only, and stays there")
    if source.track.start_seconds:
        done.append(f"begins {source.track.start_seconds:.3f} s into the song")
    done += list(_cared_for(source.track))
    if info.rate != rate:
        done.append(f"resampled from {info.rate} to {rate} Hz")
    if source.normalisation != 1:
        done.append(f"level changed by {gain_to_db(source.normalisation):+.1f} dB to what the model expects")
    if source.track.gain_db:
        done.append(f"{source.track.gain_db:+g} dB, as it was asked for")
    if assignment.folded:
        done.append(f"{len(source.scan.live_channels)} channels folded to mono (their mean)")
    if assignment.premixed:
        slot = assignment.slots[0]
        name = GROUPS[source.track.group].slots[slot]
        done.append(f"premixed (added) into slot {slot + 1} ({name}) with {holders[source.track.group, slot]}")
    after = seconds - source.track.start_seconds - info.seconds
    if after > 1 / rate:
        done.append(f"padded with {after:.3f} s of silence at the end")
    return done


def _cared_for(track: Track) -> Iterator[str]:
    """How it was moved, turned and cleaned."""
    if track.alignment and track.alignment.lag_samples:
        lag = track.alignment.lag_samples
        yield f"moved {abs(lag):g} samples {'earlier' if lag > 0 else 'later'}"
    if track.alignment and track.alignment.polarity < 0:
        yield "turned over: it was upside down"
    if track.places:
        yield f"lowered: {counted(track.places)}"
