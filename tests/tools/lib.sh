# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# tests/tools/lib.sh: what every test shares.  A test is a sentence; it sources this file,
# makes its point with `check', and ends with `finish'.  It works in $work, which is
# removed at the end with everything mounted below it.  TAP goes to stdout.

set -u
: "${MMCP:?is the mmcp to test; try: make check}"
test_name=$(basename "$0" .sh)
checks=0
# Not in /tmp, which may be a tmpfs: it reserves no blocks and has no device.
work=$(mktemp -d "${TMPDIR:-/var/tmp}/mmcp-test.XXXXXX") || exit 99
mounts=""; memory=""
LC_ALL=C.UTF-8
export LC_ALL MMCP
unset LANGUAGE POSIXLY_CORRECT VERSION_CONTROL SIMPLE_BACKUP_SUFFIX
umask 022

clean_up() {
	cd / || exit 99
	for m in $mounts; do
		! grep -qF " $m " /proc/mounts || umount -l "$m" ||
			echo "# $m is still mounted"
	done
	chmod -R u+rwx "$work" 2>/dev/null
	rm -rf --one-file-system "$work" ${memory:+"$memory"}
}
trap clean_up EXIT
# What ends a test from outside makes it skip: run-tap knows it by these.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit 99
# What others have given the directory above is nothing to what is made here.
! command -v setfacl >/dev/null 2>&1 || setfacl -b -k "$work" 2>/dev/null
[ -e /proc/self/fd ] || { echo "1..0 # SKIP /proc is not mounted"; exit 77; }

# Skip the whole test and say why.
skip_all() { echo "1..0 # SKIP $*"; exit 77; }

# The harness itself is broken.
broken() { echo "Bail out! $*"; exit 99; }

diag() { sed 's/^/# /'; }

# check SENTENCE COMMAND...: one TAP line; what the command printed only if it failed.
check() {
	sentence=$1; shift
	checks=$((checks + 1))
	if "$@" >"$work/.check.out" 2>&1; then
		echo "ok $checks - $sentence"
	else
		failed=$?
		echo "not ok $checks - $sentence"
		echo "# in $test_name: $* (status $failed)"
		head -n 40 "$work/.check.out" | diag
	fi
}

# shellcheck source=/dev/null
. "${srcdir:-.}/tests/tools/time-lib"

# skip SENTENCE REASON: one TAP line for a check that can't be made here.
skip() {
	checks=$((checks + 1))
	echo "ok $checks - $1 # SKIP $2"
}

finish() { echo "1..$checks"; exit 0; }

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

need() { for tool; do have "$tool" || skip_all "$tool is not installed"; done; }
has_terminals() { script -qec true /dev/null >/dev/null 2>&1 </dev/null; }
need_terminals() { need script; has_terminals || skip_all "no terminal can be had"; }
need_root() { is_root || skip_all "only root can do this"; }

# run COMMAND...: status into $status, output into the files out and err of $work.
run() {
	status=0
	"$@" >"$work/out" 2>"$work/err" || status=$?
}

# For use with check: what the last `run' left.
status_is() { [ "$status" = "$1" ] ||
	{ echo "status $status, not $1"; cat "$work/err"; false; }; }
err_is() { printf '%s\n' "$1" >"$work/.want"; diff "$work/.want" "$work/err"; }
err_has() { grep -qF -- "$1" "$work/err" || { cat "$work/err"; false; }; }
err_empty() { [ ! -s "$work/err" ] || { cat "$work/err"; false; }; }
out_is() { printf '%s\n' "$1" >"$work/.want"; diff "$work/.want" "$work/out"; }
out_has() { grep -qF -- "$1" "$work/out" || { cat "$work/out"; false; }; }
absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
# Nothing of ours is left in directory $1 under a hidden name.
no_leftovers() { [ -z "$(find "$1" -name '.mmcp-*' -print)" ]; }

