import pytest
import torch
from lightning import Trainer
from torch.utils.data import DataLoader, Dataset

from wavemix.models import MODULES, DrumsModule
from wavemix.waveunet import WaveUNet
from wavemix.zoo import TASKS

TARGET_SAMPLES = 64


class Crops(Dataset):
    """Random tracks whose target is their sum, half as loud."""

    def __init__(self, net: WaveUNet) -> None:
        self.net = net

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        generator = torch.Generator().manual_seed(index)
        tracks = torch.randn(1, self.net.inputs, self.net.input_length(TARGET_SAMPLES), generator=generator)
        start = self.net.context
        target = 0.5 * tracks[0, :, start : start + TARGET_SAMPLES].sum(dim=0)
        return tracks, target.expand(2, -1)


def module(name, **options):
    torch.manual_seed(0)
    return MODULES[name](WaveUNet(TASKS[name].inputs, levels=3, filters=2), **options)


def test_there_is_a_module_for_every_model():
    assert list(MODULES) == list(TASKS)


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.filterwarnings("ignore:The '(train|val)_dataloader' does not have many workers")
@pytest.mark.filterwarnings("ignore:`isinstance\\(treespec, LeafSpec\\)` is deprecated")
@pytest.mark.filterwarnings("ignore:Starting from v1.9.0, `tensorboardX` has been removed")
def test_a_training_step_of_each(name, tmp_path):
    trained = module(name, learning_rate=1e-2)
    before = [parameter.clone() for parameter in trained.parameters()]
    crops = DataLoader(Crops(trained.net), batch_size=2)
    trainer = Trainer(
        max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, default_root_dir=tmp_path, log_every_n_steps=1,
    )  # fmt: skip
    trainer.fit(trained, crops, crops)
    assert trainer.global_step == 2
    assert trainer.callback_metrics["valid/loss"] > 0
    assert all(not torch.equal(old, new) for old, new in zip(before, trained.parameters(), strict=True))


def test_the_loss_is_the_papers_on_the_samples_that_the_target_covers():
    drums = module("drums", start_at_sum=True)
    tracks, target = (part[None] for part in Crops(drums.net)[0])
    drums.log = lambda *_arguments, **_options: None
    with torch.no_grad():
        loss = drums.training_step((tracks, target))
    assert loss == pytest.approx(target.square().mean().item(), rel=1e-4)  # the sum is twice the target


def test_another_loss_can_be_given():
    drums = module("drums", loss=torch.nn.functional.l1_loss, start_at_sum=True)
    tracks, target = (part[None] for part in Crops(drums.net)[0])
    drums.log = lambda *_arguments, **_options: None
    with torch.no_grad():
        assert drums.training_step((tracks, target)) == pytest.approx(target.abs().mean().item(), rel=1e-4)


def test_the_optimiser_is_the_papers():
    optimiser = module("drums").configure_optimizers()
    assert type(optimiser) is torch.optim.Adam
    assert optimiser.defaults["lr"] == 1e-4
    assert optimiser.defaults["betas"] == (0.9, 0.999)


def test_the_default_network_is_the_papers():
    assert sum(parameter.numel() for parameter in DrumsModule().parameters()) == 6_184_174


def test_a_network_with_other_inputs_is_refused():
    with pytest.raises(ValueError, match="drums has 10 inputs, the network 4"):
        DrumsModule(WaveUNet(4, levels=2, filters=1))
