"""What a person found who looked at a model's mixes, beside the reference and the plain sum, and listened to them.

It tells of one file of weights, and is dropped with them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wavemix.cards.paragraphs import read_paragraphs
from wavemix.zoo.config import ModelConfig

LISTENING = "listening"
"""The key of `metrics.json` that has the text, and the hash of the weights that it tells of."""


def read_listening(file: Path, config: ModelConfig) -> dict[str, dict[str, str]]:
    """What a file says of a checkpoint, as `metrics.json` holds it.

    Args:
        file: Text, a paragraph or several.
        config: The checkpoint that it tells of.

    Raises:
        WavemixError: As `read_paragraphs`.
    """
    return {LISTENING: {"sha256": config.sha256, "text": read_paragraphs(file, "what you saw and heard")}}


def without_stale(metrics: Mapping[str, Any], config: ModelConfig) -> dict[str, Any]:
    """Metrics less what was said of other weights than a checkpoint's."""
    kept = dict(metrics)
    if kept.get(LISTENING, {}).get("sha256") != config.sha256:
        kept.pop(LISTENING, None)
    return kept


def listening_section(metrics: Mapping[str, Any], config: ModelConfig) -> Iterator[str]:
    """The card's section, where there is something to say of these very weights."""
    found = without_stale(metrics, config).get(LISTENING)
    if found:
        yield f"## Looked at\n\n{found['text']}"
