"""The README's picture of the app: `PYTHONPATH=tests python tests/app/picture.py docs/app.png`."""

import sys
import tempfile
from pathlib import Path

from app.conftest import running
from browser import Visitor, open_browser

WIDTH, HEIGHT = 1200, 1000
TABLE_ROWS = 7
"""Of the table's: the picture shows the rest of the page, too."""


def main(file: Path) -> None:
    """Mix the example song in Chromium, and take a picture of the page while it plays."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        running(Path(scratch, "tmp"), "--family", "lite") as app,
        open_browser(Path(scratch, "profile"), Path(scratch)) as driver,
    ):
        light = {"features": [{"name": "prefers-color-scheme", "value": "light"}]}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", light)
        guest = Visitor(driver, app.address)
        guest.wait(lambda: guest.find("#example").is_displayed())
        guest.press("#example")
        guest.wait(lambda: guest.find("#table").is_displayed(), 600)
        guest.press("#mix")
        guest.wait(lambda: guest.find("#play").is_enabled(), 600)
        guest.press("[data-sound='mix']")
        guest.wait(lambda: guest.run("return listening.player.position > 7"), 60)
        guest.run(
            "for (const row of [...at('table').tBodies[0].rows].slice(arguments[0])) row.hidden = true; scrollTo(0, 0)",
            TABLE_ROWS,
        )
        driver.set_window_size(WIDTH, HEIGHT)
        driver.set_window_size(WIDTH, guest.run("return document.documentElement.scrollHeight") + 100)
        guest.wait(lambda: guest.run("return listening.courses.size > 0"))
        guest.find("main").screenshot(str(file))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
