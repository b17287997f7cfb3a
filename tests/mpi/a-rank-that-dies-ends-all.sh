#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"

PLAY=$work/play
export PLAY

# all_began: each of $n ranks has said which processes it has.
all_began() {
	[ "$(cat "$PLAY"/pids.* 2>/dev/null | wc -w)" = $((2 * n)) ]
}

# all_gone: of these none is left, or but for somebody who looks after the dead.
all_gone() {
	# shellcheck disable=SC2013 # words
	for process in $(cat "$PLAY"/pids.*); do
		case $(sed 's/.*) //; s/ .*//' "/proc/$process/stat" 2>/dev/null) in
		'' | Z | X) ;;
		*) return 1 ;;
		esac
	done
}

# they_go SENTENCE: that is a check; and how long it took, for people.
they_go() {
	began=$(date +%s%3N)
	check "$1" wait_until all_gone
	echo "# $(($(date +%s%3N) - began)) ms after mpirun"
}

# starts N PART...: in the background, as $pid; with the default action for signals.
starts() {
	n=$1
	shift
	rm -rf "$PLAY"
	mkdir "$PLAY"
	# The function's shell would be the process that gets signals.
	# shellcheck disable=SC2086 # words
	env --default-signal=INT,QUIT "$mpirun" ${any_number?} -n "$n" \
		"${PLAYER:?}" "$MMCP_MPI_MODULE" "$@" >out 2>err </dev/null &
	pid=$!
	wait_until all_began
}
# ends: mpirun has, with a failure.
ends() {
	ended
	[ "$status" != 0 ]
}

for n in 2 4; do
	for part in leave kill; do
		check "$part: $n ranks begin" starts "$n" $part 1
		check "$part: the job fails" ends
		check "$part: it is told once which rank it was" test \
			"$(grep -c '^mmcp: rank 1 on .* ended early$' err)" = 1
		check "$part: nobody else is named" test \
			"$(grep -c '^mmcp: ' err)" = 1
		they_go "$part: all are gone"
	done
done
check "a rank that MPI has started is killed: $n ranks begin" starts "$n" agent 1
check "the job fails" ends
they_go "all are gone"
check "rank 0 is killed: $n ranks begin" starts "$n" agent 0
check "the job fails" ends
they_go "all are gone"
check "a child sends what can't be: $n ranks begin" starts "$n" nonsense 1
check "the job fails" ends
check "it is told" err_has "mmcp: rank 1 on "
they_go "all are gone"

for signal in INT TERM; do
	check "$signal: $n ranks begin" starts "$n" wait
	kill -s $signal "$pid"
	check "$signal: the job fails" ends
	they_go "$signal: all are gone"
	check "$signal: each could clean up" test \
		"$(find "$PLAY" -name 'asked.*' | wc -l)" = "$n"
	check "$signal: nobody was too early" sh -c '! grep "^mmcp: " err'
done
check "mpirun is killed: $n ranks begin" starts "$n" wait
kill -s KILL "$pid"
check "it ends" ends
they_go "all are gone"

# One rank alone, without mpirun: the agent gets the signal, and its child does by it.
n=1
rm -rf "$PLAY"
mkdir "$PLAY"
env --default-signal=INT,QUIT "$PLAYER" "$MMCP_MPI_MODULE" wait >out 2>err </dev/null &
pid=$!
if wait_until all_began; then
	kill -s INT "$pid"
	ended
	check "without mpirun: the signal's status" status_is 130
	check "without mpirun: it could clean up" test -e "$PLAY/asked.0"
	they_go "without mpirun: all are gone"
else
	skip "without mpirun" "a rank needs mpirun here"
	kill -s KILL "$pid" 2>/dev/null
fi

finish
