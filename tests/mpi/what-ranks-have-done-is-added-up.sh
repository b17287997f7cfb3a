#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Options of ours: files that are written, counts, durability.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_shim
need python3
no_leak_check
slow_ranks

for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	mkdir -p s/$i/in
	for j in 1 2 3 4; do pattern $((i * j * 500)) >s/$i/$j; done
	pattern $((1 << 17)) >s/$i/in/large
	ln s/1/1 s/$i/in/other
	ln -s nowhere s/$i/link
	mkfifo s/$i/in/fifo
done
pattern 3000000 >s/7/big

# Which name of several is copied, and which are links to it, may differ.
cat >facts.py <<'END'
import json
import re
import sys

for line in open(sys.argv[1]):
    event = json.loads(line)
    if event["event"] == "file":
        name = event["source"]
        several = re.search(r"/in/other$|^s/1/1$", name)
        print(name, *(() if several else (event["action"], event["kind"],
                                          event.get("bytes"))))
    elif event["event"] == "summary":
        for key in event:
            if not re.search("seconds|walkers|workers|ranks|by_|cloned|holes", key):
                print("summary", key, event[key])
        print("summary moved", sum(event[key] for key in
                                   ("by_kernel", "by_mapping", "by_hand", "direct",
                                    "cloned", "holes")))
    else:
        print(event["event"])
END
same_facts() {
	python3 facts.py "$1" | sort >facts.1 && python3 facts.py "$2" | sort >facts.2 &&
		diff facts.1 facts.2
}
"$MMCP" -a --json s one.to >one.json
on 4 -a --json s to
check "JSON: ranks succeed" went_well
check "JSON: so many ranks" grep -q '"ranks":4' out
check "JSON: one line for each file, and the sums of one process" same_facts one.json out
mv to known

on 3 -a --stats s to
check "--stats: ranks succeed" status_is 0
check "--stats: the files of all" out_has "101 files"
check "--stats: the bytes of all" out_has "6.4 MiB"
rm -rf to

# Written by all, sorted by rank 0.
"$MMCP" -a --manifest=one.sums s one.sums.to
on 4 -a --manifest=sums s to
check "--manifest: ranks succeed" went_well
check "--manifest: it is one process's, in its order" same_content one.sums sums
if have xxhsum; then
	check "--manifest: the tool agrees" sh -c "cd to && xxhsum -c --quiet ../sums"
fi
rm -rf to

for option in --fsync --atomic --verify --resume --bwlimit=1G; do
	sampled || continue
	on 4 -a $option s to
	check "$option: ranks succeed" went_well
	check "$option: the copy" same_tree s to times
	check "$option: nothing else is there" no_leftovers .
	rm -rf to
done
on 4 -a --fsync --atomic --verify --manifest=sums --resume s to
check "all at once: ranks succeed" went_well
check "all at once: the copy" same_tree s to times
check "all at once: the manifest" same_content one.sums sums
rm -rf to

# What couldn't be copied is listed for another run, and told in each other way.
slow="$SLOWED"
SLOWED="openat@large=EIO $slow"
on 4 -a --failed-to=failed --log-file=log --json s to
check "failures: ranks fail" status_is 1
check "--failed-to: each is listed once" test \
	"$(tr '\0' '\n' <failed | grep -c 'in/large$')" = 20
check "--log-file: each is there once" test \
	"$(grep -c "failed cannot open .*Input/output error" log)" = 20
check "--json: each is there once" test "$(grep -c '"event":"error"' out)" = 20
check "--log-file: so is what was copied" test "$(grep -c ' copied ' log)" = \
	"$(grep -c '"action":"copied"' out)"
SLOWED=$slow
rm -rf to
mkdir to
on 4 -a --files0-from=failed to
check "what was listed can be copied then" went_well
check "and is" test "$(find to -name large | wc -l)" = 20

# An error of a device is found by the rank that wrote.
SLOWED="fsync=EIO syncfs=EIO $slow"
rm -rf to
on 4 -a --fsync s to
check "--fsync: what fails isn't success" status_is 1
check "--fsync: and is said" err_has "Input/output error"

finish
