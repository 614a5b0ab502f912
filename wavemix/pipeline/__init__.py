"""The whole system: a session or arrays in, four stems and a mix out."""

from wavemix.backends.engine import Engine
from wavemix.pipeline.arrays import ArrayMixdown
from wavemix.pipeline.automix import AutoMix, Mixdown
from wavemix.pipeline.delivery import Delivery
from wavemix.system.balance import Balance
from wavemix.system.progress import Progress
from wavemix.takes.care import Care

__all__ = ["ArrayMixdown", "AutoMix", "Balance", "Care", "Delivery", "Engine", "Mixdown", "Progress"]
