#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

holds() { [ "$(cat "$1")" = "$2" ] || { cat "$1"; false; }; }
# at TIME FILE CONTENT: so, as of then.
at() { echo "$3" >"$2"; touch -d "$1" "$2"; }

# ---- which is older ----

# compared DEST-TIME SOURCE-TIME OLD|NEW
compared() {
	for options in -u --update --update=older --update=ol "-u --atomic" \
		"-u --engine=mmap" \
		"-ub"; do
		sampled || continue
		rm -f a b b~
		at "$2" a new; at "$1" b old
		case $(stat -c %y a),$(stat -c %y b) in
		"${2%?}"*,"${1%?}"*) ;;
		*)
			skip "a file of $1, one of $2" "times are not that exact here"
			return
			;;
		esac
		# shellcheck disable=SC2086 # options, to be split
		run "$MMCP" -v $options a b
		check "$options, a file of $1, one of $2: no error" went_well
		check "$options, a file of $1, one of $2: $3" holds b "$3"
		if [ "$3" = old ]; then
			check "$options, a file of $1, one of $2: nothing is said" \
				test ! -s out
			check "$options, a file of $1, one of $2: no backup" absent b~
		fi
	done
}
compared "2001-02-03 04:05:06.123456789" "2001-02-03 04:05:06.123456790" new
compared "2001-02-03 04:05:06.123456789" "2001-02-03 04:05:06.123456789" old
compared "2001-02-03 04:05:06.123456789" "2001-02-03 04:05:06.123456788" old
compared "2001-02-03 04:05:06.999999999" "2001-02-03 04:05:07.000000000" new
compared "2001-02-03 04:05:07.000000000" "2001-02-03 04:05:06.999999999" old
compared "2001-02-03 04:05:06.000000000" "2001-02-03 04:05:06.000000001" new
compared "1960-02-03 04:05:06.500000000" "1970-01-01 00:00:00.000000000" new
compared "1969-12-31 23:59:59.500000000" "1969-12-31 23:59:59.400000000" old
compared "1969-12-31 23:59:58.900000000" "1969-12-31 23:59:59.100000000" new
compared "2001-02-03 04:05:06.000000000" "2100-02-03 04:05:06.000000000" new

# With -p, the same as it was kept, and here it is kept whole.
rm -f a b
at "2001-02-03 04:05:06.123456789" a new; at "2001-02-03 04:05:06.123456788" b old
run "$MMCP" -pu a b
check "-pu sees a nanosecond, too" holds b new
check "and keeps the time" test "$(stat -c %Y b)" = "$(stat -c %Y a)" -a ! a -nt b
echo changed >b; touch -r a b
run "$MMCP" -pu a b
check "and doesn't copy again" holds b changed
rm -f b
run "$MMCP" -u a b
check "what isn't there is copied" holds b new
touch -d 2001-01-01 a; mkdir d; at 2001-01-02 d/a old; at 2000-01-01 d/b old
run "$MMCP" -u a b d
check "one may be older and another not" holds d/a old
check "and is replaced" holds d/b new

# ---- times that are kept less exactly ----

# coarse NAME SECONDS: the file system at NAME, which keeps mtimes in so many.
coarse() {
	name=$1
	for second in 1000000000 1000000001; do
		for fraction in 000000000 000000001 500000000 999999999; do
			for options in -pu -au "-u --preserve=timestamps" \
				"-ru --preserve=all"; do
				sampled || continue
				what="$name, $options, $second.$fraction"
				rm -rf from "$name/to"; mkdir from
				at "@$second.$fraction" from/f new
				# shellcheck disable=SC2086
				run "$MMCP" -r $options -T from "$name/to"
				check "$what: copied" test -s "$name/to/f"
				kept=$(stat -c %Y "$name/to/f")
				echo changed >"$name/to/f"; touch -d "@$kept" "$name/to/f"
				# shellcheck disable=SC2086
				run "$MMCP" -rv $options -T from "$name/to"
				check "$what: not again" holds "$name/to/f" changed
				check "$what: nothing is wrong" went_well
				check "$what: nothing is said of it" test -z \
					"$(grep -F from/f out)"
				touch -d "@$((second + $2)).$fraction" from/f
				# shellcheck disable=SC2086
				run "$MMCP" -r $options -T from "$name/to"
				check "$what: but what is newer by $2 s is" \
					holds "$name/to/f" new
			done
		done
	done
}
coarse_ext4() {
	why="only root can mount"
	is_root || return
	why="no ext4 with times in seconds"
	have mkfs.ext4 && truncate -s 16M coarse.img && mkdir -p coarse-ext4 &&
		mkfs.ext4 -q -F -I 128 coarse.img >/dev/null 2>&1 &&
		mount -o loop coarse.img coarse-ext4 2>/dev/null || return
	mounts="$work/coarse-ext4 $mounts"
	touch -d "@1000000000.5" coarse-ext4/probe
	[ "$(stat -c %.9Y coarse-ext4/probe)" = 1000000000.000000000 ]
}
if coarse_ext4; then
	coarse coarse-ext4 1
	rm -rf from; mkdir from; at @1000000000.5 from/one new; ln from/one from/two
	run "$MMCP" -au -T from coarse-ext4/to
	was=$(stat -c %i coarse-ext4/to/one)
	run "$MMCP" -auv -T from coarse-ext4/to
	check "hard links are not copied again either" went_well
	check "and none is removed" test ! -s out
	check "and are the same" test "$(stat -c %i:%h coarse-ext4/to/one)" = "$was:2"
