#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One of the ranks sees something else: nothing is copied, and it is named.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"

mkdir s other to
echo data >s/file
# Files that aren't new: what is new may change while it is compared.
find s other -exec touch -d '1 hour ago' {} +
host=$(hostname)

# The last of three ranks does what DO says, before it becomes what the others are.
cat >rank <<'END'
last=$1
shift
[ "${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-}}" != 2 ] || eval "$last"
exec "$MMCP" --mpi "$@" 2>>"$work/said"
END
export work

# refused SENTENCE DO MESSAGE ARGUMENT...
refused() {
	what=$1 do=$2 message=$3
	shift 3
	: >said
	# shellcheck disable=SC2086 # words
	run timeout 60 "${mpirun:?}" ${any_number?} -n 3 sh "$work/rank" "$do" "$@"
	check "$what: ranks fail" status_is 1
	echo "mmcp: $message" >want
	check "$what: it is said, with rank and node" diff want said
	check "$what: nothing is copied" empty_directory to
	check "$what: nothing is left" no_leftovers .
}
rank="rank 2 on $host"
refused "another command line" 'set -- -v "$@"' \
	"cannot begin: $rank was given another command line" -a s to
refused "another directory" 'cd other; mkdir -p s to' \
	"cannot begin: $rank has another current directory" -a s to
rmdir other/s other/to
refused "a source that isn't there" 'cd /' \
	"cannot begin: $rank has another current directory" -a s "$work/to"

if is_root && unshare -m true 2>/dev/null; then
	hide() {
		echo "exec unshare -m sh -c 'mount -t tmpfs none \"$1\"; ${2:-}
			exec \"\$MMCP\" --mpi \"\$@\" 2>>\"\$work/said\"' - \"\$@\""
	}
	refused "another source" "$(hide "$work/s")" \
		"cannot copy 's': $rank finds something else there" -a s to
	refused "another source, of the same names" \
		"$(hide "$work/s" "echo data >$work/s/file")" \
		"cannot copy 's': $rank finds something else there" -a s to
	refused "another source behind the first" "$(hide "$work/other")" \
		"cannot copy 'other': $rank finds something else there" -a s other to
	refused "another destination" "$(hide "$work/to")" \
		"cannot copy to 'to': $rank finds something else there" -a s to
	refused "another parent of the destination" "$(hide "$work/to")" \
		"cannot copy to 'to/new': $rank finds something else there" -a s to/new
	refused "another file to copy" "$(hide "$work/s" "touch $work/s/file")" \
		"cannot copy 's/file': $rank finds something else there" s/file to
	# A source that is missing there alone.
	refused "a list" "$(hide "$work/s" "touch $work/s/file")" \
		"cannot copy 's/file': $rank finds something else there" \
		--parents s/file to
else
	skip "what others mount" "mounts can't be unshared here"
fi

# What is wrong for all is said as by one process, and once.
for arguments in "-a missing to" "-a" "-a s" "--no-such-option s to" "-a s s" \
	"s to" "-a s to/none/there" "-T s/file to"; do
	# shellcheck disable=SC2086 # words
	run "$MMCP" $arguments
	one=$status
	cp err want
	: >said
	# shellcheck disable=SC2086
	run timeout 60 "$mpirun" ${any_number?} -n 3 sh "$work/rank" true $arguments
	check "$arguments: ranks fail" status_is "$one"
	rm -rf to s/s
	mkdir to
	check "$arguments: in the words of one process" diff want said
done
# To find that out leaves no trace.
touch -d @1000000000.123456789 to
: >said
# shellcheck disable=SC2086
run timeout 60 "$mpirun" ${any_number?} -n 3 sh "$work/rank" true -r missing to
check "the destination keeps its time, if nothing comes" test \
	"$(stat -c %.9Y to)" = 1000000000.123456789

finish
