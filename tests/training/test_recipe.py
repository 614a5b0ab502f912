"""Recipes say what is trained, and wrong ones say what is wrong."""

from pathlib import Path

import pytest

from wavemix.data.augment import Augmentation
from wavemix.errors import WavemixError
from wavemix.training.recipe import RECIPES, Phase, Recipe, read_recipe
from wavemix.zoo.registry import TASKS


@pytest.fixture
def drums(tmp_path: Path) -> Path:
    path = tmp_path / "drums.yaml"
    path.write_text("model: drums\n")
    return path


@pytest.mark.parametrize("model", TASKS)
def test_a_models_recipe_is_the_papers_protocol(model: str) -> None:
    recipe = read_recipe(RECIPES / f"{model}.yaml")
    assert recipe == Recipe(model)
    assert (recipe.batch_size, recipe.steps_per_epoch, recipe.target_samples) == (16, 200, 88_200)
    assert [(phase.learning_rate, phase.patience) for phase in recipe.phases] == [(1e-4, 20), (1e-5, 20)]


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_recipe_loads(path: Path) -> None:
    settings = ["model=bass"] if path.stem == "finetune" else []
    assert isinstance(read_recipe(path, settings), Recipe)


def test_settings_reach_into_the_recipe(drums: Path) -> None:
    settings = ["phases.0.learning_rate=1e-3", "batch_size=4", "augmentation.gain_db=3", "start=sum"]
    assert read_recipe(drums, settings) == Recipe(
        "drums",
        phases=(Phase(1e-3), Phase(1e-5)),
        batch_size=4,
        augmentation=Augmentation(gain_db=3.0),
        start="sum",
    )


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("batchsize=4", "no key `batchsize`; did you mean `batch_size`"),
        ("phases.0.lerning_rate=1", "no key `lerning_rate`; did you mean `learning_rate`"),
        ("phases.7.patience=1", "no such place"),
        ("batch_size.deep=1", "no such place"),
        ("batch_size=four", "`batch_size` must be a whole number, not 'four'"),
        ("batch_size=true", "`batch_size` must be a whole number, not True"),
        ("batch_size=0", "batch_size must be 1 to 1024"),
        ("phases.0.learning_rate=fast", "`learning_rate` must be a finite number, not 'fast'"),
        ("phases.0.learning_rate=-1", "learning_rate must be above 0"),
        ("phases=3", "`phases` must be a list, not 3"),
        ("phases=[]", "phases must list at least one"),
        ("start=zero", "`start` must be one of random, sum, static, published, widened, not 'zero'"),
        ("start=[sum]", "`start` must be one of random, sum, static, published"),
        ("resident=3", "`resident` must be true or false, not 3"),
        ("model=piano", "model must be one of drums, bass, vocals, other, mix"),
        ("augmentation.gain=3", "no key `gain`; did you mean `gain_db`"),
        ("augmentation=3", "must hold keys and values, not 3"),
        ("batch_size", "must have the form key=value"),
        ("batch_size=[", "is not valid YAML"),
        ("phases=" + "[" * 1000, "is nested more than 64 deep"),
        ("levels=100000", "levels must be 1 to 14, got 100000"),
        ("levels=1180591620717411303424", "levels must be 1 to 14"),
        ("filters=1000000000", "filters must be 1 to 256, got 1000000000"),
        ("filters=200", "10 levels of 200 filters are 429,054,622 parameters"),
        ("batch_size=1000000000", "batch_size must be 1 to 1024"),
        ("target_samples=1000000000000", "target_samples must be 1 to 8388608"),
        ("target_samples=8000000", "batch_size times target_samples must be at most"),
        ("steps_per_epoch=1180591620717411303424", "steps_per_epoch must be 1 to"),
        ("save_every_steps=0", "save_every_steps must be 1 to"),
        ("workers=1000000", "workers must be 0 to 256"),
        ("workers=-1", "workers must be 0 to 256"),
        ("seed=1180591620717411303424", "seed must be 0 to"),
        ("seed=-1", "seed must be 0 to"),
        ("phases.0.patience=1180591620717411303424", "patience must be 1 to"),
        ("phases.0.learning_rate=.inf", "`learning_rate` must be a finite number, not inf"),
        ("phases.0.learning_rate=1e300", "learning_rate must be above 0 and at most 10"),
        ("stft_weight=.nan", "`stft_weight` must be a finite number, not nan"),
        ("input_loudness_lufs=.nan", "`input_loudness_lufs` must be a finite number"),
        ("input_peak_dbfs=5000", "peak_dbfs must be -120 to 120, got 5000"),
        ("augmentation.gain_db=.inf", "`gain_db` must be a finite number"),
        ("augmentation.gain_db=1000", "gain_db must be 0 to 120, got 1000"),
    ],
)
def test_a_wrong_setting_is_one_sentence(drums: Path, setting: str, message: str) -> None:
    with pytest.raises(WavemixError, match=message.replace("[", r"\[")):
        read_recipe(drums, [setting])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("batch_size: 4", "lacks the key `model`"),
        ("- drums", "must hold keys and values"),
        ("model: [", "is not valid YAML"),
        ("", "must hold keys and values"),
        ("model: drums\nphases: &p [*p]", "line 2: has an alias"),
        ("model: drums\nseed: 2001-99-99", "line 2: has a value that is no `timestamp`"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    with pytest.raises(WavemixError, match=message):
        read_recipe(path)
    with pytest.raises(WavemixError, match="cannot be read"):
        read_recipe(tmp_path / "missing.yaml")


def test_our_own_go_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_recipe(Path("drums")) == read_recipe(RECIPES / "drums.yaml")
    Path("drums").write_text("model: bass")
    assert read_recipe(Path("drums")).model == "bass"  # a file comes first
    with pytest.raises(WavemixError, match="elsewhere/bass: cannot be read .* or one of bass, cpu, drums, "):
        read_recipe(Path("elsewhere/bass"))
