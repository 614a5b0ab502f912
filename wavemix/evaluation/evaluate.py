"""One song's mixes, measured as in the paper's section 4."""

from collections.abc import Mapping
from pathlib import Path

from wavemix.data.plain import PlainSong
from wavemix.evaluation.excerpts import cut_excerpts
from wavemix.evaluation.mixes import match_all, mixes_of
from wavemix.evaluation.results import REFERENCE, MixResult, SongResult
from wavemix.evaluation.songs import read_aligned
from wavemix.metrics.artefacts import find_artefacts
from wavemix.metrics.course import follow
from wavemix.metrics.descriptors import DESCRIPTORS, Descriptors, describe
from wavemix.metrics.levels import measure_levels
from wavemix.metrics.production import production_or_none
from wavemix.metrics.reference import against
from wavemix.metrics.similarity import compare_matrices, self_similarity
from wavemix.pipeline import AutoMix
from wavemix.statistics import Comparison, compare_means, compare_means_of_series


def evaluate_song(song: PlainSong, system: AutoMix, files: Mapping[str, Path] | None = None) -> SongResult:
    """Mix a song in every way and measure the mixes.

    Levels are those of the mixes as they came. For the rest each mix is brought to the reference's lag, polarity
    and loudness; distances, artefacts and the course over time are then those of the whole song, descriptors and
    self-similarity those of the excerpt.

    Args:
        song: The song.
        system: The models.
        files: Further mixes, a file for each name.

    Raises:
        WavemixError: As `mixes_of`.
    """
    rate = system.sample_rate
    song, audio = read_aligned(song, rate)
    mixes = mixes_of(song, audio, system, files or {})
    matched, matches = match_all(mixes, rate)
    excerpts = cut_excerpts(song, audio.raw, matched, rate)
    matrices = {name: self_similarity(excerpt, rate) for name, excerpt in excerpts.audio.items()}
    results = tuple(
        MixResult(
            name=name,
            levels=measure_levels(mix.audio, rate),
            match=matches.get(name),
            production=production_or_none(matched[name], matched[REFERENCE]) if name in matches else None,
            against=against(matched[name], matched[REFERENCE], rate) if name in matches else None,
            artefacts=find_artefacts(matched[name], matched[REFERENCE] if name in matches else None, audio.raw, rate),
            course=follow(matched[name], rate),
            descriptors=describe(excerpts.audio[name].mean(axis=0), rate),
            similarity=compare_matrices(matrices[REFERENCE], matrices[name]) if name in matches else None,
            self_similarity=matrices[name],
            excerpt=excerpts.audio[name],
            note=mix.note,
        )
        for name, mix in mixes.items()
    )
    return SongResult(
        name=song.name,
        computed_by=system.computed_by,
        rate=rate,
        seconds=audio.raw[0].shape[1] / rate,
        window=excerpts.window,
        excerpt_lufs=excerpts.lufs,
        raw_excerpts=excerpts.raw,
        mixes=results,
        comparisons=_compare({result.name: result.descriptors for result in results}),
    )


def _compare(mixes: Mapping[str, Descriptors]) -> dict[str, tuple[Comparison, Comparison]]:
    """All mixes by each descriptor; none where there is but one mix."""
    if len(mixes) < 2:
        return {}
    comparisons = {}
    for descriptor in DESCRIPTORS:
        series = {name: getattr(found, descriptor) for name, found in mixes.items()}
        comparisons[descriptor] = (compare_means(series), compare_means_of_series(series))
    return comparisons
