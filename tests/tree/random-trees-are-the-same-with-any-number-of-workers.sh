#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Random trees are copied by cp -a and by mmcp -a with 1, 2, 7 and 16 workers, which are
# so slow that they share what they have.  MMCP_LONG=1: many more trees.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3 cp
case $(cp --version 2>/dev/null | head -n 1) in
*"GNU coreutils"*" 9."*) ;;
*) skip_all "the system's cp is not of GNU coreutils 9" ;;
esac
need_shim

seeds=12
[ -z "${MMCP_LONG:-}" ] || seeds=200
chmod 755 "$work" || broken "$work is not ours"
no_leak_check

# The mmcp that is judged: the real one, where opening takes a while.
cat >mmcp <<END
#!/bin/sh
MMCP_SHIM='openat=delay1 mkdirat=delay1' LD_PRELOAD='$SHIM' \\
	ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 exec '$MMCP' "\$@"
END
chmod 755 mmcp

first=50001
for j in 1 2 7 16; do
	for options in "-a" "-r" "-al" "-a --no-preserve=links"; do
		case $options in
		-a) count=$seeds ;;
		*) count=$((seeds / 4)) ;;
		esac
		check "$options -j$j: $count trees from $first on are cp's" \
			python3 -B "${srcdir:-.}/tests/tools/trees" rounds $first $count \
			--quiet --mmcp "$work/mmcp" --from "$work" --to "$work" \
			--jobs $j --options="$options"
		first=$((first + count))
	done
done

finish
