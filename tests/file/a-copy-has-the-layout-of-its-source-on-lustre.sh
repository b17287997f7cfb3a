#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where attributes are kept, a new file on Lustre gets its source's layout, which it can
# have only before its first byte.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need setfattr
need getfattr

# layout UNITS OF: hexadecimal, with stripes of 64 KiB times UNITS on OF servers.
layout() { printf '0xd00bd30b%040d0000%02x%02x' 0 "$1" "$2"; }
layout_of() {
	getfattr --only-values -n lustre.lov "$1" | od -An -v -tx1 | tr -d ' \n'
}
has() { [ "0x$(layout_of "$1")" = "$2" ] || { layout_of "$1"; false; }; }

mount_faultfs "$work/back" "$work/m"
setfattr -n user.lustre.lov -v "$(layout 16 1)" back 2>err || skip_all "$(cat err)"
mkdir m/s
: >m/s/empty
echo small >m/s/small
pattern 3000000 >m/s/medium
pattern 40000000 >m/s/large
check "a file has its directory's layout" has m/s/small "$(layout 16 1)"
n=1
for name in empty small medium large; do
	n=$((n + 1))
	setfattr -n user.lustre.lov -v "$(layout 32 $n)" "back/s/$name"
done
check "or one of its own" has m/s/large "$(layout 32 5)"

for options in -a "-r --preserve=xattr" "-a --resume" "-a --verify" "-a --atomic" \
	"-a -j1" "-a --remove-destination"; do
	rm -rf m/to
	[ "$options" != "-a --remove-destination" ] || cp -r m/s m/to
	# shellcheck disable=SC2086 # words
	run "$MMCP" $options -T m/s m/to
	check "$options: succeeds" went_well
	n=1
	for name in empty small medium large; do
		n=$((n + 1))
		check "$options: $name has its layout" has m/to/$name "$(layout 32 $n)"
		check "$options: and its bytes" same_content m/s/$name m/to/$name
	done
done
rm -rf m/to
run "$MMCP" -r m/s m/to
check "without attributes: succeeds" went_well
check "without attributes: that of its directory" has m/to/large "$(layout 16 1)"
run "$MMCP" -a m/s/large m/to
check "an old file keeps its own" has m/to/large "$(layout 16 1)"
mkdir elsewhere
run "$MMCP" -a m/s/. elsewhere
check "where there are no layouts: succeeds" went_well
check "with all bytes" same_content m/s/large elsewhere/large
rm -rf m/to
mkdir m/to
run "$MMCP" -a elsewhere/large m/to
check "from there: succeeds" went_well
check "from there: that of its directory" has m/to/large "$(layout 16 1)"
unmount_faultfs "$work/m"

finish
