#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing here depends on how long anything takes; it is told, for people.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"

plays() {
	n=$1
	shift
	run ranks "$n" "${PLAYER:?}" "$MMCP_MPI_MODULE" "$@" </dev/null
	went_well
}

check "four idle ranks end" plays 4 idle 3
diag <out
check "two ranks answer each other" plays 2 pingpong 500
diag <out
check "also while each processor computes" plays 2 busy 200
diag <out

# A network is played in builds with -DMPI_LATENCY_TESTS: each message takes 20 ms, but
# not one after the other.
if grep -q MMCP_MPI_LATENCY "$MMCP_MPI_MODULE"; then
	MMCP_MPI_LATENCY=20000000
	export MMCP_MPI_LATENCY
	check "a network can be played" plays 2 pingpong 20
	diag <out
	check "it takes its time" test "$(sed 's/.*back: //; s/ .*//' out)" -ge 40000
	check "it keeps the order" plays 3 order 300
else
	skip "a network can be played" "the module is built without -DMPI_LATENCY_TESTS"
fi

finish
