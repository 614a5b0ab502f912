import pytest
import torch

from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.widen import widen_


def test_a_widened_network_gives_what_the_narrow_one_gave():
    narrow, wide = WaveUNet(3, levels=4, filters=2), WaveUNet(3, levels=4, filters=5)
    tracks = torch.randn(2, 3, narrow.input_length(300))
    assert not torch.allclose(wide(tracks), narrow(tracks), atol=1e-2)
    torch.testing.assert_close(widen_(wide, narrow)(tracks), narrow(tracks), atol=1e-6, rtol=1e-5)


def test_its_further_filters_hear_and_will_be_heard():
    narrow, wide = WaveUNet(3, levels=4, filters=2), WaveUNet(3, levels=4, filters=5)
    widen_(wide, narrow)
    wide(torch.randn(2, 3, narrow.input_length(300))).square().mean().backward()
    assert wide.down[0].weight[2:].abs().min() > 0
    assert (wide.output.weight[:, 2:5] == 0).all()
    assert wide.output.weight.grad[:, 2:5].abs().min() > 0


@pytest.mark.parametrize("other", [{"inputs": 2}, {"levels": 3}, {"filters": 6}, {"up_kernel": 3}])
def test_another_network_is_refused(other):
    narrow = WaveUNet(**{"inputs": 3, "levels": 4, "filters": 2} | other)
    with pytest.raises(ValueError, match="only a narrower network"):
        widen_(WaveUNet(3, levels=4, filters=5), narrow)
