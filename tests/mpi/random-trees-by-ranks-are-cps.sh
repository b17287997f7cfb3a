#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Random trees are copied by cp and by four ranks, which are so slow that they share what
# they have.  MMCP_LONG=1: many more trees.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need python3 cp
case $(cp --version 2>/dev/null | head -n 1) in
*"GNU coreutils"*" 9."*) ;;
*) skip_all "the system's cp is not of GNU coreutils 9" ;;
esac
need_shim
no_leak_check
slow_ranks

seeds=4
[ -z "${MMCP_LONG:-}" ] || seeds=100
chmod 755 "$work" || broken "$work is not ours"
# What is judged is asked what it is first, which takes no ranks.
cat >mmcp <<END
#!/bin/sh
case \$* in
--version) exec '$MMCP' --version ;;
*/nonexistent/trees/*) exec '$MMCP' "\$@" ;;
esac
exec '$many' "\$@"
END
chmod 755 mmcp

first=70001
for ranks in 4 3; do
	export RANKS=$ranks
	for options in "-a" "-r" "-al" "-a --no-preserve=links"; do
		case $options in
		-a) count=$seeds ;;
		*) count=$((seeds / 4)) ;;
		esac
		check "$options, $ranks ranks: $count trees from $first on are cp's" \
			python3 -B "${srcdir:-.}/tests/tools/trees" rounds $first $count \
			--quiet --mmcp "$work/mmcp" --from "$work" --to "$work" \
			--jobs 1 --options="$options"
		first=$((first + count))
	done
done

finish
