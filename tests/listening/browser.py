"""A real browser, and a listener who uses it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
AudioBufferSourceNode.prototype.start = function (when) {
  window.starts.push(when);
  return start.call(this, when);
};
"""

LOUDEST_HZ = """
const analyser = window.outputs[0];
const levels = new Float32Array(analyser.frequencyBinCount);
analyser.getFloatFrequencyData(levels);
const bin = (hertz) => Math.round((hertz * analyser.fftSize) / analyser.context.sampleRate);
const among = arguments[0].map((hertz) => levels[bin(hertz)]);
const best = among.indexOf(Math.max(...among));
return among[best] > -60 ? arguments[0][best] : null;
"""


def open_browser(profile: Path, downloads: Path) -> webdriver.Chrome:
    """Chromium without a window, with an empty profile, that saves downloads in a folder."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS.split(), f"user-data-dir={profile}"):
        options.add_argument(f"--{flag}")
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(CHROMEDRIVER))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTEN_IN})
    return driver


class Listener:
    """Somebody who sits before the page."""

    def __init__(self, driver: webdriver.Chrome, page: Path) -> None:
        self.driver = driver
        driver.get(page.as_uri())

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

    @property
    def screen(self) -> str:
        return next(
            section.get_attribute("id") for section in self.find_all("main > section") if section.is_displayed()
        )

    @property
    def stimuli(self) -> list[str]:
        """The hashes behind A, B, C ..."""
        return [button.get_attribute("data-stimulus") for button in self.find_all("#stimuli .letter")]

    def loudest_hz(self, *among: int) -> int | None:
        """Which of some tones is heard; None in silence."""
        return self.run(LOUDEST_HZ, among)

    def answer(self, code: str, years: str = "3.5") -> None:
        """From the first screen to the sound check."""
        self.press("#to-questions")
        self.find("#years").send_keys(years)
        self.press("input[value=headphones]")
        self.press("input[value=normal]")
        self.find("#code").send_keys(code)
        self.press("#questionnaire .primary")
        self.wait(lambda: self.find("#to-trial").is_enabled())

    def begin(self, code: str) -> None:
        """From the first screen to the first song."""
        self.answer(code)
        self.press("#to-trial")
        self.wait(lambda: self.find("#play").is_enabled())

    def hear(self, stimulus: str) -> None:
        """Listen to a mix until the page takes it as heard."""
        self.press(f'#stimuli [data-stimulus="{stimulus}"]')
        self.wait(lambda: self.find_all(f'#stimuli .heard[data-stimulus="{stimulus}"]'))

    def rate(self, stimulus: str, dimension: str, rating: int) -> None:
        self.press(f'input[name="{dimension}-{stimulus}"][value="{rating}"]')

    def downloaded(self, folder: Path, name: str) -> Path:
        self.wait(lambda: (folder / name).is_file())
        time.sleep(0.1)  # the browser renames a finished file
        return folder / name
