"""The widener: a side signal that leaves the mono sum, the balance and the time as they are."""

import numpy as np
import pytest
from engineer.signals import RATE, click, magnitude, noise

from wavemix.engineer.space import PULSES, response, widen


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_the_response_is_odd_and_of_unit_energy(rate: int) -> None:
    pulses = response(rate)
    assert np.array_equal(pulses, -pulses[::-1])
    assert np.square(pulses).sum() == pytest.approx(1, rel=1e-5)
    assert len(pulses) // 2 == round(PULSES[-1][0] * rate / 44_100)


def test_the_mono_sum_does_not_hear_it() -> None:
    send = noise((1, RATE))
    left, right = widen(send, RATE)
    assert np.array_equal(left, -right)
    assert np.square(left).sum() == pytest.approx(np.square(send).sum(), rel=0.1)


def test_left_and_right_are_equally_loud_at_each_frequency() -> None:
    """Mid plus side and mid minus side: the side's spectrum is imaginary, the mid's real."""
    mid = click(RATE // 2, gain=1.0)
    left, right = mid + widen(mid, RATE)
    assert np.allclose(magnitude(left), magnitude(right), rtol=1e-4)
    assert not np.allclose(left, right, atol=0.1)


def test_it_colours_no_third_of_an_octave_by_more_than_4_db_and_leaves_what_is_lowest_in_the_middle() -> None:
    power = np.square(magnitude(widen(click(RATE // 2, gain=1.0), RATE)[0]))  # a bin a hertz
    thirds = [power[round(hz / 2 ** (1 / 6)) : round(hz * 2 ** (1 / 6))].mean() for hz in 80 * 2 ** (np.arange(24) / 3)]
    thirds_db = 10 * np.log10(thirds)
    assert np.abs(thirds_db - thirds_db.mean()).max() < 4
    assert power[0] < 1e-8
    assert 10 * np.log10(power[20]) < -12


def test_it_reaches_no_further_than_its_last_pulse() -> None:
    [heard] = np.nonzero(np.abs(widen(click(RATE // 2, gain=1.0), RATE)[0]) > 1e-6)
    last = PULSES[-1][0]
    assert (heard[0], heard[-1]) == (RATE // 2 - last, RATE // 2 + last)
