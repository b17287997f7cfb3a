# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of one file: what is copied, how, and what goes wrong meanwhile."""

import os
import random
import resource
import shutil
import signal
import subprocess
import threading
import time

from torture.judgement import Failure, content, judge
from torture.trouble import meddle, random_rule

MIB = 1 << 20
PAGE = 4096
SIZES = [0, 1, 100, PAGE, 65536, 256 * 1024, MIB, 3 * MIB, 16 * MIB, 40 * MIB]
OPTIONS = (("--fsync", 0.2), ("--atomic", 0.25), ("-f", 0.1), ("-v", 0.1))
TROUBLE = ["worker", "INT", "TERM", "HUP", "QUIT", "KILL", "group", "stop", "shrink",
           "grow", "unlink"]
PIECES = [PAGE, 5 * PAGE, 65536, 300000, 2 * MIB]
SLOW = ("madvise", "pwrite", "copy_file_range", "ioctl", "linkat", "fsync")


def random_size(r):
    base = r.choice(SIZES)
    if r.random() < 0.05:
        base = 80 * MIB
    return max(0, base + r.choice([0, 0, -1, 1, -PAGE, PAGE, r.randrange(-5000, 5000)]))


def make_file(r, path, size, holes):
    """Make a file of SIZE random bytes, with HOLES in it or not."""
    with open(path, "wb") as f:
        if not holes:
            f.write(r.randbytes(size))
        else:
            at = 0
            while at < size:
                length = min(size - at, r.choice(PIECES))
                if r.random() < 0.5:
                    f.seek(at)
                    f.write(r.randbytes(length))
                at += length
        f.truncate(size)


