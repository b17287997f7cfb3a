#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A question of -i is answered by one line of standard input, and by nothing else.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

holds() { [ "$(cat "$1")" = "$2" ] || { cat "$1"; false; }; }
anew() { rm -rf a b; echo new >a; echo old >b; }

# ---- what is a yes ----

# answered yes|no SENTENCE: the last run, of mmcp -i a b, took its input for that.
answered() {
	if [ "$1" = yes ]; then
		check "$2 is a yes" status_is 0
		check "$2: and the file is replaced" same_content a b
		check "$2: and only asked about" test \
			"$(cat err)" = "mmcp: overwrite 'b'? "
	else
		check "$2 is no yes" status_is 1
		check "$2: and the file is left alone" holds b old
		check "$2: which is said" err_has "mmcp: not replacing 'b'"
	fi
}
for answer in 'y\n' 'Y\n' 'yes\n' 'yellow\n' 'y' 'y\0000no\n' 'yn\n' 'y\r\n' 'y\n\n'; do
	anew
	printf '%b' "$answer" >in
	run "$MMCP" -i a b <in
	answered yes "'$answer'"
done
for answer in 'n\n' 'N\n' 'no\n' 'n' '\n' '\ny\n' ' y\n' '\0000y\n' '' '\0000' \
	'ja\n' 'oui\n' '0\n' '\0377\n' '\0357\0273\0277y\n' '\0033[Ay\n'; do
	anew
	printf '%b' "$answer" >in
	run "$MMCP" -i a b <in
	answered no "'$answer'"
done
anew
run "$MMCP" -i a b <&-
answered no "a closed input"
anew
run "$MMCP" -i a b <.
answered no "a directory for an input"
anew
run "$MMCP" -i a b </dev/null
answered no "an input that is empty"
anew
run sh -c '"$@" 0>out.only' - "$MMCP" -i a b
answered no "an input that can't be read"

# A file that the copy itself opens must not become its input.
rm -rf from to; mkdir -p from/sub to/sub
for f in f g sub/f sub/g; do yes 2>/dev/null | head -n 100 >from/$f; echo old >to/$f; done
for jobs in 1 4; do
	run timeout 100 "$MMCP" -ri -j$jobs -T from to <&-
	check "with a closed input no file of a tree is replaced (-j$jobs)" test \
		"$(cat to/f to/g to/sub/f to/sub/g | sort -u)" = old
	check "with exit status 1 (-j$jobs)" status_is 1
	run timeout 100 "$MMCP" -i -j$jobs -t to from/f from/g from/sub/f <&-
	check "nor are operands (-j$jobs)" test "$(cat to/f to/g | sort -u)" = old
done

{ printf y; head -c 1048576 /dev/zero | tr '\0' n; printf '\nn\n'; } >in
anew; mkdir d; echo old >d/a; echo old >d/c; cp a c
run timeout 100 "$MMCP" -i a c d <in
check "an answer of 1 MiB is one answer" same_content a d/a
check "and the next line is another" holds d/c old
check "with exit status 1" status_is 1
head -c 65536 /dev/zero >in; echo old >d/a
run timeout 100 "$MMCP" -i a d <in
check "64 KiB of NUL bytes are no yes" holds d/a old
check "and an end" status_is 1

# ---- no more is read than needed ----

anew
rest=$(printf 'y\nthe rest\nof it\n' | { "$MMCP" -i a b 2>err; cat; })
check "what follows in a pipe is left there" test "$rest" = "the rest
of it"
check "the answer was heard" same_content a b
anew
printf 'n\nthe rest\nof it\n' >in
rest=$({ "$MMCP" -i a b 2>err; cat; } <in)
check "what follows in a file is left there" test "$rest" = "the rest
of it"
rm -f c
rest=$({ "$MMCP" -i a c 2>err; cat; } <in)
check "where there is nothing to ask nothing is read" test "$rest" = "$(cat in)"
rest=$({ "$MMCP" -in a b 2>err; "$MMCP" -i --update=none a b 2>>err; cat; } <in)
check "nor where nothing is replaced anyway" test "$rest" = "$(cat in)"
check "and nothing is asked" err_empty
touch -d 2001-01-01 a
rest=$({ "$MMCP" -iu a b 2>err; cat; } <in)
check "nor about what is not older" test "$rest" = "$(cat in)"
check "and nothing is asked" err_empty

# ---- trees ----

