"""Engines that compute a network: each makes a function of it, from a window of tracks to their mix."""

from wavemix.backends.backend import BACKENDS, TORCH, Backend, Window, find_backend

__all__ = ["BACKENDS", "TORCH", "Backend", "Window", "find_backend"]
