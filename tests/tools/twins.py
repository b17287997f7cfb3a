#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run cp and mmcp with the same arguments in twin directories, and compare everything.

A line of a table, tests/*.cases, is a case:  SET-UP | ARGUMENTS | MARKS
Behind `==' is the name of the cases that follow.

SET-UP, in which names are made in this order, with what is above them:
  a  a:text       a file with its name and a newline, or another text, in it;
                  HOLES, ZEROS, EMPTY and LARGE stand for the texts in fill()
  d/  p|  n!      a directory, a FIFO, a device like /dev/null
  s->a  h=a       a symlink, a hard link
  a{600,t=5.1}    with a mode, and a time in seconds after that of all others; own= is an
                  owner, x= an extended attribute, dacl= a default ACL
In all words %20 is a byte, {a*255} a name of 255 a's, @ nothing, $PWD the twin; a set-up of
. is empty.

MARKS, words that say how, and when:
  in=y/n/  umask=077  cd=d  VARIABLE=value       answers are lines, with / at their ends
  no=b            the question about b is answered by no; cp before 9.11 doesn't say so
  root  user      only for root, only for an ordinary user
  reflink  noreflink  acl  xattr                 only where there is such, or isn't
  everywhere      on all file systems, and not only on the first
  blocks          both copies have to take about the same space
  anyorder        lines may come in another order, as they always may with -r
  both            stdout and stderr are one pipe: the order between them counts, too
  full            stdout is /dev/full
  closed=0,2      started without these descriptors
  not=9.2-9.4     not with these versions of cp
  since=9.5       cp does so since that version (9.1..9.6: since one of those after 9.1)
  differs         no cp does so
The latter two want a reason, and what mmcp does instead, in lines below:
  why, exit STATUS, out LINE, err LINE, then SET-UP
These hold whatever cp is there; and where it is one that differs, it has to differ: a
difference that went away is a failure, too.

The cases of one file under two names are generated here."""

import argparse
import collections
import fcntl
import functools
import itertools
import multiprocessing
import os
import re
import stat
import struct
import subprocess
import sys
import tempfile
import time

import trees

LIMIT = 20                      # seconds that a copy may take
EPOCH = 1_000_000_000           # when all is made in a set-up, but for t=
NEVER = (1000,)                 # the version of cp that will do as mmcp does
SHOWN = 30                      # lines of a case that failed
ROUND = 800 << 10                # a difference in bytes that two file systems may make

# What another version of cp says in other words: (the first version that says it as mmcp
# does, pattern, replacement), for both sides.
OTHER_WORDS = [
    ((9, 2), rb"(: cannot overwrite directory .* with non-directory).*", rb"\1"),
    ((9, 5), rb": (options --backup and --no-clobber are mutually exclusive|"
     rb"--backup is mutually exclusive with -n or --update=none-fail)", rb": not with --backup"),
]

# ---- the table ----

Case = collections.namedtuple("Case", "where group setup arguments marks expect text")
FLAGS = {"root", "user", "everywhere", "reflink", "noreflink", "blocks", "acl", "xattr",
         "anyorder", "differs", "both", "full"}
VALUES = {"in", "no", "since", "not", "umask", "cd", "closed"}
EXPECTS = {"why", "exit", "out", "err", "then"}


class Broken(Exception):
    """A table that can't be read, or a set-up that can't be made."""


def decode(word):
    """A word as the table has it: %XX is a byte, {x*9} nine of x, @ nothing."""
    if word == "@":
        return b""
    word = re.sub(r"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), word)
    return re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), word.encode())


def version(text):
    return tuple(int(part) for part in text.split("."))


def parse_marks(text, where):
    marks = {"env": {}}
    for word in text.split():
        key, equals, value = word.partition("=")
        if equals and key.isupper():
            marks["env"][key] = os.fsdecode(decode(value))
        elif equals and key in VALUES:
            marks[key] = value
        elif not equals and key in FLAGS:
            marks[key] = True
        else:
            raise Broken("%s: what is `%s'?" % (where, word))
    return marks


def parse_line(line, group, where):
    fields = [field.strip() for field in re.split(r"(?:^|\s)\|(?=\s|$)", line)]
    if not 2 <= len(fields) <= 3:
        raise Broken("%s: set-up | arguments | marks" % where)
    setup, arguments = fields[:2]
    marks = parse_marks(fields[2] if len(fields) > 2 else "", where)
    return Case(where, group, [w for w in setup.split() if w != "."], [decode(w) for w in arguments.split()], marks,
                collections.defaultdict(list), "cp " + arguments)


def read_table(path):
    """The cases of a table, in order."""
    cases, group = [], os.path.basename(path)
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            where = "%s:%d" % (os.path.basename(path), number)
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("=="):
                group = line.strip("= \n")
            elif line[0].isspace():
                key, _, text = line.strip().partition(" ")
                if key not in EXPECTS or not cases:
                    raise Broken("%s: what is `%s'?" % (where, key))
                cases[-1].expect[key].append(text.strip())
            else:
                cases.append(parse_line(line, group, where))
    for case in cases:
        check_case(case)
    return cases


def check_case(case):
    """A difference has a reason, and what mmcp does instead."""
    differs = "differs" in case.marks or "since" in case.marks
    if differs != bool(case.expect["why"]):
        raise Broken("%s: since= and differs want a why, and nothing else does" % case.where)


# ---- the set-up ----

Thing = collections.namedtuple("Thing", "name kind value traits")


def parse_thing(word):
    """NAME or NAME:CONTENT, NAME->TARGET, NAME=OTHER (a hard link), NAME/ (a directory),
    NAME| (a FIFO), NAME! (a device); and traits in braces, with commas between."""
    word = re.sub(r"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), word)
    traits = ""
    if word.endswith("}"):
        word, _, traits = word[:-1].rpartition("{")
    match = re.match(r"([^:=|>]+?)(->|:|=|\||/$|!|$)(.*)$", word)
    if not match:
        raise Broken("set-up: what is `%s'?" % word)
    name, kind, value = match.groups()
    value = decode(value) if kind else decode(name) + b"\n"
    return Thing(decode(name), kind or ":", value, traits.split(",") if traits else [])


def some_bytes(size):
    """Bytes that don't repeat, the same each time."""
    return b"".join(struct.pack("<Q", n * 0x9E3779B97F4A7C15 & (1 << 64) - 1)
                    for n in range(size // 8))


def fill(f, content):
    """CONTENT, or one of some that are larger than a table should hold."""
    kib = 1 << 10
    if content == b"HOLES":     # data at both ends of a hole, and a hole at the end
        os.pwrite(f.fileno(), some_bytes(64 * kib), 0)
        os.pwrite(f.fileno(), some_bytes(64 * kib), 512 * kib)
        os.ftruncate(f.fileno(), 1024 * kib)
    elif content == b"ZEROS":   # zeros between that are no hole
        f.write(some_bytes(64 * kib) + bytes(896 * kib) + some_bytes(64 * kib))
    elif content == b"EMPTY":   # nothing but a hole
        os.ftruncate(f.fileno(), 1024 * kib)
    elif content == b"LARGE":
        f.write(some_bytes(600 * kib))
    else:
        f.write(content)


def make(thing):
    """Make it, here; what is above it is made, too."""
    above = os.path.dirname(thing.name)
    if above:
        os.makedirs(above, exist_ok=True)
    if thing.kind == "->":
        os.symlink(thing.value.replace(b"$PWD", os.getcwdb()), thing.name)
    elif thing.kind == "=":
        os.link(thing.value, thing.name, follow_symlinks=False)
    elif thing.kind == "/":
        os.makedirs(thing.name, exist_ok=True)
    elif thing.kind == "|":
        os.mkfifo(thing.name)
    elif thing.kind == "!":
        os.mknod(thing.name, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    else:
        with open(thing.name, "xb", buffering=0) as f:
            fill(f, thing.value)


def set_acl(path, trait):
    """A default ACL that gives the group what umask may take: dacl=7."""
    bits = int(trait.partition("=")[2])
    nobody = 0xffffffff
    entries = [(1, 7, nobody), (2, 5, 1), (4, bits, nobody), (0x10, 7, nobody), (0x20, 1, nobody)]
    os.setxattr(path, "system.posix_acl_default", struct.pack("<I", 2)
                + b"".join(struct.pack("<HHI", *e) for e in entries))


def dress(path, traits, uid):
    """Owner, then what an owner has, then when; a directory after what is in it."""
    owner, when, mode = uid, 0, None
    for trait in traits:
        if trait.isdigit():
            mode = int(trait, 8)
        elif trait.startswith("own="):
            owner = int(trait[4:])
        elif trait.startswith("t="):
            when = nanoseconds(trait[2:])
        elif trait.startswith("dacl="):
            set_acl(path, trait)
        elif trait.startswith("x="):
            os.setxattr(path, "user.test", trait[2:].encode(), follow_symlinks=False)
        else:
            raise Broken("set-up: what is {%s}?" % trait)
    if os.geteuid() == 0:
        os.lchown(path, owner, owner)
    if mode is not None:
        os.chmod(path, mode)
    ns = EPOCH * trees.SECOND + when
    os.utime(path, ns=(ns, ns), follow_symlinks=False)


def nanoseconds(text):
    """Seconds, with up to nine digits of a fraction, as nanoseconds."""
    whole, _, fraction = text.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * trees.SECOND + sign * int((fraction + "0" * 9)[:9])


def below(top):
    """All names below TOP, from the bottom."""
    for path, dirs, files in os.walk(top, topdown=False):
        for name in files + dirs:
            yield os.path.relpath(os.path.join(path, name), top)


def set_up(words, uid):
    """Make it all, here."""
    things = [parse_thing(word) for word in words]
    old = os.umask(0o022)
    for thing in things:
        make(thing)
    os.umask(old)
    traits = {thing.name: thing.traits for thing in things}
    traits = {os.path.normpath(name): value for name, value in traits.items()}
    hard = {os.path.normpath(thing.name) for thing in things if thing.kind == "="}
    for name in below(b"."):
        if name not in hard:
            dress(name, traits.get(name, []), uid)


# ---- one program in one twin ----

Result = collections.namedtuple("Result", "status out err shot")


@functools.lru_cache(maxsize=None)
def has_locale(name):
    """Whether programs find it: otherwise locale(1) complains."""
    return name in ("", "C") or not subprocess.run(
        ["locale", "charmap"], env={**os.environ, "LC_ALL": name}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False).stderr


class Place:
    """Where it is done, by whom, and what can be done there."""

    def __init__(self, top, label, uid):
        self.top, self.label, self.uid = os.fsencode(top), label, uid
        self.dir = None
        self.reflink = self.acl = self.xattr = None

    def make_room(self):
        """What is below is ours."""
        self.top = tempfile.mkdtemp(prefix=b"twins.", dir=self.top)
        os.chmod(self.top, 0o755)

    def open(self):
        """A directory for this process."""
        self.dir = tempfile.mkdtemp(dir=self.top)
        os.chmod(self.dir, 0o755)
        self.reflink = self.can_clone()
        self.acl = self.can_set("system.posix_acl_default", struct.pack(
            "<IHHIHHIHHI", 2, 1, 7, 0xffffffff, 4, 5, 0xffffffff, 0x20, 5, 0xffffffff))
        self.xattr = self.can_set("user.test", b"x")

    def can_clone(self):
        with tempfile.TemporaryFile(dir=self.dir) as one, \
                tempfile.TemporaryFile(dir=self.dir) as two:
            one.write(bytes(4096))
            one.flush()
            try:
                fcntl.ioctl(two.fileno(), 0x40049409, one.fileno())     # FICLONE
            except OSError:
                return False
            return True

    def can_set(self, name, value):
        probe = os.path.join(self.dir, b"probe")
        os.mkdir(probe)
        try:
            os.setxattr(probe, name, value)
        except OSError:
            return False
        finally:
            os.rmdir(probe)
        return True

    def lacks(self, case):
        """Why this case isn't for this place, or None."""
        marks = case.marks
        if "root" in marks and self.uid != 0:
            return "root only"
        if "user" in marks and self.uid == 0:
            return "an ordinary user only"
        if "reflink" in marks and not self.reflink:
            return "no reflinks here"
        if "noreflink" in marks and self.reflink:
            return "reflinks here"
        if "acl" in marks and not self.acl:
            return "no ACLs here"
        if "xattr" in marks and not self.xattr:
            return "no extended attributes here"
        if not all(has_locale(marks["env"].get(name, "C")) for name in ("LC_ALL", "LC_CTYPE")):
            return "no such locale"
        return None


def hold(top):
    """A descriptor and the name of each inode below TOP: as long as it is held, no new file
    gets the number of an old one."""
    held = {}
    for name in sorted(below(top)):
        fd = os.open(os.path.join(top, name), os.O_PATH | os.O_NOFOLLOW)
        status = os.fstat(fd)
        if (status.st_dev, status.st_ino) in held:
            os.close(fd)
        else:
            held[status.st_dev, status.st_ino] = fd, name
    return held


def environment(case):
    env = {k: v for k, v in os.environ.items()
           if k not in ("POSIXLY_CORRECT", "VERSION_CONTROL", "SIMPLE_BACKUP_SUFFIX",
                        "LANG", "LANGUAGE", "QUOTING_STYLE")}
    env["LC_ALL"] = "C.UTF-8"
    env.update(case.marks["env"])
    return env


def run(program, case, twin, uid):
    """Run it; status, stdout and stderr."""
    cwd = os.path.join(twin, os.fsencode(case.marks.get("cd", ".")))
    other = {"user": uid, "group": uid, "extra_groups": []} \
        if os.geteuid() == 0 and uid != 0 else {}
    arguments = [word.replace(b"$PWD", twin) for word in case.arguments]
    answers = decode(case.marks.get("in", "").replace("/", "%0A"))
    closed = [int(fd) for fd in case.marks.get("closed", "").split(",") if fd]
    if closed:
        other["preexec_fn"] = lambda: list(map(os.close, closed))
    with open("/dev/full", "wb") as full:
        process = subprocess.Popen(
            [b"cp"] + arguments, executable=program.path, cwd=cwd, env=environment(case),
            umask=int(case.marks.get("umask", "022"), 8), stdin=subprocess.PIPE,
            stdout=full if "full" in case.marks else subprocess.PIPE,
            stderr=subprocess.STDOUT if "both" in case.marks else subprocess.PIPE, **other)
    try:
        out, err = process.communicate(answers, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        return "none in %d s" % LIMIT, out or b"", err or b""
    return process.returncode, out or b"", err or b""


def blocks_of(path):
    """Bytes on the disk, once they are there."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
        return os.fstat(fd).st_blocks * 512
    finally:
        os.close(fd)


def look(twin, case, held):
    """What is there; and of what was there before, under which name."""
    shot = trees.snapshot(twin)
    trees.name_links(shot)
    for name, facts in shot.items():
        if name != b"." and facts["_inode"] in held:
            facts["was"] = os.fsdecode(held[facts["_inode"]][1])
        if "blocks" in case.marks and facts["type"] == "file":
            facts["blocks"] = blocks_of(os.path.join(twin, name))
    return shot


def clear(top):
    """Remove it; what is too deep for us, by another program."""
    try:
        trees.remove(top)
    except (OSError, RecursionError):
        subprocess.run(["rm", "-rf", top], check=True)


def in_twin(place, words, action):
    """A fresh directory filled as WORDS tell: what ACTION makes of it.  The twins have the
    same name, one after the other, so that messages need no translation."""
    twin = os.path.join(place.dir, b"twin")
    os.mkdir(twin, 0o755)
    try:
        os.chmod(twin, 0o755)
        if os.geteuid() == 0:
            os.chown(twin, place.uid, place.uid)
        os.chdir(twin)
        set_up(words, place.uid)
        os.utime(twin, ns=(EPOCH * trees.SECOND,) * 2)
        return action(twin)
    finally:
        os.chdir(place.dir)
        clear(twin)


def perform(program, case, place):
    def action(twin):
        held = hold(twin)
        try:
            status, out, err = run(program, case, twin, place.uid)
            return Result(status, out, err, look(twin, case, held))
        finally:
            for fd, _ in held.values():
                os.close(fd)
    return in_twin(place, case.setup, action)


# ---- comparing ----


def lines_of(data, case, reference):
    """Lines, or questions; those about a tree come in any order."""
    for first, pattern, replacement in OTHER_WORDS:
        if reference < first:
            data = re.sub(pattern, replacement, data)
    lines = re.split(rb"(?<=\n)|(?<=\? )", data)
    return sorted(lines) if is_recursive(case) or "anyorder" in case.marks else lines


def compare_text(what, wanted, got):
    if wanted != got:
        yield "%s is %s, not %s" % (what, ascii(b"".join(got))[1:], ascii(b"".join(wanted))[1:])


def compare_blocks(wanted, got):
    """Whether both take about the same space."""
    for name in wanted.keys() & got.keys():
        one, two = wanted[name].pop("blocks", None), got[name].pop("blocks", None)
        if one is not None and two is not None and abs(one - two) > ROUND:
            yield "%s: takes %d bytes, not %d" % (ascii(name)[1:], two, one)


def differences(wanted, got, case, reference, since):
    """How mmcp's result differs from cp's, in lines."""
    if wanted.status != got.status:
        yield "status %s, not %s" % (got.status, wanted.status)
    for what, one, two in (("stdout", wanted.out, got.out), ("stderr", wanted.err, got.err)):
        yield from compare_text(what, lines_of(one, case, reference),
                                lines_of(two, case, reference))
    yield from compare_blocks(wanted.shot, got.shot)
    yield from trees.compare(wanted.shot, got.shot, since, ignore=("holes", "atime"))


def decline(result, case):
    """no=NAME,...: these questions are answered by no.  That is told since 9.11, and makes the
    exit status 1 since 9.2."""
    err = result.err
    for name in map(decode, case.marks["no"].split(",")):
        question = re.compile(rb"'" + re.escape(name) + rb"'[^'?]*\? (?!cp: not rep)").search(err)
        if not question:
            raise Broken("%s: there is no question about %s" % (case.where, os.fsdecode(name)))
        at = question.end()
        err = err[:at] + b"cp: not replacing '%s'\n" % name + err[at:]
    return result._replace(err=err, status=1)


def is_recursive(case):
    return any(re.match(rb"-[a-zA-Z]*[rRa]|--(rec|arch)", word) for word in case.arguments)


def told(text):
    """Lines without the white space around them, as the table has them."""
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def unexpected(got, case, place):
    """How mmcp's result differs from what the table says, in lines."""
    status = case.expect["exit"][0] if case.expect["exit"] else "0"
    if status != str(got.status):
        yield "status %s, not %s" % (got.status, status)
    for what, key, data in (("stdout", "out", got.out), ("stderr", "err", got.err)):
        found, wanted = told(os.fsdecode(data)).split("\n"), case.expect[key] or [""]
        if is_recursive(case):
            found, wanted = sorted(found), sorted(wanted)
        if [decode(line.replace("%", "%25")) for line in wanted] != [
                os.fsencode(line) for line in found]:
            yield "%s is %s, not %s" % (what, found, wanted)
    for words in case.expect["then"]:
        wanted = in_twin(place, words.split(), trees.snapshot)
        trees.name_links(wanted)
        yield from trees.compare(wanted, got.shot, ignore=(
            "holes", "atime", "mtime", "mode", "owner", "nlink", "was", "xattr", "blocks"))


def judge(case, place, cp, mmcp):
    """The lines that tell how this case fails, or none."""
    since = int(time.time() - 2) * trees.SECOND
    wanted = perform(cp, case, place)
    if "no" in case.marks and when_alike(case)[1] <= cp.version < (9, 11):
        wanted = decline(wanted, case)
    got = perform(mmcp, case, place)
    if isinstance(wanted.status, str):
        return ["cp's status is %s" % wanted.status]
    lines = list(unexpected(got, case, place)) if case.expect["why"] else []
    found = list(differences(wanted, got, case, cp.version, since))
    last, first = when_alike(case)
    if case.where == "one file" and found:
        excuse = next((rule for rule in SAME_DIFFERS if rule(case, got, place)), None)
        return [] if excuse else found
    if cp.version >= first:
        lines += found
    elif cp.version <= last and not found and not lines:
        lines.append("this should differ from cp, and doesn't")
    return lines


def when_alike(case):
    """The last version of cp that is known to differ, and the first that is known not to:
    since=9.5, or since=9.1..9.10 where it isn't known which one between."""
    if "differs" in case.marks:
        return NEVER, NEVER
    last, dots, first = case.marks.get("since", "0").partition("..")
    if dots:
        return version(last), version(first)
    major, *minor = version(last)
    return (major, *minor[:-1], minor[-1] - 1, 999) if minor else (-1,), version(last)


# ---- telling what cp does ----


def encode(name):
    """What decode() makes NAME of."""
    return re.sub(rb"[^-\w.~+,]", lambda m: b"%%%02X" % m[0][0], name).decode()


def word_of(name, facts, top):
    """The word of a set-up that makes this."""
    kind = facts["type"]
    if kind == "directory":
        return encode(name) + "/"
    if facts["same file as"] != name:
        return encode(name) + "=" + encode(facts["same file as"])
    if kind == "symlink":
        return encode(name) + "->" + facts["target"].decode()
    if kind == "file":
        with open(os.path.join(top, name), "rb") as f:
            content = f.read(1000)
        return encode(name) + ("" if content == name + b"\n" else ":" + encode(content))
    return encode(name) + {"FIFO": "|"}.get(kind, "!")


def tell(case, place, cp):
    """The lines that a case wants which differs from another cp."""
    place.open()

    def action(twin):
        status, out, err = run(cp, case, twin, place.uid)
        shot = trees.snapshot(twin)
        trees.name_links(shot)
        words = [word_of(name, facts, twin).replace("%2F", "/")
                 for name, facts in sorted(shot.items()) if name != b"."]
        return status, out, err, words
    status, out, err, words = in_twin(place, case.setup, action)
    lines = ["exit %s" % status] if status else []
    for key, data in (("out", out), ("err", err)):
        lines += ["%s %s" % (key, line) for line in told(os.fsdecode(data)).split("\n") if line]
    return lines + ["then " + " ".join(words)]

# ---- one file under two names ----

SAME = ("f:one h=f s->f s2->s t->f k=s D/x:in D/h=f Ds->D o:other{t=-9} D/f=f").split()
SAME_PAIRS = [pair.split() for pair in (
    "f f", "f ./f", "f $PWD/f", "f h", "h f", "f s", "s f", "s s", "s ./s", "s t", "s k",
    "k s", "s s2", "s2 s", "f s2", "s2 f", "h s", "s h", "h s2", "f D/h", "D/h Ds/h",
    "D/f Ds/h", "D Ds", "f D", "s D", "f .", "h .", "s .", "o f")]
SAME_KINDS = ["", "-d", "-P", "-L", "-H", "-l", "-s", "-a", "-dl", "-Ll", "-p", "-rL", "-R"]
SAME_REPLACES = ["", "-f", "--remove-destination", "-n", "-u", "-i", "-fi", "-f --rem"]
SAME_BACKUPS = ["", "-b", "--backup=numbered", "-b --suf=.x"]


def stays_there(case, got, place):
    """What two names stand for that are one entry of a directory is not removed to be
    replaced by itself: cp removes it and then can't find what to copy, or makes a symlink
    that leads to itself."""
    names = [os.fsdecode(word) for word in case.arguments[-2:]]
    names[1] = "./s" if names[1] == "." else names[1]
    told = "cp: '%s' and '%s' are the same file\n" % tuple(names)
    before = in_twin(place, SAME, trees.snapshot)
    trees.name_links(before)
    return (names in (["s", "s"], ["s", "./s"], ["D/h", "Ds/h"])
            and got.status == 1 and got.err.decode() == told
            and not list(trees.compare(before, got.shot, ignore=("was", "atime"))))


def source_is_open(case, got, _place):
    """What a symlink leads through can be replaced by what it leads to: mmcp has opened the
    source by then, and cp can't find it any more."""
    return (case.arguments[-2:] == [b"s2", b"s"] and got.status == 0
            and got.shot[b"s"].get("digest") == got.shot[b"f"]["digest"]
            and got.err in (b"", b"cp: overwrite 's'? "))


SAME_DIFFERS = [stays_there, source_is_open]


def same_cases():
    """Every way of copying a file onto itself."""
    for pair, kind, replace, backup in itertools.product(
            SAME_PAIRS, SAME_KINDS, SAME_REPLACES, SAME_BACKUPS):
        if replace == "-n" and backup:
            continue
        words = [w for w in (kind, replace, backup) if w] + pair
        text = "cp " + " ".join(words)
        marks = {"env": {}, "in": "y/y/"}
        if kind == "":
            marks["everywhere"] = True
        yield Case("one file", "cp %s" % " ".join(pair), SAME,
                   [os.fsencode(w) for w in " ".join(words).split()], marks,
                   collections.defaultdict(list), text)


# ---- all of them ----

Outcome = collections.namedtuple("Outcome", "group where text lines skipped")


class Worker:
    """What a process needs, once."""

    places = programs = None

    @classmethod
    def start(cls, places, programs):
        cls.places, cls.programs = places, programs
        for place in places:
            place.open()

    @classmethod
    def do(cls, task):
        number, case = task
        place = cls.places[number]
        reason = place.lacks(case)
        if reason is None and cls.programs[0].is_another(case):
            reason = "this cp does it in another way"
        try:
            lines = [] if reason else judge(case, place, *cls.programs)
        except (Broken, OSError, RecursionError) as error:
            lines = ["%s: %s" % (type(error).__name__, str(error)[:200])]
        return Outcome((number, case.group), case.where, case.text, lines, reason)


class Program:
    """A program by its path; a cp, with its version."""

    def __init__(self, path):
        self.path = path
        text = subprocess.run([path, "--version"], stdout=subprocess.PIPE, check=False,
                              stdin=subprocess.DEVNULL).stdout.decode()
        match = re.match(r"cp \(GNU coreutils\) ([0-9.]*[0-9])", text)
        self.version = version(match[1]) if match else None

    def is_another(self, case):
        """not=9.2-9.4: what these versions do was undone."""
        if "not" not in case.marks:
            return False
        first, _, last = case.marks["not"].partition("-")
        return version(first) <= self.version[:2] <= version(last or first)


def tasks_for(cases, places):
    """The first place of each user has all; others what is marked, or depends on them."""
    done = set()
    for number, place in enumerate(places):
        first = place.uid not in done
        done.add(place.uid)
        for case in cases:
            if first or {"everywhere", "reflink"} & case.marks.keys():
                yield number, case


def print_outcomes(outcomes, places):
    """One TAP line for each group, and what failed in it."""
    groups = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group, []).append(outcome)
    failed = 0
    for number, ((place, group), found) in enumerate(groups.items(), 1):
        bad = [o for o in found if o.lines]
        done = [o for o in found if not o.skipped]
        failed += len(bad)
        label = "%s (%s, uid %d): %d cases" % (
            group, places[place].label, places[place].uid, len(done))
        print("%sok %d - %s%s" % ("not " if bad else "", number, label,
                                  "" if done else " # SKIP " + found[0].skipped))
        for outcome in bad:
            print("# %s: %s" % (outcome.where, outcome.text))
            for line in outcome.lines[:SHOWN]:
                print("#     " + re.sub(r"(\w)\1{49,}", shorter, line))
        sys.stdout.flush()
    print("1..%d" % len(groups))
    print("# %d cases, %d of them skipped, %d failed" % (
        len(outcomes), sum(o.skipped is not None for o in outcomes), failed))
    return failed


def shorter(match):
    """A long run of one letter as the table has it."""
    return "{%s*%d}" % (match[1], len(match[0]))


def parse_place(text):
    """DIRECTORY:LABEL:UID"""
    top, label, uid = text.rsplit(":", 2)
    return Place(top, label, int(uid))


def find_cp(name):
    """The path of the cp to compare with."""
    for directory in os.environ.get("PATH", "").split(":"):
        path = os.path.join(directory, name)
        if os.access(path, os.X_OK):
            return path
    return name


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--mmcp", required=True)
    parser.add_argument("--cp", default=os.environ.get("CP") or "cp")
    parser.add_argument("--place", action="append", required=True, type=parse_place,
                        metavar="DIRECTORY:LABEL:UID")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--stride", type=int, default=1, help="only one case of so many")
    parser.add_argument("--tell", action="store_true", help="only print what cp does")
    parser.add_argument("--only", default="", help="what TABLE:LINE or arguments must match")
    parser.add_argument("tables", nargs="*", help="none: one file under two names")
    options = parser.parse_args()
    programs = Program(find_cp(options.cp)), Program(options.mmcp)
    if programs[0].version is None:
        print("1..0 # SKIP the cp here is not GNU's")
        return 77
    cases = list(itertools.chain(*map(read_table, options.tables))) \
        if options.tables else list(same_cases())
    cases = [c for c in cases if re.search(options.only, c.where + ": " + c.text)]
    if options.tell:
        options.place[0].make_room()
        for case in cases:
            print(case.where, case.text, *tell(case, options.place[0], programs[0]), sep="\n  ")
        trees.remove(options.place[0].top)
        return 0
    tasks = list(tasks_for(cases[::options.stride], options.place))
    for place in options.place:
        place.make_room()
    try:
        with multiprocessing.Pool(options.workers, Worker.start,
                                  (options.place, programs)) as pool:
            print_outcomes(pool.map(Worker.do, tasks, chunksize=8), options.place)
    finally:
        for place in options.place:
            clear(place.top)
    return 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main())
