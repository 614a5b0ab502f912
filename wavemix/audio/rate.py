"""The sample rate of all that is made here: the models, the songs that they learn from, and the demo session."""

SAMPLE_RATE = 44_100
"""Hz."""
