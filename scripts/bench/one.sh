#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bench: mmcp against cp, and against whatever else here copies a file or a tree.
# hyperfine times each single command; rounds are interleaved, each beginning with the
# next program, so that what a machine does besides falls on all of them.
set -u
me=bench
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
# shellcheck source=scripts/lib.sh
. "$top/scripts/lib.sh"
# shellcheck source=scripts/bench/lib.sh
. "$top/scripts/bench/lib.sh"

usage() {
	cat <<-END
		usage: scripts/bench [OPTION...] DIR
		  or:  scripts/bench --all|--pictures|--sweep [OPTION...] DIR
		Copy a file or a tree within DIR with mmcp, cp and others, and compare.
		  --size SIZE    bytes, with K, M, G or T (2G)
		  --tree[=SOURCE]
		                 a tree instead: as SOURCE, or as /usr/share if it has
		                 60 000 files, else one that is made up
		  --rounds N     runs of each program (7)
		  --cold         also with cold caches (root only)
		  --overwrite    write over a file of that size, instead of a new one
		  --variants     also mmcp -j1 and, of a file, mmcp with each engine
		  --also COMMAND
		                 also this, with SOURCE and DEST for names; repeatable
		  --jobs N       mmcp -jN
		  --mmcp PATH    the mmcp to measure (build/mmcp, or the one on PATH)
		  --json FILE    write the results to FILE, with hyperfine's names
		  --install      install what is missing
		Many rows, on file systems of their own (--all --help has the options):
		  --all          a whole table, with pictures: 15 to 30 minutes
		  --pictures     throughput by size and by workers, drawn
		  --sweep        what mmcp has as constants, over a range
	END
}

# ---- arguments ----

size='' rounds=7 jobs='' mmcp='' json='' dir='' also=''
tree='' tree_source=''
cold='' overwrite='' variants='' install=''
takes_value() { [ $# -ge 2 ] || die "$1 wants a value"; }

# also_command COMMAND: one line more in $also; it will run in another directory.
also_command() {
	case $1 in
	*"$newline"*) die "--also wants a single line" ;;
	*' '*SOURCE*) ;;
	*) die "--also '$1' has no SOURCE" ;;
	esac
	case $1 in *' '*DEST*) ;; *) die "--also '$1' has no DEST" ;; esac
	program=${1%% *}
	case $program in
	/*) ;;
	*/*) program=$PWD/${program#./} ;;
	esac
	have "$program" || die "$program can't be run"
	also="$also$program ${1#* }$newline"
}
newline='
'

while [ $# -gt 0 ]; do
	case $1 in
	--tree=*) tree=yes tree_source=${1#*=}; shift; continue ;;
	--*=*)
		word=$1
		shift
		set -- "${word%%=*}" "${word#*=}" "$@"
		;;
	esac
	case $1 in
	--size | --rounds | --jobs | --mmcp | --json | --also)
		takes_value "$@"
		case $1 in
		--size) size=$2 ;;
		--rounds) rounds=$2 ;;
		--jobs) jobs=$2 ;;
		--mmcp) mmcp=$2 ;;
		--json) json=$2 ;;
		--also) also_command "$2" ;;
		esac
		shift 2
		;;
	--tree) tree=yes; shift ;;
	--cold) cold=yes; shift ;;
	--overwrite) overwrite=yes; shift ;;
	--variants) variants=yes; shift ;;
	--install) install=yes; shift ;;
	--help) usage; exit 0 ;;
	-*) usage >&2; exit 1 ;;
	*) [ -z "$dir" ] || { usage >&2; exit 1; }; dir=$1; shift ;;
	esac
done
[ -n "$dir" ] || { usage >&2; exit 1; }
[ -d "$dir" ] || die "$dir is not a directory"

is_number() { case $1 in '' | *[!0-9]* | 0*) return 1 ;; esac }
is_number "$rounds" || die "'$rounds' is not a number of rounds"
[ -z "$jobs" ] || is_number "$jobs" || die "'$jobs' is not a number of jobs"
if [ -n "$tree" ]; then
	[ -z "$size" ] || die "--size is of a file, and not of a tree"
	[ -z "$overwrite" ] || die "--overwrite is of a file, and not of a tree"
	# shellcheck source=scripts/bench/tree.sh
	. "$top/scripts/bench/tree.sh"
else
	# shellcheck source=scripts/bench/file.sh
	. "$top/scripts/bench/file.sh"
fi
read_arguments

if [ -z "$mmcp" ]; then
	mmcp=$top/build/mmcp
	[ -x "$mmcp" ] || mmcp=$(command -v mmcp) ||
		die "there is no build/mmcp: run scripts/quickstart, or give --mmcp PATH"
fi
[ -x "$mmcp" ] || die "$mmcp can't be run"
mmcp=$(cd "$(dirname "$mmcp")" && pwd)/$(basename "$mmcp")
if ! have hyperfine; then
	[ -n "$install" ] || die "hyperfine is missing: install it, or give --install"
	install_missing bench || exit 1
fi
if [ -n "$cold" ] && [ ! -w /proc/sys/vm/drop_caches ]; then
	say "only root can drop the caches: no cold runs"
	cold=
fi
[ -z "$json" ] || : >"$json" || exit 1
json=${json:+$(cd "$(dirname "$json")" && pwd)/$(basename "$json")}

margin=$((64 << 20))
wanted=$((2 * bytes + margin))
free=$(($(df -Pk "$dir" | awk 'NR == 2 { print $4 }') * 1024))
[ "$free" -ge "$wanted" ] ||
	die "$dir has $((free >> 20)) MiB free; $((wanted >> 20)) MiB are needed"

# ---- the place ----

work=$(mktemp -d "$dir/mmcp-bench.XXXXXX") || exit 1
work=$(cd "$work" && pwd)
trap 'cd / && remove "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit 1
ln -s "$mmcp" mmcp
mkdir times

type=$(stat -f -c %T . 2>/dev/null)
type=$(df -PT . 2>/dev/null | awk 'NR == 2 { print $2 }' | grep . || echo "$type")

# Where blocks could be shared, cp would copy nothing at all.
cp='cp' clones=''
echo x >probe
if cp --reflink=always probe probe2 2>/dev/null; then
	clones=yes
	cp='cp --reflink=never'
fi
rm -f probe probe2

programs=0
add_programs
add_also

# ---- the rounds ----

load=$(cut -d' ' -f1-3 /proc/loadavg)
make_source
conditions
[ -z "$clones" ] || echo "note      $type shares blocks: cp is told not to, mmcp may"
available=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
[ "$available" -gt $((bytes >> 9)) ] ||
	say "memory doesn't hold source and copy, so warm isn't quite warm"
number=0
while [ $((number += 1)) -le "$programs" ]; do
	verify "$number" || { leave_out "$number"; number=$((number - 1)); }
done
say "all copies are equal to their source"

for cache in warm ${cold:+cold}; do
	round=0
	while [ "$round" -lt "$rounds" ]; do
		step=0
		while [ "$step" -lt "$programs" ]; do
			measure "$cache" $(((round + step) % programs + 1))
			step=$((step + 1))
		done
		round=$((round + 1))
		say "$cache: round $round of $rounds"
	done
	statistics "$cache" | sed "s/^/$cache	/" >>all
	printf '\n%s\n' "$cache"
	statistics "$cache" | table
done
[ -z "$json" ] || as_json <all >"$json"
