#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever happens, what --json prints is what doc/json.schema.json says, and the summary
# is its last line.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need jq python3
python3 -c 'import jsonschema' 2>/dev/null ||
	skip_all "Python's jsonschema is not installed"

top=$(CDPATH='' cd -- "${srcdir:-.}" && pwd) || exit 99
valid() {
	python3 -B "$top/tests/tools/jsonlines.py" "$top/doc/json.schema.json" \
		"$status" <"$work/out"
}
# says SENTENCE STATUS ARGUMENT...: a run with --json returns STATUS, and is valid.
says() {
	sentence=$1; expected=$2
	shift 2
	run timeout 100 "$MMCP" --json "$@"
	check "$sentence: the lines are of the schema" valid
	check "$sentence: exit status $expected" status_is "$expected"
}
# of JQ: print what that program makes of the lines.
of() { jq -rs "$1" <"$work/out"; }
# files JQ: how many file events are so.
files() { of "[.[] | select(.event == \"file\" and ($1))] | length"; }
summed() { of ".[-1] | $1"; }

mkdir -p s/d/e; echo 12345 >s/f; echo 1234567 >s/d/g; ln s/f s/d/hard
ln -s f s/link; mkfifo s/fifo; : >s/empty; echo x >s/d/e/x.o
head -c 3000000 /dev/zero | tr '\0' x >s/large; truncate -s 5M s/sparse

# ---- what becomes of files ----

for jobs in 1 4; do
	rm -rf new
	says "-a -j$jobs" 0 -a -j$jobs s new
	check "-a -j$jobs: copied, linked, made" test "$(files '.action == "copied"') \
$(files '.action == "linked"') $(files '.action == "made"')" = "6 1 5"
	says "-a -j$jobs, -n" 0 -an -j$jobs s/. new
	check "-a -j$jobs, -n: what exists is skipped" test \
		"$(files '.action == "skipped" and .reason == "exists"')" = 9
	check "-a -j$jobs, -n: and counted" test "$(summed .skipped_by.exists)" = 9
	says "-a -j$jobs, -u" 0 -au -j$jobs s/. new
	check "-a -j$jobs, -u: what isn't older is skipped or linked" test \
		"$(files '.reason == "not_older" or .action == "linked"')" = 9
	says "-a -j$jobs, --update=changed" 0 -a --update=changed -j$jobs s/. new
	check "-a -j$jobs, --update=changed: what is unchanged, too" test \
		"$(files '.reason == "unchanged" or .action == "linked"')" = 9
	check "-a -j$jobs: no name is counted twice" test \
		"$(summed '.skipped + .hardlink')" = 9
	echo 12346 >s/f
	says "-a -j$jobs, --update=checksum" 0 -a --update=checksum -j$jobs s/. new
	check "-a -j$jobs, --update=checksum: what has the same content, too" test \
		"$(files '.reason == "same_content" or .action == "linked"')" = 8
	echo 12345 >s/f; echo extra >new/extra
	says "-aN -j$jobs, --update=checksum" 0 -aN --update=checksum -j$jobs s/. new
	check "-aN -j$jobs, --update=checksum: what is only there" test \
		"$(files '.action == "only_in_destination"')" = 1
	rm -rf new
	says "-r -j$jobs, --exclude" 0 -r -j$jobs --exclude='*.o' --exclude='/d/g' s new
	check "-r -j$jobs, --exclude: two are left out" test \
		"$(files '.reason == "excluded"') $(summed .skipped)" = "2 2"
	check "-r -j$jobs, --exclude: by their names" test \
		"$(of '[.[] | select(.reason == "excluded").source] | sort |
			join(" ")')" = "s/d/e/x.o s/d/g"
done
for option in -l -s; do
	rm -rf new
	says "links ($option)" 0 -r $option "$work/s" new
done
says "an operand that is left out" 0 --exclude=f s/f new
check "an operand that is left out: it is skipped" test "$(summed .skipped)" = 1
mkdir to
says "an operand twice" 0 s/f s/f to
check "an operand twice: the second is skipped" test \
	"$(files '.action == "skipped" and .reason == "repeated"')" = 1
says "a no" 1 -i s/f to </dev/null
check "a no: the file is skipped" test \
	"$(files '.reason == "declined"') $(summed .skipped_by.declined)" = "1 1"
for jobs in 1 4; do
	rm -rf new
	says "--atomic, -j$jobs" 0 -r --atomic -j$jobs s/. new
	check "--atomic, -j$jobs: what has bytes was moved by an engine" test \
		"$(files '.engine == null and .by_hand + .by_kernel > 0')" = 0
