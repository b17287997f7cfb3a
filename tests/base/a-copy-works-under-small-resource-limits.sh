#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

pattern 70000000 >source

# limited LIMIT SENTENCE OPTION...: under that limit of the shell the copy is equal.
limited() {
	limit=$1; sentence=$2; shift 2
	# shellcheck disable=SC2086 # a limit is an option and a number
	(ulimit $limit && exec "$MMCP" "$@" source new) >out 2>err
	status=$?
	check "$sentence, $*: status 0" status_is 0
	check "$sentence, $*: equal" cmp source new
	check "$sentence, $*: nothing is said" err_empty
	rm -f new
}

no_leak_check
for j in 1 2 7; do
	limited "-n 16" "16 descriptors" -j$j
	limited "-n 16" "16 descriptors" -j$j --engine=stream
	sanitized || limited "-v 30000" "30 MB of address space" -j$j
	sanitized || limited "-v 30000" "30 MB of address space" -j$j --engine=stream
done
if is_root && have setpriv && have prlimit; then
	chmod 777 .
	# As another user, whose processes are counted.
	for j in 1 2 7; do
		run setpriv --reuid 64321 --regid 64321 --clear-groups \
			prlimit --nproc=1 "$MMCP" -j$j source new
		check "no process to be had, -j$j: status 0" status_is 0
		check "no process to be had, -j$j: equal" cmp source new
		rm -f new
	done
else
	skip "no process to be had" "not root, or no setpriv or prlimit"
fi

if [ -e "${SHIM:=}" ]; then
	head -c 3000000 source >small
	for n in 1 1073741824 9223372036854775807; do
		run shimmed "fstat=blksize$n" "$MMCP" small new
		check "a block size of $n is no matter" cmp small new
		rm -f new
		run shimmed "fstat=blksize$n" "$MMCP" --engine=stream small new
		check "a block size of $n is no matter when streaming" cmp small new
		rm -f new
	done
fi

# Under a memory cgroup of 24 MB nothing is killed, or if so, one line says it.
cgroup=/sys/fs/cgroup/memory/mmcp-test.$$
if is_root && mkdir "$cgroup" 2>/dev/null && [ -e "$cgroup/memory.limit_in_bytes" ]; then
	echo 24M >"$cgroup/memory.limit_in_bytes"
	(echo 0 >"$cgroup/cgroup.procs" && exec "$MMCP" -j2 source new) >out 2>err
	status=$?
	if [ $status = 0 ]; then
		check "a small memory cgroup: equal" cmp source new
	else
		check "a small memory cgroup: one line" test "$(wc -l <err)" = 1
		check "a small memory cgroup: no new file" absent new
	fi
	sleep 0.2
	rmdir "$cgroup" 2>/dev/null
else
	[ -d "$cgroup" ] && rmdir "$cgroup"
	skip "a small memory cgroup" "no memory cgroup can be made here"
fi

# What a close has to say is heard though there is no descriptor to spare.
if is_root && [ -c /dev/fuse ] && [ -x "${FAULTFS:=}" ]; then
	mount_faultfs "$work/back" "$work/fuse"
	head -c 3000 source >short
	for limit in "-n 5" "-n 6" "-n 7" "-n 8"; do
		for option in --update=all --atomic --fsync; do
			faultfs_rules "$work/fuse"
			rm -f fuse/new
			echo old >fuse/old
			faultfs_rules "$work/fuse" flush=EIO
			# shellcheck disable=SC2086 # a limit is an option and a number
			(ulimit $limit && exec "$MMCP" $option short fuse/old) >out 2>err
			status=$?
			check "ulimit $limit, $option: a close that fails is an error" \
				status_is 1
			# shellcheck disable=SC2086
			(ulimit $limit && exec "$MMCP" $option short fuse/new) >out 2>err
			status=$?
			check "ulimit $limit, $option: of a new file, too" status_is 1
			check "ulimit $limit, $option: which is not there" absent fuse/new
		done
	done
else
	skip "what a close has to say" "there is no faultfs, or no right to mount it"
fi

# Where no descriptor is left to sync the directory, its file system is synced.
head -c 3000 source >short
mkdir below
for limit in "-n 6" "-n 7" "-n 8"; do
	rm -f below/new
	# shellcheck disable=SC2086
	(ulimit $limit && exec "$MMCP" --fsync short below/new) >out 2>err
	status=$?
	check "ulimit $limit, --fsync: a file is copied" went_well
	check "ulimit $limit, --fsync: as it is" cmp short below/new
done

finish
