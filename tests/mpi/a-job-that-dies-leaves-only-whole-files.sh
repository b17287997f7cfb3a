#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A walker that dies costs nothing.  Any other process of a job ends the job; then there
# are only whole files, and --resume goes on, with another number of ranks.  How often:
# MMCP_LONG=1: at 100 moments.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_shim
need python3
no_leak_check

moments=8
[ -z "${MMCP_LONG:-}" ] || moments=100

for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	mkdir -p s/$i/in
	for j in 1 2 3 4 5 6 7 8; do pattern $((i * j * 2000)) >s/$i/$j; done
	pattern $((1 << 18)) >s/$i/in/large
	ln s/1/1 s/$i/in/other
done
pattern $((80 << 20)) >s/large
"$MMCP" -a s want

# processes NAME: the process numbers of what was started as a mmcp of this test's job,
# with its depth: agent, parent, or walker.
cat >processes.py <<'END'
import os
import sys

# The job is whatever has this in its environment, and is no mpirun or shell.
mark = os.fsencode("work=" + sys.argv[1])
program = os.path.realpath(sys.argv[2])
parents = {}
for entry in os.listdir("/proc"):
    if not entry.isdigit():
        continue
    try:
        if os.path.realpath("/proc/%s/exe" % entry) != program:
            continue
        with open("/proc/%s/environ" % entry, "rb") as file:
            if mark not in file.read().split(b"\0"):
                continue
        with open("/proc/%s/stat" % entry) as file:
            fields = file.read().rsplit(")", 1)[1].split()
            if fields[0] not in "ZX":
                parents[int(entry)] = int(fields[1])
    except OSError:
        continue
names = ["agent", "parent", "walker", "worker"]
for process in sorted(parents):
    depth = 0
    above = process
    while parents.get(above) in parents:
        above = parents[above]
        depth += 1
    print(names[min(depth, 3)], process)
END
processes() { python3 processes.py "$work" "$MMCP"; }
one_of() { processes | sed -n "s/^$1 //p" | sort -R | head -n 1; }
all_gone() { [ -z "$(processes)" ]; }
# some_made N: so many files are there.
some_made() { [ "$(find to -type f 2>/dev/null | wc -l)" -ge "$1" ] || gone "$pid"; }

slow="openat=delay15 mkdirat=delay5 copy_file_range=short400000 copy_file_range=delay3"
# What a resumed copy keeps has hidden names.
only_whole() (
	cd to 2>/dev/null || exit 0
	find . -type f ! -name '.mmcp-*' -exec sh -c 'for file; do
		cmp "$0/$file" "$file" || exit 1; done' "$work/s" {} +
)

n=0
killed=0
chance=7
while [ $n -lt $moments ]; do
	case $((n % 8)) in
	0 | 5) who=walker signal=KILL ;;
	1) who=parent signal=KILL ;;
	2) who=agent signal=KILL ;;
	3) who=mpirun signal=TERM ;;
	4) who=mpirun signal=INT ;;
	6) who=parent signal=TERM ;;
	7) who=agent signal=TERM ;;
	esac
	chance=$(((chance * 1103515245 + 12345) % 2147483648))
	made=$((chance / 65536 % 130 + 1))
	ranks=$((chance / 256 % 4 + 2))
	n=$((n + 1))
	what="SIG$signal to a $who of $ranks ranks, after $made files"
	rm -rf to
	export RANKS=$ranks SLOWED="$slow"
	env --default-signal=INT,QUIT timeout --foreground 100 "$many" -a --resume s to \
		>out 2>err &
	pid=$!
	wait_until some_made "$made"
	case $who in
	mpirun) victim=$(child_of "$(child_of $pid)") ;;
	*) victim=$(one_of "$who") ;;
	esac
	[ -z "$victim" ] || kill "-$signal" "$victim" 2>/dev/null
	ended
	# The signal may have come too late.
	if [ "$who" = walker ] || [ "$status" = 0 ]; then
		check "$what: the copy succeeds" status_is 0
		check "$what: it is whole" same_tree want to times
		check "$what: nothing else is there" no_leftovers to
		check "$what: nobody is left" all_gone
		continue
	fi
	killed=$((killed + 1))
	check "$what: all go" wait_until all_gone
	check "$what: what is there is whole" only_whole
	unset SLOWED
	on $((ranks % 4 + 1)) -aT --resume s to
	check "$what: another copy succeeds" went_well
	check "$what: it completes the copy" same_tree want to times
	check "$what: nothing else is there" no_leftovers to
done
check "some of these jobs were ended" test $killed -ge $((moments / 3))

finish
