#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# By strace: with what modes things are made, and that all else goes by descriptors.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_strace

mkdir -p s/open s/private s/none s/wide
chmod 700 s/private; chmod 2777 s/wide
modes="444 600 640 644 666 755 777 4755" files=33
# Which only root can read.
if is_root; then modes="$modes 000" files=37; fi
for d in open private none wide; do
	for mode in $modes; do
		echo "$d $mode" >"s/$d/$mode"; chmod "$mode" "s/$d/$mode"
	done
	mkfifo -m 666 s/$d/pipe; ln -s nowhere s/$d/link
done
pattern 300000 >s/open/hidden; chmod 640 s/open/hidden

chmod 555 s/none

acl=
if have setfattr && setfattr -n user.test -v value s/open/644 2>/dev/null; then
	setfattr -n user.test -v value s/open
	setfattr -n user.test -v value s/private/644
fi
if have setfacl && setfacl -m u:7:rw s/open/600 2>/dev/null; then
	setfacl -m u:7:rwx s/wide; setfacl -d -m u:8:rwx s/open
	acl=yes
fi

# traced OPTION...: a copy of s by mmcp -j2; what it made is in the file made, a mode and
# the line of each.
traced() {
	chmod -R u+rwx to 2>/dev/null; rm -rf to
	run strace -f -qq -v -o trace -e trace=file,desc "$MMCP" -j2 "$@" s to
	grep -E '^[0-9]+ +(openat|open|creat|mkdirat|mkdir|mknodat|mknod)\(' trace |
		grep -E 'O_CREAT|O_TMPFILE|creat\(|mkdir|mknod' >made
}
all_exclusive() { ! grep -E 'O_CREAT|creat\(' made | grep -v O_EXCL; }

# no_wider UMASK: no mode in made is wider than that of the same name in the source, and
# than what the umask leaves.
no_wider() {
	umask=$1
	sed -n 's/.*openat([^"]*"\([^"]*\)".*, 0\([0-7]*\)) .*/\1 \2 600/p
		s/.*mkdirat([^"]*"\([^"]*\)", 0\([0-7]*\)) .*/\1 \2 700/p' made |
	while read -r name mode own; do
		case $name in
		to | . | .mmcp-*) continue ;;
		esac
		wide=0
		for it in "s/$name" s/*/"$name"; do
			[ -e "$it" ] && wide=$((wide | 0$(stat -c %a "$it")))
		done
		if [ "$own" = 700 ]; then wide=$((wide | 0700)); fi
		[ $((0$mode & ~wide & ~umask)) = 0 ] ||
			{ echo "$name made with mode $mode"; exit 1; }
	done
}
private() {
	! sed -n -e 's/.*openat.*, 0\([0-7]*\)) .*/\1 &/p' \
		-e 's/.*mknodat.*S_IF[A-Z]*|0\([0-7]*\).*/\1 &/p' \
		made | awk '$1 !~ /^[0-6]?00$/' | grep . &&
	! sed -n 's/.*mkdirat.*, 0\([0-7]*\)) .*/\1 &/p' made |
		awk '$1 !~ /^[0-7]?700$/' | grep .
}

traced -r
check "-r works" status_is 0
check "and makes each file once" test "$(grep -c 'O_CREAT\|O_TMPFILE' made)" = $files
check "each exclusively" all_exclusive
check "with no mode wider than its last" no_wider 0
for option in -a -rp; do
	traced $option
	check "$option works" status_is 0
	check "$option makes each file once" \
		test "$(grep -c 'O_CREAT\|O_TMPFILE' made)" = $files
	check "$option makes each exclusively" all_exclusive
	check "$option makes each for its owner alone" private
	check "$option keeps modes" same_tree s to
	# A name may be looked up again only through a descriptor.
	grep -E '^[0-9]+ +(l?(setxattr|removexattr|chown)|chmod|utimes?|truncate)\("' \
		trace |
		grep -vE '\("/proc/self/fd/[0-9]+"' >by-path
	grep -E '^[0-9]+ +(fchmodat2?|fchownat|utimensat)\([^,]*, "' trace |
		grep -vE '\([A-Z_0-9]+, "/proc/self/fd/[0-9]+"|, "", .*AT_EMPTY_PATH' \
			>>by-path
	check "$option changes nothing by its path" test ! -s by-path
done
if [ -n "$acl" ]; then
	traced -a
	getfacl -pR s 2>/dev/null | sed 's/^# file: s/# file: to/' >acl.s
	getfacl -pR to 2>/dev/null >acl.to
	check "ACLs are kept" diff acl.s acl.to
else
	skip "ACLs are kept" "no ACLs here"
fi

finish
