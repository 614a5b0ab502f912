"""Small files are read if they are regular files of a sane size, and refused in one sentence if not."""

import os
from pathlib import Path

import pytest

from wavemix.documents.csv_text import LONGEST_CELL, read_rows
from wavemix.documents.files import read_bytes, read_text
from wavemix.errors import WavemixError


def test_all_of_a_file(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfabc")
    assert read_bytes(tmp_path / "a", most=6) == b"\xef\xbb\xbfabc"
    assert read_text(tmp_path / "a") == "abc"


def pipe(folder):
    os.mkfifo(folder / "x")
    return folder / "x"


def link_to_a_device(folder):
    (folder / "x").symlink_to("/dev/zero")
    return folder / "x"


def too_large(folder):
    (folder / "x").touch()
    os.truncate(folder / "x", 1 << 40)  # of holes: it takes no place on the disk
    return folder / "x"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (pipe, "x: is a pipe or a device, not a file; save what it gives as a file"),
        (link_to_a_device, "x: is a pipe or a device"),
        (lambda _: Path("/dev/null"), "/dev/null: is a pipe or a device"),
        (too_large, "x: is larger than 64 MiB, too large for a file of its kind; do this"),
        (lambda folder: folder, r"cannot be read \(Is a directory\); do this"),
        (lambda folder: folder / "gone", r"gone: cannot be read \(No such file or directory\); do this"),
        (lambda folder: folder / "a\0b", r"cannot be read \(its name has a NUL in it\); do this"),
        (lambda folder: folder / ("é" * 128), r"cannot be read \(its name has 256 bytes, and 255 are possible\)"),
    ],
    ids=["pipe", "device", "null", "too large", "folder", "missing", "NUL", "long name"],
)
def test_what_is_no_small_file_is_refused_at_once(tmp_path, place, why):
    with pytest.raises(WavemixError, match=why):
        read_bytes(place(tmp_path), remedy="do this")


def test_text_in_another_encoding(tmp_path):
    (tmp_path / "a").write_text("é", encoding="latin-1")
    with pytest.raises(WavemixError, match="a: is not UTF-8 text; save it as such"):
        read_text(tmp_path / "a")


def test_rows_of_a_table_have_their_places(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n\n"c\nd",e\n', encoding="utf-8-sig")
    assert list(read_rows(path)) == [(f"{path}, line 1", ["a", "b"]), (f"{path}, line 4", ["c\nd", "e"])]


@pytest.mark.parametrize("characters", [LONGEST_CELL + 1, 1 << 18])
def test_a_cell_without_end(tmp_path, characters):
    (tmp_path / "a.csv").write_text("a\n" + "x" * characters)
    with pytest.raises(WavemixError, match="a.csv, line 2: .*; correct or remove it"):
        list(read_rows(tmp_path / "a.csv"))
