# SPDX-License-Identifier: GPL-3.0-or-later
"""grow.py DIRECTORY COMMAND...: while COMMAND runs, make new files in DIRECTORY,
faster than it copies them.  Its status; or 124 if it still runs when 20 000 are
made."""
import os, subprocess, sys, time

fd = os.open(sys.argv[1], os.O_RDONLY)
process = subprocess.Popen(sys.argv[2:])
for i in range(20000):
    os.close(os.open("new%d" % i, os.O_WRONLY | os.O_CREAT, dir_fd=fd))
    time.sleep(0.0005)
    if process.poll() is not None:
        sys.exit(process.returncode)
process.kill()
process.wait()
sys.exit(124)
