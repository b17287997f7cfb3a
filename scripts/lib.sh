# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# scripts/lib.sh: what the scripts share: how they speak, and what they need, with its
# name in each distribution.  The script that sources it has its own name in $me.

say() { printf '%s: %s\n' "${me:?}" "$*" >&2; }
die() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
processors() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1; }

# mkfs and its like are not on everybody's PATH, nor is MPI where there are several.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/lib64/openmpi/bin

# One line for each need: who has it, what it is (a command, a file, a header, a .pc file
# of pkg-config, the sanitizers of gcc, or its headers for 32 bits on x86-64), and its
# packages, separated by commas.  Where a
# distribution has no column it calls them as Debian does; "-": nothing to install.  What
# "clone" needs makes configure; a "wish" is installed with other things, and nothing
# fails without it.
needs='
# for what       apt-get      dnf                apk           pacman      zypper
build cc         gcc
build stdio.h    libc6-dev    glibc-devel        musl-dev      glibc       glibc-devel
build linux/fs.h -            -                  linux-headers -           -
build make       make
clone autoreconf autoconf
clone automake   automake
build pkg-config pkg-config   pkgconf-pkg-config pkgconf       pkgconf     pkg-config
build popt.pc    libpopt-dev  popt-devel         popt-dev      popt        popt-devel
build libacl.pc  libacl1-dev  libacl-devel       acl-dev       acl         libacl-devel
build libattr.pc libattr1-dev libattr-devel      attr-dev      attr        libattr-devel
wish  msgfmt     gettext      gettext            gettext       gettext     gettext-tools
wish  libselinux.pc libselinux1-dev libselinux-devel libselinux-dev - libselinux-devel
wish  libxxhash.pc libxxhash-dev xxhash-devel    xxhash-dev    xxhash      xxhash-devel
wish  libcrypto.pc libssl-dev openssl-devel openssl-dev openssl libopenssl-3-devel
test  msgfmt     gettext      gettext            gettext       gettext     gettext-tools
test  xgettext   gettext      gettext            gettext       gettext     gettext-tools
test  localedef  libc-bin     glibc-common       -             glibc       glibc-i18ndata
mpi   mpicc      libopenmpi-dev openmpi-devel    openmpi-dev   openmpi     openmpi4-devel
mpi   mpirun     openmpi-bin  openmpi            openmpi       openmpi     openmpi4
test  gcc        gcc
test  sanitizers -            libasan,libubsan,libtsan -            -           -
test  m32        libc6-dev-i386 glibc-devel.i686 -           lib32-glibc glibc-devel-32bit
test  clang      clang
test  check.pc   check        check-devel        check-dev     check       check-devel
test  fuse3.pc   libfuse3-dev fuse3-devel        fuse3-dev     fuse3       fuse3-devel
test  fusermount3 fuse3
test  cppcheck   cppcheck
test  shellcheck shellcheck   ShellCheck         shellcheck    shellcheck  ShellCheck
test  mandoc     mandoc
test  strace     strace
test  inotifywait inotify-tools
test  openssl    openssl
test  libxxhash.pc libxxhash-dev xxhash-devel    xxhash-dev    xxhash      xxhash-devel
test  libcrypto.pc libssl-dev openssl-devel openssl-dev openssl libopenssl-3-devel
test  xxhsum     xxhash
test  b2sum      coreutils
test  setfacl    acl
test  setfattr   attr
test  valgrind   valgrind
test  ps         procps       procps-ng          procps        procps-ng   procps
test  flock      util-linux   util-linux         util-linux-misc util-linux util-linux
test  prlimit    util-linux   util-linux         util-linux-misc util-linux util-linux
test  find       findutils
test  diff       diffutils
test  gzip       gzip
test  tar        tar
test  xz         xz-utils     xz                 xz            xz          xz
test  mount      mount        util-linux         util-linux    util-linux  util-linux
test  losetup    mount        util-linux         util-linux    util-linux  util-linux
test  setpriv    util-linux   util-linux         setpriv
test  script     bsdutils     util-linux         util-linux-misc util-linux util-linux
test  mkfs.ext4  e2fsprogs
test  mkfs.xfs   xfsprogs
test  mkfs.btrfs btrfs-progs  btrfs-progs        btrfs-progs   btrfs-progs btrfsprogs
test  python3    python3      python3            python3       python      python3
test  jq         jq
test  jsonschema.py python3-jsonschema python3-jsonschema py3-jsonschema python-jsonschema
test  tmux       tmux
test  /usr/share/i18n/locales/de_DE locales glibc-locale-source - - glibc-i18ndata
test  fakeroot   fakeroot
test  pseudo     pseudo       pseudo             -             -           -
test  unshare    util-linux   util-linux         util-linux-misc util-linux util-linux
test  bash       bash
test  zsh        zsh
test  fish       fish
test  fincore    util-linux-extra
test  /usr/share/bash-completion/bash_completion bash-completion
long  mmdebstrap mmdebstrap   -                  -             -           -
long  arch-test  arch-test    -                  -             -           -
long  spin       spin         -                  -             -           -
long  autopkgtest autopkgtest -                  -             -           -
static musl-gcc  musl-tools   musl-gcc           -             musl        -
static dpkg-source dpkg-dev   -                  -             -           -
package dpkg-buildpackage dpkg-dev -             -             -           -
package /usr/share/build-essential build-essential - -         -           -
package dh       debhelper    -                  -             -           -
package lintian  lintian      -                  -             -           -
package rpmbuild rpm          rpm-build          rpm-build     rpm-tools   rpm-build
package rpmlint  rpmlint      rpmlint            -             rpmlint     rpmlint
package nix-instantiate nix-bin -                nix           nix         nix
test  sshfs      sshfs
test  /usr/lib/openssh/sftp-server openssh-sftp-server -    -           -           -
test  ntfs-3g    ntfs-3g
cpus  mmdebstrap mmdebstrap   -                  -             -           -
cpus  arch-test  arch-test    -                  -             -           -
cpus  qemu-s390x-static qemu-user-static -       -             -           -
cpus  aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu -  -         -           -
cpus  s390x-linux-gnu-gcc gcc-s390x-linux-gnu -  -             -           -
cpus  riscv64-linux-gnu-gcc gcc-riscv64-linux-gnu -  -         -           -
software mmdebstrap mmdebstrap -               -             -           -
software npm   npm          -                  -             -           -
software unshare util-linux
fs    mkfs.ext4  e2fsprogs
fs    mkfs.xfs   xfsprogs
fs    mkfs.btrfs btrfs-progs  btrfs-progs        btrfs-progs   btrfs-progs btrfsprogs
fs    setfacl    acl
fs    setfattr   attr
fs    python3    python3      python3            python3       python      python3
fs    fusermount3 fuse3
fs    mksquashfs squashfs-tools
fs    mkfs.erofs erofs-utils
fs    bindfs     bindfs
fs    ntfs-3g    ntfs-3g
fs    mount.exfat-fuse exfat-fuse
fs    mkfs.exfat exfatprogs
fs    fusefat    fusefat
fs    mkfs.vfat  dosfstools
fs    sshfs      sshfs
fs    /usr/lib/openssh/sftp-server openssh-sftp-server
fs    encfs      encfs
fs    gocryptfs  gocryptfs
fs    securefs   securefs
fs    cryfs      cryfs
fs    mergerfs   mergerfs
fs    rclone     rclone
fs    unionfs    unionfs-fuse
fs    fuse2fs    fuse2fs
fs    fuse-overlayfs fuse-overlayfs
fs    mount.posixovl fuse-posixovl
fs    disorderfs disorderfs
fs    zfs-fuse   zfs-fuse
fs    squashfuse squashfuse
fs    fuseiso    fuseiso
fs    xorriso    xorriso
bench hyperfine  hyperfine
table gnuplot    gnuplot-nox  gnuplot            gnuplot       gnuplot     gnuplot
'

