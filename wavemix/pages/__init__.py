"""What our web pages share: how they look, and the player that switches between mixes without a gap."""

from importlib.resources import files

_SOURCES = files("wavemix.pages")


def source(name: str) -> str:
    """The text of a shared style sheet or script.

    Args:
        name: `base.css`; `elements.js`, which makes elements; or `player.js`.
    """
    return (_SOURCES / name).read_text(encoding="utf-8")
