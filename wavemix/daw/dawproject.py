"""A console as a DAWproject (`.dawproject`), which Bitwig Studio, Studio One, Cubase and others open.

It is a ZIP archive with `project.xml` and `metadata.xml`; the media lie beside it (`external`). See
https://github.com/bitwig/dawproject. A volume is a factor (`linear`) and a pan lies between 0, left, and 1, right
(`normalized`). The format leaves the pan law to the program: the numbers are those of a balance of 0 dB
(`wavemix.explanation.balance_law`). A program whose law is another plays a track that is not in the middle up to some
decibels louder or softer.
"""

import io
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from wavemix.daw.console import Console, Strip
from wavemix.version import __version__

TOP_GAIN = 2.0
"""Where the faders of programs that write this format end: +6 dB."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time that all members of an archive have, so that the same session is the same file."""


def dawproject(console: Console, folder: Path) -> bytes:
    """The archive of a project that is to lie in a folder."""
    documents = {
        "metadata.xml": _metadata(console),
        "project.xml": _Project(folder).write(console.within(TOP_GAIN)),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
        for name, document in documents.items():
            indent(document)
            text = tostring(document, encoding="UTF-8", xml_declaration=True)
            members.writestr(zipfile.ZipInfo(name, EARLIEST), text, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _metadata(console: Console) -> Element:
    root = Element("MetaData")
    SubElement(root, "Title").text = console.song
    SubElement(root, "Comment").text = "Mixed by wavemix; its stems and mix are on muted tracks."
    return root


class _Project:
    """Writes one project; its parts refer to each other by numbers."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)
        self._lanes = Element("Lanes", timeUnit="seconds", id=self._id())

    def write(self, console: Console) -> Element:
        """The project as XML."""
        root = Element("Project", version="1.0")
        SubElement(root, "Application", name="wavemix", version=__version__)
        transport = SubElement(root, "Transport")
        SubElement(transport, "Tempo", unit="bpm", value="120", id=self._id())
        SubElement(transport, "TimeSignature", denominator="4", numerator="4", id=self._id())
        structure = SubElement(root, "Structure")
        master = self._id()
        for strip in console.strips:
            structure.append(self._track(strip, master))
        track = SubElement(structure, "Track", contentType="audio", loaded="true", id=self._id(), name="Master")
        track.append(self._channel(console.master, 0.0, False, "master", master, None))
        arrangement = SubElement(root, "Arrangement", id=self._id())
        arrangement.append(self._lanes)
        return root

    def _track(self, strip: Strip, destination: str) -> Element:
        kind, role = ("tracks", "submix") if strip.strips else ("audio", "regular")
        track = Element("Track", contentType=kind, loaded="true", id=self._id(), name=strip.name)
        own = self._id()
        track.append(self._channel(strip.gain, strip.pan, strip.mute, role, own, destination))
        track.extend(self._track(inner, own) for inner in strip.strips)
        self._lanes.extend(self._clips(strip, track.attrib["id"]))
        return track

    def _channel(self, gain: float, pan: float, mute: bool, role: str, own: str, destination: str | None) -> Element:
        channel = Element("Channel", audioChannels="2", role=role, solo="false", id=own)
        if destination is not None:
            channel.set("destination", destination)
        SubElement(channel, "Mute", value=str(mute).lower(), id=self._id(), name="Mute")
        place = _number((pan + 1) / 2)
        SubElement(channel, "Pan", max="1", min="0", unit="normalized", value=place, id=self._id(), name="Pan")
        top = _number(max(TOP_GAIN, gain))
        SubElement(
            channel, "Volume", max=top, min="0", unit="linear", value=_number(gain), id=self._id(), name="Volume"
        )
        return channel

    def _clips(self, strip: Strip, track: str) -> Iterator[Element]:
        if strip.clip is None:
            return
        media, seconds = strip.clip.media, _number(strip.clip.media.seconds)
        lanes = Element("Lanes", track=track, timeUnit="seconds", id=self._id())
        clips = SubElement(lanes, "Clips", id=self._id())
        clip = SubElement(
            clips,
            "Clip",
            time=_number(strip.clip.start_seconds),
            duration=seconds,
            contentTimeUnit="seconds",
            playStart="0",
            name=strip.name,
        )
        audio = SubElement(
            clip,
            "Audio",
            timeUnit="seconds",
            duration=seconds,
            channels=str(media.channels),
            sampleRate=str(media.rate),
            id=self._id(),
        )
        SubElement(audio, "File", path=media.path_from(self._folder), external="true")
        yield lanes

    def _id(self) -> str:
        return f"id{next(self._numbers)}"


def _number(value: float) -> str:
    return f"{value:.12f}".rstrip("0").rstrip(".")
