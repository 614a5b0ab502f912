"""Threads that are left alone stop: where they did not, these tests would not end."""

import subprocess
import sys

import pytest
from own_process import after

from wavemix.crew import Crew


def test_work_is_done_in_order():
    with Crew(2) as crew:
        assert list(crew.map(lambda a, b: a + b, [1, 2, 3], [10, 20, 30])) == [11, 22, 33]


INTERRUPTED = """
import signal, threading
from wavemix.crew import Crew

begun, begun_late = threading.Event(), []

def work(number):
    if number > 1:
        begun_late.append(number)
    while True:
        begun.set()
        crew.stay()

try:
    with Crew(2) as crew:
        results = crew.map(work, range(4))
        begun.wait()
        threading.Timer(0.05, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]).start()
        next(results)
except KeyboardInterrupt:
    print("interrupted", begun_late)
"""


def test_an_interrupt_ends_work_that_would_never_end():
    heed = "signal.signal(signal.SIGINT, signal.SIG_DFL)"  # what runs in the background of a shell ignores it
    done = subprocess.run(after(heed, sys.executable, "-c", INTERRUPTED), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted []\n", "")


def test_what_fails_ends_the_others():
    def work(fails):
        while not fails:
            crew.stay()
        raise ValueError("bad track")

    with pytest.raises(ValueError, match="bad track"), Crew(2) as crew:
        list(crew.map(work, [True, False]))
