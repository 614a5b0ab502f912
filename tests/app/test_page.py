"""The app's page in a real browser: from tracks to files, and what happens when something is wrong."""

import io
import json
import re
import urllib.request
import zipfile

import numpy as np
import pytest
import soundfile
from app.conftest import EXAMPLE_SECONDS
from browser import Visitor
from conftest import RATE, noise

from wavemix import AutoMix, Balance, Delivery
from wavemix.example.session import write_example
from wavemix.metrics.excerpt import matching_gains_db
from wavemix.session.finding import session_from_folder
from wavemix.session.manifest import load_session

PATIENCE_SECONDS = 300.0
"""How long whatever computes may take on a machine that has much else to do."""

SILENCE = 1e-12
"""Energy that keeps the logarithm of nothing finite."""

HEARD = """
const analyser = window.outputs.at(-1);
const samples = new Float32Array(analyser.fftSize);
analyser.getFloatTimeDomainData(samples);
return [Array.from(samples), listening.player.position];
"""


class Guest(Visitor):
    """Somebody who mixes a song."""

    def __init__(self, driver, app):
        super().__init__(driver, app.address)
        self.run("sessionStorage.clear()")
        driver.get(app.address)  # as a visitor who was not here before
        self.app = app
        self.wait(lambda: self.find("#tracks").is_displayed())

    def wait(self, true, seconds=PATIENCE_SECONDS):
        return super().wait(true, seconds)

    def bring(self, *files):
        self.find("#files").send_keys("\n".join(map(str, files)))
        self.wait(lambda: self.find("#table").is_displayed() or self.find("#tracks-message.wrong"))

    def mix(self):
        self.press("#mix")
        self.wait(lambda: self.find("#play").is_enabled())

    def said(self, message):
        return self.wait(lambda: self.find_all(f"#{message}.wrong"))[0].text

    def fetch(self, path):
        with urllib.request.urlopen(f"{self.app.address}{self.run('return server.at(arguments[0])', path)}") as answer:
            return answer.read()

    def sound(self, name):
        samples, _ = soundfile.read(io.BytesIO(self.fetch(f"/sounds/{name.replace(' ', '%20')}")), dtype="float32")
        return samples.T

    def heard(self):
        samples, position = self.run(HEARD)
        return np.array(samples), position


@pytest.fixture
def guest(browser, app):
    browser.get_log("performance")
    browser.get_log("browser")
    visitor = Guest(browser, app)
    yield visitor
    visitor.run("return server.end()")
    assert app.visits == {}
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert asked
    assert [url for url in asked if not url.startswith((f"{app.address}/", "data:"))] == []
    severe = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert [message for message in severe if "the server responded with a status of 4" not in message] == []


def choose(guest, label, value):
    guest.run(
        "const [label, value] = arguments;"
        "const select = document.querySelector(`[aria-label='${label}']`);"
        "select.value = value; select.dispatchEvent(new Event('change'));",
        label,
        value,
    )


def place_of(heard, sound):
    """Where in a looped sound, `(samples,)`, a piece of it lies, and the energy of what differs, in dB."""
    looped = np.concatenate([sound, sound[: len(heard)]])
    spectrum = np.fft.rfft(looped) * np.conj(np.fft.rfft(heard, len(looped)))
    place = int(np.argmax(np.fft.irfft(spectrum, len(looped))[: len(sound)]))
    rest = heard - looped[place : place + len(heard)]
    return place, 10 * np.log10((np.sum(rest**2) + SILENCE) / (np.sum(heard**2) + SILENCE))


