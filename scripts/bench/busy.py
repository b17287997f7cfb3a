# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that compute all the time, one for each processor."""

import contextlib
import ctypes
import signal
import subprocess

from bench import machine

PR_SET_PDEATHSIG = 1


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def processors(wanted):
    """Keep all processors busy meanwhile, if that is WANTED."""
    # Started before anything is timed, by a fork that sees one thread.
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"],
                              preexec_fn=die_with_parent)
             for _ in range(machine.processors() if wanted else 0)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
