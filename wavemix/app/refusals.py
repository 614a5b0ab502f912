"""What the app refuses, as the sentence that its page shows and the status that HTTP has for it."""

from pathlib import Path

from wavemix.errors import WavemixError


class Refusal(WavemixError):
    """Something that the app does not do.

    Attributes:
        status: The answer's status in HTTP.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def status_of(error: WavemixError) -> int:
    """The status of an answer that tells of an error: 400 where the user's files or wishes are wrong."""
    return error.status if isinstance(error, Refusal) else 400


def without_folder(sentence: str, folder: Path) -> str:
    """A sentence in which files are called as their owner knows them, without the folder where the app keeps them.

    Examples:
        >>> without_folder("/tmp/visit/song/Kick.wav: is cut short; copy it again.", Path("/tmp/visit"))
        'song/Kick.wav: is cut short; copy it again.'
    """
    return sentence.replace(f"{folder}/", "").replace(str(folder), "this song")
