"""wavemix: raw multitrack recordings to four stems and a stereo mix."""

__version__ = "0.1.0"
