#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# -v, --json, --stats and -i with several workers: the same lines as with one, a directory
# before what is in it, and one question for each name that exists.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mkdir s
for d in a a/b a/b/c d e 'f
g' h; do
	mkdir "s/$d"
	for i in $(seq 45); do echo "$d $i" >"s/$d/$i"; done
	ln -s 7 "s/$d/link"; mkfifo "s/$d/pipe"
done
ln s/a/5 s/d/five; ln s/a/6 s/e/six; ln s/a/6 s/h/six
for i in $(seq 10); do mkdir -p "s/h/d$i/$i/$i/$i"; echo "$i" >"s/h/d$i/$i/$i/file"; done
pattern 2500000 >s/e/large

# So slow that each worker gives others a part of what it has.
slow="openat=delay1 mkdirat=delay1"
# several JOBS OPTION...: a copy of s to "to".
several() {
	jobs=$1; shift
	if [ -e "${SHIM:=}" ] && [ "$jobs" != 1 ]; then
		run shimmed "$slow" timeout 100 "$MMCP" -j"$jobs" "$@" -T s to
	else
		run timeout 100 "$MMCP" -j"$jobs" "$@" -T s to
	fi
}

# ---- -v ----

# A line for a name below a directory comes after the directory's.
cat >order.awk <<'P'
{
	match($0, / -> '/)
	path = substr($0, RSTART + 5)
	sub(/'$/, "", path)
	up = path
	while (sub("/[^/]*$", "", up))
		if (!(up in seen)) { print "before its directory: " path; bad = 1; exit }
	seen[path] = 1
}
END { exit bad }
P
rm -rf to
cp -av -T s to >cp.out
rm -rf to
for j in 1 2 7 16; do
	for options in -a "-r -b"; do
		rm -rf to
		# shellcheck disable=SC2086 # options, to be split
		several $j -v $options
		check "-v $options -j$j: it works" went_well
		check "-v $options -j$j: the lines are cp's" \
			test "$(sort out)" = "$(sort cp.out)"
		check "-v $options -j$j: directories come first" awk -f order.awk out
	done
done

# ---- --stats ----

# What doesn't depend on how many do it, and how fast.
numbers() { sed '1s/ in [0-9.]* s.*//; /^[BT].*:/,$d' out; }
rm -rf to
several 1 -a --stats
numbers >want
for j in 2 7 16; do
	rm -rf to
	several $j -a --stats
	numbers >got
	check "--stats -j$j: the numbers are those of one" diff want got
done
several 1 -au --stats
numbers >want
several 7 -au --stats
numbers >got
check "--stats -j7 -u: the numbers are those of one" diff want got

# ---- --json ----

if have jq; then
	events() {
		jq -Sc 'select(.event != "summary") |
			{ event, action, kind, source, destination, bytes }' out | sort
	}
	rm -rf to
	several 1 -r --json
	events >want
	for j in 2 7 16; do
		rm -rf to
		several $j -r --json
		check "--json -j$j: each line is an object" jq -c . out
		events >got
		check "--json -j$j: they are those of one" diff want got
		check "--json -j$j: the summary is the last" test \
			"$(jq -rs '.[-1].event' out)" = summary
	done
else
	skip "--json" "jq is not installed"
fi

# ---- -i ----

# questions: what was asked, a line each.
questions() { sed "s/? /?\\n/g" err | grep '^mmcp: overwrite' | sort; }
for j in 1 3 16; do
	for answer in y n; do
		rm -rf to; cp -a s to
		find to -type f -name '*3' -exec touch -d 2001-01-01 {} +
		rm -rf to/d; rm to/a/1* to/h/d2/2/2/file
		yes $answer | several $j -r -i
		questions >asked.$j
		grep -o 'not replacing' err | wc -l >refused.$j
		echo "$status" >status.$j
		tree_of to >tree.$j
		if [ $j = 1 ]; then
			check "-i: there are questions" test "$(wc -l <asked.1)" -gt 200
			for what in asked refused status tree; do
				mv $what.1 $what.one.$answer
			done
			continue
		fi
		check "-i -j$j, $answer: each name is asked once" \
			diff asked.one.$answer asked.$j
		for what in refused status tree; do
			check "-i -j$j, $answer: $what as with one" \
				diff $what.one.$answer $what.$j
		done
	done
done

finish
