# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare two snapshots."""
import collections
import os
import struct

from trees.basics import HOLE, MIB, SECOND
from trees.excuses import EXCUSES
from trees.snapshots import Opened, data_ranges


def inside_data(start, end, ranges):
    """Whether some of [START, END) is data."""
    return any(s < end and e > start for s, e in ranges)


def lost_holes(size, wanted, got):
    """Aligned pieces of WANTED's holes that are data in GOT."""
    return [at for at in range(0, size - size % HOLE, HOLE)
            if not inside_data(at, at + HOLE, wanted) and inside_data(at, at + HOLE, got)]


def settle(facts):
    """Look again once all is on the disk: xfs reserves more than was written, and shows
    that as data until then."""
    with Opened(facts["_path"], os.lstat(facts["_path"])):
        fd = os.open(facts["_path"], os.O_RDONLY)
        try:
            os.fsync(fd)
            status = os.fstat(fd)
            facts["_data"] = data_ranges(fd, status.st_size)
            facts["_blocks"] = status.st_blocks
        finally:
            os.close(fd)


def compare_holes(wanted, got, sources):
    """File systems differ in where a hole may begin, and speak of data early: only a
    hole of 64 KiB, aligned, counts, and much more space than the other takes.  What
    is data in a source of the same content, mmcp may leave data; cp up to 9.1 looks
    for zeros in it."""
    shown = [at for f in sources if f.get("digest") == got["digest"] and "_data" in f
             for at in f["_data"]]

    def differences():
        lost = [at for at in lost_holes(wanted["size"], wanted["_data"], got["_data"])
                if not inside_data(at, at + HOLE, shown)]
        if lost:
            yield "holes: %d pieces of 64 KiB are data, first at %d" % (len(lost),
                                                                        lost[0])
        room = wanted["_blocks"] * 512 + 2 * HOLE + wanted["size"] // 8
        # xfs keeps what it has reserved behind the end of a file that was written over.
        room += sum(end - start for start, end in shown) + MIB
        if got["_blocks"] * 512 > room:
            yield "blocks: %d, not %d" % (got["_blocks"], wanted["_blocks"])
    if "_data" in wanted and "_data" in got and any(differences()):
        settle(wanted)
        settle(got)
        yield from differences()


def time_text(ns, since):
    """A time, or that it is of this round, which began at SINCE."""
    if since is not None and since <= ns < since + 3600 * SECOND:
        return "now"
    return "%d.%09d" % divmod(ns, SECOND)


def acl_text(value):
    """A packed ACL like getfacl's, with the kernel's numbers for the kinds of entry."""
    tags = {1: "user:", 2: "user:%d", 4: "group:", 8: "group:%d", 16: "mask", 32: "other"}
    found = []
    for tag, bits, number in struct.iter_unpack("<HHI", value[4:]):
        name = tags.get(tag, "?")
        found.append("%s=%o" % (name % number if "%" in name else name, bits))
    return ",".join(found)


def value_text(field, value):
    if value is None:
        return "none"
    if "posix_acl" in field:
        return acl_text(value)
    if isinstance(value, bytes):
        return ascii(value)[1:] if len(value) < 60 else "%s... (%d bytes)" % (
            ascii(value[:50])[1:], len(value))
    return str(value)


def comparable(facts, field, since):
    value = facts.get(field)
    if value is not None and field in ("mtime", "atime"):
        return time_text(value, since)
    return value


def compare(wanted, got, since=None, ignore=(), options=None, sources=()):
    """Each difference between two snapshots as a line.  With SINCE, all times of a round
    that began then are alike: those are the ones that were not preserved.  With OPTIONS,
    of cp (WANTED) and mmcp (GOT), what differs on purpose is excused."""
    for name in sorted(wanted.keys() | got.keys()):
        label = ascii(name)[1:]
        if name not in got:
            yield "%s: is missing (a %s)" % (label, wanted[name]["type"])
            continue
        if name not in wanted:
            yield "%s: should not be there (a %s)" % (label, got[name]["type"])
            continue
        one, two = wanted[name], got[name]
        if one["type"] != two["type"]:
            yield "%s: a %s, not a %s" % (label, two["type"], one["type"])
            continue
        for field in sorted(one.keys() | two.keys()):
            if field.startswith("_") or field.split()[0] in ignore:
                continue
            values = [comparable(f, field, since) for f in (one, two)]
            # Whether something was read is nobody's business.
            if field == "atime" and since is not None and "now" in values:
                continue
            excuse = EXCUSES.get(field.split()[0])
            if options is not None and excuse and excuse(one, two, options):
                continue
            if values[0] != values[1]:
                texts = [value_text(field, v) for v in values]
                yield "%s: %s %s, not %s" % (label, field, texts[1], texts[0])
        # cp clones holes, even if there are to be none.
        if one["type"] == "file" and one["size"] == two["size"] \
                and "holes" not in ignore and "--sparse=never" not in (options or ()):
            yield from ("%s: %s" % (label, d) for d in compare_holes(one, two, sources))


def compare_lines(what, wanted, got):
    wanted, got = collections.Counter(wanted), collections.Counter(got)
    for line in sorted((wanted - got).elements()):
        yield "%s lacks %s" % (what, ascii(line)[1:])
    for line in sorted((got - wanted).elements()):
        yield "%s has %s" % (what, ascii(line)[1:])
