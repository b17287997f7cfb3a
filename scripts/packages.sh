# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# packages.sh: make what a release has, in the current directory, from its tarball.

# version_of TARBALL
version_of() {
	version=${1##*/mmcp-}
	echo "${version%.tar.*}"
}

# make_tarballs: both, of $top, here; they are built in build/.
make_tarballs() (
	make_configure && mkdir build && cd build && "${top:?}/configure" -q CFLAGS=-O0 &&
		make -j "$(processors)" dist && mv mmcp-*.tar.* ..
)

# make_deb TARBALL: what dpkg-buildpackage makes, in deb/.
make_deb() (
	version=$(version_of "$1")
	mkdir deb && cp "$1" "deb/mmcp_$version.orig.tar.xz" &&
		tar -xJf "$1" -C deb && cd "deb/mmcp-$version" &&
		cp -R packaging/debian debian && dpkg-buildpackage -us -uc
)

# make_rpm TARBALL: what rpmbuild makes, in rpm/RPMS and rpm/SRPMS.  On Debian its
# database knows nothing of what is installed.
make_rpm() (
	version=$(version_of "$1")
	mkdir -p rpm/SOURCES && cp "$1" rpm/SOURCES &&
		tar -xJf "$1" -O "mmcp-$version/packaging/mmcp.spec" >rpm/mmcp.spec ||
		exit
	set -- -ba --define "_topdir $PWD/rpm" rpm/mmcp.spec
	! have dpkg || set -- --nodeps "$@"
	case ${DEB_BUILD_OPTIONS-} in *nocheck*) set -- --nocheck "$@" ;; esac
	rpmbuild "$@"
)

# make_recipes TARBALL: what Arch, Alpine and Nix build from, with its checksums.
make_recipes() (
	version=$(version_of "$1")
	for name in PKGBUILD APKBUILD mmcp.nix; do
		tar -xJf "$1" -O "mmcp-$version/packaging/$name" >"$name" || exit
	done
	sum=$(sha256sum <"$1") &&
		sed -i "s/^sha256sums=.*/sha256sums=(${sum%% *})/" PKGBUILD || exit
	sum=$(sha512sum <"$1") && sum="${sum%% *}  ${1##*/}" &&
		sed -i "s/^sha512sums=.*/sha512sums=\"\n$sum\n\"/" APKBUILD
)

# notes_of VERSION NEWS: what NEWS says of that version, as Markdown.
notes_of() {
	awk -v version="$1" '
		/^\* / { ours = ($0 ~ " release " version "( |$)"); next }
		!ours { next }
		/^$/ { blank = said ? blank "\n" : ""; next }
		{
			sub(/^\*\* /, "## ")
			sub(/^  /, "")
			print blank $0
			blank = ""
			said = 1
		}
		END { exit !said }' "$2"
}
