"""How the page asks for a mix."""

from dataclasses import dataclass
from typing import Literal

from wavemix.audio.writing import Bits, Format
from wavemix.pipeline import Balance, Delivery


@dataclass(frozen=True)
class Trim:
    """What a group is raised by, in dB."""

    group: str
    gain_db: float


@dataclass(frozen=True)
class MixWishes:
    """How a song is to be mixed: the fields of `Delivery` and `Balance` that the page has.

    Attributes:
        trims: For groups.
        amount: From the plain sum, 0, to the networks' mix, 100.
        loudness_lufs: Loudness to bring the mix to; None leaves its level.
        loudness_target: The name of a loudness, such as `spotify`, in place of a number.
        ceiling_dbtp: True peak that the mix must not pass; None asks only that nothing clips.
        format: The form of the files.
        bits: What a sample has.
        rate: The models', or the one that most tracks have.
        daw: Programs to write a session of the tracks for, with the faders and pans that come nearest.

    Raises:
        ValueError: As `Balance` and `Delivery`.
    """

    trims: tuple[Trim, ...] = ()
    amount: float = 100.0
    loudness_lufs: float | None = None
    loudness_target: str | None = None
    ceiling_dbtp: float | None = None
    format: Format = "wav"
    bits: Bits = "24"
    rate: Literal["model", "source"] = "model"
    daw: tuple[Literal["reaper", "dawproject"], ...] = ()

    def __post_init__(self) -> None:
        _ = self.balance, self.delivery

    @property
    def balance(self) -> Balance:
        """The balance of the mix."""
        return Balance(self._gains_db, self.amount)

    @property
    def plain_balance(self) -> Balance:
        """The balance of the plain sum that it is compared with."""
        return Balance(self._gains_db, 0.0)

    @property
    def delivery(self) -> Delivery:
        """The form of the mix."""
        loudness = self.loudness_lufs if self.loudness_target is None else self.loudness_target
        return Delivery(self.format, self.bits, self.rate, loudness, self.ceiling_dbtp)

    @property
    def plain_delivery(self) -> Delivery:
        """The form of the plain sum, at its own level."""
        return Delivery(self.format, self.bits, self.rate, stems=False)

    @property
    def _gains_db(self) -> dict[str, float]:
        return {trim.group: trim.gain_db for trim in self.trims}
