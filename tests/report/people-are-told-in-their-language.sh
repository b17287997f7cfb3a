#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# German and Chinese users read whole lines of their languages; programs read what they
# read in any locale.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/language-lib
. "${srcdir:-.}/tests/tools/language-lib"
need localedef msgfmt python3
make_languages de_DE zh_CN

printf 'a' >a; printf 'b' >b; mkdir tree; echo x >tree/1
# ours LANGUAGE ARGUMENT...: run mmcp.
ours() {
	ours=$1; shift
	run speaking "$ours" "$MMCP" "$@"
}

# ---- errors ----

ours de_DE missing copy
check "German: an error, with its reason" \
	err_is "mmcp: der Aufruf von stat für 'missing' ist nicht möglich: $(
		reason_in de_DE ENOENT)"
ours zh_CN missing copy
check "Chinese: an error, with its reason" \
	err_is "mmcp: 对 'missing' 调用 stat 失败: $(reason_in zh_CN ENOENT)"
ours de_DE
# shellcheck disable=SC1111 # German quotes
check "German: usage, and the hint" err_is "mmcp: fehlender Dateioperand
„$MMCP --help“ liefert weitere Informationen."
ours zh_CN --sparse=x a b
check "Chinese: a word, names in another order" err_has "--sparse’ 的参数 ‘x’ 无效"
check "and what it may be" err_has "有效的参数为："
ours de_DE --chunk-size=7Q a b
check "German: names in another order" \
	err_has "Argument '7Q' für Option --chunk-size ist zu groß"
ours de_DE a a c
check "German: what stands in the way" \
	err_is "mmcp: Ziel 'c': $(reason_in de_DE ENOENT)"
mkdir c
ours de_DE a a c
check "German: a warning is one text" \
	err_is "mmcp: Warnung: Quelldatei 'a' ist mehr als einmal angegeben"
ours de_DE --engine=hugetlb a d
check "German: why an engine doesn't serve" \
	err_has ": das Ziel liegt nicht auf hugetlbfs"

# usage_is LANGUAGE WANTED ARGUMENT...: the error, before the hint.
usage_is() {
	usage_in=$1; wanted=$2; shift 2
	ours "$usage_in" "$@" a b
	[ "$(head -n 1 err)" = "mmcp: $wanted" ] || { cat err; false; }
}
conflict() {	# GERMAN CHINESE ARGUMENT...
	german=$1; chinese=$2; shift 2
	check "German: $*" usage_is de_DE "$german" "$@"
	check "Chinese: $*" usage_is zh_CN "$chinese" "$@"
}
both="harter und symbolischer Verknüpfungen"
conflict "gleichzeitiges Erzeugen $both ist nicht möglich" \
	"无法同时创建硬链接及符号链接" -ls
conflict "--backup schließt -n und --update=none-fail aus" \
	"--backup 不能与 -n 或 --update=none-fail 同时使用" -bn
conflict "--engine=direct kann nicht zusammen mit --sparse=always verwendet werden" \
	"--engine=direct 不能与 --sparse=always 同时使用" \
	--engine=direct --sparse=always
conflict "--reflink=always kann nur zusammen mit --engine=auto verwendet werden" \
	"--reflink=always 只能与 --engine=auto 同时使用" --reflink=always --engine=mmap
conflict "--atomic und --remove-destination können nicht kombiniert werden" \
	"无法同时使用 --atomic 和 --remove-destination" --atomic --remove-destination
ours zh_CN --re a b
check "Chinese: no space follows a full-width colon" err_has "可能是：'--recursive'"

# ---- questions ----

answer() {	# LANGUAGE ANSWER
	printf a >a; printf b >b
	echo "$2" >in
	ours "$1" -i a b <in
}
answer de_DE j
check "German: a question" test "$(cat err)" = "mmcp: 'b' überschreiben? "
check "and its answer" same_content a b
answer zh_CN 是
check "Chinese: a question" test "$(cat err)" = "mmcp: 是否覆盖 'b'？ "
check "and its answer" same_content a b
answer zh_CN n
check "and no" test "$(cat b)" = b

# ---- what was done ----

