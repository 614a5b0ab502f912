"""A subtractive synthesiser with patches drawn by chance: basses, leads, pads, drum machines and effects."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.random import Generator
from scipy.signal import butter, sosfilt

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.ear_training.phrases import SAMPLES, SECONDS, Phrases, low, pick, sometimes_staccato, transposed
from wavemix.ear_training.sound import Sound
from wavemix.rendering.channel import Note
from wavemix.synthesis.signals import Signal, add_at, decay, pitch_hz, saw, time_seconds


def play_synthesiser(phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """Every kind of patch, so many times each."""
    rng = np.random.default_rng(seed)
    for take in range(takes):
        for (group, role), play in PATCHES.items():
            track = play(phrases, rng)
            peak = max(float(np.abs(track).max()), 1e-6)
            samples = np.asarray(track / peak, np.float32)
            yield Sound(samples, group, role, "synthesiser", f"synthesiser: {role}", take % 10 == 9)


def _tonal(group: str, notes: Sequence[Note], rng: Generator) -> Signal:
    """Oscillators through a low-pass whose cutoff falls with every note, and an envelope."""
    waves = [pick(("saw", "square", "sine", "triangle", "fm"), rng) for _ in range(int(rng.integers(1, 4)))]
    cutoff = float(np.exp(rng.uniform(np.log(120 if group == "bass" else 400), np.log(9000))))
    sweep, attack = float(rng.uniform(0, 3)), float(np.exp(rng.uniform(np.log(0.002), np.log(0.3))))
    release, ring = float(np.exp(rng.uniform(np.log(0.02), np.log(1.0)))), float(np.exp(rng.uniform(-2.5, 2)))
    if group == "bass":
        attack = min(attack, 0.02)
    cents = rng.uniform(-15, 15, len(waves))
    track = np.zeros(SAMPLES)
    for note in notes:
        samples = round((note.seconds + 4 * release) * SAMPLE_RATE)
        now = time_seconds(samples)
        pitches = [pitch_hz(note.pitch + by / 100) for by in cents]
        tone = np.sum([_wave(kind, hz, now, rng) for kind, hz in zip(waves, pitches, strict=True)], axis=0)
        envelope = np.minimum(1, now / attack) * np.exp(-now / ring)
        envelope *= np.exp(-np.maximum(0, now - note.seconds) / release)
        bright = _lowpass(tone, min(18_000, cutoff * 2**sweep))
        swept = np.exp(-now / 0.2)
        sound = (bright * swept + _lowpass(tone, cutoff) * (1 - swept)) * envelope
        add_at(track, sound * note.velocity / 127, note.start_seconds)
    return track


def _wave(kind: str, hz: float, now: Signal, rng: Generator) -> Signal:
    phase = 2 * np.pi * (hz * now + rng.random())
    if kind == "saw":
        return saw(hz, len(now), float(rng.random()))
    if kind == "square":
        return (saw(hz, len(now), 0.0) - saw(hz, len(now), float(rng.uniform(0.2, 0.5)))) * 0.7
    if kind == "triangle":
        return np.asarray(np.arcsin(np.sin(phase)) * (2 / np.pi))
    if kind == "fm":
        ratio, index = float(pick((0.5, 1, 1.41, 2, 3, 7), rng)), float(rng.uniform(0.5, 4))
        return np.asarray(np.sin(phase + index * np.exp(-now / 0.5) * np.sin(ratio * phase)))
    return np.asarray(np.sin(phase))


def _lowpass(sound: Signal, hz: float) -> Signal:
    return np.asarray(sosfilt(butter(2, hz, fs=SAMPLE_RATE, output="sos"), sound))


def _band(sound: Signal, low_hz: float, high_hz: float) -> Signal:
    return np.asarray(sosfilt(butter(2, (low_hz, high_hz), "bandpass", fs=SAMPLE_RATE, output="sos"), sound))


def _bass(phrases: Phrases, rng: Generator) -> Signal:
    notes = low(pick(phrases.bass, rng), int(rng.integers(-5, 6)))
    return _driven(_tonal("bass", sometimes_staccato(notes, 0.5, (0.04, 0.2), rng), rng), rng)


def _sub(phrases: Phrases, rng: Generator) -> Signal:
    notes = transposed(pick(phrases.bass, rng), int(rng.integers(-5, 6)), 24, 42)
    track = np.zeros(SAMPLES)
    drop, ring = float(rng.uniform(0, 3)), float(rng.uniform(0.2, 2))
    for note in notes:
        now = time_seconds(round((note.seconds + 0.2) * SAMPLE_RATE))
        hz = pitch_hz(note.pitch) * (1 + drop * np.exp(-now / 0.02))
        fade = np.exp(-np.maximum(0, now - note.seconds) / 0.03) * np.minimum(1, now / 0.004)
        add_at(track, np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE) * np.exp(-now / ring) * fade, note.start_seconds)
    return _driven(track, rng, 0.5)


def _synth(phrases: Phrases, rng: Generator) -> Signal:
    notes = transposed(pick(phrases.others, rng)[1], int(rng.integers(-5, 6)), 40, 96)
    track = _tonal("other", notes, rng)
    if rng.random() < 0.5:  # an echo
        delay = round(float(rng.uniform(0.1, 0.45)) * SAMPLE_RATE)
        track[delay:] += 0.5 * track[:-delay]
    return _driven(track, rng, 0.3)


def _driven(track: Signal, rng: Generator, chance: float = 0.4) -> Signal:
    if rng.random() >= chance:
        return track
    peak = max(float(np.abs(track).max()), 1e-6)
    return np.tanh(track / peak * float(np.exp(rng.uniform(0, 3))))


def _machine(stroke: Callable[[Generator], Signal]) -> Callable[[Phrases, Generator], Signal]:
    """A drum machine's voice: one stroke, the same every time but for its force."""

    def play(phrases: Phrases, rng: Generator) -> Signal:
        notes, track = pick(phrases.drums, rng), np.zeros(SAMPLES)
        pitch = pick(notes, rng).pitch
        sound = stroke(rng)
        for note in notes:
            if note.pitch == pitch:
                add_at(track, sound * note.velocity / 127, note.start_seconds)
        return _driven(track, rng, 0.3)

    return play


