"""Multitrack MIDI to recorded sessions: players, microphones and a virtual engineer."""
