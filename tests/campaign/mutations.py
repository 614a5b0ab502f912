"""Damage, the same for the same number: mostly to headers, now and then to the rest."""

import random

TELLING = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1)
"""Numbers at which arithmetic goes wrong."""

HEADER_BYTES = 256


def mutate(data: bytes, number: int) -> bytes:
    """The file with damage of one kind in one place, or in two."""
    chance = random.Random(number)
    for _ in range(places(number)):
        data = chance.choice(KINDS)(data, _place(data, chance), chance)
    return data


def places(number: int) -> int:
    """In how many places a file is damaged: in one case of four in two, which may agree on a lie."""
    return 2 if number // 64 % 4 == 3 else 1


def _place(data: bytes, chance: random.Random) -> int:
    """Where: in the header, at the end, beside the name of a chunk, or anywhere."""
    size = max(1, len(data))
    where = chance.random()
    if where < 0.6:
        return chance.randrange(min(HEADER_BYTES, size))
    if where < 0.7:
        return max(0, size - 1 - chance.randrange(64))
    if where < 0.85:
        names = [at for name in (b"data", b"SSND", b"OggS", b"pakt", b"desc", b"Xing") if (at := data.find(name)) >= 0]
        return min(size - 1, chance.choice(names or [0]) + chance.randrange(16))
    return chance.randrange(size)


def _bit(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :] if data else data


def _byte(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _number(data: bytes, at: int, chance: random.Random) -> bytes:
    width = chance.choice((1, 2, 4, 8))
    value = chance.choice(TELLING) % 256**width
    order = "big" if chance.random() < 0.5 else "little"
    return data[:at] + value.to_bytes(width, order) + data[at + width :]  # type: ignore[arg-type]


def _near(data: bytes, at: int, chance: random.Random) -> bytes:
    """A number of four bytes becomes a little more or less."""
    order = "big" if chance.random() < 0.5 else "little"
    value = int.from_bytes(data[at : at + 4], order) + chance.choice((-4096, -64, -2, -1, 1, 2, 64, 4096))  # type: ignore[arg-type]
    return data[:at] + (value % 2**32).to_bytes(4, order) + data[at + 4 :]  # type: ignore[arg-type]


def _cut(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _remove(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + data[at + chance.randrange(1, 64) :]


def _insert(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + chance.randbytes(chance.randrange(1, 64)) + data[at:]


def _repeat(data: bytes, at: int, chance: random.Random) -> bytes:
    return data[:at] + data[at : at + chance.randrange(1, 64)] + data[at:]


KINDS = (_bit, _bit, _byte, _byte, _number, _number, _near, _cut, _remove, _insert, _repeat)
