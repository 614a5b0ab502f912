from pathlib import PurePath

import pytest

from wavemix.session.context import place_together
from wavemix.session.roles import place

BAND = ("Kick", "Bass DI", "Gtr")

# The names of a session, those that its other names decide with the home that they must get.
SESSIONS: list[tuple[tuple[str, ...], dict[str, str]]] = [
    (("Lead", *BAND), {"Lead": "vocals/lead"}),
    (("Lead 2", "BGV 1", *BAND), {"Lead 2": "vocals/lead"}),
    (("Lead", "Lead Vox", *BAND), {"Lead": "?"}),
    (("Synths/Lead", *BAND), {"Synths/Lead": "other/synth"}),
    (("Backing L", "Backing R", *BAND), {"Backing L": "vocals/backing", "Backing R": "vocals/backing"}),
    (("Backing", "Lead Vox"), {"Backing": "?"}),
    (("Лид", "Бочка", "Бас"), {"Лид": "vocals/lead"}),
    (("Alto", "Tenor 1", *BAND), {"Alto": "vocals/backing", "Tenor 1": "vocals/backing"}),
    (("Alto", "Tenor", "Bari Sax", *BAND), {"Alto": "other/winds", "Tenor": "other/winds"}),
    (("Soprano", "Saxofón"), {"Soprano": "other/winds"}),
    (("Alto", "Violon 1", "Violoncelle"), {"Alto": "other/strings"}),
    (("Alto", "Soprano", "Violin", "Cello"), {"Alto": "vocals/backing"}),
    (("Sopran", "Alt", "Tenor", "Bass"), {"Alt": "vocals/backing", "Bass": "vocals/backing"}),
    (("Soprano", "Alto", "Bass", "Kick"), {"Bass": "bass/bass"}),
    (("Soprano II", "Alto", "Basses", "Kick"), {"Soprano II": "vocals/backing", "Basses": "vocals/backing"}),
    (("Violins", "Cellos", "Basses"), {"Basses": "bass/bass"}),
    (("Alto", "Tenor", "Sax", "Bass"), {"Bass": "bass/bass"}),
    (
        ("Vox Guitar", "02 VOX MANDOLIN", "Guitar", "Mandolin"),
        {"Vox Guitar": "vocals/lead", "02 VOX MANDOLIN": "vocals/lead", "Guitar": "other/electric-guitar"},
    ),
    (("Vox Guitar", "Vox Drums", "Drums"), {"Vox Guitar": "vocals/lead", "Vox Drums": "vocals/lead"}),
    (("Vox Guitar", "Vox Guitar 2", "Lead Vox"), {"Vox Guitar": "other/electric-guitar"}),
    (("Vox Guitar", "Vox AC30", "Vox Room"), {"Vox Guitar": "other/electric-guitar"}),
    (("T1", "FT", "Kick"), {"T1": "drums/toms", "FT": "drums/toms"}),
    (("T1", "T2", "T3", "Gtr"), {"T1": "?", "T2": "?", "T3": "?"}),
    (("Drums/T1", "Drums/FT"), {"Drums/T1": "drums/toms", "Drums/FT": "drums/toms"}),
]


@pytest.mark.parametrize("names, homes", SESSIONS)
def test_other_names_of_the_session_decide(names: tuple[str, ...], homes: dict[str, str]) -> None:
    placed = dict(zip(names, place_together([PurePath(f"{name}.wav") for name in names]), strict=True))
    assert {
        name: f"{placed[name].group}/{placed[name].role}" if placed[name].recognised else "?" for name in homes
    } == homes


def test_all_others_are_placed_by_their_own_names() -> None:
    paths = [PurePath(f"{name}.wav") for name in ("Lead", "Alto", "Kick", "xyzzy", "Drums/01", "Vox AC30")]
    assert place_together(paths)[2:] == [place(path) for path in paths[2:]]


def test_the_reason_tells_what_decided() -> None:
    alto, _ = place_together([PurePath("02 Alto.wav"), PurePath("Sax.wav")])
    assert alto.reason == "name has 'alto': beside a saxophone it is one"


def test_no_tracks() -> None:
    assert place_together([]) == []