class Round:
    """One copy.  All that is random comes from its SEED."""
    def __init__(self, seed, places, options):
        self.r = r = random.Random(seed)
        self.options = options
        self.fs, top = r.choice(places)
        self.dir = os.path.join(top, "round")
        shutil.rmtree(self.dir, ignore_errors=True)
        os.mkdir(self.dir)
        self.source = os.path.join(self.dir, "source")
        self.dest = os.path.join(self.dir, "dest")
        self.real = self.dest           # where DEST leads
        self.other = None               # another hard link of it
        self.rules = ""
        self.trouble = None
        self.limits = []

    def prepare(self):
        """Make the files, and choose the options and what goes wrong."""
        self.make_source()
        self.old = None
        kind = self.r.choice(["new", "new", "old", "old", "symlink", "hardlink"])
        if kind != "new":
            self.make_old(kind)
        self.choose_arguments()
        self.choose_trouble()

    def make_source(self):
        r = self.r
        self.size = random_size(r)
        make_file(r, self.source, self.size, r.random() < 0.4)
        self.want = content(self.source)
        self.blocks = os.stat(self.source).st_blocks

    def make_old(self, kind):
        """Make a destination that exists: a file, a symlink, or a file of two names."""
        r = self.r
        if kind == "symlink":
            os.mkdir(os.path.join(self.dir, "elsewhere"))
            self.real = os.path.join(self.dir, "elsewhere", "file")
            os.symlink("elsewhere/file", self.dest)
        size = r.choice([self.size, random_size(r)])
        make_file(r, self.real, size, r.random() < 0.3)
        os.chmod(self.real, 0o640)
        self.old = content(self.real)
        if kind == "hardlink":
            self.other = os.path.join(self.dir, "other")
            os.link(self.real, self.other)

    def choose_arguments(self):
        r = self.r
        self.arguments = [option for option, chance in OPTIONS if r.random() < chance]
        self.atomic = "--atomic" in self.arguments
        if r.random() < 0.7:
            engine = r.choice(["auto", "mmap", "mmap", "kernel", "stream"])
            self.arguments.append("--engine=" + engine)
        if r.random() < 0.8:
            self.arguments.append("-j%d" % r.choice([1, 2, 3, 7, 16]))
        if r.random() < 0.7:
            chunk = r.choice(["4K", "64K", "1M", "5000000"])
            self.arguments.append("--chunk-size=" + chunk)

    def choose_trouble(self):
        r = self.r
        what = r.random()
        if what < 0.35 and self.options.shim:
            self.rules = " ".join(random_rule(r) for _ in range(r.choice([1, 1, 2])))
        elif what < 0.7:
            self.trouble = r.choice(TROUBLE)
        elif what < 0.8:
            self.fill()
        elif what < 0.88:
            self.limits = [r.choice([
                (resource.RLIMIT_FSIZE, r.randrange(1, max(2, self.size))),
                (resource.RLIMIT_AS, r.choice([40, 80, 200]) * MIB),
                (resource.RLIMIT_NOFILE, 16)])]
        if self.trouble and self.options.shim and r.random() < 0.8:
            self.slow_down()
        # An address sanitizer reserves terabytes.
        if self.options.sanitized:
            self.limits = [l for l in self.limits if l[0] != resource.RLIMIT_AS]

    def slow_down(self):
        """Have calls take long enough for trouble to meet a copy."""
        delay = self.r.choice([1, 5, 20])
        if "--chunk-size=4K" in self.arguments:
            delay = 1
        self.rules = " ".join("%s=delay%d" % (call, delay) for call in SLOW)

    def fill(self):
        """Leave less room than the copy may want."""
        free = shutil.disk_usage(self.dir).free
        leave = self.r.randrange(0, max(1, self.size + MIB))
        try:
            with open(os.path.join(self.dir, "filler"), "wb") as f:
                os.posix_fallocate(f.fileno(), 0, max(1, free - leave))
        except OSError:
            pass

    def limit(self):
        """What happens in the new process, before it is mmcp."""
        os.setpgid(0, 0)
        for signo in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(signo, signal.SIG_DFL)    # as nohup and & don't leave it
        for what, value in self.limits:
            resource.setrlimit(what, (value, value))

    def start(self):
        env = dict(os.environ, LC_ALL="C", MMCP_SHIM=self.rules,
                   ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
        if self.rules:
            env["LD_PRELOAD"] = self.options.shim
        return subprocess.Popen(
            [self.options.mmcp] + self.arguments + [self.source, self.dest], env=env,
            preexec_fn=self.limit, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)

    def run(self):
        """Copy, and have trouble meanwhile."""
        process, helper = self.start(), None
        if self.trouble:
            helper = threading.Thread(target=meddle, args=(
                self.r, self.trouble, process, self.source))
            helper.start()
        try:
            self.err = process.communicate(timeout=60)[1].decode(errors="replace")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Failure("it hangs") from None
        finally:
            if helper:
                helper.join()
        self.status = process.returncode
        self.group = process.pid

    def describe(self):
        old = None if self.old is None else len(self.old)
        status, err = getattr(self, "status", None), getattr(self, "err", None)
        return ("%s: mmcp %s, size %d, old %s, rules '%s', trouble %s, limits %s; status"
                " %s, %r" % (self.fs, " ".join(self.arguments), self.size, old,
                             self.rules, self.trouble, self.limits, status, err))


# ---- all rounds ----

def succeeds(one, seed):
    """Prepare, run and judge the round ONE; say what is wrong, and return False then."""
    try:
        one.prepare()
        one.run()
        judge(one)
    except Failure as failure:
        print("torture: FAILED, --seed %d: %s\n  %s" % (seed, failure, one.describe()),
              flush=True)
        return False
    except OSError as error:    # no room to prepare the round in
        print("torture: seed %d left out: %s" % (seed, error))
    return True


def torture(places, options):
    """Rounds of single files; return whether none failed."""
    end = time.time() + options.minutes * 60
    done, failed, statuses = 0, 0, {}
    try:
        while (done < options.rounds) if options.rounds else (time.time() < end):
            one = Round(options.seed + done, places, options)
            failed += not succeeds(one, options.seed + done)
            key = (one.fs, getattr(one, "status", None))
            statuses[key] = statuses.get(key, 0) + 1
            done += 1
    except KeyboardInterrupt:
        pass
    for (fs, status), count in sorted(statuses.items(), key=str):
        print("torture: %-6s status %-5s %d times" % (fs, status, count))
    print("torture: %d rounds, %d failed" % (done, failed))
    return not failed
