#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# When a worker of a tree dies, its file is done again, and what it left of it goes.  A
# file that somebody else has made under that name meanwhile is not taken for it.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

mkdir -p s/d
# So many that workers are forked.
for i in $(seq 150); do pattern $((i * 200)) >"s/d/$i"; done
pattern 20000 >s/d/victim

# dies CALL: the worker that copies the victim is killed in that call; before it, somebody
# does what is in $MMCP_SHIM_RUN.
dies() {
	rm -rf to
	# shellcheck disable=SC2086 # options, to be split
	run shimmed "$1=run $1=SIGKILL" timeout 100 "$MMCP" $how s to
}
theirs_is_there() { [ "$(cat to/d/victim)" = theirs ] || { ls -l to/d; false; }; }
others_are_copied() {
	rm -f to/d/victim
	cp s/d/victim to/d/victim
	diff -r s to
}

for how in "-r -j2" "-a -j2" "-r -j2 --fsync"; do
	# Its own file goes, and is made again.
	for call in copy_file_range@/victim#1 fchmod@/victim#1 pwrite@/victim#1 \
		openat@victim#2; do
		sampled || continue
		MMCP_SHIM_RUN=:
		export MMCP_SHIM_RUN
		dies "$call"
		check "$how, $call: all is well" went_well
		check "$how, $call: the tree is the same" diff -r s to
		check "$how, $call: nothing is left behind" no_leftovers to
	done
	# Before it could make its file, somebody else has one of that name.
	MMCP_SHIM_RUN="echo theirs >to/d/victim"
	dies openat@victim#2
	check "$how: a stranger's file is an error" err_is \
		"mmcp: cannot create regular file 'to/d/victim': File exists"
	check "$how: with exit status 1" status_is 1
	check "$how: it is left alone" theirs_is_there
	check "$how: all others are copied" others_are_copied
	# Its file was replaced by somebody's.
	# shellcheck disable=SC2016 # for the shell that the worker starts
	MMCP_SHIM_RUN='echo theirs >theirs; mv theirs to/d/victim; kill -s KILL $PPID'
	dies copy_file_range@/victim#1
	check "$how: what replaced its file is left alone" theirs_is_there
	check "$how: and is an error" err_is \
		"mmcp: cannot create regular file 'to/d/victim': File exists"
done

# Many times, with a stranger who makes whatever is not there.
tries=5
[ -z "${MMCP_LONG:-}" ] || tries=300
mkdir many
for i in $(seq 300); do echo "ours $i" >"many/$i"; done
cat >stranger.sh <<'END'
while :; do
	for i in 50 100 150 200 250; do
		(set -C; echo "theirs $i" >copies/$i) && echo $i >>made
	done
done 2>/dev/null
END
lost=0
for try in $(seq $tries); do
	rm -rf copies made; : >made
	sh stranger.sh & stranger=$!
	run shimmed "copy_file_range#$((try * 17 % 250 + 1))=SIGKILL" \
		timeout 100 "$MMCP" -r -j2 many copies
	kill $stranger; wait $stranger 2>/dev/null
	while read -r i; do
		[ "$(cat "copies/$i" 2>/dev/null)" = "theirs $i" ] || lost=$((lost + 1))
	done <made
done
check "no stranger's file is lost in $tries tries" test $lost = 0

finish
