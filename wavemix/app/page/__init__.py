"""The page: one HTML file, and what it loads from this server."""

from importlib.resources import files

from wavemix.pages import source

SHARED = ("base.css", "elements.js", "player.js")
"""What the listening test has too."""

_KINDS = {"css": "text/css", "js": "text/javascript"}
_OWN = ("app.css", "server.js", "tracks.js", "routing.js", "listen.js", "app.js")

ASSETS = {name: _KINDS[name.rsplit(".", 1)[1]] for name in (*SHARED, *_OWN)}
"""The kind of each file that the page loads."""

_SOURCES = files("wavemix.app.page")


def front_page() -> str:
    """The page's HTML."""
    return (_SOURCES / "page.html").read_text(encoding="utf-8")


def asset(name: str) -> str:
    """The text of one of `ASSETS`."""
    return source(name) if name in SHARED else (_SOURCES / name).read_text(encoding="utf-8")
