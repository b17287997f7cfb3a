#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/quickstart with stand-ins for configure, package managers and sudo.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need make

# ---- a tree that builds in no time ----

mkdir -p top/scripts top/build-aux
cp "${srcdir:-.}/scripts/quickstart" top/scripts
touch top/Makefile.in top/config.h.in top/aclocal.m4 top/build-aux/install-sh \
	top/build-aux/tap-driver.sh
cat >top/configure <<-'END'
	#!/bin/sh
	echo "configure $*"
	prefix=/usr/local mpi=
	for option; do
		case $option in
		--prefix=*) prefix=${option#*=} ;;
		--with-mpi) mpi='mpi_DATA = mmcp-mpi.so' ;;
		esac
	done
	cat >Makefile <<-MAKEFILE
		prefix = $prefix
		$mpi
		mmcp: ; cp "$MMCP" mmcp
		mmcp-mpi.so: ; touch mmcp-mpi.so
		install: mmcp ; mkdir -p \$(prefix)/bin && cp mmcp \$(prefix)/bin
	MAKEFILE
END
chmod +x top/configure

# needs LINE...: lib.sh's table has only these.
needs() {
	{
		sed "/^needs='/,/^'/d" "${srcdir:-.}/scripts/lib.sh"
		echo "needs='"
		printf '%s\n' "$@"
		echo "'"
	} >top/scripts/lib.sh
}
needs "build make make"
quickstart() { run sh top/scripts/quickstart "$@"; }
said() { sed 's/^quickstart: //' err >said; printf '%s\n' "$@" | diff - said; }

# ---- phases ----

echo a >a
quickstart a b
check "it copies" same_content a b
check "with a line for each phase" said "configuring" "compiling in $work/top/build" \
	"running mmcp a b" "the program is $work/top/build/mmcp"
check "and status 0" status_is 0
quickstart a c
check "what is built stays" said "compiling in $work/top/build" \
	"running mmcp a c" "the program is $work/top/build/mmcp"
quickstart nowhere c
check "mmcp's status is its own" status_is 1
check "which it says" err_has "mmcp ended with status 1"
check "nothing was made for MPI" absent top/build/mmcp-mpi.so
quickstart --with-mpi a e
check "--with-mpi: it copies" same_content a e
check "the module is built" test -e top/build/mmcp-mpi.so
check "which is said" err_has "MMCP_MPI_MODULE=$work/top/build/mmcp-mpi.so"
quickstart --with-mpi a e
check "and isn't configured again" sh -c '! grep configuring err'
quickstart --prefix=inst
check "--prefix alone installs" test -x inst/bin/mmcp
check "with a line for each phase" said "configuring for $work/inst" \
	"compiling in $work/top/build" "installing in $work/inst" \
	"the program is $work/inst/bin/mmcp"
quickstart --prefix=inst a d
check "and copies, if there is what" same_content a d
check "and isn't configured again" sh -c '! grep configuring err'
quickstart --prefix
check "--prefix alone isn't enough" err_has "usage: "
touch file
quickstart --prefix=file/below
check "nor a prefix that can't be" err_has "no directory to install in"
BUILD_DIR=file/below
export BUILD_DIR
quickstart a b
check "a build directory that can't be may be another" err_has "BUILD_DIR="
unset BUILD_DIR

printf 'mmcp:\n\techo why it failed; false\n' >top/build/Makefile
rm -f top/build/mmcp
quickstart a b
check "if a phase fails, its log's end is shown" err_has "why it failed"
check "and where all of it is" err_has \
	"quickstart: the build failed; all of it is in $work/top/build/quickstart.log"
check "with status 1" status_is 1
rm -r top/build

# ---- packages ----

# No package manager is here but those in bin, and no sudo.
mkdir bin tools
for tool in sh cat cp diff dirname grep id make mkdir mktemp rm sed tail touch tr uname \
	getconf; do
	! have $tool || ln -s "$(command -v $tool)" tools
done
needs "build $work/there a-package theirs" "clone $work/none autoconf" \
	"wish $work/none-2 b"
# It would go on to look where the machine has more.
sed -i 's|^PATH=.*||' top/scripts/lib.sh

# manager NAME: one that installs what is needed, and says how it was called.
manager() {
	rm -rf bin "$work/there"; mkdir bin
	cat >"bin/$1" <<-END
		#!/bin/sh
		echo "\$0 \$*" >>"$work/called"
		touch "$work/there"
	END
	chmod +x "bin/$1"
	: >called
}
# as_user ID COMMAND...: id says that we are that.
as_user() {
	printf '#!/bin/sh\necho %s\n' "$1" >bin/id
	chmod +x bin/id
	shift
	run env PATH="$work/bin:$work/tools" "$@"
}
for name in microdnf yum dnf; do
	manager $name
	as_user 0 sh top/scripts/quickstart a b
	check "$name installs" err_has \
		"quickstart: installing with $name: theirs b"
	check "by a call that asks nothing" grep -q "/$name -y .*install.* theirs" called
	check "and it goes on" status_is 0
	: >called
	as_user 0 sh top/scripts/quickstart a b
	check "$name isn't called if there is all that is needed" test ! -s called
done
manager yum
as_user 1000 sh top/scripts/quickstart a b
check "without root and sudo, there is what to ask for" err_has \
	"quickstart: ask for: yum install theirs b"
check "nothing is called" test ! -s called
check "and status 1" status_is 1
printf '#!/bin/sh\necho "no such package $*"; exit 1\n' >bin/yum
as_user 0 sh top/scripts/quickstart a b
log=$work/top/build/packages.log
check "what isn't installed is said, with the log's place" err_has \
	"still missing: $work/there; see $log"
check "and the log says why" grep -q "no such package .*theirs" "$log"
rm -f bin/yum
as_user 0 sh top/scripts/quickstart a b
check "an unknown package manager is no reason to guess" err_has \
	"no package manager known here"

finish
