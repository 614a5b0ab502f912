"""The house engineer: rules that mix a session, and that the networks learn from.

It is a function of what the networks read, the slots of a group or the four stems, and of nothing else: no chance, no
knowledge of the song. No sample depends on what lies further away than a network's context.
"""

from wavemix.engineer.engineer import mix_of, stem_of

__all__ = ["mix_of", "stem_of"]
