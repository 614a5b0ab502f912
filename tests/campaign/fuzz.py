"""Reads thousands of damaged sound files: each must be refused in a sentence, or give all that the whole one held.

    python tests/campaign/fuzz.py --mutations 20000

prints a row a container, and every file that was crashed on, took too long, came back shorter or left a traceback; they
can be made again by their numbers. The tests run a part of it.
"""

import argparse
import faulthandler
import json
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from campaign.mutations import mutate, places
from campaign.seeds import Seed, seeds

from wavemix.audio.containers import SAMPLE_BYTES
from wavemix.audio.files import probe
from wavemix.audio.mpeg import MOST_TRIMMED
from wavemix.audio.opening import open_bytes, open_sound
from wavemix.audio.scanning import scan
from wavemix.errors import WavemixError

MOST_SECONDS = 10
MOST_BYTES = 2 * 10**9


@dataclass(frozen=True)
class Verdict:
    """What became of a damaged file: `read`, `refused`, or else a fault in words."""

    number: int
    container: str
    what: str


def judge(seed: Seed, path: Path, number: int) -> str:
    """Read a damaged file as `wavemix mix` does first of all.

    What a file lost that never knew its size nobody can tell, nor where a second damage makes its size fit the first.
    """
    lost = max(0, len(seed.data) - path.stat().st_size)
    held = seed.held - (lost if seed.streamed or places(number) > 1 else 0)
    try:
        frames = 0

        def count(block, rate: int) -> None:
            nonlocal frames
            frames += block.shape[1]

        info = probe(path)
        scan(path, count)
    except WavemixError as error:
        sentence = str(error)
        good = sentence.startswith(f"{path}: ") and sentence.endswith(".") and "\n" not in sentence
        return "refused" if good else f"refused by other than a sentence: {sentence!r}"
    except Exception:
        return "traceback: " + traceback.format_exc()
    if frames != info.frames:
        return f"{frames} samples of {info.frames} came"
    if not seed.linear:
        trimmed = MOST_TRIMMED if seed.ending == "mp3" else 0
        return "read" if frames >= held - trimmed else f"silently {frames} samples of {held}"
    with open_bytes(path) as file, open_sound(file, info.head) as sound:
        block = SAMPLE_BYTES.get(sound.subtype, 0) * info.channels
    if block and frames * block <= held - block:
        return f"silently {frames * block} bytes of {held}"
    return "read"


def judge_all(numbers: Iterable[int], folder: Path, told: int) -> None:
    """Judge files in this process, which may die of one, and tell a pipe before and after each."""
    known = seeds()
    with os.fdopen(told, "w") as pipe:
        for number in numbers:
            seed = known[number % len(known)]
            path = folder / f"{number}.{seed.ending}"
            path.write_bytes(mutate(seed.data, number))
            print(json.dumps([number, seed.name, None]), file=pipe, flush=True)
            faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
            what = judge(seed, path, number)
            faulthandler.cancel_dump_traceback_later()
            print(json.dumps([number, seed.name, what]), file=pipe, flush=True)
            path.unlink()


def run(first: int, mutations: int) -> tuple[list[Verdict], int]:
    """Judge so many files in processes of their own; what each became of, and the most bytes that one process took."""
    verdicts: list[Verdict] = []
    most, number, end = 0, first, first + mutations
    with tempfile.TemporaryDirectory() as folder:
        while number < end:
            ours, theirs = os.pipe()
            child = os.fork()
            if not child:
                os.close(ours)
                judge_all(range(number, end), Path(folder), theirs)
                os._exit(0)
            os.close(theirs)
            begun: tuple[int, str] | None = None
            with os.fdopen(ours) as pipe:
                for line in pipe:
                    number, name, what = json.loads(line)
                    begun = (number, name) if what is None else None
                    if what is not None:
                        verdicts.append(Verdict(number, name, what))
            _, status, used = os.wait4(child, 0)
            most = max(most, 1024 * used.ru_maxrss)
            if begun:
                verdicts.append(Verdict(*begun, f"died of it: status {status}, or {MOST_SECONDS} s were over"))
            elif status:
                raise RuntimeError(f"the process that judges ended with status {status}")
            number += 1
    return verdicts, most


def main() -> int:
    """Print what came of it; 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    options = parser.parse_args()
    verdicts, most = run(options.first, options.mutations)
    faults = [verdict for verdict in verdicts if verdict.what not in ("read", "refused")]
    table = Counter((verdict.container, verdict.what) for verdict in verdicts)
    print("container                 read  refused")
    for name in dict.fromkeys(seed.name for seed in seeds()):
        print(f"{name:<22} {table[name, 'read']:>7} {table[name, 'refused']:>8}")
    print(f"{len(verdicts)} files, {len(faults)} faults, at most {most / 1e6:.0f} MB")
    for fault in faults:
        print(f"{fault.number} ({fault.container}): {fault.what}")
    return int(bool(faults) or most > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
