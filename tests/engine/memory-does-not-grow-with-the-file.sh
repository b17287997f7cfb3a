#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Private memory and page tables of parent and workers, at their highest, by /proc.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3
if sanitized; then skip_all "an address sanitizer has page tables of its own"; fi
[ "$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)" -ge 13 ] ||
	skip_all "it takes 13 GiB of memory to hold the files"
mount_fs tmpfs 12G "$work/tmpfs" || skip_all "$why"
cd tmpfs || exit 99

cat >peak.py <<'P'
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
peak = {"VmPTE": 0, "RssAnon": 0}
while process.poll() is None:
    pids = [process.pid]
    try:
        with open("/proc/%d/task/%d/children" % (process.pid, process.pid)) as f:
            pids += [int(p) for p in f.read().split()]
    except OSError:
        pass
    for pid in pids:
        try:
            with open("/proc/%d/status" % pid) as f:
                for line in f:
                    key, _, value = line.partition(":")
                    if key in peak:
                        peak[key] = max(peak[key], int(value.split()[0]))
        except OSError:
            pass
if process.returncode:
    sys.exit("status %d" % process.returncode)
print(peak["VmPTE"], peak["RssAnon"])
P

head -c 1G /dev/zero | tr '\000' 'x' >dense
truncate -s 1T sparse
i=0
while [ $i -lt 64 ]; do
	dd if=dense of=sparse bs=1M count=64 seek=$((i * 16000)) conv=notrunc 2>/dev/null
	i=$((i + 1))
done
for engine in auto mmap kernel; do
	rm -f copy
	python3 peak.py "$MMCP" --engine=$engine -j2 dense copy >small.peak
	rm -f copy
	python3 peak.py "$MMCP" --engine=$engine -j2 sparse copy >large.peak
	read -r small_tables small_private <small.peak
	read -r large_tables large_private <large.peak
	echo "# $engine: page tables $small_tables and $large_tables kB," \
		"private $small_private and $large_private kB"
	check "$engine: page tables don't grow" \
		test "$large_tables" -le $((small_tables + 600))
	check "$engine: page tables are those of a window or two" test "$large_tables" \
		-le 1200
	check "$engine: private memory doesn't grow" \
		test "$large_private" -le $((small_private + 600))
done
rm -f copy
cd "$work" || exit 99

finish
