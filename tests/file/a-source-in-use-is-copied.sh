#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A command that changes the source runs within a chosen call of mmcp, and so in the
# middle of the copy each time.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

pattern 3000000 >original
pattern 100000 | tr '\000-\377' '\001-\377\000' >other

# A call in the middle of the copy for each engine, and the options that select it.
ways='madvise#9=run --engine=mmap --chunk-size=64K -j1
madvise#9=run --engine=mmap --chunk-size=64K -j2
madvise#30=run --engine=mmap --chunk-size=64K -j7
copy_file_range=short100000_copy_file_range#4=run --engine=kernel
pread#3=run --engine=stream
pread#3=run --engine=stream --sparse=always
copy_file_range=EXDEV_pread#3=run --engine=auto'

# meet RULES COMMAND OPTION... DEST: copy while COMMAND runs, within a minute.
meet() {
	rules=$(echo "$1" | tr _ ' ' | sed 's/copy file range/copy_file_range/g')
	MMCP_SHIM_RUN=$2; shift 2
	export MMCP_SHIM_RUN
	rm -f source source.2
	cp original source
	was=$(stat -c %y source)
	run shimmed "$rules" timeout 100 "$MMCP" "$@"
}

# The destinations: none; an old file of fewer or more bytes; one with holes.
states='new shorter longer sparse'
pattern 4000000 | tr '\000-\377' '\001-\377\000' >longer.kept
prepare() {
	rm -f "$1"
	case $1 in
	shorter) cp other shorter ;;
	longer) cp longer.kept longer ;;
	sparse)
		truncate -s 3500000 sparse
		dd if=other of=sparse bs=64k seek=9 conv=notrunc 2>/dev/null
		;;
	esac
}

# follows WHAT COMMAND: with each engine and onto each destination, the copy is equal to
# the source after COMMAND, and nothing is printed.
follows() {
	while read -r rules options <&3; do
		for state in $states; do
			sampled || continue
			prepare "$state"
			# shellcheck disable=SC2086 # options, to be split
			meet "$rules" "$2" $options source "$state"
			check "$1, $options, $state: all is well" went_well
			check "$1, $options, $state: the copy is the source" \
				cmp source "$state"
			check "$1, $options, $state: nothing is left behind" \
				no_leftovers .
		done
	done 3<ways
}
echo "$ways" >ways

follows "cut to nothing" "truncate -s 0 source"
follows "cut to half" "truncate -s 1500000 source"
follows "cut to half and a bit" "truncate -s 1500100 source"
follows "cut within the last page" "truncate -s 2999990 source"
follows "cut and grown again" "truncate -s 0 source; cat other other >>source"
follows "appended to" "cat other >>source"
follows "grown by a hole" "truncate -s 9000000 source; echo end >>source"
follows "written over" "dd if=other of=source conv=notrunc 2>/dev/null"
follows "written over at its end" \
	"dd if=other of=source conv=notrunc bs=50000 seek=59 2>/dev/null"
follows "punched" "fallocate -p -o 65536 -l 1000000 source"
follows "touched" "touch source"
follows "made another's" "chmod 600 source"
follows "given away" "chown 1:1 source"
follows "linked" "rm -f source.2; ln source source.2"
# Neither restored times nor a removed name hide a change.
follows "written over, times restored, a name removed" \
	"ln -f source source.2; dd if=other of=source conv=notrunc 2>/dev/null
	touch -d '$(date -R)' source; rm source.2"

# A source that is removed or replaced is copied from its descriptor.
while read -r rules options <&3; do
	for state in $states; do
		sampled || continue
		prepare "$state"
		# shellcheck disable=SC2086
		meet "$rules" "rm source" $options source "$state"
		check "unlinked, $options, $state: no error" went_well
		check "unlinked, $options, $state: all of it is copied" \
			cmp original "$state"
		prepare "$state"
		# shellcheck disable=SC2086
		meet "$rules" "cp other source.2; mv source.2 source" \
			$options source "$state"
		check "renamed over, $options, $state: no error" went_well
		check "renamed over, $options, $state: what was opened is copied" \
			cmp original "$state"
		prepare "$state"
		# shellcheck disable=SC2086
		meet "$rules" "mv source source.2; mv source.2 source" \
			$options source "$state"
		check "renamed and back, $options, $state: no error" went_well
		check "renamed and back, $options, $state: all of it is copied" \
			cmp original "$state"
	done
done 3<ways

# The same if calls fail meanwhile that have other ways.
right_or_failed() { [ "$status" = 1 ] || cmp source "$1"; }
right_or_none() { if [ "$status" = 1 ]; then absent new; else cmp source new; fi; }
for rule in lseek#2+=EBADF lseek#2+=EIO lseek=EINVAL "fallocate=EOPNOTSUPP" \
	"pread#9=EINTR" "pread=short1000" "pwrite=short1000"; do
	for to in new longer; do
		sampled || continue
		prepare $to
		meet "pread#3=run_$rule" \
			"dd if=other of=source conv=notrunc 2>/dev/null" \
			--engine=stream source $to
		check "$rule, $to: ends" test "$status" -le 1
		check "$rule, $to: well, or with one line" test \
			"$status" = 0 -o "$(wc -l <err)" = 1
		check "$rule, $to: the copy is the source, or it failed" \
			right_or_failed $to
	done
