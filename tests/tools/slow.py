# SPDX-License-Identifier: GPL-3.0-or-later
"""slow.py MOUNT BACKING: interrupt mmcp in every kind of request to MOUNT, where
faultfs shows BACKING; what it says of each case is a TAP line without a number.  All
cases at once: they wait most of the time."""
import os, signal, subprocess, sys, time

sys.dont_write_bytecode = True
from processgroup import processes_of

mount, backing = sys.argv[1:3]
mmcp = os.environ["MMCP"]
LIMIT = 3			# seconds: less than one, but machines are loaded
content = bytes(range(256)) * 3000
old = b"old" * 1000

# Name, operation that is slow (and on which name of the case's directory), options,
# source and destination: "slow" is on MOUNT, "local" isn't; "new" isn't there, "old" is.
AT = "--atomic"
CASES = [
    # out of it
    ("look", "getattr@/source", "", "slow/source", "local/new"),
    ("second look", "getattr@/source#2+", "", "slow/source", "local/new"),
    ("open", "open@/source", "", "slow/source", "local/new"),
    ("read", "read@/source", "", "slow/source", "local/new"),
    ("read", "read@/source", AT, "slow/source", "local/old"),
    ("flush", "flush@/source", "", "slow/source", "local/new"),
    ("attributes", "listxattr@/source", "-a", "slow/source", "local/new"),
    ("look", "getattr@/tree", "-r -j3", "slow/tree", "local/new"),
    ("names", "readdir@/tree", "-r -j3", "slow/tree", "local/new"),
    ("names", "readdir@/tree/sub", "-r -j3", "slow/tree", "local/new"),
    ("open", "open@/150", "-r -j3", "slow/tree", "local/new"),
    ("read", "read@/150", "-r -j3", "slow/tree", "local/new"),
    ("read of all", "read", "-r -j3", "slow/tree", "local/new"),
    ("read", "read@/150", "-r -j1", "slow/tree", "local/new"),
    # into it
    ("look", "getattr@/new", "", "local/source", "slow/new"),
    ("create", "create@/new", "", "local/source", "slow/new"),
    ("write", "write@/new", "", "local/source", "slow/new"),
    ("write", "write@/new", "--engine=stream", "local/source", "slow/new"),
    ("flush", "flush@/new", "", "local/source", "slow/new"),
    ("mode", "chmod@/new", "-p", "local/source", "slow/new"),
    ("times", "utimens@/new", "-p", "local/source", "slow/new"),
    ("fsync", "fsync@/new", "--fsync", "local/source", "slow/new"),
    ("open", "open@/old", "", "local/source", "slow/old"),
    ("write", "write@/old", "", "local/source", "slow/old"),
    ("create", "create", AT, "local/source", "slow/old"),
    ("write", "write", AT, "local/source", "slow/old"),
    ("fsync", "fsync", AT, "local/source", "slow/old"),
    ("rename", "rename@/old", AT, "local/source", "slow/old"),
    ("directory", "mkdir@/new", "-r -j3", "local/tree", "slow/new"),
    ("create", "create@/150", "-r -j3", "local/tree", "slow/new"),
    ("write", "write@/150", "-r -j3", "local/tree", "slow/new"),
    ("write to all", "write", "-r -j3", "local/tree", "slow/new"),
    ("times", "utimens@/150", "-a -j3", "local/tree", "slow/new"),
    ("link", "symlink", "-a -j3", "local/tree", "slow/new"),
    # a mount that a tree contains, and one behind a symbolic link
    ("mount in a tree", "read@/150", "-r -j3", "around", "local/new"),
    ("mount behind a link", "read@/source", "", "link/source", "local/new"),
]

