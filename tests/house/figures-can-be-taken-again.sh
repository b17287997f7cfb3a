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

# measured WHAT ROWS RESULT WORD OPTION...: run it.
measured() {
	what=$1 rows=$2 result=$3 word=$4
	shift 4
	run timeout 300 python3 "$bench" "--$what" --mmcp "$MMCP" --on tmpfs --large 16M \
		--rounds 2 --results results --rows "$rows" "$@" dir
	check "--$what: status 0" status_is 0
	check "--$what: there are results" test -n "$(find results -name "$result*.json")"
	check "--$what: there is a table" out_has "$word"
	rm -rf results/*
}
measured all 'tiny-*,file-1M-*' file-1M- milliseconds
measured sweep 'begin-1M-*,ways-1M-*' ways-1M- 'MiB/s'
measured sweep 'places-400-*' places-400- 'places'
measured cells 'new-1M-*,over-1M-*,busy-new-*' new-1M- 'before -j1' --before "$MMCP"
measured cells 'jobs-new-*' jobs-new- 'mmcp -j16'
measured cells 'coldmemory-*' coldmemory-new- 'memory cold' --without mmcp --rounds 1
measured trees '*' chain-r- 'cp -r && sync -f' --files 300 --rounds 1
measured trees '[st]*-r-*,one-*' one-by-one- 'before -r' --files 60 --before "$MMCP"
measured proofs 'verify-*,hash-*' verify-tree- 'CPU times' --files 60 --before "$MMCP"
measured proofs 'manifest-*,resume-*' resume- 'mmcp --resume' --files 60
[ "$(id -u)" != 0 ] || ! command -v unshare >/dev/null ||
	measured proofs 'status-*' status- '/run ro' --rounds 1

# What is simulated needs no program, and comes out the same.
for i in 1 2; do
	run timeout 300 python3 "$bench/scale.py" --billion 3000
	check "the tables of doc/scale.md: status 0" status_is 0
	mv out scale.$i
done
check "the tables of doc/scale.md: large files" grep -q '^100 files of 10 TB' scale.1
check "the tables of doc/scale.md are the same again" cmp scale.1 scale.2
run python3 "$bench/scale.py" --predict 1 2 --names 2000
check "a prediction: status 0" status_is 0
check "a prediction: a row for 2 ranks" grep -q '^| 2 | .* |$' out

# The table in README is written to where it stands.
printf '%s\n' before '<!-- the table of scripts/bench --readme -->' old \
	'<!-- end of the table -->' after >page
measured 'readme=page' 'new-8M-*' new-8M- 'times as fast'
check "--readme: the table is there" grep -q '^| a file of 8 MiB, tmpfs | .* ms |' page
check "--readme: nothing else has changed" test \
	"$(sed '/^<!-- the/,/^<!-- end/d' page | tr '\n' ' ')" = 'before after '
check "--readme: what was there is gone" test "$(grep -c old page)" = 0
echo text >page
run python3 "$bench" --readme page --mmcp "$MMCP" dir
check "--readme without a place for the table: an error" err_has 'no place for the table'
check "README has a place for it" grep -q '^<!-- end of the table' \
	"${srcdir:-.}/README.md"

if command -v gnuplot >/dev/null; then
	run timeout 300 python3 "$bench" --pictures --mmcp "$MMCP" --on tmpfs --large 4M \
		--rounds 2 --results results dir
	check "--pictures: status 0" status_is 0
	for picture in sizes workers; do
		check "$picture: light and dark" \
			grep -q prefers-color-scheme:dark results/$picture-tmpfs.svg
		check "$picture: the scale is said" grep -q 'from 0' \
			results/$picture-tmpfs.svg
	done
	rm -rf results/*
else
	skip "pictures" "gnuplot is not installed"
fi

for mode in cells proofs trees; do
	run python3 "$bench" --$mode --list --disk . dir
	check "--$mode --list: status 0" status_is 0
done

# On a device of its own, if there can be one.
run timeout 300 python3 "$bench" --trees --mmcp "$MMCP" --on ext4 --disk . --files 60 \
	--rounds 1 --results results --rows 'tiny-*,small-al-*' dir
check "--trees with an image on a disk: status 0" status_is 0
check "--trees with an image on a disk: there are results, or no image" \
	grep -Eq 'small-al-.* cp -al|there is no ext4' out err
rm -rf results/*

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
