"""Containers that are made of chunks (WAV, RF64, W64, AIFF, CAF), and AU: where their samples are, and whether all.

libsndfile reads what is there and adjusts the length without a word; the container's own sizes tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from wavemix.audio.contents import Contents, Head, promised

STREAMED = frozenset((0, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF))
"""What programs that write into a pipe put in place of a size that they cannot know: all to the file's end."""

ENDLESS = 2**62
"""Sizes of 64 bits beyond it stand for the same."""

WRAPPED_BYTES = 2**32 - 2**16
"""What follows a form and is as much is no appendix: sizes of 32 bits have wrapped."""

W64_TAIL = bytes.fromhex("f3acd3118cd100c04f8edb8a")
"""After its first four bytes, which are as in RIFF, the name of a W64 chunk."""


@dataclass(frozen=True)
class Dialect:
    """How a container writes chunks.

    Attributes:
        samples: Name of the chunk of samples.
        order: Byte order of sizes.
        first: Where the first chunk begins.
        name_bytes: Length of a name.
        size_bytes: Length of a size.
        counts_header: Whether a size counts its own chunk's name and size.
        aligned: Chunks begin at multiples of it.
        preamble: Bytes in the chunk of samples before the samples.
        form: Where the size of the whole is; None if it has none.
    """

    samples: bytes
    order: Literal["little", "big"] = "little"
    first: int = 12
    name_bytes: int = 4
    size_bytes: int = 4
    counts_header: bool = False
    aligned: int = 2
    preamble: int = 0
    form: int | None = 4

    @property
    def header_bytes(self) -> int:
        """Length of what stands before a chunk's content."""
        return self.name_bytes + self.size_bytes


RIFF = Dialect(b"data")
RIFX = Dialect(b"data", "big")
AIFF = Dialect(b"SSND", "big", preamble=8)
W64 = Dialect(b"data" + W64_TAIL, first=40, name_bytes=16, size_bytes=8, counts_header=True, aligned=8, form=None)
CAF = Dialect(b"data", "big", first=8, size_bytes=8, aligned=1, preamble=4, form=None)
DIALECTS = {b"RIFF": RIFF, b"RF64": RIFF, b"BW64": RIFF, b"RIFX": RIFX, b"FORM": AIFF, b"riff": W64, b"caff": CAF}
"""The dialects, by a file's first four bytes."""


@dataclass(frozen=True)
class Chunk:
    """A chunk.

    Attributes:
        name: As it stands there.
        start: Where its content begins.
        size: Bytes of its content, as it says.
    """

    name: bytes
    start: int
    size: int

    @property
    def end(self) -> int:
        """Where its content ends."""
        return self.start + self.size


def dialect_of(file: BinaryIO) -> Dialect | None:
    """How a file writes its chunks; None if it is not made of chunks."""
    file.seek(0)
    return DIALECTS.get(file.read(4))


def chunks(file: BinaryIO, dialect: Dialect, start: int | None = None) -> Iterator[Chunk]:
    """The chunks of a file in order, as far as there are headers; their content may be less than they say.

    Args:
        file: A file.
        dialect: How it writes them.
        start: Where to begin, in place of the file's first chunk.
    """
    position = dialect.first if start is None else start
    while position < ENDLESS:
        file.seek(position)
        header = file.read(dialect.header_bytes)
        if len(header) < dialect.header_bytes:
            return
        size = int.from_bytes(header[dialect.name_bytes :], dialect.order)
        size = max(0, size - dialect.header_bytes) if dialect.counts_header else size
        chunk = Chunk(header[: dialect.name_bytes], position + dialect.header_bytes, size)
        yield chunk
        position = chunk.end + -(chunk.end - dialect.first) % dialect.aligned


