#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
. "${srcdir:-.}/tests/tools/lib.sh"

LC_ALL=C		# where words have plain quotes
hint="Try '$MMCP --help' for more information."

# usage MESSAGE ARGUMENT...: these arguments are answered with MESSAGE and the hint.
usage() {
	message=$1; shift
	run "$MMCP" "$@"
	check "'$*' has exit status 1" status_is 1
	check "'$*' gets a message and the hint" err_is "mmcp: $message
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
usage "empty pattern in --exclude argument ''" --exclude= a b
usage "empty pattern in --include argument './'" --include=./ a b
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
# no_size MESSAGE ARGUMENT...: the same, with a line about sizes.
no_size() {
	message=$1; shift
	usage "$message
Sizes are numbers with K, M, G (of 1024), or KB, MB, GB (of 1000), as in 1.5M." "$@"
}
no_size "--chunk-size argument '3Q' too large" --chunk-size=3Q a b
no_size "invalid suffix in --chunk-size argument '3x'" --chunk-size=3x a b
no_size "invalid --chunk-size argument 'x'" --chunk-size=x a b
no_size "invalid --chunk-size argument '0'" --chunk-size=0 a b
no_size "invalid --chunk-size argument '-1'" --chunk-size=-1 a b
no_size "invalid suffix in --chunk-size argument '1M/s'" --chunk-size=1M/s a b
no_size "invalid suffix in --bwlimit argument '10 M'" --bwlimit='10 M' a b
no_size "invalid suffix in --bwlimit argument '3Mb'" --bwlimit=3Mb a b
no_size "invalid suffix in --bwlimit argument '3kb/s'" --bwlimit=3kb/s a b
no_size "invalid --bwlimit argument '0.1'" --bwlimit=0.1 a b
no_size "--chunk-size argument '99999999999999999999' too large" \
	--chunk-size=99999999999999999999 a b
# The engines, as the rows of the table have them.
rows="s/^[[:space:]]ROW([A-Z_]*, *\\([a-z_]*\\),.*/  - '\\1'/p"
usage "invalid argument 'fast' for '--engine'
Valid arguments are:
  - 'auto'
$(sed -n "$rows" "${srcdir:-.}/src/engine/engine.h")" --engine=fast a b
usage "invalid argument 'md5' for '--manifest-algorithm'
Valid arguments are:
  - 'xxh128'
  - 'sha256'
  - 'blake2b'" --manifest-algorithm=md5 a b
usage "ambiguous argument 'n' for 'backup type'
Valid arguments are:
  - 'none', 'off'
  - 'simple', 'never'
  - 'existing', 'nil'
  - 'numbered', 't'" --backup=n a b
usage "--backup is mutually exclusive with -n or --update=none-fail" -b -n a b
usage "--backup is mutually exclusive with -n or --update=none-fail" \
	-S .x --update=none-fail a b
usage "--reflink can be used only with --sparse=auto" --reflink --sparse=always a b
usage "--reflink=always can be used only with --engine=auto" --reflink --engine=mmap a b
kernel="--engine=kernel can be used only with --sparse=auto, and not with --reflink=never"
usage "$kernel" --engine=kernel --sparse=never a b
usage "$kernel" --engine=kernel --reflink=never a b
reflink="--engine=reflink can be used only with --sparse=auto, \
and not with --reflink=never"
usage "$reflink" --engine=reflink --reflink=never a b
usage "$reflink" --engine=reflink --sparse=always a b
usage "--engine=direct can't be used with --sparse=always" \
	--engine=direct --sparse=always a b
usage "option requires an argument -- 'S'" -bS
usage "--direct can be used only with --engine=auto, and not with --sparse=always" \
	--direct --engine=mmap a b
usage "--direct can be used only with --engine=auto, and not with --sparse=always" \
	--direct --sparse=always a b
check "nothing was made" absent b

# A bad argument may have control bytes for the terminal in it.
evil=$(printf '\033[31mx')
shown="\$'\\033''[31mx'"
usage "unrecognized option '--'$shown" "--$evil" a b
usage "invalid option -- ''\$'\\033'" "-$evil" a b
usage "invalid option -- ''\$'\\033'" "-v$evil" a b
usage "option '--no='$shown is ambiguous; possibilities: '--no-clobber' \
'--no-dereference' '--no-preserve' '--no-target-directory'" "--no=$evil" a b
usage "invalid argument '\\033[31mx' for '--sparse'
Valid arguments are:
  - 'never'
  - 'auto'
  - 'always'" "--sparse=$evil" a b
usage "invalid number of jobs: ''$shown" "-j$evil" a b
usage "extra operand ''$shown" -T a b "$evil"
mkdir home; HOME=$work/home; export HOME
printf 'mmcp alias --alias --%s\nmmcp alias --letter -%s\n' \
	"$evil" "${evil%%[*}" >home/.popt
usage "unrecognized option '--'$shown" --alias a b
usage "invalid option -- ''\$'\\033'" --letter a b
printf 'mmcp alias --%s --nonsense\n' "$evil" >home/.popt
usage "unrecognized option '--nonsense'" "--$evil" a b
escape=$(printf '\033')
not_raw() { ! grep "$escape" out err; }
for option in "--$evil" "-$evil" "--no=$evil" "--sparse=$evil" "-j$evil" \
	"--exclude-from=$evil" "--files0-from=$evil" "--failed-to=$evil/x" \
	"--backup=$evil" "-S$evil/" "-t$evil" "--context=$evil" "--bwlimit=$evil" \
	"--chunk-size=$evil" "--progress=$evil"; do
	run "$MMCP" "$option" a b
	check "$option is never printed raw" not_raw
done

# The program has the name it was called by: in the hint as it was typed, else short.
mkdir bin; ln -s "$MMCP" bin/cp
run bin/cp --nonsense
check "messages have that name" err_is "cp: unrecognized option '--nonsense'
Try 'bin/cp --help' for more information."

finish
