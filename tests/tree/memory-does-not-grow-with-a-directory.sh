#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The most memory that mmcp or a worker ever had, for 2000 files and for 200 000: no more
# than the names take.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

few=2000 many=200000
if sanitized; then many=20000; fi
if place tmpfs 2>/dev/null; then cd tmpfs || exit 99; fi

cat >"$work/make.py" <<'P'
import os, sys
os.mkdir(sys.argv[1])
fd = os.open(sys.argv[1], os.O_RDONLY)
for i in range(int(sys.argv[2])):
    os.close(os.open("a-file-with-a-rather-long-name-%d" % i, os.O_WRONLY | os.O_CREAT,
                     dir_fd=fd))
P
cat >"$work/peak.py" <<'P'
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
if status:
    sys.exit("status %d" % status)
print(usage.ru_maxrss)
P
names() { find "$1" -type f -printf '%f\n' | LC_ALL=C sort | cksum; }
same_names() { [ "$(names "$1")" = "$(names "$2")" ]; }
no_leak_check

python3 "$work/make.py" few $few
python3 "$work/make.py" many $many || skip_all "so many files can't be made here"
for option in "-r -j3" "-a -j1"; do
	# shellcheck disable=SC2086 # options, to be split
	python3 "$work/peak.py" "$MMCP" $option few to >"$work/few"
	rm -rf to
	# shellcheck disable=SC2086
	python3 "$work/peak.py" "$MMCP" $option many to >"$work/many"
	echo "# $option: $(cat "$work/few") and $(cat "$work/many") kB"
	check "of $many files, only the names take more memory than of $few, $option" \
		test "$(cat "$work/many")" -le \
			$(($(cat "$work/few") + 8192 + many * 40 / 1024))
	check "and all are there, $option" same_names many to
	rm -rf to
done
cd "$work" || exit 99

finish
