"""What is played or sung: a note in time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """One event of a part.

    Attributes:
        start_seconds: Onset in the song.
        duration_seconds: Until it is released.
        midi: MIDI pitch, between two keys for who sings so; 0 for drums.
        velocity: How hard it is played, 0 to 1.
        syllable: What is sung on it.
    """

    start_seconds: float
    duration_seconds: float
    midi: float
    velocity: float
    syllable: str = ""
