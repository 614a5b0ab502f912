"""Signal measures that stream: loudness, loudness range, true peak."""
