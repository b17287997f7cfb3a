#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# -N --update=checksum lists on standard output what differs in two trees, with what only
# the destination has; it changes nothing, and returns 0 whatever differs.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

# compared SENTENCE OPTION...: a and b are; the list is sorted.
compared() {
	told=$1; shift
	tree_of b times >before
	run "$MMCP" -rTN --update=checksum "$@" a b
	check "$told: status 0" status_is 0
	check "$told: nothing was changed" test "$(tree_of b times)" = "$(cat before)"
	LC_ALL=C sort out >list
}
list_is() { printf '%s\n' "$1" >want; diff want list; }

mkdir -p a/d/e a/only a/kind a/empty; echo 1 >a/same; echo 1 >a/differs
echo 1 >a/d/e/f
echo longer >a/d/size; echo x >a/only/x; echo x >a/new; ln -s one a/link
ln -s one a/other
echo x >a/kind/x; echo x >a/file; echo x >a/dangling; echo x >a/led
cp -a a b; compared "equal trees"
check "equal trees: no line" test ! -s list
check "equal trees: standard error says how much differs" err_has \
	"would copy 0 B in 0 files"

echo 2 >b/differs; echo 2 >b/d/e/f; echo short >b/d/size; rm -r b/only b/new b/empty
ln -sf two b/other; rm -r b/kind; echo x >b/kind; rm b/file; mkdir b/file
echo x >b/file/x
ln -sf nowhere b/dangling; ln -sf "$PWD/a/led" b/led
mkdir -p b/extra/deep; echo x >b/extra/deep/x; echo x >b/d/e/more; ln -s x b/d/lonely
touch -d 2001-02-03 b/same; chmod 600 b/same
expected="'a/d/e/f' -> 'b/d/e/f'
'a/d/size' -> 'b/d/size'
'a/dangling' -> 'b/dangling' (of another kind)
'a/differs' -> 'b/differs'
'a/empty' -> 'b/empty'
'a/file' -> 'b/file' (of another kind)
'a/kind' -> 'b/kind' (of another kind)
'a/new' -> 'b/new'
'a/only' -> 'b/only'
'a/only/x' -> 'b/only/x'
'a/other' -> 'b/other'
only in the destination: 'b/d/e/more'
only in the destination: 'b/d/lonely'
only in the destination: 'b/extra'"
for jobs in 1 2 7; do
	compared "trees that differ, -j$jobs" -j$jobs
	check "trees that differ, -j$jobs: each difference is a line" list_is \
		"$(printf '%s\n' "$expected" | LC_ALL=C sort)"
done
compared "-a" -a
check "-a: the same" list_is "$(printf '%s\n' "$expected" | LC_ALL=C sort)"
compared "--exclude" --exclude=more --exclude=/only --exclude=/extra/ --exclude='[n-o]*'
check "--exclude: what patterns leave out is not listed" list_is "'a/d/e/f' -> 'b/d/e/f'
'a/d/size' -> 'b/d/size'
'a/dangling' -> 'b/dangling' (of another kind)
'a/differs' -> 'b/differs'
'a/empty' -> 'b/empty'
'a/file' -> 'b/file' (of another kind)
'a/kind' -> 'b/kind' (of another kind)
only in the destination: 'b/d/lonely'"
compared "--stats" --stats
check "--stats: compared, differing and extra are counted" grep -Eq \
	'only in destination +3$' out
if have jq; then
	run "$MMCP" --json -rTN --update=checksum a b
	check "JSON: what is only in the destination" test "$(jq -r 'select(.action ==
		"only_in_destination") | "\(.kind) \(.destination)"' out |
		LC_ALL=C sort | tr '\n' ' ')" = \
		"directory b/extra regular b/d/e/more symlink b/d/lonely "
	check "JSON: what is of another kind" test "$(jq -r 'select(.action ==
		"differs") | "\(.kind) \(.destination)"' out |
		LC_ALL=C sort | tr '\n' ' ')" = \
		"directory b/kind regular b/dangling regular b/file "
	check "JSON: the sum" test "$(jq -c 'select(.event == "summary") |
		[.exit_status, .only_in_destination]' out)" = "[0,3]"
fi

# Many names, by several walkers: each once.
rm -rf a b; mkdir -p a b
for i in $(seq 40); do
	mkdir "a/$i" "b/$i"
	for j in $(seq 40); do echo "$i $j" >"a/$i/$j"; echo "$i $j" >"b/$i/$j"; done
	echo x >"b/$i/extra"; echo "$i X" >"b/$i/7"; rm "b/$i/9"
done
for jobs in 1 4; do
	compared "many names, -j$jobs" -j$jobs
	check "many names, -j$jobs: each difference is listed once" test \
		"$(uniq list | wc -l) $(grep -c only list)" = "120 40"
done
if [ -e "${SHIM:=}" ]; then
	for nth in 40 1500; do
		run shimmed "pread#$nth=SIGKILL" "$MMCP" -rTN -j2 --update=checksum a b
		check "a walker dies at comparison $nth: status 0" status_is 0
		check "and what it had in hand is compared" test \
			"$(LC_ALL=C sort -u out)" = "$(cat list)"
	done
fi
compared "few descriptors"
# shellcheck disable=SC3045 # every shell we meet has it
(ulimit -n 24; exec "$MMCP" -rTN --update=checksum a b) 2>/dev/null |
	LC_ALL=C sort >few
check "with few descriptors, the same" diff few list

# ---- one file ----

rm -rf a b; echo 1 >a; echo 1 >b
run "$MMCP" -N --update=checksum a b
check "a file that is the same" test "$status" = 0 -a ! -s out
echo 2 >b
run "$MMCP" -N --update=checksum a b
check "one that differs" out_is "'a' -> 'b'"
check "returns 0, too" status_is 0
ln -f a b
run "$MMCP" -N --update=checksum a b
check "one file by two names is the same" test "$status" = 0 -a ! -s out

# ---- what can't be compared ----

rm -rf a b; mkdir a b; pattern 600000 >a/f; cp a/f b/f; echo x >a/g; echo y >b/g
if [ -e "${SHIM:=}" ]; then
	run shimmed 'pread@/a/f=EIO' "$MMCP" -rTN --update=checksum a b
	check "a source that can't be read is an error" err_has "error reading 'a/f'"
	check "with status 1" status_is 1
	check "and the others are compared" out_is "'a/g' -> 'b/g'"
fi
if open_to_nobody; then
	chmod 755 a b; chmod 600 b/f; mkdir b/closed a/closed; chmod 700 b/closed
	chmod 755 a/closed
	run as_nobody "$mmcp" -rTN --update=checksum a b
	check "a destination that can't be read differs" out_has "'a/f' -> 'b/f'"
	check "a directory that can't be read is an error" err_has "b/closed"
	check "and the status 1" status_is 1
fi
finish
