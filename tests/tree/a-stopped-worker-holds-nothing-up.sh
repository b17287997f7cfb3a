#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Workers of a tree are stopped, some with a lock that others want.  When they go on, so
# does the copy; while they don't, an interrupt is answered within a second.  Workers that
# rarely run are waited for, too.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

mkdir -p s
for d in a b c d; do
	mkdir -p s/$d/deep
	for i in $(seq 60); do pattern $((i * 50)) >"s/$d/$i"; done
	ln s/$d/5 s/$d/deep/five; ln s/$d/6 s/$d-six
done

cat >stop.py <<'P'
# stop.py RULES HOW: while a slow copy runs, stop workers: HOW is `on' (they go on),
# `starve' (now and then, for a moment), or the signal that is sent to the `parent' or the
# `group' meanwhile.
import os, random, signal, subprocess, sys, time
sys.path.insert(0, os.environ["TOOLS"])
sys.dont_write_bytecode = True
from processgroup import processes_of
rules, how, whom, seed = sys.argv[1:5]
random.seed(int(seed))
env = dict(os.environ, MMCP_SHIM=rules, LD_PRELOAD=os.environ["SHIM"],
           ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
process = subprocess.Popen(sys.argv[5:], env=env, start_new_session=True)
def workers():
    try:
        with open("/proc/%d/task/%d/children" % (process.pid, process.pid)) as f:
            return [int(pid) for pid in f.read().split()]
    except OSError:
        return []
def state(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rpartition(")")[2].split()[0]
    except OSError:
        return "X"
def die(text):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    sys.exit(text)
end = time.monotonic() + 10
while len(workers()) < 2:
    if time.monotonic() > end or process.poll() is not None:
        die("there were no workers")
    time.sleep(0.002)
if "SIGSTOP" in rules:
    while not any(state(pid) == "T" for pid in workers()):
        if state(process.pid) == "T":
            print("the parent stopped itself")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            sys.exit(0)
        if process.poll() is not None:
            sys.exit(process.returncode)
        time.sleep(0.002)
elif how == "starve":
    starving = set(random.sample(workers(), random.choice([1, len(workers()) - 1])))
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        for signo, pause in ((signal.SIGSTOP, 0.02), (signal.SIGCONT, 0.003)):
            for pid in starving.intersection(workers()):
                os.kill(pid, signo)
            time.sleep(pause)
else:
    time.sleep(random.random() * 0.1)
    for pid in random.sample(workers(), random.choice([1, len(workers())])):
        os.kill(pid, signal.SIGSTOP)
# The parent wants the lock to bury another one.
others = [pid for pid in workers() if state(pid) != "T"]
if "mutex" in rules and others:
    os.kill(others[0], signal.SIGKILL)
time.sleep(0.1)
begin = time.monotonic()
if how in ("on", "starve"):
    for pid in workers():
        os.kill(pid, signal.SIGCONT)
    end = begin + 20
else:
    signo = getattr(signal, "SIG" + how)
    os.killpg(process.pid, signo) if whom == "group" else process.send_signal(signo)
    end = begin + 1
try:
    status = process.wait(timeout=max(0, end - time.monotonic()))
except subprocess.TimeoutExpired:
    die("it didn't end within %d s" % (end - begin))
if how not in ("on", "starve") and status == -signo:
    status = 0
time.sleep(0.02)
if processes_of({process.pid}):
    sys.exit("processes are left")
sys.exit(status)
P
TOOLS=$(CDPATH='' cd -- "${srcdir:-.}/tests/tools" && pwd)
export TOOLS
[ -e "/proc/$$/task/$$/children" ] || skip_all "/proc doesn't tell of children"

stop() {
	chmod -R u+w to 2>/dev/null; rm -rf to
	run python3 stop.py "$@" s to
}

slow="copy_file_range=delay3 futimens=delay1"
seed=1
for rules in "$slow" "pthread_mutex_unlock#12=SIGSTOP $slow" \
	"pthread_mutex_unlock#15=SIGSTOP $slow" "write@eventfd]#2=SIGSTOP $slow" \
	"openat#120=SIGSTOP $slow"; do
	# Without locks for links.
	case $rules in *mutex*) option=-r ;; *) option=-a ;; esac
	for j in 3 7; do
		sampled || continue
		seed=$((seed + 1))
		what="$rules, -j$j"
		case $j in 3) other="INT group" ;; *) other="TERM parent" ;; esac
		stop "$rules" on - $seed "$MMCP" $option -j$j
		[ ! -s out ] || continue	# It was the parent.
		check "$what: they go on, and all is well" went_well
		check "$what: with all of it" diff -r s to
		for how in "INT parent" "$other"; do
			# shellcheck disable=SC2086 # two words
			stop "$rules" $how $seed "$MMCP" $option -j$j
			[ ! -s out ] || continue
			check "$what: $how: it is answered" went_well
			check "$what: $how: whole files only" \
				only_whole_files "$work/s" to
			check "$what: $how: nothing is left behind" no_leftovers .
		done
	done
done

# Starved, each in turn.
for seed in 1 2 3; do
	for j in 2 5; do
		sampled || continue
		stop "copy_file_range=delay1" starve - $seed "$MMCP" -a -j$j
		check "starved, -j$j, $seed: all is well" went_well
		check "starved, -j$j, $seed: with all of it" diff -r s to
	done
done

finish
