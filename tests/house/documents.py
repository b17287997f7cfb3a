# SPDX-License-Identifier: GPL-3.0-or-later
"""documents.py KIND TOP: print what the documents below TOP name and what isn't there,
a line for each.

KIND is one of
  paths      paths and names of files in backquotes
  functions  `name()`, `struct name`, `enum name` in backquotes
  words      other words with an underscore in backquotes: calls, fields, constants
  links      links between pages, with their anchors, and links to pages in comments

The first three read doc/*.md, HACKING and packaging/README.  Pages of doc/decisions/ are
dated and may name what is gone; only their links are read."""

import functools
import glob
import os
import re
import sys

TOP = ""
# A token with one of these stands for several names.
PLACEHOLDER = re.compile(r"ROOM|NAME|NNN")
IN_TREE = re.compile(r"^(src|tests|doc|scripts|man|completions|packaging)/")
IN_COMMENT = re.compile(r"(?<!share/)\bdoc/[\w/.-]+\.md(?:#[\w-]+)?")
FILE_NAME = re.compile(r"^[a-z0-9_-]+\.(c|h|sh|py|cases|mk)$")
SOURCES = ("src", "tests", "scripts")
FILES = ("Makefile.am", "configure.ac")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def relative(path):
    return os.path.relpath(path, TOP)


def pages():
    others = [TOP + "/HACKING", TOP + "/packaging/README"]
    return sorted(glob.glob(TOP + "/doc/*.md")) + others


def all_files():
    for top in SOURCES:
        for where, _, names in os.walk(os.path.join(TOP, top)):
            for name in names:
                if not name.endswith((".svg", ".pyc")):
                    yield os.path.join(where, name)
    for name in FILES:
        yield os.path.join(TOP, name)


def tokens(path):
    """(line number, text) of what stands in backquotes, outside of blocks of code."""
    block = False
    for number, line in enumerate(read(path).split("\n"), 1):
        if line.startswith("```"):
            block = not block
        if not block:
            for text in re.findall(r"`([^`]+)`", line):
                yield number, text


def is_built(name, text_of_makefiles):
    """A program or library that make builds."""
    return re.search(r"(^|[\s=])%s([\s:]|_|$)" % re.escape(name), text_of_makefiles)


def paths():
    names = {os.path.basename(f) for f in all_files()}
    makefiles = read(TOP + "/Makefile.am") + read(TOP + "/tests/tests.mk")
    for page in pages():
        for number, text in tokens(page):
            word = text.split()[0]
            where = "%s:%d" % (relative(page), number)
            if PLACEHOLDER.search(word):
                continue
            if IN_TREE.match(word):
                if not glob.glob(os.path.join(TOP, word)) \
                        and not is_built(word, makefiles):
                    yield "%s: %s isn't there" % (where, word)
            elif FILE_NAME.match(word) and word not in names:
                yield "%s: no file is called %s" % (where, word)


def functions():
    code = "\n".join(read(f) for f in all_files() if f.endswith((".c", ".h")))
    defined = set(re.findall(r"^(\w+) ?\(", code, re.M))
    shells = "\n".join(read(f) for f in all_files() if not f.endswith((".c", ".h")))
    defined |= set(re.findall(r"^(\w+)\(\)", shells, re.M))
    types = set(re.findall(r"\b((?:struct|enum|union) \w+) \{", code))
    for page in pages():
        for number, text in tokens(page):
            call = re.match(r"^(\w+)\(\)$", text)
            where = "%s:%d" % (relative(page), number)
            if call and call.group(1) not in defined:
                yield "%s: no function is called %s" % (where, call.group(1))
            if re.match(r"^(struct|enum|union) \w+$", text) and text not in types:
                yield "%s: no %s is defined" % (where, text)


def words():
    known = set()
    for path in all_files():
        if os.path.basename(path) != "documents.py":
            known |= set(re.findall(r"\w+", read(path)))
    for page in pages():
        for number, text in tokens(page):
            if re.match(r"^\w*_\w*$", text) and text not in known:
                yield "%s:%d: nothing is called %s" % (relative(page), number, text)


@functools.lru_cache(maxsize=None)
def anchors(path):
    """The anchors of a page, as its headings make them."""
    found = set()
    block = False
    for line in read(path).split("\n"):
        if line.startswith("```"):
            block = not block
        heading = None if block else re.match(r"#+ (.*)", line)
        if heading:
            text = re.sub(r"[^\w\- ]", "", heading.group(1).lower())
            found.add(text.strip().replace(" ", "-"))
    return found


def missing(target, base):
    """What is wrong with a link TARGET in the directory BASE, or None."""
    name, _, anchor = target.partition("#")
    path = os.path.normpath(os.path.join(base, name))
    if not os.path.exists(path):
        return "%s isn't there" % target
    if anchor and path.endswith(".md") and anchor not in anchors(path):
        return "%s has no heading %s" % (relative(path), anchor)
    return None


def links():
    decisions = sorted(glob.glob(TOP + "/doc/decisions/*.md"))
    for page in pages() + decisions + [TOP + "/README.md"]:
        text = re.sub(r"^```.*?^```", "", read(page), flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target:
                continue
            if target.startswith("#"):
                target = page + target
            wrong = missing(target, os.path.dirname(page))
            if wrong:
                yield "%s: %s" % (relative(page), wrong)
    for path in all_files():
        for target in IN_COMMENT.findall(read(path)):
            wrong = missing(target, TOP)
            if wrong and os.path.basename(path) != "documents.py":
                yield "%s: %s" % (relative(path), wrong)


def main():
    global TOP
    kinds = {"paths": paths, "functions": functions, "words": words, "links": links}
    TOP = os.path.abspath(sys.argv[2])
    for line in kinds[sys.argv[1]]():
        print(line)


main()
