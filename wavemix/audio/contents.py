"""What a container says of its samples, beside what libsndfile makes of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Head:
    """A beginning that a file is read with in place of its own.

    Attributes:
        data: The bytes.
        replaces: How many of the file's own they stand for.
    """

    data: bytes
    replaces: int


@dataclass(frozen=True)
class Contents:
    """What a container promises.

    Attributes:
        problem: What is missing or wrong, in words that follow the file's name; empty if it is whole.
        sample_bytes: Bytes of samples that are there; None where they are not counted in bytes.
        least_frames: Samples of one channel that must be read at least.
        head: What the file must be read with, so that libsndfile knows its length; None if it does.
    """

    problem: str = ""
    sample_bytes: int | None = None
    least_frames: int = 0
    head: Head | None = None


def promised(bytes_promised: int, bytes_there: int) -> Contents:
    """What to say of a file that ends before its samples do."""
    return Contents(
        f"is cut short (its header promises {bytes_promised:,} bytes of samples, {bytes_there:,} are there)"
    )
