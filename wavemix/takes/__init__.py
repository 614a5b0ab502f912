"""Tracks before they are mixed: brought to one time, and cleaned between their phrases."""
