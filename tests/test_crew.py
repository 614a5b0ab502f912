"""Threads that are left alone stop: where they did not, these tests would not end."""

import signal
import threading

import pytest

from wavemix.crew import Crew


def test_work_is_done_in_order():
    with Crew(2) as crew:
        assert list(crew.map(lambda a, b: a + b, [1, 2, 3], [10, 20, 30])) == [11, 22, 33]


@pytest.mark.alone
def test_an_interrupt_ends_work_that_would_never_end():
    begun = threading.Event()
    not_begun = []

    def work(number):
        if number > 1:
            not_begun.append(number)
        while True:
            begun.set()
            crew.stay()

    with pytest.raises(KeyboardInterrupt), Crew(2) as crew:
        results = crew.map(work, range(4))
        begun.wait()
        main = threading.main_thread().ident
        threading.Timer(0.05, signal.pthread_kill, [main, signal.SIGINT]).start()
        next(results)
    assert not_begun == []


def test_what_fails_ends_the_others():
    def work(fails):
        while not fails:
            crew.stay()
        raise ValueError("bad track")

    with pytest.raises(ValueError, match="bad track"), Crew(2) as crew:
        list(crew.map(work, [True, False]))
