# SPDX-License-Identifier: GPL-3.0-or-later
"""supervised.py HOW COMMAND...: run COMMAND, in a process group of its own and with a
supervisor, and do to it what HOW says: "stop group" or "stop process", and continue it
("stop blocked" where it can't stop), "kill supervisor", "kill program", "ask" (SIGUSR1),
"alarm", or "ignore" (a hangup).  The outcome is printed."""
import os, signal, subprocess, sys, time

how, command = sys.argv[1], sys.argv[2:]


def state(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rpartition(")")[2].split()[0]
    except OSError:
        return "-"


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        return [int(child) for child in f.read().split()]


def until(what):
    for _ in range(500):
        if what():
            return
        time.sleep(0.02)
    sys.exit("it never came to that: %s" % [state(p) for p in everybody])


def family(pid):
    return [pid] + [p for child in children(pid) for p in family(child)]


def prepare():
    os.setpgid(0, 0)
    if how == "ignore":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


process = subprocess.Popen(command, preexec_fn=prepare)
everybody = [process.pid]
time.sleep(0.7)
everybody = family(process.pid)
program = children(process.pid)[0]
if how.startswith("stop"):
    if how != "stop process":
        os.killpg(process.pid, signal.SIGTSTP)
    else:
        process.send_signal(signal.SIGTSTP)
    if how == "stop blocked":
        until(lambda: state(process.pid) == "T")
    else:
        until(lambda: {state(p) for p in everybody} == {"T"})
    # The caller has been notified that it stopped.
    stopped = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG)
    print("told" if stopped else "not told")
    if how != "stop process":
        os.killpg(process.pid, signal.SIGCONT)
    else:
        process.send_signal(signal.SIGCONT)
    until(lambda: "T" not in {state(p) for p in everybody})
elif how == "kill supervisor":
    process.kill()
elif how == "kill program":
    os.kill(program, signal.SIGKILL)
elif how == "ask":
    process.send_signal(signal.SIGUSR1)
elif how == "alarm":
    process.send_signal(signal.SIGALRM)
elif how == "ignore":
    os.killpg(process.pid, signal.SIGHUP)
print("status %d" % process.wait())
until(lambda: all(state(p) in "-ZX" for p in everybody))
