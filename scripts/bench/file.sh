# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# One file; lib.sh says what a mode brings.

unit=GB/s form=%.2f references=cp ratios=ratio counted=''

read_arguments() {
	size=${size:-2G}
	count=${size%[KMGT]}
	is_number "$count" || die "'$size' is not a size, such as 512M or 2G"
	case $size in
	*K) bytes=$((count << 10)) ;;
	*M) bytes=$((count << 20)) ;;
	*G) bytes=$((count << 30)) ;;
	*T) bytes=$((count << 40)) ;;
	*) bytes=$count ;;
	esac
	amount=$(awk -v bytes="$bytes" 'BEGIN { printf "%.9g", bytes / 1e9 }')
}

add_programs() {
	add "$cp source dest"
	add "./mmcp${jobs:+ -j$jobs} source dest"
	if [ -n "$variants" ]; then
		add './mmcp -j1 source dest'
		for engine in mmap kernel stream; do
			add "./mmcp${jobs:+ -j$jobs} --engine=$engine source dest"
		done
	fi
	add 'dd if=source of=dest bs=1M'
	add 'rsync --whole-file --inplace --ignore-times source dest'
	add 'xcp --no-progress source dest'
	add 'fcp source dest'
	add 'cpz source dest'
	have pv && add "sh -c 'pv -q source >dest'"
}

make_source() {
	say "writing a source of $size"
	head -c "$bytes" /dev/urandom >source && settle || exit 1
}

subject() {
	onto="a new file"
	[ -z "$overwrite" ] || onto="an existing file"
	echo "size      $size ($bytes bytes), onto $onto"
}

# What precedes each run, untimed: prepare warm|cold.
prepare() {
	if [ -z "$overwrite" ]; then
		rm -f dest
	elif [ "$(wc -c <dest)" != "$bytes" ]; then
		old_dest
	fi
	prepare_cache "$1" cat source ${overwrite:+dest}
}

old_dest() { rm -f dest && head -c "$bytes" /dev/zero | tr '\0' x >dest; }

# The copy is whole?  It also has each program in memory.
verify() {
	rm -f dest
	[ -z "$overwrite" ] || old_dest
	command=$(command_of "$1")
	if sh -c "$command" >out 2>&1 </dev/null && cmp source dest; then
		return
	fi
	cat out >&2
	die "'$command' failed"
}
