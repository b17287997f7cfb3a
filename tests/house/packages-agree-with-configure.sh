#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What packaging/ says, configure.ac, NEWS and scripts/lib.sh say, too: the version, which
# libraries are needed, and what they are called in each distribution.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

base=${srcdir:-.}
[ -e "$base/configure.ac" ] || broken "srcdir is to be the source tree"
recipes=$base/packaging
deb=$recipes/debian

# ---- versions ----

version=$(sed -n 's/^AC_INIT(\[mmcp\], \[\([^]]*\)\].*/\1/p' "$base/configure.ac")
check "configure.ac has the version" test -n "$version"
# says_version FILE PATTERN: the first line there that has that, with % for the version.
says_version() {
	pattern=$(echo "$2" | sed 's/%/\\([0-9][0-9a-z.]*\\)/')
	found=$(sed -n "s/^$pattern.*/\\1/p" "$1" | head -n 1)
	echo "$1 has '$found'; wanted '$version'"
	[ -n "$found" ] && [ "$found" = "$version" ]
}
check "debian/changelog has it" says_version "$deb/changelog" 'mmcp (%-'
check "mmcp.spec has it" says_version "$recipes/mmcp.spec" 'Version: *%'
check "so does its list of changes" grep -q "^\\* .* - $version-1$" "$recipes/mmcp.spec"
check "PKGBUILD has it" says_version "$recipes/PKGBUILD" 'pkgver=%'
check "APKBUILD has it" says_version "$recipes/APKBUILD" 'pkgver=%'
check "mmcp.nix has it" says_version "$recipes/mmcp.nix" ' *version = "%";'
check "NEWS has it" says_version "$base/NEWS" '\* Noteworthy changes in release %'

# ---- libraries ----

# shellcheck disable=SC1091 # what stands before says where
table() (. "$base/scripts/lib.sh" && echo "${needs:?}")
# column WHAT NUMBER: how the distribution of that column of lib.sh's table calls it.
column() {
	table | awk -v what="$1" -v column="$2" '
		$2 == what && !done {
			print column <= NF ? $column : $3
			done = 1
		}'
}
# The modules of pkg-config that packages are built with, and those whose headers alone
# are enough.  FUSE is for tests that they don't run.
opened='libselinux libxxhash libcrypto'
modules=$(sed -n -e 's/^PKG_CHECK_MODULES(\[[^]]*\], *\[\([^]]*\)\].*/\1/p' \
	-e 's/^MMCP_LIBRARY(\[[^]]*\], \[[^]]*\], \[\([^]]*\)\].*/\1/p' \
	"$base/configure.ac" | sed 's/[<>=]\{1,2\} *[^ ]*//g' | tr -s ' ' '\n' |
	grep -vx fuse3)
check "configure.ac has modules" test "$(echo "$modules" | wc -l)" -ge 4

# wanted NUMBER MODULE...: their names in that column, into the file wanted.
wanted() {
	number=$1; shift
	for module; do column "$module.pc" "$number"; done | sort >wanted
}
# has_wanted WHAT: the names on standard input are those, and no others.
has_wanted() { [ -s wanted ] && sort | diff wanted -; }

# shellcheck disable=SC2086 # words
wanted 3 $modules $opened
{ cat wanted; column mpicc 3; } | sort >wanted.deb
mv wanted.deb wanted
of_debian() {
	sed -n '/^Build-Depends:/,/^[^ ]*-Version/p' "$deb/control" |
		sed 's/<[^>]*>//g' | grep -oE '[a-z0-9]+-dev|check' | has_wanted
}
check "debian/control asks for what is needed, and no more" of_debian

# shellcheck disable=SC2086 # words
printf '%s\n' $modules $opened | sort >wanted
of_spec() {
	sed -n 's/^BuildRequires: *pkgconfig(\(.*\))$/\1/p' "$recipes/mmcp.spec" |
		has_wanted
}
check "so does mmcp.spec" of_spec

# shellcheck disable=SC2086 # words
wanted 5 $modules libxxhash libcrypto		# no SELinux there
column mpicc 5 >>wanted && sort -o wanted wanted
# shellcheck disable=SC2016 # of the inner shell
of_alpine() {
	sh -ec '. "$1"; printf "%s\n" $makedepends $checkdepends' - "$recipes/APKBUILD" |
		grep -e '-dev$' | has_wanted
}
check "so does APKBUILD" of_alpine

