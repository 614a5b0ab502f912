import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavemix.session.groups import BASS, DRUMS, GROUPS, OTHER, VOCALS
from wavemix.session.slots import Assignment, Claim, assign, routing


def slots(group, *claims):
    return [assignment.slots for assignment in assign(group, [Claim(*claim) for claim in claims])]


def claims_of(group):
    return st.lists(st.builds(Claim, st.sampled_from(group.roles), st.integers(1, 3)), max_size=30)


sessions = st.sampled_from(list(GROUPS.values())).flatmap(lambda group: st.tuples(st.just(group), claims_of(group)))


@given(sessions)
def test_every_track_is_heard_once(session):
    """Each channel reaches one slot, whole, those of a stereo track on their own side, or all of them as their mean."""
    group, claims = session
    for claim, assignment in zip(claims, assign(group, claims), strict=True):
        matrix = routing(assignment, claim.channels, len(group.slots))
        if claim.channels == 2:
            np.testing.assert_array_equal(matrix.sum(axis=1), np.eye(2))
            assert not assignment.folded
        else:
            assert matrix.shape == (1, len(group.slots), claim.channels)
            np.testing.assert_allclose(matrix.sum(axis=1), 1 / claim.channels if assignment.folded else 1)
            assert assignment.folded == (len(assignment.slots) < claim.channels)
        assert set(np.flatnonzero(matrix.any(axis=(0, 2)))) == set(assignment.slots)
        assert len(set(assignment.slots)) == len(assignment.slots)


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


def test_a_stereo_track_takes_one_slot_and_keeps_its_sides():
    lead, backing = assign(VOCALS, [Claim("lead", 2), Claim("backing", 2)])
    assert lead == Assignment((0,))
    assert routing(lead, 2, 4).tolist() == [[[1, 0], *[[0, 0]] * 3], [[0, 1], *[[0, 0]] * 3]]
    assert backing == Assignment((2, 3))  # two home slots: each channel has its own
    assert routing(backing, 2, 4).tolist() == [[[0, 0], [0, 0], [1, 0], [0, 0]], [*[[0, 0]] * 3, [0, 1]]]


def test_a_premixed_stereo_track_keeps_its_sides_too():
    assert assign(VOCALS, [Claim("lead", 1)] * 4 + [Claim("lead", 2)])[-1] == Assignment((0,), premixed=True)


def test_more_channels_than_two_are_so_many_tracks_or_one():
    assert assign(BASS, [Claim("bass", 4)]) == [Assignment((0, 1, 2, 3))]
    assert assign(BASS, [Claim("bass", 4), Claim("amp", 1)]) == [Assignment((0,), folded=True), Assignment((1,))]
    assert assign(BASS, [Claim("bass", 1)] * 4 + [Claim("bass", 3)])[-1] == Assignment((0,), True, True)


@pytest.mark.parametrize("claim", [Claim("trumpet", 1), Claim("kick", 1), Claim("bass", 0)])
def test_impossible_claims_are_refused(claim):
    with pytest.raises(ValueError, match="cannot be placed in bass"):
        assign(BASS, [claim])
