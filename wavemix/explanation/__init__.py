"""What the networks did to each track, in an engineer's words: faders, pans, and how near they come."""

from wavemix.explanation.explanation import BusStrip, Explanation, TrackStrip

__all__ = ["BusStrip", "Explanation", "TrackStrip"]
