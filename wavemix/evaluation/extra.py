"""The packages that only evaluation needs."""

from wavemix import extras

PACKAGES = ("jinja2", "librosa", "matplotlib", "skimage", "torchmetrics")


def check_extra() -> None:
    """Say at once what would be missing in the end.

    Raises:
        WavemixError: If one of the packages is not installed.
    """
    extras.check_extra("evaluation", PACKAGES, "eval")
