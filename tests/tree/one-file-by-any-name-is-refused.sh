#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

pattern 2000000 >file
cp file saved
mkdir dir
ln file hard
ln -s file soft
ln -s soft softer
ln -s .. dir/up
if is_root && mkdir bound && mount --bind . bound 2>/dev/null; then
	mounts="$work/bound $mounts"
	bound=bound/file
else
	bound=
	skip "a bind mount" "only root can make one"
fi

for engine in auto mmap kernel stream; do
	for option in "" -f --atomic --fsync; do
		for name in file ./file hard soft softer dir/../file dir/up/file \
			"$PWD/file" \
			$bound; do
			# shellcheck disable=SC2086 # no option is none
			run "$MMCP" $option --engine=$engine file "$name"
			check "$engine $option: $name is refused" err_is \
				"mmcp: 'file' and '$name' are the same file"
			check "$engine $option: with exit status 1" status_is 1
			# shellcheck disable=SC2086
			run "$MMCP" $option --engine=$engine "$name" file
			check "$engine $option: and from $name" status_is 1
		done
		check "$engine $option: nothing happened to it" cmp file saved
	done
	run "$MMCP" --engine=$engine file .
	check "$engine: into its own directory" err_is \
		"mmcp: 'file' and './file' are the same file"
done
for name in file ./file dir/../file "$PWD/file" $bound; do
	run "$MMCP" --remove-destination file "$name"
	check "--remove-destination: $name is no other name" status_is 1
	check "--remove-destination: and nothing happened to it" cmp file saved
done

finish
