#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need inotifywait
mmcp=$MMCP

# watch DIRECTORY: start a watcher of it and of the directories below, whose events go to
# the file events.  It copies each file, once, to the directory taken, when an event says
# that it is whole; a file called run.* it runs.
watch() {
	rm -rf events taken pipe watch.err
	mkdir taken && mkfifo pipe && : >events
	inotifywait -m -r --format '%e %w%f' "$1" >pipe 2>watch.err &
	watcher=$!
	take <pipe &
	taker=$!
	wait_until grep -qs established watch.err || broken "inotifywait doesn't watch"
}
take() {
	while read -r event path; do
		echo "$event $path" >>events
		case $event,$path in
		*,*.end) break ;;
		*CLOSE_WRITE* | *MOVED_TO*)
			copy=taken/$(echo "$path" | tr / +)
			[ -e "$path" ] && [ ! -e "$copy" ] && cp -p "$path" "$copy"
			case $path in */run.*) "$path" --version >"$copy.out" 2>&1 ;; esac
			;;
		esac
	done
}
# All events have come: the watched directory is removed.
watched() {
	: >"$1/.end"
	wait "$taker"
	kill "$watcher"
	wait "$watcher" 2>/dev/null
	rm "$1/.end"
}

# File $1 is closed after writing, or moved, by its name; after the first event of that,
# neither it nor a file without a name changes.
is_heard() {
	awk -v name="$1" -v nameless="${1%/*}/#$(stat -c %i "$1")" '
		$2 != name && $2 != nameless { next }
		$2 == name && $1 ~ /CLOSE_WRITE|MOVED_TO/ { whole = 1 }
		$2 == name && $1 ~ /CLOSE_WRITE/ { closed = 1 }
		whole && $1 ~ /MODIFY|ATTRIB/ { late = 1 }
		END { exit !closed || late }' events || { cat events; false; }
}
# The watcher's copy of file $1 is whole.
is_taken() {
	copy=taken/$(echo "$1" | tr / +)
	cmp "$1" "$copy" || return
	[ "$(stat -c '%a %y' "$1")" = "$(stat -c '%a %y' "$copy")" ] ||
		{ ls -l "$1" "$copy"; false; }
}
is_whole() { cmp "$2" "$1" && is_heard "$1" && is_taken "$1"; }

echo content >small
pattern 300000 >middle
pattern 3000000 >large
# copied NAME OPTION...: copy a file of each size, to a new and an old one; checked below
# by NAME.
copied() {
	name=$1; shift
	for size in $sizes; do
		for age in new old; do
			"$@" "$size" "$dir/$name.$size.$age" || broken "$* $size"
		done
	done
	names="$names $name"
}
# The files that copied expects.
prepare() {
	for name; do
		for size in $sizes; do
			head -c 400000 large >"$dir/$name.$size.old"
		done
	done
}
check_all() {
	for name in $names; do
		for size in $sizes; do
			for age in new old; do
				sampled || continue
				check "$dir: $name: $size, $age" \
					is_whole "$dir/$name.$size.$age" "$size"
			done
		done
	done
}

sizes="small middle large"
common="cp plain kept atomic forced backup"
copy_in_common() {
	copied cp cp
	copied plain "$mmcp"
	copied kept "$mmcp" -p
	copied atomic "$mmcp" --atomic
	copied forced "$mmcp" --remove-destination
	copied backup "$mmcp" -b
}

dir=dir; names=
mkdir dir
# shellcheck disable=SC2086
prepare $common mmap kernel stream zeros memory fsync workers
head -c 20000000 /dev/zero | tr '\0' x >huge
cp large dir/direct
cp "$mmcp" dir/run.old
cp middle readonly; chmod 444 readonly
watch dir
copy_in_common
for engine in mmap kernel stream; do
	copied $engine "$mmcp" --engine=$engine
done
copied workers "$mmcp" -p --engine=mmap -j3 --chunk-size=64K
copied zeros "$mmcp" --sparse=always
copied memory "$mmcp" --nocache
copied fsync "$mmcp" -p --fsync
"$mmcp" -p --direct huge dir/direct
for option in -p --atomic --fsync; do
	"$mmcp" $option readonly dir/readonly$option
done
"$mmcp" -p "$mmcp" dir/run.new
"$mmcp" -p --atomic "$mmcp" dir/run.old
watched dir
check_all
check "--direct, which opens an old file once more" is_whole dir/direct huge
for option in -p --atomic --fsync; do
	check "$option: a file without write permission" \
		is_whole dir/readonly$option middle
	check "$option: whose mode is kept" \
		test "$(stat -c %a dir/readonly$option)" = 444
done
for name in new old; do
	check "a program ($name)" is_whole dir/run.$name "$mmcp"
	check "which can be run then" grep -q Copyright taken/dir+run.$name.out
done

