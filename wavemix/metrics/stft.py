"""Multi-resolution STFT distance (Yamamoto et al. 2020, Parallel WaveGAN, section 2.2), as a measure or a loss."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

RESOLUTIONS = ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240))
"""FFT, hop and Hann window, in samples."""

FLOOR = 1e-4
"""Smaller magnitudes count as this one, so that silence has a logarithm: some 120 dB below a full-scale sine's."""

_PIECE_SAMPLES = 1 << 14  # spectra of a piece stay in the processor's cache: three times faster than all at once


class MultiResolutionSTFT(nn.Module):
    """Mean of `STFTDistance` over three resolutions.

    Shape:
        mix, reference: `(batch, channels, samples)`, floating-point, full scale ±1; the result is a scalar.

    >>> distance = MultiResolutionSTFT()
    >>> noise = torch.randn(1, 2, 4_000, generator=torch.Generator().manual_seed(0))
    >>> float(distance(noise, noise)), float(distance(noise / 10, noise)) > 1
    (0.0, True)
    """

    def __init__(self) -> None:
        super().__init__()
        self.distances = nn.ModuleList(STFTDistance(*resolution) for resolution in RESOLUTIONS)

    def forward(self, mix: Tensor, reference: Tensor) -> Tensor:
        """Distance of a mix from a reference, which is not symmetric.

        Raises:
            ValueError: If the shapes differ or are not `(batch, channels, samples)`.
        """
        if mix.shape != reference.shape or mix.ndim != 3:
            raise ValueError(f"need two (batch, channels, samples), not {tuple(mix.shape)}, {tuple(reference.shape)}")
        return torch.stack([distance(mix, reference) for distance in self.distances]).mean()


class STFTDistance(nn.Module):
    """Spectral convergence plus mean absolute difference of log magnitudes, at one resolution.

    Spectral convergence is ‖|R| - |M|‖ / ‖|R|‖, Frobenius norms over everything given. Against a silent reference
    it is large but finite, since magnitudes have a floor; of two silences the distance is 0.

    Args:
        fft_samples: Length of the FFT.
        hop_samples: From one frame to the next.
        window_samples: Length of the Hann window in the middle of the FFT's.
    """

    window: Tensor

    def __init__(self, fft_samples: int, hop_samples: int, window_samples: int) -> None:
        super().__init__()
        before = (fft_samples - window_samples) // 2
        window = nn.functional.pad(torch.hann_window(window_samples), (before, fft_samples - window_samples - before))
        self.register_buffer("window", window, persistent=False)
        self.hop_samples = hop_samples

    def forward(self, mix: Tensor, reference: Tensor) -> Tensor:
        """`(batch, channels, samples)` twice to a scalar; sums over pieces of the signals, which are exact."""
        both = torch.cat([mix, reference]).flatten(0, 1)
        errors, norms, log_errors, count = [], [], [], 0
        for power in power_spectra(both, self.window, self.hop_samples):
            mixed, wanted = power.clamp(min=FLOOR**2).sqrt().chunk(2)
            errors.append(torch.linalg.vector_norm(wanted - mixed))
            norms.append(torch.linalg.vector_norm(wanted))
            log_errors.append((wanted / mixed).log().abs().sum())
            count += wanted.numel()
        # A norm of norms: unlike the root of a sum it has a gradient where the signals are equal.
        convergence = torch.linalg.vector_norm(torch.stack(errors)) / torch.linalg.vector_norm(torch.stack(norms))
        distance: Tensor = convergence + torch.stack(log_errors).sum() / count
        return distance


def power_spectra(audio: Tensor, window: Tensor, hop_samples: int) -> Iterator[Tensor]:
    """Squared magnitudes of an STFT, a few frames at a time, so that a song's never lie in memory together.

    Frames are centred at multiples of the hop and the ends reflected, as `torch.stft` does by default; the ends of
    a signal that is too short for it are extended with silence.

    Args:
        audio: `(rows, samples)`.
        window: As long as the FFT.
        hop_samples: From one frame to the next.

    Yields:
        `(rows, frames, bins)`.
    """
    size, samples = window.shape[0], audio.shape[1]
    mode = "reflect" if samples > size // 2 else "constant"
    padded = nn.functional.pad(audio, (size // 2, size // 2), mode=mode)
    frames, step = samples // hop_samples + 1, max(1, _PIECE_SAMPLES // hop_samples)
    for first in range(0, frames, step):
        last = min(first + step, frames) - 1
        piece = padded[:, first * hop_samples : last * hop_samples + size].unfold(1, size, hop_samples)
        spectrum = torch.fft.rfft(piece * window)
        yield spectrum.real.square() + spectrum.imag.square()


def mid_side(stereo: Tensor) -> Tensor:
    """`(..., 2, samples)` of left and right to the same of mid, L + R, and side, L - R."""
    left, right = stereo.unbind(-2)
    return torch.stack([left + right, left - right], dim=-2)


def mid_side_distance(distance: nn.Module, mix: Tensor, reference: Tensor) -> Tensor:
    """Mean of a distance's values for mid and for side: the faint side weighs as much as the mid.

    Args:
        distance: Takes `(batch, 1, samples)` twice.
        mix: `(batch, 2, samples)`.
        reference: What they are compared with, of the same shape.
    """
    pairs = zip(mid_side(mix).chunk(2, dim=-2), mid_side(reference).chunk(2, dim=-2), strict=True)
    return torch.stack([distance(mixed, wanted) for mixed, wanted in pairs]).mean()
