# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong: rules for the shim, and what is done to a running copy."""

import os
import signal
import time

CALLS = ["copy_file_range", "ioctl", "pread", "pwrite", "read", "write", "ftruncate",
         "fallocate", "fsync", "close", "msync", "madvise", "linkat", "renameat",
         "fork", "fstat", "lseek", "mmap", "tmpfile", "openat"]
WHATS = ["EIO", "ENOSPC", "EDQUOT", "EINVAL", "EOPNOTSUPP", "EPERM", "ENOSYS", "EXDEV",
         "ENOMEM", "EAGAIN", "EFAULT", "EINTR", "zero", "short1000", "short4096",
         "delay2"]


def random_rule(r):
    call = r.choice(CALLS)
    what = r.choice(WHATS)
    # What no kernel does: a call that promises to do nothing else and returns 0 having
    # done nothing, and a fork that is its own child.
    if what == "zero" and call not in ("copy_file_range", "pread", "read"):
        what = "EIO"
    if what == "zero" and call in ("pread", "read"):
        what = "short1"
    if what.startswith("short") and call not in ("copy_file_range", "pread", "pwrite",
                                                 "read", "write"):
        what = "EIO"
    if call == "madvise" and r.random() < 0.4:
        what = r.choice(["SIGKILL", "SIGSEGV", "SIGBUS", "SIGTERM"])
    if what == "EINTR" and call not in ("pread", "pwrite", "read", "write",
                                        "copy_file_range"):
        what = "EIO"
    if what == "EAGAIN" and call == "madvise":
        what = "EFAULT"
    # What can't be examined by stat can't be told from another's file, and is left there.
    # And no call is interrupted for ever.
    more = r.choice(["", "+"]) if call != "fstat" and what != "EINTR" else ""
    return "%s#%d%s=%s" % (call, r.randrange(1, 12), more, what)


def workers_of(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(p) for p in f.read().split()]
    except OSError:
        return []


def meddle(r, trouble, process, source):
    """Do to the running copy what TROUBLE says, at a random moment."""
    time.sleep(r.random() ** 3 * 0.12)
    try:
        if trouble == "worker":
            for pid in workers_of(process.pid)[:1]:
                os.kill(pid, signal.SIGKILL)
        elif trouble in ("INT", "TERM", "HUP", "QUIT", "KILL"):
            process.send_signal(getattr(signal, "SIG" + trouble))
        elif trouble == "group":
            os.killpg(process.pid, signal.SIGINT)
        elif trouble == "stop":
            process.send_signal(signal.SIGTSTP)
            time.sleep(0.05)
            process.send_signal(signal.SIGCONT)
        elif trouble == "shrink":
            os.truncate(source, os.path.getsize(source) // 2)
        elif trouble == "grow":
            with open(source, "ab") as f:
                f.write(b"more")
        elif trouble == "unlink":
            os.unlink(source)
    except (ProcessLookupError, FileNotFoundError):
        pass
