#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files of /proc, /sys, debugfs and tracefs have no size, or a wrong one, can't seek, or
# know no pread or pwrite.  A sample of them is copied (a larger one, with MMCP_LONG), and
# some that do no harm are written to.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp
need python3
LC_ALL=C	# a few quotes depend on it

sample=25
[ -z "${MMCP_LONG:-}" ] || sample=600
sleep 3600 & sleeper=$!
trap 'kill $sleeper; clean_up' EXIT
set -- /proc "/proc/$sleeper" /sys
for fs in debugfs tracefs; do
	mkdir $fs
	if ! is_root || ! mount -t $fs $fs $fs 2>/dev/null; then
		skip "$fs" "it can't be mounted"
		continue
	fi
	mounts="$work/$fs $mounts"
	set -- "$@" "$work/$fs"
done
# What blocks is there.
[ ! -e tracefs/per_cpu/cpu0 ] || set -- "$@" "$work/tracefs/per_cpu/cpu0"
for top; do
	run python3 "${srcdir:-.}/tests/tools/sweep.py" "$MMCP" $sample "$top"
	cat out >differing
	check "$(basename "$top" | tr -d 0-9), as by cp" test ! -s differing
	sed 's/^/# /' differing | head -n 20
done

# written FILE TEXT: cp and mmcp write TEXT to FILE, and find there what they have done.
written() {
	file=$1
	[ -w "$file" ] || return
	printf %s "$2" >text
	for option in "" -f; do
		cp_status=0
		cp ${option:+"$option"} text "$file" 2>cp.err || cp_status=$?
		tail -n 3 "${3:-$file}" >cp.there 2>&1 || :
		run "$MMCP" ${option:+"$option"} text "$file"
		tail -n 3 "${3:-$file}" >there 2>&1 || :
		name=$(basename "$file")
		check "$name is written to${option:+, $option}: cp's status" status_is \
			$cp_status
		sed 's/^cp: /mmcp: /' cp.err >want
		check "$name: cp's words" diff want err
		sed -i 's/^.* \([^ ]*: \)/\1/; s/[0-9.]*: //' cp.there there
		check "$name: cp's result" diff cp.there there
	done
}
written /proc/$sleeper/comm other
written /proc/$sleeper/timerslack_ns 50001
written /proc/$sleeper/oom_score_adj 10
written /proc/$sleeper/coredump_filter 0x33
written /proc/$sleeper/uid_map "0 0 1"
written /proc/version text
for file in /proc/irq/*/smp_affinity /sys/kernel/mm/ksm/pages_to_scan; do
	! value=$(cat "$file" 2>/dev/null) || written "$file" "$value"
done
if [ -e tracefs/trace_marker ]; then
	mkdir tracefs/instances/mmcp 2>/dev/null && {
		for line in "set_event sched:sched_switch" "trace_clock global" \
			"trace_clock none" \
			"set_event_pid 1 2"; do
			written "tracefs/instances/mmcp/${line%% *}" "${line#* }"
		done
		rmdir tracefs/instances/mmcp
	}
fi

finish
