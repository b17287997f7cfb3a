#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A worker is killed while a small file has its name and not its content.  The one that
# takes over hears of a signal to end before it came to that file: the parent removes it.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
! sanitized || skip_all "strace's injection and the sanitizer don't mix"
need_strace
need python3

mkdir -p s/a s/b s/c
for d in a b c; do
	for i in $(seq 60); do pattern $((i * 50)) >"s/$d/$i"; done
done

cat >interrupt.py <<'P'
# interrupt.py SIGNAL COMMAND: run it under strace.  Once a worker was killed and another
# one forked, and while that hasn't unblocked its signals, send SIGNAL to the parent.
import os, re, signal, subprocess, sys, time
signo = getattr(signal, "SIG" + sys.argv[1])
env = dict(os.environ, MMCP_SHIM="copy_file_range@/25#1=SIGKILL")
process = subprocess.Popen(
    # Its third call unblocks them, after the handlers are there.
    ["strace", "-f", "-qq", "-o", "log", "-e", "trace=clone,rt_sigprocmask", "-e",
     "inject=rt_sigprocmask:delay_enter=700000:when=3",
     "env", "LD_PRELOAD=" + os.environ["SHIM"]] + sys.argv[2:], env=env)
end = time.monotonic() + 20
def log():
    try:
        with open("log") as f:
            return f.read()
    except OSError:
        return ""
def heir(text):
    """The process forked after one was killed, and its calls."""
    after = text.partition("killed by SIGKILL")[2]
    new = re.search(r"clone.*\) = (\d+)$|clone resumed.*\) = (\d+)$", after, re.M)
    pid = new and (new.group(1) or new.group(2))
    return pid, len(re.findall(r"^%s .*rt_sigprocmask" % pid, after, re.M)) if pid else 0
while heir(log())[1] < 3:
    if time.monotonic() > end or process.poll() is not None:
        process.kill()
        sys.exit("nobody took over in time")
    time.sleep(0.01)
parent = log().split()[0]
os.kill(int(parent), signo)
process.wait()
pid, calls = heir(log())
print("the heir was asked to end" if re.search(
    r"^%s --- SIG%s" % (pid, sys.argv[1]), log(), re.M) else "it came too late")
P

for signal in INT TERM; do
	sampled || continue
	for option in -r -a; do
		rm -rf to log
		run python3 interrupt.py $signal "$MMCP" $option -j2 s to
		check "$signal, $option: who takes over is asked to end" \
			test "$(cat out)" = "the heir was asked to end"
		check "$signal, $option: what is there is whole" \
			only_whole_files "$work/s" to
		check "$signal, $option: not all is there" \
			test ! -e to/a/60 -o ! -e to/b/60 -o ! -e to/c/60
		check "$signal, $option: nothing is left behind" no_leftovers .
	done
done

finish
