#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who prints, and which texts of messages are written twice.

usage: messages.py TOP OUT

Writes to OUT/speakers a line for each place outside of src/report/ that prints, to
OUT/twice one for each text that stands in two places, and to OUT/unmarked one for each
text of a message that isn't marked for translation.
"""
import collections
import pathlib
import re
import sys

# popt prints --help; the text around it and --version are printed there, too.
MAY_PRINT = {"src/cli/help.c"}

PRINTS = re.compile(
    r"(?<![.>])\b(?:v?printf|puts|putchar(?:_unlocked)?|perror|psignal|error"
    r"|v?warnx?|v?errx?"
    r"|message_(?:error|failure|explain|note|print|usage|hint|ask|put"
    r"|write_error))\s*\("
    r"|\b(?:write|dprintf|vdprintf)\s*\(\s*(?:STDOUT_FILENO|STDERR_FILENO|[12])\b"
    r"|\b(?:stdout|stderr)\b")
# It is linked without src/report/, and says what ends a job, beside what MPI says.
SPEAKS_ALONE = {"src/mpi/child.c"}
# These print nothing.
HARMLESS = re.compile(r"\bfflush\s*\(\s*stdout\s*\)|__attribute__\s*\(\(format\s*\(\w+")

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|\'(?:\\.|[^\'\\])+\'|"(?:\\.|[^"\\])*"', re.S)
# Literals that the compiler joins, with the macros of <inttypes.h> between them.
JOINED = re.compile(r'"(?:\\.|[^"\\])*"(?:\s*(?:PRI\w+\s*)?"(?:\\.|[^"\\])*")*', re.S)
# What marks a text for translation.
MARKED = re.compile(r"\b(?:N_|NN_|_|locale_plural)\(\s*$")
PLURAL = re.compile(r"\b(?:NN_|locale_plural)\(\s*$")
# These have texts for programs, and for who reads --debug.
UNMARKED = {f"src/report/{name}.c"
            for name in ("debugmessages", "json", "jsonlines", "logfile", "stats",
                         "statusjson")}
CONVERSION = re.compile(r"%(?:\d+\$)?[-#0 +']*[\d.*]*[hlqjzt]*[a-zA-Z]")


def without_comments(text):
    """TEXT with its comments made blank, line by line."""
    def blank(match):
        if match.group().startswith("/"):
            return re.sub(r"[^\n]", " ", match.group())
        return match.group()
    return TOKEN.sub(blank, text)


def literals(code):
    """Yield the line of each string in CODE, its text, and whether that is marked for
    translation.  A plural that is like its singular isn't a second text."""
    code = TOKEN.sub(lambda m: "0" if m.group()[0] == "'" else m.group(), code)
    code = re.sub(r"^[ \t]*(?:#[^\n]*|static_assert\([^;]*)",
                  lambda m: "\n" * m.group().count("\n"), code, flags=re.M)
    singular = None
    for match in JOINED.finditer(code):
        parts = re.findall(r'"((?:\\.|[^"\\])*)"|(PRI\w+)', match.group())
        text = "".join(text or macro for text, macro in parts)
        before = code[:match.start()]
        marked = singular is not None or bool(MARKED.search(before))
        if text != singular:
            yield code.count("\n", 0, match.start()) + 1, text, marked
        singular = text if PLURAL.search(before) else None


def is_message(text):
    """Whether TEXT says something: not a mere format, a key of JSON, or the name of a
    system call."""
    words = CONVERSION.sub("", text)
    return bool(re.search(r"[A-Za-z]{2}", words)) \
        and (words != text or (len(text) > 12 and " " in text))


def is_translated(name):
    """Whether people read the texts of file NAME in their language."""
    return name not in UNMARKED and name.endswith(".c") \
        and (name.startswith("src/report/") or name in MAY_PRINT)


def main():
    """Compare what is in TOP with the rules."""
    top, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    speakers, unmarked, places = [], [], collections.defaultdict(list)
    texts = set()
    for path in sorted(top.glob("src/**/*.[ch]")):
        name = path.relative_to(top).as_posix()
        code = without_comments(path.read_text())
        in_report = name.startswith("src/report/")
        for line, text, marked in literals(code):
            if not is_message(text):
                continue
            places[text].append(f"{name}:{line}")
            if in_report:
                texts.add(text)
            if not marked and is_translated(name) and text[0] != "-":
                unmarked.append(f'{name}:{line} has "{text}": mark it by N_ or _\n')
        if in_report or name in MAY_PRINT | SPEAKS_ALONE:
            continue
        bare = TOKEN.sub(lambda m: '""' if m.group()[0] == '"' else m.group(), code)
        for number, line in enumerate(HARMLESS.sub("", bare).split("\n"), 1):
            found = PRINTS.search(line)
            if found:
                speakers.append(f"{name}:{number} prints ({found.group().strip()}): "
                                "add a function to src/report/ that says it\n")
    (out / "unmarked").write_text("".join(unmarked))
    (out / "speakers").write_text("".join(speakers))
    (out / "twice").write_text("".join(
        f'"{text}" stands in {" and ".join(places[text])}: '
        "have one function of src/report/ say it\n"
        for text in sorted(texts) if len(places[text]) > 1))


main()