done
for rule in pread#20+=EIO pwrite#14+=ENOSPC ftruncate=EIO; do
	rm -f new
	meet "pread#3=run_$rule" "cat other >>source; dd if=other of=source conv=notrunc \
		2>/dev/null" --engine=stream source new
	check "$rule: ends" test "$status" -le 1
	check "$rule: the copy is the source, or there is none" right_or_none
done

# ---- times ----

# The copy has the times from before its content was compared, so that -u copies a file
# that changed since.
rm -f new
meet pread#3=run "cat other >>source" -p --engine=stream source new
check "the times are those of the look after the change" \
	test "$(stat -c %y source)" = "$(stat -c %y new)"
check "which was another time before" test "$(stat -c %y source)" != "$was"
rm -f new
meet pread#3=run "chmod 600 source" -p --engine=stream source new
check "and so are the permissions" test "$(stat -c %a new)" = 600

rm -f new
meet pread#3=run "cat other >>source" --stats --engine=stream source new
check "--stats says that a file was followed" test \
	"$(grep -A 2 '^Changed meanwhile:' out | tr -s ' \n' ' ')" = \
	"Changed meanwhile: files 1 rounds 1 "
rm -f new
meet pread#3=run "cat other >>source" --json --engine=stream source new
check "--json says it of the file and in the summary" test "$(jq -rs \
	'[.[] | select(.event == "file").rounds,
		(select(.event == "summary") | .followed, .rounds)]
	| @csv' out)" = 1,1,1
rm -f new
meet pread#3=run "cat other >>source" --debug --engine=stream source new
check "--debug says it" out_has \
	"followed: the source changed while being copied, rounds: 1"
rm -f new
meet nothing=run true --json --engine=stream source new
check "and it isn't reported of a file that didn't change" test "$(jq -rs \
	'[.[] | select(.event == "file").rounds,
		(select(.event == "summary") | .followed, .rounds)]
	| @csv' out)" = 0,0,0

# ---- sources that keep changing ----

# Each pread finds the beginning rewritten, so that no round succeeds.
moving="i=\$(cat n); echo \$((i + 1)) >n; pattern() { seq \$i 20000 | head -c 60000; }
	pattern | dd of=source conv=notrunc 2>/dev/null"
for engine in kernel stream mmap; do
	echo 1 >n
	rm -f new
	meet "pread=run copy_file_range=run madvise=run" "$moving" --engine=$engine \
		source new
	check "always written over, $engine: exit status 1" status_is 1
	check "always written over, $engine: one line names the source" \
		err_is "mmcp: source file 'source' changed while being copied"
	check "always written over, $engine: the copy is kept" \
		cmp -i 65536 original new
	echo 1 >n
	echo old >new
	meet "pread=run copy_file_range=run madvise=run" "$moving" --atomic \
		--engine=$engine source new
	check "with --atomic, $engine: exit status 1" status_is 1
	check "with --atomic, $engine: it is reported" err_is \
		"mmcp: cannot copy 'source' to 'new' atomically: the source kept changing"
	check "with --atomic, $engine: the old file stays" test "$(cat new)" = old
	check "with --atomic, $engine: nothing is left behind" no_leftovers .
done

# A pipe can't be compared.  What was appended to the source is added; any other change is
# reported.
into_pipe() {
	cp original source
	MMCP_SHIM_RUN=$1
	{
		shimmed pread#3=run "$MMCP" --engine=stream source /dev/stdout 2>err
		echo $? >status
	} | cat >piped
	status=$(cat status)
}
into_pipe "cat other >>source"
check "a pipe, appended to: all is well" went_well
check "a pipe, appended to: it takes that, too" cmp source piped
into_pipe "chmod 600 source"
check "a pipe, made another's: all is well" went_well
check "a pipe, made another's: it takes all" cmp original piped
into_pipe "dd if=other of=source conv=notrunc 2>/dev/null"
check "a pipe, written over: exit status 1" status_is 1
check "a pipe, written over: it is reported" \
	err_is "mmcp: source file 'source' changed while being copied"

# A pipe without a reader, and a signal, while appended bytes are written.
mkfifo pipe
cp original source
(exec 3<pipe; head -c 3000000 <&3 >piped; exec sleep 30) & reader=$!
MMCP_SHIM_RUN="cat original >>source"
(
	MMCP_SHIM="pread#3=run" LD_PRELOAD=$SHIM
	ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
	export MMCP_SHIM LD_PRELOAD ASAN_OPTIONS
	exec env --default-signal=INT "$MMCP" --engine=stream source pipe
) & pid=$!
all_is_read() { [ "$(stat -c %s piped)" = 3000000 ]; }
check "a pipe that is full: all is read" wait_until all_is_read
sleep 0.2
kill -s INT $pid
check "a pipe that is full: a signal ends it" wait_until gone $pid
kill $reader; wait $reader $pid 2>/dev/null

# A source that keeps changing ends, too.
if have fallocate; then
	cp original source
	(while :; do
		fallocate -p -o 65536 -l 65536 source
		dd if=original of=source bs=64k count=1 seek=1 conv=notrunc
		echo x >>source
	done >/dev/null 2>&1) &
	writer=$!
	for engine in auto mmap kernel stream; do
		sampled || continue
		rm -f new
		run timeout 100 "$MMCP" --engine=$engine source new
		check "a source that is punched and grown has an end, $engine" \
			test $status = 0 -o $status = 1
		check "and a copy, $engine" test -e new
	done
	# A shell that has just begun may lose any other signal.
	kill -s KILL "$writer"; wait "$writer" 2>/dev/null
fi

finish
