#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Filters of containers refuse system calls that they don't know, with EPERM or ENOSYS,
# and a chroot may have no /proc.  There, too, the copy is the one that cp makes where it
# has both.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

need python3 getfattr setfattr setfacl
need_gnu_cp
no_leak_check
[ -x "${REFUSE:=}" ] || skip_all "refuse is built by make check"
"$REFUSE" ENOSYS 4000 true || skip_all "system calls can't be refused here"
cp "$REFUSE" refuse
mmcp=$MMCP
users=user
if is_root; then
	users='root user'
	open_to_nobody || skip_all "$why"
fi

# As the user whose directory this is.
as_user() {
	case $PWD in
	"$work/user") ! is_root || set -- as_nobody "$@" ;;
	esac
	"$@"
}

# All kinds of files, with what each can have besides its bytes.
cat >make_tree <<'END'
mkdir "$1" && cd "$1" && mkdir dir dir/below readonly unreadable sticky setgid
for i in 1 2 3 4 5; do echo $i | tee dir/$i >dir/below/$i; done
head -c 300000 /dev/zero | tr '\0' l >large
truncate -s 1M sparse && echo end >>sparse
echo text | tee file >readonly/file
ln file dir/hard
ln -s file symlink
ln -s nowhere dangling
mkfifo -m 640 fifo && mkfifo -m 666 pipe && ln fifo dir/fifo
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
chmod 751 socket
if [ "$(id -u)" = 0 ]; then
	mknod -m 640 block b 8 1
	mknod -m 666 char c 1 3
	chown 12:34 fifo block socket file
	chown -h 5:6 symlink
	setfattr -h -n trusted.mmcp -v 1 symlink
	setfattr -n trusted.mmcp -v 1 fifo
fi
setfattr -n user.mmcp -v 1 file dir
setfacl -m u:12:rw file fifo
setfacl -d -m u:12:rwx dir/below
chmod 4755 dir/1
chmod 1777 sticky
chmod 2755 setgid
chmod 555 readonly
chmod 311 unreadable
touch -h -d '2001-02-03 04:05:06.7' symlink fifo socket file dir dir/below large readonly
END

# list_trees: all that can be seen of what is below trees, which is found by root; ACLs
# are among the attributes.
list_trees() (
	cd trees && {
		find . -exec stat -c '%N: %A %a %u:%g %h %t:%T' {} + \
			\( -type f -exec cksum {} + , ! -type d \
			\( -path './new/*' -o -path './over/*' \) -printf '%p: %T@\n' , \
			-path ./new/sparse -printf '%p: %b blocks\n' \)
		getfattr -R -h -d -m - .
	} 2>/dev/null | sort
)

# without_proc COMMAND...: in a chroot where nothing is mounted.
without_proc() {
	case $PWD in
	"$work/user") set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@" ;;
	esac
	# shellcheck disable=SC2016
	unshare --mount --propagation private sh -c 'top=$1; work=$2; here=$3; shift 3
		mount --bind / "$top" && mount --bind "$work" "$top$work" &&
		exec chroot "$top" env -C "$here" "$@"' sh "$work/top" "$work" "$PWD" "$@"
}

# copies COMMAND...: what it makes of src, into "listed", and says, into "words".
copies() {
	chmod -R u+rwx trees
	rm -rf trees
	as_user cp -a old trees
	{
		"$@" -a src trees/new
		"$@" -a src/. trees/over
		"$@" -r --remove-destination src/. trees/removed
		"$@" -r --backup=numbered src/. trees/backup
		"$@" -a --parents src/dir/below/1 src/fifo trees
	} 2>said
	sed 's/^[a-z]*: //' said | in_common >words
	list_trees >listed
}

# as_cps COMMAND...: the same as cp's.
as_cps() {
	copies "$@"
	diff words.cp words && diff listed.cp listed
}

# refused NAME CALLS: by both errors.
refused() {
	for error in EPERM ENOSYS; do
		sampled || continue
		check "$user: $1: $error" as_cps as_user ../refuse $error "$2" "$mmcp"
	done
}

