import numpy as np
import pytest
import torch
from conftest import RATE, noise

from wavemix import WavemixError
from wavemix.ear_training.cache import read_cache, read_caches, write_cache
from wavemix.ear_training.draws import UNKNOWN, Draws, class_of
from wavemix.ear_training.fit import Course, fit, temperature_of
from wavemix.ear_training.learned import learned_from
from wavemix.ear_training.sound import Sound
from wavemix.ear_training.variation import varied
from wavemix.recognition.classes import CLASSES
from wavemix.recognition.features import BANDS

GROUPS = ("drums", "bass", "vocals", "other")


def tone(hz, seed):
    sound = np.sin(2 * np.pi * hz * np.arange(3 * RATE) / RATE) + noise(3.0, seed=seed, level=0.01)[:, 0]
    return sound.astype(np.float32)


def sounds():
    """Basses are low, voices are high, and drums are noise."""
    for seed in range(6):
        held_out = seed == 5
        yield Sound(tone(60 + 5 * seed, seed), "bass", "bass", "synthesiser", f"low {seed}", held_out)
        yield Sound(tone(900 + 50 * seed, seed), "vocals", "lead", "synthesiser", f"high {seed}", held_out)
        yield Sound(noise(3.0, seed=seed)[:, 0].astype(np.float32), "drums", "", "songs", f"tune: {seed}", held_out)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("material")
    rooms = {"hall": np.eye(1, 2000, dtype=np.float32)[0]}
    assert write_cache(sounds(), rooms, folder, np.random.default_rng(0)) == 18
    return read_cache(folder)


def test_frames_are_kept_to_a_step(cache):
    row = cache.rows[0]
    frames = cache.frames(row)
    assert frames.shape == (row.frames, BANDS)
    assert frames.max() == 0
    np.testing.assert_array_equal(cache.frames(row, 10, 5), frames[10:15])


def test_a_material_of_another_form_is_refused(tmp_path):
    with pytest.raises(WavemixError, match=r"index\.json"):
        read_cache(tmp_path)
    (tmp_path / "index.json").write_text("[]")
    np.save(tmp_path / "frames.npy", np.zeros((3, BANDS), np.uint8))
    with pytest.raises(WavemixError, match="does not go with"):
        read_cache(tmp_path)


def test_every_group_is_drawn_and_the_same_seed_draws_the_same(cache):
    draws = Draws(cache, [row for row in cache.rows if not row.held_out])
    first, again = (draws.batch(40, 2, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first.frames, again.frames)
    assert first.frames.shape == (40, 2, 64, BANDS)
    assert set(first.groups.tolist()) == {0, 1, 2}
    assert (first.classes[first.groups == 0] == UNKNOWN).all()
    assert abs(first.frames).max() <= 1


@pytest.mark.parametrize(
    ("group", "role", "found"), [("vocals", "double", ("vocals", "lead")), ("bass", "amp", None), ("other", "", None)]
)
def test_roles_that_sound_alike_are_one_and_others_unknown(cache, group, role, found):
    row = type(cache.rows[0])(0, 1, group, role, "songs", "x", False)
    assert class_of(row) == (CLASSES.index(found) if found else UNKNOWN)


def test_variation_keeps_the_form(cache):
    frames, other = cache.frames(cache.rows[0])[:64], cache.frames(cache.rows[1])[:64]
    for seed in range(20):
        found = varied(frames, other, np.random.default_rng(seed))
        assert found.shape == frames.shape
        assert np.isfinite(found).all()


def test_a_training_learns_what_is_plain(cache):
    fitted = fit(cache, Course(steps=25, tracks=12, learning_rate=5e-3))
    assert fitted.held_out == {"synthesiser": 1.0, "songs": 1.0}
    assert 0.3 <= fitted.temperature <= 6


def test_a_training_goes_on_where_it_was_stopped(cache, tmp_path, monkeypatch):
    course, checkpoint = Course(steps=4, tracks=4), tmp_path / "training.ckpt"
    whole = fit(cache, course)
    monkeypatch.setattr("wavemix.ear_training.fit.KEPT_STEPS", 2)

    def stop(line):
        if line.startswith("step 3"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(cache, course, stop, checkpoint)
    lines = []
    resumed = fit(cache, course, lines.append, checkpoint)
    assert lines[0] == "goes on after step 2 of 4"
    for name, tensor in whole.net.state_dict().items():
        assert torch.equal(tensor, resumed.net.state_dict()[name])
    with pytest.raises(WavemixError, match="of another training"):
        fit(cache, Course(steps=5, tracks=4), checkpoint=checkpoint)
    checkpoint.write_bytes(checkpoint.read_bytes()[:-100])
    with pytest.raises(WavemixError, match="not the whole state"):
        fit(cache, course, checkpoint=checkpoint)


def test_several_materials_are_one(cache, tmp_path):
    for name in ("a", "b"):
        write_cache(sounds(), {"hall": np.eye(1, 2000, dtype=np.float32)[0]}, tmp_path / name, np.random.default_rng(0))
    both = read_caches([tmp_path / "a", tmp_path / "b"])
    assert len(both.rows) == 36
    np.testing.assert_array_equal(both.frames(both.rows[20]), cache.frames(cache.rows[2]))


def test_a_training_needs_sounds_held_out(cache):
    with pytest.raises(WavemixError, match="none held out"):
        fit(type(cache)(cache.levels, tuple(row for row in cache.rows if not row.held_out)), Course(steps=1))


def test_the_temperature_makes_the_sure_as_sure_as_they_are_right():
    torch.manual_seed(0)
    groups = torch.randint(0, 4, (400,))
    firsts = torch.tensor([next(i for i, (name, _) in enumerate(CLASSES) if name == group) for group in GROUPS])
    told = torch.where(torch.rand(400) < 0.7, groups, (groups + 1) % 4)
    logits = torch.full((400, len(CLASSES)), -30.0)
    logits[torch.arange(400), firsts[told]] = 10.0
    logits[torch.arange(400), firsts[(told + 1) % 4]] = 0.0
    assert temperature_of(logits, groups) > 3  # right for 70 %, and as good as certain


def test_what_was_learned_from_is_told(cache):
    told = learned_from(cache)
    assert told["songs"] == {"train": ["tune"], "held_out": ["tune"]}
    assert {row["sounds"] for row in told["learned"]} == {5, 10}
