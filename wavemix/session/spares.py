"""Guides, muted, old and discarded takes: mixed only where nothing better has their role."""

from collections.abc import Sequence
from dataclasses import replace

from wavemix.session.context import place_together
from wavemix.session.hearing import Ear, by_sound
from wavemix.session.parts import Part
from wavemix.session.purposes import bare_name, spare_take, without_spare
from wavemix.session.session import Ignored, Track


def choose_takes(
    parts: Sequence[Part], to_use: str, ear: Ear | None = None
) -> tuple[list[Track], list[Ignored], list[str]]:
    """Place the parts of a song; returns its tracks, the takes that are left out, and what a person should look at.

    Args:
        parts: What is to be mixed.
        to_use: What a person does to mix what is left out.
        ear: Who listens to what names do not tell; None for nobody.
    """
    names = [bare_name(part.name) for part in parts]
    words = [spare_take(part.name, frozenset(names[:at] + names[at + 1 :])) for at, part in enumerate(parts)]
    paths = [without_spare(part.name) if word else part.name for part, word in zip(parts, words, strict=True)]
    placements = by_sound(place_together(paths), [(part.found.info, part.channel) for part in parts], ear)
    tracks = [part.track(placement) for part, placement in zip(parts, placements, strict=True)]
    best: dict[tuple[str, str] | None, Track] = {}
    for track, word in zip(tracks, words, strict=True):
        if not word:
            best.setdefault((track.group, track.role), track)
            best.setdefault(None, track)
    chosen, spare, warnings = [], [], []
    for part, track, word in zip(parts, tracks, words, strict=True):
        better = best.get((track.group, track.role) if track.recognised else None)
        if not word:
            chosen.append(track)
        elif better:
            files = [found.file for found in (part.found, part.right) if found]
            reason = f"a spare take by its name ({word!r}), and {better.label} is there; {to_use}"
            spare += [Ignored(file, reason) for file in files]
        else:
            chosen.append(
                replace(track, reason=f"{track.reason}; a spare take ({word!r}), but nothing better is there")
            )
            warnings.append(f"{track.label}: a spare take by its name ({word!r}), mixed as nothing better is there")
    return chosen, spare, warnings
