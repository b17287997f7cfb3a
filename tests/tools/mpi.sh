# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# mpi.sh: what tests with several ranks share.  A test sources it after lib.sh, and is
# skipped where there is no module or nothing that starts ranks.

[ -f "${MMCP_MPI_MODULE:=}" ] ||
	skip_all "the module for MPI is not built: configure --with-mpi"
export MMCP_MPI_MODULE

# Debian has both MPIs, and either may be mpirun; the module is linked with one of them.
case $(ldd "$MMCP_MPI_MODULE" 2>/dev/null) in
*libmpich*) mpi=mpich ;;
*) mpi=openmpi ;;
esac
mpirun=$(command -v mpirun.$mpi || command -v mpirun) ||
	skip_all "mpirun is not installed"

# What Open MPI asks of root, and of those that want more ranks than processors.  The
# libraries of MPI lose memory.
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
case $mpi in
openmpi) any_number='--oversubscribe --bind-to none' ;;
*) any_number='' ;;
esac

# ranks N COMMAND...: run it as N ranks of a job, on this machine.
ranks() {
	ranks_n=$1
	shift
	# shellcheck disable=SC2086 # words
	"$mpirun" $any_number -n "$ranks_n" "$@"
}

ranks 1 true >/dev/null 2>"${work:?}/.mpi" </dev/null || {
	diag <"$work/.mpi"
	skip_all "$mpirun starts no ranks here"
}
