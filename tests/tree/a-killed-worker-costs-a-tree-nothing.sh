#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 for workers, at calls that a shim counts and at any moment.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

mkdir -p s
for d in a b c d; do
	mkdir s/$d
	i=0
	while [ $i -lt 65 ]; do
		echo "$d $i" >s/$d/$i
		i=$((i + 1))
	done
	ln s/$d/5 s/$d/five; ln s/$d/60 s/$d-sixty; mkfifo s/$d/pipe
	mkdir -p s/$d/deep/deeper/deepest; echo deep >s/$d/deep/deeper/deepest/file
	ln -s 5 s/$d/link; ln -s nowhere s/$d/deep/link
done
pattern 200000 >s/a/middling; pattern 300000 >s/b/hidden; ln s/b/hidden s/c/hidden-too
chmod 600 s/a/*7; chmod 555 s/d s/b/deep; chmod 700 s/c s/a/deep/deeper
touch -d '2001-02-03 04:05:06.789' s/*/*9 s/b
if is_root; then chown 12:34 s/b/*4; fi

# Each call that copies a file, a few times; and several workers one after the other.
j=2
for rules in openat#81=SIGKILL openat#111=SIGKILL openat#250=SIGKILL openat#251=SIGKILL \
	copy_file_range#65=SIGKILL copy_file_range#200=SIGKILL \
	fchmod#70=SIGKILL futimens#70=SIGKILL \
	mkdirat#5=SIGKILL mkdirat#6=SIGKILL mkdirat#9=SIGKILL mkdirat#12=SIGKILL \
	openat@deep#3=SIGKILL openat@deep#4=SIGKILL fchmod@/deep#2=SIGKILL \
	symlinkat#2=SIGKILL symlinkat#3=SIGKILL linkat#3=SIGKILL linkat#4=SIGKILL \
	mkfifoat#2=SIGKILL mknodat#2=SIGKILL \
	getdents64#7=SIGKILL getdents64#10=SIGKILL getdents64#13=SIGKILL \
	close_range#2=SIGKILL close_range#5=SIGKILL close#40=SIGKILL close#200=SIGKILL \
	write@eventfd]#1=SIGKILL write@eventfd]#2=SIGKILL write@eventfd]#3=SIGKILL \
	pthread_mutex_unlock#9=SIGKILL pthread_mutex_unlock#12=SIGKILL \
	pthread_mutex_unlock#13=SIGKILL pthread_mutex_unlock#16=SIGKILL \
	"copy_file_range#40=SIGKILL copy_file_range#60=SIGKILL" \
	"openat#99=SIGKILL mkdirat#7=SIGKILL linkat#5=SIGKILL openat#300=SIGKILL" \
	"copy_file_range#40=SIGABRT copy_file_range#110=SIGTERM"; do
	sampled || continue
	chmod -R u+w to 2>/dev/null; rm -rf to
	# Another number of workers each time: 2, 3, 16.
	case $j in 2) j=3 ;; 3) j=16 ;; *) j=2 ;; esac
	run shimmed "$rules" timeout 100 "$MMCP" -a -j$j s to
	# What its workers leave the parent does, and what kills it kills all.
	[ "$status" != 137 ] || { echo "# $rules: the parent died"; continue; }
	check "$rules, -j$j: nothing went wrong" went_well
	check "$rules, -j$j: and nothing is missing" same_tree s to times
	check "$rules, -j$j: or left behind" no_leftovers to
	# What is there is written over, and finished by somebody else.
	chmod -R u+w to; find to -type f -name '*1' -exec sh -c \
		'for f; do echo "something old and longer" >"$f"; done' - {} +
	run shimmed "$rules" timeout 100 "$MMCP" -a -j$j -T s to
	[ "$status" = 137 ] ||
		check "$rules, -j$j: also onto old files" same_tree s to times
done

# Many files, quickly.
if place tmpfs; then
	mkdir -p tmpfs/many/a tmpfs/many/b tmpfs/many/c
	for d in a b c; do
		i=0
		while [ $i -lt 1500 ]; do
			echo "$d $i" >tmpfs/many/$d/$i
			i=$((i + 1))
		done
	done
	for rules in copy_file_range#2000=SIGKILL copy_file_range#3333=SIGKILL \
		openat#2222=SIGKILL openat#5555=SIGKILL close#60=SIGKILL \
		close_range#20=SIGKILL close_range#50=SIGKILL \
		write@eventfd]#4=SIGKILL write@eventfd]#5=SIGKILL \
		pthread_mutex_unlock#20=SIGKILL pthread_mutex_unlock#21=SIGKILL \
		"openat#3000=SIGKILL copy_file_range#2500=SIGKILL"; do
		sampled || continue
		rm -rf tmpfs/to
		run shimmed "$rules" timeout 100 "$MMCP" -r -j2 tmpfs/many tmpfs/to
		[ "$status" != 137 ] || { echo "# $rules: the parent died"; continue; }
		check "many, $rules: nothing went wrong" went_well
		check "many, $rules: and nothing is missing" diff -r tmpfs/many tmpfs/to
	done
else
	skip "many files" "$why"
fi

cat >killer.py <<'P'
# killer.py MMCP all|one|again: kill workers while a tree is copied; its status.
import os, random, signal, subprocess, sys, time
random.seed(int(sys.argv[3]))
slow = "copy_file_range=delay2 futimens=delay1"
env = dict(os.environ, MMCP_SHIM=slow, LD_PRELOAD=os.environ["SHIM"],
           ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
process = subprocess.Popen([sys.argv[1], "-a", "-j3", "s", "to"], env=env)
def workers():
    try:
        with open("/proc/%d/task/%d/children" % (process.pid, process.pid)) as f:
            return [int(pid) for pid in f.read().split()]
    except OSError:
        return []
begin = time.monotonic()
while process.poll() is None and time.monotonic() < begin + 20:
    time.sleep(random.random() * 0.15)
    alive = workers()
    if alive and process.poll() is None:
        for pid in alive if sys.argv[2] == "all" else [random.choice(alive)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if sys.argv[2] != "again":
            break
sys.exit(process.wait(timeout=20))
P
for how in one all again; do
	for seed in 1 2; do
		sampled || continue
		chmod -R u+w to; rm -rf to
		run python3 killer.py "$MMCP" $how $seed
		check "$how of the workers killed: nothing went wrong ($seed)" went_well
		check "and nothing is missing ($how, $seed)" same_tree s to times
		check "or left behind ($how, $seed)" no_leftovers to
	done
done

# kill -9 for the parent: its workers end with it.
cat >orphans.py <<'P'
import os, subprocess, sys, time
env = dict(os.environ, MMCP_SHIM="copy_file_range=delay20", LD_PRELOAD=os.environ["SHIM"],
           ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
process = subprocess.Popen([sys.argv[1], "-a", "-j4", "s", "to"], env=env,
                           start_new_session=True)
def group():
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                with open("/proc/%s/stat" % pid) as f:
                    state, _, pgrp = f.read().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(pgrp) == process.pid and state not in "ZX":
                yield pid
end = time.monotonic() + 5
while len(list(group())) < 3:
    if time.monotonic() > end:
        sys.exit("there were no workers")
    time.sleep(0.01)
process.kill()
process.wait()
end = time.monotonic() + 1
while list(group()):
    if time.monotonic() > end:
        sys.exit("workers live on")
    time.sleep(0.01)
P
chmod -R u+w to; rm -rf to
check "workers end with their parent" python3 orphans.py "$MMCP"
chmod -R u+w to

finish
