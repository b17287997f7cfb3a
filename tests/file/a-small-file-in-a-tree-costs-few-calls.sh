#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
! sanitized || skip_all "the sanitizer makes calls of its own"
need_strace

# Five calls for the content (two open, two fstat, one copy_file_range), and four for the
# rest of -a.  One call closes 64 files.  A fifth on top is for what many files share:
# sharing among walkers, reading a directory.  Where close may fail, it is two calls for
# each file.
place tmpfs || skip_all "$why"
cd "$work/tmpfs" || exit
plain_limit=5.2 archive_limit=9.2

# small_files DIR COUNT: from one byte to 20 KiB, which is five pages.
small_files() {
	mkdir -p "$1"
	awk -v dir="$1" -v count="$2" 'BEGIN {
		ORS = ""
		for (i = 0; i < 1280; i++) text = text "0123456789abcde\n"
		for (i = 0; i < count; i++) {
			file = dir "/file-" i
			print substr(text, 1, i * 7919 % 20480 + 1) >file
			close(file)
		}
	}'
}

# Pairs of trees with the same directories, one of them with 1000 files more, so that
# calls at the start, for workers and for directories are not counted.
small_files one-few/d 100
small_files one-many/d 1100
for d in 0 1 2 3 4 5 6 7 8 9; do
	small_files ten-few/d/$d 10
	small_files ten-many/d/$d 110
done

# calls SOURCE COMMAND...: count the calls of all its processes in "counts", "name number"
# a line.  A call that is interrupted by another has two lines in the log, of which one
# counts.
calls() {
	source=$1; shift
	rm -rf dest
	run timeout 120 strace -f -qq -o log "$@" "$source" dest
	went_well && diff -r "$source" dest || return
	awk '
	{ sub(/^[0-9]+ +/, "") }
	/^[a-z_0-9]+\(/ { sub(/\(.*/, ""); calls[$0]++ }
	END { for (name in calls) print name, calls[name] }' log >counts
}

# per_file PAIR COMMAND...: write how many calls each further file costs to the file
# total; the same by name to the file kinds.
per_file() {
	pair=$1; shift
	calls "$pair-few" "$@" && mv counts counts.few && calls "$pair-many" "$@" ||
		return
	awk '
	NR == FNR { calls[$1] -= $2; next }
	{ calls[$1] += $2 }
	END {
		for (name in calls) {
			total += calls[name]
			if (calls[name]) printf "%8.3f %s\n", calls[name] / 1000, name
		}
		printf "%.3f\n", total / 1000 >"total"
	}' counts.few counts | sort -rn >kinds
}

# costs LIMIT PAIR COMMAND...: at most LIMIT calls a file; else print them.  How often
# walkers share depends on the moment, so the least of three counts.
costs() {
	limit=$1; shift
	for _ in 1 2 3; do
		rm -f total
		per_file "$@" || return
		awk -v limit="$limit" '{ exit !($1 <= limit) }' total && return
	done
	echo "$(cat total) calls a file:"
	cat kinds
	return 1
}

# told NAME: print the last count.
told() { [ ! -s total ] || echo "# $1: $(cat total) calls a file"; }

for tree in one ten; do
	where="$tree director$([ "$tree" = one ] && echo y || echo ies)"
	for jobs in 1 2; do
		check "-r -j$jobs is cheap in $where" \
			costs $plain_limit "$tree" "$MMCP" -r -j$jobs
		told "mmcp -r -j$jobs"
		check "-a -j$jobs is cheap in $where" \
			costs $archive_limit "$tree" "$MMCP" -a -j$jobs
		told "mmcp -a -j$jobs"
	done
	for option in -r -a; do
		rm -f total
		per_file "$tree" cp $option >/dev/null
		told "cp $option"
	done
done

# A line of -v costs two lstat, and no ioctl for the terminal.
check "-v is cheap" costs 8.25 ten "$MMCP" -rv -j1
no_ioctls() { ! grep ' ioctl$' kinds; }
check "and asks for no terminal's width" no_ioctls

all_of_another() { [ -d dest ] && [ -z "$(find dest ! -uid 12345 -o ! -gid 54321)" ]; }

# Setting an owner costs at most one of these calls.
if is_root; then
	chown -R 12345:54321 ten-few ten-many
	for jobs in 1 2; do
		check "-a -j$jobs is cheap with the files of another" \
			costs $archive_limit ten "$MMCP" -a -j$jobs
		told "mmcp -a -j$jobs, another's"
		check "and they stay theirs" all_of_another
	done
	rm -f total
	per_file ten cp -a >/dev/null
	told "cp -a, another's"
else
	skip "-a is cheap with the files of another" "only root can give files away"
fi

finish
