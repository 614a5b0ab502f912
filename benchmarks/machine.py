"""What the machine reaches, for benchmarks to compare with."""

import time

import torch

MATRIX = {"cpu": 2048, "cuda": 8192}


def matmul_flops(device: torch.device, bf16: bool = False) -> float:
    """Floating-point operations a second that a device reaches in a matrix product: the best of ten."""
    size, dtype = MATRIX[device.type], torch.bfloat16 if bf16 else torch.float32
    a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    best = float("inf")
    for _ in range(10):
        began = time.perf_counter()
        a @ b
        wait_for(device)
        best = min(best, time.perf_counter() - began)
    return 2 * size**3 / best


def wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
