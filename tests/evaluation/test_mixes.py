from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import PurePath

import numpy as np
import pytest
import soundfile
import torch
from conftest import RATE, noise, read

from wavemix.data.inputs import Inputs, engineer_mix
from wavemix.data.plain import PlainTrack, open_song
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.engineer import mix_of, stem_of
from wavemix.engineer.practice import STEM_LEVELS, TRACK_LEVELS
from wavemix.errors import WavemixError
from wavemix.evaluation.mixes import (
    BASELINES,
    OURS,
    Mix,
    baselines,
    find_mix,
    house_stems,
    match_all,
    mixes_of,
    read_mix,
    stems_of,
)
from wavemix.evaluation.songs import read_aligned, songs_in
from wavemix.metrics.reference import width
from wavemix.pipeline import Delivery
from wavemix.session.groups import GROUPS, MIX

HOUSE_ENGINEER, PLAIN_SUM, EQUAL_LOUDNESS, ORACLE_GAINS = BASELINES


def track(seed: int, channels: int = 1, level: float = 0.1) -> np.ndarray:
    return noise(1, channels, seed=seed, level=level).T.astype(np.float32)


def loudness_lufs(audio: np.ndarray) -> float:
    meter = LoudnessMeter(RATE, len(audio))
    meter.update(audio)
    return meter.integrated_lufs()


def test_the_plain_sum_has_all_faders_at_unity():
    mono, stereo = track(0), track(1, channels=2)
    found = baselines([mono, stereo], RATE, None)
    assert np.allclose(found[PLAIN_SUM], mono + stereo)
    assert ORACLE_GAINS not in found


def test_equally_loud_tracks_are_summed_as_they_are():
    tracks = [track(0), -track(0)[:, ::-1].copy(), track(1, channels=2)]
    tracks[2] *= np.float32(10 ** ((loudness_lufs(np.repeat(tracks[0], 2, 0)) - loudness_lufs(tracks[2])) / 20))
    found = baselines([tracks[0], tracks[2]], RATE, None)
    assert np.allclose(found[EQUAL_LOUDNESS], found[PLAIN_SUM], atol=1e-5)


def test_equal_loudness_forgets_the_tracks_own_levels():
    tracks = [track(0), track(1), np.zeros_like(track(0))]
    before = baselines(tracks, RATE, None)[EQUAL_LOUDNESS]
    after = baselines([tracks[0] * np.float32(0.1), tracks[1], tracks[2]], RATE, None)[EQUAL_LOUDNESS]
    gain_db = loudness_lufs(after) - loudness_lufs(before)
    assert gain_db == pytest.approx(-10, abs=0.01)  # half of the 20 dB: their mean is what all get
    assert np.allclose(after, before * 10 ** (gain_db / 20), atol=1e-5)


def test_silence_alone_is_mixed_to_silence():
    found = baselines([np.zeros((1, RATE), np.float32)], RATE, np.zeros((2, RATE), np.float32))
    assert list(found) == [PLAIN_SUM, EQUAL_LOUDNESS, ORACLE_GAINS]
    assert not any(mix.any() for mix in found.values())


def test_the_oracle_finds_static_gains_and_nothing_beats_it():
    tracks = [track(0), track(1, channels=2), track(2)]
    matrices = [np.array([[0.5], [0.2]]), np.array([[0.7, 0.1], [-0.1, 0.4]]), np.array([[0.0], [1.5]])]
    static = sum(matrix @ audio for matrix, audio in zip(matrices, tracks, strict=True)).astype(np.float32)
    assert np.allclose(baselines(tracks, RATE, static)[ORACLE_GAINS], static, atol=1e-5)
    found = baselines(tracks, RATE, np.tanh(10 * static))
    errors = {name: np.square(mix - np.tanh(10 * static)).sum() for name, mix in found.items()}
    assert 0 < errors[ORACLE_GAINS] < min(errors[PLAIN_SUM], errors[EQUAL_LOUDNESS])
    nudged = found[ORACLE_GAINS] + 0.01 * tracks[0]
    assert np.square(nudged - np.tanh(10 * static)).sum() > errors[ORACLE_GAINS]


def test_a_track_of_many_channels_is_folded():
    many = track(0, channels=6)
    assert np.allclose(baselines([many], RATE, None)[PLAIN_SUM], many.mean(axis=0), atol=1e-6)


def test_our_mix_is_what_the_pipeline_writes(static_song, tiny_system, tmp_path):
    tiny_system.mix(static_song / "raw", tmp_path / "out", Delivery("wav", "32f"))
    song, audio = read_aligned(open_song(static_song), RATE)
    mixes = mixes_of(song, audio, tiny_system, {})
    assert np.allclose(mixes[OURS].audio, read(tmp_path / "out/mix.wav"), atol=1e-6)
    for group, stem in stems_of(song, audio, tiny_system).items():
        assert np.allclose(stem, read(tmp_path / f"out/stems/{group}.wav"), atol=1e-6)


