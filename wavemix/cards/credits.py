"""Credits for the sounds of the rendered songs that a model learned from.

`wavemix render` is given drum kits, instruments and rooms; only who gave them knows their authors and licences.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wavemix.cards.paragraphs import read_paragraphs

CREDITS = "credits"
"""The key of `metrics.json` that has the text."""

UNNAMED = "The sounds that the rendered songs are made of have authors and licences too, who are not named here."
"""What a card says where nobody gave a text."""


def read_credits(file: Path) -> str:
    """The credits in a file.

    Raises:
        WavemixError: As `read_paragraphs`.
    """
    return read_paragraphs(file, "whose sounds the rendered songs are made of, and under which licences")


def learned_from_rendered(metrics: Mapping[str, Any]) -> bool:
    """Whether a model learned from songs that `wavemix render` made."""
    return any(song.get("rendered") for song in metrics.get("songs", {}).get("train", []))


def credits_sentence(metrics: Mapping[str, Any]) -> str:
    """What the card says of the sounds of rendered songs; empty where a model learned from none."""
    return str(metrics.get(CREDITS, UNNAMED)) if learned_from_rendered(metrics) else ""
