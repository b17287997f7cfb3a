#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Hashes without their library: one line says which is missing, and nothing is copied.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

echo a >a
LC_ALL=C

# A library of that name that has nothing.
stub=
if have cc && echo 'int nothing;' >stub.c &&
	cc -shared -fPIC -Wl,-soname,libxxhash.so.0 -o xxhash.so stub.c 2>/dev/null &&
	cc -shared -fPIC -Wl,-soname,libcrypto.so.3 -o crypto.so stub.c 2>/dev/null; then
	stub=$PWD/xxhash.so:$PWD/crypto.so
fi

for case in 'xxh128 libxxhash' 'sha256 libcrypto' 'blake2b libcrypto'; do
	# shellcheck disable=SC2086 # words
	set -- $case
	run "$MMCP" --manifest=m --manifest-algorithm="$1" a b
	if [ "$status" = 0 ]; then
		rm -f b m
		[ -n "$stub" ] || { skip "$1" "no compiler is here"; continue; }
		! sanitized || { skip "$1" "asan has to be loaded first"; continue; }
		LD_PRELOAD=$stub run "$MMCP" --manifest=m --manifest-algorithm="$1" a b
		said="mmcp: --manifest needs $2, which can't be opened"
	else
		said="mmcp: --manifest needs $2, which this build of mmcp lacks"
	fi
	check "$1: the status is 1" status_is 1
	check "$1: its library is named" err_is "$said"
	check "$1: nothing is copied" absent b
	check "$1: and no manifest is written" absent m
done

finish
