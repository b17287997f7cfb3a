#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With -b the old file is renamed when the copy is whole.  Whatever goes wrong, its
# content has a name, and until then its own.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
# shellcheck source=tests/tools/backup-lib
. "${srcdir:-.}/tests/tools/backup-lib"

# ---- a copy that fails ----

# fails WORDS RULES ARGUMENT...: with these errors injected, the old file doesn't change.
fails() {
	words=$1; rules=$2; shift 2
	for earlier in '' earlier; do
		old $earlier
		run shimmed "$rules" timeout 100 "$MMCP" -b "$@" d/b
		what="$rules, $*${earlier:+, an earlier backup}"
		check "$what: exit status 1" status_is 1
		check "$what: it is said why" err_has "$words"
		check "$what: in one line" test "$(wc -l <err)" = 1
		check "$what: no copy is announced" test ! -s out
		check "$what: the old file is there, and no backup of it" untouched
		check "$what: nothing else is" names_are b ${earlier:+b~}
	done
}
fails "Input/output error" copy_file_range=EIO -v --engine=kernel small
fails "No space left" copy_file_range=ENOSPC --engine=kernel large
fails "No space left" "copy_file_range=short100000 copy_file_range#5=ENOSPC" \
	--engine=kernel large
fails "No space left" pwrite#3=ENOSPC -v --engine=stream large
fails "Input/output error" pread#3=EIO --engine=stream large
fails "File too large" ftruncate=EFBIG --engine=mmap small
fails "workers died" madvise#5+=SIGKILL -v --engine=mmap --chunk-size=64K -j3 large
fails "workers died" madvise#3+=SIGKILL --engine=mmap -j2 huge
fails "Input/output error" "close@(deleted)=EIO" large
fails "Input/output error" "fsync#1=EIO" -v --fsync small
fails "Input/output error" "tmpfile=EOPNOTSUPP copy_file_range=EIO" --engine=kernel small
fails "No space left" "tmpfile=ENOSPC openat=ENOSPC" small
fails "cannot backup 'd/b': Input/output error" renameat=EIO -v small
fails "cannot backup 'd/b': No space left on device" renameat=ENOSPC \
	--engine=mmap -j3 large
fails "cannot backup 'd/b': Read-only file system" renameat2=EROFS \
	-v --backup=numbered small
fails "cannot backup 'd/b': Input/output error" renameat=EIO -l small
fails "cannot backup 'd/b': Input/output error" renameat=EIO -s "$work/small"
ln -s nowhere dangling
fails "cannot backup 'd/b': Input/output error" renameat=EIO -d dangling
mkfifo fifo
fails "cannot backup 'd/b': Input/output error" renameat=EIO -r fifo

# The source is truncated while it is copied.
MMCP_SHIM_RUN="truncate -s 1000 source"; export MMCP_SHIM_RUN
shrinks() {
	rules=$1; shift
	cp large source
	old
	run shimmed "$rules" timeout 100 "$MMCP" -b "$@" source d/b
	check "a source that shrinks ($rules, $*) is copied" went_well
	check "and the old file is the backup ($rules, $*)" kept_as d/b~
	check "and nothing else is there ($rules, $*)" names_are b b~
}
shrinks "copy_file_range=short100000 copy_file_range#4=run" --engine=kernel
shrinks pread#3=run --engine=stream
shrinks madvise#9=run --engine=mmap --chunk-size=64K -j2

