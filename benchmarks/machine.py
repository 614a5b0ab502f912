"""What the machine reaches, for benchmarks to compare with."""

import time

import torch

MATRIX = {"cpu": 2048, "cuda": 8192}
SECONDS = 3.0


def matmul_flops(device: torch.device, bf16: bool = False) -> float:
    """Floating-point operations a second that a device keeps up in matrix products for `SECONDS`.

    The mean, not the best: what it is compared with takes longer, and a machine that others use, or that gets hot, has
    moments in which it is a sixth faster than it stays.
    """
    size, dtype = MATRIX[device.type], torch.bfloat16 if bf16 else torch.float32
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    a @ b
    wait_for(device)
    products, began = 0, time.perf_counter()
    while time.perf_counter() < began + SECONDS:
        a @ b
        wait_for(device)
        products += 1
    return products * 2 * size**3 / (time.perf_counter() - began)


def wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
