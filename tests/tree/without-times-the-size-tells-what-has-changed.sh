#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root
need_strace
mkdir ram
mount -t ramfs none ram 2>/dev/null || skip_all "ramfs can't be mounted"
mounts="$work/ram $mounts"

mkdir -p s/d ram/to
for f in same d/same size d/size; do echo "$f" >s/$f; touch -d 2001-01-01 s/$f; done
ln -s same s/link
warning="mmcp: warning: 'ram/to' can't hold the times of files; \
only their sizes are compared there"
warned_once() { [ "$(grep -c 'warning: ' err)" = 1 ] && err_has "$warning"; }
# filled: as after a copy that could not set times.
filled() {
	rm -rf ram/to; mkdir ram/to
	cp -r -T s ram/to
	echo SAME >ram/to/same; echo D/SAME >ram/to/d/same
	echo "much longer" >ram/to/d/size; echo >ram/to/size
}
LC_ALL=C
for answer in error=EPERM retval=0; do
	filled
	injected utimensat:$answer "$MMCP" -rv --preserve=timestamps --update=changed \
		-T s ram/to
	check "$answer: it says so, once" warned_once
	check "$answer: what has the same size stays" test \
		"$(cat ram/to/same ram/to/d/same)" = "SAME
D/SAME"
	check "$answer: what has another is copied" same_content s/size ram/to/size
	check "$answer: in directories, too" same_content s/d/size ram/to/d/size
	check "$answer: and nothing is left behind" no_leftovers ram
done

filled
run "$MMCP" -rp --update=changed -T s ram/to
check "where times are held, nobody is warned" went_well
check "and they are compared" same_content s/same ram/to/same
filled
injected utimensat:error=EPERM "$MMCP" -r --update=changed -T s ram/to
check "nor where no times were asked for" went_well
injected utimensat:error=EPERM "$MMCP" -rpN --update=changed -T s ram/to
only_planned() { [ "$status" = 0 ] && ! grep -v '^mmcp: would copy ' "$work/err"; }
check "nor in a dry run, which makes no files" only_planned

finish
