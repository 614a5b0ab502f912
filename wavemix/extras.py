"""Packages that only a part of wavemix needs, and the extra that installs them."""

from collections.abc import Iterable
from importlib.util import find_spec

from wavemix.errors import WavemixError


def check_extra(what: str, packages: Iterable[str], extra: str) -> None:
    """Say in one sentence what is missing, before any work is done.

    Args:
        what: What needs the packages.
        packages: Their names, as they are imported.
        extra: The extra of wavemix that installs them.

    Raises:
        WavemixError: If one of the packages is not installed.
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise WavemixError(f"{what} needs {' and '.join(missing)}; install wavemix[{extra}].")
