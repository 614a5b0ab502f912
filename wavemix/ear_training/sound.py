"""A sound to learn from, and what it is."""

from dataclasses import dataclass

from wavemix.rendering.sounds import Samples


@dataclass(frozen=True)
class Sound:
    """A labelled sound.

    Attributes:
        samples: Mono at 44.1 kHz, `(samples,)`.
        group: `drums`, `bass`, `vocals` or `other`.
        role: One of the group's roles; empty where it is not known.
        kind: What made it: `songs`, `rendered`, `soundfont`, `kits`, `kit`, `guitar`, `sampler`, `one-shots`,
            `grains`, `voice` or `synthesiser`. Kinds are drawn equally often, so that many cheap sounds do not drown
            a few dear ones.
        name: What it is, for a person.
        held_out: Whether nothing is learned from it: it tells when to stop, and how sure to be.
    """

    samples: Samples
    group: str
    role: str
    kind: str
    name: str
    held_out: bool = False
