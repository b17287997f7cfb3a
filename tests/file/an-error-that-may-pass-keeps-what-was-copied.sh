#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --resume: an error that says nothing of journal and data (a device that fails for a
# moment, a full disk, no memory, no descriptors) is told, both stay as they are, and the
# next run goes on.  Only what is missing, foreign or damaged starts afresh.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3
"$MMCP" --resume /dev/null x 2>err || skip_all "$(cat err)"
rm -f x

size=70000001
pattern $size >source
touch -d '2020-02-02 02:02:02.123456789' source
# begun DIRECTORY OPTION...: an interrupted copy to DIRECTORY/copy, all of it noted but
# the last block.
begun() {
	mkdir -p "$1"; rm -rf "$1"/.mmcp-*
	dir=$1; shift
	run shimmed "pwrite#120=SIGTERM" "$MMCP" --resume -j1 "$@" source "$dir/copy"
	set -- "$dir"
	journal=$(echo "$1"/.mmcp-j*) data=$(echo "$1"/.mmcp-r*)
	if [ ! -s "$journal" ] || [ ! -s "$data" ]; then
		broken "no copy is interrupted: $(cat err)"
	fi
	j=${journal##*/} d=${data##*/}
	cp "$journal" journal; stat -c '%i %s' "$journal" "$data" >inodes
}
stays() {
	stat -c '%i %s' "$journal" "$data" | diff inodes - &&
		cmp journal "$journal"
}
goes_on() {
	run "$MMCP" --json --resume source "$1"
	went_well && cmp source "$1" && ! grep -q '"resumed":0,' out
}
later="mmcp: cannot resume 'to/copy'; what was copied of it stays:"

begun to
while read -r rule reason; do
	named=$(echo "$rule" | sed "s/JOURNAL/$j/; s/DATA/$d/")
	run shimmed "$named" timeout 100 "$MMCP" --resume source to/copy
	check "$rule: it is told" err_is "$later $reason"
	check "$rule: as an error" status_is 1
	check "$rule: both stay" stays
done <<'RULES'
rdwr@JOURNAL=EIO Input/output error
rdwr@JOURNAL=EMFILE Too many open files
rdwr@JOURNAL=ENFILE Too many open files in system
rdwr@JOURNAL=ENOMEM Cannot allocate memory
rdwr@JOURNAL=ENOSPC No space left on device
rdwr@JOURNAL=EDQUOT Disk quota exceeded
fstat@JOURNAL=EIO Input/output error
fstat@JOURNAL#2=EIO Input/output error
fstatat@JOURNAL=EIO Input/output error
pread@JOURNAL=EIO Input/output error
mmap@JOURNAL=ENOMEM Cannot allocate memory
ioctl@source=EIO Input/output error
rdwr@DATA=EIO Input/output error
rdwr@DATA=EMFILE Too many open files
rdwr@DATA=ENOSPC No space left on device
fstat@DATA=EIO Input/output error
pread@DATA=EIO Input/output error
pread@DATA#5=EIO Input/output error
pwrite@JOURNAL=ENOSPC No space left on device
fallocate@DATA=EIO Input/output error
fallocate@DATA=ENOSPC No space left on device
fallocate@DATA=EDQUOT Disk quota exceeded
fallocate@DATA=EINTR Interrupted system call
RULES
chmod 600 source; chmod 644 source
run shimmed "pread@source#20=EIO" "$MMCP" --resume source to/copy
check "a source that has to be compared can't be read: that is told" err_is \
	"mmcp: error reading 'source': Input/output error"
check "... and both stay" stays
check "after all that, it has no name" absent to/copy
check "... and it goes on" goes_on to/copy
check "... and nothing is left" no_leftovers to
for option in --remove-destination --force --backup; do
	rm -f to/copy; head -c 100 source >to/copy; cp to/copy old
	begun to $option
	run shimmed "pread@$d=ENOSPC" "$MMCP" --resume $option source to/copy
	check "$option: nothing is done to the old file" cmp old to/copy
	check "$option: nor is there a backup" absent to/copy~
	check "$option: both stay" stays
done
rm -rf to

# ---- where no holes can be made ----
# Of what is noted, all but block 1.
cat >without.py <<'P'
import sys, zlib
with open(sys.argv[1], "r+b") as journal:
    data = bytearray(journal.read())
    at = max(32768, 32832, key=lambda at: data[at + 4:at + 8])
    data[at + 8] &= ~2
    hashes = b"".join(data[36864 + 16 * i:36880 + 16 * i] for i in range(256)
                      if data[at + 8 + i // 8] & 1 << i % 8)
    crc = zlib.crc32(b"\0" * 8 + data[at + 4:at + 64] + hashes)
    data[at:at + 4] = crc.to_bytes(4, sys.byteorder)
    journal.seek(0)
    journal.write(data)
P
begun to
python3 without.py "$journal"
run shimmed "fallocate@$d=EOPNOTSUPP ftruncate@$d=EIO" "$MMCP" --resume source to/copy
check "without holes, what can't be cut is an error" err_is "$later Input/output error"
run "$MMCP" --json --resume source to/copy
check "... and later it goes on from the part before the first hole" \
	grep -q '"resumed":1048576,' out
check "... without a word" went_well
check "... and is right" cmp source to/copy
rm to/copy
begun to
python3 without.py "$journal"
run shimmed "fallocate@$d=EOPNOTSUPP" "$MMCP" --json --resume source to/copy
check "without holes, it goes on from there at once" grep -q '"resumed":1048576,' out
check "... and is right" cmp source to/copy
rm to/copy

# ---- what is nothing to wait for ----
begun to
run shimmed "renameat@$d=SIGKILL" "$MMCP" --resume --sparse=always source to/copy
check "killed while it starts afresh" status_is 137
check "... the old journal has gone before the new data came" [ ! -s "$journal" ]
run "$MMCP" --resume source to/copy
check "... and the copy is right" sh -c 'cmp source to/copy'
check "... and nothing is left" no_leftovers to
for rule in rdwr@JOURNAL=EACCES fork=EAGAIN openat@DATA=EMFILE pwrite@JOURNAL=ENOSPC \
	mmap@JOURNAL=ENOMEM; do
	rm -rf to; mkdir to
	rule=$(echo $rule | sed "s/JOURNAL/$j/; s/DATA/$d/")
	case $rule in rdwr*) : >"$journal" ;; esac
	run shimmed "$rule" "$MMCP" --resume -j1 source to/copy
	check "$rule: no journal can be kept, which is said once" \
		[ "$(grep -c "cannot keep a journal for 'to/copy'" err)" = 1 ]
	check "$rule: the copy is right" cmp source to/copy
	case $rule in rdwr*) continue ;; esac
	check "$rule: nothing is left" no_leftovers to
	rm -f to/copy
	run shimmed "$rule pread@source#60=EIO" "$MMCP" \
		--resume -j1 source to/copy
	check "$rule: nor is it if the copy fails" no_leftovers to
done

# ---- a journal whose pages can't be read ----
if is_root && [ -c /dev/fuse ] && [ -x "${FAULTFS:=}" ]; then
	m=$work/m
	mount_faultfs "$work/backing" "$m"
	begun m
	unmount_faultfs "$m"
	mount_faultfs "$work/backing" "$m"
	faultfs_rules "$m" "read@$j=bad32768-40960"
	run timeout 100 "$MMCP" --resume source m/copy
	check "a page of the journal can't be read" err_is "mmcp: \
cannot resume 'm/copy'; what was copied of it stays: Input/output error"
	faultfs_rules "$m"
	check "... and later it goes on" goes_on m/copy
else
	skip "a page of the journal can't be read" "this takes root and faultfs"
fi

finish
