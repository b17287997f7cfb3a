# SPDX-License-Identifier: GPL-3.0-or-later
"""meet.py SIGNAL parent|group DELAY RULES LIMIT COMMAND...: run COMMAND slowed by the shim's
RULES, and send it (or its group) SIGNAL after DELAY seconds.  0 if it has died of it, within
LIMIT seconds, and nobody of its group is left; else it is said what was wrong."""
import os, signal, subprocess, sys, time
name, to, delay, slow, limit = sys.argv[1:6]
signo = getattr(signal, "SIG" + name)
env = dict(os.environ, MMCP_SHIM=slow, LD_PRELOAD=os.environ["SHIM"],
           ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
process = subprocess.Popen(sys.argv[6:], env=env, start_new_session=True,
                           preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
time.sleep(float(delay))
begin = time.monotonic()
os.killpg(process.pid, signo) if to == "group" else process.send_signal(signo)
try:
    status = process.wait(timeout=5)
except subprocess.TimeoutExpired:
    os.killpg(process.pid, signal.SIGKILL)
    sys.exit("not answered within 5 seconds")
if time.monotonic() > begin + float(limit):
    sys.exit("answered after %.1f seconds" % (time.monotonic() - begin))
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
