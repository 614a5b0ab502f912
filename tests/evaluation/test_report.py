"""The report says what the results say, and needs nothing but itself."""

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import soundfile

from wavemix.evaluation import courses, figures
from wavemix.evaluation.report import render_report, table_of_means, write_report
from wavemix.evaluation.results import MEASURES, REFERENCE, MixResult, SongResult
from wavemix.metrics.artefacts import Artefacts
from wavemix.metrics.course import follow
from wavemix.metrics.descriptors import DESCRIPTORS, Descriptors
from wavemix.metrics.excerpt import Window
from wavemix.metrics.levels import Levels
from wavemix.metrics.matching import Match
from wavemix.metrics.production import ProductionDistances
from wavemix.metrics.reference import AgainstReference
from wavemix.metrics.similarity import Similarity
from wavemix.statistics.between import Comparison, Pair

RATE, SECONDS, FRAMES = 8_000, 1.5, 40
SI_SDR_DB = {"near": 9.0, "far": 1.5}
MIXES = (REFERENCE, *SI_SDR_DB)


def make_mix(name: str, seed: int, has_reference: bool = True) -> MixResult:
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.06, 0.4, (6, FRAMES))
    values[[0, 1, 3, 4, 5], 10:15] = np.nan  # unvoiced
    rival = has_reference and name != REFERENCE
    distance = seed / 10
    excerpt = rng.uniform(-0.5, 0.5, (2, round(RATE * SECONDS))).astype(np.float32)
    return MixResult(
        name=name,
        levels=Levels(-20.0 - seed, -18.0 - seed, 4.5, -1.0, 15.25, SECONDS),
        match=Match(-12, -1, 3.25) if rival else None,
        production=ProductionDistances(2.0 - distance, 0.01, 0.02, *[distance] * 3) if rival else None,
        against=AgainstReference(SI_SDR_DB.get(name, 0.0), *[distance] * 3, 0.01, 0.0, 0.02, distance)
        if rival
        else None,
        artefacts=Artefacts(-60.0 - seed, -1.5 * seed if rival else None, 2.5 * seed if rival else None),
        course=follow(excerpt, RATE),
        descriptors=Descriptors(np.arange(FRAMES) * 0.025, *values),
        similarity=Similarity(20 * distance, 1 - distance, 1 - distance) if has_reference else None,
        self_similarity=rng.uniform(0, 255, (12, 12)),
        excerpt=excerpt,
    )


def make_comparison(names: tuple[str, ...], difference: float, p: float, count: float) -> Comparison:
    interval = difference, 0.125, 2 * difference - 0.125
    pairs = tuple(Pair(a, b, *interval, p) for i, a in enumerate(names) for b in names[i + 1 :])
    many = len(names)
    return Comparison(names, (count,) * many, (0.25,) * many, (0.0625,) * many, 5.0, p, many - 1, count - many, pairs)


COMPUTED_BY = {"backend": "torch", "precision": "bfloat16", "device": "cpu"}


def make_song(name: str = "song", mixes: tuple[str, ...] = MIXES) -> SongResult:
    has_reference = REFERENCE in mixes
    raw = np.random.default_rng(9).uniform(-0.5, 0.5, (5, round(RATE * SECONDS))).astype(np.float32)
    pair = make_comparison(mixes, 0.5, 0.001, 600), make_comparison(mixes, 0.25, 0.3, 21)
    return SongResult(
        name=name,
        computed_by={"drums": COMPUTED_BY, "mix": COMPUTED_BY},
        rate=RATE,
        seconds=SECONDS,
        window=Window(0.0, SECONDS, 2.5),
        excerpt_lufs=-14.0,
        raw_excerpts={f"drums/{index}.wav": track for index, track in enumerate(raw)},
        mixes=tuple(make_mix(mix, seed, has_reference) for seed, mix in enumerate(mixes)),
        comparisons=dict.fromkeys(DESCRIPTORS, pair),
    )


