# SPDX-License-Identifier: GPL-3.0-or-later
"""Run cp or mmcp, and look at what is left running."""
import collections
import os
import re
import shutil
import signal
import subprocess
import time

from processgroup import processes_of
from trees.basics import LIMIT, is_root
from trees.excuses import EXPECTED

Run = collections.namedtuple("Run", "program arguments jobs status out err faults")


class Program:
    """One of the two, by its path; asked once what it is and which options it knows."""

    known = {}

    def __init__(self, path):
        self.path = shutil.which(path) or path
        self.name = os.path.basename(self.path)

    def ask(self, *arguments):
        done = subprocess.run([self.path, *arguments], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=LIMIT)
        return done.stdout, done.stderr

    def once(self, key, question):
        if (self.path, key) not in self.known:
            self.known[self.path, key] = question()
        return self.known[self.path, key]

    def is_cp(self):
        return self.once("is cp", lambda: b"GNU coreutils" in self.ask("--version")[0])

    def has_other_n(self):
        """What -n answers changed in cp 9.2 and was changed back in 9.5."""
        return self.is_cp() and self.once("has other -n", lambda: re.search(
            rb"^cp \(GNU coreutils\) 9\.[234]\b", self.ask("--version")[0]) is not None)

    def knows(self, options):
        return self.once(tuple(options), lambda: b"Try '" not in self.ask(
            *options, "/nonexistent/trees/a", "/nonexistent/trees/b")[1])


def normal_lines(data, program, twin):
    """The lines of what PROGRAM said, sorted, as if all programs had one name."""
    name = re.escape(program.name.encode())
    data = data.replace(twin, b"TWIN")
    lines = []
    for line in data.split(b"\n"):
        line = re.sub(rb"^(\S*/)?" + name + rb": ", b"PROGRAM: ", line)
        line = re.sub(rb"^Try '(\S*/)?" + name + rb" ", b"Try 'PROGRAM ", line)
        for pattern, replacement, _ in EXPECTED:
            line = re.sub(pattern, replacement, line)
        lines.append(line)
    return sorted(line for line in lines if line)


def still_running(group):
    """Whether a process of GROUP is left; one that is only going gets a moment."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        if not processes_of({group}):
            return False
        time.sleep(0.01)
    return True


def run_program(program, arguments, jobs, cwd, case, uid):
    """Run it, and stop it if it takes too long."""
    command = [program.name.encode()]
    if not program.is_cp():
        command.append(b"-j%d" % jobs)
    env = {k: v for k, v in os.environ.items()
           if k not in ("POSIXLY_CORRECT", "VERSION_CONTROL", "LANG", "QUOTING_STYLE")}
    env["LC_ALL"] = case.locale
    other = {"user": uid, "group": uid, "extra_groups": []} \
        if is_root() and uid != 0 else {}
    process = subprocess.Popen(
        command + arguments, executable=program.path, cwd=cwd, env=env, umask=case.umask,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, **other)
    faults = []
    try:
        out, err = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        faults.append("%s did not end in %d s" % (program.name, LIMIT))
    except BaseException:       # we are being stopped
        os.killpg(process.pid, signal.SIGKILL)
        raise
    else:
        if still_running(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
            faults.append("%s left processes behind" % program.name)
    return Run(program, arguments, jobs, process.returncode, out, err, faults)
