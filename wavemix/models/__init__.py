"""The five models as LightningModules, ready to train."""

from wavemix.models.base import MixingModule
from wavemix.models.five import MODULES, BassModule, DrumsModule, MixModule, OtherModule, VocalsModule

__all__ = [
    "MODULES",
    "BassModule",
    "DrumsModule",
    "MixModule",
    "MixingModule",
    "OtherModule",
    "VocalsModule",
]
