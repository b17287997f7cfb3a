# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that are compared, and where mmcp is."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from bench.messages import die

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@dataclass(frozen=True)
class Program:
    """One command; `source' and `dest' in it are names in the current directory.  A guest
    may fail, and is then left out: some names mean other programs elsewhere.  A command
    of --also ("also") may do anything with --version, and keep what it likes.  ALL in it
    stands for the names of all files in the source; EACH, for one of them: the command is
    run once for each."""
    command: str
    kind: str = ""      # "", "guest" or "also"
    env: tuple = ()     # (name, value) pairs: knobs that are no options
    shown: str = ""     # its name in tables, if that isn't made of the command

    @property
    def name(self):
        """The command as tables show it: without names, and without the directory of the
        program, unless it is another build of the same one."""
        if self.shown:
            return self.shown
        directory = r"^\./" if self.kind == "also" else r"^\S*/"
        name = re.sub(r"^sh -c '|" + directory, "", self.command)
        name = re.sub(r" ((from/)?source|if=|--whole-file|-q ).*", "", name)
        name = name.replace(" --no-progress", "")
        name += "".join(re.findall(r"( && .*) dest'$", self.command))
        return " ".join(["%s=%s" % pair for pair in self.env] + [name])

    @property
    def executable(self):
        """The program itself, as the command names it."""
        return re.sub(r"^sh -c '", "", self.command).split()[0]

    @property
    def keeps(self):
        """What the copy of a tree has to keep besides content: "plain" nothing, "archive"
        times, modes and owners, "linked" also the number of names of each file."""
        if self.kind == "also" or " -a " not in self.command:
            return "plain"
        return "archive" if self.executable == "rsync" else "linked"


FILE_PEERS = ("rsync --whole-file --inplace --ignore-times source dest",
              "xcp --no-progress source dest", "fcp source dest", "cpz source dest")
TREE_PEERS = ("xcp -r --no-progress source dest", "fcp source dest", "cpz source dest",
              "dcp source dest", "mcp -r source dest")
OURS = ("./mmcp", "./before", "./ways")     # which are in one directory
ENGINES = ("mmap", "kernel", "stream")
ALL, EACH = "source/*", "source/{}"


def present(programs, without=()):
    """Those of PROGRAMS that are installed and not among WITHOUT."""
    return tuple(p for p in programs if os.path.basename(p.executable) not in without
                 and (p.executable in OURS or shutil.which(p.executable)))


def copying(program, options="", source="source", dest="dest"):
    return Program(" ".join(w for w in (program, options, source, dest) if w))


# On this machine, ranks of MPI are more processes, on whichever processors there are.
RANKS = (2, 4)
AS_ROOT = (("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"))


def by_ranks(options, source="source", dest="dest"):
    """mmcp as several ranks, if MMCP_MPI_MODULE says that this is to be measured."""
    if not os.environ.get("MMCP_MPI_MODULE"):
        return ()
    return tuple(Program("mpirun -q --oversubscribe --bind-to none -n %d ./mmcp --mpi %s"
                         " %s %s" % (n, options, source, dest), env=AS_ROOT,
                         shown="mmcp --mpi %s, %d ranks" % (options, n)) for n in RANKS)


# For the one row in which a file system that can share blocks is to copy them.
NEVER = "--reflink=never"


def joined(*options):
    """The OPTIONS that there are, as one text."""
    return " ".join(o for o in options if o)


def pair(jobs=0, options=""):
    """cp, which ratios refer to, and mmcp, both with the same OPTIONS."""
    return (copying("cp", options),
            copying("./mmcp", joined("-j%d" % jobs if jobs else "", options)))


def dd():
    return Program("dd if=source of=dest bs=1M")


def also(commands, kind, source="source"):
    """The COMMANDS of --also."""
    for name, is_ in (("SOURCE", source), ("DEST", "dest")):
        commands = [re.sub(r"\b%s\b" % name, is_, c) for c in commands]
    return tuple(Program(c, kind) for c in commands)


def file_peers():
    """Other copiers of one file."""
    pv = (Program("sh -c 'pv -q source >dest'", "guest"),) if shutil.which("pv") else ()
    return (dd(),) + tuple(Program(c, "guest") for c in FILE_PEERS) + pv


def tree_peers():
    """Other copiers of trees, that keep nothing but the content."""
    return tuple(Program(c, "guest") for c in TREE_PEERS)


def rsync():
    """Keeps times, modes and owners of a tree."""
    return Program("rsync -a --whole-file source/ dest", "guest")


# ---- where they are ----

def find_mmcp(given):
    """The absolute name of the mmcp to measure: GIVEN, build/mmcp, or the one on PATH."""
    built = os.path.join(TOP, "build", "mmcp")
    found = given or (built if os.access(built, os.X_OK) else shutil.which("mmcp"))
    if not found:
        die("there is no build/mmcp: run scripts/quickstart, or give --mmcp PATH")
    if not os.access(found, os.X_OK) or os.path.isdir(found):
        die("%s can't be run" % found)
    return os.path.abspath(found)


def made_beside(program, name):
    """The path of the program NAME where PROGRAM was built; make is called for it."""
    where = os.path.dirname(program)
    if os.path.exists(os.path.join(where, "Makefile")):
        subprocess.run(["make", "-s", name], cwd=where, check=False)
    path = os.path.join(where, name)
    if not os.access(path, os.X_OK):
        die("there is no %s beside %s, and it can't be made: --sweep wants the mmcp of a"
            " build" % (name, program))
    return path


def first_line(command):
    """The first line that COMMAND prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, check=False)
    lines = done.stdout.decode(errors="replace").splitlines()
    return lines[0] if lines else "unknown"


def versions(programs, path_of_mmcp):
    """What our own and known PROGRAMS say of their version, by name."""
    told = {}
    for p in programs:
        name = os.path.basename(p.executable)
        known = p.kind != "also" and not (p.kind == "guest" and "/" in p.executable)
        if not known or name in ("ways", "cat") or name in told:
            continue
        path = name
        if p.executable in OURS:
            path = os.path.join(os.path.dirname(path_of_mmcp), name)
        told[name] = first_line([path, "--version"])
    return told
