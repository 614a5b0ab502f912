"""The whole system: a session in, four stems and a mix out."""

from wavemix.pipeline.automix import AutoMix, Mixdown
from wavemix.pipeline.balance import Balance
from wavemix.pipeline.delivery import Delivery
from wavemix.pipeline.progress import Progress

__all__ = ["AutoMix", "Balance", "Delivery", "Mixdown", "Progress"]
