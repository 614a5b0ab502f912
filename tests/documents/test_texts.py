"""YAML and JSON from anybody: what they hold, or one sentence; never a hang, much memory, or another exception."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wavemix.documents.json_text import parse_json
from wavemix.documents.values import DEEPEST
from wavemix.documents.yaml_text import dump_yaml, parse_yaml
from wavemix.errors import WavemixError

BILLION = "\n".join(["a0: &a0 [1, 1]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))])

YAML = {
    "aliases": (BILLION, "f, line 2: has an alias"),
    "an alias of itself": ("&a [*a]", "has an alias"),
    "deep lists in a line": ("[" * 50_000, f"is nested more than {DEEPEST} deep"),
    "deep lists": ("- " * 50_000, f"is nested more than {DEEPEST} deep"),
    "deep mappings": ("{a: " * 5_000, f"is nested more than {DEEPEST} deep"),
    "a hundred thousand values": ("[" + "1," * 100_001 + "]", "has more than 100000 values"),
    "no date": ("day: 2001-99-99", "f, line 1: has a value that is no `timestamp`"),
    "no whole number": ("a: 1\nn: !!int abc", "f, line 2: has a value that is no `int`"),
    "no truth": ("n: !!bool perhaps", "no `bool`"),
    "5000 digits": ("n: " + "9" * 5000, "no `int`"),
    "5000 hexadecimal digits": ("n: 0x" + "f" * 5000, "no `int`"),
    "half a character": (r'n: "\ud800"', r"holds half of a character \('\\ud800'\)"),
    "a key twice": ("a: 1\na: 2", "f, line 2: has the key `a` twice"),
    "an object": ("!!python/object/apply:os.getcwd []", "is not valid YAML near line 1"),
    "a list as a key": ("? [1]\n: 2", "is not valid YAML near line 1"),
    "two documents": ("a: 1\n---\nb: 2", "is not valid YAML"),
    "a control character": ("a: \x07", "is not valid YAML"),
}

JSON = {
    "deep lists": ("[" * 100_000, "is not valid JSON"),
    "deep mappings": ('{"a":' * 500 + "1" + "}" * 500, f"is nested more than {DEEPEST} deep"),
    "5000 digits": ("9" * 5000, "is not valid JSON"),
    "half a character": (r'["\ud800"]', "holds half of a character"),
    "no JSON": ("{", "f: is not valid JSON; correct it"),
}


@pytest.mark.parametrize("case", YAML)
def test_yaml_that_nobody_means(case):
    text, why = YAML[case]
    with pytest.raises(WavemixError, match=why):
        parse_yaml(text, "f")


@pytest.mark.parametrize("case", JSON)
def test_json_that_nobody_means(case):
    text, why = JSON[case]
    with pytest.raises(WavemixError, match=why):
        parse_json(text, "f")


def test_yaml_that_people_write_is_what_pyyaml_makes_of_it():
    text = "a: [1, 2.5, yes, null, 2001-09-09]\nb: {c: Käse, d: 'x: y'}\ne: |\n  two\n  lines\n"
    assert parse_yaml(text, "f") == yaml.safe_load(text)
    assert parse_yaml("", "f") is None


def test_bytes_of_a_name_that_are_not_utf_8_pass():
    assert parse_yaml(r'"kick\udcff.wav"', "f") == parse_json(r'"kick\udcff.wav"', "f") == "kick\udcff.wav"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES)
def test_what_was_written_is_read(value):
    assert parse_yaml(dump_yaml(value), "f") == value


@settings(deadline=None, max_examples=300)
@given(st.text("[]{}:,-?&*!|>'\"#%@ \n\t0aé\\ux.") | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text_is_a_value_or_a_sentence(text):
    for parse in (parse_yaml, parse_json):
        try:
            parse(text, "f")
        except WavemixError as error:
            assert "\n" not in str(error)
