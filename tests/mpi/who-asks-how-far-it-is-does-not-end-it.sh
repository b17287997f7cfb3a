#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SIGUSR1 to mpirun: rank 0 says how far the copy is, and the copy goes on.  An agent
# alone ignores it.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_shim

mkdir -p s
for i in $(seq 150); do pattern $((i * 100)) >"s/$i"; done
SLOWED="copy_file_range=delay20"
export SLOWED

# process_of WHAT: mpirun, or the agent of that rank.
process_of() {
	case $1 in
	mpirun) cat mpirun.pid ;;
	*) cat "rank.$1" ;;
	esac
}
begun() { [ "$(find to -type f 2>/dev/null | wc -l)" -ge 20 ] || gone "$pid"; }
cat >rank.sh <<-'END'
	echo $$ >"$work/rank.${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}"
	exec sh "$work/.rank" "$@" 2>>"$work/said"
END
for whom in mpirun 0 1; do
	rm -rf to said rank.?
	# shellcheck disable=SC2086,SC2154 # words
	work=$work SHIM=$SHIM "$mpirun" ${any_number?} -n 2 sh rank.sh "$MMCP" --mpi \
		-r s to >out 2>err &
	pid=$!
	echo "$pid" >mpirun.pid
	wait_until begun
	kill -USR1 "$(process_of $whom)"
	ended
	check "USR1 for $whom: the copy goes on to its end" status_is 0
	check "USR1 for $whom: with all of it" diff -r s to
	lines=$([ "$whom" != mpirun ]; echo $?)
	check "USR1 for $whom: lines of progress: $lines" \
		test "$(grep -c files said)" = "$lines"
done

finish
