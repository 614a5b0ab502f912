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
        ("batch_size=0", "batch_size must be at least 1"),
        ("phases.0.learning_rate=fast", "`learning_rate` must be a number, not 'fast'"),
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
