#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Random trees are copied by cp and by mmcp, on and between several file systems, by root,
# by an ordinary user, and by one who copies what root made.  What is there then, what was
# said and the exit status must be the same; tests/tools/trees compares.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3 cp

# Messages and answers are those of one family of versions.
case $(cp --version 2>/dev/null | head -n 1) in
*"GNU coreutils"*" 9."*) ;;
*) skip_all "the system's cp is not of GNU coreutils 9" ;;
esac

seeds=200
! sanitized || no_leak_check
if sanitized && [ -z "${MMCP_LONG:-}" ]; then
	seeds=50
	echo "# a sanitized mmcp is slow: $seeds trees only"
fi
chmod 755 "$work" || broken "$work is not ours"

# An overlay can't lie on another one, so its layers are on a tmpfs.
place_overlay() {
	mkdir overlay tmpfs/lower tmpfs/upper tmpfs/work || return
	mount -t overlay -o lowerdir=tmpfs/lower,upperdir=tmpfs/upper,workdir=tmpfs/work \
		overlay overlay 2>/dev/null && mounts="$work/overlay $mounts"
}

places=
for fs in here tmpfs xfs btrfs; do
	place $fs && places="$places $fs"
done
is_root && place_overlay && places="$places overlay"
for fs in $places; do
	{ mkdir "$fs/r" "$fs/n" && chmod 755 "$fs"; } || broken "no directory on $fs"
	! is_root || chown 65534:65534 "$fs/n" || broken "no directory for nobody on $fs"
done
there() { case " $places " in *" $1 "*) ;; *) false ;; esac; }

# The pairs of file systems that can be had, a user each.
pairs=
add() { ! there "$1" || ! there "$2" || pairs="$pairs $1:$2:$3"; }
mmcp=$MMCP
if is_root; then
	for fs in $places; do add "$fs" "$fs" root; done
	add tmpfs xfs root
	add xfs here root
	add here btrfs root
	add btrfs overlay root
	if open_to_nobody; then
		add here here nobody
		add tmpfs btrfs nobody
		add tmpfs tmpfs guest
		add overlay here guest
	else
		echo "# $why"
	fi
else
	for fs in $places; do add "$fs" "$fs" user; done
	add here tmpfs user
	add tmpfs here user
fi
[ -n "$pairs" ] || broken "nowhere to copy"

# shellcheck disable=SC2086
set -- $pairs
each=$((seeds / $#))
[ $((each * $#)) -eq $seeds ] || each=$((each + 1))

first=1
for pair; do
	from=${pair%%:*} user=${pair##*:}
	to=${pair#*:} to=${to%:*}
	dir=r option=
	case $user in
	nobody) dir=n option=--nobody who="an ordinary user" ;;
	guest) option=--guest who="a guest of root's" ;;
	*) who=$user ;;
	esac
	check "$who copies trees from $from to $to as by cp" python3 -B \
		"${srcdir:-.}/tests/tools/trees" rounds $first $each \
		--quiet --mmcp "$mmcp" \
		--from "$work/$from/$dir" --to "$work/$to/$dir" ${option:+"$option"}
	first=$((first + each))
done

finish
