"""What a material is made of, and under which licences, for the card of what learns from it."""

from collections import Counter
from typing import Any

from wavemix.ear_training.cache import Cache

MADE = {
    "soundfont": ("General MIDI soundfonts by fluidsynth", "MIT and GPL-2.0 (MuseScore General, FluidR3, TimGM6mb)"),
    "kit": ("a drum kit before its microphones (MuldjordKit)", "CC-BY 4.0"),
    "kits": (
        "kits of soundfonts and of one-shots before microphones that hear the whole kit",
        "those of the soundfonts and the kits",
    ),
    "guitar": ("recorded guitars (bigcat)", "CC0"),
    "sampler": ("instruments of which every note was recorded (tonejs-instruments)", "CC-BY 3.0"),
    "grains": ("instruments of the soundfonts in grains, with echoes", "those of the soundfonts"),
    "one-shots": (
        "one-shots, loops and syllables by their names: drum kits and an acoustic guitar's strums for Hydrogen, Sonic "
        "Pi's samples, KLettres' speakers, the recorded bass of the ingredients (bigcat)",
        "their packages': CC0, CC-BY, CC-BY-SA, GPL-2.0 and free for any use",
    ),
    "voice": ("a synthesised singer", "this project's"),
    "synthesiser": ("a synthesiser with patches drawn by chance", "this project's"),
    "songs": (
        "raw tracks of songs, as they are and faster or slower",
        "each song's; some are CC-BY-NC-SA, so the weights are too; fof_* are the guitars of songs for Frets on Fire "
        "by Muldjord (El Senator, CC-BY-SA 3.0) and Sectoid (Carlos Viola Iborra, MIT)",
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
