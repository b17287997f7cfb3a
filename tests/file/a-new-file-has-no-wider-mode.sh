#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mode_is() {
	[ "$(stat -c %a "$2")" = "$1" ] || { stat -c '%a %n' "$2"; false; }
}

# copied SOURCE-MODE UMASK MODE FILE: copy it, and compare the mode.
copied() {
	chmod "$1" "$4" || broken "no mode $1"
	rm -f x
	(umask "$2" && "$MMCP" "$4" x)
	check "a file of mode $1 ($4) under umask $2 has mode $3" mode_is "$3" x
}

echo content >small
pattern 2000000 >large
for file in small large; do
	copied 644 022 644 $file
	copied 666 022 644 $file
	copied 777 027 750 $file
	copied 600 000 600 $file
	copied 4755 022 755 $file
	copied 6777 000 777 $file
	copied 1666 000 666 $file
	copied 444 022 444 $file
	copied 640 077 600 $file
done

if have strace && strace -o /dev/null true 2>/dev/null; then
	umask 022
	for file in small large; do
		rm -f x
		chmod 4640 $file
		run strace -f -o trace -e trace=openat,open,creat,chmod,fchmod,fchmodat \
			"$MMCP" $file x
		grep -E 'O_CREAT|O_TMPFILE|creat\(' trace >created
		check "a new file ($file) is made once" test "$(wc -l <created)" = 1
		check "exclusively or without a name" grep -qE 'O_EXCL|O_TMPFILE' created
		check "with its final mode at once" grep -qE ', 0640\) = ' created
		check "which is never changed" sh -c "! grep -q chmod trace"
	done
else
	skip "the mode at creation" "strace doesn't work here"
fi

finish
