#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# On a device that is slow, and where somebody watches, little is in memory that is still
# to be written; the percentage is that of what was written, and the last line says where
# the data are.  Nobody watches, or the device isn't known to be slow: the kernel decides.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root
need losetup mkfs.ext4 python3 unshare
no_leak_check
tools=$(cd "${srcdir:-.}/tests/tools" && pwd)
export TERM=xterm
unset NO_COLOR

# ---- a disk that writes so many bytes a second ----

throttle=/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device
[ -w $throttle ] || skip_all "no disk can be made slow here: $throttle isn't there"
mount_fs ext4 300M "$work/disk" || skip_all "$why"
name=$(basename "$(awk -v at="$work/disk" '$2 == at { print $1 }' /proc/mounts)")
device=$(cat "/sys/block/$name/dev") || skip_all "the disk has no number"
# limit RATE: in bytes a second; 0: none.
limit() { echo "$device $1" >$throttle; }
trap 'limit 0; clean_up' EXIT
limit 8388608 2>/dev/null || skip_all "the kernel can't make a disk slow"
stat=/sys/block/$name/stat
written() { awk '{ printf "%.0f", $7 * 512 }' "$stat"; }

echo 1 >yes
# carried COMMAND...: run it where the disk says that it is removable; become_carried
# doesn't return.
become_carried() {
	# shellcheck disable=SC2016 # expanded by that shell
	exec unshare -m sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh \
		"$work/yes" "/sys/block/$name/removable" "$@"
}
carried() { (become_carried "$@"); }
run carried cat "/sys/block/$name/removable"
out_is 1 >/dev/null || skip_all "no disk can be called removable here"

# begun and since: the bytes that the disk has written in between.
begun() { sync -f disk; start=$(written); }
since() { echo $(($(written) - start)); }
renew() { limit 0; rm -rf disk/new; sync -f disk; limit 8388608; begun; }
told() { grep -q "^mmcp: .*$1\$" "${2:-err}" || { cat "${2:-err}"; false; }; }
back=", data written back (sync, or --fsync, for the rest)"
MIB=1048576

head -c $((72 * MIB)) /dev/urandom >large
mkdir tree tree/more; head -c 9000000 large >tree/photo
for i in $(seq 600); do
	tail -c +$((i * 60000)) large | head -c 60000 >"tree/more/$i"
done
small=$(du -sb tree | cut -f 1)

# ---- what it has to write ----

# ahead: run mmcp in the way of $way to its end; how many bytes more it wrote to memory
# than the disk has written, at most.
ahead() {
	begun
	become_carried "$MMCP" "$@" large disk/new 2>err & pid=$!
	wait_until grep -qs mmcp "/proc/$pid/comm"
	most=0
	while bytes=$(awk '/^wchar:/ { print $2 }' "/proc/$pid/io" 2>/dev/null) &&
		[ -n "$bytes" ]; do
		n=$((bytes - $(since)))
		[ $n -le $most ] || most=$n
		sleep 0.05
	done
	status=0; wait "$pid" || status=$?
	echo "# $most bytes were in memory"
}
ahead -g --engine=stream
check "it is copied" status_is 0
check "a removable disk has never much to write" test "$most" -lt $((44 * MIB))
check "the end waits for it" told "$back"
check "and it has all" test "$(since)" -ge $((72 * MIB))
check "which is right" cmp large disk/new

renew
run carried "$MMCP" -g large disk/new
check "workers wait for it, too" told "$back"
check "workers: it has all" test "$(since)" -ge $((72 * MIB))
check "workers: which is right" cmp large disk/new
if (need_shim) >/dev/null; then
	for rule in madvise#60=SIGKILL madvise#60=delay4000; do
		renew
		run carried env MMCP_SHIM="$rule" LD_PRELOAD="$SHIM" \
			ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
			"$MMCP" -gj2 --engine=mmap --chunk-size=4M large disk/new
		check "$rule: its part is waited for" told "$back"
		check "$rule: it has all" test "$(since)" -ge $((72 * MIB))
		check "$rule: which is right" cmp large disk/new
	done
	renew
	run carried env MMCP_SHIM="sync_file_range#60+=EIO" LD_PRELOAD="$SHIM" \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		"$MMCP" -rg -j1 tree disk/new
	check "a small file that can't be written is an error" status_is 1
	check "which of them isn't known any more" grep -qx \
		"mmcp: cannot flush everything that was copied: Input/output error" err
