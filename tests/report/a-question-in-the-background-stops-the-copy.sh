#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A copy in the background that would read an answer from the terminal is stopped by
# SIGTTIN, which its shell reports; also after it was continued in the background.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3 cp
need_terminals
no_leak_check

cat >background.py <<'EOF'
import os, pty, signal, sys, time

def wait(pid):
    for _ in range(500):
        got, status = os.waitpid(pid, os.WUNTRACED | os.WNOHANG)
        if got:
            if os.WIFSTOPPED(status):
                return signal.Signals(os.WSTOPSIG(status)).name
            return "ended"
        time.sleep(0.02)
    return "runs"

results, report = os.pipe()
shell, terminal = pty.fork()
if shell == 0:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(sys.argv[1], sys.argv[1:])
    seen = [wait(job)]
    if seen == ["SIGTTIN"]:
        os.tcsetpgrp(0, job)
        os.killpg(job, signal.SIGCONT)
        time.sleep(0.5)
        os.killpg(job, signal.SIGTSTP)
        seen.append(wait(job))
        os.tcsetpgrp(0, os.getpgrp())
        os.killpg(job, signal.SIGCONT)
        seen.append(wait(job))
    os.write(report, " ".join(seen).encode())
    try:
        os.killpg(job, signal.SIGKILL)
    except OSError:
        pass
    os._exit(0)
os.waitpid(shell, 0)
print(os.read(results, 100).decode())
EOF
echo new >new
echo old >old
for program in cp "$MMCP"; do
	run timeout 100 python3 background.py "$program" -i new old
	check "$(basename "$program") stops when it would read, and again" \
		out_is "SIGTTIN SIGTSTP SIGTTIN"
	check "and does nothing meanwhile" test "$(cat old)" = old
done

finish
