"""Listening tests: a blind web page out, its ratings and their statistics in."""
