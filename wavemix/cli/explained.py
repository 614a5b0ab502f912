"""An explanation on a terminal: what `wavemix explain` prints, and the line of `wavemix mix --daw`."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wavemix.cli.console import print_table, say

if TYPE_CHECKING:
    from wavemix.explanation import Explanation

TRACK_COLUMNS = ("track", "group", "fader, dB", "pan", "of it level", "of it network", "part, dB", "equaliser, dB")
BUS_COLUMNS = ("group", "fader, dB", "pan", "SNR of the stem", "with equalisers")


def say_explained(explanation: "Explanation", written: Sequence[str]) -> None:
    """How near the faders come, and what was written."""
    say(f"  {how_near(explanation)}")
    for file in written:
        say(f"  {file}")


def print_explanation(explanation: "Explanation") -> None:
    """A row a track, then a row a group."""
    print_table(f"{explanation.song}: tracks to stems", TRACK_COLUMNS, track_rows(explanation))
    print_table(f"{explanation.song}: stems to mix", BUS_COLUMNS, bus_rows(explanation))


def how_near(explanation: "Explanation") -> str:
    """How near the faders come to the mix, in words."""
    near, from_stems = _snr(explanation.snr_db), _snr(explanation.snr_from_stems_db)
    return f"explained by faders and pans: the mix to {near} from its tracks, {from_stems} from its stems"


def track_rows(explanation: "Explanation") -> list[tuple[str, ...]]:
    """A row of `TRACK_COLUMNS` for each track."""
    from wavemix.explanation.balance_law import pan_in_words

    return [
        (
            strip.track,
            strip.group,
            *(
                (_db(strip.fader_db), pan_in_words(strip.pan), _db(strip.level_db), _db(strip.network_db))
                if strip.heard
                else ("not heard", "", "", "")
            ),
            "" if strip.part_db is None else f"{strip.part_db:.1f}",
            " ".join(f"{round(gain):+d}" for gain in strip.equaliser_db.values()),
        )
        for strip in explanation.tracks
    ]


def bus_rows(explanation: "Explanation") -> list[tuple[str, ...]]:
    """A row of `BUS_COLUMNS` for each group that is heard."""
    from wavemix.explanation.balance_law import pan_in_words

    return [
        (
            bus.group,
            _db(bus.fader_db),
            pan_in_words(bus.pan),
            _snr(bus.snr_db),
            "" if bus.equaliser_snr_db is None else _snr(bus.equaliser_snr_db),
        )
        for bus in explanation.buses
        if bus.snr_db is not None
    ]


def _db(value: float) -> str:
    return f"{value:+.1f}" if math.isfinite(value) else "off"


def _snr(value: float | None) -> str:
    return "silence" if value is None else f"{value:.1f} dB SNR"