def _kick(rng: Generator) -> Signal:
    samples = round(float(rng.uniform(0.15, 0.9)) * SAMPLE_RATE)
    now = time_seconds(samples)
    base, drop = float(rng.uniform(38, 75)), float(rng.uniform(1, 9))
    hz = base * (1 + drop * np.exp(-now / float(rng.uniform(0.008, 0.05))))
    body = np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE) * decay(samples, float(rng.uniform(0.05, 0.35)))
    click = rng.standard_normal(samples) * decay(samples, 0.003) * float(rng.uniform(0, 0.5))
    return np.asarray((body + click) * np.minimum(1, (samples - np.arange(samples)) / 400))


def _snare(rng: Generator) -> Signal:
    samples = round(0.5 * SAMPLE_RATE)
    now = time_seconds(samples)
    noise = _band(rng.standard_normal(samples), float(rng.uniform(300, 2000)), float(rng.uniform(5000, 16_000)))
    tone = np.sin(2 * np.pi * float(rng.uniform(140, 330)) * now) * decay(samples, float(rng.uniform(0.02, 0.12)))
    sound = noise * decay(samples, float(rng.uniform(0.03, 0.18))) + tone * float(rng.uniform(0, 1.5))
    if rng.random() < 0.3:  # a clap on top
        clap = _clap(rng)
        sound[: len(clap)] += clap * float(rng.uniform(0.3, 1.5))
    return np.asarray(sound)


def _hihat(rng: Generator) -> Signal:
    samples = round(0.6 * SAMPLE_RATE)
    metal = sum(np.sign(np.sin(2 * np.pi * hz * time_seconds(samples))) for hz in rng.uniform(300, 900, 6))
    noise = rng.standard_normal(samples) * float(rng.uniform(0.3, 3)) + metal
    high = _band(noise, float(rng.uniform(4500, 9000)), 18_000)
    return np.asarray(high * decay(samples, float(np.exp(rng.uniform(np.log(0.01), np.log(0.25))))))


