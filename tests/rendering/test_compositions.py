"""Which compositions are rendered, and in which split."""

import shutil
from pathlib import Path

import pytest
from rendering.material import note, write_midi

from wavemix.errors import WavemixError
from wavemix.rendering.compositions import choose


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Forty compositions of twelve seconds in two folders, a copy of one, a jingle, and a file that is none."""
    for number in range(40):
        folder = tmp_path / "library" / ("old" if number % 2 else "new")
        folder.mkdir(parents=True, exist_ok=True)
        write_midi(folder / f"song{number // 2}.mid", note(0, 24, 40 + number))
    shutil.copy(folder / "song3.mid", folder / "song3_copy.mid")
    write_midi(folder / "jingle.mid", note(0, 2, 60))
    (folder / "broken.mid").write_bytes(b"no music")
    return tmp_path / "library"


def test_names_are_unique_and_what_is_left_out_is_told(library: Path) -> None:
    chosen = choose([library], {})
    names = [composition.name for composition in chosen.compositions]
    assert len(names) == len(set(names)) == 40
    assert {"song3", "old_song3"} <= set(names)
    reasons = dict(chosen.left_out)
    assert set(reasons) == {"broken.mid", "jingle.mid", "song3_copy.mid"}
    assert reasons["song3_copy.mid"] == "has the notes of song3.mid"
    assert "cannot be read as a MIDI file" in reasons["broken.mid"]


def test_splits_go_by_composition(library: Path) -> None:
    """All takes of one are in one split, wherever its file lies and whatever it is called."""
    chosen = choose([library], {}, takes=3)
    assert len(chosen.compositions) == 120
    splits: dict[Path, set[str]] = {}
    for composition in chosen.compositions:
        splits.setdefault(composition.path, set()).add(composition.split)
    assert all(len(found) == 1 for found in splits.values())
    assert {split for found in splits.values() for split in found} == {"train", "valid", "test"}
    moved = library.with_name("moved")
    library.rename(moved)
    (moved / "new" / "song0.mid").rename(moved / "other name.mid")
    again = choose([moved], {}, takes=3)
    renamed = next(one for one in again.compositions if one.name.startswith("other name"))
    assert renamed.split == next(
        one.split for one in chosen.compositions if one.path.parent.name == "new" and one.path.stem == "song0"
    )


def test_a_larger_part_holds_the_smaller(library: Path) -> None:
    some, more = ([one.name for one in choose([library], {}, hours=hours).compositions] for hours in (0.02, 0.05))
    assert 0 < len(some) < len(more) < 40
    assert more[: len(some)] == some


def test_licences_go_by_folder(library: Path) -> None:
    licences = {one.path.parent.name: one.licence for one in choose([library], {"old": "CC0-1.0"}).compositions}
    assert licences == {"old": "CC0-1.0", "new": ""}


def test_sources_without_compositions_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WavemixError, match="does not exist"):
        choose([tmp_path / "nowhere"], {})
    with pytest.raises(WavemixError, match="holds no MIDI file"):
        choose([tmp_path], {})
