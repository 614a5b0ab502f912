"""Small MIDI files, and one-shots of plain tones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rendering.material import write_instrument, write_kit, write_midi
from rendering.tone_font import write_tone_font

from wavemix.rendering.performance import Ingredients

WriteMidi = Callable[..., Path]


@pytest.fixture
def midi(tmp_path: Path) -> WriteMidi:
    return lambda *tracks, name="song": write_midi(tmp_path / f"{name}.mid", *tracks)


@pytest.fixture(scope="session")
def kits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of ingredients."""
    folder = tmp_path_factory.mktemp("ingredients")
    write_kit(folder / "kits" / "muldjord_lite")
    write_instrument(folder / "kits" / "growlybass", "sustain", range(2, 5))
    for guitar in ("black_ord_twang", "green_ord_twang"):
        write_instrument(folder / "kits" / "bg_guitars", guitar, range(3, 7))
    return folder


@pytest.fixture(scope="session")
def tone_font(soundfont: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A soundfont of one tone, where fluidsynth is here."""
    return write_tone_font(tmp_path_factory.mktemp("soundfont") / "tone.sf2")


@pytest.fixture
def ingredients(kits: Path, tone_font: Path) -> Ingredients:
    return Ingredients(kits, tone_font)