# What we call, or libc may, or somebody might want to; the others all at once.
named='copy_file_range statx renameat2 getrandom userfaultfd clone3 close_range openat2
	faccessat2 fchmodat2 io_uring_setup'
[ -z "${MMCP_LONG:-}" ] || named=$(./refuse --list)
all=$(./refuse --list | paste -s -d ,)
# All numbers above those of kernels that are old.
[ "$(uname -m)" != x86_64 ] || old_kernels='314+ 424+'

prepare() {
	mkdir -m 777 "$work/$user"
	cd "$work/$user" || exit
	as_user sh ../make_tree src 2>/dev/null
	as_user mkdir old trees
	for tree in over removed backup; do
		as_user sh ../make_tree old/$tree 2>/dev/null
		as_user chmod 644 old/$tree/fifo old/$tree/pipe old/$tree/file
		as_user chmod 711 old/$tree/unreadable
		as_user rm -f old/$tree/socket old/$tree/block
		as_user ln -sf file old/$tree/dangling
	done
	copies as_user cp
	mv words words.cp
	mv listed listed.cp
}

for user in $users; do
	prepare
	check "$user: with all of it" as_cps as_user "$mmcp"
	for call in $named ${old_kernels:-}; do refused "$call" "$call"; done
	refused "all that is new" "$all"
done

# copies_large ENGINE ERROR: a file large enough to be mapped, new and over an old one.
copies_large() {
	rm -f "$work/copy"
	for _ in new old; do
		"$work/refuse" "$2" "$all" "$mmcp" --engine="$1" "$work/large" \
			"$work/copy" &&
			cmp "$work/large" "$work/copy" || return
	done
}
head -c 20000000 /dev/zero | tr '\0' x >"$work/large"
for engine in auto mmap stream; do
	for error in EPERM ENOSYS; do
		sampled || continue
		check "a large file, $engine: all that is new: $error" copies_large \
			$engine $error
	done
done

# copies_many ERROR: more files than one process copies alone.
copies_many() {
	rm -rf "$work/many.copy"
	"$work/refuse" "$1" "$all" "$mmcp" -a -j3 "$work/many" "$work/many.copy" &&
		diff -r "$work/many" "$work/many.copy"
}
mkdir "$work/many"
for i in 1 2 3 4 5 6; do
	mkdir "$work/many/$i"
	(cd "$work/many/$i" && seq 10000 11999 | split -l 20 -)
done
for error in EPERM ENOSYS; do
	sampled || continue
	check "many files, by workers: all that is new: $error" copies_many $error
done

why=
! sanitized || why="the sanitizer finds its options there"
mkdir "$work/top"
[ "$(without_proc sh -c 'ls /proc; echo works' 2>/dev/null)" = works ] ||
	why="there is no way to a chroot without one"
if [ -n "$why" ]; then
	skip "without /proc" "$why"
	finish
fi
echo 'mmcp alias --chatty -v' >"$work/.popt"
cd "$work" || exit
run without_proc env HOME="$work" "$mmcp" --chatty refuse copied
check "without /proc, aliases are known" out_is "'refuse' -> 'copied'"
ln -s copied link
run without_proc "$mmcp" --atomic large link
check "without /proc, --atomic replaces what a symlink leads to" same_content large copied
if "$mmcp" --verify /dev/null there 2>/dev/null; then
	for options in "" -b --remove-destination --verify=read; do
		echo old >there
		# shellcheck disable=SC2086 # none, or one
		run without_proc "$mmcp" --verify $options large there
		check "without /proc, --verify $options over a file" went_well
		check "without /proc, --verify $options: as it is" \
			same_content large there
	done
	rm there
	run without_proc "$mmcp" --verify large there
	check "without /proc, --verify of a new file" went_well
fi
for user in $users; do
	cd "$work/$user" || exit
	check "$user: without /proc" as_cps without_proc "$mmcp"
	for error in EPERM ENOSYS; do
		sampled || continue
		check "$user: without /proc, $error for all that is new" as_cps \
			without_proc \
			../refuse $error "$all" "$mmcp"
	done
done

finish
