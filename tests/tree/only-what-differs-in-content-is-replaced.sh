#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --update=checksum replaces an existing file if its content differs, whatever its times
# and size say, and leaves alone what has the same content.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

holds() { [ "$(cat "$1")" = "$2" ] || { cat "$1"; false; }; }
# All that a file has but its content, to see that it was left alone.
state() { stat -c '%i %a %Y %Z %y %z' "$1"; }
stays() { [ "$(state "$1")" = "$2" ] || { state "$1"; echo "was $2"; false; }; }
# old FILE CONTENT: with a mode and a time of its own.
old() { printf '%s\n' "$2" >"$1"; chmod 640 "$1"; touch -d 2001-02-03 "$1"; }

# ---- one file ----

for options in "" -p -a --atomic -b -f --remove-destination --reflink=auto \
	--sparse=always --nocache --fsync --engine=stream; do
	for word in checksum content; do
		rm -f a b b~
		echo same >a; old b same; before=$(state b)
		# shellcheck disable=SC2086 # options, to be split
		run "$MMCP" $options -v --update=$word a b
		check "$options, $word, the same: no error, nothing said" went_well
		check "$options, $word, the same: nothing said" test ! -s out
		check "$options, $word, the same: left alone" stays b "$before"
		check "$options, $word, the same: no backup" absent b~
	done
	old b diff; touch -r b a
	# shellcheck disable=SC2086
	run "$MMCP" $options -v --update=checksum a b
	check "$options, of one size and time: no error" went_well
	check "$options, of one size and time: replaced" holds b same
	old b "another size"
	# shellcheck disable=SC2086
	run "$MMCP" $options --update=checksum a b
	check "$options, of another size: replaced" holds b same
done
check "the old file has become the backup" test "$(rm -f a b b~; echo new >a; old b old
	"$MMCP" -b --update=checksum a b; cat b~)" = old

rm -f a b b~; echo same >a; old b same; chmod 0 b; before=$(state b)
if open_to_nobody; then
	chmod 755 .; chmod 644 a b; before=$(state b)
	run as_nobody "$mmcp" --update=checksum a b
	check "what may not be written isn't opened for it" went_well
	check "and stays" stays b "$before"
	mkdir -m 777 open; echo same >open/b; chown 65534 open/b; chmod 200 open/b
	run as_nobody "$mmcp" --update=checksum a open/b
	check "what can't be read is taken for different" went_well
	check "and written" test "$(cat open/b)" = same -a open/b -nt b
	rm -rf open
else
	skip "what may not be written isn't opened for it" "$why"
fi
chmod 644 b

echo one >a; old b two
run "$MMCP" -i --update=checksum a b </dev/null
check "-i asks about what differs" err_has "overwrite 'b'"
check "and no means no" holds b two
old b one
run "$MMCP" -i --update=checksum a b </dev/null
check "-i doesn't ask about what doesn't" went_well
old b two; run "$MMCP" -n --update=checksum a b
check "-n wins" holds b two
run "$MMCP" --attributes-only --update=checksum a b
check "--attributes-only copies no content to compare" status_is 1
check "and says so" err_has "cannot combine --attributes-only and --update=checksum"
: >a; : >b; touch -d 2001-02-03 b; before=$(state b)
run "$MMCP" --update=checksum a b
check "empty files are the same" stays b "$before"
rm -f b
run "$MMCP" --update=checksum a b
check "what isn't there is made" test -e b
if [ -r /proc/self/status ]; then
	: >b
	run "$MMCP" --update=checksum /proc/self/limits b
	check "a source without a size is copied, not compared" grep -q Max b
fi

# ---- what has no content ----

