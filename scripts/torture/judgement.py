# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a round of one file: what mmcp says has to agree with what is left.  ONE is the
files.Round that was run, NOW the content of the destination, or None if there is none."""

import os
import signal
import time

from processgroup import processes_of

MIB = 1 << 20


class Failure(Exception):
    """What mmcp did is against the rule."""


def content(path):
    with open(path, "rb") as f:
        return f.read()


def judge(one):
    """Raise Failure if anything is against the rule."""
    check_leftovers(one)
    check_source(one)
    now = content(one.real) if os.path.exists(one.real) else None
    if one.status == 0:
        check_done(one, now)
    elif one.status == 1:
        check_failed(one, now)
        check_message(one)
    elif one.status == -signal.SIGKILL and one.trouble == "KILL":
        check_killed(one, now)
    elif one.status < 0 and one.trouble in ("INT", "TERM", "HUP", "QUIT", "group"):
        if now != one.want:     # the signal may have come when all was done
            check_failed(one, now)
    else:
        raise Failure("status %d" % one.status)
    check_links(one)


def check_message(one):
    lines = [l for l in one.err.splitlines() if not l.startswith("mmcp: warning")]
    if len(lines) != 1 or not lines[0].startswith("mmcp: "):
        raise Failure("a failure is one line, not %r" % one.err)


def check_links(one):
    if one.old is not None and os.path.islink(one.dest) != (one.real != one.dest):
        raise Failure("the symlink is not what it was")
    if one.other is not None and "-f" not in one.arguments \
            and not os.path.samefile(one.other, one.real):
        raise Failure("the hard link was lost")


def check_leftovers(one):
    for _ in range(100):        # They need a moment to be gone.
        if not processes_of((one.group,)):
            break
        time.sleep(0.02)
    else:
        raise Failure("workers outlive it")
    left = [n for d in {one.dir, os.path.dirname(one.real)} for n in os.listdir(d)
            if n.startswith(".mmcp-")]
    # Nobody can clean up after kill -9.
    if left and one.trouble != "KILL":
        raise Failure("left behind: %s" % left)


def check_source(one):
    if one.trouble in ("shrink", "grow", "unlink"):
        return
    if content(one.source) != one.want:
        raise Failure("the source was changed")
    if os.stat(one.source).st_blocks > one.blocks and one.fs == "tmpfs" \
            and "lseek" not in one.rules:       # or nobody could know of the holes
        raise Failure("the source has more blocks than it had")


def check_done(one, now):
    wants = [one.want]
    if one.trouble == "shrink":
        wants.append(one.want[:one.size // 2])
    if one.trouble == "grow":
        wants.append(one.want + b"more")
    if now not in wants:
        raise Failure("done, and the destination differs")


def check_failed(one, now):
    if one.old is None:
        if now is not None:
            raise Failure("failed, and there is a new file")
        return
    if now == one.old:
        return
    if one.atomic and now == one.want and "flush the directory" in one.err:
        return              # replaced, but nobody can say whether for good
    if one.atomic:
        raise Failure("failed, and an old file that was to be replaced is another")
    if now is None and "-f" in one.arguments:
        return
    source = one.want + b"more"
    if now is None or (source[:len(now)] != now and now[:len(one.want)] != one.want):
        raise Failure("failed, and the old file is neither old nor a prefix")


def check_killed(one, now):
    # A small file has its name from the start, and is short while it isn't whole.
    short = one.size < MIB // 4 and now is not None and one.want.startswith(now)
    if one.old is None and now is not None and now != one.want and not short:
        raise Failure("killed, and a partial file has the name")
    if one.old is not None and one.atomic and now not in (one.old, one.want):
        raise Failure("killed, and an old file that was to be replaced is another")
