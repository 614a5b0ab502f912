"""Small files that people and programs write: read with bounds, and every value checked before it is used."""