def examine_chunks(file: BinaryIO, dialect: Dialect) -> Contents:
    """Compare the size that the chunk of samples declares with the bytes that follow."""
    file_bytes = file.seek(0, 2)
    sizes: dict[bytes, Chunk] = {}
    samples = None
    for chunk in chunks(file, dialect):
        if chunk.name == dialect.samples:
            samples = chunk
            break
        sizes.setdefault(chunk.name, chunk)
    if samples is None:
        return Contents("is cut short (its header promises samples, none are there)")
    there = max(0, file_bytes - samples.start)
    declared = _declared(file, samples, sizes)
    if declared:
        streamed = declared > there and (declared in STREAMED or declared > ENDLESS)
    else:
        streamed = _strange(file, dialect, samples.end, of_empty=True) > 0
    if declared > there and not streamed:
        return promised(declared, there)
    taken = there if streamed else declared
    after = 0 if streamed else _strange(file, dialect, samples.start + taken)
    if after:
        return Contents(f"is broken ({after:,} bytes follow its {taken:,} bytes of samples and belong to nothing)")
    head = _head(file, dialect, samples, there) if streamed and b"ds64" not in sizes else None
    return Contents("", max(0, taken - dialect.preamble), _coded_frames(file, dialect, samples, sizes), head)


def examine_au(file: BinaryIO) -> Contents:
    """An AU file has one size in its header, and nothing after its samples."""
    file_bytes = file.seek(0, 2)
    file.seek(0)
    order: Literal["little", "big"] = "little" if file.read(4) == b"dns." else "big"
    start, declared = (int.from_bytes(file.read(4), order) for _ in range(2))
    there = max(0, file_bytes - start)
    if declared == 0xFFFFFFFF:
        return Contents(sample_bytes=there)
    if declared > there:
        return promised(declared, there)
    return Contents(sample_bytes=there)


def _declared(file: BinaryIO, samples: Chunk, sizes: dict[bytes, Chunk]) -> int:
    """The size of the chunk of samples; RF64 has it in another chunk (EBU Tech 3306), behind the size of the whole."""
    long = sizes.get(b"ds64")
    if long is None or samples.size != 0xFFFFFFFF:
        return samples.size
    file.seek(long.start + 8)
    return int.from_bytes(file.read(8), "little")


def _head(file: BinaryIO, dialect: Dialect, samples: Chunk, there: int) -> Head | None:
    """All before the samples, with their true size, of which libsndfile makes more than of others."""
    size = there + dialect.header_bytes * dialect.counts_header
    if size >= 256**dialect.size_bytes:
        return None
    file.seek(0)
    before = file.read(samples.start - dialect.size_bytes)
    return Head(before + size.to_bytes(dialect.size_bytes, dialect.order), samples.start)


def _strange(file: BinaryIO, dialect: Dialect, position: int, of_empty: bool = False) -> int:
    """How many bytes there are from a position on that are neither chunks nor outside of the form, nor mere zeros.

    Behind an empty chunk of samples they are strange in any case: who never came back to write its size did not write
    the form's either.
    """
    end = file.seek(0, 2)
    if dialect.form is not None and not of_empty:
        file.seek(dialect.form)
        form_end = dialect.first - 4 + int.from_bytes(file.read(4), dialect.order)
        if position <= form_end < end and end - form_end < WRAPPED_BYTES:
            end = form_end
    for start in (position + -(position - dialect.first) % dialect.aligned, position):
        reached = start
        for chunk in chunks(file, dialect, start):
            if not _plausible(chunk.name, dialect) or chunk.end > end:
                break
            reached = chunk.end + -(chunk.end - dialect.first) % dialect.aligned
        if end <= reached or (not of_empty and _zeros(file, reached)):
            return 0
    return end - position


def _plausible(name: bytes, dialect: Dialect) -> bool:
    """Whether a chunk may be called that: in W64 names are GUIDs, and any will do."""
    return dialect.name_bytes > 4 or all(0x20 <= byte < 0x7F for byte in name)


def _zeros(file: BinaryIO, position: int) -> bool:
    """Whether only zeros follow."""
    file.seek(position)
    return not any(any(block) for block in iter(lambda: file.read(65_536), b""))


def _coded_frames(file: BinaryIO, dialect: Dialect, samples: Chunk, sizes: dict[bytes, Chunk]) -> int:
    """The least number of samples of a coded file: WAV has it in `fact`, CAF in `pakt`, AIFF in `COMM`."""
    place = {b"fact": (0, 4), b"pakt": (8, 8), b"COMM": (2, 4)}
    known = (
        {**sizes, **{chunk.name: chunk for chunk in chunks(file, dialect, samples.end)}} if dialect is CAF else sizes
    )
    for name, (offset, length) in place.items():
        if name in known:
            file.seek(known[name].start + offset)
            return int.from_bytes(file.read(length), dialect.order)
    return 0
