"""The tables of measures name fields that there are."""

from dataclasses import fields

from wavemix.metrics.measure import AGAINST_REFERENCE, BENCHMARKED, PRODUCTION, SIMILARITY, Measure
from wavemix.metrics.production import ProductionDistances
from wavemix.metrics.reference import AgainstReference
from wavemix.metrics.similarity import Similarity


def test_every_measure_is_a_field():
    for measures, found in (
        (PRODUCTION, ProductionDistances),
        (AGAINST_REFERENCE, AgainstReference),
        (SIMILARITY, Similarity),
    ):
        assert {measure.name for measure in measures} <= {field.name for field in fields(found)}


def test_a_benchmark_has_no_name_twice():
    assert len({measure.name for measure in BENCHMARKED}) == len(BENCHMARKED) == 17


def test_a_title_has_the_unit():
    measure = Measure("crest_db", "crest", "dB", 1, "crest factor")
    assert (measure.title, measure.full_title, measure.text(1.26)) == ("crest, dB", "crest factor, dB", "1.3")
    assert (Measure("width", "width", "").full_title, measure.text(None)) == ("width", "")
