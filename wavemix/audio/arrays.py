"""Samples in memory, read as a file is."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wavemix.audio.files import AudioInfo
from wavemix.errors import WavemixError


@dataclass(frozen=True)
class ArrayInfo(AudioInfo):
    """What the header of a file would say of samples that are in memory already, and the samples.

    Attributes:
        samples: `(channels, frames)`.
    """

    samples: NDArray[np.float32] = field(kw_only=True, repr=False, compare=False)


def array_info(name: str, samples: NDArray[np.float32], rate: int) -> ArrayInfo:
    """Samples, `(channels, frames)`, at a rate in Hz, under a name that errors call them by."""
    channels, frames = samples.shape
    return ArrayInfo(Path(name), rate, channels, frames, samples=samples)


def checked_array(name: str, samples: ArrayLike, rate: int) -> ArrayInfo:
    """What is known of samples that somebody gave us.

    Args:
        name: What errors call them.
        samples: `(frames,)` or `(channels, frames)`, floating point, full scale being 1.
        rate: In Hz.

    Raises:
        WavemixError: If they have another form, there are none, or one is NaN or infinite.
    """
    try:
        array = np.atleast_2d(np.asarray(samples))
    except (TypeError, ValueError, RuntimeError) as error:  # ragged lists; tensors on a GPU, or with gradients
        raise WavemixError(f"{name}: is no array of samples ({error}).") from error
    if not np.issubdtype(array.dtype, np.floating):
        raise WavemixError(f"{name}: has samples of the type {array.dtype}; give floats, full scale being 1.")
    if array.ndim > 2 or not array.size:
        raise WavemixError(f"{name}: has the shape {array.shape}; give (samples,) or (channels, samples), one or more.")
    channels, frames = array.shape
    if channels > frames:
        raise WavemixError(f"{name}: has {channels} channels of {frames} samples; give its transpose.")
    if not np.isfinite(array).all():
        bad = int(np.argmin(np.isfinite(array).all(axis=0)))
        raise WavemixError(f"{name}: sample {bad} ({bad / rate:.2f} s) is NaN or infinite; export it again.")
    return array_info(name, array.astype(np.float32, copy=False), rate)
