"""What tells files apart, whatever their names."""

import hashlib
from pathlib import Path

from wavemix.errors import WavemixError


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises:
        WavemixError: If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WavemixError(f"{path}: cannot be read ({error.strerror}).") from error
