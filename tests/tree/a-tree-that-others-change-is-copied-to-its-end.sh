#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# While 16 workers are in a tree, others rename, remove and make its files and directories
# and put symlinks to somewhere else in their places.  Nothing there is read or touched,
# and the copy ends, with status 0 or 1.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

mkdir -p outside/dir/sub
for name in 1 2 3 dir/1 dir/2 dir/sub/1 dir/sub/2; do
	echo "TOP-SECRET $name" >outside/$name
done
chmod 700 outside/dir; chmod 600 outside/1 outside/dir/1
touch -d '2003-04-05 06:07:08.9' outside/1 outside/dir/1 outside/dir
outside() { tree_of outside times; find outside -printf '%p %C@\n' | sort; }
outside >before
untouched() { outside | diff before -; }
no_secret() { ! grep -rl TOP-SECRET to 2>/dev/null; }

cat >change.py <<'P'
# change.py SEED TREE OUTSIDE: change TREE at random until we are killed.
import os, random, shutil, sys
r, top, outside = random.Random(int(sys.argv[1])), sys.argv[2], sys.argv[3]
def some(kind):
    path = top
    for _ in range(r.randrange(1, 5)):
        if os.path.islink(path):
            break
        try:
            names = [e.path for e in os.scandir(path) if kind != "dir" or
                     e.is_dir(follow_symlinks=False)]
        except OSError:
            break
        if not names:
            break
        path = r.choice(names)
    return path
def change():
    what = r.choice(["move", "move", "remove", "link", "make", "write", "dirlink"])
    path = some("dir" if what in ("move", "dirlink") else "any")
    if path == top:
        return
    if what == "move":
        os.rename(path, os.path.join(some("dir"), "m%d" % r.randrange(50)))
    elif what == "remove":
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)
    elif what == "link" and not os.path.isdir(path):
        os.symlink(os.path.join(outside, r.choice(["1", "2", "dir/1"])), path + ".new")
        os.rename(path + ".new", path)
    elif what == "dirlink":
        os.rename(path, path + ".old")
        os.symlink(os.path.join(outside, "dir"), path)
    elif what == "make":
        new = os.path.join(some("dir"), "d%d" % r.randrange(50))
        os.mkdir(new)
        for i in range(20):
            with open(os.path.join(new, str(i)), "w") as f:
                f.write("new %d\n" % i)
    elif what == "write" and os.path.isfile(path) and not os.path.islink(path):
        fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
        os.write(fd, b"more\n")
        os.close(fd)
while os.getppid() != 1:
    try:
        change()
    except OSError:
        pass
P

fill() {
	rm -rf s to
	for d in a b c d e f; do
		mkdir -p s/$d/sub/one s/$d/sub/two
		for name in $(seq 30); do
			echo "$d $name" >"s/$d/$name"
			echo "$d sub $name" >"s/$d/sub/$name"
			echo "$d deep $name" >"s/$d/sub/two/$name"
		done
	done
}

rounds=3
[ -z "${MMCP_LONG:-}" ] || rounds=60
MMCP_SHIM=openat=delay1
export MMCP_SHIM
for options in "-a -j16" "-r -j16" "-a -j3 -b" "-rlP -j16"; do
	bad=0 read=0
	for seed in $(seq $rounds); do
		fill
		[ $((seed % 2)) = 0 ] || cp -a s to
		python3 change.py "$seed" "$work/s" "$work/outside" & neighbour=$!
		sleep 0.05
		preload=
		[ ! -e "${SHIM:-}" ] || sanitized || preload=$SHIM
		# shellcheck disable=SC2086 # options, to be split
		LD_PRELOAD=$preload timeout 100 "$MMCP" $options -T s to >/dev/null 2>err
		status=$?
		kill $neighbour
		wait $neighbour 2>/dev/null
		[ $status -le 1 ] || {
			bad=$((bad + 1))
			echo "# seed $seed, $options: status $status"
		}
		no_secret >/dev/null || read=$((read + 1))
	done
	check "$options: it always ends" test $bad = 0
	check "$options: nothing outside is read" test $read = 0
	case $options in
	*l*) ;;		# a link to what a symlink is is a symlink
	*) check "$options: nothing outside is touched" untouched ;;
	esac
done
check "nothing outside is touched" untouched

finish
