#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Another process has a lease on a file.  As with cp, an open waits until the lease is
# given up; an open that doesn't wait fails with EAGAIN.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

pattern 300000 >data
lease=
# leased KIND FILE [never]: start a process that has a lease on FILE.
leased() {
	rm -f asked held
	python3 "$srcdir/tests/tools/lease.py" "$1" "$2" asked ${3:+"$3"} \
		>held 2>lease.err &
	lease=$!
	wait_until test -s held -o -s lease.err
	grep -q held held || { wait $lease; tail -n 1 lease.err; return 1; }
}
: "${srcdir:=.}"
cp data source
leased w source >why || skip_all "there are no leases here: $(cat why)"
kill $lease; wait $lease 2>/dev/null

# waited NAME: the last run asked for the lease, and succeeded.
waited() {
	wait $lease
	check "$1: no error" went_well
	check "$1: the lease was asked for" test -e asked
}

for options in "" --debug --fsync --engine=mmap --atomic; do
	sampled || continue
	leased w source
	rm -f dest
	# shellcheck disable=SC2086 # an option, or none
	run timeout 40 "$MMCP" $options source dest 2>&1
	[ "$options" != --debug ] || : >err
	waited "a source${options:+, $options}"
	check "a source${options:+, $options}: it is copied" same_content data dest
done
for options in "" -f --engine=stream --engine=mmap "--reflink=always -f" \
	--attributes-only; do
	sampled || continue
	head -c 400000 /dev/zero >dest
	cp dest old
	leased r dest
	# shellcheck disable=SC2086 # options, or none
	run timeout 40 "$MMCP" $options source dest
	wait $lease
	case $options in
	*reflink*) ;;
	*) check "a destination${options:+, $options}: no error" went_well ;;
	esac
	check "a destination${options:+, $options}: the lease was asked for" test -e asked
	case $status,$options in
	*attributes*) check "$options: the content stays" same_content old dest ;;
	0,*)
		check "a destination${options:+, $options}: it is copied" \
			same_content data dest ;;
	esac
done
leased w source
run timeout 40 "$MMCP" -l --fsync source other.name
waited "another name, flushed"
rm -f other.name

mkdir -p tree/sub
for name in 1 2 3 sub/4 sub/5; do cp data tree/$name; done
for j in 1 2; do
	sampled || continue
	rm -rf copy
	leased w tree/sub/4
	run timeout 40 "$MMCP" -a -j$j tree copy
	waited "a source in a tree, -j$j"
	check "a source in a tree, -j$j: all is copied" same_tree tree copy times
	leased r copy/2
	run timeout 40 "$MMCP" -a -j$j tree/. copy
	waited "a destination in a tree, -j$j"
	check "a destination in a tree, -j$j: all is copied" same_tree tree copy times
done

rm -rf copy; cp -a tree copy
# The lease is not given up, and the kernel would take it after 45 s: the wait can be
# interrupted.
for way in "source new" "data dest" "-r -j1 tree new" "-r -j2 tree new" \
	"-a -j2 tree/. copy"; do
	sampled || continue
	rm -rf new
	case $way in
	source*) leased w source never ;;
	data*) leased r dest never ;;
	*copy) leased r copy/sub/4 never ;;
	*) leased w tree/sub/4 never ;;
	esac
	# shellcheck disable=SC2086 # options and operands
	env --default-signal=INT "$MMCP" $way >out 2>err & pid=$!
	wait_until test -e asked
	kill -INT $pid
	check "$way: a signal ends the wait" wait_until gone $pid
	ended
	check "$way: by that signal" status_is 130
	check "$way: nothing is left behind" no_leftovers .
	kill $lease; wait $lease 2>/dev/null
done

# A signal that comes when nothing but the open is left to be done isn't missed either.
for way in "openat@source#1 source new" "openat@source#1 -r source new" \
	"openat@dest#2 data dest" "openat@dest#2 --engine=mmap data dest"; do
	sampled || continue
	rule=${way%% *}
	rm -f new
	case $way in
	*new) leased w source never ;;
	*) leased r dest never ;;
	esac
	# shellcheck disable=SC2086 # options and operands
	run shimmed "$rule=SIGINT" timeout 15 "$MMCP" ${way#* }
	check "$way: a signal just before the wait ends it" status_is 130
	kill $lease; wait $lease 2>/dev/null
done

finish
