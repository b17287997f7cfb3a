# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in a twin before the program runs."""
import collections
import os
import re
import stat
import struct

import trees
from twins.table import Broken, decode

EPOCH = 1_000_000_000           # when all is made in a set-up, but for t=
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
    entries = [(1, 7, nobody), (2, 5, 1), (4, bits, nobody), (0x10, 7, nobody),
               (0x20, 1, nobody)]
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
