#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --log-file: one line for each thing that is done or fails, with the time; appended as it
# happens, and there even after a crash.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

time='[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9]\{3\}'
zone='[-+][0-9][0-9]:[0-9][0-9]'
# What log $1 has behind its times.
said() { sed "s/^$time$zone //" "$1"; }
# all_timed FILE: each line begins with a time.
all_timed() { ! grep -v "^$time$zone [a-z]" "$1"; }
log_is() { printf '%s\n' "$2" >.want; said "$1" | diff .want -; }
silent() { [ ! -s out ] && err_empty; }

mkdir -p s/d; echo 12345 >s/f; ln s/f s/d/hard; ln -s f s/d/link; mkfifo s/d/fifo
: >'s/new
line é'
for jobs in 1 4; do
	rm -rf new log
	run "$MMCP" -aj$jobs --log-file=log s new
	check "-j$jobs: it works" went_well
	check "-j$jobs: nothing else is said" silent
	check "-j$jobs: each line has a time" all_timed log
	check "-j$jobs: it begins and ends" test "$(said log | sed -n '1p;$p')" = \
		"began 's' -> 'new'
ended exit status 0, 0 failed"
	said log | sed '1d;$d' | sort >lines
	sort >want <<'END'
copied 's/f' -> 'new/f' (6 bytes)
copied 's/new'$'\n''line é' -> 'new/new'$'\n''line é' (0 bytes)
linked 's/d/hard' -> 'new/d/hard'
made 's/d' -> 'new/d'
made 's/d/fifo' -> 'new/d/fifo'
made 's/d/link' -> 'new/d/link'
made 's' -> 'new'
END
	check "-j$jobs: all is in it, once" diff want lines
done
cp log before
run "$MMCP" -n --log-file=log s/f missing new
check "another run" status_is 1
check "is appended" test "$(head -n "$(wc -l <before)" log)" = "$(cat before)"
tail -n 4 log >last
check "with what is skipped and what fails" log_is last "began 's/f' and 1 more -> 'new'
skipped 's/f' -> 'new/f' (exists)
failed cannot stat 'missing': No such file or directory
ended exit status 1, 1 failed"
run "$MMCP" -r --exclude=d --log-file=left s new
check "what is left out is in it" grep -q " skipped 's/d' (excluded)\$" left

run "$MMCP" -rv -T s plain; mv out plain.out
sed -i 's/new2/plain/' plain.out
run "$MMCP" -rv --log-file=log -T s new2
check "-v says what it says" test "$(sed 's/new2/plain/' out | sort)" = \
	"$(sort plain.out)"
if have jq; then
	rm -rf new2 log
	run "$MMCP" -r --log-file=log --json s new2
	check "--json says it, too" test "$(jq -rs '[.[] |
		select(.event == "file")] | length' out)" = "$(($(wc -l <log) - 2))"
else
	skip "--json says it, too" "jq is not installed"
fi
rm -f log
run "$MMCP" -rN --log-file=log s nothing
check "a dry run writes none" absent log
if [ -e "${SHIM:=}" ]; then
	for jobs in 1 4; do
		rm -rf new2 log
		run shimmed "openat@f=EIO" "$MMCP" -rj$jobs --log-file=log s new2
		check "an error is in it, once (-j$jobs)" test \
			"$(said log | grep failed)" = "failed cannot open 's/f' for \
reading: Input/output error
ended exit status 1, 1 failed"
	done
else
	skip "an error is in it, once" "the shim is built by make check"
fi
run env TZ=XXX-5:30 "$MMCP" --log-file=zone s/f new
check "the time is local, with its zone" test "$(grep -c '+05:30 ' zone)" = 3

# ---- many lines of several processes ----

mkdir -p many/a many/b many/c
for i in $(seq 300); do echo x | tee "many/a/$i" "many/b/$i" >"many/c/$i"; done
rm -f log
run "$MMCP" -rj4 --log-file=log many manycopy
check "lines of several processes don't mix" all_timed log
check "nor is any lost" test "$(said log | grep -c '^copied .* (2 bytes)$')" = 900
check "or there twice" test "$(said log | sort -u | wc -l)" = 906

# ---- a crash ----

rm -rf manycopy log
setsid "$MMCP" -rj1 --bwlimit=300 --log-file=log many manycopy 2>/dev/null &
pid=$!
some() { [ "$(grep -c copied log 2>/dev/null)" -ge 50 ]; }
check "while it runs, lines are there" wait_until some
kill -KILL $pid
wait $pid 2>/dev/null
check "after it was killed they are" some
check "each whole" all_timed log
sed -n "s/^.* copied '\(.*\)' -> '\(.*\)' .*/\1 \2/p" log >pairs
true_pairs() { while read -r from to; do cmp "$from" "$to" || return; done <pairs; }
check "and true" true_pairs
check "but there is no end" test "$(grep -c ended log)" = 0

# ---- where it may be ----

run "$MMCP" --log-file=nowhere/log s/f new/x
check "a log that can't be written is an error" err_is \
	"mmcp: cannot write 'nowhere/log': No such file or directory"
check "before anything is copied" absent new/x
rm -rf manycopy
run "$MMCP" -rj4 --log-file=/dev/full many manycopy
check "a full one is an error" err_is \
	"mmcp: cannot write '/dev/full': No space left on device"
