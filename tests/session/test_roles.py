from collections.abc import Callable
from pathlib import Path, PurePath

import pytest

from wavemix.session.groups import GROUPS
from wavemix.session.purposes import looks_like_a_mix, no_instrument, spare_take
from wavemix.session.roles import group_of_folder, place
from wavemix.session.spellings import phrases
from wavemix.session.vocabulary import HINTS, LAST_RESORTS, NAMES, Entry

# Names as sessions spell them, separated by `|`, by the place that the name alone must tell.
SPELLED = {
    "drums/kick": "Kick|01_KickIn|02_KickOut|03_KickSub|KICK_SAMPLE|Kik|kck|BD|bd_in|Bass Drum|bassdrum02|Sub Kick|"
    "subkick|Kick Mix|808 Kick|Synth Kick|bassdrum-acoustic01|kick-bd-a|off-kick|dirty-world-bd|Drumkit1_Kick|"
    "Grosse Caisse|Bombo|Kick L|Bass Kick|Kick Verb",
    "drums/snare": "Snare|snr|SN top|SNTop|SnareTop|03_SnareUp|SnareDown|SNARE-BTM|snaretop|Sd|Rim|RimShot|"
    "Sidestick|Cross Stick|Snare Verb|u-don-t-know-snare|Snare (Gated)|Snare 808|snare-build|Caisse claire|snares",
    "drums/hihat": "Hat|HH|HiHat|hi-hat|Hi Hat|High Hat|hihat-closed05|Closed Hat|open hat|OHH|hats|alt-hats|"
    "HiHatSample|H-Hat|glitch-hh|loaded-o-hihat|Hat Loop",
    "drums/toms": "Tom|Toms|Tom1|04_Tom2Sample|Rack Tom|racktom|FloorTom|Floor|Rack 1|tom-break|Tom Tom|DrumkitTom1",
    "drums/cymbals": "Ride|ride3|Crash|crash01|cymbal-crash|Cymbals|cym|China|Splash|Ride Bell|RevCymbal|Becken|"
    "ride L",
    "drums/overhead": "OH|OHL|OH_R|OHs|oh-l|Overheads|05_OverheadsStereo|Over Head|Ovh|OH Hat Side|OH Ride|"
    "DrumkitOverheads|Drum OH R",
    "drums/room": "Room|Rooms|room L|Drum Room|10_DrumsRoom1|DrumkitRoom|Amb|Ambience|Snare Room|Kick room|"
    "Drums Far|Room Mono|drumroom",
    "drums/percussion": "Perc|PERC 2|Percussion|Aux Percussion|Shaker|Tamb|Tambourine|congas|Bongo|Cowbell|cow-bell|"
    "Clap|clap-04|HandClap|Claps|Snaps|Cajon|Cajón|Timpani|Triangle|Woodblock|Wood Block|Timbales|Sleigh Bells|"
    "Perc OH L|Perc Loop|Djembe|Wind Chimes|Synth Perc|Tabla",
    "drums/kit": "Drums|Drum Kit|DrumKit|drum-set|Drum Loop|Loop 1|beat|house-beat|break-beat|Breakbeat|Kit|"
    "Drum Machine|DrumMic1|Brushes|Schlagzeug|Batería|Batterie|808 kit|drum mix|outro-drum|Kick & Snare|OH + Room|"
    "Synth Drums|scratch-beat|drm",
    "bass/bass": "Bass|BassDI|07_BassDI|bass di|Electric Bass|electric-bass|Bass Gtr|BassGuitar|Upright Bass|"
    "Double Bass|doublebass|Contrabass|Kontrabass|Acoustic Bass|E-Bass|bass-slap-02|dirt-bass|Bajo|Basse|"
    "String Bass|19_BassOverdrive|Bass Room|Bassline|P Bass 2|Guitar Bass",
    "bass/amp": "Bass Amp|BassAmp|09_BassAmpMic1|Bass Mic|bass cab|Bass SVT",
    "bass/synth": "Synth Bass|BassSynth|Moog Bass|FM Bass|Bass Arp|Key Bass|Bass Keys|Reese|synthbass|Juno Bass|"
    "Keys Bass",
    "bass/sub": "Sub|SUB BASS|subbass|808|808 Bass|gated-sub|Bass Sub",
    "vocals/lead": "Vox|VOX_LD|Lead Vox|29_LeadVox|leadvox|Ld Vox|LV|LVox|Vocal|Vocals|Voc|Voice|Singer|male-singer|"
    "female singer|Rap|Verse Vox|rapper|Gesang|Stimme|Voix|Voz|Vox Room|Vocal FX|Vox Verb|killed-voice|Main Vocal|"
    "Acapella|Tom Vox|15_SFXVox|Lead & Harmony Vox",
    "vocals/double": "Vox Dbl|Vox Double|LeadVoxDT|Lead Vox Doubles|dbl|Double L|vocal dub|VOX DBL 2",
    "vocals/backing": "BGV|BGV3|BGVs|BV|bvs|BGVox|bgvox-1|bgvox-harmony-glitch|BackingVox1|17_BackingVox1Wet|"
    "Backing Vocals|Background Vox|BG Vox|Vox Harmony|Harmony 2|Harm|Choir|Gang Vocals|Gang|Ooh|Oohs|Aahs|Aah|AdLib|"
    "Ad Libs|Vox Adlib|BackingVox1DT|Choir Dbl|Coros|Chor|chœur|Bass Vox|Beatbox|Lead Vox Harm|LowBVs|Back Vocal 2|"
    "Vocal ADL|soprano 1",
    "other/electric-guitar": "Gtr|GTR2|Guitar|Gtr L|EGtr|eGtr|E-Gtr|ElecGtr1|elecGtr2|08_ElecGtr2DT|Elec Gtr|"
    "elecgtr|Electric Guitar|clean-electric-guitar|distorted-electric-guitar|Dist Gtr|Lead Gtr|LeadGuitar|"
    "Rhythm Gtr|Rhythm|Strat|Les Paul|PedalSteel|Slide Guitar|Gtr DI|GtrDI|27_ElecGtr2DI|26_GtrFX|Guitar Solo|"
    "Gtr mix bus|11_ElecGtr1a_VoxM160|Gtr AC30|Guitar Harmony|Gitarre|Guitare|Guitar Room|Guitar Double|Gtr Loop",
    "other/acoustic-guitar": "AGtr|A-Gtr|AcGtr1|Ac Gtr|acgtr|Acoustic|AcousticGtr2|Acoustic DI|acoustic-guitar|"
    "Gtr Acoustic|Nylon Gtr|Nylon|Ukulele|Mandolin|10_MandolinMic1|Banjo|12-String Gtr|Guitarra acústica",
    "other/keys": "Keys|Piano|Pno L|Rhodes|fm-rhodes|Wurli|Organ|Hammond|12_HammondMic1Hi|B3|C3 Organ|Clav|"
    "Harpsichord|e-piano|EPiano|ElecPiano|Electric Piano|EP|Keyboards|20_Toy Piano|Acoustic Piano|Piano Room|"
    "RhodesSFX|Marimba|Vibes|Bells|bell-arp|Glockenspiel|mallet|Accordion|Klavier|Mellotron Choir|Upright Piano|"
    "fill-piano|Bass Side Piano",
    "other/synth": "Synth|SYNTH 3|p-synth|Lead Synth|SynthLead|Pad|echo-pad|SynthPad1|Arp|arpeggio|arp-dist|Moog|"
    "Juno 60|FM|Choir Pad|Vocal Synth|SynthFX|minilogue-synth|sine|Stab|slow-attack-synth|flanged-pad",
    "other/strings": "Strings|strings-high|String|25_StringPad|Violin|Vln 1|Viola|Cello|Celli|String Quartet|"
    "Quartet|Orchestra|09_Fiddle1|01_Pizz1|ArcoRhythm2|Synth Strings|Strings OH|Harp|Streicher",
    "other/winds": "Horns|Horn Section|Brass|Trumpet|Tpt|Trombone|Sax|Tenor Sax|Bari Sax|Flute|Clarinet|"
    "Bass Clarinet|Bass Trombone|French Horn|Oboe|Harmonica|Synth Brass|Saxophone",
    "other/effects": "FX|fx 2|SFX1|Effects|microcosm-effect|Noise|Riser|sweep|Impact1|Reverse|Atmos|12_SubDrop|"
    "Reverb|Whoosh|fx-processed-sound",
    "other/misc": "Other",
}  # fmt: skip
CASES = [(name, *home.split("/")) for home, names in SPELLED.items() for name in names.split("|")]


