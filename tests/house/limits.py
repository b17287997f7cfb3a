#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What limits.sh holds: the sizes of files and functions, where includes point, and
that the lists of files are complete.

usage: limits.py TOP OUT

For each rule below a file is written to the directory OUT, with a line for each place
that breaks it.  Where a line says what to do about it, doc/contributing.md says more.
"""
import ast
import collections
import pathlib
import re
import sys

MOST_LINES = 400        # of a file
MOST_COLUMNS = 90       # of a line, with tabs of eight
MOST_OF_A_FUNCTION = 80  # lines, from its name to its last brace

# What a room may include, beside itself.  The module for MPI is linked alone: what it has
# in common with the program is one header.
BELOW = {
    "cli": {"tree", "file", "engine", "report", "base"},
    "tree": {"file", "engine", "report", "base"},
    "file": {"engine", "base"},
    "engine": {"base"},
    "report": {"base"},
    "mpi": set(),
    "base": set(),
}
FOR_ALL = {"mpi/module.h": {"cli"}, "base/rankframe.h": {"mpi"}}

SHELL_FUNCTION = re.compile(r"([a-z_0-9]+) *\(\) *[{(]$")
INCLUDE = re.compile(r'#\s*include\s*"([^"]+)"')
MPI = re.compile(r'#\s*include\s*<mpi\.h>')


class Rules:
    """Collects what breaks each rule."""

    def __init__(self, out):
        self.out = out
        self.found = collections.defaultdict(list)

    def broken(self, rule, text):
        """RULE is broken: TEXT says where, and what to do about it."""
        self.found[rule].append(text)

    def write(self, rules):
        for rule in rules:
            text = "".join(f"{line}\n" for line in self.found[rule])
            (self.out / rule).write_text(text)


def texts(top):
    """Each source file below src, tests and scripts, by name, with its lines."""
    found = {}
    for folder in ("src", "tests", "scripts"):
        for path in sorted((top / folder).rglob("*")):
            if path.is_file() and is_source(path):
                found[str(path.relative_to(top))] = path.read_text().splitlines()
    return found


def is_source(path):
    """Neither a picture nor a product of a build in the source tree."""
    if path.suffix in (".c", ".h", ".sh", ".py", ".mk", ".cases", ".map"):
        return True
    with path.open("rb") as file:
        return file.read(2) == b"#!" or path.name.endswith("-lib")


def check_sizes(files, rules):
    for name, lines in files.items():
        if len(lines) > MOST_LINES and not is_table(name):
            rules.broken("lines", f"{name} has {len(lines)} lines, {MOST_LINES} at"
                         " most: move what belongs together to a file of its own")


def check_columns(files, rules):
    for name, lines in files.items():
        if is_table(name):
            continue
        for number, line in enumerate(lines, 1):
            columns = len(line.expandtabs(8))
            if columns > MOST_COLUMNS:
                rules.broken("columns", f"{name}:{number} has {columns} columns,"
                             f" {MOST_COLUMNS} at most: break the line")


def is_table(name):
    """A line of a .cases file is one case, and there may be many."""
    return name.endswith(".cases")


def functions_of(name, lines):
    """(name, first line, number of lines) of each function."""
    if name.endswith(".py"):
        return python_functions(lines)
    if name.endswith((".c", ".h")):
        return braced_functions(lines, c_function)
    return braced_functions(lines, shell_function)


def python_functions(lines):
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def c_function(lines, at):
    """The line where the function begins whose body begins at AT, and its name."""
    if lines[at] != "{":
        return None
    while at > 0 and not re.match(r"[a-z_A-Z]\w*\(", lines[at]):
        at -= 1
    return at, lines[at].split("(")[0]


def shell_function(lines, at):
    found = SHELL_FUNCTION.match(lines[at])
    return (at, found[1]) if found else None


def braced_functions(lines, begins):
    start = None
    for at, line in enumerate(lines):
        start = begins(lines, at) or start
        if start and line in ("}", ")"):
            yield start[1], start[0] + 1, at - start[0] + 1
            start = None


def check_functions(files, rules):
    for name, lines in files.items():
        for function, first, length in functions_of(name, lines):
            if length > MOST_OF_A_FUNCTION:
                rules.broken("functions", f"{name}:{first} {function} has {length} lines,"
                             f" {MOST_OF_A_FUNCTION} at most: give its steps names")


def room_of(name):
    """The folder of NAME below src/; None for main.c, which sees all."""
    parts = name.split("/")
    return parts[1] if len(parts) == 3 else None


def includes_of(lines):
    return [found[1] for found in map(INCLUDE.match, lines) if found]


def check_includes(files, rules):
    """Includes point down, and a file's own header comes first."""
    for name, lines in files.items():
        if not name.startswith("src/"):
            continue
        room = room_of(name)
        ours = [header for header in includes_of(lines) if header != "config.h"]
        for header in ours:
            to = header.split("/")[0]
            if f"src/{header}" not in files:
                rules.broken("includes", f"{name} includes {header},"
                             " which src/ doesn't have: write it as room/file.h")
            elif room and to != room and to not in BELOW[room] \
                    and room not in FOR_ALL.get(header, ()):
                below = ", ".join(sorted(BELOW[room])) or "nothing"
                rules.broken("includes", f"{name} includes {header}:"
                             f" {room} may include {below}; move what both need further"
                             " down, or pass it as an argument")
        if room != "mpi" and any(map(MPI.match, lines)):
            rules.broken("includes", f"{name} includes mpi.h: only src/mpi may")
        own = name[4:-1] + "h"
        if name.endswith(".c") and f"src/{own}" in files and ours[:1] != [own]:
            rules.broken("includes", f"{name} doesn't include {own}"
                         " first: so nothing shows that the header stands alone")


