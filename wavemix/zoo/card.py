"""The model card: the README of a model's folder and of its Hub repository."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import MODELS

METRICS = "metrics.json"

SAME = 1e-6
"""Relative difference of losses that is no more than rounding."""

PAPER = (
    "D. Koszewski, T. Görne, G. Korvel, B. Kostek: Automatic music signal mixing system based on "
    "one-dimensional Wave-U-Net autoencoders. EURASIP Journal on Audio, Speech, and Music Processing, 2023:1, "
    "doi:10.1186/s13636-022-00266-3."
)

TEMPLATE = """\
---
license: {licence}
library_name: wavemix
pipeline_tag: audio-to-audio
tags:
- music
- mixing
- wave-u-net
---

# wavemix-{name}: {summary}

**Status: {status}.** {status_text}

| | |
|---|---|
| Inputs | {inputs} |
| Output | stereo, {rate} Hz |
| Network | Wave-U-Net, {levels} levels, {filters} filters a level, {parameters:,} parameters |
| Expected input loudness | {loudness} |
| sha256 of `model.safetensors` | `{sha256}` |

## Use

```python
import wavemix

model = wavemix.load("{name}")
stereo = model(tracks)  # (batch, tracks, samples) to (batch, 2, samples)
```

As part of the whole system: `wavemix mix SONG -o OUT`.

{notes}## Limits

{limits}

## Citation

{paper}
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
        "A plain sum is no mix: nothing is balanced, panned or processed. It is the baseline that trained weights "
        "must pass, and where training starts."
    ),
    "trained": (
        "It mixes as its training songs were mixed. Other genres, levels and ways of recording may not suit it: "
        "listen before you publish."
    ),
}


def render_card(config: ModelConfig, metrics: Mapping[str, Any] | None = None) -> str:
    """The card of a checkpoint, as Markdown with the Hub's metadata.

    Args:
        config: The checkpoint's description.
        metrics: What `metrics.json` says of a trained one.
    """
    entry = MODELS[config.model]
    target = "both output channels" if entry.input_channels == 1 else "the output channel of its own side"
    return TEMPLATE.format(
        name=config.model,
        licence=_licence(metrics or {}),
        summary=entry.summary,
        status=config.status,
        status_text=STATUS_TEXTS[config.status].format(target=target),
        inputs=", ".join(f"{i} {slot}" for i, slot in enumerate(config.slots, start=1)),
        rate=config.sample_rate,
        levels=config.levels,
        filters=config.filters,
        parameters=sum(parameter.numel() for parameter in config.build().parameters()),
        loudness="any" if config.input_loudness_lufs is None else f"{config.input_loudness_lufs:g} LUFS",
        sha256=config.sha256,
        notes="".join(f"{section}\n\n" for section in _sections(config.model, metrics or {})),
        limits=LIMITS[config.status],
        paper=PAPER,
    )


def _licence(metrics: Mapping[str, Any]) -> str:
    """Of the weights, by the songs that they learned from: the Hub's name for it."""
    licences = {song["licence"] for song in metrics.get("songs", {}).get("train", [])}
    if any("NC" in licence for licence in licences):
        return "cc-by-nc-sa-4.0"
    return "apache-2.0" if licences <= {"CC0-1.0"} else "other"


def _sections(name: str, metrics: Mapping[str, Any]) -> Iterator[str]:
    """What is known of a training: its scores, its course, its songs."""
    for split, rows in metrics.get("scores", {}).items():
        yield _score_section(name, split, rows)
    if "valid_loss" in metrics:
        yield (
            f"## Training\n\nValidation loss (mean squared error) {metrics['valid_loss']:.4e}, after "
            f"{metrics['step']} steps of phase {metrics['phase']}; {metrics['seconds']} s of training on "
            f"{metrics['device']}. `{METRICS}` holds the recipe."
        )
    if "attempt" in metrics:
        yield _attempt_section(metrics["attempt"], metrics["scores"]["valid"])
    if "songs" in metrics:
        learned = metrics["songs"]["train"]
        minutes = sum(song["seconds"] for song in learned) / 60
        lists = "\n".join(f"- {split}: {', '.join(map(_song, songs))}" for split, songs in metrics["songs"].items())
        yield f"## Songs\n\nIt learned from {len(learned)} songs, {minutes:.1f} minutes in all.\n\n{lists}"


def _song(song: Mapping[str, str]) -> str:
    return f"{song['title']} ({song['licence'] or 'licence not stated'})"


def _score_section(name: str, split: str, rows: Sequence[Mapping[str, Any]]) -> str:
    table = "\n".join(f"| {row['name']} | {row['loss']:.4e} | {row['snr_db']:.2f} |" for row in rows)
    losses = {row["name"]: row["loss"] for row in rows}
    verdict = " ".join(
        f"The model's loss is {_compare(losses['model'], losses[way])} that of the {way}."
        for way in ("plain sum", "static gains")
    )
    return (
        f"## Scores on the {split} songs\n\n| | loss | SNR, dB |\n|---|---|---|\n{table}\n\n{verdict}\n\n"
        f"Loss is the mean squared error over all samples; static gains are those that fit the training songs best. "
        f"`wavemix score {name} --data DIR --split {split}` prints this table from the prepared songs."
    )


def _compare(loss: float, other: float) -> str:
    """A loss against another, in words."""
    if abs(loss - other) < SAME * other:
        return "equal to"
    return f"{abs(1 - loss / other):.1%} {'below' if loss < other else 'ABOVE'}"


def _attempt_section(attempt: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """A training that did not give better weights, and why."""
    losses = {row["name"]: row["loss"] for row in rows}
    outcome = "found no epoch whose validation loss was below that of its start"
    if attempt["step"]:
        outcome = f"ended with a validation loss of {attempt['valid_loss']:.4e}, not below that of these weights"
    reason = ""
    if losses["static gains"] > losses["plain sum"]:
        reason = (
            " The training songs ask for other balances than the validation songs: even the static gains that fit them "
            f"best have a loss {_compare(losses['static gains'], losses['plain sum'])} that of the plain sum there."
        )
    return (
        f"## Last attempt\n\nA training of {attempt['seconds']} s on {attempt['device']} {outcome}; these were kept."
        f"{reason}"
    )
