"""What a material is made of, and under which licences, for the card of what learns from it."""

from collections import Counter
from typing import Any

from wavemix.ear_training.cache import Cache

MADE = {
    "soundfont": ("General MIDI soundfonts by fluidsynth", "MIT and GPL-2.0 (MuseScore General, FluidR3, TimGM6mb)"),
    "kit": ("a drum kit before its microphones (MuldjordKit)", "CC-BY 4.0"),
    "guitar": ("recorded guitars (bigcat)", "CC0"),
    "one-shots": (
        "one-shots of drum kits, basses and machines by their names",
        "their packages': CC0, CC-BY-SA, GPL-2.0",
    ),
    "voice": ("a synthesised singer", "this project's"),
    "synthesiser": ("a synthesiser with patches drawn by chance", "this project's"),
    "songs": (
        "raw tracks of songs, as they are and faster or slower",
        "each song's; some are CC-BY-NC-SA, so the weights are too",
    ),
    "rendered": ("tracks of songs that `wavemix render` made", "BSD-3 and GPL-2.0 compositions"),
}
"""By the kind of a sound."""


def learned_from(cache: Cache) -> dict[str, Any]:
    """What `metrics.json` says of a material."""
    counts = Counter(row.kind for row in cache.rows if not row.held_out)
    rows = [
        {"what": what, "sounds": counts[kind], "licence": licence}
        for kind, (what, licence) in MADE.items()
        if counts[kind]
    ]
    songs = sorted({row.name.split(":")[0] for row in cache.rows if row.kind == "songs" and not row.held_out})
    held_out = sorted({row.name.split(":")[0] for row in cache.rows if row.kind == "songs" and row.held_out})
    return {"learned": rows, "songs": {"train": songs, "held_out": held_out}}
