import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavemix.waveunet import WaveUNet, context, hop, input_length, output_length

KERNELS = st.sampled_from([3, 5, 7, 15])


def test_the_design_figures():
    assert input_length(88_200) == 121_843
    assert output_length(121_843) == 89_093
    assert context() == 16_375
    assert hop() == 1024


@given(output=st.integers(1, 10**7), levels=st.integers(1, 12), down=KERNELS, up=KERNELS)
def test_output_length_inverts_input_length(output, levels, down, up):
    read = input_length(output, levels, down, up)
    given_back = output_length(read, levels, down, up)
    assert output <= given_back < output + hop(levels)
    assert input_length(given_back, levels, down, up) == read
    assert read - given_back == 2 * context(levels, down, up)


@given(samples=st.integers(-10, 10**6))
def test_every_length_is_valid_or_refused(samples):
    try:
        output = output_length(samples)
    except ValueError as error:
        following = int(str(error).rsplit(" ", 1)[1])
        assert following > samples
        output_length(following)
    else:
        assert input_length(output) == samples


@pytest.mark.parametrize("output", [0, -1])
def test_no_output_is_refused(output):
    with pytest.raises(ValueError, match="at least 1"):
        input_length(output)


def test_a_network_says_the_same_as_the_functions():
    net = WaveUNet(1, levels=4, filters=1, down_kernel=7, up_kernel=3)
    assert net.input_length(100) == input_length(100, 4, 7, 3)
    assert net.context == context(4, 7, 3)
    assert net.hop == hop(4)
