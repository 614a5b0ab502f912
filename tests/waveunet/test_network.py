import pytest
import torch
from torch.nn import functional

from wavemix.waveunet import PolyphaseWaveUNet, WaveUNet, static_mix_, sum_of_inputs_
from wavemix.waveunet.network import centre_crop, upsample
from wavemix.waveunet.polyphase import pair_taps, phase_taps


@pytest.mark.parametrize(("inputs", "parameters"), [(10, 6_184_174), (4, 6_182_002), (8, 6_183_450)])
def test_parameter_counts_of_the_paper(inputs, parameters):
    assert sum(parameter.numel() for parameter in WaveUNet(inputs).parameters()) == parameters


def test_shape_at_full_size():
    net = WaveUNet(10)
    with torch.no_grad():
        assert net(torch.zeros(1, 10, 121_843)).shape == (1, 2, 89_093)


def small(inputs=3, seed=0):
    torch.manual_seed(seed)
    return WaveUNet(inputs, levels=3, filters=3).requires_grad_(False)


def test_levels_have_the_filters_of_the_design():
    net = WaveUNet(4)
    assert [down.out_channels for down in net.down] == [24 * level for level in range(1, 11)]
    assert net.bottleneck.out_channels == 264


def test_an_output_sample_reads_its_context_and_nothing_else():
    net = small()
    samples = net.input_length(50)
    tracks = torch.randn(1, 3, samples, requires_grad=True)
    mixed = net(tracks)
    mixed[0, :, 0].sum().backward()
    heard = tracks.grad.abs().sum(dim=(0, 1)).nonzero().flatten()
    assert heard.min() == 0
    assert 2 * net.context <= heard.max() < net.input_length(1)


def test_no_padding_inside():
    """Longer input gives the same samples where both exist: zero padding anywhere inside would change them."""
    net = small()
    long = torch.randn(1, 3, net.input_length(400))
    whole = net(long)
    start = 5 * net.hop
    piece = net(long[..., start : start + net.input_length(100)])
    torch.testing.assert_close(piece, whole[..., start : start + piece.shape[-1]], atol=1e-6, rtol=0)


def test_a_start_off_the_hop_is_not_the_same():
    """The reason for `hop`: a decimating network is not shift-invariant."""
    net = small()
    long = torch.randn(1, 3, net.input_length(400))
    piece = net(long[..., 1 : 1 + net.input_length(100)])
    assert (piece - net(long)[..., 1 : 1 + piece.shape[-1]]).abs().max() > 1e-4


def test_upsample_is_linear_interpolation_with_aligned_corners():
    x = torch.randn(2, 3, 17)
    expected = functional.interpolate(x, size=33, mode="linear", align_corners=True)
    torch.testing.assert_close(upsample(x), expected, atol=1e-6, rtol=0)


def test_polyphase_equals_the_plain_graph_at_full_size():
    torch.manual_seed(0)
    net = WaveUNet(10).requires_grad_(False)
    tracks = torch.randn(1, 10, net.input_length(5000))
    plain = net(tracks)
    assert plain.abs().max() > 0.1
    torch.testing.assert_close(PolyphaseWaveUNet(net)(tracks), plain, atol=2e-6, rtol=0)


@pytest.mark.parametrize("taps", [3, 5, 7])
def test_phase_taps_are_interpolation_then_convolution(taps):
    weight = torch.randn(2, 3, taps, dtype=torch.float64)
    x = torch.randn(1, 3, 20, dtype=torch.float64)
    expected = functional.conv1d(upsample(x), weight)
    for phase in (0, 1):
        found = functional.conv1d(x, phase_taps(weight, phase))
        torch.testing.assert_close(found, expected[..., phase::2])


@pytest.mark.parametrize("taps", [3, 5, 7])
def test_pair_taps_give_two_neighbours_at_once(taps):
    weight = torch.randn(2, 3, taps, dtype=torch.float64)
    x = torch.randn(1, 3, 20, dtype=torch.float64)
    odd, even = functional.conv1d(x, pair_taps(weight)).split(2, dim=1)
    expected = functional.conv1d(upsample(x), weight)
    torch.testing.assert_close(odd, expected[..., 1::2])
    torch.testing.assert_close(even, expected[..., 2::2])


