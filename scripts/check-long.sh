# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# check-long.sh: the stages that only scripts/check --long has: what goes wrong at random,
# 32 bits that run, and a model that is checked.

stage_torture() {
	configure torture CC=gcc
	make -j "$jobs" all tests/tools/shim.so
	have python3 || { echo "python3 is not installed"; exit 77; }
	python3 "$top/scripts/torture" --seed 1 --rounds 500 --mmcp "$PWD/mmcp" \
		--shim "$PWD/tests/tools/shim.so"
	python3 "$top/scripts/torture" --trees --seed 1 --rounds 600 --mmcp "$PWD/mmcp"
}

stage_model() {
	sh "$top/scripts/model"
}

# make_i386: a system of 32 bits in $root.
make_i386() {
	packages=gcc,libc6-dev,make,autoconf,automake,pkg-config,check,openssl
	packages=$packages,libpopt-dev,libacl1-dev,libattr1-dev,libselinux1-dev
	make_debian i386 "$root" apt "$packages" || {
		echo "no system of 32 bits can be made: $why"
		exit 77
	}
}

# in_i386 COMMAND...: there, with a /proc that nobody else sees.
in_i386() {
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount --propagation private sh -c 'mount -t proc proc "$0/proc" &&
		exec setarch i686 chroot "$0" "$@"' "$root" "$@"
}

# large FILE SIZE OFFSET...: SIZE bytes, of which 64 MiB at each OFFSET are not a hole.
large() {
	file=$1
	truncate -s "$2" "$file"
	shift 2
	for at; do
		openssl enc -aes-128-ctr -nosalt -pass "pass:$file$at" -in /dev/zero \
			2>/dev/null | head -c 67108864 |
			dd of="$file" bs=1M iflag=fullblock oflag=seek_bytes seek="$at" \
				conv=notrunc status=none
	done
}

# copies_i386 FILE OPTION...: is whole, as a new file and over an old one.
copies_i386() {
	name=$1
	shift
	for to in new old; do
		echo "$name: $*: $to"
		in_i386 /mmcp/build/mmcp --debug "$@" "/large/$name" "/large/$to"
		cmp "$root/large/$name" "$root/large/$to"
	done
	rm "$root/large/new"
}

stage_i386() {
	only_on_x86_64
	[ "$(id -u)" = 0 ] || { echo "only root can make another system"; exit 77; }
	have mmdebstrap || { echo "mmdebstrap is not installed"; exit 77; }
	root=$dir/i386.root
	trap 'rm -rf --one-file-system "$root"' EXIT
	trap 'exit 143' HUP INT TERM
	make_i386
	in_i386 true || { echo "this kernel runs no programs of 32 bits"; exit 77; }
	configure i386 CC=gcc
	make dist
	mkdir -p "$root/mmcp/build" "$root/large"
	tar -xzf mmcp-*.tar.gz --strip-components=1 -C "$root/mmcp"
	# shellcheck disable=SC2016 # of the inner shell
	in_i386 sh -ec 'cd /mmcp/build && ../configure -q --enable-werror &&
		make -j "$1" && make -j "$1" check VERBOSE=1 TESTS="$2"' sh "$jobs" \
		"tests/unit tests/engine/what-is-written-from-a-mapping-is-whole.sh"

	gib=1073741824 mib=1048576
	large "$root/large/ends" $((9 * gib / 2)) 0 $((4 * gib - 32 * mib)) \
		$((9 * gib / 2 - 64 * mib))
	large "$root/large/sparse" $((5 * gib)) $((2 * gib - 300000)) \
		$((4 * gib - 300000)) $((5 * gib - 64 * mib - 5))
	truncate -s $((5 * gib)) "$root/large/old"
	for name in ends sparse; do
		for engine in auto mmap kernel stream; do
			copies_i386 "$name" --engine="$engine"
			[ "$engine" = kernel ] ||
				copies_i386 "$name" --sparse=always --engine="$engine"
		done
		copies_i386 "$name" --reflink=never -j1
		copies_i386 "$name" --direct
	done
	touch -d '2050-01-02 03:04:05 UTC' "$root/large/late"
	in_i386 /mmcp/build/mmcp -a /large/late /large/later
	[ "$(stat -c %Y "$root/large/later")" = "$(stat -c %Y "$root/large/late")" ]
}
