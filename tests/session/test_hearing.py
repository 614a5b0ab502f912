from dataclasses import replace
from pathlib import PurePath

import pytest
from conftest import noise

from wavemix.audio.arrays import checked_array
from wavemix.session.arranging import arrange
from wavemix.session.finding import session_from_folder
from wavemix.session.found import Found
from wavemix.session.hearing import Ear, Heard, by_sound
from wavemix.session.manifest import load_session, open_session, save_session
from wavemix.session.roles import place

KICK = Heard("drums", "kick", 0.9812, 0.7)
LEAD = Heard("vocals", "lead", 0.97, 0.9)


def ear(heard, identify="both"):
    return Ear(identify, lambda info, channel: heard)


def placed(name, heard, identify="both"):
    sound = checked_array(name, noise(0.1)[:, 0], 44_100)
    (found,) = by_sound([place(PurePath(name))], [(sound, None)], ear(heard, identify))
    return found


def test_a_name_that_tells_nothing_leaves_it_to_the_sound():
    found = placed("Audio 03.wav", KICK)
    assert (found.group, found.role, found.recognised, found.confidence) == ("drums", "kick", True, 0.981)
    assert found.reason == "no known word in the name; sounds like drums/kick (98 %)"


def test_a_name_that_tells_counts_and_a_sure_sound_is_told():
    named = place(PurePath("Lead Vox.wav"))
    assert placed("Lead Vox.wav", KICK) == replace(
        named, reason=f"{named.reason}; sounds like drums/kick (98 %), but the name counts"
    )
    for heard in (None, LEAD, replace(KICK, confidence=0.9)):
        assert placed("Lead Vox.wav", heard) == named


def test_by_sound_alone_no_name_counts():
    found = placed("Kick.wav", LEAD, "sound")
    assert (found.group, found.role, found.reason) == (
        "vocals",
        "lead",
        "by its sound alone; sounds like vocals/lead (97 %)",
    )


@pytest.mark.parametrize("identify", ["both", "sound"])
@pytest.mark.parametrize(
    ("heard", "why"), [(None, "too short or quiet"), (replace(KICK, confidence=0.4), "too unsure")]
)
def test_what_is_not_heard_is_not_guessed(identify, heard, why):
    found = placed("Audio 03.wav", heard, identify)
    assert (found.group, found.role, found.recognised) == ("other", "misc", False)
    assert why in found.reason


def test_names_alone_are_not_listened_to():
    def listen(info, channel):
        raise AssertionError

    sound = checked_array("x", noise(0.1)[:, 0], 44_100)
    named = place(PurePath("x.wav"))
    assert by_sound([named], [(sound, None)], Ear("names", listen)) == [named]
    assert by_sound([named], [(sound, None)], None) == [named]


def test_channels_of_a_recorders_file_are_heard_one_by_one():
    asked = []

    def listen(info, channel):
        asked.append(channel)
        return KICK if channel == 2 else LEAD

    file = PurePath("take.wav")
    found = Found(file, file, checked_array("take", noise(0.3, channels=4).T, 44_100))
    tracks = arrange("song", "song", [found], ear=Ear("both", listen)).tracks
    assert asked == [1, 2, 3, 4]
    assert [track.group for track in tracks] == ["vocals", "drums", "vocals", "vocals"]


def test_the_manifest_keeps_reason_and_confidence(write_song):
    song = write_song({"Audio 1.wav": noise(0.1), "Bass.wav": noise(0.1, seed=1)})
    session = session_from_folder(song, ear=ear(KICK))
    save_session(session, song / "session.yaml")
    heard, named = load_session(song / "session.yaml").tracks
    assert (heard.group, heard.role, heard.confidence) == ("drums", "kick", 0.981)
    assert "sounds like drums/kick (98 %)" in heard.reason
    assert named.confidence is None
    assert open_session(song, ear=ear(LEAD)).tracks[0].group == "drums"  # what a person may have edited is kept
