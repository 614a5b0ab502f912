"""`wavemix app`: mixing in a browser, on this machine.

A thin feeder: whatever it does is done by the session, the pipeline and the meters, with their errors as sentences.
"""

from wavemix.app.limits import Limits
from wavemix.app.server import serve

__all__ = ["Limits", "serve"]
