"""The words that sessions call their tracks by, as data. `wavemix.session.roles` does the reading.

Phrases are lower-case words without accents, separated by commas. Plurals (`snares`), runs (`snaretop`) and the
spellings of `VARIANTS` need no entry of their own.
"""

from dataclasses import dataclass

from wavemix.session.groups import BASS, DRUMS, OTHER, VOCALS


@dataclass(frozen=True)
class Entry:
    """What a set of phrases says of a track.

    Attributes:
        group: Group that the phrases stand for.
        role: Role within the group.
        listing: The phrases, separated by commas.
        covers: Roles that a phrase may also mean. A more exact word for one of them is believed instead:
            `guitar` leaves the role to `acoustic`, wherever in the path that stands.
    """

    group: str
    role: str
    listing: str
    covers: tuple[str, ...] = ()


# How else a word of the phrases is written.
VARIANTS = {
    "and": "& + und et",
    "acoustic": "ac acou acous acst akustik akustische acustica acoustique",
    "bass": "basse bajo",
    "drum": "drm schlagzeug batterie bateria",
    "electric": "el elec electrica electrique elektrische",
    "guitar": "gtr guit gtar gitarre gitarren guitare guitarra",
    "hat": "hh",
    "keys": "keyboard kbd teclado clavier",
    "kick": "kik kck kic kd bd bombo",
    "overhead": "oh ovh ovhd ohd ohl ohr",
    "room": "rm amb ambience ambiance raum",
    "snare": "snr sn sd",
    "synth": "synthesizer syn moog minimoog juno prophet",
    "vocal": "vox voc vx vcl voice gesang stimme stimmen voix voz voces singer rap rapper",
}

# Names of instruments. Where a name has several, the upper entry decides: what stands beside it then tells how it
# was played or recorded (a vox amp for the guitar, a bass clarinet, a synth snare).
NAMES = (
    Entry("drums", "cymbals", "ride bell"),
    Entry(
        "bass",
        "bass",
        "double bass, upright bass, string bass, contrabass, kontrabass, contrebasse, contrabajo",
    ),
    Entry("bass", "bass", "bass guitar, guitar bass", covers=BASS.roles),
    Entry("bass", "synth", "key bass, keys bass, bass keys, organ bass"),
    Entry("vocals", "backing", "beatbox, beatboxing, beat box, vocal perc, vocal percussion"),
    Entry(
        "other",
        "synth",
        "synth vocal, vocal synth, synth choir, choir synth, choir pad, vocal pad, pad vocal",
    ),
    Entry(
        "drums",
        "percussion",
        "perc, percussion, percusion, shaker, shake, shk, tamb, tambo, tambourine, tamborine, pandero, pandereta, "
        "schellenkranz, conga, bongo, cowbell, cow bell, clap, hand clap, palmas, snap, finger snap, stomp, cajon, "
        "timpani, timp, pauken, triangle, woodblock, wood block, timbale, guiro, maraca, cabasa, clave, castanet, "
        "agogo, tabla, djembe, doumbek, darbuka, bodhran, taiko, surdo, pandeiro, cuica, udu, hand drum, frame drum, "
        "vibraslap, rainstick, chime, wind chime, bar chime, mark tree, sleigh bell, jingle bell, gong, washboard, "
        "rattle, shekere, guira, finger click",
    ),
    Entry(
        "other",
        "keys",
        "keys, piano, pno, klavier, flugel, rhodes, wurli, wurly, wurlitzer, e piano, epiano, organ, orgel, orgue, "
        "organo, hammond, b3, clav, clavi, clavinet, harpsichord, cembalo, celesta, mellotron, accordion, akkordeon, "
        "acordeon, harmonium, bandoneon, concertina, marimba, vibes, vibraphone, xylophone, bell, glockenspiel, "
        "glock, mallet, kalimba, steel drum, steel pan, handpan",
    ),
    Entry(
        "other",
        "strings",
        "strings, string section, string quartet, string pad, string ensemble, streicher, cordes, cuerdas, violin, "
        "vln, vn, violon, geige, fiddle, viola, vla, bratsche, cello, celli, vlc, violoncello, violoncelle, "
        "orchestra, orch, orchester, pizz, pizzicato, arco, harp, erhu",
    ),
    Entry(
        "other",
        "winds",
        "horn, brass, winds, woodwind, blaser, cuivres, metales, vientos, trumpet, tpt, trp, trompete, trompette, "
        "trompeta, flugelhorn, cornet, trombone, tbn, posaune, tuba, euphonium, sax, saxophone, saxo, saxofon, flute, "
        "flote, querflote, flauta, piccolo, clarinet, klarinette, clarinette, oboe, bassoon, fagott, recorder, "
        "whistle, harmonica, melodica, bagpipe, didgeridoo",
    ),
    Entry(
        "other",
        "acoustic-guitar",
        "acoustic guitar, a guitar, acc guitar, agtr, nylon, classical guitar, spanish guitar, string guitar, "
        "12 string guitar, guitar 12 string, ukulele, uke, mandolin, mandoline, mando, banjo, dobro, bouzouki, oud, "
        "charango, sitar, dulcimer",
    ),
    Entry(
        "other",
        "electric-guitar",
        "electric guitar, e guitar, egtr, strat, stratocaster, tele, telecaster, les paul, lap steel, pedal steel, "
        "steel guitar, slide guitar",
    ),
    Entry("other", "electric-guitar", "guitar", covers=("acoustic-guitar",)),
    Entry(
        "vocals",
        "backing",
        "bgv, bv, bkv, bvox, bkgv, choir, chor, choeur, chœur, coro, coros, gang, gang vocal, chant, ooh, oooh, aah, "
        "aaah, ahh, ahhh, ohhh, adlib, ad lib, adl",
    ),
    Entry("vocals", "lead", "lv, ldv, lvox"),
    Entry(
        "vocals", "lead", "vocal, vocalist, topline, voiceover, spoken, speaker, acapella, vocoder", covers=VOCALS.roles
    ),
    Entry("drums", "room", "kick room, snare room, tom room"),
    Entry("drums", "overhead", "overhead hat, overhead hihat, overhead ride, overhead snare, overhead floor"),
    Entry("drums", "kick", "kick, bass drum, sub kick, grosse caisse"),
    Entry(
        "drums",
        "snare",
        "snare, rim, rimshot, side stick, cross stick, x stick, caisse claire, caja, redoblante",
    ),
    Entry("drums", "hihat", "hat, hihat, hi hat, high hat, h hat, ohh, chh, charley, charleston"),
    Entry("drums", "toms", "tom, tomtom, roto tom"),
    Entry("drums", "cymbals", "ride, crash, cymbal, cym, cymb, china, splash, becken, platillo, cymbale"),
    Entry("drums", "overhead", "overhead, over head"),
    Entry("drums", "kit", "drum, kit, brush, brushes, 808 kit, 808 drum, 808 beat", covers=DRUMS.roles),
    Entry("other", "effects", "sub drop, bass drop, sub boom"),
    Entry("bass", "bass", "bass, bassline", covers=BASS.roles),
    Entry("bass", "synth", "reese"),
    Entry(
        "other",
        "synth",
        "synth, pad, arp, arpeggio, arpeggiator, pluck, stab, saw, supersaw, sine, dx7, theremin, stylophone",
    ),
    Entry("other", "misc", "other", covers=OTHER.roles),
)