def test_untrained_models_give_the_plain_sum_of_mono_tracks(static_song, sum_system):
    song, audio = read_aligned(open_song(static_song), RATE)
    mixes = mixes_of(song, audio, sum_system, {})
    assert np.allclose(mixes[OURS].audio, mixes[PLAIN_SUM].audio, atol=1e-5)
    assert list(mixes) == ["reference", OURS, *BASELINES]
    assert np.allclose(mixes["reference"].audio, mixes[ORACLE_GAINS].audio, atol=1e-5)


def test_groups_without_a_sound_have_no_stem(write_plain, tiny_system):
    song, audio = read_aligned(
        open_song(write_plain("s", {"bass/bass": track(0)[0], "drums/kick": 0 * track(0)[0]})), RATE
    )
    assert list(stems_of(song, audio, tiny_system)) == ["bass"]
    assert list(house_stems(song, audio, RATE)) == ["bass"]
    silent = replace(audio, raw=[block * 0 for block in audio.raw])
    for mix in (partial(stems_of, system=tiny_system), partial(house_stems, rate=RATE)):
        with pytest.raises(WavemixError, match="every track is silent"):
            mix(song, silent)


def test_the_house_engineer_reads_what_its_students_do(static_song, sum_system):
    """A model of static gains in the engineer's place would get the very same slots, levels included."""
    song, audio = read_aligned(open_song(static_song), RATE)
    stems = house_stems(song, audio, RATE)
    assert list(stems) == list(GROUPS)
    (keys,) = (i for i, track in enumerate(song.tracks) if track.group == "other")
    slots = Inputs("other", RATE, TRACK_LEVELS).place_tracks([song.tracks[keys]], [audio.raw[keys]])
    assert loudness_lufs(slots[0].sum(axis=0, keepdims=True)) < -20  # at the level that its thresholds are for
    assert np.array_equal(stems["other"], stem_of("other", slots, RATE))
    mix = engineer_mix(stems, RATE)
    placed = Inputs(MIX, RATE, STEM_LEVELS).place_stems(stems)
    assert np.array_equal(mix, mix_of(placed[0], RATE))
    assert np.array_equal(mixes_of(song, audio, sum_system, {})[HOUSE_ENGINEER].audio, mix)


def test_the_house_engineer_hears_no_levels_of_tracks_but_makes_a_picture_of_mono(static_song):
    song, audio = read_aligned(open_song(static_song), RATE)
    louder = replace(audio, raw=[block * np.float32(10 ** (i / 10)) for i, block in enumerate(audio.raw)])
    first, second = (engineer_mix(house_stems(song, heard, RATE), RATE) for heard in (audio, louder))
    assert np.allclose(first, second, atol=1e-3)
    plain = baselines(audio.raw, RATE, None)[PLAIN_SUM]
    assert width(first) > 0.005 > width(plain)  # kick, snare and keys are narrow


def test_a_model_that_gives_no_numbers_is_named(write_plain, sum_system):
    song, audio = read_aligned(open_song(write_plain("s", {"bass/bass": track(0)[0]})), RATE)
    broken = deepcopy(sum_system)
    torch.nn.init.constant_(broken.model("bass").net.output.bias, float("nan"))
    with pytest.raises(WavemixError, match="`bass` gave NaN"):
        stems_of(song, audio, broken)


def test_a_song_that_was_not_prepared_is_aligned(write_plain):
    raw = {"drums/kick": track(0)[0], "drums/snare": track(1)[0], "bass/bass": track(2)[0]}
    drums = np.roll(raw["drums/kick"], 50) - np.roll(raw["drums/snare"], 20)
    folder = write_plain("s", raw, {"drums": np.stack([drums, drums], 1), "bass": track(7, 2).T}, alignment=None)
    (folder / "song.yaml").write_text("title: s\n")
    song, audio = read_aligned(open_song(folder), RATE)
    assert {t.file.stem: (t.lag_samples, t.polarity) for t in song.tracks} == {
        "kick": (50, 1),
        "snare": (20, -1),
        "bass": (0, 1),
    }
    assert list(song.left_out) == ["bass"]
    assert np.allclose(sum(audio.raw[1:])[0, 50:-50], drums[50:-50], atol=1e-6)


def test_a_prepared_song_keeps_its_alignment(write_plain):
    tracks = {"raw/bass/bass.wav": {"lag_samples": 5, "polarity": -1}}
    folder = write_plain("s", {"bass/bass": track(0)[0]}, {"bass": track(0, 2).T}, alignment={"tracks": tracks})
    song, _ = read_aligned(open_song(folder), RATE)
    assert song.tracks == (PlainTrack(PurePath("raw/bass/bass.wav"), "bass", "bass", 5, -1),)


