"""The packages that only evaluation needs."""

from importlib.util import find_spec

from wavemix.errors import WavemixError

PACKAGES = ("jinja2", "librosa", "matplotlib", "skimage", "torchmetrics")


def check_extra() -> None:
    """Say at once what would be missing in the end.

    Raises:
        WavemixError: If one of the packages is not installed.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise WavemixError(f"evaluation needs {' and '.join(missing)}; install wavemix[eval].")
