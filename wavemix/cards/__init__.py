"""Model cards: what is known of a checkpoint, as people and the Hub read it."""
