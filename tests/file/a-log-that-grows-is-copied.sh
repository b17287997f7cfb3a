#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sources with independent writers: logs, a rotation, a database, a download.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

times=3
[ -z "${MMCP_LONG:-}" ] || times=30
writers=
stop_writers() {
	for writer in $writers; do kill "$writer" && wait "$writer"; done 2>/dev/null
	writers=
}
trap 'stop_writers; clean_up' EXIT

# append_to FILE...: append lines without a pause.
append_to() {
	python3 -c '
import os, sys
files = [os.open(name, os.O_WRONLY | os.O_APPEND) for name in sys.argv[1:]]
number = 0
while True:
    number += 1
    for file in files:
        os.write(file, b"line %d of a log that is written to\n" % number)' "$@" &
	writers="$writers $!"
	begun=$(stat -c %s "$1")
	wait_until grown_from "$1" "$begun"
}
grown_from() { [ "$(stat -c %s "$1")" -gt "$2" ]; }

# all_went_well COUNT COMMAND...: it succeeds COUNT times, and prints nothing.
all_went_well() {
	count=$1; shift
	for time in $(seq "$count"); do
		run timeout 100 "$@"
		went_well || { echo "time $time"; return 1; }
	done
}
# The copy is not older than the source was when the copy began.
has_all() { is_prefix "$2" "$1" && [ "$(stat -c %s "$2")" -ge "$3" ]; }

# ---- a log ----

for bytes in 80 2000000 200000000; do
	pattern $bytes >log
	append_to log
	for engine in $engines; do
		rm -f copy
		least=$(stat -c %s log)
		check "a log of $bytes bytes, $engine, is copied" \
			all_went_well 1 "$MMCP" --engine="$engine" log copy
		check "a log of $bytes bytes, $engine, as it was" \
			has_all log copy "$least"
		least=$(stat -c %s log)
		check "a log of $bytes bytes, $engine, over an old copy" \
			all_went_well $times "$MMCP" -p --engine="$engine" log copy
		check "a log of $bytes bytes, $engine, as it was then" \
			has_all log copy "$least"
	done
	stop_writers
	check "what was added since is copied by -u ($bytes)" \
		all_went_well 1 "$MMCP" -u log copy
	check "and then they are equal ($bytes)" cmp log copy
done
rm -f log copy

# ---- a tree ----

mkdir tree
for i in $(seq 1000); do echo "file $i" >"tree/$i"; done
append_to tree/7 tree/107 tree/207 tree/307 tree/407 tree/507 tree/607 tree/707 tree/807 \
	tree/907
for options in -r -a "-a -j1" "-a --fsync"; do
	rm -rf copies
	# shellcheck disable=SC2086 # options, to be split
	check "a tree of 1000 files, ten of them logs, $options" \
		all_went_well 1 "$MMCP" $options tree copies
	check "with all of them, $options" test "$(find copies -type f | wc -l)" = 1000
	for log in 7 507 907; do
		check "and log $log as it was, $options" \
			is_prefix "copies/$log" "tree/$log"
	done
done
if cp -al tree links 2>/dev/null; then
	rm -rf links
	(while :; do cp -al tree links; rm -rf links; done) &
	writers="$writers $!"
	rm -rf copies
	check "a tree whose files get other names meanwhile" \
		all_went_well $times "$MMCP" -a tree/. copies
fi
stop_writers

# ---- rotation ----

# Lines are numbered.  The copy, made before the log is emptied, and the log have all
# lines.
: >log
python3 -c '
import os, time
log = os.open("log", os.O_WRONLY | os.O_APPEND)
for number in range(1, 100000):
    os.write(log, b"%d\n" % number)
    time.sleep(0.01)' &
writers=$!
rotations=0
for i in $(seq $((times * 5))); do
	sleep 0.05
	"$MMCP" -p log "log.$i" && : >log && rotations=$((rotations + 1))
done
check "a log is copied and emptied each time" test $rotations = $((times * 5))
stop_writers

