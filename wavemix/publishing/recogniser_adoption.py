"""A recogniser in place of the published one."""

import shutil
from pathlib import Path

from wavemix.cards.card import CARD, METRICS
from wavemix.errors import WavemixError
from wavemix.staging import staged_folder
from wavemix.zoo.config import CONFIG, WEIGHTS
from wavemix.zoo.recogniser import load_recogniser
from wavemix.zoo.registry import CARDS, PINS, RECOGNISER, Pin, pin


def adopt_recogniser(folder: Path, cards: Path = CARDS, pins: Path = PINS) -> str:
    """Publish a recogniser, with the card and the measurements that lie beside it, and pin its hash.

    Args:
        folder: Where `wavemix recogniser train` wrote it.
        cards: The published models.
        pins: The file of their hashes.

    Returns:
        The hash.

    Raises:
        WavemixError: If it is no recogniser that loads, or what goes with it is missing or cannot be written.
    """
    sha256 = load_recogniser(folder).config.sha256
    files = (CONFIG, WEIGHTS, METRICS, CARD)
    for name in files:
        if not (folder / name).is_file():
            raise WavemixError(f"{folder / name}: is missing; name a folder that `wavemix recogniser train` wrote.")
    with staged_folder(cards / RECOGNISER.name) as stage:
        for name in files:
            shutil.copy(folder / name, stage / name)
    pin({RECOGNISER.name: Pin(sha256)}, pins)
    return sha256
