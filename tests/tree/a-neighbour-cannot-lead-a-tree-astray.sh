#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Directories and files are exchanged for symlinks to others outside, at chosen calls and
# all the time: nothing outside is read or touched, by root least of all.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

mkdir -p outside/dir/sub
for name in 1 2 3 4 5 6 7 8 sub/1 sub/2; do
	echo "TOP-SECRET $name" >outside/dir/$name
done
echo "TOP-SECRET" >outside/file
chmod 700 outside/dir; chmod 600 outside/file outside/dir/1; chmod 4755 outside/dir/2
touch -d '2003-04-05 06:07:08.9' outside/file outside/dir/1 outside/dir
outside() { tree_of outside times; find outside -printf '%p %C@\n' | sort; }
outside >before
# Since the last time.
untouched() {
	outside >now
	diff before now
	same=$?
	mv now before
	return "$same"
}
no_secret() { ! grep -rl TOP-SECRET to 2>/dev/null; }

fill_source() {
	rm -rf s links to
	mkdir -p s links/s links/to
	for d in a b c; do
		mkdir -p s/$d/sub
		for name in 1 2 3 4 5 6 7 8 sub/1 sub/2; do
			echo "$d $name" >s/$d/$name
		done
		ln -s "$work/outside/dir" links/s/$d
		ln -s "$work/outside/dir" links/to/$d
		ln -s "$work/outside/file" links/s/file-$d
		echo "a file" >s/file-$d
		chmod 711 s/$d; touch -d '2001-02-03 04:05:06' s/$d
	done
}

mask=022
# during RULE COMMAND OPTION...: COMMAND inside a copy of s to "to".
during() {
	rule=$1 MMCP_SHIM_RUN=$2; shift 2
	export MMCP_SHIM_RUN
	# shellcheck disable=SC2016 # for that shell
	run shimmed "$rule=run" timeout 100 \
		sh -c 'umask "$1"; shift; exec "$@"' - "$mask" \
		"$MMCP" "$@" s to
	what="$MMCP_SHIM_RUN in $rule, $*"
	check "$what: it ends" test $status -le 1
	check "$what: nothing outside is touched" untouched
	check "$what: or read" no_secret
}

for how in "-a -j1" "-r -j3" "-a --remove-destination -j3"; do
	# A name of the source: found to be one thing, and another when it is opened.
	for call in fstatat openat; do
		for n in 1 2; do
			sampled || continue
			fill_source
			# shellcheck disable=SC2086 # options, to be split
			during "$call@b#$n" "mv s/b s/x; ln -s ../outside/dir s/b" $how
			fill_source
			# shellcheck disable=SC2086
			during "$call@file-b#$n" "ln -sf ../outside/file s/file-b" $how
		done
	done
	fill_source
	# shellcheck disable=SC2086
	during "mkdirat@b#1" "mv s/b s/x; ln -s ../outside/dir s/b" $how
	# A name of the destination: just made, and then it is another.
	for call in mkdirat@b#1 openat@b#1 openat@b#2 openat@sub#1 mkdirat@sub#1 \
		mkdirat@sub#2 mkdirat@sub#3 copy_file_range#1 copy_file_range#9 \
		copy_file_range#20 fchmod#1; do
		sampled || continue
		fill_source
		# shellcheck disable=SC2086
		during "$call" "mv to/b to/x 2>/dev/null; ln -s ../outside/dir to/b" $how
	done
	for call in openat@file-b#1 openat@file-b#2 copy_file_range#1; do
		sampled || continue
		fill_source
		# shellcheck disable=SC2086
		during "$call" "rm -f to/file-b; ln -s ../outside/file to/file-b" $how
	done
	# The same onto what is there.
	for call in fstatat@b#1 fstatat@b#2 openat@b#1 openat@b#2 openat@sub#1; do
		sampled || continue
		fill_source
		cp -R s to
		# shellcheck disable=SC2086
		during "$call" "mv to/b to/x; ln -s ../outside/dir to/b" $how
	done
done
for call in openat@b#2 fchmodat@b#1 mkdirat@sub#1; do
	sampled || continue
	fill_source
	# A mask that leaves us no right to what we make is mended by a call more.
	mask=0777
	during "$call" \
		"umask 022; chmod 755 to; mv to/b to/x; ln -s ../outside/dir to/b" \
		-r -j1
	mask=022
	chmod -R u+rwx to
done
for call in openat@pipe#1 openat@pipe#2 fchmod#1; do
	sampled || continue
	fill_source
	mkfifo s/pipe
	during "$call" "rm -f to/pipe; ln -s ../outside/file to/pipe" -a -j1
done

# All the time.
cat >exchange.py <<'P'
# exchange.py A B...: exchange each of these pairs, until killed.
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
pairs = [(os.fsencode(a), os.fsencode(b)) for a, b in zip(sys.argv[1::2], sys.argv[2::2])]
number = {"x86_64": 316, "aarch64": 276}.get(os.uname().machine)
def exchange(a, b):
    if hasattr(libc, "renameat2"):
        return libc.renameat2(-100, a, -100, b, 2)
    return libc.syscall(number, -100, a, -100, b, 2)
while os.getppid() != 1:
    for a, b in pairs:
        exchange(a, b)
P
fill_source
pairs=
for d in a b c; do
	pairs="$pairs s/$d links/s/$d s/file-$d links/s/file-$d to/$d links/to/$d"
done
# Before each copy the neighbour rests, and all is as it was.
prepare() {
	kill -STOP $neighbour
	wait_until grep -q ') T ' "/proc/$neighbour/stat" || broken "it doesn't stop"
	rm -rf s to links
	cp -a s.copy s; cp -a links.copy links
	[ "$1" = new ] || cp -a s.copy to
	kill -CONT $neighbour
}
# copy_all old|new TIMES OPTION...: while that goes on.
copy_all() {
	kind=$1 times=$(share "$2"); shift 2
	hung=0 secrets=0 n=0
	while [ $n -lt "$times" ]; do
		n=$((n + 1))
		prepare "$kind"
		timeout 100 "$MMCP" "$@" -T s to >/dev/null 2>err
		[ $? -le 1 ] || hung=$((hung + 1))
		no_secret >/dev/null || secrets=$((secrets + 1))
	done
	check "to what is $kind ($*): it always ends" test $hung = 0
	check "to what is $kind ($*): no secret is in the copy" test $secrets = 0
	check "to what is $kind ($*): nothing outside is touched" untouched
}
cp -a s s.copy; cp -a links links.copy
# shellcheck disable=SC2086 # names, to be split
python3 exchange.py $pairs &
neighbour=$!
for option in -a -r; do
	copy_all new 15 $option -j2
	copy_all old 15 $option -j2
	copy_all old 8 $option -j1 --remove-destination
done
kill -CONT $neighbour
kill $neighbour
wait $neighbour 2>/dev/null

finish