# Trees, with workers; the directories exist before, so that the watcher watches them.
mkdir -p tree/sub tree/more into/tree/sub into/tree/more
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	for sub in . sub more; do
		cp small tree/$sub/small.$i; cp middle tree/$sub/middle.$i
	done
	cp large into/tree/more/small.$i; cp large into/tree/more/middle.$i
done
truncate -s 2M tree/holes; echo end >>tree/holes; cp large tree/large
watch into
"$mmcp" -a tree into
watched into
check_tree() {
	(cd tree && find . -type f) >files
	while read -r file; do
		is_whole "into/tree/${file#./}" "tree/$file" || return
	done <files
}
check "each file of a tree" check_tree

sizes=middle
for type in tmpfs xfs btrfs; do
	sampled || continue
	if ! place $type; then
		skip "$type" "$why"
		continue
	fi
	dir=$type/dir; names=; extra=
	mkdir $dir
	[ $type = tmpfs ] || extra=clone
	# shellcheck disable=SC2086
	prepare $common $extra
	[ $type = tmpfs ] || cp small middle large $type
	watch $dir
	copy_in_common
	if [ $type != tmpfs ]; then
		for size in $sizes; do
			for age in new old; do
				"$mmcp" --reflink=always "$type/$size" \
					"$dir/clone.$size.$age" ||
					broken "a clone on $type"
			done
		done
		names="$names clone"
	fi
	watched $dir
	check_all
done

# Without permission to write the new file, as any user but root.
if open_to_nobody; then
	mkdir home; chmod 777 home
	for mode in 0444 0644 4555 2440; do
		cp -p large source.$mode; chown 65534:65534 source.$mode
		chmod $mode source.$mode
	done
	cp large home/old.0444; chown 65534:65534 home/old.0444
	chmod 755 "$work"
	watch home
	for mode in 0444 0644 4555 2440; do
		as_nobody "$mmcp" -p source.$mode home/kept.$mode
		as_nobody "$mmcp" source.$mode home/plain.$mode
		as_nobody "$mmcp" --atomic --fsync -p source.$mode home/atomic.$mode
	done
	as_nobody "$mmcp" --atomic -p source.0444 home/old.0444
	watched home
	for file in home/*; do
		check "for an ordinary user: $file" is_whole "$file" large
	done
	for mode in 444 644 4555 2440; do
		check "which has the mode it is to have ($mode)" \
			test "$(stat -c %a home/kept.*$mode)" = $mode
		check "with --atomic, too" test "$(stat -c %a home/atomic.*$mode)" = $mode
	done
	check "and nothing is left behind" no_leftovers home
else
	skip "for an ordinary user" "$why"
fi

# Without O_TMPFILE; and where a file can't be renamed, but linked.
if is_root && [ -c /dev/fuse ] && [ -x "${FAULTFS:=}" ]; then
	sizes="small middle"
	for rules in "" rename-flags=EINVAL; do
		mkdir "back$rules"
		mount_faultfs "$work/back$rules" "$work/fuse$rules"
		faultfs_rules "$work/fuse$rules" $rules
		dir=fuse$rules; names=
		# shellcheck disable=SC2086
		prepare $common
		watch "$dir"
		copy_in_common
		watched "$dir"
		check_all
	done
else
	skip "on FUSE" "there is no faultfs, or no right to mount it"
fi

# Events of fanotify, by name.
if is_root && have fsnotifywait; then
	mkdir fan
	cp large fan/old
	fsnotifywait -F -m --format '%e %f' fan >fan.events 2>fan.err &
	watcher=$!
	if wait_until grep -q -i -e established -e denied -e invalid -e supported \
		fan.err &&
		grep -q established fan.err; then
		for file in small large; do
			"$mmcp" -p $file fan/$file
		done
		"$mmcp" --atomic large fan/old
		for file in small large old; do
			check "fanotify: $file" \
				wait_until grep -q "CLOSE_WRITE.* $file\$" fan.events
		done
	else
		skip "fanotify" "it doesn't report names here"
	fi
	kill $watcher; wait $watcher 2>/dev/null
else
	skip "fanotify" "not root, or no fsnotifywait"
fi

# If the name can't be opened, or now is another file's, the copy is good all the same.
if [ -e "${SHIM:=}" ]; then
	mkdir shimmed
	run shimmed "open@/large=EIO" "$mmcp" large shimmed/large
	check "what can't be opened again is whole" cmp large shimmed/large
	check "and that is no error" went_well
	MMCP_SHIM_RUN="mv shimmed/theirs shimmed/mine; echo theirs >shimmed/theirs"
	export MMCP_SHIM_RUN
	run shimmed "openat@theirs#1=run" "$mmcp" -p large shimmed/theirs
	check "another's file of the same name is left alone" \
		grep -qx theirs shimmed/theirs
	check "and ours is whole under its new one" cmp large shimmed/mine
fi

finish