@pytest.mark.parametrize(("down_kernel", "up_kernel"), [(3, 3), (15, 5), (5, 7)])
@pytest.mark.parametrize("batch", [1, 2])
def test_polyphase_equals_the_plain_graph_for_other_kernels(down_kernel, up_kernel, batch):
    torch.manual_seed(0)
    net = WaveUNet(3, levels=3, filters=3, down_kernel=down_kernel, up_kernel=up_kernel).requires_grad_(False)
    tracks = torch.randn(batch, 3, net.input_length(100))
    torch.testing.assert_close(PolyphaseWaveUNet(net)(tracks), net(tracks), atol=2e-6, rtol=0)


def test_polyphase_refuses_a_length_that_is_not_valid():
    net = small()
    for surplus in range(1, net.hop):
        with pytest.raises(RuntimeError):
            PolyphaseWaveUNet(net)(torch.zeros(1, 3, net.input_length(50) + surplus))


def test_polyphase_has_no_weights_of_its_own():
    net = small()
    assert {name.removeprefix("net.") for name in PolyphaseWaveUNet(net).state_dict()} == set(net.state_dict())


def test_mono_sum_initialisation():
    net = sum_of_inputs_(small())
    tracks = torch.randn(2, 3, net.input_length(64))
    expected = tracks.sum(dim=1, keepdim=True)[..., net.context : -net.context].expand(-1, 2, -1)
    torch.testing.assert_close(net(tracks), expected)


def test_static_mix_initialisation():
    gains = torch.randn(2, 3)
    net = static_mix_(small(), gains)
    tracks = torch.randn(2, 3, net.input_length(64))
    torch.testing.assert_close(net(tracks), gains @ tracks[..., net.context : -net.context])
    with pytest.raises(ValueError, match=r"gains must be \(2, 3\), got \(3, 2\)"):
        static_mix_(net, gains.T)


def test_the_gains_of_the_inputs_are_not_rounded_under_autocast():
    net = static_mix_(small(), torch.full((2, 3), 0.997))  # 0.99609 in bfloat16
    tracks = torch.randn(1, 3, net.input_length(64))
    with torch.autocast("cpu", torch.bfloat16):
        mixed = net(tracks)
    torch.testing.assert_close(mixed, net(tracks), atol=1e-6, rtol=0)


def test_stereo_sum_initialisation():
    net = sum_of_inputs_(small(inputs=4), input_channels=2)
    stems = torch.randn(2, 4, net.input_length(64))
    expected = (stems[:, 0:2] + stems[:, 2:4])[..., net.context : -net.context]
    torch.testing.assert_close(net(stems), expected)


def test_sum_initialisation_learns_in_its_hidden_layers_too():
    net = sum_of_inputs_(small()).requires_grad_(True)
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
    tracks = torch.randn(1, 3, net.input_length(64))
    for _ in range(2):
        optimiser.zero_grad()
        net(tracks).square().mean().backward()
        optimiser.step()
    assert all(parameter.grad.abs().max() > 0 for parameter in net.parameters())


@pytest.mark.parametrize("channels", [2, 5])
def test_sum_initialisation_refuses_what_it_cannot_pair(channels):
    with pytest.raises(ValueError, match="cannot sum"):
        sum_of_inputs_(small(inputs=3), input_channels=channels)


@pytest.mark.parametrize(
    "arguments",
    [{"inputs": 0}, {"inputs": 1, "levels": 0}, {"inputs": 1, "filters": 0}, {"inputs": 1, "up_kernel": 4}],
)
def test_impossible_networks_are_refused(arguments):
    with pytest.raises(ValueError, match="must be"):
        WaveUNet(**arguments)


def test_wrong_input_is_refused():
    net = small()
    with pytest.raises(ValueError, match="3 inputs, got 2"):
        net(torch.zeros(1, 2, net.input_length(10)))
    with pytest.raises(ValueError, match="not valid"):
        net(torch.zeros(1, 3, net.input_length(10) + 1))


@pytest.mark.parametrize("samples", [6, 11])
def test_centre_crop_refuses_what_has_no_centre(samples):
    with pytest.raises(ValueError, match="cannot crop"):
        centre_crop(torch.zeros(9), samples)