done
ln s/f to/f2
says "one file" 0 -l s/f to/f2
check "one file: it is skipped" test "$(files '.reason == "same_file"')" = 1
rm -rf new
says "a dry run" 0 -aN s new
check "a dry run: all is planned" test "$(files '.action == "planned"')" = 12
says "only attributes" 0 -a --attributes-only s new
rm -rf new
for engine in stream kernel mmap direct; do
	rm -f new
	says "--engine=$engine" 0 --engine=$engine s/large new
	check "--engine=$engine: that is said" test "$(of '.[0].engine')" = $engine
done
rm -f new
: >none
says "nothing at all" 0 --files0-from=none to
says "beside --stats and --debug" 0 -r --stats --debug s new
says "beside a progress line" 0 -r -g s new

# ---- what goes wrong ----

says "errors" 1 nothing missing s/f to
check "errors: two" test "$(of '[.[] | select(.event == "error")] | length')" = 2
check "errors: what was tried, on what, and why" test "$(of '.[] |
	select(.path == "nothing") | "\(.operation) \(.errno) \(.source)"')" = \
	"stat ENOENT nothing"
check "errors: what was said" test "$(of '.[] | select(.path == "nothing").message')" = \
	"cannot stat 'nothing': No such file or directory"
check "errors: failed" test "$(summed .failed)" = 2
says "what is against the rules" 1 s new
check "what is against the rules: no operation" test \
	"$(of '.[0] | "\(.operation) \(.path) \(.errno)"')" = "check s null"
says "into itself" 1 -r s s/d
rm -rf s/d/s
says "no operand" 1
says "one operand" 1 s
says "no such target" 1 s/f s/d nowhere
says "no to a question" 1 -i s/f to </dev/null
for rules in "openat@large=EIO" "pwrite=ENOSPC copy_file_range=ENOSPC" "mkdirat=EROFS" \
	"symlinkat=EPERM" "linkat=EMLINK" "mkfifoat=EPERM mknodat=EPERM" fchmod=EPERM; do
	if [ ! -e "${SHIM:=}" ]; then
		skip "$rules" "the shim is built by make check"
		continue
	fi
	for jobs in 1 4; do
		rm -rf new
		run shimmed "$rules" timeout 100 "$MMCP" --json -a -j$jobs s new
		check "$rules, -j$jobs: the lines are of the schema" valid
	done
done
if [ -e "$SHIM" ]; then
	rm -rf new
	run shimmed "openat@large=EIO" "$MMCP" --json -r -j4 s new
	check "an error of a walker is reported once" test "$(of '[.[] |
		select(.event == "error") | "\(.operation) \(.path) \(.errno)"] |
		join(", ")')" = "open s/large EIO"
	if locale -a 2>/dev/null | grep -qi '^de_DE.utf-\{0,1\}8$'; then
		rm -rf new
		run shimmed "openat@large=EIO" \
			env LC_ALL=de_DE.UTF-8 "$MMCP" --json -r s new
		check "in English, whatever the locale" test \
			"$(of '.[] | select(.event == "error").message')" = \
			"cannot open 's/large' for reading: Input/output error"
	else
		skip "in English, whatever the locale" "there is no locale de_DE.UTF-8"
	fi
fi
run timeout -s INT 1 "$MMCP" --json --bwlimit=300K s/large new
status=130	# timeout has its own
check "a signal: the lines are of the schema" valid

# ---- names ----

mkdir odd
for name in 'quote" back\ tab	new
line é 漢 𝄞' "$(printf 'no\377utf')" "$(printf '\300\200\355\240\200')"; do
	echo x >"odd/$name"
done
says "odd names" 0 -r odd to
says "odd names, skipped" 0 -rn odd to
says "odd names, excluded" 0 -r --exclude='*utf' --exclude='q*' odd to
says "odd names that fail" 1 -r odd/* to/odd/*/
says "no such odd name" 1 "$(printf 'gone\377')" to
check "no such odd name: the path is whole" test "$(of '.[0].path_base64' |
	base64 -d)" = "$(printf 'gone\377')"

# ---- the schema isn't empty ----

invalid() { ! printf '%s\n' "$1" | python3 -B "$top/tests/tools/jsonlines.py" \
	"$top/doc/json.schema.json" 0 >.faults; grep . .faults; }
for line in '{"event":"file","schema":2}' '{"event":"other","schema":2}' \
	'{"event":"error","schema":2,"operation":"fly","message":"x"}' \
	'{"event":"summary","schema":1}'; do
	check "$line is not of the schema" invalid "$line"
done
finish