def _cymbal(rng: Generator) -> Signal:
    samples = round(2.5 * SAMPLE_RATE)
    metal = sum(np.sin(2 * np.pi * hz * time_seconds(samples)) for hz in rng.uniform(400, 9000, 30))
    noise = _band(rng.standard_normal(samples) * 3 + metal, float(rng.uniform(1500, 5000)), 17_000)
    return np.asarray(noise * decay(samples, float(rng.uniform(0.3, 1.2))))


def _tom(rng: Generator) -> Signal:
    samples = round(0.7 * SAMPLE_RATE)
    now = time_seconds(samples)
    hz = float(rng.uniform(80, 220)) * (1 + float(rng.uniform(0.2, 1)) * np.exp(-now / 0.05))
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE) * decay(samples, float(rng.uniform(0.1, 0.3))))


def _clap(rng: Generator) -> Signal:
    samples = round(0.4 * SAMPLE_RATE)
    centre, sound = float(rng.uniform(800, 2500)), np.zeros(samples)
    for start in np.cumsum(rng.uniform(0.006, 0.014, int(rng.integers(2, 5)))):
        add_at(sound, rng.standard_normal(samples) * decay(samples, 0.006), float(start))
    sound += rng.standard_normal(samples) * decay(samples, float(rng.uniform(0.04, 0.12))) * 0.5
    return _band(sound, centre * 0.6, centre * 1.8)


def _effect(phrases: Phrases, rng: Generator) -> Signal:
    """Risers, falls, drones, bursts and hisses, one or two of them."""
    now = time_seconds(SAMPLES)
    kind = int(rng.integers(4))
    if kind == 0:  # a sweep of noise or tone, up or down
        seconds = float(rng.uniform(1.5, 8))
        shape = np.clip(now / seconds, 0, 1)
        octaves = 6 * (shape if rng.random() < 0.6 else 1 - shape)
        sweep = np.cumsum(60 * 2**octaves) / SAMPLE_RATE
        tone = (
            np.sin(2 * np.pi * sweep)
            if rng.random() < 0.4
            else rng.standard_normal(SAMPLES) * np.sin(2 * np.pi * sweep)
        )
        return np.asarray(tone * shape * (now < seconds))
    if kind == 1:  # a drone
        tones = sum(
            np.sin(2 * np.pi * hz * now + 3 * np.sin(2 * np.pi * float(rng.uniform(0.05, 1)) * now))
            for hz in np.exp(rng.uniform(np.log(40), np.log(2000), 8))
        )
        return _driven(np.asarray(tones) * (1 + 0.5 * np.sin(2 * np.pi * float(rng.uniform(0.1, 6)) * now)), rng)
    if kind == 2:  # bursts of a game's sounds
        track = np.zeros(SAMPLES)
        for start in np.sort(rng.uniform(0, SECONDS, int(rng.integers(4, 24)))):
            samples = round(float(rng.uniform(0.04, 0.7)) * SAMPLE_RATE)
            hz = float(np.exp(rng.uniform(np.log(100), np.log(3000)))) * 2 ** (
                float(rng.uniform(-4, 4)) * np.linspace(0, 1, samples)
            )
            phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE
            wave = np.sign(np.sin(phase)) if rng.random() < 0.5 else rng.standard_normal(samples) * np.sin(phase)
            add_at(track, wave * np.linspace(1, 0, samples), float(start))
        return track
    noise = _band(rng.standard_normal(SAMPLES), float(rng.uniform(60, 1500)), float(rng.uniform(2000, 16_000)))
    return np.asarray(noise * (1 + float(rng.uniform(0, 1)) * np.sin(2 * np.pi * float(rng.uniform(0.05, 3)) * now)))


PATCHES: dict[tuple[str, str], Callable[[Phrases, Generator], Signal]] = {
    ("bass", "synth"): _bass,
    ("bass", "sub"): _sub,
    ("other", "synth"): _synth,
    ("other", "effects"): _effect,
    ("drums", "kick"): _machine(_kick),
    ("drums", "snare"): _machine(_snare),
    ("drums", "hihat"): _machine(_hihat),
    ("drums", "cymbals"): _machine(_cymbal),
    ("drums", "toms"): _machine(_tom),
    ("drums", "percussion"): _machine(_clap),
}
