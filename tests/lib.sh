# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# tests/lib.sh: what every test shares.  A test is a sentence; it sources this file,
# makes its point with `check', and ends with `finish'.  It works in $work, which is
# removed at the end with everything mounted below it.  TAP goes to stdout.

set -u
: "${MMCP:?is the mmcp to test; try: make check}"
test_name=$(basename "$0" .sh)
checks=0
work=$(mktemp -d "${TMPDIR:-/tmp}/mmcp-test.XXXXXX") || exit 99
mounts=
LC_ALL=C.UTF-8
export LC_ALL MMCP
unset POSIXLY_CORRECT VERSION_CONTROL SIMPLE_BACKUP_SUFFIX
umask 022

clean_up() {
	cd / || exit 99
	for m in $mounts; do umount -l "$m" 2>/dev/null; done
	chmod -R u+rwx "$work" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99

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
		echo "not ok $checks - $sentence"
		echo "# in $test_name: $* (status $?)"
		head -n 40 "$work/.check.out" | diag
	fi
}

# skip SENTENCE REASON: one TAP line for a check that can't be made here.
skip() {
	checks=$((checks + 1))
	echo "ok $checks - $1 # SKIP $2"
}

finish() { echo "1..$checks"; exit 0; }

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

need() {
	for tool; do have "$tool" || skip_all "$tool is not installed"; done
}
need_root() { is_root || skip_all "only root can do this"; }

# run COMMAND...: status into $status, output into the files out and err of $work.
run() {
	status=0
	"$@" >"$work/out" 2>"$work/err" || status=$?
}

# For use with check: what the last `run' left.
status_is() { [ "$status" = "$1" ] || { echo "status $status, not $1"; cat "$work/err"; false; }; }
err_is() { printf '%s\n' "$1" >"$work/.want"; diff "$work/.want" "$work/err"; }
err_has() { grep -qF -- "$1" "$work/err" || { cat "$work/err"; false; }; }
err_empty() { [ ! -s "$work/err" ] || { cat "$work/err"; false; }; }
out_is() { printf '%s\n' "$1" >"$work/.want"; diff "$work/.want" "$work/out"; }
out_has() { grep -qF -- "$1" "$work/out" || { cat "$work/out"; false; }; }
absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
# Nothing of ours is left in directory $1 under a hidden name.
no_leftovers() { [ -z "$(find "$1" -name '.mmcp-*' -print)" ]; }

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
	MMCP_SHIM=$rules ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		LD_PRELOAD=$SHIM "$@"
}
need_shim() {
	[ -e "${SHIM:=}" ] || skip_all "the shim is built by make check"
	[ "$(MMCP_SHIM=ioctl=EIO LD_PRELOAD=$SHIM sh -c 'echo works' 2>/dev/null)" = works ] ||
		skip_all "libraries can't be preloaded here"
}

# is_prefix FILE SOURCE: FILE holds the beginning of SOURCE, and no more.
is_prefix() {
	size=$(stat -c %s "$1")
	[ "$size" -le "$(stat -c %s "$2")" ] && cmp -s -n "$size" "$1" "$2"
}
