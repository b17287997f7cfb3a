#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The parent of a rank that is slow hears late what its walkers say, such as which
# directories are to be finished by rank 0.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
need_shim
need_strace

for i in 1 2 3 4 5 6; do
	mkdir -p s/$i/a s/$i/b s/$i/c
	for j in 1 2 3; do
		for in in . a b; do echo $j >s/$i/$in/$j; done
	done
done
find s -depth -type d -exec chmod 750 {} + -exec touch -d @1000000000.5 {} +

# Slow is the parent of rank 1 alone: the only child of its agent, what sh becomes.
cat >rank <<'END'
if [ "${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-}}" = 1 ]; then
	agent=$$
	(
		until [ -n "$parent" ]; do
			sleep 0.01
			[ -e /proc/$agent/task ] || exit
			for each in $(cat /proc/$agent/task/$agent/children); do
				[ "$(cat /proc/$each/comm)" != mmcp ] || parent=$each
			done
		done
		exec strace -qq -p "$parent" -o "$work/trace" -e trace=recvfrom,read \
			--inject=recvfrom:delay_enter=100000 \
			--inject=read:delay_enter=40000
	) &
fi
LD_PRELOAD=$SHIM MMCP_SHIM="openat=delay5 mkdirat=delay5"
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export LD_PRELOAD MMCP_SHIM ASAN_OPTIONS
exec "$MMCP" --mpi "$@" 2>>"$work/said"
END
export work

directories() (
	cd "$1" && find . -mindepth 2 -type d -exec stat -c '%n %a %.Y' {} + | sort
)
directories s >want
rounds=2
[ -z "${MMCP_LONG:-}" ] || rounds=20
round=0
while [ $((round += 1)) -le $rounds ]; do
	rm -rf d said
	mkdir d
	# shellcheck disable=SC2086 # words
	run timeout 100 "${mpirun:?}" ${any_number?} -n 2 sh "$work/rank" \
		-aj2 s/1 s/2 s/3 s/4 s/5 s/6 d
	check "$round: the copy succeeds" status_is 0
	check "$round: nothing is said" test ! -s said
	directories d >got
	check "$round: each directory has its mode and time" diff want got
done
check "a parent was slow" test -s trace

finish