else
	skip "times in seconds" "$why"
fi
if mount_fs vfat 16M "$work/vfat"; then
	coarse vfat 2
else
	skip "times in two seconds" "$why"
fi

# ---- hard links ----

# links: two names of one source, of 2005.
links() {
	rm -rf from to; mkdir from to
	at 2005-01-01 from/one new; ln from/one from/two
}
links; at 2006-01-01 to/one old
run "$MMCP" -au from/one from/two to
check "a name that is missing" went_well
check "becomes one of what was not older" test to/two -ef to/one
check "which is as it was" holds to/one old
links; at 2006-01-01 to/one old; at 2006-01-01 to/two other
run "$MMCP" -au from/one from/two to
check "what is newer stays" holds to/one old
check "and the other becomes a name of it, as with cp" test to/two -ef to/one
links; at 2006-01-01 to/one old; at 2001-01-01 to/two other
run "$MMCP" -au from/one from/two to
check "a name that is older becomes one of what isn't" test to/two -ef to/one
links; at 2001-01-01 to/one old; at 2006-01-01 to/two newer
run "$MMCP" -au from/one from/two to
check "what is older is replaced" holds to/one new
check "and what is newer becomes a name of that, as with cp" test to/two -ef to/one
links; at 2006-01-01 to/one old; at 2006-01-01 to/two other
run "$MMCP" -u from/one from/two to
check "where links aren't kept, both stay" holds to/one old
check "what they are" holds to/two other
links; at 2001-01-01 to/one old; at 2001-01-01 to/two old
run "$MMCP" -au from/one from/two to
check "two that are older become one" test to/two -ef to/one
check "of the source" holds to/one new
run "$MMCP" -auv from/one from/two to
check "and stay it" test to/two -ef to/one
check "without another copy" test ! -s out
links; at 2001-01-01 to/one old; ln to/one to/two; ln to/one to/mine
run "$MMCP" -au from/one from/two to
check "two names of an old one become two of a new one" test to/two -ef to/one
check "and its third name keeps it" holds to/mine old
for jobs in 1 4; do
	sampled || continue
	links
	for i in $(seq 1 200); do
		at 2005-01-01 "from/f$i" new; ln "from/f$i" "from/z$i"
	done
	for i in $(seq 1 2 200); do at 2006-01-01 "to/f$i" old; ln "to/f$i" "to/z$i"; done
	run "$MMCP" -au -j$jobs -T from to
	check "-j$jobs, links in a tree: no error" went_well
	check "-j$jobs, links in a tree: all are links" test \
		"$(find to -name 'f*' -links 2 | wc -l)" = 200
	check "-j$jobs, links in a tree: what is newer stays" test \
		"$(grep -lx old to/f* | wc -l)" = 100
	for i in $(seq 1 200); do
		rm "to/f$i" "to/z$i"
		new=f old=z
		[ $((i % 2)) = 0 ] || { new=z; old=f; }
		at 2006-01-01 "to/$new$i" newer; at 2001-01-01 "to/$old$i" older
	done
	run "$MMCP" -a --update=older -j$jobs from/. to
	check "-j$jobs, where one name is newer and one older: no error" went_well
	check "-j$jobs, where one name is newer and one older: all are links again" test \
		"$(find to -name 'f*' -links 2 | wc -l)" = 200
done

# ---- trees ----

for options in -u -au "-ub" "-u --fsync"; do
	sampled || continue
	for jobs in 1 4; do
		rm -rf from to; mkdir -p from/sub from/new to/sub
		for i in $(seq 1 150); do
			at 2005-01-01 "from/f$i" "new"; at 2005-01-01 "from/sub/f$i" "new"
			case $((i % 3)) in
			0) for to in to to/sub; do at 2004-01-01 "$to/f$i" older; done ;;
			1) for to in to to/sub; do at 2006-01-01 "$to/f$i" newer; done ;;
			esac
		done
		ln -s new from/link; touch -h -d 2005-01-01 from/link
		ln -s newer to/link; touch -h -d 2006-01-01 to/link
		ln -s new from/link2; touch -h -d 2005-01-01 from/link2
		ln -s older to/link2; touch -h -d 2004-01-01 to/link2
		mkfifo from/fifo; touch -d 2001-01-01 from/fifo
		at 2002-01-01 to/fifo file
		touch -d 2001-01-01 from/sub
		what="$options -j$jobs"
		# shellcheck disable=SC2086
		run timeout 100 "$MMCP" -r $options -j$jobs -T from to
		check "$what: no error" went_well
		check "$what: what was newer is there" test \
			"$(cat to/f* to/sub/f* | grep -c newer)" = 100
		check "$what: all others are the source's" test \
			"$(cat to/f* to/sub/f* | grep -cx new)" = 200
		check "$what: nothing older is" test \
			"$(cat to/f*[0-9] to/sub/f*[0-9] | grep -c older)" = 0
		check "$what: a newer symlink stays" test "$(readlink to/link)" = newer
		check "$what: an older one goes" test "$(readlink to/link2)" = new
		check "$what: so does what a FIFO would replace" holds to/fifo file
		check "$what: an old directory is filled" test -e to/sub/f2 -a -d to/new
		check "$what: nothing hidden is left" no_leftovers to
		mkdir -p runs; rm -rf "runs/$jobs"; mv to "runs/$jobs"
	done
	check "$options: as many workers make the same of it" same_tree runs/1 runs/4
