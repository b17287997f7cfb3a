#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# popt's files, /etc/popt and ~/.popt, give options other names.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mkdir home s d; HOME=$work/home; export HOME
echo x >s/f; ln -s f s/link; touch -d 2001-01-01 s/f
cat >home/.popt <<'END'
# An example:
mmcp alias --mirror -a --fsync --stats
mmcp alias --into -t
mmcp alias -g --progress=never
mmcp alias --recursive -a
other alias --mirror --nonsense
END
run "$MMCP" --mirror s new
check "an alias is an option" went_well
check "which stands for several" grep -q "^Copied 1 file .* in 1 directory " out
check "each of them" test "$(stat -c %Y new/f)" = "$(stat -c %Y s/f)"
run "$MMCP" --into=d s/f
check "an alias may have an argument" same_content s/f d/f
run "$MMCP" -g s/f d/g
check "a letter may be one, too" went_well
run "$MMCP" -rv s d
check "other letters of a bundle keep their meaning" test -e d/s/f -a -L d/s/link
rm -rf d/s
run "$MMCP" --recursive s d
check "an alias comes before an option of that name" \
	test "$(stat -c %Y d/s/f)" = "$(stat -c %Y s/f)"
run "$MMCP" --mirro s new2
check "an alias can't be abbreviated" err_is "mmcp: unrecognized option '--mirro'
Try '$MMCP --help' for more information."
rm home/.popt
run "$MMCP" --mirror s new3
check "without the file there is none" err_has "unrecognized option '--mirror'"

# A file of another type is ignored, and never waited for.
mkfifo home/.popt
run timeout 100 "$MMCP" s/f d/fifo
check "a FIFO in its place is ignored" went_well
rm home/.popt
mkdir home/.popt
run timeout 100 "$MMCP" s/f d/directory
check "and so is a directory" went_well
rmdir home/.popt
ln -s /dev/zero home/.popt
run timeout 100 "$MMCP" s/f d/device
check "and a device" went_well
rm home/.popt
echo "mmcp alias --mirror -a" >elsewhere
ln -s ../elsewhere home/.popt
run "$MMCP" --mirror s new5
check "a symbolic link to a file is followed" test -L new5/link
rm home/.popt
if is_root && have unshare && unshare -m true 2>/dev/null; then
	: >popt.file
	[ -e /etc/popt ] || { : >/etc/popt && made=yes; }
	echo 'mmcp alias --everything -a' >popt.file
	# shellcheck disable=SC2016
	bind='mount --bind "$1" /etc/popt && shift && exec "$@"'
	run unshare -m sh -c "$bind" - "$work/popt.file" "$MMCP" --everything s new4
	check "the machine's file counts, too" test -L new4/link
	mkfifo popt.fifo
	run timeout 100 unshare -m sh -c "$bind" - "$work/popt.fifo" "$MMCP" s/f d/machine
	check "a FIFO in its place is ignored" went_well
	[ -z "${made:-}" ] || rm -f /etc/popt
else
	skip "the machine's file counts, too" "only root can mount one"
fi

finish
