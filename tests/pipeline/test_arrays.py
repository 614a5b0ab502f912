import numpy as np
import pytest
import soxr
import torch
from conftest import RATE, noise

from wavemix.errors import WavemixError
from wavemix.pipeline import Balance, Delivery


def tone(seconds: float, rate: int = RATE) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return 0.5 * np.sin(2 * np.pi * 440 * time) * np.hanning(len(time))


def test_names_tell_roles_and_what_is_given_overrules_them(sum_system):
    tracks = {"Kick In": tone(0.1), "Drums/Audio 01": tone(0.1), "Audio 02": tone(0.1), "Audio 03": tone(0.1)}
    roles = {"Audio 02": "other/keys", "Audio 03": "bass", "Drums/Audio 01": "drums/snare"}
    report = sum_system.mix_arrays(tracks, RATE, roles=roles).report
    assert [(track["file"], track["group"], track["role"]) for track in report.tracks] == [
        ("Kick In", "drums", "kick"),
        ("Drums/Audio 01", "drums", "snare"),
        ("Audio 02", "other", "keys"),
        ("Audio 03", "bass", "bass"),
    ]
    assert report.tracks[1]["reason"] == "as it was given"


def test_names_are_read_beside_each_other_and_may_have_dots(sum_system):
    names = ("Alto", "Bari Sax", "Mr. Bass", "Lead Vox.wav")
    report = sum_system.mix_arrays(dict.fromkeys(names, tone(0.1)), RATE).report
    assert [(track["group"], track["role"]) for track in report.tracks] == [
        ("other", "winds"),
        ("other", "winds"),
        ("bass", "bass"),
        ("vocals", "lead"),
    ]


def test_any_rate_goes_in_and_the_models_or_the_tracks_comes_out(sum_system):
    samples = tone(0.5, 48_000)
    at_models_rate = sum_system.mix_arrays({"Bass": samples}, 48_000)
    assert at_models_rate.sample_rate == RATE
    np.testing.assert_allclose(at_models_rate.mix[0], soxr.resample(samples, 48_000, RATE, "HQ"), atol=1e-5)
    as_it_came = sum_system.mix_arrays({"Bass": samples}, 48_000, delivery=Delivery(rate="source", bits="32f"))
    assert as_it_came.sample_rate == 48_000
    assert as_it_came.mix.shape == (2, 24_000)
    np.testing.assert_allclose(as_it_came.mix[0], samples, atol=1e-4)


def test_arrays_of_every_form(sum_system):
    mono, stereo = noise(0.1)[:, 0], noise(0.1, channels=2, seed=1).T
    tracks = {"Kick": mono, "Snare": mono[None].astype(np.float32), "Keys": stereo, "Bass": torch.from_numpy(mono)}
    found = sum_system.mix_arrays(tracks, RATE)
    np.testing.assert_allclose(found.mix, 3 * mono + stereo, atol=1e-6)
    np.testing.assert_allclose(found.stems["other"], stereo, atol=1e-6)
    assert not found.stems["vocals"].any()


def test_levels_are_the_users(sum_system):
    loud = np.clip(noise(2.0, level=0.5)[:, 0], -0.99, 0.99)
    tracks = {"Kick": loud, "Bass": loud}
    assert np.abs(sum_system.mix_arrays(tracks, RATE).mix).max() > 1.5  # floats do not clip
    assert np.abs(sum_system.mix_arrays(tracks, RATE, delivery=Delivery(bits="24")).mix).max() < 1
    quiet = sum_system.mix_arrays(tracks, RATE, delivery=Delivery(loudness_lufs=-23, stems=False))
    assert quiet.report.outputs[0].loudness_lufs == pytest.approx(-23, abs=0.01)
    assert quiet.stems == {}
    louder = sum_system.mix_arrays(tracks, RATE, gains_db={"Bass": 6.0}, balance=Balance({"drums": -6.0}))
    np.testing.assert_allclose(louder.mix[0], loud * (10**0.3 + 10**-0.3), rtol=1e-4, atol=1e-6)


def test_the_report_is_that_of_a_file(sum_system):
    report = sum_system.mix_arrays({"Kick": noise(0.1)[:, 0], "Bass": noise(0.2)[:, 0]}, RATE, name="Demo").report
    assert report.song == "Demo"
    assert report.dump()
    assert report.tracks[0]["done"] == ["padded with 0.100 s of silence at the end"]
    assert [output.file for output in report.outputs] == ["mix", "drums", "bass", "vocals", "other"]
    drums = report.models["drums"]
    assert (drums["backend"], drums["precision"], drums["device"], drums["ran"]) == ("torch", "float32", "cpu", True)


def test_the_arrays_given_are_left_as_they_were(sum_system):
    samples = noise(0.1)[:, 0].astype(np.float32)
    before = samples.copy()
    sum_system.mix_arrays({"Kick": samples}, RATE)
    np.testing.assert_array_equal(samples, before)


KICK = np.ones(1000, np.float32)


@pytest.mark.parametrize(
    ("tracks", "options", "message"),
    [
        ({}, {}, "song: has no tracks"),
        ({"Kick": 0 * KICK}, {}, "song: every track is silent"),
        ({"Kick": np.ones(1000, np.int16)}, {}, "Kick: has samples of the type int16; give floats"),
        ({"Kick": np.ones((1000, 2), np.float32)}, {}, "Kick: has 1000 channels of 2 samples; give its transpose"),
        ({"Kick": np.ones((1, 1, 9), np.float32)}, {}, r"Kick: has the shape \(1, 1, 9\)"),
        ({"Kick": KICK[:0]}, {}, r"Kick: has the shape \(1, 0\)"),
        ({"Kick": np.where(np.arange(1000) == 7, np.nan, KICK)}, {}, r"Kick: sample 7 \(0.00 s\) is NaN or infinite"),
        ({"Kick": [[1.0], [1.0, 2.0]]}, {}, "Kick: is no array of samples"),
        ({"Kick": KICK}, {"roles": {"Snare": "drums"}}, "song: has no track `Snare`; it has Kick"),
        ({"Kick": KICK}, {"gains_db": {"Snare": 1.0}}, "song: has no track `Snare`"),
        ({"Kick": KICK}, {"roles": {"Kick": "tuba"}}, "Kick: there is no group `tuba`; choose from drums"),
        ({"Kick": KICK}, {"roles": {"Kick": "drums/lead"}}, "Kick: drums has no role `lead`; choose from kick"),
        ({"Kick": KICK}, {"gains_db": {"Kick": 1e9}}, "Kick: a gain must lie between -120 and 120 dB"),
        ({"Kick": KICK}, {"sample_rate": 0}, "song: a sample rate of 0 Hz"),
        ({"Kick": KICK}, {"sample_rate": 44_100.5}, "song: a sample rate of 44100.5 Hz"),
    ],
)
def test_what_cannot_be_mixed_is_one_sentence(sum_system, tracks, options, message):
    with pytest.raises(WavemixError, match=message) as refused:
        sum_system.mix_arrays(tracks, **{"sample_rate": RATE, **options})
    assert "\n" not in str(refused.value)
