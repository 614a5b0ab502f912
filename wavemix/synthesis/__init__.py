"""Sounds by rule: signal processors, and a voice that sings syllables."""
