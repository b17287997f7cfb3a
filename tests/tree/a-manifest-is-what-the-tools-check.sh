#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --manifest of 1000 files with names of any kind: xxhsum, sha256sum and b2sum find each
# of them good, and print the same lines.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

cat >make.py <<'P'
import os, random
random.seed(25)
fixed = [b"-", b"--", b"--help", b"-c", b" lead", b"trail ", b"two  spaces", b"*star",
         b"#hash", b"\\", b"\\n", b"\\lead", b"a\\b", b"a\rb", b"cr\r", b"a\nb", b"\n",
         b"tab\t", b"'\"", b"\x01\x7f", b"\xff\xfe", b"\xef\xbb\xbfmark", b"a = b",
         b"SHA256 (x) = 1", b"XXH128 (x) = 1", b"XXH3_x", b"x" * 255, b"...", b"~",
         "ä\u2028".encode()]
plain = [c for c in range(1, 256) if c != 47]

def name():
    kind = random.random()
    n = random.choice([1, 2, 3, 8, 30, 200])
    if kind < 0.5:
        return bytes(random.choice(plain) for _ in range(n))
    return bytes(random.choice(b" -\\ab.\r*()=") for _ in range(n))

dirs, made = [b"from"], 0
os.mkdir(b"from")
while made < 1000:
    leaf = fixed[made] if made < len(fixed) else name()
    where = b"from" if made < len(fixed) else random.choice(dirs)
    path = where + b"/" + leaf
    if leaf in (b".", b"..") or os.path.lexists(path):
        continue
    if made >= len(fixed) and random.random() < 0.05 and path.count(b"/") < 6:
        os.mkdir(path)
        dirs.append(path)
        continue
    with open(path, "wb") as file:
        file.write(random.randbytes(random.choice([0, 1, 16, 240, 1000, 70000])))
    made += 1
P
python3 make.py || broken "the files can't be made"
check "there are 1000 files" test "$(find from -type f -printf .)" = \
	"$(printf '%1000s' '' | tr ' ' .)"
newlines=$(find from -type f -name '*
*' -printf . | wc -c)
below=$(find from -type f -path '*
*' -printf . | wc -c)
check "some have newlines in their names" test "$newlines" -gt 1

# printed TOOL...: what it prints of the copies, in the order of their names.
printed() {
	(cd to && find . -type f ${skipped:+! -path "$skipped"} -printf '%P\0' |
		LC_ALL=C sort -z | sed -z 's|^-$|./-|' | xargs -0 "$@" --)
}
as_printed() {
	printed "$@" >wanted
	LC_ALL=C diff -a wanted manifest | cat -A
	cmp wanted manifest
}
# found_good TOOL...: it says so of each line.
found_good() {
	(cd to && "$@" -c ../manifest >../said 2>&1) || { cat said; return 1; }
	[ "$(grep -ac OK said)" -ge "$(wc -l <manifest)" ] || { cat -A said; false; }
}

for case in 'xxh128 xxhsum -H2' 'sha256 sha256sum' 'blake2b b2sum'; do
	# shellcheck disable=SC2086 # words
	set -- $case
	algorithm=$1; shift
	run "$MMCP" --manifest=none --manifest-algorithm="$algorithm" make.py made.py
	if [ "$status" = 1 ] && err_has "needs lib"; then
		skip "$algorithm" "$(cat err)"
		continue
	fi
	rm -f none made.py
	if ! have "$1"; then
		skip "$algorithm" "$1 is not installed"
		continue
	fi
	for options in -rj1 -aj4 '-aj3 --atomic' '-rj2 --engine=stream'; do
		sampled || continue
		rm -rf to manifest
		# shellcheck disable=SC2086 # words
		run "$MMCP" $options --manifest=manifest \
			--manifest-algorithm="$algorithm" from to
		skipped=''
		if [ "$algorithm" = xxh128 ]; then
			skipped='*
*'
			check "xxh128, $options: newlines are an error" status_is 1
			check "xxh128, $options: for each such name" test \
				"$(grep -c 'xxhsum takes no newline' err)" = "$below"
			check "xxh128, $options: and nothing else is" test \
				"$(wc -l <err)" = "$below"
		else
			check "$algorithm, $options: it copies" went_well
		fi
		check "$algorithm, $options: all is copied" diff -r from to
		check "$algorithm, $options: the tool takes it" found_good "${1}"
		check "$algorithm, $options: its lines are the tool's" as_printed "$@"
		check "$algorithm, $options: no hidden file is left" no_leftovers .
	done
	echo changed >>to/cr"$(printf '\r')"
	check "$algorithm: a changed file is found" sh -c '! "$@"' - found_good "$1"
done

# More lines than are kept in memory.
if [ ! -e manifest ]; then
	skip "many lines" "nothing can be hashed"
elif ! place tmpfs; then
	skip "many lines" "$why"
else
	cd tmpfs || exit 99
	cat >make.py <<'P'
import os
os.mkdir("from")
open("from/" + "a" * 240, "w").write("text\n")
for i in range(40000):
    os.link("from/" + "a" * 240, "from/%d-" % (i * 7919 % 40009) + "b" * 230)
P
	python3 make.py
	mv "$work/manifest" old
	run "$MMCP" -aj2 --manifest=manifest --manifest-algorithm="$algorithm" from to
	check "many lines: it copies" went_well
	check "many lines: each is there" test "$(wc -l <manifest)" = 40001
	(cd to && printf '%s\n' * | LC_ALL=C sort) >names
	lines_are_sorted() { sed 's/^[^ ]*  //' manifest | cmp - names; }
	check "many lines: they are sorted" lines_are_sorted
	check "many lines: and good" test "$(cut -d ' ' -f 1 manifest | sort -u)" = \
		"$("$1" <from/"$(head -n 1 names)" | cut -d ' ' -f 1)"
	check "many lines: no hidden file is left" no_leftovers .
	cd "$work" || exit 99
fi

finish