# ---- a database ----

# A database with a rollback journal and one writer.  Page 1 counts the changes, and each
# transaction writes the same number into many pages, so that a mixture of two is seen.
cat >write.py <<'END'
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
base.execute("pragma journal_mode=delete")
base.execute("pragma synchronous=off")
rows = int(sys.argv[2])
base.execute("create table t (id integer primary key, number integer, filler blob)")
base.execute("begin")
for i in range(rows):
    base.execute("insert into t values (?, 0, zeroblob(2000))", (i,))
base.execute("commit")
print("ready", flush=True)
number = 0
while True:
    number += 1
    base.execute("begin")
    base.execute("update t set number = ? where id % 100 = ?", (number, number % 100))
    base.execute("update t set number = ? where id in (0, ?)", (number, rows - 1))
    base.execute("commit")
END
# If the copy is of one moment, both ends have the same number, unless the writer was
# within a transaction, whose journal is another file.  If not, that must be reported.
check_base='
import sqlite3, sys
base = sqlite3.connect("file:copy.db?immutable=1", uri=True)
print(base.execute("pragma integrity_check").fetchone()[0])'
if python3 -c 'import sqlite3' 2>/dev/null; then
	python3 write.py base.db 5000 >ready &
	writers=$!
	wait_until test -s ready
	for i in $(seq $times); do
		rm -f copy.db
		run timeout 100 "$MMCP" base.db copy.db
		check "a database that is written to is copied, or named ($i)" \
			test "$status" = 0 -o "$(cat err)" = \
			"mmcp: source file 'base.db' changed while being copied"
		check "and its copy is there ($i)" test -s copy.db
	done
	stop_writers
	rm -f copy.db
	check "a database without a writer is copied" \
		all_went_well 1 "$MMCP" base.db copy.db
	check "as it is" cmp base.db copy.db
	check "and is whole" test "$(python3 -c "$check_base")" = ok
else
	skip "a database" "python3 has no sqlite3 here"
fi

# ---- a download ----

# All blocks are reserved, content arrives in order, and then it stops.
pattern 8000000 >whole
cat >download.py <<'END'
import os, time
fd = os.open("download", os.O_RDWR | os.O_CREAT)
os.posix_fallocate(fd, 0, 8000000)
data = open("whole", "rb").read()
for at in range(0, len(data), 40000):
    os.pwrite(fd, data[at:at + 40000], at)
    time.sleep(0.004)
END
for engine in $engines; do
	rm -f download copy
	python3 download.py &
	writers=$!
	wait_until test -s download
	sleep 0.1
	run timeout 100 "$MMCP" --engine="$engine" download copy
	check "a download, $engine, is copied, or named" \
		test "$status" = 0 -o "$(cat err)" = \
		"mmcp: source file 'download' changed while being copied"
	check "and its copy is there, $engine" test "$(stat -c %s copy)" = 8000000
	wait "$writers"
	writers=
	check "when it has ended it is copied, $engine" \
		all_went_well 1 "$MMCP" --engine="$engine" download copy
	check "as it is, $engine" cmp download copy
done

# ---- a program that writes through a mapping ----

if [ "$(stat -f -c %T .)" != tmpfs ]; then
	pattern 4000000 >mapped
	python3 -c '
import mmap, os
fd = os.open("mapped", os.O_RDWR)
area = mmap.mmap(fd, 0)
number = 0
while True:
    number += 1
    for at in range(0, 4000000, 100000):
        area[at:at + 8] = b"%08d" % (number % 100000000)' &
	writers=$!
	sleep 0.2
	for engine in $engines; do
		run timeout 100 "$MMCP" --engine="$engine" mapped copy
		check "a mapping that is written to, $engine: copied, or named" \
			test "$status" = 0 -o "$(cat err)" = \
			"mmcp: source file 'mapped' changed while being copied"
		check "and its copy is there, $engine" test "$(stat -c %s copy)" = 4000000
	done
	stop_writers
fi

finish
