"""A listener who takes the test."""

from browser import Visitor

LOUDEST_HZ = """
const analyser = window.outputs[0];
const levels = new Float32Array(analyser.frequencyBinCount);
analyser.getFloatFrequencyData(levels);
const bin = (hertz) => Math.round((hertz * analyser.fftSize) / analyser.context.sampleRate);
const among = arguments[0].map((hertz) => levels[bin(hertz)]);
const best = among.indexOf(Math.max(...among));
return among[best] > -60 ? arguments[0][best] : null;
"""


class Listener(Visitor):
    """Somebody who sits before the listening test."""

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
