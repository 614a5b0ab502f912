from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavemix.statistics import compact_letters

NAMES = "ABCDEFG"
PAIRS = list(combinations(NAMES, 2))


@given(st.sets(st.sampled_from(PAIRS)))
def test_groups_share_a_letter_if_and_only_if_they_do_not_differ(different):
    letters = compact_letters(NAMES, sorted(different))
    for first, second in PAIRS:
        assert bool(set(letters[first]) & set(letters[second])) == ((first, second) not in different)


@given(st.sets(st.sampled_from(PAIRS)))
def test_no_letter_says_only_what_another_says(different):
    letters = compact_letters(NAMES, sorted(different))
    columns = [{name for name in NAMES if letter in letters[name]} for letter in set("".join(letters.values()))]
    assert not any(column < other for column in columns for other in columns)


@pytest.mark.parametrize(
    ("different", "expected"),
    [
        ([], {"w": "a", "x": "a", "y": "a", "z": "a"}),
        ([("w", "y"), ("w", "z"), ("x", "z")], {"w": "a", "x": "ab", "y": "bc", "z": "c"}),
        ([("z", "w"), ("z", "x"), ("z", "y")], {"w": "a", "x": "a", "y": "a", "z": "b"}),
    ],
)
def test_letters_follow_the_order_of_the_groups(different, expected):
    assert compact_letters("wxyz", different) == expected
