#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A file that is hashed on its way is shared like any other: the hashes of a range come
# from who has copied it.
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
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 2000000 ] || skip_all "there is no room"
"$MMCP" --verify /dev/null x 2>err || skip_all "$(cat err)"

# Its last block isn't whole.  In the other file, data and holes begin within blocks.
pattern $((200 << 20)) >dense
echo odd >>dense
python3 - <<'END'
with open("dense", "rb") as data, open("sparse", "wb") as file:
    for at in range(12345, 1 << 28, 7000000):
        file.seek(at)
        file.write(data.read(5000001))
    file.truncate((1 << 28) + 12345)
END

# Reading takes a while, so that a range is wanted by who is idle.
SLOWED='pread=delay4' much='pread64(.*, \(262144\|1048576\), '
export SLOWED
for option in --verify --resume "--resume --verify=read" "--verify -j1"; do
	for file in dense sparse; do
		sampled || continue
		rm -rf d trace.*
		mkdir d
		export TRACED=pread64
		# shellcheck disable=SC2086 # words
		limit=120 on 2 -a $option $file d/copy
		unset TRACED
		check "$option, $file: succeeds" status_is 0
		check "$option, $file: its bytes" same_content $file d/copy
		check "$option, $file: two ranks have read it" worked 2 "$much"
		check "$option, $file: nothing is left" no_leftovers d
		[ $file = dense ] || ! can_map_holes ||
			check "$option, $file: its holes" same_holes $file d/copy
	done
done

# An old file is replaced by what is shared, since it is when that is whole.
rm -rf d trace.*
mkdir d
echo old >d/copy
export TRACED=pread64
limit=120 on 3 -a --verify --stats dense d/copy
unset TRACED
check "an old file is replaced" status_is 0
check "it has all bytes" same_content dense d/copy
check "ranks have shared them" worked 2 "$much"
check "all of it is verified" grep -q "verified  *200.0 MiB" out

# A byte that is written wrongly, by whoever has it.
if (need_faultfs) >/dev/null; then
	mount_faultfs "$work/back" "$work/fuse"
	for at in 0 $((70 << 20)) 99999999 $((200 << 20)); do
		sampled || continue
		faultfs_rules "$work/fuse" write=flip$at
		limit=120 on 3 -a --verify dense fuse/copy
		check "a wrong byte at $at is found" status_is 1
		check "and named" err_is "mmcp: cannot verify 'fuse/copy': it differs \
from 'dense' at byte $at (bytes that differ: 1)"
		check "and no file is there" test ! -e fuse/copy
	done
	faultfs_rules "$work/fuse"
	unmount_faultfs "$work/fuse"
else
	skip "what is written wrongly" "there is no faultfs"
fi

# What ranks have copied is in the journal, and isn't copied again.
much_is_there() {
	"$MMCP" --status d | grep 'copying: *[4-9][0-9]\.[0-9] MiB\|copying: *1' ||
		gone "$pid"
}
rm -rf d
mkdir d
export RANKS=3 SLOWED='pread=delay20'
env --default-signal=INT timeout --foreground 120 "$many" -a --resume dense d/copy \
	>out 2>err &
pid=$!
check "a copy goes on for a while" wait_until much_is_there
kill -INT "$(child_of "$(child_of "$pid")")"
ended
check "and is interrupted" test "$status" != 0
unset SLOWED
limit=120 on 2 -a --resume --stats dense d/copy
check "other ranks go on" status_is 0
check "with what was there" out_has resumed
check "to the end" same_content dense d/copy
check "and nothing is left" no_leftovers d

finish
