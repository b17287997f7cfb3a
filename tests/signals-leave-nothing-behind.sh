#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A signal to the parent or to all, in a copy that is slow by a shim.
# shellcheck source=tests/lib.sh
. "${srcdir:-.}/tests/lib.sh"
need_shim
need python3

pattern 3000000 >source
pattern 3000000 | tr '\000-\377' '\001-\377\000' >older

cat >meet.py <<'P'
# meet.py MMCP SIGNAL parent|group OPTION... SOURCE DEST: its wait status as a shell has it.
import os, signal, subprocess, sys, time
mmcp, name, to = sys.argv[1:4]
signo = getattr(signal, "SIG" + name)
slow = ("madvise=delay60 copy_file_range=short30000 pread=short30000 "
        "copy_file_range=delay60 pread=delay60")
env = dict(os.environ, MMCP_SHIM=slow, LD_PRELOAD=os.environ["SHIM"],
           ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
process = subprocess.Popen([mmcp] + sys.argv[4:], env=env, start_new_session=True)
time.sleep(0.15)
begin = time.monotonic()
os.killpg(process.pid, signo) if to == "group" else process.send_signal(signo)
try:
    status = process.wait(timeout=5)
except subprocess.TimeoutExpired:
    os.killpg(process.pid, signal.SIGKILL)
    sys.exit("not answered within 5 seconds")
time.sleep(0.02)
for pid in os.listdir("/proc"):
    if pid.isdigit():
        try:
            with open("/proc/%s/stat" % pid) as f:
                state, _, group = f.read().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == process.pid and state not in "ZX":
            sys.exit("process %s is left" % pid)
if status != -signo:
    sys.exit("status %d" % status)
P
old_is_safe() { cmp -s older old || is_prefix old source; }

for engine in "mmap --chunk-size=64K -j1" "mmap --chunk-size=64K -j7" kernel stream; do
	for signal in INT TERM HUP QUIT PIPE; do
		for to in parent group; do
			what="$signal to the $to, $engine"
			rm -f new; cp older old
			# shellcheck disable=SC2086 # options, to be split
			run python3 meet.py "$MMCP" $signal $to --engine=$engine source new
			check "$what: it dies of the signal and nobody is left" status_is 0
			check "$what: nothing is said" err_empty
			check "$what: no new file" absent new
			# shellcheck disable=SC2086
			run python3 meet.py "$MMCP" $signal $to --engine=$engine source old
			check "$what: likewise onto an old file" status_is 0
			check "$what: which is safe" old_is_safe
			check "$what: nothing is left behind" no_leftovers .
		done
	done
done

# While it waits for a pipe to say something.
mkfifo pipe
for signal in INT TERM; do
	sleep 20 >pipe &
	sleeper=$!
	run python3 meet.py "$MMCP" $signal parent pipe new
	check "$signal ends the wait for a pipe" status_is 0
	kill $sleeper
	rm -f new
done

# The largest of sparse files, and nothing slow about it but its size.
truncate -s 100G huge
printf x | dd of=huge bs=1 seek=107374182399 conv=notrunc 2>/dev/null
run timeout -s TERM 5 "$MMCP" huge sparse
check "100 GB of hole are no work" status_is 0
rm -f huge sparse

finish
