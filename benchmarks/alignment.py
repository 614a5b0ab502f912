"""How well `--align` finds lags and polarities that are known, and whether it leaves unrelated tracks where they are.

    python benchmarks/alignment.py SONG...

SONG is a song in the plain layout. Of the half minute of each kit in which its drums play most (`kits.py`), the close
microphones are moved by -300 to 300 samples and turned over by chance, and brought back. Of a kit that was recorded
with overheads, the lag without a shift is what is measured there; a shift must change it by just as much. Of overheads
that were made here the lag is known. A microphone that was clear without a shift, and is not with one, counts as wrong.
Held out are the songs on which no threshold was chosen. Where songs were rendered with microphones of one name, it is
shown how these lie in each of them. Pairs of tracks that have nothing in common are compared as if they were a kit, or
takes of one instrument: none may be moved. A stranger is a drum of another song, put among the microphones of a kit.

Last, it is measured what a move by less than a sample would be worth: the overhead is delayed by half a sample, and the
highest correlation above 4 kHz at whole samples is held against the highest at eighths of one.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path, PurePath
from statistics import median

import click
import numpy as np
import scipy.fft
import scipy.signal
from kits import CHOSEN_ON, KINDS, RATE, RECORDED, Kit, Wave, kits_of, read_tracks

from wavemix.audio.arrays import array_info
from wavemix.cli.console import print_table
from wavemix.dsp.alignment import delayed
from wavemix.session.care import Alignment
from wavemix.session.session import Track
from wavemix.takes.alignment import Found, Opened, compare

FARTHEST_SHIFT = 300
PARTS = 8  # of a sample
AROUND = 512  # samples
BRIGHT_HZ = 4_000.0
SAME_PLACE = 44  # samples: a millisecond

Named = tuple[Track, Wave]


@click.command()
@click.argument("songs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--trials", default=3, show_default=True, help="Shifts of each microphone.")
@click.option("--pairs", default=200, show_default=True, help="Pairs of unrelated tracks.")
@click.option("--seconds", default=30.0, show_default=True, help="How much of each song is used.")
@click.option("--each", is_flag=True, help="Show every kit.")
def main(songs: tuple[Path, ...], trials: int, pairs: int, seconds: float, each: bool) -> None:
    rng = np.random.default_rng(0)
    tracks = {song: read_tracks(song, round(seconds * RATE)) for song in songs}
    kits = [kit for song, own in tracks.items() for kit in kits_of(song.name, own, rng)]
    counts = {(kind, chosen): Counter[str]() for kind in KINDS for chosen in (True, False)}
    rows, places = [], defaultdict(list)
    for kit in kits:
        unmoved = _compare(kit.overhead, kit.close)
        found = _try(kit, unmoved, trials, rng)
        rows.append((kit.name, kit.kind, *_cells(found)))
        counts[kit.kind, kit.name in CHOSEN_ON] += found
        for label, lies in unmoved.items() if kit.kind == RECORDED else ():
            if lies is not None:
                name = PurePath(label).stem.partition("_")[2]
                places[name].append((lies.alignment.lag_samples, lies.alignment.polarity))
    columns = ("microphones", "left alone", "trials", "lag within 1 sample", "polarity", "moved again")
    if each:
        print_table("known shifts and flips, by kit", ("song", "kit", *columns), rows)
    print_table(
        "known shifts and flips",
        ("kit", "songs", *columns),
        [
            (kind, songs, *_cells(sum((counts[kind, chosen] for chosen in included), Counter[str]())))
            for kind in KINDS
            for songs, included in (("all", (True, False)), ("held out", (False,)))
        ],
    )
    print_table(
        "microphones of one name in several recorded songs",
        ("microphone", "songs", "median lag", "within a millisecond of it", "polarity alike"),
        [(name, *_agreement(found)) for name, found in sorted(places.items()) if len(found) > 1],
    )
    _show_unrelated(tracks, pairs, rng)
    _show_strangers(kits, tracks, rng)
    _show_fractions(kits)


def _try(kit: Kit, unmoved: dict[str, Found | None], trials: int, rng: np.random.Generator) -> Counter[str]:
    """Counts of what was right."""
    clear = {label: lies.alignment for label, lies in unmoved.items() if lies is not None}
    true = {label: Alignment(lag) for label, lag in kit.lags.items()} or clear
    counts = Counter(microphones=len(unmoved), unclear=len(unmoved) - len(clear))
    for _ in range(trials):
        shifts = {label: int(rng.integers(-FARTHEST_SHIFT, FARTHEST_SHIFT + 1)) for label in kit.close}
        flips = {label: int(rng.choice([-1, 1])) for label in kit.close}
        shifted = {label: flips[label] * delayed(wave, shifts[label]) for label, wave in kit.close.items()}
        for label, lies in _compare(kit.overhead, shifted).items():
            if lies is None:
                counts["trials"] += label in clear
            elif label in true:
                off = lies.alignment.lag_samples - shifts[label] - true[label].lag_samples
                counts["trials"] += 1
                counts["lag"] += abs(off) <= 1
                counts["polarity"] += lies.alignment.polarity == flips[label] * true[label].polarity
    aligned = {
        label: clear[label].polarity * delayed(wave, -clear[label].lag_samples) if label in clear else wave
        for label, wave in kit.close.items()
    }
    again = _compare(kit.overhead, aligned)
    counts["again"] = sum(lies is not None and lies.alignment.moves for label, lies in again.items() if label in clear)
    return counts


def _cells(counts: Counter[str]) -> tuple[str, ...]:
    def part(what: str) -> str:
        return f"{100 * counts[what] / max(1, counts['trials']):.1f} %"

    numbers = (str(counts[what]) for what in ("microphones", "unclear", "trials"))
    return (*numbers, part("lag"), part("polarity"), str(counts["again"]))


def _agreement(found: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    lags, polarities = zip(*found, strict=True)
    middle = median(lags)
    near = sum(abs(lag - middle) <= SAME_PLACE for lag in lags)
    alike = max(Counter(polarities).values())
    return str(len(found)), f"{middle:g}", f"{near} of {len(found)}", f"{alike} of {len(found)}"


def _compare(first: Wave, others: dict[str, Wave], kit: bool = True) -> dict[str, Found | None]:
    opened = [_opened(label, wave) for label, wave in others.items()]
    return dict(zip(others, compare(_opened("overhead", first), opened, kit), strict=True)) if others else {}


def _opened(label: str, wave: Wave) -> Opened:
    return Track(PurePath(label), "drums", "kick", ""), array_info(label, wave[np.newaxis], RATE)


def _show_unrelated(tracks: dict[Path, list[Named]], count: int, rng: np.random.Generator) -> None:
    """Half of the pairs drums of different songs; the others tracks of any song, of one song in different groups."""
    everything = [(song, track, wave) for song, own in tracks.items() for track, wave in own]
    drums, others = [], []
    for (song, track, first), (other_song, other, second) in combinations(everything, 2):
        if song != other_song and track.group == other.group == "drums":
            drums.append((first, second))
        elif "drums" not in (track.group, other.group) and (song != other_song or track.group != other.group):
            others.append((first, second))
    rows = []
    for what, pairs, kit in (("microphones of a kit", drums, True), ("takes of one instrument", others, False)):
        chosen = rng.choice(len(pairs), min(len(pairs), count // 2), replace=False)
        moved = [_compare(pairs[i][0], {"other": pairs[i][1]}, kit)["other"] for i in chosen]
        rows.append((what, str(len(moved)), str(sum(lies is not None and lies.alignment.moves for lies in moved))))
    print_table("unrelated pairs", ("compared as", "pairs", "moved"), rows)


def _show_strangers(kits: Sequence[Kit], tracks: dict[Path, list[Named]], rng: np.random.Generator) -> None:
    drums = [(song.name, wave) for song, own in tracks.items() for track, wave in own if track.group == "drums"]
    rows = []
    for kind in KINDS:
        moved = []
        for kit in (kit for kit in kits if kit.kind == kind):
            strangers = [wave for name, wave in drums if name != kit.name]
            if strangers:
                stranger = strangers[int(rng.integers(len(strangers)))]
                moved.append(_compare(kit.overhead, {**kit.close, "stranger": stranger})["stranger"] is not None)
        rows.append((kind, str(len(moved)), str(sum(moved))))
    print_table("a stranger among the microphones of a kit", ("kit", "kits", "moved"), rows)


def _show_fractions(kits: Sequence[Kit]) -> None:
    """What whole samples lose where the true lag lies between two, in the treble and in all."""
    rows = []
    for kind in KINDS:
        bright, all_of_it = [], []
        for kit in (kit for kit in kits if kit.kind == kind):
            for wave in kit.close.values():
                bright.append(_best_correlations(wave, kit.overhead, BRIGHT_HZ))
                all_of_it.append(_best_correlations(wave, kit.overhead, 0.0))
        cells = [f"{median(values):.3f}" for pairs in (bright, all_of_it) for values in zip(*pairs, strict=True)]
        rows.append((kind, *cells)) if cells else None
    columns = ("kit", "above 4 kHz: whole", "by parts", "all: whole", "by parts")
    print_table("half a sample: highest correlation, median of the microphones", columns, rows)


def _best_correlations(wave: Wave, overhead: Wave, lowest_hz: float) -> tuple[float, float]:
    """The highest correlation with an overhead that is half a sample later, at whole samples and at parts of them."""
    size = scipy.fft.next_fast_len(max(len(wave), len(overhead)) + 2 * AROUND, real=True)
    spectra = [scipy.fft.rfft(np.asarray(samples, np.float64), size) for samples in (wave, overhead)]
    hz = np.linspace(0.0, RATE / 2, len(spectra[0]))
    spectra = [np.where(hz >= lowest_hz, spectrum, 0.0) for spectrum in spectra]
    half = np.exp(-1j * np.pi * hz / RATE)
    whole = scipy.fft.irfft(spectra[0].conj() * spectra[1] * half, size) * size / 2
    whole = np.concatenate([whole[-AROUND:], whole[:AROUND]])
    parts = scipy.signal.resample(whole, PARTS * len(whole))[: PARTS * (len(whole) - 1)]
    scale = np.sqrt(np.prod([np.sum(np.square(np.abs(spectrum))) for spectrum in spectra]))
    return float(np.abs(whole).max() / scale), float(np.abs(parts).max() / scale)


if __name__ == "__main__":
    main()
