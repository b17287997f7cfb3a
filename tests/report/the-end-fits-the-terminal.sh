#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What was done is said in one line where nobody counts columns.  A terminal that is too
# narrow for it gets several, in each language.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/language-lib
. "${srcdir:-.}/tests/tools/language-lib"
need python3 localedef msgfmt
no_leak_check
make_languages de_DE zh_CN

cat >terminal.py <<'P'
"""terminal.py COLUMNS COMMAND...: print what the command says on a terminal of so many
columns, and "wide: LINE" for each line that has more."""
import fcntl, os, struct, subprocess, sys, termios, unicodedata

columns = int(sys.argv[1])
master, terminal = os.openpty()
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
process = subprocess.Popen(sys.argv[2:], stderr=terminal, stdout=subprocess.DEVNULL)
os.close(terminal)
said = b""
while True:
    try:
        piece = os.read(master, 4096)
    except OSError:             # the end
        break
    said += piece
process.wait()
for line in said.decode().replace("\r", "").splitlines():
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    sys.stdout.buffer.write((("wide: " if wide > columns else "") + line + "\n").encode())
P

mkdir tree; for i in $(seq 12); do echo "$i" >"tree/$i"; done
# said LANGUAGE COLUMNS ARGUMENT...: what 3 new files, 9 old ones and 3 that fail lead to.
said() {
	language=$1 columns=$2; shift 2
	rm -rf to; mkdir to; cp -r tree to; rm to/tree/[123]
	speaking "$language" python3 terminal.py "$columns" env TERM=dumb \
		"$MMCP" -rgu "$@" tree none1 none2 none3 to
}
# end LANGUAGE COLUMNS ARGUMENT...: the lines of the end, in $lines, but for times.
end() {
	said "$@" >all
	# The errors come first, and once more behind a headline.
	grep -v "none[123]'\|:$\|：$" all >ends
	sed 's/[0-9.,]* \(ms\|s\|毫秒\|秒\)//; s/ *\((\|（\)[0-9.,]* B.s\()\|）\)//' \
		ends >lines
	! grep '^wide:' ends
}
one() { [ "$(wc -l <lines)" = 1 ] || { cat all; false; }; }
several() { [ "$(wc -l <lines)" -gt 1 ] || { cat all; false; }; }
# joined COMMA: the lines have the same items as the one.
joined() {
	sed 's/^mmcp: //' lines | awk -v comma="$1" '
		{ text = text (NR > 1 ? comma : "") $0 }
		END { print "mmcp: " text }' |
		tr -d ' ' >line
	tr -d ' ' <one.line | diff - line
}

for language in C de_DE zh_CN; do
	comma=", "; [ $language != zh_CN ] || comma="，"
	check "$language: a wide terminal" end "$language" 200
	check "$language: has one line" one
	cp lines one.line
	for columns in 80 60 54; do
		check "$language: no line has more than $columns columns" \
			end "$language" "$columns"
		check "$language: and nothing is missing" joined "$comma"
	done
	end "$language" 40 >/dev/null
	check "$language: a narrow one has several" several
	check "$language: a dry run" end "$language" 40 -N
	check "$language: has several, too" several
done
run "$MMCP" -rgu tree none1 none2 none3 to
check "no terminal has one line, however long" \
	[ "$(grep -c ' skipped, 3 failed$' err)" = 1 ]
finish