# tree: make 300 files to copy, of which one in eight exists already.
tree() {
	rm -rf from to; mkdir -p from/sub to/sub
	for i in $(seq 1 300); do echo "new $i" >"from/f$i"; done
	for i in 1 2 3; do
		echo "new $i" >"from/sub/f$i"
		echo "old $i" >"to/sub/f$i"
	done
	for i in $(seq 1 8 300); do echo "old $i" >"to/f$i"; done
}
questions() { grep -ao '? ' err | wc -l; }
olds() { find to -type f -exec grep -l ^old {} + | wc -l; }
for jobs in 1 4; do
	tree
	count=$(olds)
	run sh -c 'yes n 2>/dev/null | "$@"' - "$MMCP" -ri -j$jobs -T from to
	check "-j$jobs: no to all leaves all" test "$(olds)" = "$count"
	check "-j$jobs: each is asked about, once" test "$(questions)" = "$count"
	check "-j$jobs: each is mentioned" test \
		"$(grep -c "not replacing" err)" = "$count"
	check "-j$jobs: exit status 1" status_is 1
	check "-j$jobs: the others are copied" test "$(find to -type f | wc -l)" = 303
	run sh -c '{ echo y; echo n; echo y; } | "$@"' - \
		"$MMCP" -ri -j$jobs -T from/sub to/sub
	check "-j$jobs: yes, no, yes is that" test \
		"$(cat to/sub/* | grep -c new)" = 2
	tree
	run sh -c 'yes 2>/dev/null | "$@"' - "$MMCP" -riv -j$jobs -T from to
	check "-j$jobs: yes to all replaces all" test "$(olds)" = 0
	check "-j$jobs: exit status 0" status_is 0
	check "-j$jobs: as many questions" test "$(questions)" = "$count"
	check "-j$jobs: to an equal tree" diff -r from to
	check "-j$jobs: nothing hidden is left" no_leftovers to
	tree
	run "$MMCP" -rib -j$jobs -T from to </dev/null
	check "-j$jobs: the end of the input is a no to all" test "$(olds)" = "$count"
	check "-j$jobs: and what isn't replaced has no backup" test -z \
		"$(find to -name '*~')"
done

# ---- while it waits ----

mkfifo line
# begin ARGUMENT...: run mmcp in the background as $pid, with an input that is silent yet.
signals=--default-signal=INT,QUIT,TSTP
begin() {
	# What the last one asked must not seem to be asked: an answer that came before
	# there is a reader would be lost, and that reader wait for ever.
	: >out; : >err
	env $signals "$MMCP" "$@" <line >out 2>err &
	pid=$!
	exec 9<>line
}
asked() { [ "$(questions)" -ge "${1:-1}" ]; }
end() { exec 9>&-; ended; }
workers() { ps -o pid= --ppid "$pid" 2>/dev/null | wc -l; }
has_workers() { [ "$(workers)" -ge 1 ]; }

anew; mkdir -p v; echo old >v/b; echo new >v.a; cp a b2; rm -f v/a
begin -iv a b v
check "it waits for an answer" wait_until asked
check "what was done before is said before" out_is "'a' -> 'v/a'"
check "the question is for standard error" err_has "mmcp: overwrite 'v/b'? "
check "which nothing follows" test "$(tail -c 2 err)" = "? "
sleep 0.1
check "it waits as long as it takes" kill -0 "$pid"
check "and the file is untouched" holds v/b old
echo y >&9
end
check "and goes on with the answer" status_is 0
check "to replace the file" same_content b v/b
anew
begin -i a b
check "an answer may come in pieces" wait_until asked
printf n >&9; sleep 0.1; printf 'yyy' >&9; sleep 0.1
check "and isn't one before the line's end" kill -0 "$pid"
echo >&9
end
check "which is then heard" holds b old

# In a tree the last file is asked about, when there are workers.
big_tree() {
	tree
	for i in $(seq 1 8 300); do rm "to/f$i"; done
}
for signal in INT TERM HUP; do
	case $signal in HUP) number=1 ;; INT) number=2 ;; TERM) number=15 ;; esac
	anew
	begin -i a b
	check "SIG$signal: it waits" wait_until asked
	kill -s $signal "$pid"
	check "SIG$signal ends it" wait_until gone "$pid"
	end
	check "SIG$signal: it dies of it" status_is $((128 + number))
	check "SIG$signal: the file is untouched" holds b old
	check "SIG$signal: nothing is said but the question" test "$(grep -c . err)" = 1
	check "SIG$signal: nothing is left" no_leftovers .
	have ps || continue
	big_tree
	begin -ri -j4 -T from to
	check "SIG$signal in a tree: it waits" wait_until asked
	check "SIG$signal in a tree: there are workers" wait_until has_workers
	ps -o pid= --ppid "$pid" >pids
	kill -s $signal "$pid"
	check "SIG$signal in a tree ends it" wait_until gone "$pid"
	end
	check "SIG$signal in a tree: it dies of it" status_is $((128 + number))
	nobody_left() {
		while read -r worker; do
			! kill -0 "$worker" 2>/dev/null || return 1
		done <pids
	}
	check "SIG$signal in a tree: no worker is left" wait_until nobody_left
	check "SIG$signal in a tree: the old ones are untouched" test \
		"$(cat to/sub/* | grep -c '^old')" = 3
	rm -rf to/sub
	check "SIG$signal in a tree: what is there is whole" \
		only_whole_files "$work/from" to
	check "SIG$signal in a tree: nothing hidden is left" no_leftovers to