def where(path: str) -> tuple[str, str]:
    placement = place(PurePath(path))
    return placement.group, placement.role


def test_name_alone() -> None:
    placements = {name: place(PurePath(f"{name}.wav")) for name, _, _ in CASES}
    wrong = {
        name: placements[name]
        for name, group, role in CASES
        if (placements[name].group, placements[name].role, placements[name].recognised) != (group, role, True)
    }
    assert wrong == {}


def test_the_table_is_large_and_reaches_every_role() -> None:
    assert len(CASES) >= 200
    assert set(SPELLED) == {f"{group.name}/{role}" for group in GROUPS.values() for role in group.roles}


def spellings(name: str) -> list[str]:
    """A name in other cases, with other separators, numbered, and as one of several takes."""
    spelled = [name.lower(), name.upper(), *(name.replace(" ", separator) for separator in "_-.")]
    spelled += [f"{number}{name}" for number in ("01_", "07 ", "T12-", "1-03 ")]
    takes = ("_01", ".dup1", "_bip", "-R", " (2)", " take 3", "_v2", " edit", "_comp", " cons", "_48k")
    return spelled + [f"{name}{take}" for take in takes]


def test_case_numbers_takes_and_separators_change_nothing() -> None:
    found = {(way, group, role): where(f"{way}.wav") for name, group, role in CASES for way in spellings(name)}
    assert {way: home for (way, group, role), home in found.items() if home != (group, role)} == {}


