# SPDX-License-Identifier: GPL-3.0-or-later
"""meet.py SIGNAL parent|group DELAY RULES LIMIT COMMAND...: run COMMAND slowed by
the shim's RULES, and send it (or its group) SIGNAL after DELAY seconds.  0 if it has
died of it, within LIMIT seconds, and nobody of its group is left; else it is said
what was wrong."""
import os, signal, subprocess, sys, time

sys.dont_write_bytecode = True
from processgroup import processes_of

name, to, delay, slow, limit = sys.argv[1:6]
signo = getattr(signal, "SIG" + name)
env = dict(os.environ, MMCP_SHIM=slow, LD_PRELOAD=os.environ["SHIM"],
           ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
process = subprocess.Popen(sys.argv[6:], env=env, start_new_session=True,
                           preexec_fn=lambda: signal.signal(signal.SIGPIPE,
                                                            signal.SIG_DFL))
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
left = processes_of({process.pid})
if left:
    sys.exit("process %s is left" % left[0])
if status != -signo:
    sys.exit("status %d" % status)
