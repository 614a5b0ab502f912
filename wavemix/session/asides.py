"""The words that say what a file is for, and not what plays in it, as data. `wavemix.session.remarks` does the reading.

Phrases are lower-case words without accents, separated by commas. Plurals need no entry of their own.
"""

# A finished mix, where nothing but the song's name stands beside the word, or the file is stereo and of full length.
MIX_ALONE = (
    "bounce, bounced, final, ref, print, printed, 2 track, two track, 2 bus, two bus, lr, stereo output, output, "
    "export, exported, minus one, tv track, tv"
)

# The same, but with a number such names are a program's for its tracks of software instruments: `Inst 1`.
MIX_UNNUMBERED = "inst, instr"

# What is recorded to play along with, to talk or to synchronise, and is no part of the music.
NO_INSTRUMENT = (
    "click, clicktrack, metronome, metronom, metronomo, klick, claqueta, count in, countin, count off, countoff, "
    "talkback, talk back, smpte, ltc, timecode, time code, tempo map, tempo track, sync track, sync tone, pilot tone, "
    "test tone, two pop, 2 pop"
)

# The same, where nothing else stands beside it.
NO_INSTRUMENT_ALONE = "clk, metro, count, cue, tb, slate, tempo, sync"

# Takes that somebody meant to replace, or did.
SPARE = (
    "guide, guia, scratch, pilot, muted, mute, old, unused, not used, do not use, don t use, dont use, dnu, temp, tmp, "
    "placeholder, delete, deleted, to delete, discarded, outtake, obsolete"
)

# Of these: before an instrument it may tell its kind, as in `Old Piano`.
SPARE_BEHIND = "old"

# Of these: alone they are something else; a scratch is an effect, `Scratch Vox` a spare take.
SPARE_NAMED = "scratch, pilot, temp, tmp"

# Of these: beside an instrument that is played with a mute or the palm they say how it was played.
SPARE_APART = "muted, mute"

IN_NAMES = (MIX_ALONE, MIX_UNNUMBERED, NO_INSTRUMENT, NO_INSTRUMENT_ALONE, SPARE)
"""What is also run together with other words: `guidevox`."""

# Folders of what was made of the tracks, and of the tracks themselves; maybe with the song's name before.
DERIVED = (
    "stem, bounce, bounced, bounced file, render, rendered, rendered file, fade, fade file, freeze, freeze file, "
    "frozen, frozen file, undo data"
)
RAW = "raw, raw track, track, multitrack, multi track, audio, audio file, recorded"

# Words for a song, by which folders are numbered.
SONGS = "song, track, take, tune"
