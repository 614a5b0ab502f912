"""The CSV of a listening test: what the page writes and `analyse` reads.

One file a listener, or several joined, with the header `listener,song,mix,position,dimension,rating`. A row is a
rating; or an answer of the questionnaire, which has no song, mix and position, its question as `dimension` and
its answer as `rating`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wavemix.documents.csv_text import read_rows
from wavemix.documents.json_text import read_json
from wavemix.documents.values import shown
from wavemix.errors import WavemixError

COLUMNS = ("listener", "song", "mix", "position", "dimension", "rating")
DIMENSIONS = ("balance", "clarity", "panning", "space", "dynamics", "overall")
RATINGS = range(1, 6)
YEARS = "years_of_experience"
KEY = "key.json"
"""The file that says what the hashes of songs and mixes stand for: `{"songs": {hash: name}, "mixes": ...}`."""


@dataclass(frozen=True)
class Rated:
    """What was rated, and by whom."""

    listener: str
    song: str
    mix: str
    dimension: str


@dataclass(frozen=True)
class Ratings:
    """The ratings and answers of all listeners.

    Attributes:
        values: Each rating, on five points.
        answers: Each listener's answers, by question.
    """

    values: Mapping[Rated, int]
    answers: Mapping[str, Mapping[str, str]]

    @property
    def listeners(self) -> tuple[str, ...]:
        """The names of those who rated."""
        return tuple(sorted({rated.listener for rated in self.values}))

    @property
    def songs(self) -> tuple[str, ...]:
        """The songs, by name."""
        return tuple(sorted({rated.song for rated in self.values}))

    @property
    def mixes(self) -> tuple[str, ...]:
        """The mixes, by name."""
        return tuple(sorted({rated.mix for rated in self.values}))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that were rated, in their usual order."""
        rated = {rated.dimension for rated in self.values}
        return tuple(dimension for dimension in DIMENSIONS if dimension in rated)


def read_ratings(paths: Sequence[Path]) -> Ratings:
    """Read and check the ratings of any number of listeners.

    Args:
        paths: CSV files, keys (`*.json`), or folders of both.

    Raises:
        WavemixError: If a file cannot be read, a row is wrong, or a listener has not rated every mix of a song.
    """
    files = [file for path in paths for file in _files(path)]
    tables = [file for file in files if file.suffix.lower() != ".json"]
    if not tables:
        raise WavemixError(f"{', '.join(map(str, paths))}: holds no .csv file; give the files that listeners sent.")
    reader = _Reader([_key(file) for file in files if file.suffix.lower() == ".json"])
    for file in tables:
        reader.read(file)
    if not reader.values:
        raise WavemixError(f"{tables[0]}: holds no ratings; give the files that listeners sent.")
    ratings = Ratings(reader.values, reader.answers)
    _check_complete(ratings)
    return ratings


@dataclass
class _Reader:
    """Collects rows, and remembers where each came from."""

    keys: Sequence[Mapping[str, Mapping[str, str]]]
    values: dict[Rated, int] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    _places: dict[object, str] = field(default_factory=dict)

    def read(self, file: Path) -> None:
        """Take the rows of one file."""
        for place, row in _rows(file):
            if len(row) != len(COLUMNS):
                raise WavemixError(f"{place}: has {len(row)} columns in place of {len(COLUMNS)}; correct or remove it.")
            listener, song, mix, position, dimension, rating = (cell.strip() for cell in row)
            if not listener:
                raise WavemixError(f"{place}: names no listener; correct or remove it.")
            if song or mix or position:
                rated = Rated(listener, self._name("songs", song), self._name("mixes", mix), dimension)
                self._once(place, rated, f"{listener} rated the {dimension} of {rated.mix} of {rated.song}")
                self.values[rated] = _rating(place, rated, position, rating)
            else:
                self._once(place, (listener, dimension), f"{listener} answered {dimension}")
                self.answers.setdefault(listener, {})[dimension] = _answer(place, dimension, rating)

    def _name(self, kind: str, code: str) -> str:
        """What a hash stands for; a name stands for itself."""
        return next((key[kind][code] for key in self.keys if code in key[kind]), code)

    def _once(self, place: str, what: object, told: str) -> None:
        if what in self._places:
            raise WavemixError(f"{place}: {told} in {self._places[what]} already; remove one of the two.")
        self._places[what] = place


def _rating(place: str, rated: Rated, position: str, rating: str) -> int:
    if not rated.song or not rated.mix:
        raise WavemixError(f"{place}: a rating needs a song and a mix; correct or remove it.")
    if _whole(position) < 1:
        raise WavemixError(
            f"{place}: the position {shown(position)} is not a whole number from 1; correct or remove it."
        )
    if rated.dimension not in DIMENSIONS:
        raise WavemixError(f"{place}: {shown(rated.dimension)} is not a dimension; use {', '.join(DIMENSIONS)}.")
    if _whole(rating) not in RATINGS:
        raise WavemixError(
            f"{place}: the rating {shown(rating)} is not a whole number from {RATINGS[0]} to {RATINGS[-1]}; "
            "correct or remove it."
        )
    return int(rating)


def _whole(text: str) -> int:
    """A whole number of a few digits; -1 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _answer(place: str, question: str, answer: str) -> str:
    if not question or question in DIMENSIONS:
        raise WavemixError(f"{place}: a row with no song, mix and position must name a question; correct or remove it.")
    if question == YEARS:
        try:
            years = float(answer)
        except ValueError:
            years = math.nan
        if not 0 <= years < math.inf:
            raise WavemixError(f"{place}: {shown(answer)} is not a number of years; correct or remove it.")
    return answer


def _check_complete(ratings: Ratings) -> None:
    """Refuse gaps: means over different songs would not compare."""
    for listener, song in sorted({(rated.listener, rated.song) for rated in ratings.values}):
        for mix in ratings.mixes:
            for dimension in ratings.dimensions:
                if Rated(listener, song, mix, dimension) not in ratings.values:
                    raise WavemixError(
                        f"{listener} has not rated the {dimension} of {mix} of {song}; add that rating, or remove "
                        f"this listener's rows of {song}."
                    )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [*sorted(path.glob("*.csv")), *sorted(path.glob(KEY))]
    return [path]


def _rows(file: Path) -> Iterator[tuple[str, list[str]]]:
    """The rows of a CSV file, each with its place; files joined into one may repeat the header."""
    rows = read_rows(file, "give the file as the page wrote it")
    _, header = next(rows, ("", []))
    if tuple(header) != COLUMNS:
        raise WavemixError(f"{file}: does not begin with the line {','.join(COLUMNS)}; give files from the test.")
    yield from ((place, row) for place, row in rows if tuple(row) != COLUMNS)


def _key(file: Path) -> Mapping[str, Mapping[str, str]]:
    key = read_json(file, remedy=f"give the {KEY} of the export")
    if not isinstance(key, dict) or not all(_are_names(key.get(kind)) for kind in ("songs", "mixes")):
        raise WavemixError(f"{file}: must map `songs` and `mixes` to their names; give the {KEY} of the export.")
    names: Mapping[str, Mapping[str, str]] = key
    return names


def _are_names(section: object) -> bool:
    return isinstance(section, dict) and all(isinstance(name, str) for name in section.values())
