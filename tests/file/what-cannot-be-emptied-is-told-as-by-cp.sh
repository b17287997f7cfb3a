#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp

echo new >small
pattern 3000000 >large

# as_cp_onto WHAT FILE: cp and mmcp report the same of copies to FILE, and change nothing.
as_cp_onto() {
	for source in small large; do
		for option in -d -f -p --sparse=always; do
			cp_status=0
			cp $option $source "$2" 2>cp.err || cp_status=$?
			run "$MMCP" $option $source "$2"
			check "$1 ($option $source): cp's status" \
				test "$status" = "$cp_status"
			check "$1 ($option $source): cp's words" \
				err_is "$(sed 's/^cp: /mmcp: /' cp.err)"
		done
	done
}

# A program that runs.
cp "$(command -v sleep)" running
mkdir bin; mv running bin
bin/running 100 &
pid=$!
# Until then it is the shell that runs.
for _ in 1 2 3 4 5 6 7 8 9 10; do
	readlink "/proc/$pid/exe" | grep -q '/running$' && break
	sleep 0.1
done
for source in small large; do
	cp $source bin/running 2>cp.err
	run "$MMCP" $source bin/running
	check "a program that runs ($source)" err_is "$(sed 's/^cp: /mmcp: /' cp.err)"
	check "is busy" err_has "Text file busy"
done
kill $pid; wait $pid 2>/dev/null

# A swap file, which can be opened, but not be changed or removed.
if is_root && have mkswap && have swapon && head -c 1M /dev/zero >swap &&
	chmod 600 swap &&
	mkswap swap >/dev/null 2>&1 && swapon swap 2>/dev/null; then
	trap 'swapoff "$work/swap"; clean_up' EXIT
	cp swap before 2>/dev/null
	as_cp_onto "a swap file" swap
	swapoff swap
	trap clean_up EXIT
	check "which is as it was" cmp before swap
else
	skip "a swap file" "not root, or no swap file can be used here"
fi

# Memory files with seals.
if have python3; then
	for seals in WRITE "SHRINK GROW WRITE"; do
		rm -f ready
		# shellcheck disable=SC2086 # one or several
		python3 - "$work/ready" $seals <<-'END' &
			import fcntl, os, sys, time
			fd = os.memfd_create("sealed", os.MFD_ALLOW_SEALING)
			os.write(fd, b"old content\n" * 100)
			for seal in sys.argv[2:]:
			    add = getattr(fcntl, "F_SEAL_" + seal)
			    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, add)
			with open(sys.argv[1], "w") as ready:
			    ready.write(str(fd))
			time.sleep(100)
		END
		pid=$!
		wait_until test -s ready || broken "no memory can be sealed"
		file=/proc/$pid/fd/$(cat ready)
		cp -- small "$file" 2>cp.err
		cp_status=$?
		run "$MMCP" -- small "$file"
		check "memory, sealed ($seals): cp's status" test "$status" = "$cp_status"
		check "memory, sealed ($seals): cp's words" \
			diff /dev/stdin err <<-END
			$(sed 's/^cp: /mmcp: /' cp.err)
			END
		kill $pid; wait $pid 2>/dev/null
	done
else
	skip "sealed memory" "python3 is not installed"
fi

finish