done

# ---- none at all ----

for options in -n --update=none "--update=none --update=none" "-u -n" "-n -u" "-i -n"; do
	sampled || continue
	rm -rf d; mkdir d; at 2005-01-01 a new; at 2001-01-01 d/a old; cp a c
	# shellcheck disable=SC2086
	run "$MMCP" -v $options a c d </dev/null
	check "$options: what exists is left alone" holds d/a old
	check "$options: and nothing is wrong" went_well
	check "$options: what doesn't is copied" holds d/c new
	check "$options: which alone is said" out_is "'c' -> 'd/c'"
done
rm -rf d; mkdir d; at 2005-01-01 a new; at 2001-01-01 d/a old; cp a c
run "$MMCP" -v --update=none-fail a c d
check "none-fail: what exists is left alone" holds d/a old
check "none-fail: which is an error" status_is 1
check "none-fail: and told" err_is "mmcp: not replacing 'd/a'"
check "none-fail: what doesn't is copied" out_is "'c' -> 'd/c'"
for jobs in 1 4; do
	sampled || continue
	rm -rf from to; mkdir -p from/sub to/sub
	for i in $(seq 1 200); do echo new >from/f"$i"; echo new >from/sub/f"$i"; done
	for i in $(seq 1 2 200); do echo old >to/f"$i"; echo old >to/sub/f"$i"; done
	run "$MMCP" -r --update=none-fail -j$jobs -T from to
	check "none-fail, a tree, -j$jobs: an error" status_is 1
	check "none-fail, a tree, -j$jobs: for each" test \
		"$(grep -c "^mmcp: not replacing 'to/" err)" = 200
	check "none-fail, a tree, -j$jobs: which are there" test \
		"$(cat to/f* to/sub/f* | grep -c old)" = 200
	check "none-fail, a tree, -j$jobs: as are the others" test \
		"$(cat to/f* to/sub/f* | grep -c new)" = 200
	run "$MMCP" -rn -j$jobs -T from to
	check "none, a tree, -j$jobs: is no error" went_well
	check "none, a tree, -j$jobs: nothing changes" test \
		"$(cat to/f* to/sub/f* | grep -c old)" = 200
done

rm -rf s; ln -s nowhere s; echo new >a
run "$MMCP" -n a s
check "-n: a symlink to nothing is nothing, and not written through" err_is \
	"mmcp: not writing through dangling symlink 's'"
check "-n: which is an error" status_is 1
check "-n: and it is there" test "$(readlink s)" = nowhere
check "-n: and what it leads to isn't" absent nowhere
run env POSIXLY_CORRECT=1 "$MMCP" -n a s
check "-n, as POSIX wants it: it is written through" went_well
check "-n, as POSIX wants it: to where it leads" holds nowhere new
run env POSIXLY_CORRECT=1 "$MMCP" -n c s
check "-n: and exists then" went_well
rm -f nowhere; ln -s other t
run "$MMCP" -nP t s
check "-n: where a symlink is copied, one to nothing exists" went_well
check "-n: and stays" test "$(readlink s)" = nowhere
for options in "-n --remove-destination" "-nl" "-n --atomic" "-nf"; do
	echo old >b
	# shellcheck disable=SC2086
	run "$MMCP" $options a b
	check "$options: what exists is left alone" holds b old
	check "$options: and nothing is wrong" went_well
done

# ---- what is told ----

rm -rf d; mkdir d; at 2005-01-01 a new; at 2006-01-01 d/a old
for option in -u -n --update=none --update=older; do
	run "$MMCP" $option -v a d
	check "$option -v: nothing is said of what is skipped" test ! -s out
	run "$MMCP" $option --debug a d
	check "$option --debug: but so it is" out_is "skipped 'd/a'"
	check "$option --debug: without an error" went_well
done
run "$MMCP" --update=none-fail --debug a d
check "none-fail --debug: it is an error, and not skipped" test ! -s out
run "$MMCP" -i --debug a d </dev/null
check "-i --debug: so it is where the answer is no" test ! -s out
check "nothing has changed by all this" holds d/a old

finish
