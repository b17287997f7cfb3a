#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --resume: the process that keeps the journal is killed or stopped.  The copy is right
# all the same, and doesn't wait for it; what it had noted isn't copied again; and only if
# the copy fails it is said that not all of it can go on.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
"$MMCP" --resume /dev/null x 2>err || skip_all "$(cat err)"
rm -f x

pattern 70000001 >source
touch -d '2020-02-02 02:02:02.123456789' source
# fresh: an empty directory; and the names that there will be.
fresh() { rm -rf to; mkdir to; }
fresh
run shimmed "pwrite#20=SIGTERM" "$MMCP" --resume -j1 source to/copy
data=$(echo to/.mmcp-r*)
[ -e "$data" ] || broken "no copy is interrupted: $(cat err)"
d=${data##*/}
noted() {
	"$MMCP" --status=json to | sed -n 's/.*"bytes":\([0-9]*\),"bytes_exp.*/\1/p'
}
not_all="mmcp: cannot resume all of 'to/copy': the process that kept its journal ended"
unread="mmcp: error reading 'source': Input/output error"
right() { cmp source to/copy && no_leftovers to; }

# It is the only one that calls fdatasync: for the data, then for the journal.
for at in fdatasync#1 fdatasync#2 msync#1; do
	fresh
	run shimmed "$at=SIGKILL" "$MMCP" --resume source to/copy
	check "killed at $at: nothing is said of a copy that is whole" went_well
	check "killed at $at: which is right" right
done
for at in fdatasync#1 msync#1; do
	fresh
	run shimmed "$at=SIGKILL pread@source#200=EIO" "$MMCP" --resume -j1 source to/copy
	check "killed at $at, then the copy fails: it is said" err_is "$not_all
$unread"
	check "killed at $at: what has nothing that is noted is removed" no_leftovers to
done

# It has noted something: the copy waits for that.
fresh
cat >wait.sh <<'W'
i=0
while [ $((i += 1)) -lt 600 ] && ! od -An -v -tx1 -j32768 -N128 to/.mmcp-j* |
	tr -d ' \n' | grep -q '[1-9a-f]'; do sleep 0.1; done
W
MMCP_SHIM_RUN="sh $work/wait.sh"; export MMCP_SHIM_RUN
run shimmed "pread@source#120=run fdatasync#3=SIGKILL pread@source#200=EIO" \
	"$MMCP" --resume -j1 source to/copy
check "killed after it has noted something: it is said" err_is "$not_all
$unread"
before=$(noted)
check "... and that stays" test "${before:-0}" -gt 0
run "$MMCP" --json --resume source to/copy
check "... and isn't copied again" grep -q "\"resumed\":$before," out
check "... and the copy is right" right

# ---- stopped ----
for at in fdatasync#1 fdatasync#1+ msync#1; do
	fresh
	run timeout -s KILL 120 env MMCP_SHIM="$at=SIGSTOP" LD_PRELOAD="$SHIM" \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		"$MMCP" --resume source to/copy
	check "stopped at $at: the copy ends" went_well
	check "stopped at $at: and is right" right
done
fresh
run shimmed "fdatasync#1+=SIGSTOP pread@source#200=EIO" timeout -s KILL 120 "$MMCP" \
	--resume -j1 source to/copy
check "stopped, and the copy fails: all of it is noted" err_is "$unread"
check "... but the block in hand" test "$(noted)" -ge $((199 * 262144 - 1048576))
run "$MMCP" --resume source to/copy
check "... and it goes on" went_well
check "... to the end" right
fresh
run shimmed "sync_file_range#1=SIGSTOP pread@source#200=SIGTERM" timeout -s KILL 120 \
	"$MMCP" --resume -j1 source to/copy
check "stopped, and a signal comes: it ends by that" status_is 143
run "$MMCP" --resume source to/copy
check "... and the copy goes on" right

# A flush that fails is an error, and what was flushed before stays.  The copy waits for
# that, and so for the end of the process.
fresh
cat >ended.sh <<'W'
i=0
while [ $((i += 1)) -lt 600 ] && ! cat /proc/[0-9]*/stat 2>/dev/null |
	grep -q "^[0-9]* ([^)]*) Z $PPID "; do sleep 0.1; done
W
MMCP_SHIM_RUN="exec sh $work/ended.sh"
run shimmed "fdatasync@$d#1=EIO pread@source#120=run" "$MMCP" --resume -j1 source to/copy
check "a flush that fails is an error" status_is 1
check "... that is named" err_is \
	"mmcp: cannot flush 'to/copy' to its device: Input/output error"
check "... and nothing of it is left" no_leftovers to

finish
