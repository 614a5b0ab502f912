"""`wavemix batch --ray` on a real cluster on this machine: two actors, each with a core."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from catalogue.results import killing_a_worker, marks

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
import json, sys
from wavemix.cli import main
for command in json.loads(sys.argv[1]):
    try:
        main(command)
    except SystemExit as leave:
        print("status", leave.code or 0)
"""


def run_on_ray(*commands):
    """Run commands in a process of their own; what they said on standard output and on standard error."""
    texts = [[str(argument) for argument in command] for command in commands]
    done = subprocess.run([sys.executable, "-c", PROGRAM, json.dumps(texts)], capture_output=True, text=True)
    return done.stdout, done.stderr


def test_nothing_is_lost_or_done_twice_when_an_actor_is_killed_half_way(
    address, write_catalogue, tiny_weights, tmp_path
):
    songs, out = write_catalogue(SONGS), tmp_path / "out"
    batch = ("batch", songs, "-o", out, "--weights", tiny_weights, "--bits", "16", "--ray", address)
    with killing_a_worker(out, after_songs=SONGS // 2) as watched:
        told, errors = run_on_ray(batch, (*batch, "--workers", 1))
    assert re.findall(r"^status (\d+)$", told, re.MULTILINE) == ["0", "0"], errors
    assert watched.killed
    final = marks(out)
    assert len(final) == SONGS
    workers = {mark["worker"] for mark in final.values()}
    assert watched.killed in workers  # what it had done stayed
    assert len(workers) in (2, 3)  # and, if there was time, the one that came for it
    assert watched.written == {name: [mark["worker"]] for name, mark in final.items()}
    assert f"0 songs mixed, {SONGS} were done already, 0 failed" in told.partition("status 0")[2]


def test_a_cluster_that_is_not_there_is_one_sentence(write_catalogue, tmp_path):
    addresses = ("127.0.0.1:9", "nonsense")
    songs = write_catalogue(1)
    told, errors = run_on_ray(*(("batch", songs, "-o", tmp_path / "out", "--ray", address) for address in addresses))
    assert told == 2 * "status 1\n"
    for line, address in zip(errors.splitlines(), addresses, strict=True):
        assert f"no Ray cluster answers at `{address}`" in line


def test_a_device_that_the_cluster_lacks_is_one_sentence(address, write_catalogue, tmp_path):
    told, errors = run_on_ray(("batch", write_catalogue(1), "-o", tmp_path, "--ray", address, "--device", "cuda"))
    assert "the Ray cluster has no GPU" in errors
    assert told == "status 1\n"
