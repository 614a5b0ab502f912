"""The house engineer as a whole: what a network of finite context can learn, and what no mix may get wrong."""

import numpy as np
import pytest
from engineer.signals import RATE, click, magnitude, noise, slots_of

from wavemix.engineer import mix_of, stem_of
from wavemix.engineer.engineer import blend, reach, treat
from wavemix.engineer.equaliser import TAPS_BACK
from wavemix.engineer.practice import BUSES, CHANNELS
from wavemix.engineer.space import PULSES
from wavemix.session.groups import GROUPS, MIX
from wavemix.waveunet.lengths import context

CONTEXT = context()
CENTRED = [(group, slot) for group in CHANNELS for slot, channel in enumerate(CHANNELS[group]) if channel.pan == 0]
WITHOUT_BUS = [group for group in GROUPS if group not in BUSES]


def stem_of_one(group: str, slot: int, block: np.ndarray) -> np.ndarray:
    """The stem of one slot, `(1, samples)`, alone in its group."""
    slots = np.zeros((len(CHANNELS[group]), block.shape[1]), np.float32)
    slots[slot] = block[0]
    return stem_of(group, slots, RATE)


def test_every_slot_has_its_channel() -> None:
    assert {group: len(channels) for group, channels in CHANNELS.items()} == {
        name: len(group.slots) for name, group in GROUPS.items()
    }
    assert set(BUSES) <= set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("loud", [False, True])
def test_nothing_beyond_a_networks_context_is_heard(group: str, loud: bool) -> None:
    """Silence or noise at full scale where a network cannot hear, in every slot, changes a stretch not at all."""
    kept, samples = 3_000, 2 * RATE
    start = samples // 2
    slots = slots_of(group, samples)
    other = slots.copy()
    far = np.r_[0 : start - CONTEXT, start + kept + CONTEXT : samples]
    other[:, far] = noise((len(slots), len(far)), seed=1, gain=0.9) if loud else 0
    found, changed = (stem_of(group, one, RATE)[:, start : start + kept] for one in (slots, other))
    assert np.abs(found).max() > 0.01
    assert np.allclose(found, changed, atol=2e-6)  # the rounding of the Fourier transforms, at full scale beside it


@pytest.mark.parametrize("loud", [False, True])
def test_nothing_beyond_the_mix_networks_context_is_heard(loud: bool) -> None:
    kept, samples = 3_000, 2 * RATE
    start = samples // 2
    stems = noise((8, samples))
    other = stems.copy()
    far = np.r_[0 : start - CONTEXT, start + kept + CONTEXT : samples]
    other[:, far] = noise((8, len(far)), seed=1, gain=0.9) if loud else 0
    assert np.array_equal(*(mix_of(one, RATE)[:, start : start + kept] for one in (stems, other)))


@pytest.mark.parametrize("group", sorted(BUSES))
def test_what_is_within_the_context_is_heard_far(group: str) -> None:
    """Else the tests above would say nothing: the reach of a track's compressor and the bus's add up."""
    samples = 2 * RATE
    start = samples // 2
    slots = slots_of(group, samples)
    other = slots.copy()
    other[:, start - 5_000 : start - 4_000] *= 30
    found, changed = (stem_of(group, one, RATE)[:, start] for one in (slots, other))
    assert not np.allclose(found, changed, rtol=0.05)


@pytest.mark.parametrize("group", GROUPS)
def test_all_reaches_of_a_stem_add_up_to_less_than_the_context(group: str) -> None:
    """On paper as well, for no signal finds the worst case of all slots."""
    compressors = [[channel.compressor, BUSES.get(group)] for channel in CHANNELS[group]]
    longest = max(sum(one.reach(RATE) for one in chain if one) for chain in compressors)
    assert TAPS_BACK + longest + PULSES[-1][0] <= CONTEXT


def test_all_reaches_of_the_mix_add_up_to_less_than_the_context() -> None:
    assert reach(MIX, RATE) <= CONTEXT


@pytest.mark.parametrize("group", GROUPS)
def test_the_same_slots_give_the_same_stem_and_stay_as_they_are(group: str) -> None:
    slots = slots_of(group)
    before = slots.copy()
    assert np.array_equal(stem_of(group, slots, RATE), stem_of(group, slots, RATE))
    assert np.array_equal(slots, before)
    stems = noise((8, RATE))
    before = stems.copy()
    assert np.array_equal(mix_of(stems, RATE), mix_of(stems, RATE))
    assert np.array_equal(stems, before)


@pytest.mark.parametrize("group", GROUPS)
def test_silence_stays_silent(group: str) -> None:
    assert not stem_of(group, np.zeros((len(CHANNELS[group]), RATE), np.float32), RATE).any()
    assert not mix_of(np.zeros((8, RATE), np.float32), RATE).any()


@pytest.mark.parametrize("group", GROUPS)
def test_slots_are_treated_each_by_itself(group: str) -> None:
    slots = slots_of(group)
    together = treat(group, slots, RATE)
    for slot in range(len(slots)):
        alone = np.zeros_like(slots)
        alone[slot] = slots[slot]
        treated = treat(group, alone, RATE)
        assert np.array_equal(treated[slot], together[slot])
        assert np.count_nonzero(treated.any(axis=1)) == 1