# in_memory SIZE: make the directory $memory, where an image of SIZE has room, and memory
# isn't short.  There it costs none of the disk's time.
in_memory() {
	bytes=$(numfmt --from=iec "$1") || return
	[ "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)" -gt $((bytes / 256)) ] &&
		[ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] &&
		[ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -gt $((bytes / 512)) \
		] ||
		return
	[ -n "$memory" ] || memory=$(mktemp -d /dev/shm/mmcp-test.XXXXXX)
}

# mount_fs TYPE SIZE DIR [OPTIONS]: a small file system at DIR (made), of SIZE as
# truncate takes it.  False, with the reason in $why, if it can't be had here.
mount_fs() {
	why=
	is_root || { why="only root can mount"; return 1; }
	mkdir -p "$3"
	case $1 in
	tmpfs) mount -t tmpfs -o "size=$2${4:+,$4}" tmpfs "$3" 2>/dev/null ||
		{ why="tmpfs can't be mounted"; return 1; } ;;
	*)
		have "mkfs.$1" || { why="mkfs.$1 is not installed"; return 1; }
		rm -f "$3.img"
		! in_memory "$2" || ln -s "$(mktemp "$memory/XXXXXX")" "$3.img"
		truncate -s "$2" "$3.img"
		case $1 in
		ext4) mkfs.ext4 -q -F "$3.img" ;;
		xfs) mkfs.xfs -q -f "$3.img" ;;
		btrfs) mkfs.btrfs -q -f "$3.img" ;;
		*) mkfs."$1" "$3.img" ;;
		esac >/dev/null 2>&1 || { why="mkfs.$1 failed"; return 1; }
		mount -o "loop${4:+,$4}" "$3.img" "$3" 2>/dev/null ||
			{ why="$1 can't be mounted"; return 1; }
		;;
	esac
	mounts="$3 $mounts"
}

# Bytes that compress badly and repeat nowhere, the same on each run: pattern SIZE >FILE.
pattern() {
	head -c "$1" /dev/zero | openssl_stream 2>/dev/null
}
openssl_stream() {
	if have openssl; then
		openssl enc -aes-128-ctr -nosalt -K 00112233445566778899aabbccddeeff \
			-iv 00000000000000000000000000000000
	else
		# A counter on every line: slower, and just as easy to tell apart.
		size=$(wc -c)
		seq 1 $((size / 2 + 1)) | head -c "$size"
	fi
}

# shimmed RULES COMMAND...: run it with the calls failing that RULES name (shim.c).
shimmed() {
	rules=$1; shift
	MMCP_SHIM="$rules ${MMCP_SLOW:-}" LD_PRELOAD=$SHIM \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 "$@"
}
need_shim() {
	[ -e "${SHIM:=}" ] || skip_all "the shim is built by make check"
	[ "$(MMCP_SHIM=ioctl=EIO LD_PRELOAD=$SHIM sh -c 'echo works' 2>/dev/null)" = \
		works ] ||
		skip_all "libraries can't be preloaded here"
}

# need_faultfs: skip the test where faultfs can't be mounted or wasn't built.
need_faultfs() {
	need_root
	[ -c /dev/fuse ] || skip_all "there is no /dev/fuse"
	[ -x "${FAULTFS:=}" ] || skip_all "faultfs is built by make check, with libfuse"
}

# mount_faultfs BACKING MOUNTPOINT OPTION...: BACKING as faultfs shows it; faultfs.c has
# the options.  Both are absolute paths of directories, which are made.
mount_faultfs() {
	mkdir -p "$1" "$2"
	echo nonsense >"$2.rules"
	"$FAULTFS" "$1" "$2" -o "control=$2.rules$(
		shift 2
		for option; do printf ',%s' "$option"; done)" ||
		broken "faultfs can't be mounted"
	mounts="$2 $mounts"
	# It refuses everything while it can't understand its rules.
	! stat "$2" >/dev/null 2>&1 || broken "faultfs doesn't read its rules"
	faultfs_rules "$2"
}
unmount_faultfs() {
	umount "$1" || umount -l "$1" || broken "$1 can't be unmounted"
	mounts=$(echo "$mounts" | sed "s|$1 ||")
}
# faultfs_rules MOUNTPOINT RULE...: replace the rules that hold there; see rules.c.
faultfs_rules() {
	echo "$(shift; echo "$*")" >"$1.rules"
}

