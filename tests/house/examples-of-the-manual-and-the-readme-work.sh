#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What stands under DESCRIPTION and EXAMPLES in the manual, and under Examples in README,
# is run, in a file system name space where it harms nobody.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need mandoc unshare jq
need_root
unshare -m true 2>/dev/null || skip_all "there are no name spaces to be had"

page=${srcdir:-.}/man/mmcp.1
# Each command in a line: what begins with a prompt, and the lines that belong to it.
mandoc -T ascii -O width=200 "$page" | sed 's/.\x08//g' |
	sed -n '/^DESCRIPTION/,/^OPTIONS/p; /^EXAMPLES/,/^DIAGNOSTICS/p' | awk '
	/^ *[$#] / { if (c != "") print c; sub(/^ *[$#] /, ""); c = $0; next }
	c != "" && /^ *$/ { print c; c = ""; next }
	c != "" && /^     [^ ]/ { print c; c = ""; next }
	c != "" { sub(/^ */, " "); c = c $0 }
	END { if (c != "") print c }' >commands
check "there are examples in the manual" test "$(wc -l <commands)" -ge 24

readme=${srcdir:-.}/README.md
sed -n '/^## Examples/,/^## Other/p' "$readme" | sed -n 's/  *#.*//; /^mmcp/p' >examples
check "there are ten examples in README" test "$(wc -l <examples)" = 10
cat examples >>commands
check "README can be read in a few minutes" test "$(wc -l <"$readme")" -le 160
check "README is one file" cmp "$readme" "${srcdir:-.}/README"

cat >prepare <<'END'
set -e
mount --make-rprivate /
for dir in /mnt /home /usr/local/lib; do mount -t tmpfs none $dir; done
mkdir /mnt/images /mnt/headers /mnt/project /home/user; echo x >/home/user/f
cd "$1"; mkdir bin; ln -s "$MMCP" bin/mmcp; PATH=$PWD/bin:$PATH
head -c 100000 /dev/urandom >disk.img; cp disk.img other.img; cp disk.img table.bin
mkdir -p src/a src/b project/build project/src; echo h >src/a/a.h; echo h >src/b/b.h
echo c >project/src/p.c; echo o >project/src/p.o; echo h >project/src/p.h
echo new >new.so; echo old >/usr/local/lib/lib.so
END
while read -r command; do
	case $command in
	*nr_hugepages* | *hugetlbfs* | */mnt/huge)
		skip "$command" "a-hugetlbfs-file-is-rounded-up does it"
		continue ;;
	'mmcp -a --files0-from=failed'*) before=": >failed;" ;;
	*) before= ;;
	esac
	rm -rf here; mkdir here
	# shellcheck disable=SC2016 # for that shell
	run unshare -m sh -c '. ./prepare; eval "$2"' - "$work/here" "$before $command"
	sed -i '/^mmcp: .* in [0-9]* files*\($\|[ ,]\)/d' err	# the closing line
	check "$command" test "$status" = 0 -a ! -s err
done <commands

finish