if mount_fs tmpfs 2M "$work/full"; then
	for options in -b "-b --engine=mmap -j2" "-b --engine=stream" "-b --atomic" \
		"--backup=numbered"; do
		sampled || continue
		rm -f full/*; echo old >full/b
		# shellcheck disable=SC2086 # options, to be split
		run "$MMCP" $options large full/b
		check "a full disk ($options) is an error" status_is 1
		check "which is reported" err_has "No space left on device"
		check "the old file is there" holds full/b old
		check "alone" test "$(ls -A full)" = b
	done
else
	skip "a full disk" "$why"
fi

if open_to_nobody; then
	old; chmod 777 d; echo secret >unreadable; chmod 0 unreadable
	run as_nobody "$mmcp" -bv unreadable d/b
	check "a source that can't be read is an error" err_is \
		"mmcp: cannot open 'unreadable' for reading: Permission denied"
	check "and the old file is there" untouched
	check "and no backup is reported" test ! -s out
	old; chmod 555 d
	run as_nobody "$mmcp" -b small d/b
	check "a directory that can't be written to is an error" status_is 1
	check "and the old file is there" untouched
	check "and no backup" names_are b
	old; chown 65534:65534 d/b; chmod 1777 d; chown 65534:65534 d
	chown 0:0 d/b; chmod 644 d/b
	echo mine >d/c; chown 65534:65534 d/c
	chown 0:0 d
	run as_nobody "$mmcp" -bv small d/b
	check "another's file in a sticky directory can't be renamed" err_is \
		"mmcp: cannot backup 'd/b': Operation not permitted"
	check "with exit status 1" status_is 1
	check "and is there" holds d/b old
	check "and nothing is left" names_are b c
	run as_nobody "$mmcp" -b small d/c
	check "one's own can be" holds d/c~ mine
else
	skip "a source that can't be read" "$why"
fi

# ---- moments ----

killed() { [ "$status" = 137 ] || { echo "status $status"; false; }; }
for rule in "copy_file_range=short100000 copy_file_range#3=SIGKILL" renameat=SIGKILL; do
	sampled || continue
	old earlier
	run shimmed "$rule" sh -c '"$@"; exit $?' - "$MMCP" -b --engine=kernel large d/b
	check "$rule: mmcp is killed" killed
	check "$rule: the old file has its name" untouched
done
old
run shimmed "linkat=SIGKILL" sh -c '"$@"; exit $?' - "$MMCP" -b large d/b
check "killed before the copy has its name: that is so" killed
check "killed before the copy has its name: the old file has the backup's" kept_as d/b~
for signal in TERM INT; do
	old
	run shimmed "copy_file_range=short100000 copy_file_range#3=SIG$signal" \
		sh -c '"$@"; exit $?' - "$MMCP" -b --engine=kernel large d/b
	check "SIG$signal in mid-copy: mmcp dies of it" test "$status" -gt 128
	check "SIG$signal in mid-copy: the old file has its name" untouched
	check "SIG$signal in mid-copy: nothing else is there" names_are b
done
if have python3; then
	old
	check "SIGTERM while workers copy ends them" \
		meet TERM group 0.2 madvise=delay60 5 \
		"$MMCP" -b --engine=mmap --chunk-size=64K -j3 large d/b
	check "and the old file has its name" untouched
	check "and nothing else is there" names_are b
else
	skip "SIGTERM while workers copy ends them" "python3 is not installed"
fi

# ---- the name is lost, and given back ----

# undone RULES BACKUP ARGUMENT...: the old file gets its name back, and that is reported.
undone() {
	rules=$1; backup=$2; shift 2
	old
	run shimmed "$rules" "$MMCP" -v "$@" d/b
	check "$rules, $*: exit status 1" status_is 1
	check "$rules, $*: one message" test "$(wc -l <err)" = 1
	check "$rules, $*: the old file has its name again" untouched
	check "$rules, $*: and nothing else is there" names_are b
	for source; do :; done
	check "$rules, $*: which is said" out_is "'$source' -> 'd/b' (backup: 'd/$backup')
'd/$backup' -> 'd/b' (unbackup)"
	run shimmed "$rules" "$MMCP" "$@" d/b
	check "$rules, $*: not without -v" test ! -s out
	check "$rules, $*: but done" untouched
}
for source in small large; do
	sampled || continue
	undone "linkat=EEXIST" b~ -b "$source"
	undone "linkat=EDQUOT" b~ -b --engine=mmap -j2 "$source"
	undone "linkat=EDQUOT" b~ -b --atomic "$source"
	undone "linkat=EDQUOT" b.~1~ --backup=numbered "$source"
	undone "linkat=ENOSPC" b.old -S .old "$source"
	undone "tmpfile=EOPNOTSUPP renameat2#1=EDQUOT" b~ -b "$source"
	undone "tmpfile=EOPNOTSUPP renameat2#2=EDQUOT" b.~1~ --backup=t "$source"
	undone "tmpfile=EOPNOTSUPP renameat2=EINVAL linkat#1=EEXIST" b~ -b "$source"
	undone "fsync#2=EIO" b~ -b --fsync "$source"
	undone "futimens=EIO" b~ -bp "$source"
	undone "futimens=EIO" b.~1~ -p --backup=numbered --atomic "$source"
done
undone "linkat=EIO" b~ -b -l small
undone "symlinkat=EIO" b~ -b -s "$work/small"
undone "symlinkat=EIO" b~ -b -d dangling
undone "mknodat=ENOSPC mkfifoat=ENOSPC" b~ -b -r fifo
undone "linkat=EDQUOT" b~ -b huge

# As with cp: a symlink whose owner can't be set is removed, a FIFO stays beside the
# backup.
if is_root && have setpriv; then
	rm -f theirs.*
	ln -s nowhere theirs.link && mkfifo theirs.fifo && echo theirs >theirs.file
	chown -h 5:5 theirs.*
	for kind in link fifo file; do
		for who in cp mmcp; do
			program=$MMCP
			[ $who = mmcp ] || program='cp'
			old
			run setpriv --bounding-set=-chown --inh-caps=-chown "$program" \
				-abv theirs.$kind d/b
			{
				echo "$status"; cat out
				find d -printf '%P %y %l\n' | sort
			} >"undone.$who"
			[ $who = cp ] ||
				check "$kind: one message" test "$(wc -l <err)" = 1
		done
		check "a $kind that can't have its owner: as with cp" \
			diff undone.cp undone.mmcp
	done
else
	skip "a copy that can't have its owner" \
		"only root can give owners, and setpriv is needed"
fi

# not_undone RULES REASON ARGUMENT...: it can't get its name back.
not_undone() {
	rules=$1; reason=$2; shift 2
	old
	run shimmed "$rules" "$MMCP" -b "$@" d/b
	check "$rules, $*: exit status 1" status_is 1
	check "$rules, $*: it can't have its name again, which is said" \
		err_has "mmcp: cannot un-backup 'd/b': $reason"
	check "$rules, $*: after what was wrong at first" test "$(wc -l <err)" = 2
	check "$rules, $*: the old file is where it was put" kept_as d/b~
	check "$rules, $*: and nothing hidden is left" no_leftovers d
}
not_undone "linkat=EDQUOT renameat2=EIO" "Input/output error" small
not_undone "linkat=EDQUOT renameat2=EACCES" "Permission denied" --engine=mmap -j2 large
not_undone "symlinkat=EIO renameat2=EIO" "Input/output error" -s "$work/small"
not_undone "linkat=EIO renameat2=EIO" "Input/output error" -l small
MMCP_SHIM_RUN="echo theirs >d/b"; export MMCP_SHIM_RUN
for way in "linkat#1=run" "tmpfile=EOPNOTSUPP renameat2#1=run" \
	"renameat2=EINVAL linkat#1=run"; do
	sampled || continue
	not_undone "$way" "File exists" large
	check "$way: what took the name is not replaced" holds d/b theirs
done
MMCP_SHIM_RUN="mv d/b~ d/elsewhere"; export MMCP_SHIM_RUN
old
run shimmed "linkat=run linkat=EDQUOT" "$MMCP" -b small d/b
check "a backup that went away can't be undone" err_has \
	"cannot un-backup 'd/b': No such file or directory"
check "and is where it went" kept_as d/elsewhere
old
MMCP_SHIM_RUN="rm d/b"; export MMCP_SHIM_RUN
run shimmed "renameat=run" "$MMCP" -bv small d/b
check "an old file that goes away by itself needs no backup" went_well
check "and none is spoken of" out_is "'small' -> 'd/b'"
check "and the copy is there" names_are b

# ---- with --atomic, no moment without the name ----

if have strace; then
	for what in linkat renameat; do
		for number in 1 2 3; do
			rm -rf d; mkdir d; echo old >d/b; echo older >d/b~; echo new >d/a
			run strace -qq -o /dev/null \
				-e inject=$what:signal=KILL:when=$number \
				"$MMCP" --atomic -b d/a d/b
			check "killed at $what $number: the name is there" test -s d/b
			check "killed at $what $number: and what was there" \
				grep -q old d/b d/b~
		done
	done
else
	skip "killed with --atomic: the name is there" "strace is not installed"
fi
rm -rf d; mkdir d; echo old >d/b; echo new >d/a; ln d/b d/b~
run "$MMCP" --atomic -bv d/a d/b
check "--atomic: a backup that is there already" out_is "'d/a' -> 'd/b' (backup: 'd/b~')"
check "is it" holds d/b~ old

finish
