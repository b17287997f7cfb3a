#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need valgrind
if sanitized; then skip_all "an address sanitizer is watching already"; fi

pattern 3000000 >source
echo x >a; echo y >b; mkdir d dir; ln -s nowhere dangling

# clean SENTENCE ARGUMENT...: no leak and no descriptor open but the three, at the end.
clean() {
	sentence=$1; shift
	valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--track-fds=yes \
		--child-silent-after-fork=yes --log-file=vg.log "$MMCP" "$@" >out 2>err
	# Descriptors that we were given are none of ours.
	awk '/Open file descriptor/ { fd = $0 } /inherited from parent/ { fd = "" }
		/Open AF_|[^<]*by 0x|at 0x/ { if (fd != "") { print fd; fd = "" } }
		/definitely lost|indirectly lost|possibly lost|Invalid|uninit/' \
		vg.log >found
	check "$sentence" test ! -s found
}

clean "mapped copy" --engine=mmap -j3 --chunk-size=64K source new
clean "mapped copy onto an old file" --engine=mmap -j3 source new
clean "copy by the kernel" --engine=kernel source new
clean "stream" --engine=stream source new
clean "replaced atomically" --atomic --fsync source new
clean "several into a directory" -v a b source d
clean "failures" a b dir dangling none d
clean "the same file" a a
clean "a dangling symlink" a dangling
clean "help" --help
clean "version" --version
clean "bad usage" --foo
clean "a missing operand" a

finish
