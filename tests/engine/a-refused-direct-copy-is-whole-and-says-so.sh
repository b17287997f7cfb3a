#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What --direct can't move past the page cache is read and written: where the kernel
# refuses a queue, a request, or to say what became of one, and at the odd end of a file.
# The copy is whole, and it is told how much of it was moved in which way.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_strace

pattern 67108864 >whole
{ cat whole; echo "an odd end"; } >odd
pattern 70000000 | tr '\000-\377' '\001-\377\000' >older
"$MMCP" --direct --reflink=never --debug whole copy | grep -q "engine: direct," ||
	skip_all "O_DIRECT is refused here"

# A null pointer and an offset are no address in a program that may be loaded anywhere; in
# one that may not, they are its own text, from 4 MiB on.
build=$(dirname "$MMCP")
word_of() { sed -n "s/^$1 = //p" "$build/Makefile"; }
# shellcheck disable=SC2046 # words
if [ -e "$build/libmmcp.a" ] && [ -e "$build/src/main.o" ] &&
	$(word_of CC) $(word_of MMCP_LDFLAGS) -no-pie -o fixed "$build/src/main.o" \
		"$build/libmmcp.a" $(word_of MMCP_LIBS) 2>/dev/null; then
	programs="$MMCP $work/fixed"
else
	programs=$MMCP
	skip "a program at a fixed address copies the same" "it can't be linked"
fi

# part NAME: bytes that went so.
part() { sed -n "s/.*\"event\":\"file\".*\"$1\":\\([0-9]*\\).*/\\1/p" out; }
adds_up() {
	[ $(($(part by_hand) + $(part direct))) = "$(stat -c %s "$file")" ] ||
		{ cat out; return 1; }
}
none_direct() { [ "$(part direct)" = 0 ]; }
some_by_hand() { [ "$(part by_hand)" -gt 0 ] || { cat out; return 1; }; }
engine_is() { grep -q "^engine: $1" err || { cat err; return 1; }; }

# copies FAULT FILE OPTION...: with FAULT in each such call.
copies() {
	what=$1 file=$2
	shift 2
	for program in $programs; do
		for to in new old; do
			cp older old
			name="$(basename "$program"), $file, $to${*:+, $*}, $what"
			injected "$what" "$program" --direct --reflink=never "$@" \
				"$file" $to
			check "$name: copied" status_is 0
			check "$name: equal" cmp "$file" $to
			rm -f new
		done
	done
}

for fault in io_setup:error=EAGAIN io_setup:error=ENOSYS io_submit:error=EAGAIN \
	io_getevents:error=EINVAL; do
	copies $fault odd --debug --json
	check "$fault: no byte went past the cache" none_direct
	check "$fault: it adds up" adds_up
	check "$fault: the engine is what it was" engine_is \
		"read and write, .*because: nothing could go past the page cache"
done
for fault in io_setup:error=EAGAIN:when=1 io_submit:error=EAGAIN:when=1 \
	io_submit:error=EAGAIN:when=2 io_submit:error=EAGAIN:when=9 \
	io_submit:error=EAGAIN:when=12+ io_submit:error=EAGAIN:when=1+3 \
	io_getevents:error=EINVAL:when=1 io_getevents:error=EINVAL:when=2 \
	io_getevents:error=EIO:when=7 io_getevents:error=EINTR:when=2; do
	copies $fault whole -j1 --json
	check "$fault: it adds up" adds_up
	case $fault in
	*EINTR*) ;;
	*) check "$fault: some went another way" some_by_hand ;;
	esac
done

# ---- nothing is refused, but the end is no block ----

for file in whole odd; do
	run "$MMCP" --direct --reflink=never --json "$file" new
	check "$file: copied" status_is 0
	check "$file: equal" cmp "$file" new
	check "$file: it adds up" adds_up
	rm -f new
	run "$MMCP" --direct --reflink=never --stats "$file" new
	rm -f new
	case $file in
	whole) check "a whole number of blocks is all direct" \
		grep -q '^  direct .* 100%$' out ;;
	odd)
		check "an odd end is not" grep -q '^  read and write .* <1%$' out
		check "but the rest is" grep -q '^  direct .* >99%$' out ;;
	esac
done
finish