@pytest.mark.parametrize("name, home", [("20_ToyPiano2", ("other", "keys")), ("SFXWolf1", ("other", "effects"))])
def test_camel_case_parts_unknown_words(name: str, home: tuple[str, str]) -> None:
    assert where(f"{name}.wav") == home


def test_own_folder_agrees_with_the_name() -> None:
    assert [where(f"{group}/{name}.wav") for name, group, _ in CASES] == [(group, role) for _, group, role in CASES]


IN_FOLDERS = {
    "Drums/01_Kick In": ("drums/kick", "folder 'Drums', name has 'kick'"),
    "Drums/standard-preset": ("drums/kit", "folder 'Drums', the name tells no role"),
    "drums/808": ("drums/kick", "folder 'drums', name has '808'"),
    "DRUMS/Snare/Top": ("drums/snare", "folder 'Snare', the name tells no role"),
    "Kick/01": ("drums/kick", "folder 'Kick', the name tells no role"),
    "OH/L": ("drums/overhead", "folder 'OH', the name tells no role"),
    "OH/Drum L": ("drums/overhead", "folder 'OH', name has 'drum'"),
    "vocals/Guitar FX": ("vocals/lead", "folder 'vocals', the name tells no role; 'guitar' (other) does not count"),
    "Vocals/Room/01": ("vocals/lead", "folder 'Vocals', the name tells no role"),
    "Vocals/Ohs": ("vocals/backing", "folder 'Vocals', name has 'ohs'"),
    "Vocals/Lead": ("vocals/lead", "folder 'Vocals', name has 'lead'"),
    "Vocals/Lead/Double 1": ("vocals/double", "folder 'Vocals', name has 'double'"),
    "Backing Vocals/Vox 3": ("vocals/backing", "folder 'Backing Vocals', name has 'vox'"),
    "BGV/3": ("vocals/backing", "folder 'BGV', the name tells no role"),
    "Guitars/Lead": ("other/electric-guitar", "folder 'Guitars', the name tells no role"),
    "Guitars/FX 1": ("other/electric-guitar", "folder 'Guitars', name has 'fx'"),
    "Guitars/Acoustic": ("other/acoustic-guitar", "folder 'Guitars', name has 'acoustic'"),
    "Acoustic/Gtr 1": ("other/acoustic-guitar", "folder 'Acoustic', name has 'gtr'"),
    "Guitars/Bass Guitar": (
        "other/electric-guitar",
        "folder 'Guitars', name has 'guitar'; 'bass guitar' (bass) does not count",
    ),
    "Bass/Amp/01": ("bass/amp", "folder 'Bass', folder 'Amp', the name tells no role"),
    "Bass/Synth 2": ("bass/synth", "folder 'Bass', name has 'synth'"),
    "bass/05_strings": ("bass/bass", "folder 'bass', the name tells no role; 'strings' (other) does not count"),
    "other/Riser": ("other/effects", "folder 'other', name has 'riser'"),
    "other/ioioioioi": ("other/misc", "folder 'other', the name tells no role"),
    "FX/Vox Throw": ("vocals/lead", "name has 'vox'"),
    "DI/Gtr 1": ("other/electric-guitar", "name has 'gtr'"),
    "Drums & Bass/Snare": ("drums/snare", "name has 'snare'"),
    "Audio Files/Ld Vox": ("vocals/lead", "name has 'ld', 'vox'"),
    "Vox Harm": ("vocals/backing", "name has 'vox', 'harm'"),
    "Drums/Kick & Snare": ("drums/kit", "folder 'Drums', name has 'kick', 'snare'"),
    "Gtr Vox": ("other/electric-guitar", "name has 'gtr'; 'vox' (vocals) does not count"),
}


