import numpy as np
import pytest
import torch

from wavemix.data.augment import Augmentation, change_gain, fold_to_mono, remix, swap_slots
from wavemix.session.groups import DRUMS, VOCALS

CONTEXT, SAMPLES = 30, 2_000


def example(inputs: int, gains: torch.Tensor | None = None, seed: int = 0, residual: float = 0.0):
    """Noise on one side, and what static gains `(2, inputs)` make of it."""
    generator = torch.Generator().manual_seed(seed)
    tracks = torch.randn(1, inputs, SAMPLES + 2 * CONTEXT, generator=generator)
    gains = torch.randn(2, inputs, generator=generator) if gains is None else gains
    target = gains @ tracks[0, :, CONTEXT:-CONTEXT]
    return tracks, target + residual * torch.randn(target.shape, generator=generator)


PLAIN = torch.eye(2).repeat(1, 4)


def test_by_default_nothing_is_changed():
    before = example(8)
    after = Augmentation()(before, np.random.default_rng(0), (), lambda: pytest.fail("drew another crop"))
    assert torch.equal(after[0], before[0])
    assert torch.equal(after[1], before[1])


def test_gain_keeps_every_static_mix_true():
    gains = torch.randn(2, 4)
    tracks, target = change_gain(example(4, gains), -6)
    torch.testing.assert_close(gains @ tracks[0, :, CONTEXT:-CONTEXT], target)
    assert float(tracks.std()) == pytest.approx(0.501, abs=0.02)


def test_remix_is_the_mix_of_the_new_stems():
    gain = 0.8
    before, another = example(8, gain * PLAIN, seed=1), example(8, seed=2)
    tracks, target = remix(before, another, stem=2)
    assert torch.equal(tracks[:, 4:6], another[0][:, 4:6])
    assert torch.equal(tracks[:, [0, 1, 2, 3, 6, 7]], before[0][:, [0, 1, 2, 3, 6, 7]])
    torch.testing.assert_close(target, gain * PLAIN @ tracks[0, :, CONTEXT:-CONTEXT], atol=1e-4, rtol=1e-4)


def test_remix_keeps_what_mastering_added():
    before = example(8, PLAIN, seed=1, residual=0.1)
    added = before[1] - PLAIN @ before[0][0, :, CONTEXT:-CONTEXT]
    tracks, target = remix(before, example(8, seed=2), stem=0)
    torch.testing.assert_close(target - PLAIN @ tracks[0, :, CONTEXT:-CONTEXT], added, atol=0.05, rtol=0)


def test_remix_of_silence_puts_the_stem_in():
    silence = torch.zeros(1, 8, SAMPLES + 2 * CONTEXT), torch.zeros(2, SAMPLES)
    another = example(8)
    tracks, target = remix(silence, another, stem=3)
    torch.testing.assert_close(target, another[0][0, 6:, CONTEXT:-CONTEXT])
    assert not silence[0].any()


def test_mono_keeps_the_plain_mix_true():
    tracks, target = fold_to_mono(example(8, PLAIN))
    assert torch.equal(tracks[:, 0::2], tracks[:, 1::2])
    assert torch.equal(target[0], target[1])
    torch.testing.assert_close(target, PLAIN @ tracks[0, :, CONTEXT:-CONTEXT])


def test_tracks_of_one_role_change_places():
    before = example(len(VOCALS.slots))
    copy = before[0].clone()
    tracks, target = swap_slots(before, VOCALS.slots, np.random.default_rng(0))
    assert torch.equal(tracks, before[0][:, [0, 1, 3, 2]])
    assert target is before[1]
    assert torch.equal(before[0], copy)


def test_stereo_tracks_change_places_side_by_side():
    (left, target), (right, _) = example(len(VOCALS.slots)), example(len(VOCALS.slots), seed=1)
    before = torch.cat([left, right])
    tracks, _ = swap_slots((before, target), VOCALS.slots, np.random.default_rng(0))
    assert torch.equal(tracks, before[:, [0, 1, 3, 2]])


def test_a_track_without_a_counterpart_stays():
    tracks, target = example(len(VOCALS.slots))
    tracks[:, 3] = 0
    swapped, _ = swap_slots((tracks, target), VOCALS.slots, np.random.default_rng(0))
    assert torch.equal(swapped, tracks)


@pytest.mark.parametrize(("gain", "delay"), [(0.7, 0), (-0.7, 0), (0.7, 40), (-0.7, 40)])
def test_microphones_at_one_source_stay(gain, delay):
    tracks, target = example(len(DRUMS.slots))
    tracks[:, 6] = 0.5 * tracks[:, 6] + gain * tracks[:, 5].roll(delay, dims=1)
    swapped, _ = swap_slots((tracks, target), DRUMS.slots, np.random.default_rng(0))
    assert torch.equal(swapped, tracks)


def test_the_generator_decides_everything():
    vary = Augmentation(gain_db=6, remix=0.5, mono=0.5)

    def run(seed: int) -> torch.Tensor:
        return vary(example(8), np.random.default_rng(seed), (), lambda: example(8, seed=5))[1]

    assert torch.equal(run(1), run(1))
    assert not torch.equal(run(1), run(2))


def test_what_is_not_made_for_a_model_is_named():
    assert Augmentation(gain_db=3, swap=0.5).unfit(stereo=False) == ""
    assert Augmentation(swap=0.5).unfit(stereo=True) == "swap"
    assert Augmentation(mono=0.5).unfit(stereo=False) == "mono"
    assert Augmentation(remix=0.5).unfit(stereo=False) == "remix"


@pytest.mark.parametrize("values", [{"gain_db": -1}, {"swap": 1.5}, {"mono": -0.1}, {"remix": float("nan")}])
def test_values_are_checked(values):
    with pytest.raises(ValueError):
        Augmentation(**values)
