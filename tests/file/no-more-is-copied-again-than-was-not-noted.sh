#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --resume after a kill -9 of all processes at the n-th use of a call: what the journal
# says is whole isn't copied again, and all else is.  Once all that is whole has been
# flushed, this is at most one block of 1 MiB for each worker.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3 setsid
"$MMCP" --resume /dev/null x 2>err || skip_all "$(cat err)"
rm -f x

pattern 90000001 >source
touch -d '2020-02-02 02:02:02.123456789' source
PYTHONPATH=${srcdir:-.}/tests/tools PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH PYTHONDONTWRITEBYTECODE
cat >copied.py <<'P'
"""copied.py what: the bytes that the journal in to says are whole ("noted"), or those
that were written ("written").  copied.py until N: wait until no more than N were written
that aren't noted."""
import glob, os, sys, time, zlib
from extents import extents
BLOCK, SIZE = 1 << 20, os.path.getsize("source")


def noted():
    with open(glob.glob("to/.mmcp-j*")[0], "rb") as file:
        journal = file.read()
    newest, noted = 0, 0
    for at in 32768, 32832:
        seal = journal[at:at + 64]
        there = [i for i in range(256) if seal[8 + i // 8] & 1 << i % 8]
        hashes = b"".join(journal[36864 + 16 * i:36880 + 16 * i] for i in there)
        crc, generation = (int.from_bytes(seal[i:i + 4], sys.byteorder) for i in (0, 4))
        if zlib.crc32(bytes(8) + seal[4:] + hashes) == crc and generation > newest:
            newest = generation
            noted = sum(min(BLOCK, SIZE - i * BLOCK) for i in there)
    return noted


def written():
    return sum(end - start for start, end in extents(glob.glob("to/.mmcp-r*")[0]))


if sys.argv[1] == "until":
    for _ in range(600):
        if written() - noted() <= int(sys.argv[2]):
            break
        time.sleep(0.1)
else:
    print(noted() if sys.argv[1] == "noted" else written())
P
of_json() { sed -n "s/.*\"event\":\"file\".*\"$1\":\\([0-9]*\\)[,}].*/\\1/p" out; }

# killed MOMENT WORKERS [MOST]: kill all at that moment, with MOST after a wait until no
# more bytes were written than noted.  The process that keeps the journal is given time
# for its calls.
killed() {
	rm -rf to; mkdir to
	MMCP_SHIM_RUN="${3:+python3 copied.py until $3;} kill -KILL 0"
	export MMCP_SHIM_RUN
	hold=
	case $1 in pwrite*) ;; *) hold="pread@source#200+=delay500" ;; esac
	run setsid -w env MMCP_SHIM="$1=run $hold" LD_PRELOAD="$SHIM" \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		"$MMCP" --resume "-j$2" source to/copy
	unset MMCP_SHIM_RUN
	noted=$(python3 copied.py noted) written=$(python3 copied.py written)
	run "$MMCP" --resume "-j$2" --json source to/copy
	again=$(of_json by_hand) resumed=$(of_json resumed)
	echo "# $1 -j$2: $written written, $noted noted, $again copied then"
}

for moment in pwrite#2 pwrite#300 fdatasync#1 msync#1 fdatasync#2; do
	for workers in 1 3; do
		killed $moment $workers
		what="$moment, $workers workers"
		check "$what: what was noted isn't copied again" \
			test "$resumed" = "$noted"
		check "$what: the rest is" test "$again" = $((90000001 - noted))
		check "$what: the copy is right" cmp source to/copy
		check "$what: without a word" went_well
	done
done
for moment in pwrite#111 pwrite#303; do
	for workers in 1 3; do
		most=$((workers << 20))
		killed $moment $workers $most
		what="$moment, $workers workers, all flushed"
		check "$what: no more than a block each is copied twice" \
			test $((written + again - 90000001)) -le $most
		check "$what: the copy is right" cmp source to/copy
	done
done

finish
