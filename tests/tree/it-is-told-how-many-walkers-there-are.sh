#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --debug says how many walkers there are, and why, when they begin and at each change;
# --stats and --json how many there were.  What is said of a file stays together.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mkdir -p s/a few
for i in $(seq 200); do echo "$i" >"s/$i"; echo "$i" >"s/a/$i"; done
for i in $(seq 20); do echo "$i" >"few/$i"; done

# walkers OPTION...: what was said of them, without the rest.
walkers() {
	rm -rf to
	run "$MMCP" -r --debug --stats "$@" to
	sed -n 's/^walkers: //p' out
}
once() { [ "$(cat said)" = "$1" ] || { cat said; false; }; }
# Each engine's line comes after cp's, and that after the file's name.
together() {
	awk '/ -> / { named = NR; next }
		/^copy offload: / { if (named != NR - 1) exit 1; offload = NR; next }
		/^engine: / { if (offload != NR - 1) exit 1 }' "$work/out"
}

for j in 2 5; do
	walkers -j$j s >said
	check "-j$j: there are so many" once "$j, because: -j says so"
	check "-j$j: --stats says so" grep -q "^  walkers  *$j\$" out
	check "-j$j: what is said of a file stays together" together
	check "-j$j: all files are told of" test "$(grep -c '^engine: ' out)" = 400
done
walkers -j1 s >said
check "-j1: there is one" once "1, because: -j says so"
walkers --keep-directory-symlink s >said
check "--keep-directory-symlink: there is one" \
	once "1, because: two names may be one directory"
walkers -N s >said
check "--dry-run: there is one" once "1, because: nothing is copied"
walkers -j1 few/1 >said
check "of one file, nothing is said" test ! -s said
check "nor by --stats" test "$(grep -c walkers out)" = 0
if have taskset && taskset -c 0 true 2>/dev/null; then
	rm -rf to
	run taskset -c 0 "$MMCP" -r --debug s to
	sed -n 's/^walkers: //p' out >said
	check "one processor: there is one" \
		once "1, because: there are that many processors for it"
else
	skip "one processor: there is one" "taskset can't be used"
fi

if [ -e "${SHIM:=}" ]; then
	rm -rf to
	run shimmed fork#3+=EAGAIN "$MMCP" -r --debug -j5 s to
	sed -n 's/^walkers: //p' out >said
	check "processes are short: there are fewer" \
		once "2, because: no more processes can be forked"
	rm -rf to
	run shimmed fork=EAGAIN "$MMCP" -r --debug -j5 s to
	sed -n 's/^walkers: //p' out >said
	check "there are none: there is one" \
		once "1, because: no more processes can be forked"
else
	skip "processes are short" "there is no shim"
fi
if [ -e "$SHIM" ] && [ "$(nproc)" -gt 1 ] && [ "$(nproc)" -lt 16 ]; then
	rm -rf to
	run shimmed openat=delay5 "$MMCP" -r --debug --stats s to
	sed -n 's/^walkers: //p' out >said
	check "while they wait, they become more" \
		grep -Eqx '[0-9]+, because: they wait [0-9]+% of the time' said
	last=$(sed -n 's/, because: they.*//p' said | sort -n | tail -n 1)
	check "--stats has the most" grep -q "^  walkers  *$last\$" out
	rm -rf to
	run shimmed openat=delay5 "$MMCP" -r --json s to
	check "so has --json" grep -Eq '"walkers":([3-9]|1[0-6]),' out
else
	skip "while they wait, they become more" "there is no shim, or the wrong machine"
fi

finish
