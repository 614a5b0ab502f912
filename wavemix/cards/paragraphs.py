"""Paragraphs that a person writes for a card."""

from pathlib import Path

from wavemix.documents.files import read_text
from wavemix.errors import WavemixError


def read_paragraphs(file: Path, subject: str) -> str:
    """The text of a file, to stand in a section of a card.

    Args:
        file: Text, a paragraph or several.
        subject: What the file is to tell of, for the sentence if it tells nothing: `what you heard`.

    Raises:
        WavemixError: If the file cannot be read, has no words, or a heading, which would break the card's sections.
    """
    text = read_text(file, remedy="name a file with the paragraph to show").strip()
    if not text:
        raise WavemixError(f"{file}: is empty; write down {subject}.")
    if any(line.startswith("#") for line in text.splitlines()):
        raise WavemixError(f"{file}: has a heading; the card has one already, so write paragraphs only.")
    return text
