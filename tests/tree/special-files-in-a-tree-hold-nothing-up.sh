#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# FIFOs, sockets, symlinks to nowhere and in a circle; five seconds each.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mkdir -p s/d/e
echo x >s/d/file; echo y >s/d/e/file
mkfifo -m 640 s/pipe s/d/pipe
ln -s nowhere s/d/dangling; ln -s circle s/d/circle; ln -s two s/d/one; ln -s one s/d/two
ln -s pipe s/d/to-pipe; ln -s e s/d/to-e
if have python3; then
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("s/d/socket")'
	check "there is a socket" test -S s/d/socket
fi

for j in 1 2 7; do
	for option in -a -R -dR -rP; do
		rm -rf to
		run timeout 100 "$MMCP" $option -j$j s to
		check "it ends and works, $option -j$j" went_well
		if [ $option = -a ]; then
			check "all is there, $option -j$j" same_tree s to times
		else
			check "all is there, $option -j$j" test \
				"$(cd s && find . -printf '%p %y %l\n' | sort)" = \
				"$(cd to && find . -printf '%p %y %l\n' | sort)"
		fi
		run timeout 100 "$MMCP" $option -j$j -T s to
		check "also onto that, $option -j$j" went_well
	done
	rm -rf to
	run timeout 100 "$MMCP" -rL -j$j s to
	check "with -L what can't be followed is told, -j$j" status_is 1
	sort err >sorted
	cat >want <<'END'
mmcp: cannot stat 's/d/circle': Too many levels of symbolic links
mmcp: cannot stat 's/d/dangling': No such file or directory
mmcp: cannot stat 's/d/one': Too many levels of symbolic links
mmcp: cannot stat 's/d/two': Too many levels of symbolic links
END
	check "with cp's words, -j$j" diff want sorted
	check "and the pipe that one leads to is there, -j$j" test -p to/d/to-pipe
	check "and the rest, -j$j" same_content s/d/e/file to/d/to-e/file

	# A FIFO to be read is waited for, and is read to its end.
	rm -rf to read; mkdir -p read/d; mkfifo read/d/pipe; echo x >read/d/file
	(sleep 0.2; echo through the pipe >read/d/pipe) &
	run timeout 100 "$MMCP" -r --copy-contents -j$j read to
	wait
	check "--copy-contents works, -j$j" went_well
	check "and copies what was said, -j$j" \
		test "$(cat to/d/pipe)" = "through the pipe"
	check "to a file, -j$j" test -f to/d/pipe
	check "with the others, -j$j" same_content read/d/file to/d/file
done

# While there is nobody to write to it, it can be given up.
rm -rf to
if [ "$(date +%N)" != N ]; then
	for signal in "INT 130" "TERM 143"; do
		expected=${signal#* }; signal=${signal% *}
		env --default-signal=INT,TERM "$MMCP" -r --copy-contents -j2 read to \
			2>err &
		pid=$!
		sleep 0.3
		kill "-$signal" $pid
		begin=$(date +%s%N)
		status=0
		wait $pid 2>/dev/null || status=$?
		check "$signal ends the wait for a pipe in a tree" \
			test $(($(date +%s%N) - begin)) -lt 1000000000
		check "by $signal" test "$status" = "$expected"
		rm -rf to
	done
fi

finish
