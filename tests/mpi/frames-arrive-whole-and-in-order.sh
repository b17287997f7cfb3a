#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# player.c has what its ranks do, and look after.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"

# plays N PART...: N ranks do.
plays() {
	n=$1
	shift
	run ranks "$n" "${PLAYER:?}" "$MMCP_MPI_MODULE" "$@" </dev/null
	went_well
}

for n in 1 2 4 7; do
	check "$n ranks: frames of any size, to all, in order" plays $n order 200
	check "$n ranks: large ones both ways at once" plays $n both 4
	check "$n ranks: large ones, and nobody reads before all are sent" \
		plays $n flood 3
done

finish
