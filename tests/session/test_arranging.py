"""What is left out, joined, taken apart and moved: of headers alone, as no file need be there."""

from pathlib import Path, PurePath

import pytest

from wavemix.audio.files import AudioInfo
from wavemix.audio.labels import Label
from wavemix.errors import WavemixError
from wavemix.session.arranging import arrange
from wavemix.session.found import Found

RATE = 48_000


def found(
    file: str,
    seconds: float = 1.0,
    channels: int = 1,
    starts_at: float | None = None,
    has_layout: bool | None = None,
    size: int = 0,
) -> Found:
    path = PurePath(file)
    label = Label(
        channels <= 2 if has_layout is None else has_layout, None if starts_at is None else round(starts_at * RATE)
    )
    return Found(path, path, AudioInfo(Path(file), RATE, channels, round(seconds * RATE)), label, size)


def arranged(*files: Found | str, anyway: bool = False):
    return arrange("tune", "tune", [found(file) if isinstance(file, str) else file for file in files], anyway)


def labels(*files: Found | str, anyway: bool = False) -> list[str]:
    return [track.label for track in arranged(*files, anyway=anyway).tracks]


def left_out(*files: Found | str) -> dict[str, str]:
    return {item.file.as_posix(): item.reason for item in arranged(*files).ignored}


def test_tracks_begin_as_their_stamps_differ():
    files = found("Kick.wav", starts_at=3600), found("Vox.wav", starts_at=3602.5), found("Bass.wav", starts_at=3600)
    result = arranged(*files)
    assert [track.start_seconds for track in result.tracks] == [0, 2.5, 0]
    assert "begins at 2.500 s by its time stamp" in result.tracks[1].reason
    assert not result.warnings


def test_equal_stamps_and_a_single_one_move_nothing():
    for files in (
        [found("Kick.wav", starts_at=9), found("Vox.wav", starts_at=9)],
        [found("Kick.wav", starts_at=9), "Vox.wav"],
    ):
        result = arranged(*files)
        assert [track.start_seconds for track in result.tracks] == [0, 0]
        assert not result.warnings


def test_a_file_without_a_stamp_among_stamped_ones_is_reported():
    result = arranged(found("Kick.wav", starts_at=8), found("Vox.wav", starts_at=9), "Bass.wav")
    assert [track.start_seconds for track in result.tracks] == [0, 1, 0]
    assert result.warnings == ("Bass.wav: no start time, as the other files have; begins with the song",)


def test_stamps_that_lie_hours_apart_are_asked_about():
    files = found("Kick.wav", starts_at=3600), found("Vox.wav", starts_at=3 * 3600 + 120)
    with pytest.raises(WavemixError, match=r"tune: .* Vox\.wav begins 2 h 02 min after Kick\.wav; are they one song\?"):
        arranged(*files)
    result = arranged(*files, anyway=True)
    assert [track.start_seconds for track in result.tracks] == [0, 0]
    assert "are not heeded" in result.warnings[0]


def test_the_stamps_of_what_is_left_out_do_not_count():
    files = found("Kick.wav", starts_at=7200), found("Vox.wav", starts_at=7201), found("Tune MIX.wav", starts_at=0)
    assert [track.start_seconds for track in arranged(*files).tracks] == [0, 1]


def test_recorders_channels_are_tracks():
    assert labels(found("REC.wav", channels=3), "Kick.wav") == [
        "REC.wav, channel 1",
        "REC.wav, channel 2",
        "REC.wav, channel 3",
        "Kick.wav",
    ]
    assert labels(found("REC.wav", channels=3, has_layout=True)) == ["REC.wav"]


@pytest.mark.parametrize(
    "files",
    [
        [found("00000001.WAV", 9, channels=32), found("00000002.WAV", 4, channels=32)],
        [found(f"R{n}.WAV", 9 if n < 12 else 1, channels=8) for n in (12, 9, 10, 11)],
        [found("ZOOM1.wav", 9, 2, size=2**31 - 100), found("ZOOM2.wav", 9, 2, size=2**20)],
    ],
)
def test_files_that_go_on_in_the_next_are_asked_about(files):
    with pytest.raises(WavemixError, match="seems to go on where"):
        arranged(*files)
    assert arranged(*files, anyway=True).tracks


@pytest.mark.parametrize(
    "files",
    [
        [found("Vox 1.wav", 9), found("Vox 2.wav", 4)],
        [found("A 1.wav", 9, channels=8), found("A 2.wav", 9, channels=8)],
        [found("A 1.wav", 4, channels=8), found("A 2.wav", 9, channels=8)],
        [found("A 1.wav", 9, channels=8), found("A 3.wav", 4, channels=8)],
        [found("A 1.wav", 9, channels=8), found("A 2.wav", 4, channels=4)],
        [found("A 1.wav", 9, channels=8, starts_at=10), found("A 2.wav", 4, channels=8, starts_at=19)],
    ],
)
def test_files_that_begin_together_are_not(files):
    assert arranged(*files).tracks


