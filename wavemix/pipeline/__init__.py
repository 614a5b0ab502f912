"""The whole system: a session in, four stems and a mix out."""

from wavemix.pipeline.automix import AutoMix, Mixdown
from wavemix.pipeline.delivery import Delivery
from wavemix.pipeline.progress import Progress

__all__ = ["AutoMix", "Delivery", "Mixdown", "Progress"]
