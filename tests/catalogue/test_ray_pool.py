"""`wavemix batch --ray` on a real cluster on this machine: two actors, each with a core."""

import os
import signal
import threading

import pytest
from catalogue.results import marks

if os.environ.get("CI") != "true":
    pytest.importorskip("ray")

SONGS = 40


@pytest.fixture(scope="module")
def cluster():
    """A running cluster of two cores."""
    from ray.cluster_utils import Cluster

    running = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 2, "object_store_memory": 80 * 2**20, "include_dashboard": False},
    )
    yield running
    running.shutdown()


def test_nothing_is_lost_or_done_twice_when_an_actor_is_killed_half_way(
    cluster, run, write_catalogue, tiny_weights, tmp_path
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
        command = ("batch", songs, "-o", out, "--weights", tiny_weights, "--bits", "16", "--ray", cluster.address)
        first = run(*command)
    finally:
        done.set()
        watcher.join()
    assert first.status == 0, first.err
    assert killed
    final = marks(out)
    assert len(final) == SONGS
    workers = {mark["worker"] for mark in final.values()}
    assert killed[0] in workers  # what it had done stayed
    assert len(workers) in (2, 3)  # and, if there was time, the one that came for it
    for name, seen in written.items():
        assert len(seen) == 1, name
    again = run(*command)
    assert f"0 songs mixed, {SONGS} were done already, 0 failed" in again.out


def test_a_cluster_that_is_not_there_is_one_sentence(run, write_catalogue, tmp_path):
    songs = write_catalogue(1)
    for address in ("127.0.0.1:9", "nonsense"):
        outcome = run("batch", songs, "-o", tmp_path / "out", "--ray", address)
        assert outcome.status == 1
        assert f"no Ray cluster answers at `{address}`" in outcome.err


def test_a_device_that_the_cluster_lacks_is_one_sentence(cluster, run, write_catalogue, tmp_path):
    outcome = run("batch", write_catalogue(1), "-o", tmp_path, "--ray", cluster.address, "--device", "cuda")
    assert "the Ray cluster has no GPU" in outcome.err
