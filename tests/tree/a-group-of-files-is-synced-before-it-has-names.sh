#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --atomic: the files of a directory are synced together, and get their names then.  Where
# that fails, or workers die, or a signal comes, each name is old or new, and reported if
# it is new.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
! sanitized || skip_all "strace's injection and the sanitizer don't mix"
need_strace
need_shim
need python3
place ext4 || skip_all "${why:-there is no ext4 here}"
cd "$work/ext4" || exit 99

mkdir -p s/a/deep s/b old/a/deep old/b
for i in $(seq 300); do
	echo "new $i" >"s/a/$i"
	[ $((i % 3)) = 0 ] || echo "what was there as $i" >"old/a/$i"
	[ $((i % 3)) = 2 ] || touch -d '2001-02-03 04:05:06' "s/a/$i"
done
for i in $(seq 20); do echo "new $i" | tee "s/b/$i" >"s/a/deep/$i"; done
echo old >old/a/deep/7; echo old >old/b/8; echo aside >aside
ln s/a/3 s/a/three; ln s/a/4 s/b/four
rm old/a/5; ln -s ../../aside old/a/5		# leads out of the tree
find old -exec touch -h -d '2002-03-04 05:06:07' {} +
touch -d '2000-01-02 03:04:05' old/a/4	# or with -u it depends on the order
files=$(find s -type f | wc -l)

fresh() { rm -rf to; cp -a old to; echo aside >aside; }

