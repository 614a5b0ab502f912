"""The recogniser's model card, from its `config.json` and `metrics.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavemix.cards.card import CARD, METRICS, read_metrics
from wavemix.documents.json_text import dump_json
from wavemix.documents.schema import build
from wavemix.documents.yaml_text import dump_yaml
from wavemix.recognition.config import RecogniserConfig, read_recogniser_config
from wavemix.staging import staged_folder
from wavemix.zoo.config import CONFIG
from wavemix.zoo.registry import REPOSITORY

TEMPLATE = """\
---
{metadata}---

# wavemix-recognise: what a raw track is, by its sound

A small convolutional network that hears at most 30 s of a raw track, the liveliest, as levels of bands over time, and
tells its group (drums, bass, vocals, other) and its role in it. wavemix asks it where a track's name says nothing, and
for a second opinion where it does; the name counts.

| | |
|---|---|
| Input | any sound file or array; 96 bands (ERB) from 30 Hz to 16 kHz, a frame every 40 ms, segments of 64 frames |
| Output | probabilities of {classes} classes: {names} |
| Network | {levels} convolutions of {widths} features, {parameters:,} parameters |
| Temperature | {temperature:g} |
| sha256 of `model.safetensors` | `{sha256}` |

## Use

```python
import wavemix

recogniser = wavemix.load("recognise")
heard = recogniser.recognise(samples, sample_rate)  # (samples,) or (channels, samples); None if it cannot tell
print(heard.group, heard.role, heard.confidence)
```

Without installing wavemix: `torch.hub.load("{repository}", "recognise", trust_repo=True)`. In use:
`wavemix session SONG` and `wavemix mix SONG -o OUT`, both with `--identify names|sound|both`.

## What it was measured on

{measured}

## What it learned from

{learned}

## Limits and biases

- What it has not heard it cannot tell: it learned from few players and singers, and from many synthesised sounds.
- It cannot tell an amplifier from a direct line, or a second take of a voice from a first; and `misc` is no sound.
- A probability is that of tracks like those it was calibrated on. It says nothing of sounds of another kind.
"""


@dataclass(frozen=True)
class Confusion:
    """What tracks of a kind were heard as, by group, in the order of `columns`."""

    row: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    """What `wavemix recogniser measure` found; see `Judgement`."""

    songs: tuple[str, ...]
    tracks: int
    group_accuracy: float
    placed_right: float
    role_tracks: int
    role_accuracy: float
    calibration_error: float
    columns: tuple[str, ...]
    confusion: tuple[Confusion, ...]
    mistakes: tuple[str, ...] = ()


def measured_text(found: Measured) -> str:
    """What was measured, in words and as the table of what was heard as what."""
    table = [
        f"| what it is | {' | '.join(found.columns)} |",
        f"|---|{'---|' * len(found.columns)}",
        *(f"| {one.row} | {' | '.join(str(count or '') for count in one.counts)} |" for one in found.confusion),
    ]
    mistakes = [f"- {mistake}" for mistake in found.mistakes]
    return "\n".join(
        [
            f"{found.tracks} raw tracks of the songs {', '.join(found.songs)}, from none of which it learned, by sound "
            f"alone: the group is right for {found.group_accuracy:.1%}; where it is, and the track's name tells a role "
            f"that can be heard ({found.role_tracks} tracks), the role for {found.role_accuracy:.1%}. The expected "
            f"calibration error of the groups' probabilities is {found.calibration_error:.3f}. Were the files called "
            f"`Audio 01.wav` and so on, {found.placed_right:.1%} of them would be mixed in the same group as now.",
            "",
            *table,
            *(["", "What it took for something else:", "", *mistakes] if mistakes else []),
        ]
    )


def render_recogniser_card(config: RecogniserConfig, metrics: Mapping[str, Any]) -> str:
    """The card, as Markdown with the Hub's metadata.

    Raises:
        WavemixError: If the metrics are not of this form.
    """
    where = f"{METRICS}: `measured`"
    measured = build(Measured, metrics["measured"], where) if "measured" in metrics else None
    licence = str(metrics.get("licence", "other"))
    metadata: dict[str, Any] = {"license": licence}
    if licence == "other":
        metadata["license_name"] = "licences-of-the-training-songs"
    metadata |= {
        "library_name": "wavemix",
        "pipeline_tag": "audio-classification",
        "tags": ["audio", "music", "multitrack", "instrument-recognition"],
    }
    return TEMPLATE.format(
        metadata=dump_yaml(metadata),
        classes=len(config.classes),
        names=", ".join(config.classes),
        levels=len(config.widths),
        widths=", ".join(map(str, config.widths)),
        parameters=sum(parameter.numel() for parameter in config.build().parameters()),
        temperature=config.temperature,
        sha256=config.sha256,
        repository=REPOSITORY,
        measured=measured_text(measured) if measured else "It has not been measured yet.",
        learned="\n".join((*_learned(metrics.get("learned", [])), *_songs(metrics.get("songs", {}))))
        or "Not recorded.",
    )


def _learned(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"- {row['what']} ({row['sounds']} sounds): {row['licence']}" for row in rows]


def _songs(songs: Mapping[str, Sequence[str]]) -> list[str]:
    """The songs by name, and those that only told how sure to be."""
    told = (("The songs", "train"), ("Songs held out, which told how sure it may be", "held_out"))
    return [f"- {what}: {', '.join(songs[which])}" for what, which in told if songs.get(which)]


def write_recogniser_metrics(folder: Path, metrics: Mapping[str, Any]) -> None:
    """Write `metrics.json` and the card that tells of it, both or none.

    Raises:
        WavemixError: If the config cannot be read, or the folder not be written.
    """
    config = read_recogniser_config(folder / CONFIG)
    text = dump_json(metrics)
    with staged_folder(folder) as stage:
        (stage / METRICS).write_text(text, encoding="utf-8")
        (stage / CARD).write_text(render_recogniser_card(config, json.loads(text)), encoding="utf-8")


def rewrite_recogniser_card(folder: Path) -> None:
    """Write the recogniser's card again, from what lies beside it.

    Raises:
        WavemixError: As `write_recogniser_metrics`.
    """
    write_recogniser_metrics(folder, read_metrics(folder))
