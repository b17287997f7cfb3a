# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold a lease of a file until it is to be broken, as Samba and NFS servers do.

usage: lease.py r|w FILE ASKED [never]
Says "held" when it has the lease: r, against writers, or w, against readers, too.  When
somebody opens FILE, makes the file ASKED and, a moment later, gives the lease up, unless
it never does, and waits.
"""
import fcntl
import os
import signal
import sys
import time

kind, name, asked = sys.argv[1:4]
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGIO])
fd = os.open(name, os.O_RDONLY)
fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK if kind == "r" else fcntl.F_WRLCK)
print("held", flush=True)
signal.sigwait([signal.SIGIO])
open(asked, "w").close()
if len(sys.argv) > 4:
    signal.pause()
time.sleep(0.1)
fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
