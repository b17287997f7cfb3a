#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --nocache leaves in memory what was there before, and nothing else; --direct brings
# nothing there.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need fincore dd cmp

# in_memory FILE: bytes of it that are.
in_memory() { fincore -b -n -o RES "$1" 2>/dev/null | tr -d ' '; }
forget() { sync "$@" && for f; do dd if="$f" iflag=nocache count=0 status=none; done; }

# at_most BYTES FILE
at_most() { [ "$(in_memory "$2")" -le "$1" ] || { in_memory "$2"; false; }; }
at_least() { [ "$(in_memory "$2")" -ge "$1" ] || { in_memory "$2"; false; }; }
MIB=1048576
# A page that the kernel itself is at work with can't be dropped; all that is copied is 70
# MiB.
slack=$((16 * MIB))

# btrfs reads and keeps what it needs for its checksums.
for kind in here ext4 xfs; do
	if ! place $kind; then
		skip "memory is left as it was, $kind" "there is no $kind to be had"
		continue
	fi
	cd "$work/$kind" || broken "no place"
	head -c $((70 * MIB + 12345)) /dev/urandom >large
	head -c $((3 * MIB + 7)) /dev/urandom >small
	sync . 2>/dev/null
	forget large small
	if ! at_most $slack large; then
		skip "memory is left as it was, $kind" \
			"pages of a file can't be dropped there"
		cd "$work" || exit
		continue
	fi

	for options in '-j1' '-j3' '--engine=mmap -j2' '--engine=stream'; do
		sampled || continue
		rm -f copy; forget large
		# shellcheck disable=SC2086
		run "$MMCP" --nocache --reflink=never $options large copy
		check "$kind: $options: copied" status_is 0
		check "$kind: $options: no page of the source stays" at_most $slack large
		check "$kind: $options: no page of the copy stays" at_most $slack copy
		check "$kind: $options: the copy is equal" cmp large copy
	done
	rm -f copy; cp --reflink=never large copy
	for options in -j1 -j3; do
		sampled || continue
		forget large copy
		run "$MMCP" --nocache --update=checksum $options large copy
		check "$kind: $options: compared" went_well
		check "$kind: $options: no page of the source stays" at_most $slack large
		check "$kind: $options: nor of the copy" at_most $slack copy
	done
	rm -f copy; forget small
	run "$MMCP" --nocache --reflink=never small copy
	check "$kind: a small source is dropped, too" at_most $MIB small
	check "$kind: and its copy" at_most $MIB copy

	rm -f copy
	run "$MMCP" --nocache --engine=kernel small copy
	check "$kind: the kernel copies a small one, wherever looks left the source" \
		went_well
	check "$kind: to an equal copy" cmp small copy

	for options in '' -j1 --engine=kernel; do
		sampled || continue
		head -c $((3 * MIB)) /dev/zero >old; forget small old
		# shellcheck disable=SC2086
		run "$MMCP" --nocache --reflink=never $options small old
		sync old
		check "$kind: a small copy over an old file is dropped ($options)" \
			at_most $MIB old
	done
	rm -f old

	# What was there stays: a part of the source, and of an old destination.
	for j in 1 2; do
		cp --reflink=never large old; sync old; forget large old
		dd if=large bs=1M skip=20 count=8 of=/dev/null status=none
		dd if=old bs=1M skip=40 count=4 of=/dev/null status=none
		before=$(in_memory large) before_old=$(in_memory old)
		run "$MMCP" --nocache --reflink=never -j$j large old
		sync old
		check "$kind: -j$j: what was there of the source stays" at_least \
			$((8 * MIB)) large
		check "$kind: -j$j: and no more" at_most $((before + slack)) large
		check "$kind: -j$j: what was there of an old file stays" at_least \
			$((4 * MIB)) old
		check "$kind: -j$j: and no more of it" at_most $((before_old + slack)) old
		check "$kind: -j$j: the old file is equal" cmp large old
	done

	# Past the page cache.
	rm -f old
	for j in 1 3; do
		rm -f copy; forget large
		run "$MMCP" --direct --debug --reflink=never -j$j large copy
		if grep -q "engine: direct" "$work/out"; then
			check \
			"$kind: --direct -j$j leaves nothing of the source in memory" \
				at_most $slack large
			check "$kind: --direct -j$j leaves nothing of the copy there" \
				at_most $slack copy
		else
			check "$kind: --direct -j$j says why not" grep -q \
				"because: O_DIRECT" "$work/out"
		fi
		check "$kind: --direct -j$j makes an equal copy" cmp large copy
		head -c $((90 * MIB)) /dev/zero | tr '\0' o >over
		run "$MMCP" --direct --reflink=never -j$j large over
		check "$kind: --direct -j$j writes over an old file" cmp large over
	done
	rm -f over copy

	# What is read to verify the copy doesn't stay, either.
	for options in '--direct --verify' '--direct --verify=read -j1' \
		'--nocache --verify' '--nocache --verify=read' \
		'--nocache --verify=read -j1 --engine=mmap'; do
		sampled || continue
		rm -f copy; forget large
		# shellcheck disable=SC2086
		run "$MMCP" --reflink=never $options large copy
		check "$kind: $options: verified" went_well
		check "$kind: $options: no page of the source stays" at_most $slack large
		check "$kind: $options: nor of the copy" at_most $slack copy
	done
	rm -f copy
	truncate -s 200M holes
	dd if=large of=holes bs=1M seek=99 conv=notrunc status=none
	run "$MMCP" --direct --reflink=never holes copy
	check "$kind: --direct keeps holes" test "$(stat -c %b copy)" -le \
		"$(($(stat -c %b holes) + 64))"
	check "$kind: and what is between" cmp holes copy
	for call in io_setup io_submit; do
		rm -f copy
		if have strace; then
			run strace -f -qq -o /dev/null -e inject=$call:error=EAGAIN \
				"$MMCP" \
				--direct --reflink=never large copy
			check "$kind: --direct without $call makes an equal copy" cmp \
				large copy
		else
			skip "$kind: --direct without $call" "strace is not installed"
		fi
	done
	cd "$work" || exit
done

# ---- and what can't be written is told ----

cd "$work" || exit
head -c $((70 * MIB)) /dev/urandom >large
for options in -j1 -j2 '--engine=stream' '-j2 --fsync' '-j1 --atomic'; do
	echo old >old
	for to in new old; do
		# shellcheck disable=SC2086
		run shimmed 'sync_file_range=EIO' "$MMCP" --nocache --reflink=never \
			$options \
			large $to
		check "$options, $to: an error of the device is one of the copy" \
			err_has \
			"mmcp: cannot flush '$to' to its device: Input/output error"
		check "$options, $to: exit status 1" status_is 1
	done
	check "$options: there is no new file" absent new
done

# A worker that dies with requests on their way has left nothing that seems to be whole.
if have strace; then
	for number in 3 9; do
		rm -f new
		run strace -f -qq -o /dev/null -e \
			inject=io_submit:error=EAGAIN:when=$number \
			-e inject=io_getevents:signal=KILL:when=1 "$MMCP" --direct \
			--reflink=never \
			-j1 large new
		check "a worker killed at request $number: all or nothing" \
			sh -c '[ ! -e new ] || cmp large new'
	done
else
	skip "a worker killed with requests on their way" "strace is not installed"
fi

finish
