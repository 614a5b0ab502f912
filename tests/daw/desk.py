"""Sessions read back as a desk of strips, and played with numpy."""

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import rpp
import soundfile
import soxr


@dataclass
class Strip:
    name: str
    gain: float
    pan: float
    mute: bool
    file: str = ""
    start: float = 0.0
    seconds: float = 0.0
    inner: list["Strip"] = field(default_factory=list)


@dataclass
class Desk:
    folder: Path
    rate: int
    strips: list[Strip]
    master: float

    @property
    def tracks(self) -> list[Strip]:
        return [track for strip in self.strips for track in (strip.inner or [strip])]

    def play(self, strip: Strip, samples: int) -> np.ndarray:
        """What a strip gives before its fader."""
        sound = np.zeros((2, samples))
        for inner in strip.inner:
            if not inner.mute:
                sound += panned(self.play(inner, samples), inner)
        if strip.file:
            played, rate = soundfile.read(self.folder / strip.file, always_2d=True)
            played = soxr.resample(played, rate, self.rate, quality="HQ").T if rate != self.rate else played.T
            start = round(strip.start * self.rate)
            played = played[:, : samples - start]
            sound[:, start : start + played.shape[1]] += played  # a mono file goes to both
        return sound

    def mixed(self, strips: list[Strip], samples: int) -> np.ndarray:
        """What strips give at the master's output, muted or not."""
        return self.master * sum(panned(self.play(strip, samples), strip) for strip in strips)


def panned(sound: np.ndarray, strip: Strip) -> np.ndarray:
    """A balance of 0 dB: the far side falls linearly."""
    return sound * strip.gain * np.array([[min(1, 1 - strip.pan)], [min(1, 1 + strip.pan)]])


def read_reaper(path: Path) -> Desk:
    root = rpp.loads(path.read_text(encoding="utf-8"))
    assert [*root.find("PANLAW")[1:], *root.find("PANMODE")[1:]] == ["1", "3"]
    strips: list[Strip] = []
    bus = None
    for track in root.findall("TRACK"):
        gain, pan, law = map(float, track.find("VOLPAN")[1:4])
        assert law == 1
        strip = Strip(track.find("NAME")[1], gain, pan, track.find("MUTESOLO")[1] == "1")
        item = track.find("ITEM")
        if item is not None:
            assert item.find("VOLPAN")[1:3] == ["1", "0"]
            strip.start, strip.seconds = float(item.find("POSITION")[1]), float(item.find("LENGTH")[1])
            strip.file = item.find("SOURCE").find("FILE")[1]
            kind = "FLAC" if strip.file.endswith(".flac") else "WAVE"
            assert item.find("SOURCE").attrib == [kind]
        (bus.inner if bus else strips).append(strip)
        state = track.find("ISBUS")[1:]
        bus = strip if state == ["1", "1"] else None if state == ["2", "-1"] else bus
    assert bus is None
    return Desk(path.parent, int(root.find("SAMPLERATE")[1]), strips, float(root.find("MASTER_VOLUME")[1]))


def documents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_dawproject(path: Path, rate: int) -> Desk:
    root = ElementTree.fromstring(documents(path)["project.xml"])
    clips = {lanes.get("track"): lanes.find("Clips/Clip") for lanes in root.findall("Arrangement/Lanes/Lanes")}
    masters = [track for track in root.findall("Structure/Track") if track.find("Channel").get("role") == "master"]
    (master,) = masters

    def strip_of(track: ElementTree.Element, destination: str) -> Strip:
        channel = track.find("Channel")
        assert channel.get("destination") == destination
        volume, pan, mute = (channel.find(name) for name in ("Volume", "Pan", "Mute"))
        assert (volume.get("unit"), pan.get("unit")) == ("linear", "normalized")
        assert float(volume.get("value")) <= float(volume.get("max"))
        place = 2 * float(pan.get("value")) - 1
        strip = Strip(track.get("name"), float(volume.get("value")), place, mute.get("value") == "true")
        strip.inner = [strip_of(inner, channel.get("id")) for inner in track.findall("Track")]
        if (clip := clips.get(track.get("id"))) is not None:
            strip.start, strip.seconds = float(clip.get("time")), float(clip.get("duration"))
            file = clip.find("Audio/File")
            assert file.get("external") == "true"
            strip.file = file.get("path")
            info = soundfile.info(path.parent / strip.file)
            audio = clip.find("Audio")
            assert (int(audio.get("channels")), int(audio.get("sampleRate"))) == (info.channels, info.samplerate)
        return strip

    destination = master.find("Channel").get("id")
    strips = [strip_of(track, destination) for track in root.findall("Structure/Track") if track is not master]
    return Desk(path.parent, rate, strips, float(master.find("Channel/Volume").get("value")))
