"""Compact letter display: groups that share a letter do not differ."""

from collections.abc import Iterable, Sequence
from string import ascii_letters


def compact_letters(names: Sequence[str], different: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The letters of each group, by Piepho's insert-and-absorb algorithm.

    Two groups share a letter if and only if they are not listed as different.

    Source: Piepho, "An algorithm for a letter-based representation of all-pairwise comparisons", Journal of
    Computational and Graphical Statistics 13(2), 2004, section 3 (without its optional sweeping).

    Args:
        names: The groups, in the order in which letters are given: usually from the largest mean down.
        different: The pairs that differ.

    >>> compact_letters(["best", "good", "fair"], [("best", "fair")])
    {'best': 'a', 'good': 'ab', 'fair': 'b'}
    """
    columns = [frozenset(names)]
    for first, second in different:
        halves = []
        for column in columns:
            halves += [column - {first}, column - {second}] if {first, second} <= column else [column]
        distinct = list(dict.fromkeys(halves))
        columns = [column for column in distinct if not any(column < other for other in distinct)]
    columns.sort(key=lambda column: sorted(map(list(names).index, column)))
    return {
        name: "".join(letter for letter, column in zip(ascii_letters, columns, strict=False) if name in column)
        for name in names
    }
