"""Models, and the app as a Space, to the Hugging Face Hub."""

from wavemix.publishing.package import Package, pack
from wavemix.publishing.publish import Options, Publication, publish

__all__ = ["Options", "Package", "Publication", "pack", "publish"]
