#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Another process replaces names by symlinks, within chosen calls of mmcp or all the time.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

pattern 2000000 >source
echo precious >victim
cp source source.copy
cp victim victim.copy

untouched() { cmp victim victim.copy && cmp source source.copy; }

# during RULE COMMAND OPTION...: COMMAND runs inside the copy of source to dest.
during() {
	MMCP_SHIM_RUN=$2; rule=$1; shift 2
	export MMCP_SHIM_RUN
	run shimmed "$rule" timeout 100 "$MMCP" "$@" source dest
	check "$MMCP_SHIM_RUN in $rule, $*: nothing else is touched" untouched
	check "$MMCP_SHIM_RUN in $rule, $*: nothing is left behind" no_leftovers .
}

for engine in mmap kernel stream; do
	for call in ftruncate#1 madvise#3 copy_file_range#1 pread#2 linkat#1 close#2; do
		sampled || continue
		rm -f dest
		during "$call=run" "ln -s victim dest 2>/dev/null" --engine=$engine
		rm -f dest
		cp victim dest
		during "$call=run" "ln -sf victim dest" --engine=$engine
		rm -f dest
		cp victim dest
		during "$call=run" "ln -sf victim dest" --engine=$engine --atomic
	done
done

# The file that is opened is the one whose status was taken.
rm -f dest; cp victim dest
during openat#1=run "ln -sf victim dest" --engine=stream
check "a file exchanged before it is opened is not written" status_is 1
rm -f dest
MMCP_SHIM_RUN="cp source s.2; ln -f victim source"
export MMCP_SHIM_RUN
run shimmed "openat#1=run" "$MMCP" source dest
check "a source exchanged before it is opened is not copied" \
	err_is "mmcp: skipping file 'source', as it was replaced while being copied"
check "and there is no new file" absent dest
rm -f source; cp source.copy source

# In a loop.
mkdir a
cp victim a/dest
(cd a && while :; do ln -sf ../victim dest; rm -f dest; cp ../victim.copy dest; done) \
	2>/dev/null &
swapper=$!
i=0
while [ $i -lt 60 ]; do
	for option in --engine=mmap --atomic --remove-destination -f --engine=kernel; do
		timeout 100 "$MMCP" "$option" source a/dest 2>/dev/null
		[ $? = 124 ] && echo hung >>hung
	done
	i=$((i + 1))
done
kill "$swapper"
wait "$swapper" 2>/dev/null
check "it ends each time" absent hung
check "the symlink's target may be written only as cp would, and the source never" \
	cmp source source.copy
check "nothing is left behind" no_leftovers a

finish
