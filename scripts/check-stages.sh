# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# check-stages.sh: the stages of scripts/check: builds, tests and linters.  Each is a
# function that runs with set -e, in a subshell, from $dir; 77 means skipped.

# configure NAME ARGUMENT...: in a directory NAME, which becomes the current one.
configure() {
	mkdir "$1" && cd "$1" || exit
	shift
	"$top/configure" -q --enable-werror "$@"
}

# mpi: what has configure build the module for MPI, where there is one.
mpi() { ! have mpicc || echo --with-mpi; }

# As distributions build it: calls into libc that are checked have other names.  The
# module for MPI can play a network.
stage_gcc() {
	in_full
	# shellcheck disable=SC2046 # nothing, or a word
	configure gcc CC=gcc CPPFLAGS='-D_FORTIFY_SOURCE=2 -DMPI_LATENCY_TESTS' $(mpi)
	make -j "$jobs"
	make limit ways
	make -j "$test_jobs" check
}

# dist_elsewhere: the tarballs of what is in those here, made at another time by somebody
# with another umask.
dist_elsewhere() (
	umask 077
	mkdir elsewhere && tar -xJf mmcp-*.tar.xz -C elsewhere
	cd elsewhere/mmcp-* || exit
	find . -exec touch -d '2 days ago' {} +
	./configure -q CC=gcc CFLAGS=-O0
	make -j "$jobs" dist
)

# The gcc stage ran every test; here a few show that the tarball has all it takes.
stage_distcheck() {
	SOURCE_DATE_EPOCH=1700000000
	export SOURCE_DATE_EPOCH
	configure dist CC=gcc
	make -j "$test_jobs" distcheck \
		DISTCHECK_CONFIGURE_FLAGS="CC=gcc --enable-werror $(mpi)" \
		TESTS='tests/unit tests/cli/bad-usage-is-one-line-and-a-hint.sh' \
		INSTALLCHECK_TESTS=tests/cli/bad-usage-is-one-line-and-a-hint.sh
	dist_elsewhere
	for tarball in mmcp-*.tar.*; do
		cmp "$tarball" elsewhere/mmcp-*/"$tarball"
	done
}

stage_clang() {
	# shellcheck disable=SC2046 # nothing, or a word
	configure clang CC=clang $(mpi)
	make -j "$jobs"
	tests=$([ -n "$long" ] || echo TESTS=tests/unit)
	make -j "$test_jobs" check ${tests:+"$tests"}
}