# The package manager into $manager, empty if it is none that we know.
find_manager() {
	for manager in apt-get dnf microdnf yum apk pacman zypper; do
		have "$manager" && return
	done
	manager=
}

# compiles CC FLAG...: it makes a program.
compiles() {
	have "$1" && trial=$(mktemp) || return
	echo 'int main(void) { return 0; }' | "$@" -x c - -o "$trial" >/dev/null 2>&1
	set -- $?
	rm -f "$trial"
	return "$1"
}

is_there() {
	case $1 in
	/*) [ -e "$1" ] ;;
	*.pc) pkg-config --exists "${1%.pc}" 2>/dev/null ;;
	*.py) python3 -c "import ${1%.py}" 2>/dev/null ;;
	*.h) echo "#include <$1>" | cc -E -x c - >/dev/null 2>&1 ;;
	sanitizers) compiles gcc -fsanitize=address,undefined ;;
	m32) [ "$(uname -m)" != x86_64 ] ||
		echo '#include <stdio.h>' | gcc -m32 -E -x c - >/dev/null 2>&1 ;;
	*) have "$1" ;;
	esac
}

# find_missing WHO...: what these need and is not there into $missing, the packages that
# bring it into $packages.
find_missing() {
	missing='' packages=''
	while read -r who what apt dnf apk pacman zypper; do
		case " $* " in
		*" ${who:-none} "*) ;;
		*) continue ;;
		esac
		is_there "$what" && continue
		missing="$missing $what"
		case $manager in
		dnf | microdnf | yum) names=${dnf:-$apt} ;;
		apk) names=${apk:-$apt} ;;
		pacman) names=${pacman:-$apt} ;;
		zypper) names=${zypper:-$apt} ;;
		*) names=$apt ;;
		esac
		[ "$names" = - ] && continue
		for name in $(echo "$names" | tr , ' '); do
			case " $packages " in
			*" $name "*) ;;
			*) packages="$packages $name" ;;
			esac
		done
	done <<-END
		$needs
	END
	missing=${missing# } packages=${packages# }
}

# The command that installs $packages, for somebody who may run it.
how_to_install() {
	case $manager in
	apk) echo "apk add $packages" ;;
	pacman) echo "pacman -S $packages" ;;
	*) echo "$manager install $packages" ;;
	esac
}

# may_be_root: we are, or sudo lets us, perhaps after asking for a password.
may_be_root() {
	[ "$(id -u)" = 0 ] || { have sudo && { [ -t 2 ] || sudo -n true 2>/dev/null; }; }
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends "$@"
}

# The lists are fetched when a package isn't known, and when one is no longer there.
apt_install() {
	if apt-get -s install "$@" >/dev/null 2>&1; then
		apt_get install "$@" && return
	fi
	apt_get update && apt_get install "$@"
}

pacman_install() {
	as_root pacman -S --needed --noconfirm "$@" ||
		as_root pacman -Sy --needed --noconfirm "$@"
}

install_packages() {
	case $manager in
	apt-get) apt_install "$@" ;;
	dnf) as_root dnf -y --setopt=install_weak_deps=False install "$@" ;;
	microdnf) as_root microdnf -y --setopt=install_weak_deps=0 install "$@" ;;
	yum) as_root yum -y install "$@" ;;
	apk) as_root apk add --no-cache "$@" ;;
	pacman) pacman_install "$@" ;;
	zypper) as_root zypper --non-interactive install --no-recommends "$@" ;;
	esac
}

# install_missing WHO...: install what these need and is not there.  False, with the
# names in $missing, if something still isn't; it was said, with what to ask root for.
# What package managers say is in $install_log, a temporary file if that isn't set.
install_missing() {
	case " $* " in
	*" build "*) is_configured || set -- "$@" clone ;;
	esac
	find_manager
	find_missing "$@"
	[ -n "$missing" ] || return 0
	find_missing "$@" wish
	if [ -z "$manager" ]; then
		say "missing: $missing (no package manager known here)"
		return 1
	elif [ -n "$packages" ] && ! may_be_root; then
		say "missing: $missing; neither root nor sudo is here to install it"
		say "ask for: $(how_to_install)"
		return 1
	elif [ -n "$packages" ]; then
		say "installing with $manager: $packages"
		install_logged
	fi
	find_missing "$@"
	[ -n "$missing" ] || return 0
	say "still missing: $missing${install_log:+; see $install_log}"
	[ -z "$packages" ] || say "ask for: $(how_to_install)"
	return 1
}

# Install $packages, all at once; if that fails one by one, so that one unknown name
# doesn't stop the rest.
install_logged() {
	: "${install_log:=$(mktemp)}"
	# shellcheck disable=SC2086 # names are words
	install_packages $packages >"$install_log" 2>&1 </dev/null && return
	for package in $packages; do
		install_packages "$package" >>"$install_log" 2>&1 </dev/null ||
			say "$package can't be installed"
	done
}

# debian_sources CODENAME: print where its packages come from here, as in a sources.list;
# without updates, of which a mirror may have only those of some architectures.
debian_sources() {
	# shellcheck disable=SC2016 # apt-get's own
	apt-get indextargets 'Created-By: Packages' 2>/dev/null \
		--format '$(ORIGIN) deb $(REPO_URI) $(CODENAME) $(COMPONENT)' |
		sed -n "s/^Debian \\(deb .* $1 main\\)\$/\\1/p" | sort -u
}

# make_debian ARCHITECTURE ROOT VARIANT PACKAGES [CODENAME]: make a Debian like ours, or
# another one, in ROOT by mmdebstrap, from where ours is from and by the same proxy.
# False, with the reason in $why, if it can't be made.  ROOT.log has what mmdebstrap said.
make_debian() {
	# shellcheck disable=SC1091 # it is of the machine
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-none}")
	debian_sources "$codename" >"$2.list"
	# There is none for riscv64 before Debian 13.
	[ "$1,$codename" != riscv64,bookworm ] || {
		sed -i "s/ $codename / trixie /" "$2.list"
		codename=trixie
	}
	[ -z "${5-}" ] || {
		sed -i "s/ $codename / $5 /" "$2.list"
		codename=$5
	}
	[ -s "$2.list" ] || {
		why="this is no Debian that knows where it is from"
		return 1
	}
	apt-config dump >"$2.all"
	grep -E '^Acquire::(https?|Check-[A-Za-z-]*|Retries|ForceIPv[46])[: ]' \
		"$2.all" >"$2.conf" || :
	# A mirror that is weeks behind, or a release that is history, will do for a test.
	[ -z "${5-}" ] || echo 'Acquire::Check-Valid-Until "false";' >>"$2.conf"
	mmdebstrap --variant="$3" --architectures="$1" --aptopt="$2.conf" \
		${4:+"--include=$4"} "$codename" "$2" "$2.list" \
		>"$2.log" 2>&1 </dev/null || {
		cat "$2.log"
		why=$(grep '^E: ' "$2.log" | head -n 1 | cut -c 1-120)
		return 1
	}
}

# build_in DIR: build mmcp there, as DIR/mmcp.  DIR/build.log has what was said.
build_in() (
	unset MAKEFLAGS MFLAGS MAKELEVEL
	{
		make_configure && cd "$1" && "${top:?}/configure" -q &&
			make -j "$(processors)" mmcp
	} >"$1/build.log" 2>&1 </dev/null || { tail -n 20 "$1/build.log" >&2; false; }
)

# is_configured: $top has a configure, with all that it needs beside it.
is_configured() {
	for file in configure Makefile.in config.h.in aclocal.m4 build-aux/install-sh \
		build-aux/tap-driver.sh; do
		[ -e "${top:?}/$file" ] || return
	done
}

# make_configure: have that.
make_configure() {
	is_configured || {
		say "running autoreconf"
		(cd "$top" && autoreconf --install --force)
	}
}
