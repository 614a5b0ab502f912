"""A real browser, and somebody who sits before its page."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
FLAGS = (
    "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking "
    "disable-component-update disable-sync autoplay-policy=no-user-gesture-required"
)

LISTEN_IN = """
// Before the page's own code: what reaches the loudspeakers is measured, and sources that start are counted.
window.outputs = [];
window.starts = [];
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) {
    const analyser = new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 });
    connect.call(this, analyser);
    window.outputs.push(analyser);
  }
  return connect.call(this, target, ...rest);
};
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (when, ...rest) {
  window.starts.push(when);
  return start.call(this, when, ...rest);
};
"""


@contextmanager
def open_browser(profile: Path, downloads: Path) -> Iterator[webdriver.Chrome]:
    """Chromium without a window, with an empty profile, that saves downloads in a folder.

    Without it tests are skipped, but not where all of them are meant to run.
    """
    missing = [program for program in (CHROMIUM, CHROMEDRIVER) if not shutil.which(program)]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"{missing} not installed")
    if missing:
        pytest.skip(f"{missing} not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS.split(), f"user-data-dir={profile}"):
        options.add_argument(f"--{flag}")
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(CHROMEDRIVER))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN_IN})
    try:
        yield driver
    finally:
        driver.quit()


class Visitor:
    """Somebody who sits before a page."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        driver.get(address)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, selector: str) -> None:
        """Click on what may lie outside the window or under the row of players."""
        element = self.find(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, true: Callable[[], object], seconds: float = 20.0) -> Any:
        return WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: true())

    def downloaded(self, folder: Path, name: str) -> Path:
        self.wait(lambda: (folder / name).is_file())
        time.sleep(0.1)  # the browser renames a finished file
        return folder / name