stage_sanitizers() {
	compiles gcc -fsanitize=address,undefined ||
		{ echo "gcc has no sanitizers here"; exit 77; }
	UBSAN_OPTIONS=print_stacktrace=1
	export UBSAN_OPTIONS
	in_full
	tests=
	# On a slow machine these are much slower than others; ranks of MPI, most of all.
	# Tests of the house are about scripts and texts.
	if [ "$MMCP_SAMPLE" != 1 ]; then
		MMCP_SAMPLE=$((2 * MMCP_SAMPLE))
		tests=$(cd "$top" && printf '%s\n' tests/*/*.sh |
			awk '!/^tests\/(tools|mpi)\// && ++n % 3 == 1 && !/house\//')
		tests="TESTS=tests/unit $(echo "$tests" | tr '\n' ' ')"
	fi
	# shellcheck disable=SC2046 # nothing, or a word
	configure sanitizers CC=gcc --enable-sanitizers $(mpi)
	make -j "$jobs"
	make -j "$test_jobs" check ${tests:+"$tests"}
}

# Walkers that are threads, so that ThreadSanitizer sees what they do to shared memory.
stage_threads() {
	compiles gcc -fsanitize=thread ||
		{ echo "gcc has no ThreadSanitizer here"; exit 77; }
	configure threads CC=gcc
	make -j "$jobs" threads
	rounds=24
	[ -z "$long" ] || rounds=1000
	./threads 1 "$rounds"
}

# copies NAME ENGINE STATUS: the copy of NAME ends with STATUS, and is whole if that is 0.
copies() {
	for to in new old; do
		status=0
		./mmcp --debug --engine="$2" "$1" "$1.$to" || status=$?
		echo "$2, $1, $to: status $status"
		[ "$status" = "$3" ]
		[ "$status" != 0 ] || cmp "$1" "$1.$to"
	done
}

# As on a machine that lacks each of the calls that only Linux has, and each library that
# can be left out; and as distributions optimize: that shows the compiler more to warn of.
stage_fallbacks() {
	configure fallbacks CC=gcc CFLAGS='-g -O3 -flto=auto' \
		AR=gcc-ar RANLIB=gcc-ranlib \
		ac_cv_func_copy_file_range=no ac_cv_func_renameat2=no \
		ac_cv_func_fallocate=no ac_cv_have_decl_O_TMPFILE=no \
		ac_cv_have_decl_SEEK_DATA=no ac_cv_have_decl_FALLOC_FL_PUNCH_HOLE=no \
		ac_cv_have_decl_FICLONE=no ac_cv_func_statx=no \
		--without-acl --without-attr --without-selinux --disable-nls \
		--without-xxhash --without-crypto \
		--with-bug-url='https://example.org/bugs?of=mmcp&new'
	make -j "$jobs"
	./mmcp --help | grep -F 'Report bugs to https://example.org/bugs?of=mmcp&new'
	grep -Fx '.Lk https://example.org/bugs?of=mmcp&new .' mmcp.1
	mandoc -T lint -W warning mmcp.1
	seq 6000000 >large
	seq 20000 >small
	: >empty
	for engine in auto mmap kernel stream; do
		for name in large small empty; do
			wanted=0
			[ "$engine,$name" != kernel,large ] || wanted=1
			[ "$engine,$name" != kernel,small ] || wanted=1
			head -c 100000 large >"$name.old"
			copies "$name" "$engine" "$wanted"
			rm -f "$name.new" "$name.old"
		done
	done
	rm large
}

# As if there were so much to do that walkers are forked for each first name: what a copy
# means doesn't depend on who makes it.
stage_early() {
	configure early CC=gcc CPPFLAGS=-DNAMES_ALONE=1
	make -j "$jobs"
	tests='tests/cli/a-command-line-means-what-it-means-to-cp.sh
		tests/tree/what-cannot-be-read-is-synced-too.sh'
	[ -z "$long" ] || tests="$tests $(cd "$top" && echo tests/tree/*.sh)"
	make -j "$test_jobs" check TESTS="$tests"
}

# As where addresses are few: of a large file 4 MiB are mapped at a time.  Supplied with
# pages is only what is mapped whole, so that its test can't be among these.
stage_windows() {
	configure windows CC=gcc CPPFLAGS=-DMAPPING_MOST=4194304
	make -j "$jobs"
	make -j "$test_jobs" check TESTS='tests/unit
		tests/engine/a-copy-has-the-same-content.sh
		tests/engine/a-hugetlbfs-file-is-rounded-up.sh
		tests/engine/a-killed-worker-costs-no-byte.sh
		tests/engine/a-sparse-file-beyond-2-gib-is-whole.sh
		tests/engine/what-is-written-from-a-mapping-is-whole.sh'
}

# goes_on WAY OPTION...: that one is chosen while MMCP_SLOW holds.
goes_on() {
	way=$1
	shift
	rm -f copy
	LD_PRELOAD=$PWD/tests/tools/shim.so MMCP_SHIM=$MMCP_SLOW \
		./mmcp --debug "$@" source copy >said
	cat said
	cmp source copy
	# Elsewhere blocks are shared, or no folios are to be chosen from.
	[ "$(stat -f -c %T .)" != ext2/ext3 ] || grep -q "chosen: $way\$" said
}

# As where each file is large enough for every way to be tried: once as it comes, then
# with each way made to seem the fastest.
stage_trials() {
	configure trials CC=gcc CPPFLAGS="-DWRITE_MIN=262144 -DMAP_WINDOW=32768 \
-DTRIAL_PART=8 -DTRIAL_LEAST=32768 -DTRIAL_MOST=65536"
	make -j "$jobs"
	tests='tests/engine/a-copy-has-the-same-content.sh
		tests/engine/a-refused-engine-leads-to-the-next.sh
		tests/file/an-existing-file-is-written-over-in-place.sh'
	slow='tests/engine/a-killed-worker-costs-no-byte.sh
		tests/engine/data-that-is-not-on-disk-yet-is-copied.sh
		tests/engine/holes-are-kept-and-not-filled-in.sh
		tests/engine/zeros-become-holes-if-asked.sh
		tests/file/a-source-in-use-is-copied.sh'
	[ -z "$long" ] || tests="$tests $slow"
	UNIT_ROOM="file" make -j "$test_jobs" check TESTS="tests/unit $tests
		tests/engine/the-first-windows-decide.sh"
	head -c 20000000 /dev/urandom >source
	while IFS=, read -r writing MMCP_SLOW; do
		export MMCP_SLOW
		goes_on "$writing" -j1
		make -j "$test_jobs" check TESTS="$tests" </dev/null
	done <<-END
		copy_file_range,large=slow9 small=slow9 huge#9+=slow9
		write,copy_file_range=slow9 small=slow9
		write by 16 KiB,copy_file_range=slow9 large=slow9
	END
}

only_on_x86_64() {
	[ "$(uname -m)" = x86_64 ] || { echo "only x86-64 has these 32 bits"; exit 77; }
}

# No offset and no size loses bits where a size_t has 32: config.h is of 64, but what
# differs is asked for here.
stage_m32() {
	only_on_x86_64
	is_there m32 || { echo "gcc -m32 has no headers here"; exit 77; }
	configure m32 CC=gcc
	kernel=$(gcc -print-multiarch)
	bad=0
	set -- -m32 -I. -I"$top/src" ${kernel:+-idirafter "/usr/include/$kernel"} \
		-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DLOCALEDIR='""' \
		-Wall -Wextra -Wno-psabi -Werror
	for file in "$top"/src/*.c "$top"/src/*/*.c; do
		case $file in */mpi/*) continue ;; esac	# there is no MPI of 32 bits
		gcc -O2 -c -o m32.o -Wconversion -Wno-sign-conversion "$@" "$file" ||
			bad=1
		! have clang || clang -fsyntax-only -Wshorten-64-to-32 \
			-Wno-unknown-warning-option "$@" "$file" || bad=1
	done
	return $bad
}

stage_cppcheck() {
	cppcheck --version
	cppcheck -q -j "$jobs" --enable=warning,portability,performance \
		--inline-suppr --error-exitcode=1 --std=c11 -I"$top/src" \
		--suppress=missingInclude --suppress=missingIncludeSystem "$top/src"
}

stage_shellcheck() {
	shellcheck --version
	cd "$top" || exit
	# Alone, a library seems to set what nobody uses; checks are called indirectly.
	set --
	for file in scripts/* tests/*/*.sh tests/*/*-lib tests/tools/run-tap .ci/run \
		completions/mmcp tests/cli/complete.bash packaging/*BUILD \
		doc/examples/backup \
		packaging/debian/tests/copies packaging/debian/tests/installcheck; do
		case $file in */lib.sh | *.mk) continue ;; esac
		[ -f "$file" ] || continue
		! head -n 1 "$file" | grep -q python || continue
		set -- "$@" "$file"
	done
	bad=0
	shellcheck -f gcc -e SC2034,SC2317 scripts/lib.sh tests/tools/lib.sh || bad=1
	printf '%s\0' "$@" | xargs -0 -n 16 -P "$jobs" \
		shellcheck -f gcc -x -e SC2317 || bad=1
	return $bad
}

