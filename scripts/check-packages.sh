# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# check-packages.sh: the stages of scripts/check that make packages, install them where
# nothing else is, copy with them, and remove them.

# well_placed ROOT ZSH LIBEXEC: what a package has for users is there, at the places
# that its distribution has for it, and nothing elsewhere.
well_placed() {
	sort >places <<-END
		usr/bin/mmcp
		usr/$3/mmcp/cp
		usr/share/bash-completion/completions/mmcp
		usr/share/doc/mmcp/NEWS
		usr/share/doc/mmcp/README.md
		usr/share/doc/mmcp/examples/backup
		usr/share/doc/mmcp/json.md
		usr/share/fish/vendor_completions.d/mmcp.fish
		usr/share/locale/de/LC_MESSAGES/mmcp.mo
		usr/share/man/man1/mmcp.1
		usr/share/zsh/$2/_mmcp
	END
	(cd "$1" && find usr ! -type d) | sed 's/\.gz$//' | sort >placed
	comm -23 places placed >lacking
	comm -13 places placed | grep -v -e '^usr/share/doc/mmcp/' \
		-e '^usr/share/locale/' -e '^usr/share/man/[^/]*/man1/mmcp' \
		-e '^usr/share/lintian/overrides/mmcp$' -e '^usr/share/licenses/' \
		-e '^usr/lib/\.build-id/' >strange || :
	[ ! -s lacking ] || { echo "lacking in $1:"; cat lacking; return 1; }
	[ ! -s strange ] || { echo "strange in $1:"; cat strange; return 1; }
}

# copies_from ROOT LIBEXEC: the mmcp that is installed there does.
copies_from() {
	rm -rf copied tree && mkdir -p tree/below && seq 1000 >tree/below/file &&
		ln -s below/file tree/link && seq 6000000 >tree/large &&
		"$1/usr/bin/mmcp" -a tree copied && diff -r tree copied &&
		"$1/usr/$2/mmcp/cp" tree/large copied/large && cmp tree/large copied/large
}

# nothing_left ROOT: of a package that was removed, but directories that others have, too.
nothing_left() {
	(cd "$1" && find . ! -path './var/lib/*' \( ! -type d -o -name '*mmcp*' \)) >left
	[ ! -s left ] || { echo "left in $1:"; cat left; return 1; }
}

# as_if_root COMMAND...: it can give files to root.
as_if_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else fakeroot "$@"; fi
}

