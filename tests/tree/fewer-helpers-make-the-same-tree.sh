#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Many workers, few or none, because of -j or because there are none to be had; and one
# large file among many small ones.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mkdir -p s
for d in a a/b a/b/c d e; do
	mkdir s/$d
	i=0
	while [ $i -lt 50 ]; do
		echo "$d $i" >s/$d/$i
		i=$((i + 1))
	done
	ln s/$d/7 s/$d-hard; ln s/a/8 s/$d/hard
	ln -s 7 s/$d/link; mkfifo s/$d/pipe
done
chmod 600 s/a/1; chmod 4755 s/a/2; chmod 555 s/e
touch -d '2001-02-03 04:05:06.789' s/a/3 s/a/b s/d
if is_root; then chown 12:34 s/a/4 s/d; fi

for j in 1 2 16 64; do
	chmod -R u+w to 2>/dev/null; rm -rf to
	run "$MMCP" -a -j$j s to
	check "-j$j works" went_well
	check "and makes what the source is, -j$j" same_tree s to times
	chmod u+w to/e
	run "$MMCP" -a -j$j -T s to
	check "also onto that, -j$j" went_well
	check "and makes what the source is, -j$j" same_tree s to times
done

if [ -e "${SHIM:=}" ]; then
	# The time limit is none of those that want a process.
	soon() {
		timeout 100 env MMCP_SHIM="$rules" LD_PRELOAD="$SHIM" \
			ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 "$@"
	}
	for rules in fork=EAGAIN fork#1=EAGAIN fork#2=ENOMEM fork#2+=EAGAIN \
		fork#3+=EAGAIN fork#4=EAGAIN pipe2=EMFILE pipe2#1=EMFILE \
		pipe2#2=EMFILE pipe2#3+=ENFILE \
		eventfd=EMFILE eventfd#1=EMFILE eventfd#3=ENFILE \
		"fork#2+=EAGAIN openat#120=SIGKILL" "fork#3+=EAGAIN openat#150=SIGKILL" \
		"fork#6+=EAGAIN linkat#5=SIGKILL" "pipe2#4+=EMFILE openat#150=SIGKILL"; do
		sampled || continue
		for j in 2 5; do
			chmod -R u+w to; rm -rf to
			run soon "$MMCP" -a -j$j s to
			# Killed while it did what was left.
			[ "$status" != 137 ] || continue
			check "$rules, -j$j: all is well" went_well
			check "$rules, -j$j: and the same" same_tree s to times
		done
	done
	# No descriptor for one, for a moment.
	for rules in openat@47#1=EMFILE openat@47#1=ENFILE; do
		sampled || continue
		chmod -R u+w to; rm -rf to
		run soon "$MMCP" -a -j3 s to
		check "$rules: it ends" test $status -le 1
		check "$rules: whole files only" only_whole_files "$work/s" to
	done
	# No memory for what the walkers say.
	mkdir many
	seq -f many/%05g 3000 | xargs touch
	run "$MMCP" -rv -j1 many to/many
	mv out alone; rm -rf to/many
	rules="write@pipe:#1=ENOMEM write@pipe:#2=ENOMEM write@pipe:#4=ENOMEM"
	run soon "$MMCP" -rv -j3 many to/many
	check "$rules: all is well" status_is 0
	check "$rules: all is said" test "$(sort out)" = "$(sort alone)"
else
	skip "fewer workers" "there is no shim"
fi
for n in 8 16 20 32 64 128 140; do
	sampled || continue
	limit="-n $n"
	chmod -R u+w to; rm -rf to
	no_leak_check
	# shellcheck disable=SC2086 # a limit is an option and a number
	(ulimit $limit && exec timeout 100 "$MMCP" -a -j16 s to) >out 2>err
	status=$?
	check "with $n descriptors all is well" went_well
	check "and the same, $n" same_tree s to times
done
chmod -R u+w to; rm -rf to

# One of 80 MiB among 500 small ones.
pattern 83886080 >s/a/large
for option in -r -a; do
	for j in 1 2; do
		sampled || continue
		rm -rf to
		run "$MMCP" $option -j$j s to
		check "a large one among small ones, $option -j$j" went_well
		check "is equal with them, $option -j$j" \
			diff -r --no-dereference -x pipe s to
		chmod -R u+w to
	done
done
rm -rf to
run "$MMCP" -r --debug -j2 s to
check "two workers had the large one" grep -q '^engine: mmap, workers: 2,.*moved: ' out
check "and no other is for both" test "$(grep -c 'engine: mmap' out)" = 1
chmod -R u+w to; rm -rf to
if have strace && strace -o /dev/null true 2>/dev/null; then
	no_leak_check
	run timeout 100 strace -f -qq -o trace -e trace=copy_file_range,madvise,pwrite64 \
		"$MMCP" -r -j2 s to
	check "also without --debug: it works under strace" status_is 0
	# Whoever had a part of it.
	awk '/MADV_POPULATE_WRITE/ || (/copy_file_range/ && $NF >= 1000000) ||
		(/pwrite64/ && $NF >= 200000) { print $1 }' trace |
		sort -u >had
	check "and two had a part of it" test "$(wc -l <had)" = 2
	check "and all is equal" same_content s/a/large to/a/large
	chmod -R u+w to; rm -rf to
else
	skip "two had a part of it" "strace doesn't work here"
fi

finish