def test_tracks_that_were_left_out_move_together(write_plain):
    raw = {"other/keys": track(0)[0], "other/organ": track(1)[0], "bass/bass": track(2)[0]}
    stem = -np.roll(raw["other/keys"] + raw["other/organ"], 50)
    left_out = {"left_out": {"other": "too far off"}}
    folder = write_plain("s", raw, {"other": np.stack([stem, stem], 1)}, alignment=left_out)
    _, audio = read_aligned(open_song(folder), RATE)
    assert np.array_equal(audio.raw[0], track(2))
    for block, name in zip(audio.raw[1:], ("keys", "organ"), strict=True):
        assert np.array_equal(block[0, 50:], -raw[f"other/{name}"][:-50])


def test_tracks_without_stems_move_to_the_mix(write_plain):
    raw = {"other/keys": track(0)[0], "bass/bass": track(2)[0]}
    mix = np.roll(raw["other/keys"] + raw["bass/bass"], -30)
    _, audio = read_aligned(open_song(write_plain("s", raw, mix=np.stack([mix, mix], 1))), RATE)
    assert np.array_equal(audio.raw[0][0, :-30], raw["bass/bass"][30:])


def test_only_files_are_moved():
    reference = track(0, channels=2)
    late = Mix(np.roll(reference, 20, axis=1))
    matched, found = match_all({"reference": Mix(reference), OURS: late, "peer": late}, RATE)
    assert list(matched) == ["reference", OURS, "peer"]
    assert (found[OURS].lag_samples, found["peer"].lag_samples) == (0, 20)
    assert "reference" not in found
    assert match_all({OURS: late}, RATE) == ({OURS: late.audio}, {})


def test_a_file_becomes_a_mix_of_the_songs_rate_and_length(tmp_path):
    time = np.arange(24_000) / 24_000
    soundfile.write(tmp_path / "peer.wav", 0.5 * np.sin(2 * np.pi * 500 * time), 24_000, subtype="FLOAT")
    mix = read_mix(tmp_path / "peer.wav", RATE, 2 * RATE)
    assert mix.audio.shape == (2, 2 * RATE)
    assert np.array_equal(mix.audio[0], mix.audio[1])
    wanted = 0.5 * np.sin(2 * np.pi * 500 * np.arange(RATE) / RATE)
    assert np.allclose(mix.audio[0, 200 : RATE - 200], wanted[200:-200], atol=1e-3)
    assert not mix.audio[0, RATE:].any()
    assert mix.note == "resampled from 24000 Hz, padded by 1.00 s to the song's length, mono"


def test_a_file_that_fits_has_no_note(tmp_path):
    soundfile.write(tmp_path / "mix.wav", noise(1, 2), RATE, subtype="FLOAT")
    assert read_mix(tmp_path / "mix.wav", RATE, RATE).note == ""
    assert read_mix(tmp_path / "mix.wav", RATE, RATE // 2).note == "cut by 0.50 s to the song's length"


def test_a_file_of_many_channels_is_refused(tmp_path):
    soundfile.write(tmp_path / "mix.wav", noise(1, 6), RATE)
    with pytest.raises(WavemixError, match="6 channels"):
        read_mix(tmp_path / "mix.wav", RATE, RATE)


def test_mixes_of_several_songs_lie_in_a_folder(static_song, tmp_path):
    song = open_song(static_song)
    peer = tmp_path / "peer"
    (peer / "static").mkdir(parents=True)
    with pytest.raises(WavemixError, match="no mix of static"):
        find_mix(peer, song, several=True)
    (peer / "static.txt").touch()
    soundfile.write(peer / "static/mix.wav", noise(0.1), RATE)
    assert find_mix(peer, song, several=True) == peer / "static/mix.wav"
    soundfile.write(peer / "static.flac", noise(0.1), RATE)
    assert find_mix(peer, song, several=True) == peer / "static.flac"
    with pytest.raises(WavemixError, match="for several songs"):
        find_mix(peer / "static.flac", song, several=True)
    assert find_mix(peer / "static.flac", song, several=False) == peer / "static.flac"
    with pytest.raises(WavemixError, match="no such file"):
        find_mix(peer / "missing.wav", song, several=False)


def test_songs_are_found_by_folder_or_one_by_one(write_plain, tmp_path):
    song = write_plain("one", {"bass/bass": track(0)[0]})
    write_plain("test/two", {"bass/bass": track(0)[0]})
    assert [found.name for found in songs_in([song.parent])] == ["one", "two"]
    assert [found.name for found in songs_in([song, song.parent / "test"])] == ["one", "two"]
    with pytest.raises(WavemixError, match="there is also"):
        songs_in([song, song.parent])
    (tmp_path / "empty").mkdir()
    with pytest.raises(WavemixError, match="holds no song"):
        songs_in([tmp_path / "empty"])


def test_a_song_without_raw_tracks_cannot_be_mixed(write_plain, sum_system):
    song, audio = read_aligned(open_song(write_plain("s", stems={group: track(0, 2).T for group in GROUPS})), RATE)
    with pytest.raises(WavemixError, match="has no raw tracks"):
        mixes_of(song, audio, sum_system, {})
