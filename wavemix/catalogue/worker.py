"""What a worker does with each song: skip it, or mix it on a scratch disk and bring it to its place."""

import os
import platform
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import torch

from wavemix.catalogue.destination import Destination
from wavemix.catalogue.fingerprint import fingerprint
from wavemix.catalogue.listing import Song
from wavemix.errors import WavemixError
from wavemix.pipeline import AutoMix, Balance, Care, Delivery, Engine
from wavemix.session.hearing import Identify
from wavemix.session.manifest import dump_session, open_session
from wavemix.session.session import MANIFEST
from wavemix.zoo.ears import ear
from wavemix.zoo.mixer import DEFAULT_BLOCK_SECONDS


@dataclass(frozen=True)
class Settings:
    """How the songs of a catalogue are mixed, the same for all.

    Attributes:
        output: Where the mixes go: a folder, or a URL that fsspec knows.
        delivery: The form of the files.
        weights: As in `AutoMix.from_pretrained`.
        engine: As in `AutoMix.from_pretrained`.
        block_seconds: As in `AutoMix.mix`.
        family: As in `AutoMix.from_pretrained`.
        balance: As in `AutoMix.mix`.
        care: As in `AutoMix.mix`.
        identify: As in `AutoMix.mix`.
    """

    output: str
    delivery: Delivery = Delivery()
    weights: Path | str | None = None
    engine: Engine = Engine()
    block_seconds: float | None = DEFAULT_BLOCK_SECONDS
    family: str = "full"
    balance: Balance = field(default_factory=Balance)
    care: Care = Care()
    identify: Identify = "both"


@dataclass(frozen=True)
class Outcome:
    """What became of a song.

    Attributes:
        song: The song.
        state: `mixed` now, `kept` because it was done already, or `failed`.
        problem: Why it failed, in a sentence; else empty.
        seconds: Time spent on it in all.
        mixing_seconds: How much of that `AutoMix.mix` took.
        worker: Who did it.
        note: What else there is to know of a song that was mixed, in a sentence; mostly empty.
    """

    song: Song
    state: Literal["mixed", "kept", "failed"]
    problem: str = ""
    seconds: float = 0.0
    mixing_seconds: float = 0.0
    worker: str = ""
    note: str = ""


class Worker:
    """Mixes one song after the other; the weights are loaded once.

    Args:
        settings: How.
        scratch: A folder that is its own, for files on the way.
        threads: How many threads torch computes with.
    """

    def __init__(self, settings: Settings, scratch: Path, threads: int = 1) -> None:
        self._settings, self._scratch, self._threads = settings, scratch, threads
        self._me = f"{platform.node()}:{os.getpid()}"

    def load(self) -> str:
        """Load the weights; returns what is wrong with them or with the output, in a sentence, or nothing."""
        torch.set_num_threads(self._threads)
        try:
            settings = self._settings
            self._destination = Destination(settings.output)
            self._system = AutoMix.from_pretrained(settings.weights, engine=settings.engine, family=settings.family)
        except WavemixError as error:
            return str(error)
        return ""

    def mix(self, song: Song) -> Outcome:
        """Mix a song unless it is done; whatever goes wrong is in the outcome."""
        started = time.perf_counter()
        mixing_seconds: float | None = None
        problem = note = ""
        try:
            mixing_seconds, note = self._mix(song)
        except WavemixError as error:
            problem = str(error)
        except Exception as error:  # not foreseen; the other thousands of songs go on
            problem = f"{song.source}: {type(error).__name__}: {error}"
        state: Literal["mixed", "kept", "failed"]
        state = "failed" if problem else "kept" if mixing_seconds is None else "mixed"
        return Outcome(song, state, problem, time.perf_counter() - started, mixing_seconds or 0.0, self._me, note)

    def _mix(self, song: Song) -> tuple[float | None, str]:
        """Seconds that `AutoMix.mix` took, None if the song is done; and what else there is to tell."""
        settings = self._settings
        session = open_session(song.source, ear=ear(settings.identify))
        models = {name: self._system.model(name).config for name in self._system.models}
        mark = fingerprint(session, settings.delivery, settings.balance, models, settings.engine, settings.care)
        if self._destination.holds(song.name, mark):
            return None, ""
        doubt = self._destination.doubt(song.name)
        with TemporaryDirectory(dir=self._scratch) as folder:
            started = time.perf_counter()
            report = self._system.mix(
                session,
                folder,
                settings.delivery,
                settings.block_seconds,
                balance=settings.balance,
                care=settings.care,
            )
            seconds = time.perf_counter() - started
            # The one that lies there tells the way to the tracks from the scratch folder.
            Path(folder, MANIFEST).write_text(dump_session(session), encoding="utf-8")
            kept = self._destination.put(song.name, Path(folder), mark, self._me)
        count = len(report.warnings)
        warned = f"{song.name}: {count} warning{'s' if count > 1 else ''}; see its report.json." if count else ""
        return seconds, " ".join(filter(None, (*kept, doubt, warned)))
