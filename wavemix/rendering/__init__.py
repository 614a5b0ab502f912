"""Songs to train on, made of MIDI compositions, samples and rules: raw tracks, and how an engineer would mix them."""
