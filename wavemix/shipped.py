"""Where the folders are that come with the package: recipes, the published models, and the Space."""

from importlib.resources import files
from pathlib import Path


def shipped(name: str) -> Path:
    """A folder of the repository's top level: beside the package in a checkout, inside it where a wheel was installed.

    Args:
        name: The folder's name, there and here.
    """
    package = Path(str(files("wavemix"))).resolve()
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
