"""Cores that are shared, by the threads of this program and with others.

The arithmetic's threads wait for each other many times a block. By default they wait by spinning, for milliseconds:
where another program has a core, they spin on the one that is left, and a mix takes about twice as long
(docs/speed.md). OpenBLAS, which numpy calls, stays in the thread that calls it: the meters run side by side.
"""

import os

POLITE = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}
"""Read by the libraries when they are loaded, and by the processes that are started."""


def share_cores() -> None:
    """Make the libraries that are loaded from now on polite, unless the user has said otherwise."""
    for name, value in POLITE.items():
        os.environ.setdefault(name, value)