check "with exit status 1" status_is 1
check "and all is copied" same_tree many manycopy
cp s/f source; echo old >target
run "$MMCP" --log-file=source source new
check "a source is not written to" err_is \
	"mmcp: cannot write the log to 'source': it is a source"
run "$MMCP" --log-file=target source target
check "nor a copy" err_is \
	"mmcp: cannot write the log to 'target': it is where 'source' is copied to"
check "and both are as they were" sh -c 'cmp source s/f && grep -qx old target'
# ---- before anything is copied ----

early() {
	rm -f early
	run "$MMCP" --log-file=early "$@"
	check "$*: it fails" status_is 1
	check "$*: and the log has that" log_is early "began
failed $(sed -n '1s/^mmcp: //p' err)
ended exit status 1, 0 failed"
}
early s/f
early
early s/f s/d/hard nowhere
early -t nowhere s/f
early --files0-from=nowhere new
echo mine >own; cp own kept
run "$MMCP" --log-file=own s/f own nowhere
check "a name that was given is no log" cmp own kept
run "$MMCP" --log-file=nowhere s/f s/d/hard nowhere
check "nor is one made of it" absent nowhere
run "$MMCP" --log-file=own --failed-to=own s/f new
check "the list of what fails is no log" err_is \
	"mmcp: cannot write the log to 'own': the names of what fails go there"
check "and is left alone" cmp own kept

# A name that is missing before it makes a log of what was to be a source.
early -a
for old in "some text" "2026-01-31 and no log" "" "nul\\0and more"; do
	printf %b "$old" >disk.img; cp disk.img kept
	run "$MMCP" -a --log-file disk.img s
	check "a wrong command line adds nothing to: $old" cmp disk.img kept
done
if mount_fs tmpfs 1M tmp && truncate -s 1M disk && loop=$(losetup -f --show disk); then
	run "$MMCP" -a --log-file "$loop" s
	check "nor to a disk" same_content disk "$loop"
	run "$MMCP" -a --log-file "$loop" s tmp
	check "even if it is right" err_is \
		"mmcp: cannot write the log to '$loop': it isn't a text file"
	losetup -d "$loop"
else
	skip "nor to a disk" "${why:-there is no loop device}"
	skip "even if it is right" "${why:-there is no loop device}"
fi
run "$MMCP" --log-file=log s/f new
cp log early
run "$MMCP" -a --log-file early s
check "a log is gone on with" test \
	"$(said early | sed '1,/^ended/d' | head -n 1)" = began
printf 'nul\0and more' >disk.img; cp disk.img kept
rm -f new/x
run "$MMCP" --log-file=disk.img s/f new/x
check "what isn't text is no log" err_is \
	"mmcp: cannot write the log to 'disk.img': it isn't a text file"
check "with exit status 1" status_is 1
check "and is left alone" cmp disk.img kept
check "and nothing is copied" absent new/x
ln -s target.of.links link1; ln -s target.of.links link2
run "$MMCP" --log-file=link1 --failed-to=link2 s/f new
check "two links to nothing may be one file" err_is \
	"mmcp: cannot write the log to 'link1': the names of what fails go there"
check "which isn't made" absent target.of.links

# ---- standard output ----

rm -rf new2
run "$MMCP" -rv --log-file=- s new2
check "- is standard output" all_timed out
check "with all of it" test "$(said out | grep -c "' -> 'new2")" = 8
check "and what -v prints is elsewhere" err_has "'s/f' -> 'new2/f'"
check "and there is no such file" absent -
run "$MMCP" --log-file=- s
check "a wrong command line is told there, too" test "$(said out | sed -n 2p)" = \
	"failed missing destination file operand after 's'"
for other in --json --failed-to=-; do
	run "$MMCP" --log-file=- $other s/f new
	check "which $other can't have, too" err_has \
		"only one of --json, --failed-to=- and --log-file=- can write"
done
run "$MMCP" --log-file=./- s/f new
check "./- is a file" all_timed ./-
run sh -c '"$@" >&-' sh "$MMCP" --log-file=- s/f new
check "where there is none, that is an error" \
	err_has "cannot write '-': Bad file desc"

run "$MMCP" --log-file=/dev/null --failed-to=/dev/null s/f new
check "but what keeps nothing may be both" went_well
printf 's/f\0' >names; cp names kept
run "$MMCP" --files0-from=names --log-file=names new
check "a list that is read is no log" err_is \
	"mmcp: cannot write the log to 'names': names are read from there"
check "and is left alone, too" cmp names kept

# ---- where standard output can't be written ----

rm -rf log new
run sh -c '"$@" >/dev/full' sh "$MMCP" -rv --log-file=log s new
check "standard output is full" err_is "mmcp: write error: No space left on device"
check "and the log has that" test "$(said log | tail -n 2)" = \
	"failed write error: No space left on device
ended exit status 1, 0 failed"
rm -f log
run sh -c '"$@" >/dev/full' sh "$MMCP" --stats --log-file=log s/f new
check "statistics can't be written" test "$(said log | tail -n 1)" = \
	"ended exit status 1, 0 failed"

finish
