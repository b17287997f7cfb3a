#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 at 200 moments spread over the copy and a little more.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

PYTHONPATH=${srcdir:-.}/tests/tools
PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH PYTHONDONTWRITEBYTECODE
cat >killer.py <<'P'
import os, random, subprocess, sys, time
from processgroup import processes_of
mmcp, kind = sys.argv[1:]
random.seed(4711)
def content(name):
    try:
        with open(name, "rb") as f:
            return f.read()
    except FileNotFoundError:
        return None
source, older = content("source"), content("older")
options = ["--engine=mmap", "--chunk-size=64K", "-j3"]
if kind == "atomic":
    options.append("--atomic")
def start():
    return subprocess.Popen([mmcp] + options + ["source", "dest"], start_new_session=True)
def prepare():
    for name in ["dest"] + [n for n in os.listdir(".") if n.startswith(".mmcp-")]:
        if os.path.exists(name):
            os.unlink(name)
    if kind == "atomic":
        with open("dest", "wb") as f:
            f.write(older)
prepare()
begin = time.monotonic()
start().wait()
length = time.monotonic() - begin
seen = {"complete": 0, "none": 0, "old": 0}
for i in range(200):
    prepare()
    process = start()
    time.sleep(length * 1.2 * random.random())
    process.kill()
    process.wait()
    for _ in range(250):
        if not processes_of((process.pid,)):
            break
        time.sleep(0.02)
    else:
        sys.exit("workers live on after kill %d" % i)
    now = content("dest")
    if now == source:
        seen["complete"] += 1
    elif now is None and kind == "new":
        seen["none"] += 1
    elif now == older and kind == "atomic":
        seen["old"] += 1
    else:
        sys.exit("kill %d left a file of %d bytes that is neither old nor new"
                 % (i, len(now or b"")))
print(seen)
P
pattern 6000000 >source
pattern 6000000 | tr '\000-\377' '\001-\377\000' >older
check "a new file is there whole or not at all" python3 killer.py "$MMCP" new
check "a replaced file is the old one or the new one" python3 killer.py "$MMCP" atomic

finish