stats() {	# LANGUAGE FILES
	rm -rf s t; mkdir s
	for i in $(seq "$2"); do echo x >"s/$i"; done
	ours "$1" -r --stats s t
	sed 's/[0-9,.]* \(s\|秒\)\( \|，\).*kopiert.*//; s/用时.*//' out | head -n 1
}
first() { [ "$(stats "$1" "$2")" = "$3" ] || { stats "$1" "$2"; cat out; false; }; }
check "German: one file" first de_DE 1 "1 Datei (2 B) in 1 Verzeichnis in "
check "German: two files" first de_DE 2 "2 Dateien (4 B) in 1 Verzeichnis in "
check "the table, too" grep -qx '  reguläre Dateien \{13\}2' out
check "Chinese: two files" first zh_CN 2 "已复制 1 个目录中的 2 个文件（4 B），"
check "the table, too, by columns" grep -qx '  普通文件 \{21\}2' out
ours de_DE -g a e
check "German: the closing line" \
	grep -qx 'mmcp: 1 B in 1 Datei in [0-9.]* m\?s kopiert' err
ours zh_CN -g a f
check "Chinese: the closing line" \
	grep -qx 'mmcp: 已复制 1 个文件，共 1 B，用时 [0-9.]* 毫\?秒' err
ours zh_CN -rN tree new
check "Chinese: what a dry run would do" err_is "mmcp: 将复制 1 个文件，共 2 B"
ours de_DE -N a b
check "German: what a dry run would replace" \
	err_is "mmcp: zu kopieren: 1 B in 1 Datei, davon 1 zu ersetzen"
ours zh_CN -N a b
check "Chinese: what a dry run would replace" \
	err_is "mmcp: 将复制 1 个文件，共 1 B，将替换 1 项"
# shellcheck disable=SC2086 # words
ours de_DE -g $(seq -f no%.0f 1 5) c
check "German: what failed" grep -qx 'mmcp: 5 Fehlschläge:' err
check "and how many more" grep -qx 'mmcp:   und 2 weitere' err
check "and what they have in common" grep -qx "mmcp:   der Aufruf.*'no1'.*" err
pattern 1536 >kib
ours de_DE --stats kib g
check "German: numbers" out_has "1 Datei (1,5 KiB)"
rm g
ours de_DE -v a g
check "names alone are names alone" out_is "'a' -> 'g'"

# ---- help ----

ours de_DE --help
check "German: help" out_has "Dateiauswahl:"
check "and how it is called" out_has "[OPTION]... -t VERZEICHNIS QUELLE..."
check "with names of arguments" out_has "--target-directory=VERZEICHNIS"
ours zh_CN --help
check "Chinese: help" out_has "选择文件："
cat >columns.py <<'END'
import sys
import unicodedata


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


lines = sys.stdin.read().replace("\r", "\n").split("\n")
long = [line for line in lines if columns(line) > int(sys.argv[1])]
sys.exit("\n".join(long) or 0)
END
fits() { python3 columns.py "$1" <"$2"; }
ours zh_CN --help=all
check "lines are broken by columns" fits 79 out
ours zh_CN --usage
check "Chinese: usage, too" out_has "--target-directory=目录"
check "in lines that fit" fits 79 out
ours de_DE --version
check "German: the version" out_has "Dies ist freie Software"

# ---- what programs read ----

pattern 3000000 >medium
odd() {	# LANGUAGE NAME: what programs get of a run where something goes wrong
	rm -rf to log; mkdir -p to/tree/1
	ours "$1" -rnj1 --json --log-file=log tree missing a --engine=hugetlb to
	sed 's/"seconds":[0-9.]*/S/; s/"cpu_seconds":[0-9.]*/C/' out >"$2.json"
	sed 's/^[^ ]* //' log >"$2.log"
	ours "$1" --debug --chunk-size=1536K --engine=mmap -j2 medium h
	grep -o '^copy offload.*\|^engine: .*chunk size: .*iB\|because: .*' \
		out >"$2.debug"
	rm -f h
}
odd C C
odd de_DE de
odd zh_CN zh
for language in de zh; do
	for what in json log debug; do
		check "$language: $what is English" diff "C.$what" "$language.$what"
	done
done
check "in which there are errors" grep -q 'cannot stat' C.json
check "and keys" grep -q '^engine: ' C.debug

# ---- the bar ----

if have script && script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	bar() {	# LANGUAGE COLUMNS [RATE]
		rm -f copy
		speaking "$1" script -qec \
			"stty cols $2
			exec '$MMCP' --progress --bwlimit=${3:-3M} medium copy" \
			/dev/null </dev/null | tr '\r' '\n' | grep '%' |
			sed 's/\x1b\[[0-9;]*[mKJA]//g' >drawn
	}
	for width in 40 79 120; do
		bar zh_CN "$width"
		check "Chinese: a bar of at most $width columns" fits "$width" drawn
		bar de_DE "$width"
		check "German: a bar of at most $width columns" fits "$width" drawn
	done
	bar de_DE 120 500K
	check "German: what is left" grep -q 'vergangen, noch ' drawn
else
	skip "bars fit into their columns" "script can't make a terminal here"
fi

finish