class Case:
    def __init__(self, number, case, to):
        self.name, self.rule, self.options, self.source, self.dest = case
        self.to = to
        self.dir = "c%d" % number
        self.what = "%s to the %s, %s: %s" % (
            "SIGINT" if to == "group" else "SIGTERM", to, self.name,
            " ".join(["mmcp", self.options, self.source, self.dest]).replace("  ", " "))
        for side in "slow", "local":
            top = self.path(side, mount=backing)
            os.makedirs(top)
            for name, data in ("source", content), ("old", old):
                with open(top + "/" + name, "wb") as f:
                    f.write(data)
        if "-j" in self.options:
            side = "local" if self.source.startswith("local") else "slow"
            self.make_tree(self.path(side, mount=backing) + "/tree")
        os.symlink(self.path("slow"), self.path("local") + "/link")

    @staticmethod
    def make_tree(top):
        os.makedirs(top + "/sub/lower")
        for i in range(200):		# so many that workers are forked
            with open("%s/%s%d" % (top, "sub/" if i >= 100 else "", i), "wb") as f:
                f.write(b"%d" % i * 100)
        os.symlink("0", top + "/sub/link")

    def path(self, what, mount=None):
        side, _, rest = what.partition("/")
        if side in ("link", "around"):
            return os.path.join(os.path.abspath("local"), self.dir,
                                "link" if side == "link" else "around", rest).rstrip("/")
        top = ((mount or globals()["mount"]) if side == "slow"
               else os.path.abspath("local"))
        return os.path.join(top, self.dir, rest).rstrip("/")

    def rules(self):
        operation, _, name = self.rule.partition("@")
        use = ""
        if "#" in name:
            name, _, use = name.partition("#")
            use = "#" + use
        if not name:		# anything in the case's directory
            return ["%s@/%s/%s=delay30000" % (operation, self.dir, use)]
        if name.startswith("/1"):
            tree = "tree/sub" if self.source.startswith(("slow", "around")) else "new/sub"
            return ["%s@/%s/%s%s%s=delay30000" % (operation, self.dir, tree, name, use)]
        return ["%s@/%s%s%s=delay30000" % (operation, self.dir, name, use)]

    def start(self):
        command = [mmcp, *self.options.split(), self.path(self.source),
                   self.path(self.dest)]
        self.stderr = open(self.path("local") + "/stderr", "w+")
        self.process = subprocess.Popen(
            command, start_new_session=True, stderr=self.stderr,
            env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))

    def interrupt(self):
        self.running = self.process.poll() is None
        self.began = time.monotonic()
        self.signal = signal.SIGINT if self.to == "group" else signal.SIGTERM
        if self.running and self.to == "group":
            os.killpg(self.process.pid, self.signal)
        elif self.running:
            self.process.send_signal(self.signal)

    def wait(self):
        left = self.began + LIMIT - time.monotonic()
        try:
            self.status = self.process.wait(timeout=max(left, 0.001))
        except subprocess.TimeoutExpired:
            self.status = None

    def wrong(self):
        """What is wrong, or None."""
        self.stderr.seek(0)
        said = self.stderr.read()
        if not self.running:
            return "it was not held up: status %s; %s" % (self.status, said)
        if self.status is None:
            self.process.wait()
            return "not gone within %d s" % LIMIT
        if self.status != -self.signal:
            return "status %d; %s" % (self.status, said)
        if said and (said.count("\n") != 1 or "does not answer" not in said):
            return said
        if AT in self.options:	# elsewhere old files are emptied first, as by cp
            with open(self.path(self.dest, mount=backing), "rb") as f:
                if f.read() not in (old, content):
                    return "the old file is lost"
        return None


def rules(lines):
    with open(mount + ".rules.new", "w") as f:
        f.write("\n".join(lines) + "\n")
    os.rename(mount + ".rules.new", mount + ".rules")


def bind(case):
    """A mount of its own in the middle of the case's tree."""
    os.makedirs(case.path("around/tree"))
    subprocess.check_call(["mount", "--bind", case.path("slow/tree"),
                           case.path("around/tree")])
    return case.path("around/tree")


def run(cases):
    rules([rule for case in cases for rule in case.rules()])
    for case in cases:
        case.start()
    time.sleep(3)
    for case in cases:
        case.interrupt()
    for case in cases:
        case.wait()
    rules([])
    groups = {case.process.pid for case in cases}
    end = time.monotonic() + 20
    while processes_of(groups) and time.monotonic() < end:
        time.sleep(0.05)
    left = processes_of(groups)
    for case in cases:
        wrong = case.wrong()
        print("%s - %s" % ("not ok" if wrong else "ok", case.what))
        if wrong:
            print("# " + wrong.strip().replace("\n", "\n# "))
    print("%s - and no process is left when it answers again%s"
          % ("not ok" if left else "ok", left or ""))


cases = [Case(2 * i + j, case, to) for i, case in enumerate(CASES)
         for j, to in enumerate(("group", "process"))]
binds = [bind(case) for case in cases if case.source == "around"]
try:
    run(cases)
finally:
    for point in binds:
        subprocess.call(["umount", "-l", point])
