#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Debian builds packages under fakeroot, Yocto root file systems under pseudo: libraries
# that keep owners, modes and devices in a database, and see only calls of libc's
# functions.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

need fakeroot python3
need_gnu_cp
open_to_nobody || skip_all "$why"
chmod 777 "$work"
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export ASAN_OPTIONS mmcp

# What an ordinary user does in there.  A set-group-ID directory is empty: pseudo has cp's
# directories below it inherit the bit even where their sources have none.
cat >inside <<'END'
set -e
mkdir "$1" && cd "$1"
mkdir src src/shut src/sticky src/setgid
for dir in a b c d e f g h i j; do
	mkdir src/$dir src/$dir/$dir
	for name in 1 2 3 4 5 6 7 8; do echo $name >src/$dir/$dir/$name; done
	chown -R 3:4 src/$dir/$dir
done
head -c 400000 /dev/zero | tr '\0' x >src/large
echo tool >src/tool
mkfifo src/fifo src/pipe
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("src/socket")'
mknod src/block b 8 1
mknod src/char c 1 3
ln -s nowhere src/symlink
ln src/tool src/tool2
ln src/fifo src/fifo2
chown 7:8 src/large src/fifo src/block src/socket src/sticky
chown -h 9:10 src/symlink
chmod 4755 src/tool
chmod 4711 src/large
chmod 640 src/fifo
chmod 666 src/pipe
chmod 751 src/socket
chmod 660 src/block
chmod 4666 src/char
chmod 1777 src/sticky
chmod 2755 src/setgid
chmod 555 src/shut
touch -h -d '2001-02-03 04:05:06' src/symlink src/fifo src/socket src/block src/tool src/b

list() (
	cd "$1"
	find . -printf '%p: %y %m %U:%G %n %l %T@\n'
	find . -type f -exec cksum {} +
	find . \( -type b -o -type c \) -exec stat -c '%n: device %t:%T' {} +
)
compare() {
	option=$1; shift
	cp "$option" src cp.copy 2>cp.err || echo $? >>cp.err
	"$mmcp" "$option" "$@" src mmcp.copy 2>mmcp.err || echo $? >>mmcp.err
	diff cp.err mmcp.err
	# Times of what keeps none differ.
	case $option in -a) when=@ ;; *) when=' [0-9.]*$' ;; esac
	list cp.copy | sed "s/$when//" | sort >cp.list
	list mmcp.copy | sed "s/$when//" | sort >mmcp.list
	diff cp.list mmcp.list
	chmod -R u+w cp.copy mmcp.copy
	rm -rf cp.copy mmcp.copy
}
for options in -a "-a --sparse=always" -r "-rp -j2"; do
	echo "$options" >&2
	# shellcheck disable=SC2086
	compare $options
done
# Into what is there, and over it.
cp -a src over.cp
cp -a src over.mmcp
rm over.*/char over.*/pipe
ln over.cp/a/a/1 over.cp/char
ln over.mmcp/a/a/1 over.mmcp/char
ln over.cp/fifo over.cp/pipe
ln over.mmcp/fifo over.mmcp/pipe
chmod 600 over.*/fifo over.*/tool
chown -h 1:1 over.*/char over.*/symlink over.*/large
rm over.*/block
cp -a src/. over.cp
"$mmcp" -a src/. over.mmcp
list over.cp | sort >cp.list
list over.mmcp | sort >mmcp.list
diff cp.list mmcp.list
cp -a src/fifo src/block src/symlink src/large over.cp/sticky
"$mmcp" -a src/fifo src/block src/symlink src/large over.mmcp/sticky
rm over.*/block
chown -h 1:1 over.*/socket
cp -r --remove-destination src/. over.cp
"$mmcp" -r --remove-destination src/. over.mmcp
list over.cp | sed 's/ [0-9.]*$//' | sort >cp.list
list over.mmcp | sed 's/ [0-9.]*$//' | sort >mmcp.list
diff cp.list mmcp.list
touch -d @0 over.cp/sticky over.mmcp/sticky
list over.cp/sticky | sort >cp.list
list over.mmcp/sticky | sort >mmcp.list
diff cp.list mmcp.list
END

check "fakeroot: all of a tree is as cp's" as_nobody fakeroot sh inside fakeroot

if have pseudo; then
	mkdir -m 777 state
	PSEUDO_LOCALSTATEDIR=$work/state
	PSEUDO_PREFIX=$(dirname "$(dirname "$(command -v pseudo)")")
	export PSEUDO_LOCALSTATEDIR PSEUDO_PREFIX
	check "pseudo: all of a tree is as cp's" as_nobody pseudo sh inside pseudo
	as_nobody pseudo -S >/dev/null 2>&1
else
	skip "pseudo: all of a tree is as cp's" "pseudo is not installed"
fi

finish