# is_prefix FILE SOURCE: FILE holds the beginning of SOURCE, and no more.
is_prefix() {
	size=$(stat -c %s "$1")
	[ "$size" -le "$(stat -c %s "$2")" ] && cmp -s -n "$size" "$1" "$2"
}

# The engines by name, for loops.
# shellcheck disable=SC2034
engines="auto mmap kernel stream"

# place NAME: make directory NAME here, on the file system it is named after (ext4, xfs,
# btrfs, tmpfs; or "here").  False, with the reason in $why, if it can't be had.
place() {
	case $1 in
	here) mkdir here ;;
	tmpfs)
		mount_fs tmpfs 400M "$work/tmpfs" && return
		shm=$(mktemp -d /dev/shm/mmcp-test.XXXXXX 2>/dev/null) || return
		trap 'rm -rf "$shm"; clean_up' EXIT
		rmdir tmpfs 2>/dev/null; ln -s "$shm" tmpfs
		;;
	ext4) mount_fs ext4 400M "$work/ext4" ;;
	xfs | btrfs) mount_fs "$1" 400M "$work/$1" ;;
	esac
}
# Equal to the last byte.
same_content() { cmp -- "$1" "$2"; }

# status_is and err_empty at once, for copies that should just work.
went_well() { status_is 0 && err_empty; }

# What is below directory $1, with the hidden names.
empty_directory() { [ -z "$(ls -A "$1")" ] || { ls -lA "$1"; false; }; }

# The data and holes of file $1, one "start length" a line, if there is a tool for it.
can_map_holes() { have xfs_io || have python3; }
holes_of() {
	! have xfs_io || { xfs_io -r -c 'seek -a -r 0' "$1"; return; }
	python3 "${srcdir:-.}/tests/tools/extents.py" "$1"
}
same_holes() {
	holes_of "$1" >"$work/.holes1" && holes_of "$2" >"$work/.holes2" &&
		diff "$work/.holes1" "$work/.holes2"
}

# open_to_nobody: an ordinary user may come in, and run $mmcp, which is in $work.
# False, with the reason in $why, if there is no way to become one.
open_to_nobody() {
	why="only root can become nobody"
	is_root || return 1
	chmod 755 "$work" && cp "$MMCP" "$work/mmcp" && mmcp=$work/mmcp
	why="there is no way to become nobody"
	as_nobody "$mmcp" --version >/dev/null 2>&1
}
as_nobody() {
	if have setpriv; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		runuser -u nobody -- "$@"
	fi
}

# Whether the mmcp under test watches its own addresses; and to have it not look for
# leaks at its end, which it can't while traced or short of processes.
sanitized() { grep -q __asan_init "$MMCP"; }
no_leak_check() { ASAN_OPTIONS=detect_leaks=0; export ASAN_OPTIONS; }

# Skip the test where strace can't inject faults.
need_strace() {
	need strace
	no_leak_check
	strace -D -f -qq -o /dev/null -e trace=fsync -e inject=fsync:error=EIO true \
		2>/dev/null ||
		skip_all "strace doesn't work here"
}

# injected CALL:WHAT COMMAND...: run it with that fault in each such call.
injected() {
	fault=$1; shift
	run timeout 100 strace -f -qq -o "$work/.trace" -e "trace=${fault%%:*}" \
		-e "inject=$fault" "$@"
}

# slowly CALL DELAY COMMAND...: start it in the background, $pid, with each such call
# taking DELAY microseconds longer; strace is no parent of it.  Signals are its default.
slowly() {
	call=$1; delay=$2; shift 2
	env --default-signal=INT,QUIT strace -D -f -qq -o /dev/null -e "trace=$call" \
		-e "inject=$call:delay_enter=$delay" "$@" >"$work/out" 2>"$work/err" &
	pid=$!
}

