"""The registry of models, their published weights, and networks built from them."""

from wavemix.zoo.config import ModelConfig, Status
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import FAMILIES, MODELS, TASKS, Family, ModelEntry, Task
from wavemix.zoo.weights import load, save

__all__ = [
    "FAMILIES",
    "MODELS",
    "TASKS",
    "Family",
    "Mixer",
    "ModelConfig",
    "ModelEntry",
    "Status",
    "Task",
    "load",
    "save",
]
