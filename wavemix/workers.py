"""Processes that work for another one, and leave with it."""

import multiprocessing
import os
import signal
import sys
from multiprocessing import connection
from threading import Thread


def heed_parent() -> None:
    """Make this process, which `multiprocessing` started, leave when its parent wants it to or is dead.

    A termination unwinds, so that nothing is left. Ctrl-C and a hang-up reach all processes, and are for the parent,
    who terminates the others. A parent that was killed cannot do that: then this process terminates itself.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
