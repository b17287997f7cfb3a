# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of cases, as they are read."""
import collections
import os
import re

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
    return Case(where, group, [w for w in setup.split() if w != "."],
                [decode(w) for w in arguments.split()], marks,
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
        raise Broken("%s: since= and differs want a why, and nothing else does" %
                     case.where)
