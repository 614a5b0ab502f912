"""Names that engineers expect."""

import numpy as np
import soundfile

from wavemix.pipeline import Delivery
from wavemix.session.finding import session_from_folder


def test_stems_are_named_by_the_song_start_together_and_have_one_length(run, write_song, sum_weights, tmp_path):
    click = np.zeros((30_000, 1))
    click[1000] = 0.5
    tracks = {"Drums/Kick.wav": click, "Bass DI.wav": click[:20_000], "Lead Vox.wav": click[:2000]}
    song = write_song(tracks, name="Año: live")
    done = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights, "--name-stems", "song")
    assert done.status == 0, done.err
    stems = {path.name: soundfile.read(path)[0] for path in sorted((tmp_path / "out/stems").iterdir())}
    assert list(stems) == [f"Año_ live_{group}.wav" for group in ("bass", "drums", "other", "vocals")]
    assert {len(samples) for samples in stems.values()} == {len(soundfile.read(tmp_path / "out/Año_ live_mix.wav")[0])}
    onsets = {int(np.abs(samples).argmax()) // 2 for samples in stems.values() if samples.any()}
    assert onsets == {1000}


def test_files_named_by_the_song_are_ours_and_no_tracks(sum_system, band):
    delivery = Delivery(name_stems="song")
    sum_system.mix(band, band / "out", delivery)
    assert len(session_from_folder(band).tracks) == 5
    assert sum_system.mix(band, band / "out", delivery).earlier_outputs == []
    assert "song_mix.wav" in sum_system.mix(band, band / "out").earlier_outputs
