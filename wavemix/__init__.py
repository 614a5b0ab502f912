"""wavemix: raw multitrack recordings to four stems and a stereo mix.

Names are imported when they are first used, so that the command line answers before torch is loaded.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from wavemix.version import __version__

if TYPE_CHECKING:
    from wavemix.backends.engine import Engine as Engine
    from wavemix.errors import WavemixError as WavemixError
    from wavemix.explanation.explanation import Explanation as Explanation
    from wavemix.pipeline.afterwards import explain_mix as explain_mix
    from wavemix.pipeline.automix import AutoMix as AutoMix
    from wavemix.pipeline.delivery import Delivery as Delivery
    from wavemix.recognition.recogniser import Recogniser as Recogniser
    from wavemix.session.session import Session as Session
    from wavemix.system.balance import Balance as Balance
    from wavemix.takes.care import Care as Care
    from wavemix.waveunet.network import WaveUNet as WaveUNet
    from wavemix.zoo.ears import open_session as open_session
    from wavemix.zoo.mixer import Mixer as Mixer
    from wavemix.zoo.recogniser import load as load

_HOMES = {
    "AutoMix": "wavemix.pipeline.automix",
    "Balance": "wavemix.system.balance",
    "Care": "wavemix.takes.care",
    "Delivery": "wavemix.pipeline.delivery",
    "Engine": "wavemix.backends.engine",
    "Explanation": "wavemix.explanation.explanation",
    "Mixer": "wavemix.zoo.mixer",
    "Recogniser": "wavemix.recognition.recogniser",
    "Session": "wavemix.session.session",
    "WaveUNet": "wavemix.waveunet.network",
    "WavemixError": "wavemix.errors",
    "explain_mix": "wavemix.pipeline.afterwards",
    "load": "wavemix.zoo.recogniser",
    "open_session": "wavemix.zoo.ears",
}

__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'wavemix' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
