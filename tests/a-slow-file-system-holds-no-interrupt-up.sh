#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/lib.sh
. "${srcdir:-.}/tests/lib.sh"
need_faultfs
need python3
no_leak_check

mount_faultfs "$work/back" "$work/mnt" max_threads=200
mkdir local
python3 "${srcdir:-.}/tests/slow.py" "$work/mnt" "$work/back" >said ||
	broken "$(tail -n 1 said)"
while IFS= read -r line; do
	case $line in
	"ok - "* | "not ok - "*)
		checks=$((checks + 1))
		echo "${line%% - *} $checks - ${line#* - }" ;;
	*) echo "$line" ;;
	esac
done <said

finish
