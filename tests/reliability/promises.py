"""The tables of docs/reliability.md as tests read them: what is tried, and what is promised then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile
from conftest import RATE, Outcome, noise

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"


@dataclass(frozen=True)
class Row:
    """A row of a table: `| what is tried | what happens |`, and for faults the test that holds it."""

    tried: str
    happens: str
    test: str = ""

    @property
    def refused(self) -> bool:
        """Whether one sentence and a status other than 0 are promised."""
        return self.happens.startswith("refused")

    @property
    def said(self) -> list[str]:
        """What the program says, literally: all that stands between backquotes."""
        return self.happens.split("`")[1::2]


def rows(heading: str) -> list[Row]:
    """The rows of the table below a heading."""
    lines = DOCUMENT.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0].splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) > 2, f"no table below {heading}"
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in table[2:]]


@dataclass(frozen=True)
class Bench:
    """Where a case makes its song, and what mixes it.

    Attributes:
        folder: For whatever it writes.
        weights: Of five models that add.
    """

    folder: Path
    weights: Path

    @property
    def song(self) -> Path:
        """A folder for tracks."""
        folder = self.folder / "song"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def out(self) -> Path:
        """Where the mix goes; it is not there, and must not be when a song is refused."""
        return self.folder / "deep" / "out"

    def track(self, name: str = "Kick.wav", seconds: float = 0.1, **options: object) -> Path:
        """A sound track in the song, as soundfile writes it with such options; noise of 0.1 s."""
        path = self.song / name
        channels = options.pop("channels", 1)
        rate = options.pop("samplerate", RATE)
        soundfile.write(path, noise(seconds, channels, rate, level=0.1), rate, **options)  # type: ignore[arg-type]
        return path

    def mix(self, *options: object, song: Path | None = None) -> list[object]:
        """The arguments that mix the song."""
        return ["mix", song or self.song, "-o", self.out, "--weights", self.weights, *options]


Case = Callable[[Bench], Sequence[object]]
"""Makes what is tried and gives the arguments of the command line that tries it."""


class Cases(dict[str, Case]):
    """The cases of a table by what is tried: `@case("a track that ...")` above the function that makes one."""

    def __init__(self, heading: str) -> None:
        self.rows = rows(heading)

    def __call__(self, tried: str) -> Callable[[Case], Case]:
        assert tried not in self, f"{tried}: twice"
        return lambda case: self.setdefault(tried, case)

    def check_complete(self) -> None:
        """Every row has its case and every case its row."""
        assert sorted(row.tried for row in self.rows) == sorted(self)


def hold(row: Row, outcome: Outcome, bench: Bench) -> None:
    """Whether what happened is what the row promises."""
    assert "Traceback" not in outcome.err
    if not row.refused:
        assert outcome.status == 0, outcome.err
        assert all(said in outcome.out for said in row.said), outcome.out
        return
    assert row.said, "a refusal has words"
    assert outcome.status in (1, 2), outcome.out
    assert all(said in outcome.err for said in row.said), outcome.err
    if outcome.status == 1:
        [line] = outcome.err.strip().splitlines()
        assert line.startswith("wavemix: ")
    assert not bench.out.parent.exists(), "something is left"
