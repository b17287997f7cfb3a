# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark says on standard error."""

import sys


class Failed(Exception):
    """Something can't be measured; its text tells why."""


class LeftOut(Exception):
    """A row can't be measured on this machine, which is no error; the text tells why."""


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def die(text):
    """Say TEXT and exit with status 1."""
    say(text)
    sys.exit(1)
