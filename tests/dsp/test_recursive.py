import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import sosfilt

from wavemix.dsp.loudness import k_weighting
from wavemix.dsp.recursive import RecursiveFilter


def noise(channels, samples):
    return np.random.default_rng(3).standard_normal((channels, samples))


@pytest.mark.parametrize("sample_rate", [8_000, 44_100, 192_000])
@pytest.mark.parametrize("samples", [0, 1, 63, 64, 65, 30_011])
def test_it_filters_as_scipy_does(sample_rate, samples):
    sections = k_weighting(sample_rate)
    signal = noise(2, samples)
    expected = sosfilt(sections, signal) if samples else signal  # SciPy refuses none
    np.testing.assert_allclose(RecursiveFilter(sections, 2)(signal), expected, rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(cuts=st.lists(st.integers(0, 5_000), max_size=12))
def test_any_partition_into_blocks_is_filtered_as_the_whole(cuts):
    sections, signal = k_weighting(44_100), noise(2, 5_000)
    whole, cut = RecursiveFilter(sections, 2), RecursiveFilter(sections, 2)
    blocks = [cut(block) for block in np.split(signal, sorted(cuts), axis=1)]
    np.testing.assert_allclose(np.concatenate(blocks, axis=1), whole(signal), rtol=0, atol=1e-10)


def test_channels_do_not_hear_each_other():
    signal = noise(2, 1_000)
    both = RecursiveFilter(k_weighting(44_100), 2)(signal)
    for channel in range(2):
        alone = RecursiveFilter(k_weighting(44_100), 1)(signal[channel : channel + 1])
        np.testing.assert_allclose(both[channel : channel + 1], alone, rtol=0, atol=1e-12)
