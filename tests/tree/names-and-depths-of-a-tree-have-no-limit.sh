#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

cat >make.py <<'P'
import os, sys
odd = [b"new\nline", b"\x1b[31mred", b"bad\xff\xfeutf8", b"-rf", b"--help", b"...", b" ",
       b"tab\t", b"it's", b'"', b"\\", b"*", b"$(x)", b"x" * 255, b"\xc3\xa9" * 127,
       b"\x01\x7f"]
os.mkdir("odd")
os.chdir("odd")
for name in odd:
    with open(b"f" + name[:254], "wb") as f:
        f.write(name)
    with open(name[:251] + b".txt", "wb") as f:
        f.write(name)
    os.mkdir(name)
    os.symlink(name, b"l" + name[:254])
    for inner in odd:
        with open(name + b"/" + inner, "wb") as f:
            f.write(inner)
os.chdir("..")
# Fifty levels of names as long as they can be; and 3000 short ones.
for top, name, levels in ("long", b"y" * 255, 50), ("deep", b"d", 3000):
    os.mkdir(top)
    fd = os.open(top, os.O_RDONLY)
    for i in range(levels):
        os.mkdir(name, dir_fd=fd)
        f = os.open("file", os.O_WRONLY | os.O_CREAT, dir_fd=fd)
        os.write(f, b"%d" % i)
        os.close(f)
        if i % 500 == 2:
            os.symlink("file", "link", dir_fd=fd)
            os.link("file", "hard", src_dir_fd=fd, dst_dir_fd=fd)
        below = os.open(name, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(fd)
P
cat >equal.py <<'P'
# equal.py A B: two trees alike, by descriptors.
import os, stat, sys
def content(at, name):
    fd = os.open(name, os.O_RDONLY, dir_fd=at)
    with open(fd, "rb") as f:
        return f.read()
def walk(a, b):
    stack = [(a, b, None)]
    while stack:
        a, b, names = stack.pop()
        if names is None:
            names = sorted(os.listdir(a))
            if names != sorted(os.listdir(b)):
                sys.exit("names differ: %r" % names)
        while names:
            name = names.pop()
            s, t = (os.stat(name, dir_fd=fd, follow_symlinks=False) for fd in (a, b))
            if (s.st_mode, s.st_mtime_ns, s.st_nlink) != (
                    t.st_mode, t.st_mtime_ns, t.st_nlink):
                sys.exit("%r differs: %r %r" % (name, s, t))
            if stat.S_ISDIR(s.st_mode):
                stack.append((a, b, names))
                a, b = (os.open(name, os.O_RDONLY, dir_fd=fd) for fd in (a, b))
                stack.append((a, b, None))
                break
            if stat.S_ISLNK(s.st_mode):
                same = os.readlink(name, dir_fd=a) == os.readlink(name, dir_fd=b)
            else:
                same = content(a, name) == content(b, name)
            if not same:
                sys.exit("content of %r differs" % name)
        else:
            os.close(a)
            os.close(b)
import resource
resource.setrlimit(resource.RLIMIT_NOFILE,
                   (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
walk(*(os.open(name, os.O_RDONLY) for name in sys.argv[1:]))
P
# To make a directory deep below takes a disk its time.
if place tmpfs 2>/dev/null; then
	mv make.py equal.py tmpfs && cd tmpfs || exit 99
fi
python3 make.py || broken "no trees"
equal() { python3 equal.py "$1" "$2"; }
no_leak_check
most=$(awk '/^Max open files/ { print $5 }' /proc/self/limits)
[ "$most" = unlimited ] || [ "$most" -ge 7000 ] ||
	skip_all "there are too few descriptors to look at the result"

for j in 1 3; do
	run "$MMCP" -a -j$j odd to
	check "odd names are names, -j$j" went_well
	check "and copied, -j$j" equal odd to
	run "$MMCP" -a -j$j -T odd to
	check "also onto what is there, -j$j" went_well
	check "which changes nothing, -j$j" equal odd to
	rm -rf to
	run "$MMCP" -rv -j$j odd to
	check "all are told with -v, -j$j" \
		test "$(wc -l <"$work/out")" = "$(find odd -printf x | wc -c)"
	check "and no control byte is raw, -j$j" sh -c \
		"! LC_ALL=C tr -d '\n' <out | LC_ALL=C grep -q '[[:cntrl:]]'"
	rm -rf to
	run "$MMCP" -a -j$j long to
	check "fifty of the longest names, one below the other, -j$j" went_well
	check "and copied, -j$j" equal long to
	run "$MMCP" -a --atomic -j$j -T long to
	check "and replaced by --atomic, -j$j" went_well
	check "with the same, -j$j" equal long to
	rm -rf to
	descriptors="1024 32"
	[ $j = 1 ] || descriptors=64
	for n in $descriptors; do
		sampled || continue
		limit="-n $n"
		# shellcheck disable=SC2086 # a limit is an option and a number
		(ulimit $limit && exec timeout 100 "$MMCP" -a -j$j deep to) \
			>"$work/out" 2>"$work/err"
		status=$?
		check "three thousand levels, with $n descriptors, -j$j" went_well
		check "and copied, $n -j$j" equal deep to
		[ "$n" = 64 ] || { rm -rf to; continue; }
		# shellcheck disable=SC2086
		(ulimit $limit && exec timeout 100 "$MMCP" -a -j$j -T deep to) \
			>"$work/out" 2>"$work/err"
		status=$?
		check "and once more onto that, -j$j" went_well
		check "and copied, -j$j" equal deep to
		rm -rf to
	done
done

# A message about what is deep below names all of it.
if [ -e "${SHIM:=}" ]; then
	run shimmed "copy_file_range#48=EIO" "$MMCP" -r -j1 long to
	check "a path longer than PATH_MAX in a message is whole" \
		test "$(wc -c <"$work/err")" -gt 20000
	check "in one line" test "$(wc -l <"$work/err")" = 1
	rm -rf to
fi
# What fails is told with its name quoted.
mkdir 'o
dd' && ln -s / "o
dd/$(printf '\033')[31m" && mkdir to && mkdir -p "to/o
dd/$(printf '\033')[31m"
run "$MMCP" -r 'o
dd' to
check "no control byte in a message is raw" err_is \
	"mmcp: cannot overwrite directory 'to/o'\$'\\n''dd/'\$'\\033''[31m' \
with non-directory 'o'\$'\\n''dd/'\$'\\033''[31m'"
cd "$work" || exit 99

finish