def module_of(name):
    """A .c and its .h are one module."""
    return name.rsplit(".", 1)[0]


def check_circles(files, rules):
    graph = collections.defaultdict(set)
    for name, lines in files.items():
        if name.startswith("src/"):
            graph[module_of(name)] |= {
                module_of(f"src/{header}") for header in includes_of(lines)
                if f"src/{header}" in files} - {module_of(name)}
    for circle in circles_in(graph):
        text = " -> ".join(circle)
        rules.broken("circles", f"{text}: move what two of them need of each"
                     " other below both, or make them one file")


def circles_in(graph):
    """One circle for each edge that closes one, found depth first."""
    state, path, found = {}, [], []

    def visit(module):
        state[module] = "open"
        path.append(module)
        for below in sorted(graph.get(module, ())):
            if state.get(below) == "open":
                found.append(path[path.index(below):] + [below])
            elif below not in state:
                visit(below)
        path.pop()
        state[module] = "done"

    for module in sorted(graph):
        if module not in state:
            visit(module)
    return found


def check_lists(top, files, rules):
    """Each file is in the list that it belongs to, once; and what is listed exists."""
    listed = collections.Counter()
    for makefile in ("src/sources.mk", "tests/tests.mk", "scripts/scripts.mk",
                     "Makefile.am"):
        for line in (top / makefile).read_text().splitlines():
            if not line.startswith("\t") or line.endswith(":"):
                line = line.partition("=")[2]
            for word in line.split():
                if re.fullmatch(r"(src|tests|scripts)/[\w./-]+", word):
                    listed[word, makefile] += 1
    names = {name for name, _ in listed}
    for name in files:
        if name not in names and not name.endswith(".mk"):
            where = ("src/sources.mk" if name.startswith("src/") else
                     "tests/tests.mk or Makefile.am's EXTRA_DIST")
            rules.broken("lists", f"{name} is in no list: add it to {where}")
    for (name, makefile), times in sorted(listed.items()):
        if times > 1 and makefile.endswith(".mk"):
            rules.broken("lists", f"{makefile} lists {name} {times} times")
        if name.startswith("src/") and not (top / name).exists():
            rules.broken("lists", f"{makefile} lists {name}, which doesn't exist")


def main():
    top, out = map(pathlib.Path, sys.argv[1:])
    files = texts(top)
    rules = Rules(out)
    check_sizes(files, rules)
    check_columns(files, rules)
    check_functions(files, rules)
    check_includes(files, rules)
    check_circles(files, rules)
    check_lists(top, files, rules)
    rules.write(("lines", "columns", "functions", "includes", "circles", "lists"))


if __name__ == "__main__":
    main()
