"""The model card: README of a model's folder and of its Hub repository, from its `config.json` and `metrics.json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wavemix.cards.looked_at import read_listening, without_stale
from wavemix.cards.metadata import front_matter
from wavemix.cards.sections import ENGINEER, sections
from wavemix.cards.verdict import verdict_tables
from wavemix.documents.json_text import read_json
from wavemix.errors import WavemixError
from wavemix.staging import staged_folder, write_text
from wavemix.zoo.config import CONFIG, ModelConfig, read_config
from wavemix.zoo.registry import REPOSITORY, entry_of, family_of

CARD = "README.md"
METRICS = "metrics.json"

TEMPLATE = """\
{front}
# wavemix-{name}: {summary}

**Status: {status}.** {status_text}

{verdicts}\
One of the five models of wavemix, the automatic mixing system of Koszewski et al. 2023 in PyTorch: four Wave-U-Nets mix
the tracks of a group to a stereo stem each, a fifth mixes the stems.

| | |
|---|---|
| Row of the paper's Table 1 | `{task}`: {summary} |
| Family | {family} |
| Inputs | {inputs} |
| Output | stereo, {rate} Hz |
| Network | Wave-U-Net, {levels} levels, {filters} filters a level, {parameters:,} parameters |
| Expected input loudness | {input_levels} |
| sha256 of `model.safetensors` | `{sha256}` |

## Use

```python
import wavemix

model = wavemix.load("{name}")
stereo = model(tracks)  # (batch, {count}, samples) to (batch, 2, samples)
```

Without installing wavemix: `torch.hub.load("{repository}", "{entry_point}", trust_repo=True)`. As part of the whole
system: `wavemix mix SONG -o OUT{family_option}`.

To fine-tune it on songs of yours: `wavemix prepare folder MY_SONGS DATA`, then `wavemix finetune {name} --data DATA`.

{sections}

## Limits and biases

{limits}

## Citation

D. Koszewski, T. Görne, G. Korvel, B. Kostek: Automatic music signal mixing system based on one-dimensional Wave-U-Net \
autoencoders. EURASIP Journal on Audio, Speech, and Music Processing, 2023:1, doi:10.1186/s13636-022-00266-3.

```bibtex
@article{{koszewski2023automatic,
  title   = {{Automatic music signal mixing system based on one-dimensional {{Wave-U-Net}} autoencoders}},
  author  = {{Koszewski, Damian and Görne, Thomas and Korvel, Grazina and Kostek, Bozena}},
  journal = {{EURASIP Journal on Audio, Speech, and Music Processing}},
  volume  = {{2023}},
  number  = {{1}},
  year    = {{2023}},
  doi     = {{10.1186/s13636-022-00266-3}}
}}
```
"""

STATUS_TEXTS = {
    "untrained: plain sum": (
        "These weights hold the sum initialisation: every input reaches {target} at unity gain, and nothing else "
        "happens. The hidden layers are random and not yet heard. No data was used."
    ),
    "trained": "Its training is described below.",
}

LIMITS = {
    "untrained: plain sum": (
        "- A plain sum is no mix: nothing is balanced, panned or processed. It is the baseline that trained weights "
        "must pass, and where training starts."
    ),
    "trained": (
        "- It mixes as its training songs were mixed. Other genres, levels and ways of recording may not suit it: "
        "listen before you publish.\n"
        "- Its taste is that of the songs listed above and of those who mixed them. Music, voices and instruments that "
        "they lack are not represented, and nobody has measured how it treats them."
    ),
}

TAUGHT_LIMITS = (
    "- Its taste is that of the rules of a house engineer, the same for every genre; it has learned from no human mix. "
    "Music, voices and instruments that its tracks lack are not represented: listen before you publish."
)
"""What the card of a model that the engineer taught says in place of the limits of trained weights."""

COMMON_LIMITS = """\
- An input is known by its slot: a track in another slot is taken for what the slot is named after.
- It works at {rate} Hz and gives a level, not a loudness: the result is no master.
- A lower mean squared error is not a better mix. No listener has judged these weights."""


def render_card(config: ModelConfig, metrics: Mapping[str, Any] | None = None) -> str:
    """The card of a checkpoint, as Markdown with the Hub's metadata.

    Args:
        config: The checkpoint's description.
        metrics: What `metrics.json` says of it: `scores` by split, the training's course, `songs` by split,
            `attempt`, `engineer` (`snr_db` and `side_snr_db` of each song, by split),
            tables of `benchmark` and `pipeline`, `listening` and `credits`; each may be absent.
    """
    entry, family = entry_of(config.name), family_of(config.filters)
    metrics = metrics or {}
    limits = TAUGHT_LIMITS if ENGINEER in metrics else LIMITS[config.status]
    target = "both output channels" if entry.task.input_channels == 1 else "the output channel of its own side"
    return TEMPLATE.format(
        front=front_matter(config, metrics),
        name=config.name,
        task=config.model,
        summary=entry.task.summary,
        family=f"`{family.name}`: {family.summary}" if family else "none: its width is its own",
        family_option=entry.family.option,
        entry_point=config.name.replace("-", "_"),
        status=config.status,
        status_text=STATUS_TEXTS[config.status].format(target=target),
        verdicts="".join(f"{paragraph}\n\n" for paragraph in verdict_tables(metrics)),
        inputs=", ".join(f"{i} {slot}" for i, slot in enumerate(config.slots, start=1)),
        count=len(config.slots),
        rate=config.sample_rate,
        levels=config.levels,
        filters=config.filters,
        parameters=sum(parameter.numel() for parameter in config.build().parameters()),
        input_levels=config.input_levels.describe(),
        sha256=config.sha256,
        repository=REPOSITORY,
        sections="\n\n".join(sections(config, metrics)),
        limits=f"{limits}\n{COMMON_LIMITS.format(rate=config.sample_rate)}",
    )


def read_metrics(folder: Path) -> dict[str, Any]:
    """What a folder's `metrics.json` says; nothing for a model that nobody has measured.

    Raises:
        WavemixError: If it cannot be read or is no JSON of this form.
    """
    path = folder / METRICS
    if not path.exists():
        return {}
    found = read_json(path)
    if not isinstance(found, dict):
        raise WavemixError(f"{path}: must hold keys and values; measure the model again.")
    return found


def write_metrics(folder: Path, config: ModelConfig, metrics: Mapping[str, Any]) -> None:
    """Write `metrics.json` and the card that tells of it, both or none.

    What a person said of other weights is dropped.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    metrics = without_stale(metrics, config)
    with staged_folder(folder) as stage:
        (stage / METRICS).write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
        (stage / CARD).write_text(render_card(config, metrics), encoding="utf-8")


def write_card(folder: Path) -> None:
    """Write the card of a folder again.

    Raises:
        WavemixError: If its config cannot be read, or the card not be written.
    """
    write_text(folder / CARD, render_card(read_config(folder / CONFIG), read_metrics(folder)))


def add_listening(file: Path, folder: Path) -> None:
    """Give a folder's `metrics.json` and card what a person says of the weights that lie there.

    Raises:
        WavemixError: As `read_listening`, or if the folder holds no model or cannot be written.
    """
    config = read_config(folder / CONFIG)
    write_metrics(folder, config, read_metrics(folder) | read_listening(file, config))
