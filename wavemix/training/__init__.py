"""Training the five models: recipes, the run itself, what it keeps and logs, and the weights that come out."""