class Page(HTMLParser):
    """What a browser would see of a page's tables, addresses and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.marked: list[str] = []
        self.addresses: list[str] = []
        self.elements: set[str] = set()
        self.text = ""
        self._cell: list[str] | None = None
        self._is_marked = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.add(tag)
        self.addresses += [value for key, value in attrs if key in ("src", "href", "xlink:href", "data") and value]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell, self._is_marked = [], given.get("class") == "best"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            text = "".join(self._cell).strip()
            self.tables[-1][-1].append(text)
            self.marked += [text] if self._is_marked else []
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell is not None:
            self._cell.append(data)

    def line(self, label: str, table: int = 0) -> list[str]:
        """The cells of the line with a label."""
        [cells] = [line[1:] for line in self.tables[table] if line and line[0] == label]
        return cells


@pytest.fixture(scope="module")
def html() -> str:
    return render_report([make_song()])


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_it_needs_no_other_file(page):
    assert page.addresses
    assert all(address.startswith(("data:", "#")) for address in page.addresses)


def test_it_is_written_whole(tmp_path, html):
    write_report([make_song()], tmp_path / "new" / "report.html")
    assert (tmp_path / "new" / "report.html").read_text(encoding="utf-8") == html  # the same results, the same text
    assert [path.name for path in tmp_path.rglob("*.*")] == ["report.html"]


def test_every_measure_of_every_mix_is_in_the_table(page):
    song = make_song()
    assert page.tables[0][0][1:] == list(MIXES)
    for measure in MEASURES:
        for cell, mix in zip(page.line(measure.title), song.mixes, strict=True):
            value = mix.value(measure)
            shown = None if cell == "–" else float(cell.replace("−", "-"))
            assert shown == (None if value is None else pytest.approx(value, rel=0.005, abs=0.005))


def test_the_mix_nearest_to_the_reference_is_marked(page):
    si_sdr, bark, polarity = (page.line(title) for title in ("SI-SDR, dB", "Bark distance", "polarity"))
    assert (si_sdr, bark, polarity) == (["–", "9.00", "1.50"], ["–", "0.100", "0.200"], ["–", "−1", "−1"])
    crest = page.line("crest distance, dB")
    assert crest == ["–", "1.90", "1.80"]
    assert "1.80" in page.marked and "1.90" not in page.marked
    assert "9.00" in page.marked and "1.50" not in page.marked  # more is better
    assert "0.100" in page.marked and "0.200" not in page.marked  # less is better
    assert "0.00" not in page.marked  # the reference competes with nobody, nor do equals
    assert "−20.00" not in page.marked  # a level is not good or bad


def test_the_excerpts_can_be_heard(page):
    sounds = [address for address in page.addresses if address.startswith("data:audio/flac;base64,")]
    for address, mix in zip(sounds, make_song().mixes, strict=True):
        audio, rate = soundfile.read(io.BytesIO(base64.b64decode(address.partition(",")[2])))
        assert rate == RATE
        np.testing.assert_allclose(audio.T, mix.excerpt, atol=2**-15)


def test_each_descriptor_has_both_forms_and_a_sentence(page):
    assert page.text.count("Believe the right-hand columns") == 1
    sentences = re.findall(r"Of 3 pairs 3 differ in the paper's form \(p < 0.05\), 0 once the frames'", page.text)
    assert len(sentences) == len(DESCRIPTORS)
    assert "they tell as much as 21 independent ones" in page.text
    means, *comparisons = page.tables[1:]
    assert [line[0] for line in means[1:]] == ["Odd to even", "RMS energy", "Harmonic energy", "Noisiness"]
    assert means[1][1:] == ["0.250 (0.0625)"] * 3
    for table in comparisons:
        assert table[2] == ["all mixes", "", "F(2, 597) = 5.00", "0.001", "", "F(2, 18) = 5.00", "0.300"]
        first = "reference − near"
        assert table[3] == [first, "0.500", "0.125 to 0.875", "0.001", "0.250", "0.125 to 0.375", "0.300"]


def test_means_are_over_the_songs_that_have_a_mix():
    first, second = make_song("first"), make_song("second", MIXES[:2])
    louder = replace(second.mixes[1], levels=replace(second.mixes[1].levels, integrated_lufs=-9.0))
    table = table_of_means([first, replace(second, mixes=(second.mixes[0], louder))], MIXES)
    lines = {row.label: row.cells for rows in table.values() for row in rows}
    assert lines["songs"] == ("2", "2", "1")
    assert lines["loudness, LUFS"] == ("−18.00", "−14.00", "−20.00")
    assert "lag, samples" not in lines  # of two songs it has no mean


NASTY = "<b>$^$ 混音 & _co"


@pytest.fixture(scope="module")
def odd() -> Page:
    """A song without a reference, whose names are nasty and whose second mix and tracks are silent."""
    song = make_song(NASTY, (NASTY, "_x"))
    silent = replace(
        song.mixes[1],
        levels=Levels(-np.inf, -np.inf, None, -np.inf, np.nan, SECONDS),
        descriptors=Descriptors(*np.full((7, 0), np.nan)),
        excerpt=np.zeros_like(song.mixes[1].excerpt),
        course=follow(np.zeros_like(song.mixes[1].excerpt), RATE),
    )
    quiet = {NASTY: np.zeros_like(song.raw_excerpts["drums/0.wav"])}
    paper, series = song.comparisons["noisiness"]
    unknown = tuple(replace(pair, difference=np.nan, low=np.nan, high=np.nan, p=np.nan) for pair in series.pairs)
    comparisons = {"noisiness": (paper, replace(series, f=np.nan, p=np.nan, pairs=unknown))}
    song = replace(song, mixes=(song.mixes[0], silent), raw_excerpts=quiet, comparisons=comparisons)
    return Page(render_report([song, make_song()]))


def test_names_are_text_wherever_they_stand(odd):
    assert odd.tables[0][0][1] == odd.tables[1][0][1] == NASTY
    assert odd.text.count(NASTY) >= 12
    assert "b" not in odd.elements


def test_without_a_reference_nothing_is_held_against_it(odd):
    labels = [line[0] for line in odd.tables[1]]
    assert "RMS, dBFS" in labels
    assert not {"SI-SDR, dB", "log-spectral distance, dB", "lag, samples", "SSM RMSE"} & set(labels)


def test_what_is_silent_or_unknown_is_said_so(odd):
    assert odd.line("loudness, LUFS", table=1) == ["−18.00", "−∞"]
    assert odd.line("crest, dB", table=1) == ["15.25", "–"]
    assert odd.text.count("too few frames in which all mixes have a value") == 1
    assert odd.line(f"{NASTY} − _x", table=3) == ["0.500", "0.125 to 0.875", "0.001", "–", "–", "–"]


def test_figures_take_the_pages_ink_and_words(html):
    assert figures.INK not in html
    assert "$" not in html  # Matplotlib's mathematics would be shown as it is written
    assert html.count("currentColor") > 100


def test_figures_of_one_page_do_not_share_ids():
    svgs = [figures.draw_self_similarities(make_song(name)) for name in ("first", "second")]
    first, second = (set(re.findall(r'<clipPath id="(\w+)"', svg)) for svg in svgs)
    assert first and not first & second


def dots(svg: str, colour: str) -> int:
    return len(re.findall(rf'<use [^>]*style="fill: {colour}', svg))


def test_a_dot_is_a_level_that_exists():
    colour = figures.colours(MIXES)
    near = colour["near"]
    assert len(set(colour.values())) == len(MIXES)
    songs = [make_song("a"), make_song("b")]
    assert dots(figures.draw_levels(songs, colour), near) == 2 * 5 + 1  # and one in the legend
    mixes = list(songs[0].mixes)
    mixes[1] = replace(mixes[1], levels=replace(mixes[1].levels, range_lu=None, integrated_lufs=-np.inf))
    assert dots(figures.draw_levels([replace(songs[0], mixes=tuple(mixes)), songs[1]], colour), near) == 2 * 5 - 2 + 1


def line_lengths(svg: str, colour: str) -> list[int]:
    """Of the drawn curves: vertices of each stretch."""
    paths = re.findall(rf'<path d="([^"]+)" clip-path="[^"]+" style="fill: none; stroke: {colour}', svg)
    return [stretch.count("\n") for path in paths for stretch in path.split("M ")[1:]]


def test_a_descriptor_is_drawn_for_each_mix_and_broken_where_it_is_unknown():
    colour = figures.colours(MIXES)
    stretches = line_lengths(figures.draw_descriptors(make_song(), colour), colour["near"])
    assert len(stretches) == 4 * 2 + 1  # unvoiced in the middle, but for the RMS energy


def test_the_course_has_a_line_and_a_spectrum_a_mix_and_a_difference_a_rival():
    song = make_song(mixes=(*MIXES, "oracle gains"))
    colour = figures.colours([mix.name for mix in song.mixes])
    svg = courses.draw_course(song, colour)
    for name in SI_SDR_DB:
        assert len(line_lengths(svg, colour[name])) == 3  # balance, width, long-term spectrum: too short for loudness
    assert not line_lengths(svg, colour["oracle gains"])
    assert svg.count("<image ") == len(MIXES) + len(MIXES[1:]) + 2  # and two scales
    assert "Spectrum of near" in svg and "near less the reference" in svg


def test_a_course_can_be_silent_and_without_a_reference():
    song = make_song(NASTY, (NASTY, "_x"))
    silent = replace(song.mixes[0], course=follow(np.zeros((2, RATE * 4)), RATE))
    png = courses.course_png(replace(song, mixes=(silent, song.mixes[1])))
    assert png == courses.course_png(replace(song, mixes=(silent, song.mixes[1])))
    assert "less the reference" not in courses.draw_course(song, dict.fromkeys((NASTY, "_x"), "#112233"))


def test_the_mel_spectrogram_shows_a_tone_at_its_band():
    time = np.arange(44_100) / 44_100
    level_db = figures._mel_db(0.5 * np.sin(2 * np.pi * 2_000 * time), 44_100)
    places, names = figures._mel_ticks(44_100)
    assert names == ["500", "2k", "8k"]
    assert level_db.mean(axis=1).argmax() == pytest.approx(places[1] - 0.5, abs=1)


def test_every_constant_that_the_definitions_name_is_the_one_in_use(html):
    assert "frames of 100 ms every\n25 ms, 20 partials" in html
    assert "hop 2048 samples" in html
    assert "power spectra of 2048 samples,\nhop 1024, in 48 bands" in html
    assert "1024/120/600, 2048/240/1200, 512/50/240" in html