ALBUMS = [
    ["Song A/Kick.wav", "Song B/Kick.wav"],
    ["1/Kick.wav", "1/Bass.wav", "2/Kick.wav"],
    ["Red/Drums/Kick.wav", "Red/Bass.wav", "Blue/Drums/Kick.wav", "Green/Vox.wav"],
    ["Take 1/Vox.wav", "Take 2/Vox.wav"],
    ["Song A/raw/Kick.wav", "Song A/stems/Drums.wav", "Song B/raw/Kick.wav", "album master.wav"],
]


@pytest.mark.parametrize("files", ALBUMS)
def test_a_folder_of_songs_is_asked_about(files):
    with pytest.raises(WavemixError, match=r"tune: seems to hold 2 songs \(.*\); give one of them to `wavemix mix`"):
        arranged(*files)
    assert arranged(*files, anyway=True).tracks


@pytest.mark.parametrize(
    "files",
    [
        ["Drums/01.wav", "Vocals/01.wav"],
        ["Drums/Room.wav", "Guitars/Room.wav"],
        ["Day 1/Kick.wav", "Day 2/Vox.wav"],
        ["Mics/Kick.wav", "Samples/Kick.wav"],
        ["Red/01.wav", "Blue/01.wav"],
        ["Kick.wav", "Red/Vox.wav", "Blue/Vox.wav"],
    ],
)
def test_folders_of_one_song_are_not(files):
    assert len(labels(*files)) == len(files)


@pytest.mark.parametrize(
    ("tracks", "derived"),
    [
        (["tracks/Kick.wav", "tracks/Bass.wav"], ["stems/Drums.wav", "stems/Bass.wav"]),
        (["X_RAW/X_RAW_01_01.wav", "X_RAW/X_RAW_02_01.wav"], ["X_STEMS/X_STEM_01.wav"]),
        (["Audio Files/Kick.wav", "Audio Files/Bass.wav"], ["Bounced Files/tune 1.wav", "Fade Files/Fade 1.wav"]),
        (["Kick.wav"], ["Rendered Files/Vox.wav", "Freeze Files/Kick.wav"]),
        (["Kick.wav", "Bass.wav"], ["Bounces/Idea.wav"]),
    ],
)
def test_what_was_made_of_the_tracks_is_left_out(tracks, derived):
    assert labels(*tracks, *derived) == tracks
    reasons = left_out(*tracks, *derived)
    assert reasons.keys() == set(derived)
    for file in derived:
        assert reasons[file].startswith(f"lies in '{file.split('/')[0]}', beside the tracks that it was made of")


@pytest.mark.parametrize(
    "files",
    [
        ["Stems/Kick.wav", "Stems/Bass.wav"],
        ["Stems/Kick.wav", "Stems/Bass.wav", "Extra.wav"],
        ["Drum Stems/Kick.wav", "Vox.wav", "Bass.wav"],
        ["Bounced Files/Kick.wav"],
    ],
)
def test_stems_are_tracks_where_nothing_else_is(files):
    assert labels(*files) == files


def test_a_spare_take_is_left_out_where_there_is_a_better_one():
    files = ["Guide Vox.wav", "Lead Vox.wav", "Scratch Gtr.wav", "Old Kick.wav", "Kick.wav"]
    assert labels(*files) == ["Lead Vox.wav", "Scratch Gtr.wav", "Kick.wav"]
    assert left_out(*files)["Guide Vox.wav"].startswith("a spare take by its name ('guide'), and Lead Vox.wav is there")
    assert arranged(*files).warnings == (
        "Scratch Gtr.wav: a spare take by its name ('scratch'), mixed as nothing better is there",
    )


def test_spare_takes_alone_are_mixed():
    assert labels("old/Kick.wav", "Guide Vox.wav") == ["old/Kick.wav", "Guide Vox.wav"]
    assert len(arranged("old/Kick.wav", "Guide Vox.wav").warnings) == 2


def test_the_sides_of_a_spare_take_are_left_out_together():
    assert left_out("Guide Vox.L.wav", "Guide Vox.R.wav", "Lead Vox.wav").keys() == {
        "Guide Vox.L.wav",
        "Guide Vox.R.wav",
    }


def test_shared_words_are_taken_off_though_a_click_lacks_them():
    files = [f"Piano Man_{name}.wav" for name in ("Kick", "Bass", "Lead Vox", "FINAL")]
    result = arranged(*files, "Click.wav")
    assert [(track.group, track.role) for track in result.tracks] == [
        ("drums", "kick"),
        ("bass", "bass"),
        ("vocals", "lead"),
    ]
    assert {item.file.as_posix() for item in result.ignored} == {"Piano Man_FINAL.wav", "Click.wav"}


def test_an_exports_prefix_drops_no_track():
    assert labels("Mixdown - Audio 01.wav", "Mixdown - Audio 02.wav") == [
        "Mixdown - Audio 01.wav",
        "Mixdown - Audio 02.wav",
    ]


def test_a_file_that_cannot_be_read_stays_a_track():
    broken = PurePath("Snare.wav")
    assert labels(Found(broken, broken), "Kick.wav") == ["Snare.wav", "Kick.wav"]
