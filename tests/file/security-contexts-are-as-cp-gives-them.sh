#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With SELinux, each copy, new or old, has the context that cp would give to it, and
# errors are reported as by cp.  A stand-in for libselinux and the kernel
# (tests/tools/selinux.c) keeps contexts in security.selinux, for files of all processes.
. "${srcdir:?}/tests/tools/lib.sh"
need_root
need cp getfattr setfattr
[ -e "${SELINUX:=}" ] ||
	skip_all "the stand-in for libselinux is built by make check, with libselinux"
[ "$(stat -f -c %t /sys/fs/selinux 2>/dev/null)" != f97cff8c ] ||
	skip_all "there is a real SELinux"
# On ext4, if possible, where root may set the attribute for contexts.
top=$work
! mount_fs ext4 64M "$work/ext4" || top=$work/ext4
cd "$top" || exit 99
touch probe
setfattr -n security.selinux -v u:r:t:s0 probe 2>/dev/null ||
	skip_all "there are no attributes for contexts here"

# selinux MODE COMMAND...: run it with SELinux; $fail has the calls that fail.
fail=
selinux() {
	mode=$1; shift
	env SELINUX_MODE="$mode" SELINUX_FAIL="$fail" SELINUX_LOG="$work/log" \
		LD_PRELOAD="$SELINUX" \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 "$@"
}
[ "$(selinux enforcing sh -c 'echo works')" = works ] ||
	skip_all "libraries can't be preloaded here"

# The sources: each file has a context of its own.
make_source() {
	mkdir -p s/d/e t/there/s/d t/there/s/link || broken "no source"
	echo a >s/a; echo b >s/b.named; : >s/empty; echo u >s/d/x.unusual
	head -c 600000 /dev/zero >s/big
	ln s/a s/a2; ln -s a s/link; ln -s nowhere s/dangling
	mkfifo s/fifo; mknod s/null c 1 3
	for i in 1 2 3 4 5 6 7 8 9; do echo $i >s/d/e/$i; done
	find s ! -name a2 | while read -r f; do
		type=${f##*/}
		printf '# file: %s\nsecurity.selinux="src_u:object_r:%s_t:s0:c1"\n\n' \
			"$f" "${type%%.*}"
	done >.labels
	setfattr -h --restore=.labels
	setfattr -n security.selinux -v sys_u:object_r:dir_t:s0 . t
	echo old >t/old; ln -s old t/oldlink; echo old >t/there/s/a; rmdir t/there/s/link
	setfattr -n security.selinux -v old_u:object_r:old_t:s0:c2 t/old t/there/s/a \
		t/there/s/d
}
state() {
	find s t -printf '%p %y %m %s %l\n' | sort
	getfattr -P -R -h -d -m security.selinux s t |
		awk '/^# file/ { f = $3 } /=/ { print f, $0 }' | sort
}

# with PROGRAM MODE ARGUMENT...: run it in a new directory; the result goes to NAME.out.
with() {
	program=$1 mode=$2; shift 2
	name=$(basename "$program")
	rm -rf place; mkdir place; cd place || exit 99
	make_source
	status=0
	selinux "$mode" "$program" "$@" >"$work/words" 2>&1 || status=$?
	{
		echo "status $status"; sed 's/^mmcp: /cp: /' "$work/words" | sort
		state
	} >"$work/$name.out"
	cd "$top" || exit 99
}
# With one process, or several.
as_cp() {
	with cp "$@"
	mode=$1; shift
	with "$MMCP" "$mode" -j $((1 + checks % 2 * 2)) "$@"
	diff "$work/cp.out" "$work/mmcp.out"
}

context_is() {
	[ "$(getfattr -h --only-values -n security.selinux "$2")" = "$1" ] ||
		{ getfattr -h -n security.selinux "$2"; cat "$work/words"; false; }
}

if selinux enforcing cp --preserve=context probe probe3 2>/dev/null; then
	while read -r mode fail arguments; do
		[ "$fail" != - ] || fail=
		eval "set -- $arguments"
		check "$mode${fail:+, $fail}: $arguments" as_cp "$mode" "$@"
	done <"$srcdir/tests/file/contexts.cases"
else
	skip "cp and mmcp" "this cp knows nothing of SELinux"
fi
fail=

# Where cp has a bug, or can't do it.
with "$MMCP" enforcing -j 3 -rZ s t
check "what has no usual context has none of another file" \
	context_is joe_u:object_r:d_d_t:s0 place/t/s/d/x.unusual
with "$MMCP" enforcing -L --preserve=context s/link t/new
check "what a symlink leads to is copied with its own context" \
	context_is src_u:object_r:a_t:s0:c1 place/t/new
with "$MMCP" enforcing -a --context=a_u:b_r:c_t:s0 s t
check "--context is not undone by -a" context_is a_u:b_r:c_t:s0 place/t/s/d/e/1
for fail in setfilecon=EACCES getfilecon=EACCES; do
	for option in --force --backup --remove-destination; do
		with "$MMCP" enforcing $option --preserve=context s/a t/old
		[ $option = --force ] || [ $fail = getfilecon=EACCES ] ||
			continue	# it is new, and has it from the beginning
		check "$option: a file that can't have its context stays ($fail)" \
			grep -qx old place/t/old
	done
done
fail=

# --atomic, where a new file gets its name last.
with "$MMCP" enforcing --atomic s/a s/b.named t/there
check "--atomic labels a new file by its name" \
	context_is joe_u:object_r:named_t:s0 place/t/there/b.named
with "$MMCP" enforcing --atomic s/a t/old
check "--atomic leaves an old file its context" \
	context_is old_u:object_r:old_t:s0:c2 place/t/old
with "$MMCP" enforcing --atomic -a s/a t/old
check "--atomic -a gives an old file the source's" \
	context_is src_u:object_r:a_t:s0:c1 place/t/old
with "$MMCP" enforcing --atomic -Z s/big t/old
check "--atomic -Z gives an old file the type that is usual" \
	context_is old_u:object_r:old_f_t:s0:c2 place/t/old
with "$MMCP" enforcing --atomic -Z s/big t/new
check "--atomic -Z gives a new file the context that is usual" \
	context_is joe_u:object_r:new_f_t:s0 place/t/new

# So does --verify.
with "$MMCP" enforcing --verify s/a s/b.named t/there
if [ "$status" = 0 ]; then
	check "--verify labels a new file by its name" \
		context_is joe_u:object_r:named_t:s0 place/t/there/b.named
	with "$MMCP" enforcing --verify s/a t/old
	check "--verify leaves an old file its context" \
		context_is old_u:object_r:old_t:s0:c2 place/t/old
else
	skip "--verify labels a new file" "$(cat "$work/words")"
fi

# Without an option for contexts, they cost nothing.
looked_for() {
	[ "$(grep -ic selinux trace)" = "$1" ] || { grep -i selinux trace; false; }
}
if have strace; then
	touch plain
	ASAN_OPTIONS=detect_leaks=0 strace -f -o trace "$MMCP" plain plain2
	check "a plain copy doesn't look for SELinux" looked_for 0
	ASAN_OPTIONS=detect_leaks=0 strace -f -o trace "$MMCP" -a plain plain3
	check "-a looks for it by one call" looked_for 1
else
	skip "without an option for contexts, they cost nothing" \
		"strace is not installed"
fi
finish
