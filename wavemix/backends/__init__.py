"""Backends that compute a network: each makes a function of it, from a window of tracks to their mix."""

from wavemix.backends.backend import BACKENDS, TORCH, Backend, Window
from wavemix.backends.engine import Engine

__all__ = ["BACKENDS", "TORCH", "Backend", "Engine", "Window"]
