#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One of the ranks sees something else: nothing is copied, and it is named.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
need_shim
need python3
no_leak_check

mkdir s other to
echo data >s/file
# Files that aren't new: what is new may change while it is compared.
find s other -exec touch -d '1 hour ago' {} +
host=$(hostname)

# The last of three ranks does what DO says, before it becomes what the others are.
echo s/file | tr '\n' '\0' >names
echo '*.o' >patterns
cat >rank <<'END'
last=$1
shift
exec 9<"$work/names" 7<"$work/patterns"
[ "${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-}}" != 2 ] || eval "$last"
[ -z "${SLOWED:-}" ] || export LD_PRELOAD="$SHIM" MMCP_SHIM="$SLOWED" \
	ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
exec "$MMCP" --mpi "$@" 2>>"$work/said"
END
export work
umask 022

# refused SENTENCE DO MESSAGE ARGUMENT...
refused() {
	what=$1 do=$2 message=$3
	shift 3
	: >said
	# shellcheck disable=SC2086 # words
	run timeout 100 "${mpirun:?}" ${any_number?} -n 3 sh "$work/rank" "$do" "$@"
	check "$what: ranks fail" status_is 1
	echo "mmcp: $message" >want
	check "$what: it is said, with rank and node" diff want said
	check "$what: nothing is copied" empty_directory to
	check "$what: nothing is left" no_leftovers .
}
rank="rank 2 on $host"
no_file="sees another file there, or none"
no_directory="sees another directory there, or none"
refused "another command line" 'set -- -v "$@"' \
	"cannot start: $rank has another command line" -a s to
refused "another directory" 'cd other; mkdir -p s to' \
	"cannot start: $rank is in another current directory" -a s to
rmdir other/s other/to
refused "a source that isn't there" 'cd /' \
	"cannot start: $rank is in another current directory" -a s "$work/to"

# What is read from a file that isn't the same.
printf 's/file\0s\0' >names.2
# shellcheck disable=SC2016 # for the rank's shell
refused "another list" 'exec 9<"$work/names.2"' \
	"cannot start: $rank has read other names or patterns" \
	-r --files0-from=/dev/fd/9 to
refused "other patterns" 'exec 7</dev/null' \
	"cannot start: $rank has read other names or patterns" \
	-a --exclude-from=/dev/fd/7 s to
refused "another kind of backup" 'export VERSION_CONTROL=numbered' \
	"cannot start: $rank has other environment variables" -ab s to
refused "another suffix" 'export SIMPLE_BACKUP_SUFFIX=.old' \
	"cannot start: $rank has other environment variables" -ab s to

if is_root && unshare -m true 2>/dev/null; then
	hide() {
		echo "exec unshare -m sh -c 'mount -t tmpfs none \"$1\"; ${2:-}
			exec \"\$MMCP\" --mpi \"\$@\" 2>>\"\$work/said\"' - \"\$@\""
	}
	refused "another source" "$(hide "$work/s")" \
		"cannot copy 's': $rank $no_file" -a s to
	refused "another source, of the same names" \
		"$(hide "$work/s" "echo data >$work/s/file")" \
		"cannot copy 's': $rank $no_file" -a s to
	refused "another source behind the first" "$(hide "$work/other")" \
		"cannot copy 'other': $rank $no_file" -a s other to
	refused "another destination" "$(hide "$work/to")" \
		"cannot copy to 'to': $rank $no_directory" -a s to
	refused "another parent of the destination" "$(hide "$work/to")" \
		"cannot copy to 'to/new': $rank $no_directory" -a s to/new
	refused "another file to copy" "$(hide "$work/s" "touch $work/s/file")" \
		"cannot copy 's/file': $rank $no_file" s/file to
	# A source that is missing there alone.
	refused "a list" "$(hide "$work/s" "touch $work/s/file")" \
		"cannot copy 's/file': $rank $no_file" \
		--parents s/file to
else
	skip "what others mount" "mounts can't be unshared here"
fi

# Another version, made by changing its number where it stands in both files; its module
# that isn't there; and one that knows fewer options.
version=$("$MMCP" --version | sed -n '1s/.* //p')
cat >patch.py <<'END'
import sys

