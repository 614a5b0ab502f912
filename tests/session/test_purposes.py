from pathlib import PurePath

import pytest

from wavemix.session.purposes import bare_name, looks_like_a_mix, no_instrument, spare_take


def named(name: str) -> PurePath:
    return PurePath(f"{name}.wav")


FINISHED = [
    "mix", "Mix_01", "Song_MIX", "SongMix", "mixdown", "Master", "MASTERED", "premaster", "2mix", "rough mix",
    "RoughMix", "roughmix", "stereo bounce", "full mix", "Full Mix v3", "Song (Remix)", "mixture", "Mix L",
    "Mix 48k", "Artist_Song_UnmasteredWAV", "Vocal up mix", "Mixes/Song v3", "02 Rough Mixes/Song", "stems/mix",
    "Bounce", "Song_FINAL", "Ref", "2Track", "2-Bus", "LR", "Print", "Song_Inst", "Inst", "Bounce 3", "Tune Bounce",
    "TUNE_final_v2", "Stereo Out", "Output 1-2",
]  # fmt: skip


@pytest.mark.parametrize("name", FINISHED)
def test_finished_mixes(name):
    assert looks_like_a_mix(named(name), song="tune")


@pytest.mark.parametrize(
    "name",
    ["Mixolydian guitar", "remix vox", "vox mix", "Kick Mix", "drum mix", "Gtr mix bus", "Master Vox", "Drums/mix",
     "Drum Mixes/01", "Mixes/Kick", "For Mix/Audio 1", "Kick", "standard-preset", "Remixer", "Room mix", "Inst 1",
     "Kick_FINAL", "Gtr LR", "Kick Print", "Vox Bounce", "Another Tune FINAL", "Chorus thing REF", "Final Countdown"],
)  # fmt: skip
def test_tracks_are_no_mixes(name):
    assert not looks_like_a_mix(named(name), song="tune")


def test_a_stereo_file_of_full_length_needs_no_song_in_its_name():
    assert looks_like_a_mix(named("Another Tune FINAL"), song="tune", is_whole=True)
    assert not looks_like_a_mix(named("Kick_FINAL"), song="tune", is_whole=True)
    assert not looks_like_a_mix(named("Chorus thing"), song="tune", is_whole=True)


@pytest.mark.parametrize(
    "name",
    ["Click", "click_120", "Click Track", "ClickTrack", "CLICK L", "Metronome", "metro", "Count-In", "countin",
     "Count Off", "Cue", "Cues/01", "Talkback", "TB mic", "Slate", "SMPTE", "LTC 25fps", "Timecode", "Tempo",
     "Tempo Map", "Tune Cue", "Drums/Click"],
)  # fmt: skip
def test_no_instruments(name):
    assert no_instrument(named(name), song="tune")


@pytest.mark.parametrize(
    "name", ["finger click", "Kick click", "Click Loop", "Cue Ball Guitar", "Tempo Rubato", "Kick", "Vox", "Slate Kick"]
)
def test_instruments_with_such_words(name):
    assert not no_instrument(named(name), song="tune")


@pytest.mark.parametrize(
    "name",
    ["Guide Vox", "Vox Guide", "Scratch Gtr", "Kick (muted)", "Vox_MUTED", "Trumpet (muted)", "old/Kick", "Kick OLD",
     "Vox [old]", "Vox DO NOT USE", "DNU Bass", "Gtr - unused", "Guide", "guidevox", "Not Used/Gtr 2", "Old Kick"],
)  # fmt: skip
def test_spare_takes(name):
    assert spare_take(named(name), others=frozenset({"kick"}))


@pytest.mark.parametrize(
    "name",
    ["Muted Trumpet", "Palm Muted Gtr", "Old Piano", "Scratch", "scratch-beat", "DJ Scratch", "Lead Vox", "Gold Vox",
     "Pilot", "Temple Bells", "Backup Vox", "Trash Mic"],
)  # fmt: skip
def test_tracks_are_no_spare_takes(name):
    assert not spare_take(named(name), others=frozenset({"kick"}))


def test_takes_of_one_part_have_one_bare_name():
    assert bare_name(named("Old Kick 2")) == bare_name(named("Kick")) == "kick"
