#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_shim
need python3
need strace
no_leak_check
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 3000000 ] || skip_all "there is no room"

pattern $((512 << 20)) >dense
# Data and holes by turns, none of them where a range ends.
python3 - <<'END'
with open("dense", "rb") as data, open("sparse", "wb") as file:
    for at in range(0, 1 << 30, 5000000):
        file.seek(at)
        file.write(data.read(700001))
    file.truncate((1 << 30) + 12345)
END
touch -d @1000000000.5 dense sparse

# Calls take a while, so that a range is wanted by who is idle.
SLOWED='copy_file_range=short2000000 copy_file_range=delay4 pread=delay1'
export SLOWED
for n in 2 4; do
	rm -rf d trace.*
	mkdir d
	export TRACED=open,openat
	limit=120 on $n -a --stats dense d/dense
	unset TRACED
	check "$n ranks share a dense file" status_is 0
	check "$n ranks: its bytes" same_content dense d/dense
	check "$n ranks: it is added up" out_has "Copied 1 file (512 MiB)"
	# The owner opens the copy below a descriptor, the others by its path.
	check "$n ranks have worked" worked $((n - 1)) '/d/.*\(O_WRONLY\|O_RDWR\)'
	check "$n ranks: its time" test "$(stat -c %.Y d/dense)" = 1000000000.500000000
	check "$n ranks: nothing is left" no_leftovers d
done
rm -rf d
mkdir d
limit=120 on 3 -a sparse d/sparse
check "3 ranks share a sparse file" went_well
check "3 ranks: its bytes" same_content sparse d/sparse
check "3 ranks: no more blocks than it has" test \
	"$(stat -c %b d/sparse)" -le $(($(stat -c %b sparse) + 2000))
! can_map_holes || check "3 ranks: its holes" same_holes sparse d/sparse
rm -rf d

# In a tree, beside small files, and with each option that looks at bytes.
mkdir -p s/in
ln dense s/large
for i in 1 2 3 4 5 6 7 8 9; do echo $i >s/in/$i; done
for option in "--fsync --atomic --verify" --resume --engine=mmap --engine=stream \
	--sparse=always; do
	sampled || continue
	rm -rf d
	# shellcheck disable=SC2086 # words
	limit=120 on 2 -a $option s d
	check "$option: succeeds" went_well
	check "$option: the bytes" same_content dense d/large
	check "$option: nothing is left" no_leftovers d
done
! have xxhsum || { rm -rf d && on 2 -a --manifest=sums s d &&
	check "the hash is right" sh -c "cd d && xxhsum -c --quiet ../sums"; }

# On Lustre, chunks are whole stripes: a layout whose stripes have 24 MiB.
if (need_faultfs) >/dev/null && have setfattr; then
	mount_faultfs "$work/back" "$work/lustre"
	setfattr -n user.lustre.lov -v 0xd00bd30b"$(printf '%040d' 0)"00008001 back
	rm -f trace.*
	export TRACED=pwrite64
	limit=120 on 2 -a dense lustre/dense
	unset TRACED
	check "a file in stripes is copied" status_is 0
	check "its bytes" same_content dense lustre/dense
	check "two ranks share it, and no stripe" python3 - trace.* <<-'END'
		import re
		import sys

		writers = {}
		for trace in sys.argv[1:]:
		    for line in open(trace):
		        call = re.search(r"pwrite64\(.*, (\d+), (\d+)(\)| <)", line)
		        # A slow rank writes a file that says how far it is, too.
		        if call and int(call[1]) >= 65536:
		            stripe = int(call[2]) // (24 << 20)
		            writers.setdefault(stripe, set()).add(trace)
		print(writers)
		sys.exit(len(set.union(*writers.values())) < 2
		         or any(len(ranks) > 1 for ranks in writers.values()))
	END
	unmount_faultfs "$work/lustre"
else
	skip "stripes" "faultfs or setfattr is missing"
fi

# A process within is killed: another one goes on.
# The newest of its processes, which have no other children.
cat >youngest.py <<'END'
import os
import sys

program = os.path.realpath(sys.argv[1])
found = []
for entry in os.listdir("/proc"):
    try:
        if entry.isdigit() and os.path.realpath("/proc/%s/exe" % entry) == program:
            with open("/proc/%s/environ" % entry, "rb") as file:
                if os.fsencode("work=" + sys.argv[2]) not in file.read().split(b"\0"):
                    continue
            with open("/proc/%s/task/%s/children" % (entry, entry)) as file:
                if file.read() == "":
                    found.append(int(entry))
    except OSError:
        pass
print(sorted(found)[int(sys.argv[3]) % len(found)] if found else "")
END
part_made() { [ "$(du -ks d 2>/dev/null | cut -f 1)" -gt "$1" ] || gone "$pid"; }
for which in 0 2 -1; do
	sampled || continue
	rm -rf d
	mkdir d
	RANKS=3 timeout --foreground 120 "$many" -a dense d/dense >out 2>err &
	pid=$!
	wait_until part_made 60000
	victim=$(python3 youngest.py "$MMCP" "$work" $which)
	[ -z "$victim" ] || kill -KILL "$victim" 2>/dev/null
	ended
	check "process $which without children is killed: the copy succeeds" status_is 0
	check "process $which: the bytes" same_content dense d/dense
	check "process $which: nothing is left" no_leftovers d
done

# What is read ends early, or fails.
rm -rf d
mkdir d
RANKS=3 timeout --foreground 120 "$many" -a dense d/dense >out 2>err &
pid=$!
wait_until part_made 60000
truncate -s 200M dense
ended
check "a source that shrinks: the copy ends" test "$status" -le 1
check "a source that shrinks: whole, or told of" sh -c \
	"cmp -s dense d/dense || { test $status = 1 && test -s err; }"
pattern $((128 << 20)) >dense
SLOWED='copy_file_range=EIO#40 copy_file_range=short2000000 copy_file_range=delay4'
rm -rf d
mkdir d
on 3 -a dense d/dense
check "an error: ranks fail or go another way" test "$status" -le 1
check "an error: nothing partial has the name" sh -c \
	"test ! -e d/dense || cmp dense d/dense"
check "an error: nothing is left" no_leftovers d

finish
