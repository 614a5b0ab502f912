"""Songs in memory on the road: their stems, and the mix of stems that are there already."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from wavemix.session.groups import GROUPS, MIX
from wavemix.session.sources import Source, song_samples
from wavemix.system.feeds import feed_of_sources
from wavemix.system.road import Layer, Road
from wavemix.system.stages import MemoryStage
from wavemix.zoo.mixer import Mixer

Samples = NDArray[np.float32]
"""`(2, samples)` at the models' rate."""


def stems_of(models: Mapping[str, Mixer], sources: Sequence[Source]) -> dict[str, Samples]:
    """What the stem models make of a song's tracks; none of groups without a sound.

    Args:
        models: The stem models by group.
        sources: The tracks, checked.

    Raises:
        WavemixError: If a model gives no numbers.
    """
    road = Road(models, song_samples(sources, next(iter(models.values())).sample_rate))
    stems = {}
    for group, feed in feed_of_sources(sources, models).items():
        road.stem(group, feed, stage := MemoryStage())
        stems[group] = road.total([Layer(stage, 1.0)])[0].numpy()
    return stems


def mix_of(model: Mixer, stems: Mapping[str, Samples]) -> Samples:
    """What the mix model makes of stems, one or more.

    Raises:
        WavemixError: If it gives no numbers.
    """
    road = Road({MIX: model}, max(stem.shape[1] for stem in stems.values()))
    stages = {group: MemoryStage() for group in GROUPS}
    for group, stem in stems.items():
        stages[group].append(torch.from_numpy(stem)[None])
    road.mix(stages, road.stem_gains(stages), mix := MemoryStage())
    mixed: Samples = road.total([Layer(mix, 1.0)])[0].numpy()
    return mixed
