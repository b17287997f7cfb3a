# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# check-long.sh: the stages that only scripts/check --long has: what goes wrong at random,
# many ranks, 32 bits that run, other systems, and a model that is checked.

stage_torture() {
	configure torture CC=gcc
	make -j "$jobs" all tests/tools/shim.so
	have python3 || { echo "python3 is not installed"; exit 77; }
	python3 "$top/scripts/torture" --seed 1 --rounds 500 --mmcp "$PWD/mmcp" \
		--shim "$PWD/tests/tools/shim.so"
	python3 "$top/scripts/torture" --trees --seed 1 --rounds 600 --mmcp "$PWD/mmcp"
}

# As if -j1, -j2 or -j16 came first in each command line: the tests of trees, but for
# those that give numbers of their own, and others that copy trees.
stage_walkers() {
	tests=$(cd "$top" && grep -L 'tools/trees" rounds\|1, because:' tests/tree/*.sh
		sed 's/^/tests\//' <<-'END'
		base/a-copy-needs-neither-proc-nor-new-calls.sh
		base/a-copy-works-where-children-are-in-another-pid-namespace.sh
		base/a-preloaded-library-sees-all-that-is-done.sh
		cli/a-slow-file-system-holds-no-interrupt-up.sh
		cli/a-supervised-copy-is-like-any-other.sh
		cli/aliases-are-options.sh
		cli/odd-beginnings-end-well.sh
		cli/operands-mean-what-they-mean-to-cp.sh
		file/a-backup-is-never-lost.sh
		file/a-failing-call-is-mended-or-told.sh
		file/a-file-system-that-changes-its-mind-is-copied-from-as-by-cp.sh
		file/a-file-system-that-refuses-is-lived-with-as-cp-does.sh
		file/a-lease-is-waited-for.sh
		file/a-log-that-grows-is-copied.sh
		file/a-mode-is-kept-only-where-it-belongs.sh
		file/a-small-file-takes-the-general-path-where-needed.sh
		file/a-watcher-sees-a-file-closed-when-it-is-whole.sh
		file/attributes-that-cannot-be-kept-are-told-if-asked-for.sh
		file/backups-have-numbers-and-names-as-with-cp.sh
		file/security-contexts-are-as-cp-gives-them.sh
		file/what-comes-by-a-pipe-stays.sh
		file/what-is-replaced-goes-when-its-successor-is-whole.sh
		file/what-only-we-ask-for-may-be-refused.sh
		file/what-the-disk-keeps-is-what-was-copied.sh
		report/a-question-waits-for-its-answer.sh
		report/a-silent-copy-asks-for-no-locale.sh
		report/errors-are-told-and-counted.sh
		report/failures-are-listed-and-can-be-copied-again.sh
		report/names-are-quoted-as-cp-quotes-them.sh
		report/somebody-may-ask-how-far-it-is.sh
		report/statistics-add-up.sh
		END
	)
	for n in 1 2 16; do
		(
			configure "walkers$n" CC=gcc CPPFLAGS="-DJOBS_DEFAULT=$n"
			make -j "$jobs"
			make -j "$test_jobs" check TESTS="$(echo "$tests" | tr '\n' ' ')"
		)
	done
}

# The tests of ranks in full; and those of trees that put nothing between them and mmcp,
# as if four ranks were one program.
stage_ranks() {
	have mpicc || { echo "mpicc is not installed"; exit 77; }
	in_full
	configure ranks CC=gcc CPPFLAGS=-DMPI_LATENCY_TESTS --with-mpi
	make -j "$jobs"
	make -j "$test_jobs" check TESTS="$(cd "$top" && echo tests/mpi/*.sh)"
	RANKS=4 ONE_MMCP=$PWD/mmcp RANKS_TOOLS=$top/tests/tools
	export RANKS ONE_MMCP RANKS_TOOLS
	tests=$(sed 's/^/tests\/tree\//' <<-'END'
		a-directory-is-not-copied-into-itself.sh
		a-dry-run-changes-nothing.sh
		a-manifest-is-what-the-tools-check.sh
		a-tree-is-copied-as-cp-copies-it.sh
		a-tree-that-others-change-is-copied-to-its-end.sh
		nothing-outside-a-tree-is-touched.sh
		one-file-by-any-name-is-refused.sh
		only-what-is-older-is-replaced.sh
		special-files-in-a-tree-hold-nothing-up.sh
		trees-are-merged-as-cp-merges-them.sh
		two-copies-into-one-directory-end.sh
		END
	)
	make check tested_mmcp="$top/tests/tools/as-ranks" \
		TESTS="$(echo "$tests" | tr '\n' ' ')"
}

stage_model() {
	sh "$top/scripts/model"
}

# make_i386: a system of 32 bits in $root.
make_i386() {
	packages=gcc,libc6-dev,make,autoconf,automake,pkg-config,check,openssl
	packages=$packages,libpopt-dev,libacl1-dev,libattr1-dev,libselinux1-dev
	packages=$packages,libxxhash-dev,libssl-dev
	make_debian i386 "$root" apt "$packages" || {
		echo "no system of 32 bits can be made: $why"
		exit 77
	}
}

# in_root COMMAND...: in $root, with a /proc that nobody else sees.
in_root() {
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount --propagation private sh -c 'mount -t proc proc "$0/proc" &&
		exec chroot "$0" "$@"' "$root" "$@"
}

in_i386() { in_root setarch i686 "$@"; }

only_with_mmdebstrap() {
	[ "$(id -u)" = 0 ] || { echo "only root can make another system"; exit 77; }
	have mmdebstrap || { echo "mmdebstrap is not installed"; exit 77; }
}

# unpack_in_root: the tarball of this build, as /mmcp in $root.
unpack_in_root() {
	make dist
	mkdir -p "$root/mmcp/build"
	tar -xzf mmcp-*.tar.gz --strip-components=1 -C "$root/mmcp"
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
	only_with_mmdebstrap
	root=$dir/i386.root
	trap 'rm -rf --one-file-system "$root"' EXIT
	trap 'exit 143' HUP INT TERM
	make_i386
	in_i386 true || { echo "this kernel runs no programs of 32 bits"; exit 77; }
	configure i386 CC=gcc
	unpack_in_root
	mkdir "$root/large"
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

# debian CODENAME: the unit tests, built there without a warning.
debian() {
	only_with_mmdebstrap
	root=$dir/$1.root
	trap 'rm -rf --one-file-system "$root"' EXIT
	trap 'exit 143' HUP INT TERM
	packages=gcc,libc6-dev,make,pkg-config,check,libpopt-dev,libacl1-dev,libattr1-dev
	packages=$packages,libxxhash-dev,libssl-dev
	make_debian "$(dpkg --print-architecture)" "$root" apt "$packages" "$1" || {
		echo "no $1 can be made: $why"
		exit 77
	}
	configure "$1" CC=gcc
	unpack_in_root
	# shellcheck disable=SC2016 # of the inner shell
	in_root sh -ec 'cd /mmcp/build && ../configure -q --enable-werror &&
		make -j "$1" mmcp tests/unit && ./tests/unit' sh "$jobs"
}

stage_bullseye() { debian bullseye; }
stage_sid() { debian sid; }

stage_musl() {
	sh "$top/scripts/static" "$dir/mmcp-static" "$dir/musl"
}
