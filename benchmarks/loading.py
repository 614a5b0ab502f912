"""Speed of training on prepared songs, and how much of it goes into waiting for data.

    python benchmarks/loading.py PREPARED --model drums --device cuda --resident

Takes training steps and prints steps a second, the share of the time that the device waits for its next batch, and
the arithmetic rate of the steps as a share of what the device reaches in a matrix product at the same precision.
The device is waited for after every batch and every step, so that the share of waiting is an upper bound: in a
training both overlap.
"""

import time
from contextlib import nullcontext
from pathlib import Path

import click
import torch
from machine import matmul_flops, wait_for
from torch._subclasses import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

from wavemix.data.datamodule import MixDataModule
from wavemix.models import MODULES, MixingModule
from wavemix.waveunet import WaveUNet
from wavemix.waveunet.sides import mix_sides
from wavemix.zoo import TASKS

WARM_UP_STEPS = 3


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", type=click.Choice(list(TASKS)), default="drums", show_default=True)
@click.option("--device", type=torch.device, default="cuda" if torch.cuda.is_available() else "cpu", show_default=True)
@click.option("--steps", default=50, show_default=True)
@click.option("--batch-size", default=16, show_default=True)
@click.option("--filters", default=24, show_default=True, help="Filters of the network's first level; 24 is ours.")
@click.option("--workers", default=0, show_default=True, help="Processes that load data.")
@click.option("--resident", is_flag=True, help="Hold the songs in the device's memory.")
@click.option("--bf16", is_flag=True, help="Compute in bfloat16 where autocast does.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where the songs' arrays lie.")
def main(
    folder: Path,
    model: str,
    device: torch.device,
    steps: int,
    batch_size: int,
    filters: int,
    workers: int,
    resident: bool,
    bf16: bool,
    cache: Path | None,
) -> None:
    module = MODULES[model](WaveUNet(TASKS[model].inputs, filters=filters)).to(device)
    data = MixDataModule(
        folder,
        model,
        net=module.net,
        batch_size=batch_size,
        steps_per_epoch=steps + WARM_UP_STEPS,
        workers=workers,
        resident=device if resident else None,
        cache=cache,
    )
    started = time.perf_counter()
    data.prepare_data()
    data.setup("fit")
    print(
        f"{model}, {filters} filters, batches of {batch_size} on {name_of(device)}, {'bfloat16' if bf16 else 'float32'}"
    )
    print(f"songs ready after       {time.perf_counter() - started:.1f} s")
    waited, computed = train(module, data, steps, bf16)
    seconds = waited + computed
    peak = matmul_flops(device, bf16)
    rate = flops_per_step(module, data) * steps
    print(f"steps a second          {steps / seconds:.3f}")
    print(f"waiting for data        {waited / seconds:.2%}")
    print(f"arithmetic              {rate / seconds / 1e12:.2f} TFLOP/s, while computing {rate / computed / 1e12:.2f}")
    print(f"matrix product          {peak / 1e12:.2f} TFLOP/s, of which the steps reach {rate / seconds / peak:.0%}")


def train(module: MixingModule, data: MixDataModule, steps: int, bf16: bool) -> tuple[float, float]:
    """Seconds of waiting for data and of computing, in so many steps after the first few."""
    device = module.net.output.weight.device
    optimizer = module.configure_optimizers()
    waited = computed = 0.0
    batches = iter(data.train_dataloader())
    for step in range(steps + WARM_UP_STEPS):
        began = time.perf_counter()
        tracks, target = (tensor.to(device, non_blocking=True) for tensor in next(batches))
        wait_for(device)
        loaded = time.perf_counter()
        with torch.autocast(device.type, torch.bfloat16) if bf16 else nullcontext():
            loss = module.loss(mix_sides(module, tracks)[..., : target.shape[-1]], target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        wait_for(device)
        if step >= WARM_UP_STEPS:
            waited += loaded - began
            computed += time.perf_counter() - loaded
    return waited, computed


def flops_per_step(module: MixingModule, data: MixDataModule) -> float:
    """Floating-point operations of a step's convolutions, forward and backward."""
    tracks, target = next(iter(data.train_dataloader()))
    with FakeTensorMode(), FlopCounterMode(display=False) as counter:  # counts, and computes nothing
        net = WaveUNet(module.net.inputs, filters=module.net.filters)
        net(torch.zeros(1, *tracks.shape[2:]))[..., : target.shape[-1]].sum().backward()
    return tracks.shape[:2].numel() * float(counter.get_total_flops())


def name_of(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else f"{torch.get_num_threads()} CPU threads"


if __name__ == "__main__":
    main()
