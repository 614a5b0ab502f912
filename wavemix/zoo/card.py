"""The model card: the README of a model's folder and of its Hub repository."""

from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import MODELS

PAPER = (
    "D. Koszewski, T. Görne, G. Korvel, B. Kostek: Automatic music signal mixing system based on "
    "one-dimensional Wave-U-Net autoencoders. EURASIP Journal on Audio, Speech, and Music Processing, 2023:1, "
    "doi:10.1186/s13636-022-00266-3."
)

TEMPLATE = """\
---
license: apache-2.0
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

## Limits

{limits}

## Citation

{paper}
"""

STATUS_TEXTS = {
    "untrained: plain sum": (
        "These weights hold the sum initialisation: every input reaches {target} at unity gain, and nothing else "
        "happens. The hidden layers are random and not yet heard. No data was used."
    ),
    "trained": "See the tables below.",
}

UNTRAINED_LIMITS = (
    "A plain sum is no mix: nothing is balanced, panned or processed. It is the baseline that trained weights "
    "must pass, and where training starts."
)


def render_card(config: ModelConfig) -> str:
    """The card of a checkpoint, as Markdown with the Hub's metadata."""
    entry = MODELS[config.model]
    target = "both output channels" if entry.input_channels == 1 else "the output channel of its own side"
    return TEMPLATE.format(
        name=config.model,
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
        limits=UNTRAINED_LIMITS,
        paper=PAPER,
    )
