"""The exported page in a real browser: what its listeners hear, what they may do, and what they send back."""

import csv
import json

import numpy as np
import pytest
from listening.listener import Listener
from listening.tones import COMMON_HZ, MARKERS_HZ, RATE, sounds_in
from selenium.webdriver.common.keys import Keys

from wavemix.cli import main
from wavemix.listening.analyse import analyse
from wavemix.listening.blind_test import write_test
from wavemix.listening.ratings import COLUMNS, DIMENSIONS

TRIAL = 3 * len(DIMENSIONS)


@pytest.fixture
def exported(mixes, tmp_path):
    return write_test([mixes], tmp_path / "test", f"Test in {tmp_path.name}", seconds=1.0)


@pytest.fixture
def listener(browser, exported):
    visitor = Listener(browser, exported.page.as_uri())
    yield visitor
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.fixture
def names(exported):
    """The mix behind each hash."""
    return json.loads(exported.key.read_text())["mixes"]


def rating_of(mix: str, dimension: str) -> int:
    """What our listener thinks: every rating occurs."""
    return 1 + (2 * sorted(MARKERS_HZ).index(mix) + DIMENSIONS.index(dimension)) % 5


def rate_all(listener, names):
    choices = [
        f'input[name="{dimension}-{stimulus}"][value="{rating_of(names[stimulus], dimension)}"]'
        for stimulus in listener.stimuli
        for dimension in DIMENSIONS
    ]
    listener.run("for (const choice of arguments[0]) document.querySelector(choice).click()", choices)


def test_a_whole_test(listener, exported, names, downloads, capsys):
    listener.begin("ann")
    shown = []
    for _ in range(2):
        shown.append(listener.stimuli)
        rate_all(listener, names)
        for stimulus in listener.stimuli:
            listener.hear(stimulus)
        listener.press("#next")
        listener.wait(lambda: listener.screen == "done" or listener.find("#play").is_enabled())
    assert listener.screen == "done"
    listener.press("#download")
    file = listener.downloaded(downloads, "ratings-ann.csv")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert {row["listener"] for row in rows} == {"ann"}
    answers = {row["dimension"]: row["rating"] for row in rows if not row["mix"]}
    assert answers == {"years_of_experience": "3.5", "device": "headphones", "hearing": "normal"}
    ratings = [row for row in rows if row["mix"]]
    assert len(ratings) == 2 * TRIAL
    for row in ratings:
        assert int(row["rating"]) == rating_of(names[row["mix"]], row["dimension"])
    for dimension in analyse([file, exported.key]).dimensions:
        found = {rating.mix: rating.mean for rating in dimension.ratings}
        assert found == {mix: rating_of(mix, dimension.name) for mix in MARKERS_HZ}
    with pytest.raises(SystemExit) as leave:
        main(["listen", "analyse", str(file), str(exported.key)])
    assert not leave.value.code and "engineer" in capsys.readouterr().out
    seen = {(row["mix"], row["position"]) for row in ratings}
    assert seen == {(stimulus, str(place)) for trial in shown for place, stimulus in enumerate(trial, 1)}


def test_every_stimulus_is_heard_alone_and_none_starts_anew(listener, names):
    listener.begin("bob")
    assert listener.loudest_hz(*MARKERS_HZ.values()) is None
    for _ in range(2):
        for stimulus in listener.stimuli:
            listener.hear(stimulus)
            marker_hz = MARKERS_HZ[names[stimulus]]
            listener.wait(lambda marker_hz=marker_hz: listener.loudest_hz(*MARKERS_HZ.values()) == marker_hz)
    starts = listener.run("return window.starts")
    assert len(starts) == 3 and len(set(starts)) == 1
    listener.press("#play")
    listener.wait(lambda: listener.run("return player.context.state === 'suspended'"))
    place = listener.run("return player.position")
    assert listener.run("return player.position") == place > 0


SWITCH = """
const [first, second, switchSeconds, done] = arguments;
const offline = new OfflineAudioContext(2, test.rate, test.rate);
// The player holds and resumes a running context; here both are the renderer's.
const [hold, resume] = [offline.suspend.bind(offline), offline.resume.bind(offline)];
offline.suspend = offline.resume = async () => {};
const RealContext = AudioContext;
AudioContext = function () { return offline; };
(async () => {
  const player = new Player(test.rate);
  AudioContext = RealContext;
  await player.load([first, second].map(sound));
  await player.play(first);
  hold(switchSeconds).then(() => { player.play(second); resume(); });
  done(Array.from((await offline.startRendering()).getChannelData(0)));
})();
"""


