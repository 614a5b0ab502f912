"""`wavemix batch --ray` on a real cluster on this machine: two actors, each with a core."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from catalogue.results import marks

if os.environ.get("CI") != "true":
    pytest.importorskip("ray")

SONGS = 40


@pytest.fixture(scope="module")
def address():
    """Where a cluster of two cores answers."""
    command = [sys.executable, Path(__file__).with_name("ray_cluster.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as cluster:
        found = cluster.stdout.readline().strip()
        assert found, "there is no cluster"
        yield found
        cluster.stdin.close()


PROGRAM = """
import sys
from wavemix.cli import main
for _ in range(int(sys.argv[1])):
    try:
        main(sys.argv[2:])
    except SystemExit as leave:
        print("status", leave.code or 0)
"""


def run_on_ray(times, *arguments):
    """Run a command so often, in a process of its own; what it said on standard output and on standard error."""
    command = [sys.executable, "-c", PROGRAM, str(times), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout, done.stderr


def test_nothing_is_lost_or_done_twice_when_an_actor_is_killed_half_way(
    address, write_catalogue, tiny_weights, tmp_path
):
    songs, out, written, killed = write_catalogue(SONGS), tmp_path / "out", {}, []

    def watch() -> None:
        while not done.wait(0.005):
            for name, mark in marks(out).items():
                stamp = (out / name / "report.json").stat()
                written.setdefault(name, set()).add((mark["worker"], stamp.st_ino, stamp.st_mtime_ns))
            if len(written) >= SONGS / 2 and not killed:
                killed.append(marks(out).popitem()[1]["worker"])
                os.kill(int(killed[0].rpartition(":")[2]), signal.SIGKILL)

    done = threading.Event()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        told, errors = run_on_ray(
            2, "batch", songs, "-o", out, "--weights", tiny_weights, "--bits", "16", "--ray", address
        )
    finally:
        done.set()
        watcher.join()
    assert re.findall(r"^status (\d+)$", told, re.MULTILINE) == ["0", "0"], errors
    assert killed
    final = marks(out)
    assert len(final) == SONGS
    workers = {mark["worker"] for mark in final.values()}
    assert killed[0] in workers  # what it had done stayed
    assert len(workers) in (2, 3)  # and, if there was time, the one that came for it
    for name, seen in written.items():
        assert len(seen) == 1, name
    assert f"0 songs mixed, {SONGS} were done already, 0 failed" in told.partition("status 0")[2]


def test_a_cluster_that_is_not_there_is_one_sentence(write_catalogue, tmp_path):
    songs = write_catalogue(1)
    for address in ("127.0.0.1:9", "nonsense"):
        told, errors = run_on_ray(1, "batch", songs, "-o", tmp_path / "out", "--ray", address)
        assert told == "status 1\n"
        assert f"no Ray cluster answers at `{address}`" in errors


def test_a_device_that_the_cluster_lacks_is_one_sentence(address, write_catalogue, tmp_path):
    told, errors = run_on_ray(1, "batch", write_catalogue(1), "-o", tmp_path, "--ray", address, "--device", "cuda")
    assert "the Ray cluster has no GPU" in errors
    assert told == "status 1\n"
