"""The kit and its microphones."""

from pathlib import PurePath

import numpy as np
import pytest
import soundfile
from rendering.material import tone, write_kit

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.errors import WavemixError
from wavemix.rendering.channel import Note
from wavemix.rendering.drum_kit import MICROPHONES, PIECES, play_kit
from wavemix.session.roles import place

ROLES = ["kick", "kick", "snare", "snare", "hihat", *["toms"] * 4, "cymbals", "overhead", "overhead", "room", "room"]


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    return write_kit(tmp_path_factory.mktemp("kit") / "kit")


def strokes(kit, *played, seconds=1.0, seed=1):
    """The tracks of drums at `(seconds, pitch, velocity)`."""
    notes = [Note(start, 0.1, pitch, velocity) for start, pitch, velocity in played]
    return play_kit(notes, round(seconds * SAMPLE_RATE), kit, np.random.default_rng(seed))


def test_microphones_have_their_roles():
    assert [place(PurePath("drums", name)).role for name in MICROPHONES] == ROLES


@pytest.mark.parametrize("pitch", sorted(PIECES))
def test_every_microphone_hears_every_piece_at_its_sample_and_true_level(kit, pitch):
    tracks = np.array(list(strokes(kit, (0.25, pitch, 100)).values()))
    assert set((tracks != 0).argmax(axis=1)) == {round(0.25 * SAMPLE_RATE)}
    peaks = np.abs(tracks).max(axis=1)
    np.testing.assert_allclose(peaks[0] / peaks, 1 + np.arange(len(MICROPHONES)), rtol=1e-3)


def test_harder_strokes_are_other_recordings(kit):
    soft, hard = (np.mean([strokes(kit, (0, 38, v), seed=s)["OH L"].max() for s in range(9)]) for v in (20, 120))
    assert hard / soft == pytest.approx(2.0, rel=0.3)


def test_closed_hi_hats_choke_open_ones(kit):
    ringing = strokes(kit, (0.0, 46, 100))["HiHat"]
    choked = strokes(kit, (0.0, 46, 100), (0.2, 42, 100))["HiHat"]
    closed = strokes(kit, (0.2, 42, 100))["HiHat"]
    at = round(0.3 * SAMPLE_RATE)  # the stroke on the closed pair is that of its own, or one a layer off
    partner = closed[at:] @ choked[at:] / (closed[at:] @ closed[at:]) * closed[at:]
    assert np.abs(ringing[at : at + 1000]).max() > 0.01
    assert np.abs(choked[at:] - partner).max() < 1e-4
    unchoked = strokes(kit, (0.0, 46, 100), (0.2, 38, 100))["HiHat"] - ringing
    assert np.abs(unchoked[: round(0.2 * SAMPLE_RATE)]).max() == 0.0


def test_fast_kicks_are_played_with_both_feet(kit):
    def feet(interval):
        tracks = strokes(kit, *((interval * i, 36, 100) for i in range(4)), seconds=3.0)
        starts = [round(interval * i * SAMPLE_RATE) for i in range(4)]
        # The kicks of the two feet have frequencies of their own.
        sounds = [tracks["OH L"][start : start + 3000] for start in starts]
        return {int(np.argmax(np.abs(np.fft.rfft(sound, SAMPLE_RATE)))) for sound in sounds}

    assert len(feet(0.65)) == 1
    assert len(feet(0.1)) == 2


def test_the_same_drummer_plays_the_same(kit):
    played = [(0.1 * i, pitch, 60 + i) for i, pitch in enumerate((36, 38, 42, 46, 44, 49, 51, 47))]
    one, other, another = (strokes(kit, *played, seed=seed)["Room L"] for seed in (1, 1, 2))
    assert one.tobytes() == other.tobytes()
    assert one.tobytes() != another.tobytes()


def test_broken_recordings_are_passed_over_and_missing_ones_said_so(tmp_path):
    kit = write_kit(tmp_path / "kit")
    for microphone in MICROPHONES.values():
        soundfile.write(kit / "Snare" / f"01_{microphone}.wav", tone(440, 0.0001), SAMPLE_RATE, "FLOAT")
    assert strokes(kit, (0.0, 38, 1))["Snare Top"].max() > 0.05
    for file in (kit / "China").iterdir():
        file.unlink()
    other = kit.rename(tmp_path / "other")  # what is known of a kit is kept by its folder
    with pytest.raises(WavemixError, match="no 'China'"):
        strokes(other, (0.0, 52, 100))