def test_from_the_example_to_its_files(guest, tmp_path, downloads):
    guest.press("#example")
    guest.wait(lambda: guest.find("#table").is_displayed())
    assert guest.find("#song").text == "example song: 20 tracks"
    choose(guest, "Group of Other/20_Pad.wav", "vocals")
    choose(guest, "Role of Other/20_Pad.wav", "backing")
    guest.press("[aria-label='Mute Drums/10_Shaker.wav']")
    guest.run("document.querySelector(`[aria-label='Trim of Bass/12_Bass DI.wav in dB']`).value = -6")
    guest.run("document.querySelector('[data-group=vocals]').value = 2; at('daw').value = 'reaper'")
    guest.find("#loudness").send_keys("ebu")
    stages = []
    guest.press("#mix")

    def is_done():
        stages.append(guest.find("#stage").text)
        return guest.find("#play").is_enabled()

    guest.wait(is_done)
    assert any(stage.startswith("Step ") for stage in stages)

    # What comes out is what the same routing makes in Python.
    folder = tmp_path / "example song"
    write_example(folder, EXAMPLE_SECONDS)
    session = session_from_folder(folder)
    manifest = guest.fetch("/kept/session.yaml")
    (folder / "session.yaml").write_bytes(manifest)
    routed = load_session(folder / "session.yaml")
    placed = {track.label: (track.group, track.role, track.gain_db, track.mute) for track in routed.tracks}
    changed = {
        "Other/20_Pad.wav": ("vocals", "backing", 0.0, False),
        "Drums/10_Shaker.wav": ("drums", "percussion", 0.0, True),
        "Bass/12_Bass DI.wav": ("bass", "bass", -6.0, False),
    }
    found = {track.label: (track.group, track.role, track.gain_db, track.mute) for track in session.tracks}
    assert placed == found | changed
    mixer, gains_db = AutoMix.from_pretrained(family="lite"), {"vocals": 2.0}
    report = mixer.mix(routed, tmp_path / "mix", Delivery(loudness_lufs="ebu"), balance=Balance(gains_db))
    plain = mixer.mix(routed, tmp_path / "plain", Delivery(stems=False), balance=Balance(gains_db, 0))
    guest.press("#kept a[href$='/mix.wav']")
    mix, _ = soundfile.read(guest.downloaded(downloads, "mix.wav"), dtype="float32")
    expected, _ = soundfile.read(tmp_path / "mix/mix.wav", dtype="float32")
    np.testing.assert_allclose(mix, expected, atol=1e-4)
    np.testing.assert_allclose(
        guest.sound("plain sum").T, soundfile.read(tmp_path / "plain/mix.wav", dtype="float32")[0], atol=1e-4
    )
    assert "-23.0 LUFS" in guest.find("#levels").text
    assert f"spotify {report.playback['platform_gains_db']['spotify']:+.1f}" in guest.find("#playback").text

    # It is heard at one loudness with the plain sum, and a switch while it plays keeps the place.
    levels = {
        "mix": (report.outputs[0].loudness_lufs, report.outputs[0].true_peak_dbtp),
        "plain sum": (plain.outputs[0].loudness_lufs, plain.outputs[0].true_peak_dbtp),
    } | {
        output.file[len("stems/") : -len(".wav")]: (output.loudness_lufs, output.true_peak_dbtp)
        for output in report.outputs[1:]
    }
    gains_db, _ = matching_gains_db(levels)
    mono = {name: guest.sound(name).mean(axis=0) * 10 ** (gains_db[name] / 20) for name in ("mix", "plain sum")}
    places = {}
    for name in ("mix", "plain sum"):
        guest.press(f"[data-sound='{name}']")
        guest.wait(lambda name=name: place_of(guest.heard()[0], mono[name])[1] < -40)
        heard, position = guest.heard()
        place, rest_db = place_of(heard, mono[name])
        assert rest_db < -40
        assert place_of(heard, mono["mix" if name == "plain sum" else "plain sum"])[1] > -20
        places[name] = (place + len(heard)) / RATE - position
    apart = (places["mix"] - places["plain sum"] + EXAMPLE_SECONDS / 2) % EXAMPLE_SECONDS - EXAMPLE_SECONDS / 2
    assert abs(apart) < 0.05  # the analyser and the clock advance in steps
    guest.press("[data-sound='drums']")
    guest.wait(lambda: guest.find_all("[data-sound='drums'].current"))
    assert len(guest.run("return [...listening.player.voices.keys()]")) == 3

    # All of it in one file.
    with zipfile.ZipFile(io.BytesIO(guest.fetch("/kept/all.zip"))) as archive:
        stems = {f"stems/{group}.wav" for group in ("drums", "bass", "vocals", "other")}
        named = {"mix.wav", "report.json", "session.yaml", "explanation.json", "example song.rpp"} | stems
        assert set(archive.namelist()) >= {f"mix 1/{name}" for name in named}
        archive.extractall(folder)
    # Unpacked in the folder of the tracks, the sessions in it find them.
    again = load_session(folder / "mix 1/session.yaml")
    assert again.tracks == routed.tracks
    played = re.findall(r'FILE "([^"]+)"', (folder / "mix 1/example song.rpp").read_text())
    assert len(played) >= len(routed.tracks) and all((folder / "mix 1" / file).is_file() for file in played)
    course = json.loads(guest.fetch("/courses/mix"))
    assert max(course["highest"]) == pytest.approx(mix.max(), abs=1e-4)
    assert min(course["lowest"]) == pytest.approx(mix.min(), abs=1e-4)
    assert len(course["short_term_lufs"]) == 3 and all(-40 < lufs < -10 for lufs in course["short_term_lufs"])


