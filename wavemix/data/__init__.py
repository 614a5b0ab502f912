"""Songs to train on: their layouts, preparation, splits, cache and crops."""
