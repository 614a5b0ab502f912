"""The registry of models, their published weights, and networks built from them."""

from wavemix.zoo.config import ModelConfig, Status
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import MODELS, ModelEntry
from wavemix.zoo.weights import load, save

__all__ = ["MODELS", "Mixer", "ModelConfig", "ModelEntry", "Status", "load", "save"]
