"""The Wave-U-Net: context arithmetic, the network, its initialisation and its faster inference form."""

from wavemix.waveunet.initialise import static_mix_, sum_gains, sum_of_inputs_
from wavemix.waveunet.lengths import (
    context,
    hop,
    input_length,
    output_length,
)
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.polyphase import PolyphaseWaveUNet

__all__ = [
    "PolyphaseWaveUNet",
    "WaveUNet",
    "context",
    "hop",
    "input_length",
    "output_length",
    "static_mix_",
    "sum_gains",
    "sum_of_inputs_",
]