in_dpkg() {
	as_if_root dpkg --root="$PWD/deb.root" --log=/dev/null --force-depends "$@"
}
deb_is_used() {
	mkdir -p deb.root/var/lib/dpkg/info deb.root/var/lib/dpkg/updates
	: >deb.root/var/lib/dpkg/status
	lintian --allow-root --fail-on warning,info,pedantic --pedantic -I \
		release/*.changes
	in_dpkg --install release/mmcp_*.deb
	well_placed deb.root vendor-completions libexec
	copies_from deb.root libexec
	in_dpkg --install release/mmcp-mpi_*.deb
	[ "$(find deb.root/usr/lib -name mmcp-mpi.so | wc -l)" = 1 ]
	in_dpkg --purge mmcp-mpi
	in_dpkg --purge mmcp
	nothing_left deb.root
}

in_rpm() {
	as_if_root rpm --root "$PWD/rpm.root" --dbpath /var/lib/rpm --nodeps "$@"
}
rpm_is_used() {
	mkdir -p rpm.root/var/lib/rpm
	rpmlint -r "$top/packaging/mmcp.rpmlintrc" "$top/packaging/mmcp.spec" \
		release/*.rpm
	set -- release/mmcp-[0-9]*."$(uname -m)".rpm
	force=''
	! have dpkg || force=--force-debian
	# shellcheck disable=SC2086 # nothing, or a word
	in_rpm -i $force "$1"
	well_placed rpm.root site-functions libexec
	copies_from rpm.root libexec
	# shellcheck disable=SC2086 # nothing, or a word
	in_rpm -i $force release/mmcp-mpi-[0-9]*."$(uname -m)".rpm
	[ "$(find rpm.root/usr -name mmcp-mpi.so | wc -l)" = 1 ]
	in_rpm -e mmcp-mpi
	in_rpm -e mmcp
	nothing_left rpm.root
}

# as_makepkg, as_abuild: build and package as they do, in arch and alpine.
as_makepkg() {
	mkdir -p arch/src && tar -xJf release/mmcp-*.tar.xz -C arch/src
	# shellcheck disable=SC2016 # of the inner shell
	(cd arch && CFLAGS=-O0 bash -ec '. ../release/PKGBUILD
		[ "$(sha256sum <"../release/${source[0]}")" = "${sha256sums[0]}  -" ]
		srcdir=$PWD/src
		cd "$srcdir" && build
		for each in "${pkgname[@]}"; do
			pkgdir=$srcdir/../$each
			(cd "$srcdir" && "package_$each")
		done')
	well_placed arch/mmcp site-functions lib
	[ "$(cd arch/mmcp-mpi && find . -type f)" = ./usr/lib/mmcp/mmcp-mpi.so ]
}
as_abuild() {
	mkdir -p alpine && tar -xJf release/mmcp-*.tar.xz -C alpine
	# shellcheck disable=SC2016 # of the inner shell
	(cd alpine && CFLAGS=-O0 sh -ec '. ../release/APKBUILD
		(cd ../release && echo "$sha512sums" | grep . | sha512sum -c)
		CHOST=$(cc -dumpmachine) CBUILD=$CHOST pkgdir=$PWD/pkg
		amove() {
			mkdir -p "$pkgdir.mpi/${1%/*}"
			mv "$pkgdir/$1" "$pkgdir.mpi/$1"
		}
		cd "mmcp-$pkgver" && build && package && mpi')
	[ "$(cd alpine/pkg.mpi && find . -type f)" = ./usr/lib/mmcp/mmcp-mpi.so ]
	well_placed alpine/pkg site-functions libexec
}

stage_packages() {
	for tool in bash dh dpkg-buildpackage lintian rpmbuild rpmlint; do
		have $tool || { echo "$tool is not installed"; exit 77; }
	done
	mkdir packages && cd packages || exit
	# The unit tests ran in stage gcc, and do in stage debian.
	[ -n "$long" ] || DEB_BUILD_OPTIONS=nocheck
	export DEB_BUILD_OPTIONS
	sh "$top/scripts/release" release deb rpm recipes
	(cd release && sha256sum --quiet -c SHA256SUMS && grep '^## ' NOTES.md)
	deb_is_used
	rpm_is_used
	as_makepkg
	as_abuild
	! have nix-instantiate || nix-instantiate --parse release/mmcp.nix
}

# The package from its source alone, as a Debian with nothing but what it asks for makes
# it; its own tests, in another such system, where it comes and goes by apt.
stage_debian() {
	only_with_mmdebstrap
	for tool in autopkgtest dh dpkg-buildpackage; do
		have $tool || { echo "$tool is not installed"; exit 77; }
	done
	root=$dir/debian.root
	trap 'rm -rf --one-file-system "$root"' EXIT
	trap 'exit 143' HUP INT TERM
	make_debian "$(dpkg --print-architecture)" "$root" apt build-essential || {
		echo "no Debian can be made: $why"
		exit 77
	}
	mkdir debian && cd debian || exit
	sh "$top/scripts/release" release deb
	mkdir "$root/made"
	cp release/*.dsc release/*.orig.tar.xz release/*.debian.tar.xz "$root/made"
	# shellcheck disable=SC2016 # of the inner shell
	in_root sh -ec 'cd made && apt-get -q update && chmod 777 . &&
		DEBIAN_FRONTEND=noninteractive apt-get -q -y build-dep "$PWD"/*.dsc
		setpriv --reuid=65534 --regid=65534 --clear-groups sh -ec "
			dpkg-source -x *.dsc source && cd source &&
			HOME=$PWD dpkg-buildpackage -us -uc -b"
		find / -xdev ! -path "/proc/*" ! -path "/var/*" | sort >before
		DEBIAN_FRONTEND=noninteractive apt-get -q -y install ./mmcp_*.deb
		AUTOPKGTEST_TMP=$(mktemp -d) sh source/debian/tests/copies
		rm -rf /tmp/*
		apt-get -q -y purge mmcp
		find / -xdev ! -path "/proc/*" ! -path "/var/*" | sort >after
		comm -13 before after | grep mmcp && exit 1; exit 0'
	status=0
	# shellcheck disable=SC2016 # of the inner shell
	unshare --mount --propagation private sh -c 'mount -t proc proc "$0/proc" &&
		mount -t devpts -o newinstance,ptmxmode=666 devpts "$0/dev/pts" &&
		autopkgtest "$0"/made/mmcp_*.deb "$0"/made/*.dsc -- chroot "$0"' \
		"$root" || status=$?
	# 2: tests were skipped.
	[ "$status" = 0 ] || [ "$status" = 2 ]
}
