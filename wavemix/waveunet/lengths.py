"""How many samples a valid-convolution Wave-U-Net reads for how many it writes.

Every convolution is valid, so the output is shorter than the input, and equal to what a longer input would
have given there. Going down, a level of `n` samples is left with (n - 15 + 1) and every second one is kept;
going up, `n` become 2n - 1 by interpolation and 2n - 1 - 5 + 1 after the convolution. With `b` samples out
of the bottleneck and L levels this solves to

    output = 2^L b - 5 (2^L - 1)            input = 2^L (b + 14) + 13 (2^L - 1)

for the kernel lengths 15 and 5, which the functions below take in general.

Examples:
    >>> input_length(88_200), output_length(121_843)
    (121843, 89093)
    >>> context(), hop()
    (16375, 1024)
"""

LEVELS = 10
DOWN_KERNEL = 15
UP_KERNEL = 5


def hop(levels: int = LEVELS) -> int:
    """Samples by which valid input and output lengths grow: 2^levels.

    The network decimates by this factor, so it gives the same samples for the same audio only if the start of
    its input moves by a multiple of `hop`.
    """
    return 1 << levels


def output_length(
    input_samples: int,
    levels: int = LEVELS,
    down_kernel: int = DOWN_KERNEL,
    up_kernel: int = UP_KERNEL,
) -> int:
    """Samples that come out for `input_samples` in: the inverse of `input_length` on valid lengths.

    Raises:
        ValueError: If the network takes no input of that length.
    """
    shrink_down = (down_kernel - 2) * (hop(levels) - 1) + hop(levels) * (down_kernel - 1)
    bottleneck, rest = divmod(input_samples - shrink_down, hop(levels))
    output_samples = hop(levels) * bottleneck - up_kernel * (hop(levels) - 1)
    if rest or output_samples < 1:
        raise ValueError(
            f"an input of {input_samples} samples is not valid; the next valid length is "
            f"{input_length(max(1, output_samples + 1), levels, down_kernel, up_kernel)}"
        )
    return output_samples


def input_length(
    output_samples: int,
    levels: int = LEVELS,
    down_kernel: int = DOWN_KERNEL,
    up_kernel: int = UP_KERNEL,
) -> int:
    """Shortest valid input, in samples, that gives at least `output_samples`.

    Raises:
        ValueError: If `output_samples` is less than 1.
    """
    if output_samples < 1:
        raise ValueError(f"output_samples must be at least 1, got {output_samples}")
    shrink_up = up_kernel * (hop(levels) - 1)
    bottleneck = -(-(output_samples + shrink_up) // hop(levels))
    return hop(levels) * (bottleneck + down_kernel - 1) + (down_kernel - 2) * (hop(levels) - 1)


def context(levels: int = LEVELS, down_kernel: int = DOWN_KERNEL, up_kernel: int = UP_KERNEL) -> int:
    """Samples that the network reads before its first and after its last output sample."""
    read = input_length(1, levels, down_kernel, up_kernel)
    return (read - output_length(read, levels, down_kernel, up_kernel)) // 2


def skip_crop(level: int, levels: int = LEVELS, down_kernel: int = DOWN_KERNEL, up_kernel: int = UP_KERNEL) -> int:
    """Samples by which a skip is longer, on either side, than the upsampled signal that it meets.

    They are what the levels below read on either side: the context of the network that starts at `level`, without
    its own two convolutions.

    Examples:
        >>> skip_crop(9), skip_crop(8), skip_crop(0)
        (14, 46, 16366)
    """
    return context(levels - level, down_kernel, up_kernel) - down_kernel // 2 - up_kernel // 2
