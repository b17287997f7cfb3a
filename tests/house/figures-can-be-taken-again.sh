#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/bench can measure what it has rows for: here, of each kind one that is soon
# done.  What comes out is nobody's business.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3 cp make cc
no_leak_check

bench=${srcdir:-.}/scripts/bench
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 6000000 ] ||
	skip_all "scripts/bench wants more room"
mkdir dir results

# measured WHAT ROWS: run it.
measured() {
	run timeout 300 python3 "$bench" "--$1" --mmcp "$MMCP" --on tmpfs --large 16M \
		--rounds 2 --results results --rows "$2" dir
	check "--$1: status 0" status_is 0
	check "--$1: there are results" test -n "$(find results -name "$3*.json")"
	check "--$1: there is a table" out_has "$4"
	rm -rf results/*
}
measured all 'tiny-*,file-1M-*' file-1M- milliseconds
measured sweep 'begin-1M-*,ways-1M-*' ways-1M- 'MiB/s'
measured sweep 'places-400-*' places-400- 'places'

# compared UNIT OPTION...: one comparison, by hyperfine.
compared() {
	unit=$1
	shift
	run timeout 300 python3 "$bench" --mmcp "$MMCP" --rounds 2 --json result.json \
		"$@" dir
	check "$*: status 0" status_is 0
	check "$*: there is a table" out_has "$unit"
	check "$*: there is a result" grep -q '"name": "mmcp' result.json
}
if command -v hyperfine >/dev/null; then
	mkdir tree
	seq 100 >tree/file
	compared GB/s --size 1M
	compared GB/s --size 1M --overwrite --variants
	compared files/s --tree=tree
else
	skip "comparisons" "hyperfine is not installed"
fi
check "nothing is left" test -z "$(ls dir)"

finish
