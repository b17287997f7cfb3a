# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare what cp and mmcp made of a case."""
import os
import re
import time

import trees
from twins.places import in_twin
from twins.programs import perform
from twins.samefile import SAME_DIFFERS
from twins.table import Broken, decode, version

NEVER = (1000,)                 # the version of cp that will do as mmcp does
ROUND = 800 << 10                # a difference in bytes that two file systems may make
# What another version of cp says in other words: (the first version that says it as mmcp
# does, pattern, replacement), for both sides.
OTHER_WORDS = [
    ((9, 2), rb"(: cannot overwrite directory .* with non-directory).*", rb"\1"),
    ((9, 5), rb": (options --backup and --no-clobber are mutually exclusive|"
     rb"--backup is mutually exclusive with -n or --update=none-fail)",
     rb": not with --backup"),
]


def lines_of(data, case, reference):
    """Lines, or questions; those about a tree come in any order."""
    for first, pattern, replacement in OTHER_WORDS:
        if reference < first:
            data = re.sub(pattern, replacement, data)
    lines = re.split(rb"(?<=\n)|(?<=\? )", data)
    return sorted(lines) if is_recursive(case) or "anyorder" in case.marks else lines


def compare_text(what, wanted, got):
    if wanted != got:
        yield "%s is %s, not %s" % (what, ascii(b"".join(got))[1:],
                                    ascii(b"".join(wanted))[1:])


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
    for what, one, two in (("stdout", wanted.out, got.out),
                           ("stderr", wanted.err, got.err)):
        yield from compare_text(what, lines_of(one, case, reference),
                                lines_of(two, case, reference))
    yield from compare_blocks(wanted.shot, got.shot)
    yield from trees.compare(wanted.shot, got.shot, since, ignore=("holes", "atime"))


def decline(result, case):
    """no=NAME,...: these questions are answered by no.  That is told since 9.11, and
    makes the exit status 1 since 9.2."""
    err = result.err
    for name in map(decode, case.marks["no"].split(",")):
        question = re.compile(rb"'" + re.escape(name)
                              + rb"'[^'?]*\? (?!cp: not rep)").search(err)
        if not question:
            raise Broken("%s: there is no question about %s" %
                         (case.where, os.fsdecode(name)))
        at = question.end()
        err = err[:at] + b"cp: not replacing '%s'\n" % name + err[at:]
    return result._replace(err=err, status=1)


def is_recursive(case):
    return any(re.match(rb"-[a-zA-Z]*[rRa]|--(rec|arch)", word)
               for word in case.arguments)


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
            "holes", "atime", "mtime", "mode", "owner", "nlink", "was", "xattr",
            "blocks"))


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
