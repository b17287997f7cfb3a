#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 for walkers: each file has one line, and that is right.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need sha256sum

mkdir -p s
for d in a b c d; do
	mkdir s/$d
	i=0
	while [ $i -lt 65 ]; do
		echo "$d $i" >s/$d/$i
		i=$((i + 1))
	done
	ln s/$d/5 s/$d/five; ln s/$d/60 s/$d-sixty
	ln -s 5 s/$d/link
done
pattern 300000 >s/b/hidden
for d in a c d; do ln s/b/hidden s/$d/hidden-too; done
(cd s && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum) >wanted

run "$MMCP" --manifest=m --manifest-algorithm=sha256 s/a/1 one
[ "$status" = 0 ] || skip_all "$(cat err)"
good() { diff wanted m; }
j=2
for rules in openat#150=SIGKILL openat#211=SIGKILL openat#350=SIGKILL openat#451=SIGKILL \
	copy_file_range#65=SIGKILL copy_file_range#200=SIGKILL \
	pread#40=SIGKILL pread#100=SIGKILL pread@b/hidden#1=SIGKILL \
	linkat#3=SIGKILL linkat#4=SIGKILL mkdirat#3=SIGKILL \
	fstatat#100=SIGKILL fstatat#300=SIGKILL \
	write@eventfd]#1=SIGKILL pthread_mutex_unlock#13=SIGKILL \
	"copy_file_range#40=SIGKILL pread#60=SIGKILL" \
	"openat#199=SIGKILL linkat#5=SIGKILL openat#400=SIGKILL"; do
	rm -rf to m
	case $j in 2) j=3 ;; *) j=2 ;; esac
	for again in new old; do
		sampled || continue
		run shimmed "$rules" timeout 100 "$MMCP" -aT -j$j --manifest=m \
			--manifest-algorithm=sha256 s to
		[ "$status" != 137 ] || { echo "# $rules: the parent died"; break; }
		check "$rules, -j$j, $again: nothing went wrong" went_well
		check "$rules, -j$j, $again: each file has a line, once" good
	done
done

# One dies when it has told the others, who wait to link to it, that its copy is there.
for n in 4 5 6 7 8 9; do
	rules="openat@hidden=delay5 pread@hidden=delay10 write@eventfd]#$n=SIGKILL"
	rm -rf to m
	run shimmed "$rules" timeout 100 "$MMCP" -aT -j4 --manifest=m \
		--manifest-algorithm=sha256 s to
	[ "$status" != 137 ] || { echo "# $rules: the parent died"; continue; }
	check "links, $n: nothing went wrong" went_well
	check "links, $n: each file has a line, once" good
done

# With --atomic, copies wait for their names together.
for rules in copy_file_range#65=SIGKILL linkat#100=SIGKILL pread#40=SIGKILL; do
	rm -rf to m
	run shimmed "$rules" timeout 100 "$MMCP" -aT -j2 --atomic --manifest=m \
		--manifest-algorithm=sha256 s to
	[ "$status" != 137 ] || { echo "# $rules: the parent died"; continue; }
	check "--atomic, $rules: nothing went wrong" went_well
	check "--atomic, $rules: each file has a line, once" good
done

finish