@pytest.mark.parametrize("group", WITHOUT_BUS)
def test_without_a_bus_a_stem_is_the_sum_of_its_slots(group: str) -> None:
    slots = slots_of(group)
    apart = [stem_of_one(group, slot, slots[slot : slot + 1]) for slot in range(len(slots))]
    assert np.allclose(stem_of(group, slots, RATE), np.sum(apart, axis=0), atol=1e-6)


@pytest.mark.parametrize("group", WITHOUT_BUS)
def test_blending_without_a_bus_is_linear(group: str) -> None:
    one, two = (treat(group, slots_of(group, seed=seed), RATE) for seed in (1, 2))
    both = blend(group, one - np.float32(0.5) * two, RATE)
    assert np.allclose(both, blend(group, one, RATE) - 0.5 * blend(group, two, RATE), atol=1e-6)


@pytest.mark.parametrize("group", sorted(BUSES))
def test_a_bus_compresses_the_whole_group(group: str) -> None:
    treated = treat(group, slots_of(group), RATE) * np.float32(4)
    assert np.abs(blend(group, treated, RATE)).max() < 0.9 * np.abs(2 * blend(group, treated / 2, RATE)).max()


@pytest.mark.parametrize(("group", "slot"), CENTRED)
def test_what_stands_in_the_middle_is_as_loud_on_either_side_at_each_frequency(group: str, slot: int) -> None:
    left, right = stem_of_one(group, slot, click(RATE // 2))
    assert np.allclose(magnitude(left), magnitude(right), rtol=2e-3, atol=1e-8)
    wide = CHANNELS[group][slot].width_db > float("-inf")
    assert np.allclose(left, right, atol=1e-7) != wide


@pytest.mark.parametrize("group", GROUPS)
def test_the_mono_sum_is_that_of_the_pans_alone(group: str) -> None:
    treated = treat(group, slots_of(group), RATE) * np.float32(0.1)  # below the bus's threshold
    angles = (np.array([channel.pan for channel in CHANNELS[group]]) + 1) * np.pi / 4
    summed = (np.cos(angles) + np.sin(angles)) @ treated
    assert np.allclose(blend(group, treated, RATE).sum(axis=0), summed, atol=1e-6)


@pytest.mark.parametrize("group", GROUPS)
def test_a_slot_stands_on_its_side(group: str) -> None:
    for slot, channel in enumerate(CHANNELS[group]):
        left, right = np.square(stem_of_one(group, slot, noise((1, RATE)))).sum(axis=1)
        assert channel.pan * (right - left) > 0 or (channel.pan == 0 and left == pytest.approx(right, rel=0.02))


@pytest.mark.parametrize(
    ("group", "slot"), [(group, slot) for group in CHANNELS for slot in range(len(CHANNELS[group]))]
)
def test_nothing_delays(group: str, slot: int) -> None:
    """A click stays at its sample, on both sides, and noise correlates best with itself where it was."""
    stem = stem_of_one(group, slot, click(RATE // 2))
    assert set(np.argmax(np.abs(stem), axis=1)) == {RATE // 2}
    steady = noise((1, RATE), seed=slot)
    mid = stem_of_one(group, slot, steady).sum(axis=0)
    spectrum = np.fft.rfft(mid, 2 * RATE) * np.conj(np.fft.rfft(steady[0], 2 * RATE))
    assert int(np.argmax(np.fft.irfft(spectrum))) == 0


@pytest.mark.parametrize("group", GROUPS)
def test_a_stereo_group_gives_each_side_its_own_output(group: str) -> None:
    left, right = slots_of(group, seed=1), slots_of(group, seed=2)
    both = stem_of(group, np.stack([left, right]), RATE)
    assert np.array_equal(both, [stem_of(group, left, RATE)[0], stem_of(group, right, RATE)[1]])
    assert np.array_equal(stem_of(group, left[None], RATE), stem_of(group, left, RATE))


def test_the_mix_is_the_stems_sum_with_its_peaks_held() -> None:
    quiet = noise((8, RATE), gain=1e-3)
    assert np.allclose(
        mix_of(quiet, RATE), quiet[::2].sum(axis=0)[None] * [[1], [0]] + quiet[1::2].sum(axis=0) * [[0], [1]]
    )
    loud = noise((8, RATE))
    mix, summed = mix_of(loud, RATE), loud.reshape(4, 2, RATE).sum(axis=0)
    crests = [np.abs(block).max() / np.sqrt(np.square(block).mean()) for block in (mix, summed)]
    assert crests[0] < crests[1]
    assert np.corrcoef(mix.ravel(), summed.ravel())[0, 1] > 0.9


def test_another_number_of_slots_or_group_is_refused() -> None:
    with pytest.raises(ValueError, match="no group 'bass' of 5 slots"):
        stem_of("bass", noise((5, 100)), RATE)
    with pytest.raises(ValueError, match="no group 'strings'"):
        stem_of("strings", noise((4, 100)), RATE)