else
	skip "what a dead worker wrote is waited for" \
		"libraries can't be preloaded here"
fi
renew
run carried "$MMCP" -rgj3 tree disk/new
check "and so do walkers" told "$back"
check "walkers: it has all" test "$(since)" -ge "$small"
check "walkers: which is right" diff -r tree disk/new
renew
run carried "$MMCP" -g --fsync large disk/new
check "what is synced is on the device" told ", on the device"
renew
run carried "$MMCP" -g tree/photo disk/new
check "a short copy waits for nothing" \
	told ", in memory: [89].[0-9]* MiB still to be written (sync, or --fsync)"

# ---- the bar ----

# watched SENTENCE BYTES ARGUMENT...
watched() {
	what=$1; bytes=$2; shift 2
	renew
	run carried python3 "$tools/watch.py" 80 "$stat" "$bytes" "$MMCP" "$@"
	check "$what: copied" status_is 0
	check "$what: it was looked at ten times" \
		test "$(sed -n 's/^moments //p' out)" -ge 10
	off=$(sed -n 's/^off //p' out)
	if [ "$off" -gt 3 ] && [ "$(cut -d. -f1 /proc/loadavg)" -ge 1 ]; then
		skip "$what: the percentage was right" "the machine is busy"
	else
		check "$what: the percentage was right" test "$off" -le 3
	fi
	check "$what: the closing line stays" told "${back#, }" out
}
watched "one file" $((72 * MIB)) large disk/new
# The disk writes inodes and directories, too.
watched "a tree" $((small * 21 / 20)) -r tree disk/new

# ---- where the kernel decides ----

limit 1048576
begun
run carried "$MMCP" large disk/silent
check "nobody watches: nothing is said" went_well
check "and nothing is waited for" test "$(since)" -lt $((60 * MIB))
renew; limit 1048576
run "$MMCP" -g large disk/new
check "another disk isn't waited for" test "$(since)" -lt $((60 * MIB))
check "how much may be in memory is told" \
	told ", in memory: up to [0-9.]* [MG]iB still to be written (sync, or --fsync)"

# ---- what is measured ----

renew; limit 1048576
cat large large >twice
python3 "$tools/watch.py" 80 "$stat" $((144 * MIB)) \
	"$MMCP" -g --bwlimit=24M twice disk/new >out 2>&1 & pid=$!
# In the end the disk isn't slow any more, or the test would take minutes.
for i in $(seq 100); do
	[ -d "/proc/$pid" ] && [ "$(since)" -lt $((14 * MIB)) ] && sleep 0.2
done
limit 0
wait "$pid"
place="\(in memory: [0-9.]* [MG]iB still to be written\|data written back\)"
measured="a disk that is measured to be slow is waited for"
if ! told ", $place (sync.*)" out && [ "$(cut -d. -f1 /proc/loadavg)" -ge 2 ]; then
	skip "$measured" "the machine is busy, and copies as slowly"
else
	check "$measured" told ", $place (sync.*)" out
fi
check "and gets all" cmp twice disk/new

# ---- what can't be written ----

umount disk; mkdir short
mount -t tmpfs -o size=16M tmpfs short || skip_all "no tmpfs to be had"
mounts="$work/disk $work/short $mounts"
truncate -s 200M short/img
mkfs.ext4 -q -F -O ^has_journal short/img
mount -o loop short/img disk || skip_all "no loop device to be had"
name=$(basename "$(awk -v at="$work/disk" '$2 == at { print $1 }' /proc/mounts)")
for way in --engine=stream -j3; do
	run carried timeout 100 "$MMCP" -g $way large disk/new
	check "$way: what can't be written is an error" status_is 1
	check "$way: of the file" grep -qE \
		"^mmcp: cannot flush 'disk/new' to its device: (No space|Input)" err
	check "$way: which doesn't get its name" absent disk/new
	check "$way: and nothing is said to be written" \
		grep -q '^mmcp: 0 B in 0 files in .*, 1 failed$' err
done

finish