# ---- the order ----
cat >order.awk <<'A'
# What one process did with the files that it made without a name.
function number(text) { sub(/^[^0-9]*/, "", text); return text + 0 }
function first(call) { sub(/^[^(]*\(/, "", call); return number(call) }
/O_TMPFILE.* = [0-9]/ { sub(/.* = /, ""); dirty[number($0)] = 1; next }
/^(pwrite64|write|ftruncate|fchmod|fchown|fsetxattr|utimensat)\([0-9]/ {
	dirty[first($0)] = 1 }
/^copy_file_range\(/ { split($0, part, ","); dirty[number(part[3])] = 1 }
/^syncfs\(.* = 0/ { for (fd in dirty) dirty[fd] = 0; synced++ }
/^fsync\(.* = 0/ { dirty[first($0)] = 0; synced++; at[$0] = NR }
/^linkat\(AT_FDCWD.*"\/proc\/self\/fd\/.* = 0/ {
	text = $0; sub(/.*\/proc\/self\/fd\//, "", text)
	if (dirty[number(text)]) print "not synced: " $0
	named++; last = NR }
/^renameat2?\(.* = 0/ { last = NR }
END {
	for (line in at) if (line ~ />\) *= 0/) late += at[line] > last
	print "sum", named + 0, synced + 0, late + 0
}
A
# ordered OPTION...: copy; in "sum": files, syncs, and those after the last name.
ordered() {
	rm -f log.*
	run strace -ff -qq -y -o log "$MMCP" "$@"
	for log in log.*; do awk -f order.awk "$log"; done >orders
	awk '$1 == "sum" { n += $2; s += $3; l += $4 } END { print n, s, l }' orders >sum
}
in_order() { ! grep -v '^sum' orders; }
# few_syncs DIRECTORIES MOST: of files and, after the last name, of directories.
few_syncs() {
	read -r n s l <sum
	echo "$n names, $s syncs, $l later"
	[ "$n" -ge $((files - 2)) ] && [ "$s" -le "$2" ] && [ "$l" -ge "$1" ]
}

# A busy machine lets walkers share names in small groups, whose files are synced each.
while read -r directories most options; do
	rm -rf to
	# shellcheck disable=SC2086 # options, to be split
	ordered -r $options s to
	check "$options, new: all is well" went_well
	check "$options, new: all is there" diff -r s to
	check "$options, new: no name comes before its content" in_order
	check "$options, new: few syncs do" few_syncs "$directories" "$most"
	fresh
	# shellcheck disable=SC2086
	ordered -r $options -T s to
	check "$options, old: all is well" went_well
	check "$options, old: all is there" diff -r s to
	check "$options, old: no name comes before its content" in_order
	check "$options, old: nothing is left" no_leftovers to
	check "$options, old: a link stays one" same_content s/a/5 aside
done <<'END'
0 150 --atomic -j1
1 250 --atomic --fsync -j3
3 150 --atomic --fsync -j1
END

# ---- what can't be synced ----
# one_failed: one name, which is said, is as it was; all others are new.
one_failed() {
	name=$(sed -n "s/^mmcp: cannot flush 'to\/\(.*\)' to its device: .*/\1/p" err)
	cat err
	[ -n "$name" ] && [ "$(wc -l <err)" -eq 1 ] || return
	if [ -e "$1/$name" ]; then cmp "$1/$name" "to/$name" || return; rm "to/$name"
	else absent "to/$name" || return; fi
	! grep "/$name'" out && cp -p "s/$name" "to/$name" && diff -r s to &&
		[ -z "$(find to -name '.mmcp-*')" ]
}
cd "$work/ext4" || exit 99
run strace -f -qq -o log -e inject=syncfs:error=EIO "$MMCP" -r --atomic -T s to
check "syncfs fails alone: all is well" went_well
check "syncfs fails alone: all is there" diff -r s to
for call in 7 150 310; do
	for jobs in 1 3; do
		sampled || continue
		rm -rf to none; mkdir none
		strace -f -qq -o log -e inject=syncfs:error=EIO \
			-e inject=fsync:error=EIO:when=$call \
			"$MMCP" -rv --atomic -j$jobs s to >out 2>err
		status=$?
		[ $jobs = 1 ] || [ $status != 0 ] || continue	# so many aren't its own
		check "fsync fails ($call, -j$jobs), new: exit status 1" test $status = 1
		[ $jobs = 1 ] || continue
		check "fsync fails ($call), new: one name lacks" one_failed none
		fresh
		strace -f -qq -o log -e inject=syncfs:error=EIO \
			-e inject=fsync:error=EIO:when=$call \
			"$MMCP" -rv --atomic -j1 -T s to >out 2>err
		check "fsync fails ($call), old: exit status 1" test $? = 1
		check "fsync fails ($call), old: one name is old" one_failed old
	done
done

# ---- workers that die ----
# as_alone OPTION...: the same is there, and was said, as of one worker that lives on.
while read -r options; do
	fresh
	# shellcheck disable=SC2086
	run "$MMCP" $options -j1 -T s to
	wanted=$status
	tree_of to >want; sort "$work/out" >want.out; sort "$work/err" >want.err
	j=2
	for rules in "syncfs#1 syncfs#2 fsync#3" linkat#250 "linkat#200 linkat#260" \
		renameat#1 "renameat#2 renameat#3" "tmpfile#200 syncfs#1 linkat#100" \
		"sync_file_range#10 fsync#5" close#900 openat#1100; do
		sampled || continue
		case $j in 2) j=3 ;; 3) j=16 ;; *) j=2 ;; esac
		fresh
		# shellcheck disable=SC2086
		run shimmed "$(echo "$rules" | sed 's/\( \|$\)/=SIGKILL /g')" \
			timeout 100 "$MMCP" $options -j$j -T s to
		[ "$status" != 137 ] || continue	# the parent
		tree_of to >got; sort "$work/out" >got.out; sort "$work/err" >got.err
		check "$options, $rules, -j$j: the status is the same" status_is $wanted
		check "$options, $rules, -j$j: so is the copy" diff want got
		check "$options, $rules, -j$j: so are the words" \
			sh -c "diff want.out got.out && diff want.err got.err"
		check "$options, $rules, -j$j: nothing is left" no_leftovers to
	done
done <<'END'
-a --atomic
-rv --atomic --fsync
-au --atomic
-rn --atomic
-r --update=none-fail --atomic
END

# ---- a signal ----
old_or_new() { find to -type f | while read -r file; do
	cmp -s "$file" "s${file#to}" || cmp -s "$file" "old${file#to}" || echo "$file"
	done | diff /dev/null -; }
no_new_in_a() { ! grep -ls new to/a/*; }
many_open() { [ "$(find "/proc/$pid/fd" | wc -l)" -gt 200 ]; }
for signal in INT TERM; do
	sampled || continue
	fresh
	slowly syncfs 2000000 "$MMCP" -r -j1 --atomic -T s to
	check "$signal: many copies are held" wait_until many_open
	kill -$signal $pid
	ended
	check "$signal: it ends so" test "$status" -gt 128
	check "$signal: each file is old or new" old_or_new
	check "$signal: nothing is left" no_leftovers to
	check "$signal: and those that are held are old" no_new_in_a
done

# ---- descriptors ----
for limit in 40 80 130 200; do
	sampled || continue
	fresh
	# shellcheck disable=SC3045
	run sh -c "ulimit -n $limit; exec '$MMCP' -r --atomic -j2 -T s to"
	check "$limit descriptors: all is well" went_well
	check "$limit descriptors: all is there" diff -r s to
done
cat >crowded.py <<'P'
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
for _ in range(150):
    os.set_inheritable(os.open("/dev/null", os.O_RDONLY), True)
os.execv(sys.argv[1], sys.argv[1:])
P
fresh
run python3 crowded.py "$MMCP" -r --atomic -j1 -T s to
check "descriptors that others have: all is well" went_well
check "descriptors that others have: all is there" diff -r s to

# ---- room ----
mkdir small large
if mount_fs tmpfs 9M "$PWD/small"; then
	for i in $(seq 12); do
		pattern 500000 >"large/$i"; pattern 500001 >"small/$i"
	done
	run "$MMCP" -r --atomic -j1 -T large small
	check "room for a few files more is enough" went_well
	check "and all is there" diff -r large small
	umount "$PWD/small"
else
	skip "room for a few files more is enough" "$why"
fi

finish
