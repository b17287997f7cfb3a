#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-tap runs small tests here, some of which are ended from outside.  What fails by
# itself, or because mmcp crashes, never becomes a skip.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

top=$(CDPATH='' cd -- "${srcdir:-.}" && pwd) || exit 99

# a_test: make the test `inner' of what is on standard input.
a_test() {
	{
		printf '. "%s/tests/tools/lib.sh"\n' "$top"
		# shellcheck disable=SC2016 # of that shell
		echo 'end_with() {
			echo "$$" >"$OUTER/pid"
			while :; do sleep 0.05; done
		}'
		cat
	} >inner
}
OUTER=$work
export OUTER
tap() { TMPDIR=$work sh "$top/tests/tools/run-tap" "$work/inner"; }

# ended_by SIGNAL: run `inner'; once it writes its process id, send it SIGNAL.
ended_by() {
	rm -f pid
	tap >out 2>err &
	outer=$!
	wait_until test -s pid || broken "the inner test doesn't begin"
	kill -s "$1" "$(cat pid)"
	status=0
	wait "$outer" || status=$?
}

# Without env's help, the test would have INT ignored.
signals='HUP INT TERM KILL'
env --default-signal true 2>/dev/null || signals='HUP TERM KILL'
for signal in $signals; do
	a_test <<-'END'
		end_with a signal
	END
	ended_by "$signal"
	check "$signal before any check: status 0" status_is 0
	check "$signal before any check: all is skipped" \
		grep -q '^1\.\.0 # SKIP ended by signal [0-9]* from outside$' out

	a_test <<-'END'
		check "something" true
		end_with a signal
	END
	ended_by "$signal"
	check "$signal after a check: status 0" status_is 0
	check "$signal after a check: that check counts" out_has 'ok 1 - something'
	check "$signal after a check: the rest is skipped" \
		grep -q '^ok 2 - what remained # SKIP ended by signal' out
	check "$signal after a check: the plan counts both" grep -qx '1\.\.2' out

	a_test <<-'END'
		check "something" false
		end_with a signal
	END
	ended_by "$signal"
	check "$signal after a failure: it stays a failure" out_has 'not ok 1 - something'
done

# What timeout, which runs the test, has to do is done for it.
a_test <<'END'
ps -o ppid= -p "$$" | tr -d ' ' >"$OUTER/timeout"
echo "$$" >"$OUTER/inner.pid"
cp "$OUTER/timeout" "$OUTER/pid"
sleep 100
END
if have ps; then
	ended_by KILL
	check "KILL of what keeps the time: status 0" status_is 0
	check "KILL of what keeps the time: all is skipped" out_has '1..0 # SKIP'
	check "KILL of what keeps the time: the test is ended" \
		wait_until gone "$(cat inner.pid)"
else
	skip "KILL of what keeps the time" "ps is not installed"
fi

# A crash in the test is none of its own.
for signal in SEGV BUS ABRT KILL TERM; do
	a_test <<-END
		run sh -c 'kill -s $signal \$\$'
		check "mmcp works" status_is 0
		finish
	END
	run tap
	check "mmcp ends by $signal: the test fails" out_has 'not ok 1 - mmcp works'
	check "mmcp ends by $signal: nothing is skipped" test -z "$(grep SKIP out)"
done
for signal in SEGV BUS ABRT; do
	a_test <<-END
		check "something" true
		ulimit -c 0
		kill -s $signal \$\$
	END
	run tap
	check "the test itself ends by $signal: an error" test "$status" -gt 128
	check "the test itself ends by $signal: nothing is skipped" \
		test -z "$(grep SKIP out)"
done

a_test <<'END'
sleep 100
END
TEST_LIMIT=1
export TEST_LIMIT
run tap
check "the limit of time: an error" test "$status" != 0
check "the limit of time: it says so" out_has 'Bail out! it did not end within 1 seconds'
check "nothing is left" test -z "$(find . -name 'mmcp-tap.*')"

finish
