"""Cards are generated, valid on the Hub, and say what metrics.json says."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from hub_card_rules import card_errors
from huggingface_hub import ModelCard, get_session

from wavemix.cards.card import CARD, read_metrics, render_card, write_card
from wavemix.cards.verdict import JUDGED, verdict_tables
from wavemix.zoo import MODELS, TASKS, ModelConfig
from wavemix.zoo.config import CONFIG, read_config
from wavemix.zoo.registry import CARDS, REPOSITORY

ROOT = Path(__file__).resolve().parents[2]
TABLE = {
    "folder": "test",
    "songs": ["One", "Two"],
    "rows": [
        {"mix": "wavemix", "si_sdr_db": 1.25, "stft_left_right": 0.5, "surprise": 3.0},
        {"mix": "plain sum", "si_sdr_db": -0.5, "stft_left_right": 0.75, "surprise": 4.0},
    ],
}
OTHER = TABLE | {"folder": "valid", "songs": ["Four"]}


def config_of(name):
    return ModelConfig(name, "trained", TASKS[name].slots, levels=3, filters=2, sha256="0" * 64)


@pytest.mark.parametrize("name", MODELS)
def test_a_published_card_is_the_generated_one(name):
    """If not: `wavemix zoo cards`."""
    folder = CARDS / name
    expected = render_card(read_config(folder / CONFIG), read_metrics(folder))
    assert (folder / CARD).read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("name", MODELS)
def test_a_published_card_passes_the_hubs_validation(name, hub, monkeypatch):
    card = ModelCard.load(CARDS / name / CARD)

    class ToTheTestsHub:
        """huggingface_hub 1 sends cards to the real Hub, whatever HF_ENDPOINT says."""

        @staticmethod
        def post(url, **content):
            return get_session().post(hub.url + urlsplit(url).path, **content)

    monkeypatch.setattr("huggingface_hub.repocard.get_session", ToTheTestsHub)
    card.validate()
    assert ("POST", "/api/validate-yaml", 200) in hub.log
    learned = read_metrics(CARDS / name).get("songs", {}).get("train", [])
    assert len(card.data.datasets) == len(learned)
    licences = {song["licence"] for song in learned}
    free = "apache-2.0" if licences <= {"CC0-1.0"} else "other"
    assert card.data.license == ("cc-by-nc-sa-4.0" if any("NC" in licence for licence in licences) else free)


@pytest.mark.parametrize("name", MODELS)
def test_the_hub_reads_the_scores_of_a_published_card(name):
    results = ModelCard.load(CARDS / name / CARD).data.eval_results or []
    found = {(one.dataset_split, one.metric_type): one.metric_value for one in results}
    for split, rows in read_metrics(CARDS / name).get("scores", {}).items():
        (own,) = [row for row in rows if row["name"] == "model"]
        assert found[split, "mse"] == own["loss"]
        assert found[split, "snr"] == own["snr_db"]


@pytest.mark.parametrize("name", MODELS)
def test_a_published_card_has_its_sections(name):
    text = (CARDS / name / CARD).read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    scores = [f"Scores on the {split} songs" for split in read_metrics(CARDS / name).get("scores", {})]
    for heading in ("Use", "Data and licences", *scores, "Limits and biases", "Citation"):
        assert heading in headings
    task, family = MODELS[name].task, MODELS[name].family
    assert f"| `{task.name}`: {task.summary} |" in text
    assert f"| `{family.name}`: {family.summary} |" in text
    assert f"{family.filters} filters a level" in text
    assert f"wavemix mix SONG -o OUT{family.option}`" in text
    assert f"wavemix finetune {name}" in text
    assert "10.1186/s13636-022-00266-3" in text
    assert not re.search(r"\b0\.0%|\b1 threads", text)


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ("license: ", "license: my own #", "license"),
        ("pipeline_tag: audio-to-audio", "pipeline_tag: mixing", "pipeline_tag"),
        ("library_name: wavemix", "library_name: [1]", "library_name"),
        ("- music\n", "- 3\n", "tags"),
        ("      type: multitracks\n", "", "dataset"),
        ("tags:", "tags: [", "no YAML"),
    ],
)
def test_the_tests_hub_refuses_what_the_hub_would(before, after, error):
    text = (CARDS / "bass" / CARD).read_text(encoding="utf-8")
    assert before in text
    assert not card_errors(text)
    assert error in " ".join(card_errors(text.replace(before, after)))


def test_a_benchmark_becomes_a_table_and_results():
    text = render_card(config_of("mix"), {"benchmark": [TABLE, OTHER], "pipeline": [TABLE | {"songs": ["Three"]}]})
    for title in ("on the test songs", "on the valid songs", "of the whole system on the test songs"):
        assert f"## Benchmark {title}\n" in text
    assert "| | SI-SDR, dB | MR-STFT, left/right | surprise |" in text
    assert "| **wavemix** | 1.25 | 0.5 | 3 |\n| plain sum | -0.5 | 0.75 | 4 |" in text
    results = ModelCard(text).data.eval_results
    assert {(one.dataset_config, one.dataset_split, one.dataset_name) for one in results} == {
        ("benchmark", "test", "One, Two"),
        ("benchmark", "valid", "Four"),
        ("pipeline", "test", "Three"),
    }
    assert {(one.metric_type, one.metric_value) for one in results} >= {("si_sdr_db", 1.25), ("surprise", 3.0)}
    assert not card_errors(text)


DISTANCES = dict.fromkeys(JUDGED, 1.0)
MIXES = ("wavemix", "house engineer", "plain sum", "equal loudness", "oracle gains")


def measured(folder, **of_ours):
    """A table of today's benchmark, all at 1 but ours."""
    rows = [{"mix": mix} | DISTANCES | {"si_sdr_db": 2.0} for mix in MIXES]
    return {"folder": folder, "songs": ["One"], "rows": [rows[0] | of_ours, *rows[1:]]}