done
anew
signals=--ignore-signal=INT
begin -i a b
signals=--default-signal=INT,QUIT,TSTP
check "a signal may be ignored" wait_until asked
kill -s INT "$pid"
echo y >&9
end
check "a signal that is ignored is no answer" status_is 0
check "and none that ends it" same_content a b

# all_are LETTER: mmcp and its workers are in that state.
states() { ps -o stat= -p "$pid" --ppid "$pid" | cut -c1 | sort -u | tr -d '\n'; }
all_are() { [ "$(states)" = "$1" ]; }
soon() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		! "$@" || return 0
		sleep 0.05
	done
	echo "states are '$(states)'"
	return 1
}
none_stopped() { case $(states) in *T*) false ;; esac; }
can_stop() {
	sleep 20 & pid=$!
	kill -s TSTP $pid
	soon all_are T >/dev/null
	stops=$?
	kill -KILL $pid; wait $pid 2>/dev/null
	return $stops
}
if have ps && can_stop; then
	anew
	begin -i a b
	wait_until asked
	kill -s TSTP "$pid"
	check "SIGTSTP stops it while it waits" soon all_are T
	kill -s CONT "$pid"
	check "and SIGCONT lets it go on" soon none_stopped
	kill -s TSTP "$pid"
	check "and so again" soon all_are T
	echo y >&9
	kill -s CONT "$pid"
	end
	check "to the answer that came meanwhile" status_is 0
	check "by which it acts" same_content a b
	check "asking once" test "$(questions)" = 1
	big_tree
	begin -ri -j4 -T from to
	wait_until asked; wait_until has_workers
	kill -s TSTP "$pid"
	check "so it does in a tree, and its workers stop with it" soon all_are T
	kill -s CONT "$pid"
	check "and they go on together" soon none_stopped
	yes y 2>/dev/null | head -n 3 >&9
	end
	check "to the end" status_is 0
	check "with an equal tree" diff -r from to
else
	skip "SIGTSTP stops it while it waits" \
		"processes can't be stopped here, or there is no ps"
fi

# ---- what can't be written to ----

if open_to_nobody; then
	chmod 777 .; anew; chmod 444 b; chown 65534 a b
	run as_nobody "$mmcp" -i a b <in
	check "what can't be written is called so" err_has \
		"mmcp: unwritable 'b' (mode 0444, r--r--r--); try anyway? "
	chown 0 b; chmod 4711 b
	run as_nobody "$mmcp" -if a b <in
	check "and with -f what will be overridden" err_has \
		"mmcp: replace 'b', overriding mode 4711 (rws--x--x)? "
	check "and it is left alone" holds b old
	echo y >yes
	run as_nobody "$mmcp" -if a b <yes
	check "or replaced" same_content a b
else
	skip "what can't be written is called so" "$why"
fi

# ---- other languages ----

mkdir locales
for language in de_DE:j:n:o fr_FR:o:n:j; do
	name=${language%%:*}
	IFS=: read -r name yes no other <<-END
		$language
	END
	if ! have localedef ||
		! localedef -i "$name" -f UTF-8 "$work/locales/$name.UTF-8" \
			>/dev/null 2>&1; then
		skip "yes is another word in $name" "that locale can't be made here"
		continue
	fi
	for answer in "$yes:yes" y:yes "$no:no" "$other:no"; do
		anew
		echo "${answer%:*}" >in
		run env LOCPATH="$work/locales" LC_ALL="$name.UTF-8" "$MMCP" -i a b <in
		if [ "${answer#*:}" = yes ]; then
			check "'${answer%:*}' is a yes in $name" same_content a b
		else
			check "'${answer%:*}' is no yes in $name" holds b old
		fi
	done
done

finish
