#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The numbers of --stats and --json are those of the files that are there.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need jq

mkdir -p s/d/e; echo 12345 >s/f; echo 1234567 >s/d/g; ln s/f s/d/hard
ln -s f s/link; mkfifo s/fifo; : >s/empty
head -c 300000 /dev/zero | tr '\0' x >s/large
truncate -s 5M s/sparse
printf x | dd of=s/sparse bs=1 seek=1048576 conv=notrunc 2>/dev/null

# ---- --stats ----

# row LABEL: print the number and the unit in that row.
row() { sed -n "s/^  $1  *\([0-9.]*\( [KMGTP]*i*[Bs]\)*\).*/\1/p" out; }
rows() { for label; do row "$label"; done | tr '\n' ' '; }
for options in "-a -j1" "-a -j4" "-av" "-a --fsync"; do
	rm -rf new
	# shellcheck disable=SC2086
	run "$MMCP" $options --stats s new
	grep -v -e '->' out >said; mv said out
	check "$options: a sentence has the files with content, and their bytes" grep \
		-qxE "Copied 5 files \([0-9.]+ KiB\) in 3 directories in [0-9.]+ \
s(, [0-9.]+ [KMG]iB/s)?\\." out
	check "$options: files are counted by kind" test "$(rows 'regular files' \
		directories 'symbolic links' 'hard links' 'special files')" = \
		"5 3 1 1 1 "
	check "$options: there are holes" test "$(row 'in holes' | tr -d 0-9.)" = " MiB"
	check "$options: nothing failed, and that is no row" test -z "$(row failed)"
	check "$options: nor is what there is none of" test "$(grep -cE \
		' 0( |$)|^Not copied|^Changed' out)" = 0
	check "$options: there is a time" test -n "$(row passed)"
	check "$options: numbers are below each other" test "$(sed -n \
		's/^\(  [a-z _]* [0-9.]*\).*/\1/p' out | awk '{ print length($0) }' |
		sort -u | wc -l)" = 1
	check "$options: it went well" went_well
done
if run "$MMCP" -a -j4 --stats s new && row 'workers' | grep -q .; then
	check "it is told how long workers waited" test -n "$(row 'workers waited')"
fi
run "$MMCP" --stats s/f other
check "of a moment, there is no rate" \
	grep -qxE 'Copied 1 file \(6 B\) in 0\.0[0-9]+ s\.|.* in (0\.[1-9]|[1-9]).*' out
run "$MMCP" --stats nothing missing s/f new
check "errors are counted" test "$(row failed)" = 2
check "beside what was copied" test "$(row 'regular files')" = 1
run "$MMCP" -n --stats s/f s/f s/empty new
check "what was skipped is counted, with the reason" test \
	"$(rows 'existing (-n)' 'named before')" = "2 1 "
check "when nothing is copied, that is said" grep -q '^Copied 0 files (0 B) in ' out
run "$MMCP" -N --stats s/f other
check "of a dry run, what would be" out_has "Would copy 1 file (6 B)."
run "$MMCP" -a s again
check "without --stats nothing is said" test ! -s out -a ! -s err
rm -rf again

# ---- --json ----

# of JQ: print what that program makes of the lines.
of() { jq -rs "$1" <out; }
for options in "-a -j1" "-a -j4" "-rv --preserve=links" "-a --debug"; do
	rm -rf new
	# shellcheck disable=SC2086
	run "$MMCP" $options --json s new
	check "$options: every line is an object" test \
		"$(jq -c . <out | wc -l)" = "$(wc -l <out)"
	check "$options: of the schema" test \
		"$(of 'map(.schema) | unique | join(" ")')" = 2
	check "$options: one for each file, and one for all" test "$(of 'length')" = 12
	check "$options: of each kind" test "$(of '[.[] | select(.event == "file") |
		.kind] | group_by(.) | map("\(.[0]) \(length)") | join(", ")')" = \
		"directory 3, hardlink 1, regular 5, special 1, symlink 1"
	check "$options: the last is the sum" test "$(of '.[-1].event')" = summary
	for member in bytes cloned holes by_kernel by_mapping by_hand direct; do
		check "$options: $member add up" test "$(of ".[-1].$member")" = \
			"$(of "[.[:-1][] | .$member // 0] | add")"
	done
	check "$options: to what there is" test "$(of '.[-1] | .cloned + .holes +
		.by_kernel + .by_mapping + .by_hand + .direct')" = 5542894
	kinds='"\(.regular) \(.directory) \(.symlink) \(.hardlink) \(.special)"'
	check "$options: the files of each kind, too" \
		test "$(of ".[-1] | $kinds")" = "5 3 1 1 1"
	check "$options: names are those of messages" test "$(of '[.[] |
		select(.source == "s/d/g") | .destination] | join(" ")')" = new/d/g
	check "$options: a copy takes some time" test "$(of '[.[] |
		select(.source == "s/large") | .seconds > 0] | all')" = true