@pytest.mark.parametrize("path", IN_FOLDERS)
def test_folders_decide_and_the_reason_says_so(path: str) -> None:
    expected, reason = IN_FOLDERS[path]
    placement = place(PurePath(f"{path}.wav"))
    assert (f"{placement.group}/{placement.role}", placement.reason) == (expected, reason)
    assert placement.recognised


@pytest.mark.parametrize(
    "path", ["standard-preset", "default-preset", "Audio 1-3", "Lead", "07", "ioioioioi", "Click", "DI", "DI 1"]
)
def test_unplaceable_goes_to_other_and_says_so(path: str) -> None:
    placement = place(PurePath(f"{path}.wav"))
    assert (placement.group, placement.role, placement.recognised) == ("other", "misc", False)
    assert placement.reason == "no known word in the name: goes to other"


@pytest.mark.parametrize("path", ["Drums & Bass", "gtr+vox", "Drums and Bass/01"])
def test_several_groups_are_not_guessed(path: str) -> None:
    placement = place(PurePath(f"{path}.wav"))
    assert (placement.group, placement.role, placement.recognised) == ("other", "misc", False)
    assert placement.reason.endswith("are of several groups: goes to other")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("path", ["", ".wav", "&", "..", "√(2)", "inside" * 40 + "q", "どらむ/きっく.wav"])
def test_odd_names_are_unplaceable_too(path: str) -> None:
    assert not place(PurePath(path)).recognised


@pytest.mark.parametrize(
    "name, group",
    [
        ("Drums", "drums"), ("01 - DRUMS", "drums"), ("Drum Tracks", "drums"), ("Percussion", "drums"),
        ("vox", "vocals"), ("Vocals", "vocals"), ("BGVs", "vocals"), ("BASS", "bass"), ("Bass DI", "bass"),
        ("Other", "other"), ("guitars", "other"), ("keys", "other"), ("synths", "other"), ("FX", "other"),
        ("Guitars & Keys", "other"), ("Drums & Bass", None), ("Audio Files", None), ("raw", None), ("Take 2", None),
        ("Lead", None), ("", None),
    ],
)  # fmt: skip
def test_group_of_folder(name: str, group: str | None) -> None:
    assert group_of_folder(name) == group


@pytest.mark.parametrize("purpose", [looks_like_a_mix, no_instrument, spare_take])
def test_no_track_of_the_table_is_something_else(purpose: Callable[[PurePath], object]) -> None:
    assert [name for name, _, _ in CASES if purpose(PurePath(f"{name}.wav"))] == []


@pytest.mark.corpus
def test_names_alone_place_the_corpus(corpus: Path) -> None:
    tracks = [track for track in corpus.rglob("*.*") if track.parent.parent.name in ("raw", "tracks")]
    recognised = [track for track in tracks if place(PurePath(track.name)).recognised]
    right = [track for track in recognised if place(PurePath(track.name)).group == track.parent.name]
    assert len(recognised) > 0.85 * len(tracks)  # the others are called `standard-preset` and the like
    assert len(right) > 0.95 * len(recognised)
    assert not any(looks_like_a_mix(PurePath(track.name)) for track in tracks)


def test_vocabulary_names_roles_that_exist() -> None:
    entries = (*NAMES, *HINTS, *LAST_RESORTS)
    strange = [entry for entry in entries if not {entry.role, *entry.covers} <= set(GROUPS[entry.group].roles)]
    assert strange == []


def test_every_phrase_of_a_name_places_a_track() -> None:
    phrases = [(phrase, entry) for entry in NAMES for phrase in entry.listing.split(",")]
    found = {(phrase, entry.group, entry.role): where(f"{phrase}.wav") for phrase, entry in phrases}
    assert {phrase: home for (phrase, group, role), home in found.items() if home != (group, role)} == {}


@pytest.mark.parametrize("table", [NAMES, HINTS, LAST_RESORTS])
def test_no_phrase_is_listed_twice(table: tuple[Entry, ...]) -> None:
    listed = [(entry.group if table is HINTS else "", phrase) for entry in table for phrase in phrases(entry.listing)]
    assert len(listed) == len(set(listed))
