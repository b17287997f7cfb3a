#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"

# Each rank appends what it exits with.
cat >rank <<-'END'
	status=0
	"$PLAYER" "$MMCP_MPI_MODULE" "$@" || status=$?
	echo $status >>statuses
END

# exit_with STATUS N PART...: all of N ranks do.
exit_with() {
	wanted=$1 n=$2
	shift 2
	rm -f statuses
	ranks "$n" sh rank "$@" </dev/null || return
	cat statuses
	[ "$(wc -l <statuses)" = "$n" ] && [ "$(sort -u statuses)" = "$wanted" ]
}

for n in 1 2 4; do
	check "$n ranks: success" exit_with 0 $n status 0 9
	check "$n ranks: what rank 0 exits with" exit_with 40 $n status 40
done
check "a failure of another rank isn't lost" exit_with 43 4 status 40 2
check "rank 0 was ended by a signal, after its goodbye" exit_with 143 2 end 15

# mpirun says more than that.
run ranks 2 "${PLAYER:?}" "$MMCP_MPI_MODULE" status 7 </dev/null
check "mpirun exits with it, too" status_is 7

finish