# Words that tell the role once the group is known, and nothing without it: a lead is a voice among vocals only.
HINTS = (
    Entry(
        "vocals",
        "backing",
        "backing, background, backup, back, bg, bkg, bkgd, bk, harmony, harmonies, harm, group, crowd, choral, oh, "
        "ohh, ah, oo, whoa, soprano, alto, tenor, bass",
    ),
    Entry("vocals", "double", "double, dbl, doubler, doubled, doubling, dub, dt"),
    Entry("vocals", "lead", "lead, ld, main, principal"),
    Entry("drums", "toms", "rack, floor, ft, rt"),
    Entry("drums", "room", "room, far, trash, ambient, hall"),
    Entry("drums", "kick", "808, sub, beater"),
    Entry("bass", "synth", "synth, arp, pad, fm, keys"),
    Entry("bass", "sub", "sub, 808"),
    Entry("bass", "amp", "amp, cab, cabinet, mic, mike, ampeg, svt, sansamp"),
    Entry("bass", "bass", "di, direct"),
    Entry("other", "acoustic-guitar", "acoustic"),
    Entry("other", "electric-guitar", "electric, dist, distorted, overdrive, crunch, rhythm"),
)

# Words that say a little: they name a group where nothing else does. (A hint that can do so is listed again.)
LAST_RESORTS = (
    Entry("vocals", "backing", "harmony, harmonies, harm, backings, whisper, scream, shout, falsetto, laugh, soprano"),
    Entry("vocals", "lead", "speech, narration"),
    Entry("vocals", "double", "double, dbl"),
    Entry("other", "acoustic-guitar", "acoustic, ag"),
    Entry("other", "electric-guitar", "electric, eg, rhythm"),
    Entry("other", "keys", "ep, key, leslie"),
    Entry("other", "strings", "string, quartet"),
    Entry("other", "synth", "fm, seq, sequence, sequencer"),
    Entry("drums", "toms", "rack, floor"),
    Entry("drums", "room", "room"),
    Entry("drums", "kit", "beat, break, breakbeat, fill, loop, groove, 909"),
    Entry("bass", "sub", "sub, 808"),
    Entry("bass", "bass", "upright, fretless, di"),
    Entry(
        "other",
        "effects",
        "fx, sfx, effect, noise, riser, sweep, impact, reverse, rev, atmo, atmos, atmosphere, ambient, swell, whoosh, "
        "uplifter, downlifter, drone, texture, foley, crowd, audience, applause, glitch, scratch, vinyl, reverb, "
        "verb, delay, echo",
    ),
)

# A finished mix, unless an instrument stands beside the word.
MIX = (
    "mix, mixes, mixed, mixdown, mix down, mixture, mixbus, premix, remix, master, mastered, mastering, premaster, "
    "unmastered, stereo bounce, full bounce, final bounce, rough bounce, stereo out, main out, preview, reference, "
    "instrumental, backing track, karaoke, mezcla, mixage, vocal up mix, vocal down mix, mix vocal up, "
    "mix vocal down, mix no vocal, no vocal mix"
)

# Words that say nothing of group or role, but are run together with words that do: `kickin`, `snaretop`, `roughmix`.
QUALIFIERS = (
    "in out inside outside top bottom btm bot up down upper lower under mic close left right mono stereo sample smp "
    "trig trigger dry wet hi high lo low mid front clean rough full final song ac15 ac30"
)


# The word of the phrases that each variant stands for.
SPELLINGS = {variant: word for word, variants in VARIANTS.items() for variant in variants.split()}


def phrases(listing: str) -> list[tuple[str, ...]]:
    """Split a listing into its phrases, each as its words in the spelling that all are compared in."""
    return [tuple(spelling(word) for word in phrase.split()) for phrase in listing.split(",")]


def spelling(word: str) -> str:
    """Give the one spelling that a word is compared in."""
    return SPELLINGS.get(word, word)
