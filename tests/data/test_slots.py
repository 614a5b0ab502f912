import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavemix.data.groups import BASS, DRUMS, GROUPS, OTHER, VOCALS
from wavemix.data.slots import Assignment, Claim, assign, routing


def slots(group, *claims):
    return [assignment.slots for assignment in assign(group, [Claim(*claim) for claim in claims])]


def claims_of(group):
    return st.lists(st.builds(Claim, st.sampled_from(group.roles), st.integers(1, 3)), max_size=30)


sessions = st.sampled_from(list(GROUPS.values())).flatmap(lambda group: st.tuples(st.just(group), claims_of(group)))


@given(sessions)
def test_every_track_is_heard_once(session):
    """Each channel of a track reaches exactly one slot, whole, or all of them as their mean."""
    group, claims = session
    for claim, assignment in zip(claims, assign(group, claims), strict=True):
        matrix = routing(assignment, claim.channels, len(group.slots))
        assert matrix.shape == (len(group.slots), claim.channels)
        expected = 1 / claim.channels if assignment.folded else 1
        np.testing.assert_allclose(matrix.sum(axis=0), expected)
        assert len(set(assignment.slots)) == len(assignment.slots)
        assert assignment.folded == (len(assignment.slots) < claim.channels)


@given(sessions)
def test_nothing_shares_a_slot_but_what_is_premixed(session):
    group, claims = session
    owned = [slot for found in assign(group, claims) if not found.premixed for slot in found.slots]
    assert len(set(owned)) == len(owned)


@given(sessions)
def test_premix_only_when_no_slot_is_left_and_with_the_same_role(session):
    group, claims = session
    assignments = assign(group, claims)
    owned = {slot for found in assignments if not found.premixed for slot in found.slots}
    for claim, found in zip(claims, assignments, strict=True):
        if found.premixed:
            assert owned == set(range(len(group.slots)))
            assert group.slots[found.slots[0]] == claim.role


@given(sessions)
def test_the_first_track_of_a_role_is_in_its_home_slot(session):
    group, claims = session
    seen = set()
    for claim, found in zip(claims, assign(group, claims), strict=True):
        if claim.role not in seen:
            assert found.slots[0] == group.slots.index(claim.role)
        seen.add(claim.role)


@given(sessions, st.randoms())
def test_a_slot_means_the_same_whatever_the_order_of_other_roles(session, random):
    group, claims = session
    roles = list(dict.fromkeys(claim.role for claim in claims))
    random.shuffle(roles)
    regrouped = [i for role in roles for i in range(len(claims)) if claims[i].role == role]
    before, after = assign(group, claims), assign(group, [claims[i] for i in regrouped])
    assert [before[i] for i in regrouped] == after


def test_a_whole_kit_fills_its_slots_in_order():
    kit = [(role, 1) for role in DRUMS.slots]
    assert slots(DRUMS, *kit) == [(slot,) for slot in range(10)]


def test_overheads_take_both_home_slots_before_anything_else_may():
    assert slots(DRUMS, *[("kick", 1)] * 8, ("overhead", 2)) == [(0,), (9,), (8,), (7,), (4,), (3,), (2,), (1,), (5, 6)]
    assert slots(DRUMS, ("overhead", 1), ("overhead", 1)) == [(5,), (6,)]


def test_further_tracks_take_the_least_specific_slots():
    assert slots(OTHER, ("electric-guitar", 1), ("electric-guitar", 1)) == [(0,), (7,)]


def test_too_many_are_premixed_with_their_role():
    found = assign(BASS, [Claim("bass", 1)] * 6)
    assert [assignment.slots for assignment in found] == [(0,), (3,), (2,), (1,), (0,), (0,)]
    assert [assignment.premixed for assignment in found] == [False] * 4 + [True] * 2


def test_stereo_takes_two_slots_while_there_are_any_then_folds():
    assert assign(VOCALS, [Claim("lead", 2), Claim("backing", 2)]) == [Assignment((0, 1)), Assignment((2, 3))]
    crowded = assign(BASS, [Claim("bass", 2), Claim("amp", 2), Claim("synth", 2)])
    assert crowded == [Assignment((0, 3)), Assignment((1,), folded=True), Assignment((2,), folded=True)]


def test_a_premixed_stereo_track_is_folded():
    assert assign(VOCALS, [Claim("lead", 1)] * 4 + [Claim("lead", 2)])[-1] == Assignment(
        (0,), folded=True, premixed=True
    )


@pytest.mark.parametrize("claim", [Claim("trumpet", 1), Claim("kick", 1), Claim("bass", 0)])
def test_impossible_claims_are_refused(claim):
    with pytest.raises(ValueError, match="cannot be placed in bass"):
        assign(BASS, [claim])
