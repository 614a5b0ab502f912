"""Processes that work for another leave with it."""

import subprocess
import sys

PARENT = """
import multiprocessing, time
from wavemix.workers import heed_parent

def work():
    heed_parent()
    try:
        print("working", flush=True)
        time.sleep(1000)
    finally:
        print("cleared up", flush=True)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
"""


def test_a_worker_whose_parent_is_killed_clears_up_and_leaves(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT)
    with subprocess.Popen([sys.executable, tmp_path / "parent.py"], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "working\n"
        parent.kill()
        assert parent.stdout.read() == "cleared up\n"  # to the end of the pipe, which both hold
