#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "${srcdir:-.}/tests/lib.sh"

hint="Try 'mmcp --help' for more information."

# usage MESSAGE ARGUMENT...: these arguments are answered with MESSAGE and the hint.
usage() {
	message=$1; shift
	run "$MMCP" "$@"
	check "'$*' has exit status 1" status_is 1
	check "'$*' is told what is wrong" err_is "mmcp: $message
$hint"
}

: >a
usage "missing file operand"
usage "missing destination file operand after 'a'" a
usage "extra operand 'c'" -T a b c
usage "unrecognized option '--foo'" --foo a b
usage "invalid option -- 'y'" -y a b
usage "invalid option -- 'y'" -vy a b
usage "option requires an argument -- 't'" -t
usage "option requires an argument -- 't'" -rvt
usage "option '--no' is ambiguous; possibilities: '--no-clobber' '--no-dereference' \
'--no-preserve' '--no-target-directory'" --no a b
usage "unrecognized option '--recursivex'" --recursivex a b
usage "option '--recursive' doesn't allow an argument" --recur=x a b
usage "cannot make both hard and symbolic links" -ls a b
usage "with --parents, the destination must be a directory" --parents a b
usage "invalid argument 'y' for '--preserve'
Valid arguments are:
  - 'mode'
  - 'timestamps'
  - 'ownership'
  - 'links'
  - 'context'
  - 'xattr'
  - 'all'" --preserve=mode,y a b
usage "option '--target-directory' requires an argument" --target-directory
usage "option '--force' doesn't allow an argument" --force=x a b
usage "invalid number of jobs: '0'" -j 0 a b
usage "invalid number of jobs: 'x'" -j x a b
usage "invalid number of jobs: '-1'" -j -1 a b
usage "invalid number of jobs: ''" -j '' a b
usage "--chunk-size argument '3Q' too large" --chunk-size=3Q a b
usage "invalid suffix in --chunk-size argument '3x'" --chunk-size=3x a b
usage "invalid --chunk-size argument 'x'" --chunk-size=x a b
usage "invalid --chunk-size argument '0'" --chunk-size=0 a b
usage "invalid --chunk-size argument '-1'" --chunk-size=-1 a b
usage "--chunk-size argument '99999999999999999999' too large" --chunk-size=99999999999999999999 a b
usage "invalid argument 'fast' for '--engine'; valid are 'auto', 'mmap', 'kernel' and 'stream'" --engine=fast a b
check "nothing was made" absent b

finish