def test_a_switch_keeps_the_place_to_the_sample_and_leaves_no_gap(listener, exported):
    sounds = sounds_in(exported.page.read_text())
    (first, second), switch = listener.run("return test.songs[0].stimuli.slice(0, 2)"), RATE // 2
    heard = np.array(listener.driver.execute_async_script(SWITCH, first, second, 0.5))
    lead = round(listener.run("return LEAD_SECONDS") * RATE)
    expected = {code: np.concatenate([np.zeros(lead), sounds[code][0]])[:RATE] for code in (first, second)}
    settled = round(listener.run("return SETTLED_SECONDS") * RATE)
    np.testing.assert_allclose(heard[settled:switch], expected[first][settled:switch], atol=1e-4)
    np.testing.assert_allclose(heard[switch + settled :], expected[second][switch + settled :], atol=1e-4)
    # On the way from one to the other the gains add up to 1: what both mixes share stays as it is.
    carrier = np.exp(-2j * np.pi * COMMON_HZ * np.arange(RATE) / RATE)
    course = np.convolve(heard * carrier, np.ones(160) / 160, "valid")[2 * settled : -1]
    steady = course[: switch - 3 * settled].mean(), course[switch - settled :].mean()
    before, after = abs(steady[0]), abs(steady[1])
    around = np.abs(course[switch - 2 * settled - 160 : switch - settled])
    assert min(before, after) * 0.98 < around.min() and around.max() < max(before, after) * 1.02


def test_a_trial_cannot_be_left_before_all_is_heard_and_rated(listener, names):
    listener.begin("cy")
    *others, last = listener.stimuli
    listener.press("#next")
    assert listener.screen == "trial" and len(listener.find_all(".missing")) == TRIAL
    rate_all(listener, names)
    assert not listener.find_all(".missing")
    for stimulus in others:
        listener.hear(stimulus)
    assert listener.find("#trial-message").text == "Listen to C a little longer."
    listener.press("#next")
    assert listener.stimuli[-1] == last
    listener.hear(last)
    listener.press("#next")
    assert last not in listener.stimuli


def test_a_reload_loses_nothing(listener, browser):
    listener.begin("di")
    order = listener.stimuli
    listener.rate(order[1], "space", 4)
    listener.hear(order[2])
    browser.refresh()
    listener.wait(lambda: listener.find("#play").is_enabled())
    assert listener.stimuli == order
    assert listener.find(f'input[name="space-{order[1]}"][value="4"]').is_selected()
    assert len(listener.find_all("input:checked")) == 1 + 2  # with the questionnaire's
    assert [button.text for button in listener.find_all("#stimuli .heard")] == ["C"]


def test_another_listener_can_start_again(listener):
    listener.begin("eve")
    listener.rate(listener.stimuli[0], "overall", 1)
    listener.run("show('done')")
    listener.press("#again")
    listener.driver.switch_to.alert.accept()
    assert listener.screen == "welcome"
    listener.begin("fay")
    assert not listener.find_all("#dimensions input:checked")


def test_the_keyboard_is_enough(listener):
    listener.begin("gus")
    page = listener.find("body")
    playing = "return [player.playing, session.song.stimuli.indexOf(player.current)]"
    page.send_keys("b")
    assert listener.run(playing) == [True, 1]
    page.send_keys(Keys.SPACE)
    assert listener.run(playing) == [False, 1]
    page.send_keys("c", "c")
    assert listener.run(playing) == [True, 2]
    listener.find("#dimensions input").send_keys(Keys.SPACE)
    listener.find("#dimensions input").send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert listener.find("#dimensions input:checked").get_attribute("value") == "3"
    names = listener.run("return [...document.querySelectorAll('[role=radiogroup]')].map((row) => row.ariaLabel)")
    assert len(set(names)) == TRIAL


def test_nobody_goes_on_without_the_questions_that_matter(listener):
    listener.press("#to-questions")
    listener.press("#questionnaire .primary")
    assert listener.screen == "questions"
    listener.find("#years").send_keys("-1")
    listener.press("input[value=loudspeakers]")
    listener.press("input[value=impaired]")
    listener.press("#questionnaire .primary")
    assert listener.screen == "questions"
    listener.find("#years").clear()
    listener.find("#years").send_keys("0")
    listener.press("#questionnaire .primary")
    assert listener.screen == "sound"


def test_orders_differ_between_listeners_and_are_even(listener):
    orders = listener.run(
        "return Array.from({length: 3000}, (_, n) => shuffled(['a', 'b', 'c', 'd'], `test/listener${n}/song`).join(''))"
    )
    for place in range(4):
        counts = [sum(order[place] == item for order in orders) for item in "abcd"]
        assert min(counts) > 650 and max(counts) < 850  # 750 each, four standard deviations
    assert len(set(orders)) == 24
    assert listener.run("return shuffled(['a', 'b', 'c', 'd'], 'test/listener7/song').join('')") == orders[7]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(listener, browser, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 1000}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        for screen in ("welcome", "questions", "sound", "trial", "done"):
            listener.run("show(arguments[0])", screen)
            assert listener.run("return document.documentElement.scrollWidth") <= width, screen
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