stage_man() {
	[ -e "$top/man/mmcp.1" ] || { echo "there is no man/mmcp.1"; exit 1; }
	# Which manuals are installed here says nothing about ours.
	mandoc -T lint -W style "$top/man/mmcp.1" 2>&1 |
		grep -vE 'referenced manual not found|mandoc\.db' >man.found || return 0
	cat man.found
	return 1
}

# What configure looks for, and what tests can't do without, is installed by us.
stage_needs() {
	sed -n -e 's/^PKG_CHECK_MODULES(\[[^]]*\], *\[\([^]]*\)\].*/\1/p' \
		-e 's/^MMCP_LIBRARY(\[[^]]*\], \[[^]]*\], \[\([^]]*\)\].*/\1/p' \
		"$top/configure.ac" | sed 's/[<>=]\{1,2\} *[^ ]*//g' |
		tr -s ' ' '\n' >modules
	grep -ohE '(^[[:space:]]*need|(if|&&|[|][|]) (! )?have) [a-z][a-z0-9_. -]*' \
		"$top"/tests/*/*.sh | sed 's/^.*\(need\|have\) //' |
		tr -s ' ' '\n' | sort -u >tools
	[ -s modules ]
	bad=0
	while read -r module; do
		echo "configure.ac wants $module"
		echo "$needs" | grep -q " $module\.pc " || {
			echo "scripts/lib.sh doesn't have $module"
			bad=1
		}
	done <modules
	while read -r tool; do
		echo "tests want $tool"
		have "$tool" || {
			echo "$tool is not installed: scripts/lib.sh should have it"
			bad=1
		}
	done <tools
	return $bad
}
