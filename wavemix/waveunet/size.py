"""How large a network may be: its description is a few numbers, which anybody can write down."""

from wavemix.waveunet.lengths import DOWN_KERNEL, UP_KERNEL

MOST_LEVELS = 14
"""With so many the network hears six seconds before and after each sample, at 44.1 kHz."""

MOST_FILTERS = 256
MOST_INPUTS = 256
LONGEST_KERNEL = 255

MOST_PARAMETERS = 100_000_000
"""Sixteen times the paper's network; 400 MB in 32 bit."""


def parameters(
    inputs: int, outputs: int, levels: int, filters: int, down_kernel: int = DOWN_KERNEL, up_kernel: int = UP_KERNEL
) -> int:
    """The number of weights and biases of a `WaveUNet`, by arithmetic alone.

    Examples:
        >>> parameters(inputs=10, outputs=2, levels=10, filters=24)
        6184174
    """
    width = [inputs, *(filters * level for level in range(1, levels + 2))]
    down = sum((width[level] * down_kernel + 1) * width[level + 1] for level in range(levels + 1))
    up = sum(((width[level + 2] + width[level + 1]) * up_kernel + 1) * width[level + 1] for level in range(levels))
    return down + up + (filters + inputs + 1) * outputs


def check_size(
    inputs: int, outputs: int, levels: int, filters: int, down_kernel: int = DOWN_KERNEL, up_kernel: int = UP_KERNEL
) -> None:
    """Refuse what is no network, or one that no machine should be asked to make.

    Raises:
        ValueError: If a number is out of its range, or there are more than `MOST_PARAMETERS`.
    """
    for name, value, most in (
        ("inputs", inputs, MOST_INPUTS),
        ("outputs", outputs, MOST_INPUTS),
        ("levels", levels, MOST_LEVELS),
        ("filters", filters, MOST_FILTERS),
    ):
        if not 1 <= value <= most:
            raise ValueError(f"{name} must be 1 to {most}, got {value}")
    for name, kernel in {"down_kernel": down_kernel, "up_kernel": up_kernel}.items():
        if not 3 <= kernel <= LONGEST_KERNEL or kernel % 2 == 0:
            raise ValueError(f"{name} must be odd, at least 3 and at most {LONGEST_KERNEL}, got {kernel}")
    count = parameters(inputs, outputs, levels, filters, down_kernel, up_kernel)
    if count > MOST_PARAMETERS:
        raise ValueError(
            f"{levels} levels of {filters} filters are {count:,} parameters, and {MOST_PARAMETERS:,} are possible"
        )
