"""The paper's section 4: mixes of a song measured beside each other, and models beside what they must beat."""
