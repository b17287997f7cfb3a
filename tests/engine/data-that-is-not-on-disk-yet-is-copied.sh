#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Delayed allocation, unwritten extents, dirty pages over holes, a great many extents:
# what has been read as zeros by those who asked the disk instead of the file.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

cat >dirty.py <<'P'
# Dirty the pages of a hole through a mapping, and keep them dirty until told to end.
import mmap, os, time
with open("holey", "r+b") as f:
    m = mmap.mmap(f.fileno(), 0)
    for at in range(0, len(m), 1 << 20):
        m[at:at + 5] = b"dirty"
    open("ready", "w").close()
    while not os.path.exists("stop"):
        time.sleep(0.01)
P

in_place() {
	fs=$1; dir=$2
	cd "$dir" || exit 99
	cp "$work/dirty.py" .
	for engine in auto mmap kernel stream; do
		sampled || continue
		rm -f pre copy holey ready stop
		fallocate -l 8M pre 2>/dev/null
		python3 -c 'f = open("pre", "r+b")
for at in range(0, 8 << 20, 300000): f.seek(at); f.write(b"x" * 100000)'
		"$MMCP" --engine=$engine -j2 --chunk-size=1M pre copy
		check "$fs, $engine: preallocated and written just now" cmp pre copy
		truncate -s 8M holey
		python3 dirty.py &
		while [ ! -e ready ]; do sleep 0.05; done
		rm -f copy
		"$MMCP" --engine=$engine -j2 --chunk-size=1M holey copy
		check "$fs, $engine: dirty pages over a hole" cmp holey copy
		check "$fs, $engine: and they are data" grep -qa dirty copy
		: >stop
		wait
	done
	rm -f pre copy holey
	python3 -c 'f = open("many", "wb")
for i in range(100001): f.seek(i * 8192); f.write(b"%d" % i)'
	for engine in auto mmap kernel stream; do
		sampled || continue
		rm -f copy
		run timeout 100 "$MMCP" --engine=$engine -j2 many copy
		check "$fs, $engine: 100 001 extents" cmp many copy
	done
	rm -f many copy
	cd "$work" || exit 99
}

for fs in ext4 xfs btrfs tmpfs; do
	if mount_fs $fs 1900M "$work/$fs"; then
		in_place $fs "$work/$fs"
	else
		skip "on $fs" "$why"
	fi
done
is_root || in_place "here" "$work"

finish
