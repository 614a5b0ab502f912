"""What came out of a mix, as its listener gets it: sounds to compare, equally loud, and files to keep."""

import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from wavemix.app.wishes import MixWishes
from wavemix.audio.files import probe
from wavemix.audio.reading import TrackReader
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.metrics.course import SHORT_TERM_HOP_SECONDS, SHORT_TERM_SECONDS
from wavemix.metrics.excerpt import matching_gains_db
from wavemix.pipeline import AutoMix
from wavemix.pipeline.report import OutputReport, Report, finite
from wavemix.session.groups import MIX, STEREO
from wavemix.session.manifest import dump_session
from wavemix.session.session import MANIFEST, Session
from wavemix.system.balance import ALL
from wavemix.system.progress import Progress

PLAIN = "plain sum"
"""What the mix is compared with: the same tracks at their levels and trims, without the networks' work."""

STEPS_OF_PLAIN, STEPS_OF_MIX = 4, 8
"""Stages of each; a mix that goes only a part of the way has one more, and one that is explained too."""

COURSE_STEPS = 1200
"""Pairs of lowest and highest sample that draw a waveform."""


def steps_of(wishes: MixWishes) -> int:
    """How many stages `mix` will tell of."""
    return STEPS_OF_PLAIN + STEPS_OF_MIX + (0 < wishes.amount < ALL) + bool(wishes.daw)


@dataclass(frozen=True)
class Mixed:
    """A mix on disk.

    Attributes:
        out: The folder with what `wavemix mix` writes. It lies in the song's, so that a session for a DAW finds the
            tracks from wherever its user unpacks it in theirs.
        plain_out: The folder of the plain sum.
        session: What was mixed.
        report: What was done for the mix.
        plain: What was done for the plain sum.
    """

    out: Path
    plain_out: Path
    session: Session
    report: Report
    plain: Report

    @cached_property
    def sounds(self) -> dict[str, tuple[Path, OutputReport]]:
        """The mix, the plain sum and the stems by name: the file of each, and its levels."""
        first, *stems = ((self.out / output.file, output) for output in self.report.outputs)
        plain = self.plain.outputs[0]
        return {MIX: first, PLAIN: (self.plain_out / plain.file, plain)} | {
            path.stem: (path, output) for path, output in stems
        }

    @cached_property
    def files(self) -> dict[str, Path]:
        """What there is to keep, by its name in the folder of the mix."""
        found = sorted(path for path in self.out.rglob("*") if path.is_file() and path.name != MANIFEST)
        return {path.relative_to(self.out).as_posix(): path for path in found}

    @property
    def manifest(self) -> str:
        """`session.yaml` as it belongs into the song's own folder."""
        return dump_session(self.session, self.session.folder / MANIFEST)

    def told(self) -> Mapping[str, Any]:
        """All that the page shows of it; gains make the audible sounds equally loud."""
        levels = {name: (output.loudness_lufs, output.true_peak_dbtp) for name, (_, output) in self.sounds.items()}
        audible = {name: (lufs, dbtp) for name, (lufs, dbtp) in levels.items() if lufs is not None and dbtp is not None}
        gains_db, matched_lufs = matching_gains_db(audible) if audible else ({}, None)
        return {
            "song": self.report.song,
            "rate": self.report.rate,
            "seconds": self.report.seconds,
            "matched_lufs": matched_lufs,
            "sounds": [
                {"name": name, **asdict(output), "matching_gain_db": gains_db.get(name)}
                for name, (_, output) in self.sounds.items()
            ],
            "files": [{"name": name, "bytes": path.stat().st_size} for name, path in self.files.items()],
            "tracks": [{"file": track["file"], "done": track["done"]} for track in self.report.tracks],
            "playback": self.report.playback,
            "explained_db": self.report.explanation.snr_db if self.report.explanation else None,
        }

    def course(self, name: str) -> Mapping[str, Sequence[float | None]]:
        """A sound over time: lowest and highest sample of each step, and short-term loudness (EBU Tech 3341).

        Raises:
            KeyError: If there is no such sound.
            WavemixError: If its file cannot be read.
        """
        path, _ = self.sounds[name]
        info = probe(path)
        meter = LoudnessMeter(info.rate, STEREO)
        steps = min(COURSE_STEPS, info.frames)
        edges = np.linspace(0, info.frames, steps + 1).astype(int)
        lowest, highest = [], []
        with TrackReader(info, info.rate) as reader:
            for samples in np.diff(edges):
                block = reader.read(int(samples))
                meter.update(block)
                lowest.append(round(float(block.min()), 4))
                highest.append(round(float(block.max()), 4))
        lufs = meter.short_term_lufs()
        return {
            "lowest": lowest,
            "highest": highest,
            "loudness_seconds": [
                round(SHORT_TERM_SECONDS / 2 + index * SHORT_TERM_HOP_SECONDS, 1) for index in range(len(lufs))
            ],
            "short_term_lufs": [finite(float(value)) for value in lufs],
        }

    def zip(self) -> Path:
        """All files in one, which is written once; in a folder that belongs into the song's."""
        packed = self.plain_out / "all.zip"
        if not packed.exists():
            partial = packed.with_suffix(".part")
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:  # sound does not get smaller
                for name, path in (*self.files.items(), (MANIFEST, self.out / MANIFEST)):
                    archive.write(path, f"{self.out.name}/{name}")
            partial.replace(packed)
        return packed

    def remove(self) -> None:
        """Remove all files of it."""
        remove(self.out, self.plain_out)


def remove(*folders: Path) -> None:
    """Remove folders, if they are there."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def mix(system: AutoMix, session: Session, wishes: MixWishes, plain_out: Path, progress: Progress) -> Mixed:
    """Mix a song, and its plain sum to compare it with; both are there in the end, or neither.

    Args:
        system: The models.
        session: The song.
        wishes: What its user wants.
        plain_out: Where to write the plain sum. The mix gets a new folder in the song's.
        progress: Told of every stage of both.

    Raises:
        WavemixError: As `AutoMix.mix`.
    """
    numbered = (session.folder / f"mix {number}" for number in count(1))
    out = next(folder for folder in numbered if not folder.exists())
    try:
        plain = system.mix(session, plain_out, wishes.plain_delivery, progress=progress, balance=wishes.plain_balance)
        report = system.mix(session, out, wishes.delivery, progress=progress, balance=wishes.balance, daw=wishes.daw)
    except BaseException:
        remove(out, plain_out)
        raise
    return Mixed(out, plain_out, session, report, plain)