def test_a_reload_loses_nothing(guest, browser, band):
    guest.bring(band / "Keys.wav", band / "Lead Vox.wav")
    guest.mix()
    browser.refresh()
    guest.wait(lambda: guest.find("#play").is_enabled())
    assert guest.find("#song").text == "song: 2 tracks"
    guest.press("#start-over")
    guest.wait(lambda: guest.find("#tracks").is_displayed())
    assert guest.app.visits == {}


def test_what_is_wrong_is_told_as_the_command_line_does(guest, band, run, tmp_path):
    kick = band / "Drums/Kick.wav"
    kick.write_bytes(kick.read_bytes()[:-1000])
    guest.bring(kick, band / "Keys.wav")
    guest.press("#mix")
    said = guest.said("routing-message")
    told = run("mix", band, "-o", tmp_path / "out").err
    assert told == f"wavemix: {band}/Drums/{said}\n"
    assert "is cut short" in said
    assert list(guest.app.visits.values()) == [["song/Keys.wav", "song/Kick.wav"]]


def test_what_is_no_song_is_told_too(guest, tmp_path):
    for name in ("Kick.wav", "notes.wav"):
        (tmp_path / name).write_bytes(b"no sound")
    guest.bring(tmp_path / "Kick.wav", tmp_path / "notes.wav")
    guest.press("#mix")
    assert guest.said("routing-message").startswith("Kick.wav: ")


def test_a_mix_that_is_cancelled_leaves_nothing(guest, write_song):
    song = write_song({"Kick.wav": noise(40, seed=1), "Lead Vox.wav": noise(40, seed=2)})
    guest.bring(song / "Kick.wav", song / "Lead Vox.wav")
    guest.press("#mix")
    guest.wait(lambda: "mixing" in guest.find("#stage").text)
    guest.press("#cancel")
    guest.wait(lambda: "Cancelled" in guest.find("#routing-message").text)
    assert not guest.find("#listening").is_displayed()
    assert list(guest.app.visits.values()) == [["song/Kick.wav", "song/Lead Vox.wav"]]
    assert guest.find("#mix").is_enabled()


def tone(hertz, seconds=1.5):
    return 0.2 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)[:, np.newaxis]


def test_two_at_once_do_not_mix_each_others_songs(guest, browser, write_song):
    tones = {"one": 1000, "two": 3000}
    songs = {
        name: write_song({"Lead Vox.wav": tone(hertz), "Keys.wav": tone(hertz)}, name) for name, hertz in tones.items()
    }
    first = browser.current_window_handle
    guest.bring(*songs["one"].iterdir())
    browser.switch_to.new_window("tab")
    try:
        other = Guest(browser, guest.app)
        other.bring(*songs["two"].iterdir())
        other.press("#mix")
        assert len(guest.app.visits) == 2
        browser.switch_to.window(first)
        guest.press("#mix")
        for handle, hertz in zip((first, browser.window_handles[-1]), tones.values(), strict=True):
            browser.switch_to.window(handle)
            guest.wait(lambda: guest.find("#play").is_enabled())
            for name in ("mix", "plain sum"):
                spectrum = np.abs(np.fft.rfft(guest.sound(name)[0]))
                assert np.fft.rfftfreq(round(1.5 * RATE), 1 / RATE)[spectrum.argmax()] == pytest.approx(hertz, abs=1)
    finally:
        browser.switch_to.window(browser.window_handles[-1])
        guest.run("return server.end()")
        browser.close()
        browser.switch_to.window(first)
