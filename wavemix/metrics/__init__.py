"""What a mix measures: levels, descriptors, distances to a reference, self-similarity, the excerpt to compare."""
