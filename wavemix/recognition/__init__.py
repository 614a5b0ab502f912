"""Recognition by sound: what a raw track is, from its audio alone."""