# Process $pid has two files open below directory $1.
two_open() {
	opened=0
	for fd in "/proc/$pid/fd"/*; do
		case $(readlink "$fd") in "$1"/*) opened=$((opened + 1)) ;; esac
	done
	[ $opened -ge 2 ]
}
gone() { ! kill -0 "$1" 2>/dev/null; }

# ended: wait for $pid; what `run' leaves is set.  strace may speak, too.
ended() {
	status=0
	wait "$pid" 2>/dev/null || status=$?
	grep -v '^strace: ' "$work/err" >"$work/.err"
	cp "$work/.err" "$work/err"
}

# tree_of DIR [times]: what is in it, in lines that a twin has, too: types, modes, owners,
# sizes, which names are links of one another, contents; and with "times", when.
tree_of() (
	cd "$1" || exit
	{
		find . -type d -printf '%p: %y %m %U:%G\n' -o -printf \
			'%p: %y %m %U:%G %s %n %l\n'
		find . ! -type d -links +1 -printf '%p\t%i\n' | LC_ALL=C sort |
			awk -F '\t' '!($2 in first) { first[$2] = $1 }
				{ print $1 ": a name of " first[$2] }'
		find . \( -type b -o -type c \) -exec stat -c '%n: device %t:%T' {} +
		find . -type f -exec cksum {} +
		[ "${2:-}" != times ] || find . -printf '%p: %T@\n'
	} | LC_ALL=C sort
)
same_tree() {
	tree_of "$1" "${3:-}" >"$work/.tree1" && tree_of "$2" "${3:-}" >"$work/.tree2" &&
		diff "$work/.tree1" "$work/.tree2"
}

# Each file below $2 is, byte for byte, that of the same name below $1.
only_whole_files() (
	top=$1
	cd "$2" || exit
	find . -type f -exec sh -c 'top=$1; shift; for file; do
		cmp "$top/$file" "$file" || exit 1; done' - "$top" {} +
)

# as_cp SENTENCE SETUP ARGUMENT...: in twin directories, cp.tree and mmcp.tree, that SETUP
# filled, cp and mmcp are run with the same arguments: all that comes of it is alike.
# Messages may come in another order.
as_cp() {
	says_as_cp "$@"
	shift 2
	check "$compared ($*): cp's result" same_tree cp.tree mmcp.tree
}
# The same, but for the result.
says_as_cp() {
	compared=$1; setup=$2; shift 2
	rm -rf cp.tree mmcp.tree
	for who in cp.tree mmcp.tree; do
		mkdir $who
		(cd $who && $setup) || broken "$setup"
	done
	cp_status=0
	(cd cp.tree && timeout 100 cp "$@") >cp.out 2>cp.err || cp_status=$?
	status=0
	(cd mmcp.tree && timeout 100 "$MMCP" "$@") >out 2>err || status=$?
	sed 's/^cp: /mmcp: /' cp.err | in_common >cp.common
	in_common <err >common
	check "$compared ($*): cp's words" diff cp.common common
	check "$compared ($*): cp's status" test "$status" = "$cp_status"
}
# Since 9.2 cp says here what it is that is not a directory, as mmcp does.
in_common() {
	sed 's/\(: cannot overwrite directory .*\) with non-directory.*/\1/' | sort
}
need_gnu_cp() {
	case $(cp --version 2>/dev/null | head -n 1) in
	*"GNU coreutils"*) ;;
	*) skip_all "the cp here is not GNU's" ;;
	esac
}

# The options of the help, short and long, one a line.
helped_options() {
	"$MMCP" --help=all | sed -n 's/^ \{2,6\}\(-[^ ].*\)/\1/p' | sed 's/   *.*//' |
		tr -s ', ' '\n' |
		sed 's/\[\{0,1\}=.*//; s/\[\{0,1\}$//' | grep '^-' | sort -u
}

# Caches are the whole machine's: none is dropped between keep_caches and exec 8>&-.
lock_caches() { exec 8>/proc/sys/vm/drop_caches; ! have flock || flock "$@" 8; }
drop_caches() { (lock_caches -x && echo "$1" >&8); }
keep_caches() { [ ! -w /proc/sys/vm/drop_caches ] || lock_caches -s; }

# meet ARGUMENT...: meet.py has what they are.
meet() { python3 "${srcdir:-.}/tests/tools/meet.py" "$@"; }