# shellcheck disable=SC2086 # words
wanted 6 $modules libxxhash libcrypto
column mpicc 6 >>wanted && sort -o wanted wanted
# shellcheck disable=SC2016 # of the inner shell
of_arch() {
	bash -ec '. "$1" && printf "%s\n" "${makedepends[@]}" "${checkdepends[@]}"' - \
		"$recipes/PKGBUILD" | grep -vxE "glibc|gettext" | has_wanted
}
if have bash; then
	check "so does PKGBUILD" of_arch
else
	skip "so does PKGBUILD" "bash is not installed"
fi

# shellcheck disable=SC2086 # words
wanted 6 $modules
{ cat wanted; printf '%s\n' libselinux openssl xxHash; } | sort >wanted.nix
mv wanted.nix wanted
of_nix() {
	sed -n '/^  buildInputs = \[/,/\]/p; /CheckInputs = /p' "$recipes/mmcp.nix" |
		tr -cs 'a-zA-Z0-9-' '\n' |
		grep -vx -e '' -e '[a-zA-Z]*Inputs' | has_wanted
}
check "so does mmcp.nix" of_nix

for file in debian/control mmcp.spec PKGBUILD APKBUILD mmcp.nix; do
	check "$file asks for gettext, whose msgfmt makes translations" \
		grep -qw gettext "$recipes/$file"
done

# told_alike: what configure says of a missing library is in lib.sh's table, too.
told_alike() {
	grep -o 'MMCP_PACKAGES(\[[^)]*' "$base/configure.ac" | grep -v DEBIAN |
		sed 's/^[^[]*\[//; s/\], \[/|/g; s/\]$//' >told
	[ -s told ]
	while IFS='|' read -r apt dnf apk pacman; do
		what=$(table | awk -v apt="$apt" '$3 == apt && !what { what = $2 }
			END { print what }')
		for pair in "3 $apt" "4 $dnf" "5 $apk" "6 $pacman"; do
			name=$(column "${what:-none}" "${pair%% *}")
			[ "$name" = - ] || [ "$name" = "${pair#* }" ] ||
				echo "$apt: configure.ac has ${pair#* }, lib.sh $name"
		done
	done <told >differs
	[ ! -s differs ] || { cat differs; false; }
}
check "what configure asks for, scripts/lib.sh installs" told_alike

# ---- what the tools that Debian lacks would check ----

# shellcheck disable=SC2016 # of the inner shell
as_makepkg() {
	bash -ec '. "$1"
		for field in pkgname pkgver pkgrel pkgdesc arch license source \
			sha256sums; do
			[ -n "${!field}" ] || { echo "no $field"; exit 1; }
		done
		[ ${#pkgdesc} -le 80 ]
		[ ${#source[@]} = ${#sha256sums[@]} ]
		[[ $pkgrel =~ ^[1-9][0-9]*$ && $pkgname =~ ^[a-z0-9][a-z0-9@._+-]*$ ]]
		declare -F build check package_mmcp package_mmcp-mpi' - \
		"$recipes/PKGBUILD"
}
if have bash; then
	check "PKGBUILD has what makepkg needs" as_makepkg
else
	skip "PKGBUILD has what makepkg needs" "bash is not installed"
fi

# shellcheck disable=SC2016 # of the inner shell
as_abuild() {
	sh -ec '. "$1"
		for field in pkgname pkgver pkgrel pkgdesc url arch license makedepends \
			source; do
			eval "[ -n \"\$$field\" ]" || { echo "no $field"; exit 1; }
		done
		[ ${#pkgdesc} -le 128 ]
		[ -z "${sha512sums-none}" ]
		for each in build check package mpi; do command -v $each; done' - \
		"$recipes/APKBUILD"
}
check "APKBUILD has what abuild needs" as_abuild
if have nix-instantiate; then
	check "mmcp.nix is parsed" nix-instantiate --parse "$recipes/mmcp.nix"
else
	skip "mmcp.nix is parsed" "nix-instantiate is not installed"
fi

# ---- release notes ----

# shellcheck source=scripts/packages.sh
. "$base/scripts/packages.sh"
printf '%s\n' 'mmcp NEWS' '' '* Noteworthy changes in release 1.10 (unreleased)' '' \
	'** Changes' '' '  One' '  two' '' '  - three' '' \
	'* Noteworthy changes in release 1.1' '' '** Others' >news
printf '%s\n' '## Changes' '' 'One' 'two' '' '- three' >notes.wanted
notes_are() { notes_of "$1" news >notes && diff "$2" notes; }
check "notes are what NEWS says of that release" notes_are 1.10 notes.wanted
echo '## Others' >notes.wanted
check "and not of another" notes_are 1.1 notes.wanted
check "it is an error if it says nothing" sh -c '! "$@"' - notes_are 1.11 /dev/null

finish
