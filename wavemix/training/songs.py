"""Which songs weights have learned from, those of the weights that they started from included."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.cards.card import read_metrics
from wavemix.data.datamodule import MixDataModule

SongRow = dict[str, Any]
"""`title`, `licence` and `seconds` of a song, as `metrics.json` has them; `rendered` where that is true."""


def song_rows(data: MixDataModule, split: str) -> list[SongRow]:
    """The songs of a split that a model learns from, or is measured on.

    Raises:
        WavemixError: As `MixDataModule.songs`.
    """
    return [
        {"title": song.facts.title, "licence": song.facts.licence, "seconds": round(song.samples / SAMPLE_RATE, 1)}
        | ({"rendered": True} if song.facts.rendered else {})
        for song in data.songs(split)
    ]


def learned_from(earlier: Path | None, own: Iterable[SongRow]) -> list[SongRow]:
    """The songs of a training and those of the weights that it started from, each once.

    Args:
        earlier: The folder of those weights; None if it started from none.
        own: The training's songs.
    """
    known: Mapping[str, Any] = read_metrics(earlier) if earlier is not None else {}
    rows = [*known.get("songs", {}).get("train", []), *own]
    return list({(row["title"], row["licence"]): row for row in rows}.values())