done
check "what -v and --debug say is on standard error" \
	grep -q "^'s/large' -> 'new/large'" err
rm -rf new
run "$MMCP" -aN --json s new
check "a dry run plans" test "$(of '[.[] | select(.action == "planned")] | length')" = 11
check "so many bytes" test "$(of '.[-1].bytes')" = 5542894
check "and copies none" test "$(of '.[-1].by_kernel + .[-1].by_hand')" = 0
check "nor makes anything" absent new

mkdir new
run "$MMCP" --json nothing s/f missing new
check "errors are objects" test \
	"$(of '[.[] | select(.event == "error") | .source] | join(" ")')" = \
	"nothing missing"
check "with the message" test \
	"$(of '[.[] | select(.event == "error")][0].message')" = \
	"cannot stat 'nothing': No such file or directory"
check "and counted" test "$(of '.[-1].failed')" = 2
check "exit status 1" status_is 1

# Names.
mkdir odd; cd odd || exit 99
plain='quote" back\ tab	new
line é 漢 𝄞 del end'
echo x >"$plain"
bad=$(printf 'no\377utf\300\2008\355\240\200')
echo x >"$bad"
mkdir to
run "$MMCP" --json "$plain" "$bad" to
check "odd names are no trouble" went_well
check "any UTF-8 is what it is" test "$(jq -rs '.[0].source' <../out)" = "$plain"
check "and not said twice" test "$(jq -s '.[0] | has("source_base64")' <../out)" = false
check "other bytes are replaced, one by one" test "$(jq -rs '.[1].source' <../out)" = \
	'no�utf��8���'
check "and the name is there as well" test "$(jq -rs '.[1].source_base64' <../out |
	base64 -d)" = "$bad"
check "the destination's, too" test "$(jq -rs '.[1].destination_base64' <../out |
	base64 -d)" = "to/$bad"
cd "$work" || exit 99

# Engines.
head -c 1000000 s/large >one; truncate -s 100M hundred
head -c 80740352 /dev/zero | tr '\0' y | dd of=hundred conv=notrunc bs=1M 2>/dev/null
run "$MMCP" --json --engine=stream one new1
check "bytes by hand" test "$(of '.[0].by_hand')" = 300000
run "$MMCP" --json --engine=kernel one new2
check "bytes by the kernel" test "$(of '.[0].by_kernel')" = 300000
run "$MMCP" --json --engine=mmap -j3 hundred new3
check "bytes between mappings" test "$(of '.[0].by_mapping')" = 80740352
check "and holes" test "$(of '.[0].holes')" = 24117248
check "and workers" test "$(of '.[1].workers')" = 3
run "$MMCP" --json --reflink=never -j2 hundred new4
check "however they moved, they add up" test "$(of '.[0] |
	.by_kernel + .by_mapping + .by_hand + .holes')" = 104857600
for fs in xfs btrfs; do
	if ! mount_fs $fs 400M "$work/$fs"; then
		skip "bytes that are cloned ($fs)" "$why"
		continue
	fi
	cp hundred $fs/hundred; sync $fs/hundred
	run "$MMCP" --json $fs/hundred $fs/clone
	check "bytes that are cloned ($fs)" test "$(of '.[0].cloned')" = 104857600
	check "are there" same_content hundred $fs/clone
done
run sh -c '"$@" >/dev/full' - "$MMCP" --json s/f new5
check "a standard output that is full is an error" err_has "write error"

# ---- what was compared and hashed ----

if "$MMCP" --verify /dev/null x 2>/dev/null; then
	rm -rf new
	run "$MMCP" -a --verify --stats s new
	check "--verify: what was compared is counted" test -n "$(row verified)"
	check "--verify: and how long that took" test -n "$(row comparing)"
	check "--verify: nothing was hashed for others" test -z "$(row hashed)"
	rm -rf new
	run "$MMCP" -a -j1 --verify --manifest=list --json s new
	sum='select(.event == "summary") | .verify_seconds > 0 and .hash_seconds > 0 and
		.verified > 5000000 and .hashed == 5542894'
	check "--json: so is what was hashed, a file of two names once, and how long" \
		test "$(jq -c "$sum" out)" = true
	check "--json: and each name is listed" test "$(awk '$2 ~ /(f|hard)$/ { print $1 }
		' list | sort -u | wc -l)" = 1 -a \
		"$(wc -l <list)" = "$(find s -type f | wc -l)"
	run "$MMCP" -a --manifest=list --stats s new
	check "--manifest: what was hashed is counted" test "$(row hashed)" = "5.3 MiB"
	check "--manifest: and how long that took" test -n "$(row hashing)"
	check "--manifest: nothing was compared" test -z "$(row verified)"
fi
finish