def test_production_distances_are_the_first_table_of_a_benchmark():
    tables = [measured(folder, production_log_spectral_db=0.75) for folder in ("test", "valid")]
    text = render_card(config_of("mix"), {"pipeline": tables})
    for folder in ("test", "valid"):
        section = text[text.index(f"## Benchmark of the whole system on the {folder} songs") :]
        production = section.index("| | log-spectral, dB | long-time spectrum of mid, dB |")
        assert production < section.index("| | SI-SDR, dB |")
        ours, *others = section[production:].splitlines()[2:7]
        assert ours == "| **wavemix** | 0.75 | 1 | 1 | 1 | 1 | 1 |"
        assert [line.split(" | ")[0] for line in others] == [f"| {mix}" for mix in MIXES[1:]]
    assert "On the test songs **yes**, and by 1 of 6 distances in all; on the valid songs **yes**" in text
    types = {one.metric_type for one in ModelCard(text).data.eval_results}
    assert types == {*JUDGED, "si_sdr_db"}
    assert not card_errors(text)


def test_tables_that_were_measured_before_production_distances_have_no_verdict():
    text = render_card(config_of("mix"), {"benchmark": [TABLE]})
    assert "better than both" not in text
    assert "## Benchmark on the test songs" in text


def test_a_student_names_its_teacher():
    songs = {"One": {"snr_db": 13.0, "side_snr_db": 10.0, "treble_db": -0.5}}
    songs["Two"] = {"snr_db": 11.7, "side_snr_db": None}  # as the cards of earlier weights have it
    metrics = {"engineer": {"valid": songs}}
    text = render_card(config_of("drums"), metrics)
    section = text[text.index("## Teacher") :]
    section = section[: section.index("\n## ", 1)]
    assert "rule-based engineer" in section and "not from human mixes" in section
    assert (
        "| valid | One | 13 | 10 | -0.5 |\n| valid | Two | 11.7 | – | – |\n| valid | mean | 12.35 | 10 | -0.5 |"
        in section
    )
    assert "those who mixed them" not in text and "learned from no human mix" in text
    assert not card_errors(text)
    other = render_card(config_of("drums"))
    assert "## Teacher" not in other and "those who mixed them" in other


