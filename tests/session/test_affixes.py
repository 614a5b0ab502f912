from pathlib import PurePath

import pytest

from wavemix.session.affixes import without_shared


def shortened(*names: str) -> list[str]:
    return [file.stem for file in without_shared([PurePath(f"{name}.wav") for name in names])]


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ("Piano Man_Kick|Piano Man_Bass|Piano Man_Lead Vox|Piano Man_xyz", "Kick|Bass|Lead Vox|xyz"),
        ("Bass Culture - Lead Vox|Bass Culture - Kick|Bass Culture - Gtr", "Lead Vox|Kick|Gtr"),
        ("Mixdown - Audio 01|Mixdown - Audio 02", "01|02"),
        ("01_Tune_Kick_120bpm|02_Tune_Snare_120bpm|03_Tune_FINAL_120bpm", "Kick|Snare|FINAL"),
        ("Kick (Master)|Bass (Master)", "Kick|Bass"),
        ("TUNE-Kick|tune-Bass", "Kick|Bass"),
    ],
)
def test_what_all_names_share_is_taken_off(names, left):
    assert shortened(*names.split("|")) == left.split("|")


@pytest.mark.parametrize(
    "names",
    [
        "Vox 1|Vox 2",
        "Kick In|Kick Out",
        "Bass DI|Bass Amp",
        "Gtr L|Gtr R",
        "Room Left|Room Right",
        "Lead 1|Lead 2",
        "Audio 1|Audio 2",
        "Vocal FX|Vocal Double|Vocal Lead",
        "Kick_01|Snare_01",
        "Tune|Tune_Kick",
        "Kickdrum|Kicker",
        "Piano Man_Kick",
    ],
)
def test_words_stay_that_tell_the_tracks(names):
    assert shortened(*names.split("|")) == names.split("|")


def test_folders_stay():
    files = [PurePath("Drums/Tune_Kick.wav"), PurePath("Vox/Tune_Lead Vox.wav")]
    assert without_shared(files) == [PurePath("Drums/Kick.wav"), PurePath("Vox/Lead Vox.wav")]
