"""The published recogniser, on real tracks that it never learned from."""

import shutil

import pytest

from wavemix.cards.card import read_metrics
from wavemix.data.plain import find_songs, open_song
from wavemix.ear_training.measure import judge, measured
from wavemix.session.finding import session_from_folder
from wavemix.zoo.ears import ear
from wavemix.zoo.recogniser import published_recogniser
from wavemix.zoo.registry import CARDS, RECOGNISER

pytestmark = pytest.mark.corpus
SPLITS = ("valid", "test", "demo")


@pytest.fixture(scope="module")
def songs(corpus):
    return [song for split in SPLITS for song in find_songs(corpus / split)]


@pytest.fixture(scope="module")
def judgement(songs):
    return judge(published_recogniser(), songs)


def test_it_is_as_good_as_its_card_says(judgement, songs):
    told = read_metrics(CARDS / RECOGNISER.name)["measured"]
    found = measured(judgement, tuple(song.name for song in songs))
    assert list(found.songs) == told["songs"]
    assert found.tracks == told["tracks"]
    for share in ("group_accuracy", "role_accuracy", "placed_right", "calibration_error"):
        assert getattr(found, share) == pytest.approx(told[share], abs=0.03)


def test_it_learned_from_none_of_them(songs):
    learned = read_metrics(CARDS / RECOGNISER.name)["songs"]
    assert not {song.name for song in songs} & {*learned["train"], *learned["held_out"]}


def test_confidence_means_something(judgement):
    assert judgement.calibration_error <= 0.1


def test_groups_and_roles_are_mostly_right(judgement):
    assert judgement.group_accuracy >= 0.9
    assert judgement.role_accuracy >= 0.7


def test_a_session_without_names_is_mixed_nearly_as_before(judgement):
    assert judgement.placed_right >= 0.9


def test_files_called_audio_are_told_by_their_sound(corpus, tmp_path):
    song = open_song(corpus / "demo/mdb_country1")
    for number, track in enumerate(song.tracks, 1):
        shutil.copy(song.path(track), tmp_path / f"Audio {number:02}{track.file.suffix}")
    found = session_from_folder(tmp_path, ear=ear("both")).tracks
    assert [track.group for track in found] == [track.group for track in song.tracks]
    assert all("sounds like" in track.reason and track.confidence > 0.5 for track in found)