def test_a_benchmark_without_songs_or_with_undefined_measures_is_told_where_it_can_be():
    empty = render_card(config_of("mix"), {"benchmark": [{"folder": "test", "songs": [], "rows": []}]})
    assert "## Benchmark" not in empty
    silent = {"folder": "test", "songs": ["One"], "rows": [{"mix": "wavemix", "si_sdr_db": None, "bark_mse": 1.0}]}
    text = render_card(config_of("mix"), {"benchmark": [silent]})
    assert "| **wavemix** | – | 1 |" in text
    assert [one.metric_type for one in ModelCard(text).data.eval_results] == ["bark_mse"]


def test_a_card_of_weights_that_nobody_measured_is_valid():
    text = render_card(config_of("drums"))
    assert not card_errors(text)
    assert ModelCard(text).data.eval_results is None


def test_songs_under_other_licences_name_them():
    songs = {"train": [{"title": "x", "licence": "GPL-2.0-or-later", "seconds": 60}]}
    text = render_card(config_of("drums"), {"songs": songs})
    assert ModelCard(text).data.license == "other"
    assert not card_errors(text)


@pytest.mark.parametrize("name", MODELS)
def test_a_published_cards_first_table_says_whether_the_model_is_better(name):
    if not list(verdict_tables(read_metrics(CARDS / name))):
        pytest.skip("measured before there were production distances; wavemix zoo measure CORPUS")
    text = (CARDS / name / CARD).read_text(encoding="utf-8")
    status, first = text.index("**Status:"), text.index("\n| ")
    heading = "\n| songs | distance | this model | house engineer | plain sum | equal loudness | better than both? |"
    assert status < first == text.index(heading)
    assert "\n## " not in text[status:first]


@pytest.mark.parametrize(("filters", "family"), [(24, "`full`: the paper's"), (8, "`lite`: a third"), (12, "none: ")])
def test_a_card_tells_the_family(filters, family):
    assert f"| Family | {family}" in render_card(replace(config_of("drums"), filters=filters))


def test_commands_on_a_card_take_its_family():
    rows = [{"name": name, "loss": 1.0, "snr_db": 0.0} for name in ("model", "plain sum", "static gains")]
    metrics = {"benchmark": [TABLE], "scores": {"valid": rows}}
    text = render_card(replace(config_of("drums"), filters=8), metrics)
    for command in (
        "finetune drums-lite",
        "score drums-lite",
        "benchmark test --family lite",
        "mix SONG -o OUT --family lite",
    ):
        assert f"`wavemix {command}" in text
    assert not card_errors(text)
    assert "--family" not in render_card(replace(config_of("drums"), filters=24), metrics)


def test_a_card_is_written_again(tiny_weights, tmp_path):
    (tmp_path / CONFIG).write_text((tiny_weights / "drums" / CONFIG).read_text())
    write_card(tmp_path)
    assert (tmp_path / CARD).read_text() == render_card(read_config(tmp_path / CONFIG))


def test_large_files_are_allowed_where_weights_lie():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    allowed = next(hook["exclude"] for hook in hooks if hook["id"] == "check-added-large-files")
    for name in MODELS:
        assert re.search(allowed, f"model_cards/{name}/model.safetensors")
    assert not re.search(allowed, "model_cards/drums/other.safetensors")


def test_examples_name_the_registrys_repository():
    """docs/publishing.md says how to change all of them at once."""
    places = [ROOT / "hubconf.py", ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *CARDS.glob("*/README.md")]
    named = {
        (path.name, name)
        for path in places
        for name in re.findall(r'torch\.hub\.load\("([\w-]+/[\w-]+)[":]', path.read_text(encoding="utf-8"))
    }
    assert {name for _, name in named} == {REPOSITORY}
    assert {"hubconf.py", "publishing.md"} <= {path for path, _ in named}


def test_a_card_says_the_levels_of_the_inputs():
    config = read_config(CARDS / "bass" / CONFIG)
    assert "| Expected input loudness | any |" in render_card(
        replace(config, input_peak_dbfs=None, input_loudness_lufs=None)
    )
    levelled = replace(config, input_loudness_lufs=-25.0, input_peak_dbfs=-14.0)
    assert "| Expected input loudness | -25 LUFS, no sample above -14 dBFS |" in render_card(levelled)