rm -rf s d; mkdir s d
ln -s one s/same; ln -s one d/same; ln -s one s/other; ln -s two d/other
mkfifo s/fifo d/fifo; echo file >s/kind; ln -s one d/kind
touch -h -d 2001-02-03 d/*; before=$(state d/same) fifo=$(state d/fifo)
run timeout 100 "$MMCP" -rT --remove-destination --update=checksum s d
check "symbolic links: no error" went_well
check "one with the same target stays" stays d/same "$before"
check "one with another is made again" test "$(readlink d/other)" = one
check "a FIFO stays a FIFO" stays d/fifo "$fifo"
check "a file takes the place of a link" holds d/kind file
if is_root && mknod s/null c 1 3 2>/dev/null; then
	mknod d/null c 1 3; mknod s/zero c 1 5; mknod d/zero c 1 3; before=$(state d/null)
	run timeout 100 "$MMCP" -rT --update=checksum s d
	check "a device of the same number stays" stays d/null "$before"
	check "one of another is made again" test "$(stat -c %t:%T d/zero)" = 1:5
fi
rm -f fifo b; mkfifo fifo; echo same >b; (echo same >fifo) &
run timeout 100 "$MMCP" --update=checksum fifo b
check "what a FIFO delivers is copied" went_well
wait

echo x >a; rm -f b; ln -s "$PWD/a" b; touch -h -d 2001-02-03 b; before=$(state b)
run "$MMCP" -s --update=checksum "$PWD/a" b
check "-s: a link to the source stays" stays b "$before"
ln -sf elsewhere b
run "$MMCP" -sf --update=checksum "$PWD/a" b
check "-s: another is made again" test "$(readlink b)" = "$PWD/a"
rm -f b; old b x; before=$(state b)
run "$MMCP" -l --update=checksum a b
check "-l: a file with the same content stays" stays b "$before"
old b y
run "$MMCP" -lf --update=checksum a b
check "-l: another becomes a name of the source" test a -ef b
run "$MMCP" -l --update=checksum a b
check "-l: and stays one" went_well
rm -f b target; echo x >target; ln -s target b; touch -d 2001-02-03 target
before=$(state target)
run "$MMCP" --update=checksum a b
check "through a symbolic link, the target is compared" stays target "$before"
echo y >target
run "$MMCP" --update=checksum a b
check "and written" holds target x

# ---- trees ----

# Two trees that differ in one file of each kind, in large ones, too.
rm -rf s d; mkdir -p s/sub s/deep/er; for i in $(seq 100); do echo "$i" >"s/sub/$i"; done
pattern 20000000 >s/large; cp s/large s/deep/er/large; truncate -s 30M s/sparse
echo x | dd of=s/sparse bs=1 seek=20000000 conv=notrunc 2>/dev/null
: >s/empty; ln s/sub/1 s/sub/name; ln s/sub/2 s/deep/two; ln -s sub s/link
make_dest() {
	rm -rf d; cp -a s d
	find d -type f -exec touch -d 2001-02-03 {} +
	# One byte each, and no other size: 0 stands for a digit, Z for what isn't in it.
	rm d/sub/7; echo 0 >d/sub/7; rm d/sub/50; echo 00 >d/sub/50
	printf Z | dd of=d/large bs=1 seek=19999999 conv=notrunc 2>/dev/null
	printf Z | dd of=d/sparse bs=1 seek=5000000 conv=notrunc 2>/dev/null
	find d -type f -exec touch -d 2001-02-03 {} +
}
touched() { find d -type f -newermt 2002-01-01 | LC_ALL=C sort | tr '\n' ' '; }
for jobs in 1 2 7; do
	make_dest
	run "$MMCP" -rT -j$jobs --preserve=links --update=checksum s d
	check "a tree, -j$jobs: no error" went_well
	check "a tree, -j$jobs: what differs is replaced, and nothing else" test \
		"$(touched)" = "d/large d/sparse d/sub/50 d/sub/7 "
	check "a tree, -j$jobs: content" diff -r s d
	check "a tree, -j$jobs: names of one file stay so" test d/sub/1 -ef d/sub/name \
		-a d/sub/2 -ef d/deep/two
	run "$MMCP" -aT -j$jobs --stats --update=checksum s d
	check "again, -j$jobs: nothing is copied" grep -q '^Copied 0 files (0 B)' out
	check "again, -j$jobs: what was compared is counted" grep -Eq \
		'same content +10[0-9]$' out
	rm d/sub/name; echo 1 >d/sub/name
	run "$MMCP" -aT -j$jobs --update=checksum s d
	check "-a, -j$jobs: a name that was lost is made again" test \
		d/sub/1 -ef d/sub/name
done
if have jq; then
	make_dest
	run "$MMCP" --json -rT --update=checksum s d
	check "JSON gives the reason" test "$(jq -s 'map(select(.reason ==
		"same_content")) | length' out)" = 103
	check "and counts" test "$(jq -c 'select(.event == "summary") |
		[.regular, .skipped_by.same_content, .by_hand, .compared > 40000000]' \
		out)" = "[4,103,7429,true]"
	rm -rf s2 d2; mkdir s2; pattern 1000000 >s2/1; ln s2/1 s2/2; cp -a s2 d2
	run "$MMCP" --json -aT --update=checksum s2 d2
	check "a file of two names is compared once" test \
		"$(jq '.compared // 0' out | sort -n | tail -n 1)" = 1000000
	rm d2/2; cp d2/1 d2/2
	run "$MMCP" -aT --update=checksum s2 d2
	check "and has two names again" test d2/1 -ef d2/2
fi
make_dest
run "$MMCP" -rT --reflink=always --update=checksum s d
check "--reflink=always leaves alone what is the same" test "$(touched)" = "" -o \
	"$status" = 0

# ---- what goes wrong ----

if [ -e "${SHIM:=}" ]; then
	rm -f a b; pattern 600000 >a; cp a b; before=$(state b)
	run shimmed 'pread@/a#2=EIO' "$MMCP" --update=checksum a b
	check "a source that can't be read is an error" err_has \
		"error reading 'a': Input/output error"
	check "with status 1" status_is 1
	check "and the destination stays" stays b "$before"
	run shimmed 'pread@/b#2=EIO' "$MMCP" --update=checksum a b
	check "a destination that can't be read differs" went_well
	check "and is written" same_content a b
	check "as its time shows" test b -nt a
	cp a b; touch -d 2001-02-03 b
	MMCP_SHIM_RUN="printf Z | dd of=$work/a bs=1 conv=notrunc 2>/dev/null" \
		run shimmed 'pread@/a#3=run' "$MMCP" --update=checksum a b
	check "a source that changes meanwhile is copied" went_well
	check "as it is in the end" same_content a b
	cp a b; touch -d 2001-02-03 b
	MMCP_SHIM_RUN="truncate -s 5 $work/a" \
		run shimmed 'pread@/a#2=run' "$MMCP" --update=checksum a b
	check "one that shrinks" same_content a b
	pattern 600000 >a; cp a b; touch -d 2001-02-03 b
	MMCP_SHIM_RUN="echo more >>$work/a" \
		run shimmed 'pread@/a#3=run' "$MMCP" --update=checksum a b
	check "one that grows" same_content a b
	cp a b; touch -d 2001-02-03 b
	MMCP_SHIM_RUN="truncate -s 5 $work/b" \
		run shimmed 'pread@/b#2=run' "$MMCP" --update=checksum a b
	check "a destination that shrinks" same_content a b
	pattern 40000000 >a; cp a b; touch -d 2001-02-03 b; before=$(state b)
	run shimmed 'pread@/b#20=SIGKILL' "$MMCP" -j2 --update=checksum a b
	check "a worker that dies is replaced" went_well
	check "and all is compared" stays b "$before"
	run shimmed 'fork=EAGAIN' "$MMCP" -j2 --update=checksum a b
	check "and without any" stays b "$before"
else
	skip "what goes wrong" "the shim is built by make check"
fi
finish
