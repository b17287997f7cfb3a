# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare what both programs made and said."""
import os
import re

import trees
from battery.copies import snapshot
from battery.known import may_refuse
from battery.sources import links, tree


def fewer_blocks(wanted, got):
    """Where a file has far fewer blocks than cp's: space that was to be kept is lost."""
    for name in wanted.keys() & got.keys():
        one_has, two_has = wanted[name].get("_blocks", 0), got[name].get("_blocks", 0)
        if wanted[name]["type"] == "file" and one_has > two_has * 1.2 + 512:
            yield "%s: blocks: %d, not %d" % (ascii(name)[1:], two_has, one_has)


def options_of(this, failed):
    options = [word for word in this.words if word.startswith("-")]
    if failed:
        options.append(trees.FAILED)
    if "--parents" in options:
        options.append(trees.PARENTS)
    return options


class Source:
    """What the copy was made of, looked at when there is a difference to be judged."""

    def __init__(self, copy, side):
        self.copy, self.side, self.shot = copy, side, None

    def all(self):
        if self.shot is None:
            self.shot = snapshot(self.side.path(self.copy.source_name()))
        return self.shot.values()

    def facts(self, name):
        self.all()
        if name in (b".", b"new"):
            if name == b"new" or self.copy.row.words[-2] == "S/.":
                return self.shot[b"."]
            return {}
        for prefix in (b"", b"new/", self.copy.source_name() + b"/"):
            if name.startswith(prefix) and name[len(prefix):] in self.shot:
                return self.shot[name[len(prefix):]]
        return {}


def same(value, other):
    """Equal, or the same time where only whole seconds are kept."""
    if isinstance(value, int) and isinstance(other, int):
        return value in (other, other - other % trees.SECOND)
    return value == other


def better(copy, source, wanted, got):
    """(name, field) of what is the source's in GOT, and not in WANTED: on ext4
    without extents cp takes what isn't on the disk yet for a hole; where an ACL is
    but an attribute, cp's mode is lost."""
    keeps = any(word in ("-p", "-rp") or "-a" in word for word in copy.row.words)
    for name in wanted.keys() & got.keys():
        fields = got[name].keys() | wanted[name].keys()
        for field in fields:
            if not (field == "digest" or keeps and field.split()[0] in (
                    "mode", "xattr", "mtime", "atime")):
                continue
            mine, theirs = got[name].get(field), wanted[name].get(field)
            if mine != theirs and same(mine, source.facts(name).get(field)):
                yield ascii(name)[1:] + ": " + field
                if field == "digest":
                    yield ascii(name)[1:] + ": holes"


def is_whole(source, wanted, got):
    """Whether what cp fails at is there: all its names, with the source's bytes, or
    cp's."""
    return all(name in got and got[name].get("digest") in (
        facts.get("digest"), source.facts(name).get("digest"))
               for name, facts in wanted.items())


def is_partial(source, wanted, line):
    """Whether LINE misses a file that cp has left a part of; mmcp removes what is new."""
    return any(line.startswith(ascii(name)[1:] + ": ")
               and facts.get("digest") != source.facts(name).get("digest")
               for name, facts in wanted.items())


def without_names(lines):
    return sorted(re.sub(rb"'[^']*'", b"NAME", line) for line in lines)


def digests(shot):
    return sorted(str(facts.get("digest")) for facts in shot.values())


def only_order(copy, cp, mmcp):
    """Where links can't be made, which name of a file is there depends on the order."""
    return (cp[0] == mmcp[0] == 1 and any(b"cannot create" in line for line in cp[2])
            and copy.row.source in (links, tree)
            and set(without_names(cp[2])) == set(without_names(mmcp[2]))
            and digests(cp[3]) == digests(mmcp[3]))


def compare(copy, side, cp, mmcp):
    """Each difference as a line."""
    replaces = "--atomic" in copy.row.ours
    (cp_status, cp_out, cp_err, cp_shot), (status, out, err, shot) = cp, mmcp
    all_said = b"\n".join(err)
    ours_alone = re.search(b" with --engine=|cannot keep the", all_said) is not None
    if status == 1 and (cp_status == 0 or ours_alone) and may_refuse(copy.row, all_said):
        yield "refused: " + os.fsdecode(b" ".join(err)[:200])
        return
    source = Source(copy, side)
    if only_order(copy, cp, mmcp):
        return
    if status == 0 and cp_status == 1 and is_whole(source, cp_shot, shot):
        return
    if status != cp_status:
        yield "status: %s, not %s" % (status, cp_status)
    if err != cp_err:
        yield from difference("message", cp_err, err)
    if out != cp_out:
        yield from difference("output", cp_out, out)
    # What can't become a clone is not emptied.
    if status == cp_status == 1 and "--reflink=always" in copy.row.words:
        return
    options = options_of(copy.row, status == cp_status == 1)
    lines = list(trees.compare(cp_shot, shot, copy.began, copy.ignored, options))
    if any(": holes: " in line for line in lines):
        lines = trees.compare(cp_shot, shot, copy.began, copy.ignored, options,
                              source.all())
    right = tuple(better(copy, source, cp_shot, shot)) if lines else ()
    for line in lines:
        # To be given a name changes the directory.
        if replaces and re.match(r"[^ ]*: mtime now, not", line):
            continue
        if line.startswith(right):
            continue
        if status == cp_status == 1 and "is missing (a file)" in line and is_partial(
                source, cp_shot, line):
            continue
        yield line
    yield from fewer_blocks(cp_shot, shot)


def difference(what, wanted, got):
    for line in wanted:
        if line not in got:
            yield "%s: cp says: %s" % (what, os.fsdecode(line))
    for line in got:
        if line not in wanted:
            yield "%s: mmcp says: %s" % (what, os.fsdecode(line))