old, new, *files = sys.argv[1:]
for file in files:
    with open(file, "rb") as opened:
        data = opened.read()
    with open(file, "wb") as opened:
        opened.write(data.replace(old.encode() + b"\0", new.encode() + b"\0"))
END
mkdir other.version
cp "$MMCP" "$MMCP_MPI_MODULE" other.version
module=$work/other.version/${MMCP_MPI_MODULE##*/}
python3 patch.py "$version" "$(echo "$version" | sed 's/.$/x/')" \
	other.version/mmcp "$module"
run other.version/mmcp --version
if [ "$version" != "$(sed -n '1s/.* //p' out)" ] && [ -s out ]; then
	# shellcheck disable=SC2016 # for the rank's shell
	other='MMCP=$work/other.version/mmcp'
	refused "another version" "$other MMCP_MPI_MODULE=$module" \
		"cannot start: $rank is another version of mmcp" -a s to
	belongs="cannot use '$MMCP_MPI_MODULE' on $host for --mpi: it belongs to mmcp"
	refused "a module of another version" "$other" "$belongs $version" -a s to
else
	skip "another version" "the number isn't found in the program"
fi
missing=': cannot open shared object file: No such file or directory'
refused "no module" 'MMCP_MPI_MODULE=/nonexistent' \
	"cannot open what --mpi needs on $host: /nonexistent$missing" -a s to
refused "fewer options" 'set -- --no-such-option "$@"' \
	"cannot start: $rank does not understand the command line" -a s to

# The launcher is another MPI's, and so each rank finds itself alone.
for n in 0 1; do
	# shellcheck disable=SC2016 # for the inner shell
	run env PMI_RANK=$n PMI_SIZE=3 \
		OMPI_COMM_WORLD_RANK=$n OMPI_COMM_WORLD_SIZE=3 sh -c '
		case $(ldd "$MMCP_MPI_MODULE") in
		*libmpich*) unset PMI_RANK PMI_SIZE ;;
		*) unset OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE ;;
		esac
		exec "$MMCP" --mpi -a s to'
	check "alone by mistake, rank $n: it fails" status_is 1
	check "alone by mistake, rank $n: nothing is copied" empty_directory to
	[ $n = 0 ] || continue
	check "alone by mistake, rank $n: it is said" \
		err_has "mmcp: cannot start: 3 processes were started, and none finds"
done
check "alone by mistake: it is said once" err_empty

# What is wrong for all is said as by one process, and once.
for arguments in "-a missing to" "-a" "-a s" "--no-such-option s to" "-a s s" \
	"s to" "-a s to/none/there" "-T s/file to" "--mpi=1 s to"; do
	# shellcheck disable=SC2086 # words
	run "$MMCP" $arguments
	one=$status
	cp err want
	: >said
	# shellcheck disable=SC2086
	run timeout 100 "$mpirun" ${any_number?} -n 3 sh "$work/rank" true $arguments
	check "$arguments: ranks fail" status_is "$one"
	rm -rf to s/s
	mkdir to
	check "$arguments: in the words of one process" diff want said
done
# Its own umask is no reason: that of rank 0 is for all.
mkdir modes && (cd modes && umask 0 && i=0 && while [ $((i += 1)) -le 300 ]; do
	mkdir $i && echo $i >$i/file
done)
: >said
# shellcheck disable=SC2086,SC2016
SLOWED="openat=delay1 mkdirat=delay1" \
	run timeout 100 "$mpirun" ${any_number?} -n 3 \
	sh "$work/rank" 'umask 077' -r modes to
check "another umask: ranks succeed" status_is 0
check "another umask: that of rank 0 is for all" test \
	"$(find to/modes -printf '%m\n' | sort -u | tr '\n' ' ')" = "644 755 "
rm -rf to
mkdir to

# To find that out leaves no trace.
touch -d @1000000000.123456789 to
: >said
# shellcheck disable=SC2086
run timeout 100 "$mpirun" ${any_number?} -n 3 sh "$work/rank" true -r missing to
check "the destination keeps its time, if nothing comes" test \
	"$(stat -c %.9Y to)" = 1000000000.123456789

finish
