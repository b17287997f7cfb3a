#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_gnu_cp
need python3
no_leak_check

# Of everything something: many names in one directory, small directories, a chain, names
# that no quoting likes, files of several names, holes, special files, and metadata.
cat >make.py <<'END'
import os
import sys

names, dirs, depth = (int(word) for word in sys.argv[1:])


def write(path, data=b"", mode=0o644):
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)


os.makedirs("s/wide")
os.chdir("s")
for i in range(names):
    write("wide/%d" % i, b"%d" % i * (i % 50))
for i in range(dirs):
    os.makedirs("many/%d/below" % i)
    for j in range(6):
        write("many/%d/%d" % (i, j), b"x" * (i * j % 9000), 0o600 + j * 9)
    os.symlink("../%d" % (i + 1), "many/%d/next" % i)
    os.symlink("nowhere", "many/%d/below/dangling" % i)
    os.link("wide/%d" % i, "many/%d/first" % i)
    os.link("wide/%d" % i, "many/%d/below/second" % i)
    if i % 7 == 0:
        os.mkfifo("many/%d/fifo" % i, 0o640)
    os.chmod("many/%d/below" % i, 0o700 + i % 64)
top = os.open(".", os.O_RDONLY)
os.mkdir("chain")
os.chdir("chain")
for i in range(depth):
    write("file", b"%d" % i)
    os.mkdir("d%d" % i)
    os.chdir("d%d" % i)
os.fchdir(top)
os.mkdir("odd")
for name in (b"-a", b"new\nline", b"\x1b[1m", b"\xff\xfe", b"a" * 255, b" ", b"'\"$`"):
    write(b"odd/" + name, name)
for i in range(8):
    with open("odd/sparse%d" % i, "wb") as file:
        for at in range(0, 1 << 22, 1 << 20):
            file.seek(at + i * 4096)
            file.write(b"data%d" % at * 100)
        file.truncate(1 << 23)
os.mkdir("locked")
for i in range(20):
    os.makedirs("locked/%d/in" % i)
    write("locked/%d/file" % i, b"%d" % i, 0o400)
    os.chmod("locked/%d/in" % i, 0o555)
    os.chmod("locked/%d" % i, 0o555)
write("setuid", b"x", 0o4755)
write("setgid", b"x", 0o2711)
os.mkdir("sticky")
os.chmod("sticky", 0o3777)
for i in range(0, dirs, 5):
    try:
        os.setxattr("many/%d" % i, "user.dir", b"%d" % i)
        os.setxattr("many/%d/3" % i, "user.file", b"value" * i)
    except OSError:
        pass
os.utime("wide", ns=(1, 1000000001))
for root, inside, files in os.walk(".", topdown=False, followlinks=False):
    if len(root) < 2000:
        for i, name in enumerate(sorted(inside + files)):
            os.utime(os.path.join(root, name), ns=(10**18, 10**18 + i * 1234567),
                     follow_symlinks=False)
END
python3 make.py 5000 150 60 || broken "no tree"
! have setfacl || find s/many -maxdepth 2 -name '1*' -exec setfacl -m u:7:rwx {} + \
	2>/dev/null
cp -a s cp || broken "cp failed"
# What reads them changes the times of access.
compare() { python3 -B "${srcdir:-.}/tests/tools/trees" compare "$1" "$2"; }
check "the tree can be compared" compare cp s

SLOWED="mkdirat=delay1 symlinkat=delay1"
export SLOWED
for n in 1 2 4 7; do
	rm -rf d
	on $n -a s d
	check "$n ranks say nothing" went_well
	check "$n ranks: the tree is cp's" compare cp d
	check "$n ranks: nothing else is there" no_leftovers .
done

# By whom it was made: each rank has its part.
if have strace; then
	for n in 2 4; do
		rm -rf d trace.*
		export TRACED=mkdirat,symlinkat
		on $n -a s d
		check "$n ranks, traced" went_well
		check "$n ranks have worked" worked $n
	done
	unset TRACED
else
	skip "all ranks have worked" "strace is not installed"
fi

# Several walkers each.
rm -rf d
on 3 -a -j3 s d
check "3 ranks of 3 walkers say nothing" went_well
check "3 ranks of 3 walkers: the tree is cp's" compare cp d

finish
