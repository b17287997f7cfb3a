# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# mpi.sh: what tests with several ranks share.  A test sources it after lib.sh, and is
# skipped where there is no module or nothing that starts ranks.

[ -f "${MMCP_MPI_MODULE:=}" ] ||
	skip_all "the module for MPI is not built: configure --with-mpi"
export MMCP_MPI_MODULE
# shellcheck source=tests/tools/mpirun-lib
. "${srcdir:-.}/tests/tools/mpirun-lib"
[ -n "$mpirun" ] || skip_all "mpirun is not installed"

# ranks N COMMAND...: run it as N ranks of a job, on this machine.
ranks() {
	ranks_n=$1
	shift
	# shellcheck disable=SC2086 # words
	"$mpirun" ${any_number?} -n "$ranks_n" "$@"
}

ranks 1 true >/dev/null 2>"${work:?}/.mpi" </dev/null || {
	diag <"$work/.mpi"
	skip_all "$mpirun starts no ranks here"
}
