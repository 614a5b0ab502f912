"""The words that sessions call their tracks by, as data. `wavemix.session.roles` does the reading.

Phrases are lower-case words without accents, separated by commas. Plurals (`snares`), runs (`snaretop`), misspellings
and what `wavemix.session.spellings` and `wavemix.session.translations` list need no place here.
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


# Names of instruments. Where a name has several, the upper entry decides: what stands beside it then tells how it
# was played or recorded (a vox amp for the guitar, a bass clarinet, a synth snare).
NAMES = (
    Entry("drums", "cymbals", "ride bell"),
    Entry("bass", "sub", "tr 808 bass, tr808 bass"),
    Entry(
        "drums",
        "kit",
        "drum rack, tr 808, tr808, tr 909, tr909, tr 707, tr 606, cr 78, cr78, drum synth",
        covers=DRUMS.roles,
    ),
    Entry("drums", "snare", "piccolo snare, snare piccolo"),
    Entry("bass", "bass", "double bass, dbl bass, upright bass, string bass, contrabass, chapman stick, guitarron"),
    Entry("bass", "bass", "bass guitar, guitar bass", covers=BASS.roles),
    Entry("bass", "synth", "key bass, keys bass, bass keys, organ bass, tb 303, tb303"),
    Entry("vocals", "backing", "beatbox, beatboxing, beat box, vocal perc, vocal percussion, choir bass"),
    Entry(
        "other",
        "synth",
        "synth vocal, vocal synth, synth choir, choir synth, choir pad, vocal pad, pad vocal, pad 4 choir, lead 6 "
        "vocal",
    ),
    Entry("other", "keys", "vocal continental, hang drum, toy piano"),
    Entry("other", "electric-guitar", "vocal ac30, vocal ac15, vocal acoustic 30, vocal acoustic 15, vocal amp"),
    Entry("other", "winds", "pan pipe, cor anglais, mouth organ, mouth harp, french harp"),
    Entry(
        "drums",
        "percussion",
        "perc, percussion, percusion, shaker, shake, shk, tamb, tambo, tambourine, tamborine, tamborim, conga, bongo, "
        "cowbell, cow bell, clap, hand clap, snap, finger snap, stomp, cajon, timpani, timp, triangle, woodblock, "
        "wood block, timbale, timbal, guiro, maraca, cabasa, clave, castanet, agogo, tabla, djembe, doumbek, darbuka, "
        "bodhran, taiko, surdo, pandeiro, cuica, udu, hand drum, frame drum, vibraslap, rainstick, chime, wind chime, "
        "bar chime, mark tree, sleigh bell, jingle bell, gong, washboard, rattle, shekere, guira, finger click, "
        "zabumba, atabaque, berimbau, repique, reco reco, dhol, dholak, mridangam, ghatam, bata, quinto, egg shaker",
    ),
    Entry(
        "other",
        "keys",
        "keys, piano, pno, rhodes, wurli, wurly, wurlitzer, e piano, epiano, organ, hammond, b3, clav, clavi, "
        "clavinet, harpsichord, celesta, mellotron, accordion, squeezebox, harmonium, bandoneon, concertina, marimba, "
        "vibes, vibraphone, xylophone, bell, glockenspiel, glock, mallet, crotale, kalimba, mbira, steel drum, steel "
        "pan, handpan, music box, farfisa, keyscape",
    ),
    Entry(
        "other",
        "strings",
        "strings, string section, string quartet, string pad, string ensemble, violin, vln, vn, fiddle, viola, vla, "
        "cello, celli, vlc, orchestra, orch, pizz, pizzicato, arco, harp, erhu, viol, hurdy gurdy, nyckelharpa, kora, "
        "koto, guzheng, zither",
    ),
    Entry(
        "other",
        "winds",
        "horn, brass, winds, woodwind, trumpet, tpt, trp, flugelhorn, cornet, bugle, trombone, tbn, tuba, sousaphone, "
        "euphonium, sax, saxophone, flute, piccolo, clarinet, oboe, bassoon, contrabassoon, recorder, whistle, "
        "harmonica, melodica, bagpipe, bag pipe, didgeridoo, duduk, ocarina, shakuhachi, suona, dizi, shanai, "
        "shehnai, kazoo, uilleann, bottle flute, blown bottle",
    ),
    Entry(
        "other",
        "acoustic-guitar",
        "acoustic guitar, a guitar, acc guitar, agtr, nylon, classical guitar, spanish guitar, flamenco guitar, "
        "folk guitar, string guitar, 12 string guitar, guitar 12 string, nashville guitar, ukulele, uke, "
        "mandolin, mando, banjo, dobro, bouzouki, oud, charango, cuatro, vihuela, lute, balalaika, sitar, dulcimer, "
        "shamisen, pipa, liuqin, zhongruan, yangqin, saz, baglama",
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
        "bgv, bv, bkv, bvox, bkgv, choir, gang, gang vocal, ooh, oooh, aah, aaah, ahh, ahhh, ohhh, adlib, ad lib, adl",
    ),
    Entry("vocals", "backing", "chant", covers=VOCALS.roles),
    Entry("vocals", "lead", "lv, ldv, lvox", covers=VOCALS.roles),
    Entry(
        "vocals",
        "lead",
        "vocal, vocalist, topline, voiceover, voice over, spoken, spoken word, speaker, acapella, vocoder",
        covers=VOCALS.roles,
    ),
    Entry("drums", "room", "kick room, snare room, tom room"),
    Entry("drums", "overhead", "overhead hat, overhead hihat, overhead ride, overhead snare, overhead floor"),
    Entry("drums", "kick", "kick, bass drum, sub kick"),
    Entry("drums", "snare", "snare, rim, rimshot, side stick, cross stick, x stick"),
    Entry("drums", "hihat", "hat, hihat, hi hat, high hat, h hat, hhat, ohh, chh"),
    Entry("drums", "toms", "tom, tomtom, roto tom"),
    Entry("drums", "cymbals", "ride, crash, cymbal, cym, cymb, china, splash"),
    Entry("drums", "overhead", "overhead, over head"),
    Entry(
        "drums",
        "kit",
        "drum, drummer, kit, brush, brushes, 808 kit, 808 drum, 808 beat, ezdrummer, drumgizmo",
        covers=DRUMS.roles,
    ),
    Entry("other", "effects", "sub drop, bass drop, sub boom"),
    Entry("bass", "bass", "bass, bassline", covers=BASS.roles),
    Entry("bass", "synth", "reese"),
    Entry(
        "other",
        "synth",
        "synth, pad, arp, arpeggio, arpeggiator, pluck, stab, saw, supersaw, polysynth, sine, dx7, theremin, "
        "stylophone",
    ),
    Entry("other", "misc", "other", covers=OTHER.roles),
)

# Words that tell the role once the group is known, and nothing without it: a lead is a voice among vocals only.
HINTS = (
    Entry(
        "vocals",
        "backing",
        "backing, background, backup, back, b, bg, bkgd, bk, harmony, harmonies, harm, group, crowd, choral, oh, ohh, "
        "ah, oo, whoa, soprano, mezzo, alto, tenor, baritone, bass",
    ),
    Entry("vocals", "double", "double, dbl, doubler, doubled, doubling, dub, dt"),
    Entry("vocals", "lead", "lead, ld, main"),
    Entry("drums", "toms", "rack, floor, ft, rt"),
    Entry("drums", "room", "room, far, trash, trashy, ambient, hall"),
    Entry("drums", "kick", "808, sub, beater, d112, beta 52, d6"),
    Entry("bass", "synth", "synth, arp, pad, fm, keys"),
    Entry("bass", "sub", "sub, 808"),
    Entry("bass", "amp", "amp, cab, cabinet, mic, mike, ampeg, svt, sansamp"),
    Entry("bass", "bass", "di, direct"),
    Entry("other", "acoustic-guitar", "acoustic"),
    Entry("other", "electric-guitar", "electric, dist, distorted, overdrive, crunch, rhythm"),
)

# Words that say a little: they name a group where nothing else does. (A hint that can do so is listed again.)
# Among them are what records or plays an instrument: microphones of the kick, amps of the guitar, plug-ins.
LAST_RESORTS = (
    Entry("drums", "kick", "d112, beta 52, beta52, beta52a, gc"),
    Entry("drums", "snare", "cc"),
    Entry("drums", "hihat", "charles, jai jat"),
    Entry("drums", "toms", "rack, floor, t1, t2, t3, t4, ft, rt"),
    Entry("drums", "room", "trash mic, trashy mic"),
    Entry("drums", "kit", "crotch, crotch mic, knee mic, chain mic, fok, glyn johns"),
    Entry("drums", "percussion", "stick"),
    Entry("vocals", "backing", "harmony, harmonies, harm, backings, whisper, scream, shout, falsetto, laugh, soprano"),
    Entry("vocals", "backing", "choral, coral, ah, b vocal"),
    Entry("vocals", "lead", "speech, narration, dialogue, dialog"),
    Entry("vocals", "double", "double, dbl"),
    Entry(
        "other",
        "electric-guitar",
        "ac30, ac15, marshall, jcm, jcm800, jcm900, jc120, mesa boogie, rectifier, fender twin, twin reverb, "
        "deluxe reverb, kemper, axe fx, axefx, guitar rig, gibson, telecaster, powerchord",
    ),
    Entry("other", "acoustic-guitar", "acoustic, ag, agt, resonator"),
    Entry("other", "electric-guitar", "electric, eg, egt, rhythm"),
    Entry("other", "keys", "ep, key, leslie, nord, grand, steinway"),
    Entry("other", "strings", "string, quartet, qtet, vc"),
    Entry("other", "winds", "bari, bone, pipe"),
    Entry("other", "synth", "fm, seq, sequence, sequencer, square, sawtooth, wavetable, modular, sampler"),
    Entry(
        "other",
        "synth",
        "serum, massive, sylenth, sylenth1, omnisphere, vital, diva, alchemy, nexus, pigments, dexed, absynth, "
        "reaktor, halion, sytrus, harmor, retrologue, padshop, jp 8000, jp8000, jupiter, ob xa, obxa",
    ),
    Entry("drums", "room", "room"),
    Entry("drums", "overhead", "over l, over r, over g, over d, overs"),
    Entry("drums", "kit", "beat, break, breakbeat, fill, loop, groove, 909, linn"),
    Entry("drums", "kit", "ultrabeat, bfd, ssd, ggd, redrum, battery"),
    Entry("bass", "sub", "sub, 808"),
    Entry("bass", "synth", "303"),
    Entry("bass", "bass", "upright, standup, stand up, fretless, trilian"),
    Entry(
        "other",
        "effects",
        "fx, sfx, effect, noise, riser, sweep, impact, reverse, rev, atmo, atmos, atmosphere, ambient, swell, whoosh, "
        "uplifter, downlifter, drone, texture, foley, crowd, audience, applause, glitch, scratch, vinyl, reverb, "
        "verb, delay, echo, turntable, rain, thunder, transition, ear candy, field recording, helicopter, gunshot, "
        "seashore, bird, telephone, wind, room fx, room sfx",
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
    "trig trigger dry wet hi high lo low mid front clean rough full final song ac15 ac30 "
    "set solo stand hange hang section sektion maskin ライン ハイ ロー セット マシン ソロ グランド"
)

# Ordinary words that a letter parts from a word above, or that look as if run together: they are nothing else.
ORDINARY = (
    "bacteria basin basis battle battles better blaster canton central charge charges classic cleave closed corner "
    "corners corso deluge harbor hornet hornets jungle keeper korean marshal principle quarter quarters raster "
    "reactor recorded reorder router sinner sinners slider spring start starts sticky stinger strand streak stream "
    "streams strong strung symbol symbols violent"
)

# What names alone do not tell, and the session does: see `wavemix.session.context`.
VOICE_PARTS = "soprano, mezzo, alto, tenor, baritone, bari"
LEADS = "lead, ld"
BACKINGS = "backing, background, backup, bg"
IN_A_KIT = "t1, t2, t3, t4, ft, rt, gc, cc, stick"
