#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --resume: what speaks against going on is said, and the copy starts afresh; it is never
# wrong.  Who has the journal keeps others off.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3 setsid flock
"$MMCP" --resume /dev/null null 2>err || ! grep -q libxxhash err ||
	skip_all "there is no libxxhash"
rm -f null

size=70000001
pattern $size >first
pattern $((size + 7)) | tail -c $size >second
sleep 0.02
touch -d '2020-02-02 02:02:02.123456789' first second

# An interrupted copy of source to to/copy, with half of it on the device at least.
cat >interrupt.py <<'P'
import os, signal, subprocess, sys, time
mmcp, dest = os.environ["MMCP"], sys.argv[-1]
deadline = time.time() + 60
while time.time() < deadline:
    process = subprocess.Popen([mmcp, "--resume", "--bwlimit=200M", *sys.argv[1:]],
                               start_new_session=True)
    time.sleep(0.25)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    said = subprocess.run([mmcp, "--status=json", "to"], capture_output=True).stdout
    if b'"interrupted"' in said and b'"bytes":0,' not in said:
        sys.exit()
    if os.path.exists(dest):    # It was too late.
        os.unlink(dest)
sys.exit("it can't be interrupted")
P
interrupted() {
	rm -rf to; mkdir to
	cp -p first source
	python3 interrupt.py "$@" source to/copy || broken "no copy can be interrupted"
	journal=$(echo to/.mmcp-j*) data=$(echo to/.mmcp-r*)
	ls -i "$data" >inode
}
# goes_on OPTION...: silently, from where it was.
goes_on() {
	run "$MMCP" --json --resume "$@" source to/copy
	went_well && cmp source to/copy && no_leftovers to &&
		! grep -q '"resumed":0,' out
}
# afresh TEXT OPTION...: TEXT is said, and nothing is resumed.
afresh() {
	text=$1; shift
	run "$MMCP" --json --resume "$@" source to/copy
	status_is 0 && err_is "mmcp: starting $text" && cmp source to/copy &&
		no_leftovers to && grep -q '"resumed":0,' out &&
		[ "$(stat -c %y source)" = "$(stat -c %y to/copy)" ]
}
damaged="'to/copy' afresh: its journal is damaged"

interrupted
check "what is as it was goes on" goes_on
interrupted
chmod 600 source; chmod 644 source
check "a touched inode alone is no change: hashes tell" goes_on
interrupted --verify
check "it goes on with --verify" goes_on --verify

# ---- the source ----
interrupted
cat second >source; touch -r first source
check "another content with the same times is found by the hashes" \
	afresh "'to/copy' afresh: 'source' has changed since it was interrupted"
interrupted
echo more >>source
check "a longer source" afresh \
	"'to/copy' afresh: 'source' has changed since it was interrupted"
interrupted
mv source other; cp -p other source
check "another inode" afresh \
	"'to/copy' afresh: 'source' has changed since it was interrupted"

# ---- options ----
interrupted
check "--sparse" afresh "'to/copy' afresh: it was begun with other options" \
	--sparse=always
interrupted
umask 077
check "the umask" afresh "'to/copy' afresh: it was begun with other options"
umask 022

# ---- the journal ----
# put FILE OFFSET BYTES-IN-OCTAL
put() { printf %b "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }
interrupted
put "$journal" 12 '\0002'
check "another version" afresh \
	"'to/copy' afresh: its journal is of another version of mmcp"
interrupted
put "$journal" 8 '\0001\0002\0003\0004'
[ "$(od -An -tx1 -j8 -N4 "$journal" | tr -d ' ')" = 01020304 ] || broken "no bytes"
if [ "$(printf '\001\000' | od -An -tu2 | tr -d ' ')" = 1 ]; then
	check "another byte order" afresh \
		"'to/copy' afresh: its journal has another byte order"
else
	skip "another byte order" "this machine has that one"
fi
for at in 0 24 96 12784; do
	interrupted
	put "$journal" $at '\0377\0376'
	check "a damaged head, at $at" afresh "$damaged"
done
for len in 1 32768 40000; do
	interrupted
	truncate -s $len "$journal"
	check "a journal cut to $len bytes" afresh "$damaged"
done
interrupted
truncate -s +4096 "$journal"
check "one that is too long" afresh "$damaged"
interrupted
put "$journal" 32768 '\0000\0001\0002\0003'; put "$journal" 32832 '\0000\0001\0002\0003'
check "damaged seals" afresh "$damaged"
interrupted
: >"$journal"
run "$MMCP" --resume source to/copy
check "a journal that was only begun is nothing to speak of" went_well
check "... and the copy is right" cmp source to/copy
for kind in ln mkfifo chmod; do
	interrupted
	case $kind in
	ln) mv "$journal" elsewhere; ln -s ../elsewhere "$journal" ;;
	mkfifo) rm "$journal"; mkfifo "$journal" ;;
	chmod) chmod 666 "$journal" ;;
	esac
	run "$MMCP" --resume source to/copy
	check "a journal that isn't ours alone ($kind) is replaced" went_well
	check "... and the copy is right" cmp source to/copy
	check "... and nothing is left" no_leftovers to
done
interrupted
rm "$journal"; mkdir "$journal"
run "$MMCP" --resume source to/copy
no_journal="mmcp: cannot keep a journal for 'to/copy', which can't be resumed"
check "what can't be replaced is said" err_is "$no_journal: Is a directory"
check "... and the file is copied without" cmp source to/copy
rmdir "$journal"

# ---- the data ----
data_is="'to/copy' afresh: its data isn't what the journal says"
interrupted
rm "$data"
check "no data" afresh "$data_is"
interrupted
cp "$data" other; mv other "$data"
check "another inode" afresh "$data_is"
interrupted
dd if=/dev/zero of="$data" bs=1M count=67 conv=notrunc status=none
check "other bytes in the blocks noted last" afresh "$data_is"
interrupted
truncate -s 0 "$data"
check "empty data" afresh "$data_is"
interrupted
ln "$data" other
check "data with another name" afresh "$data_is"
rm -f other
interrupted
# Between the blocks that are on the device there may be anything.
python3 - "$data" "$journal" <<'P'
import os, sys
fd = os.open(sys.argv[1], os.O_RDWR)
seals = open(sys.argv[2], "rb").read()[32768:32768 + 128]
bits = max((seals[at + 4:at + 8], seals[at + 8:at + 40]) for at in (0, 64))[1]
for block in range(67):
    if not bits[block // 8] & 1 << block % 8:
        os.pwrite(fd, b"\xff" * 4096, (block << 20) + 4096)
P
check "what isn't on the device doesn't matter" goes_on

# ---- others ----
interrupted
flock -o "$journal" sleep 60 &
locker=$!
# shellcheck disable=SC2016 # for sh
wait_until sh -c '! flock -n "$1" true' - "$journal"
run "$MMCP" --resume source to/copy
check "a second run refuses" err_is \
	"mmcp: cannot copy to 'to/copy': another process is copying to it"
check "... which is an error" status_is 1
kill $locker; wait $locker 2>/dev/null
wait_until flock -n "$journal" true
check "... and later it goes on" goes_on

# ---- names ----
name=$(printf '%0255d' 7)
rm -rf to; mkdir to
cp -p first source
python3 interrupt.py source "to/$name" || broken "no copy can be interrupted"
run "$MMCP" --status to
check "a name of 255 bytes has a journal" out_has "$name"
run "$MMCP" --resume --json source "to/$name"
check "... and goes on" went_well
check "... from there" sh -c '! grep -q "\"resumed\":0," out'
check "... and is right" cmp source "to/$name"
check "... and nothing is left" no_leftovers to

# ---- what stands there ----
interrupted
cp second to/copy; touch -d 2001-01-01 to/copy; chmod 640 to/copy
cp to/copy old
run timeout 0.3 "$MMCP" --resume --bwlimit=20M source to/copy
check "what is replaced stays until the copy is whole" cmp old to/copy
run "$MMCP" --resume source to/copy
check "... and is replaced then" cmp source to/copy
check "... with its mode" [ "$(stat -c %a to/copy)" = 640 ]
check "... and nothing is left" no_leftovers to
rm -rf to; mkdir to
cp second to/copy; ln to/copy to/name
run "$MMCP" --resume source to/copy
check "a file with other names is written in place" went_well
check "... all of it" cmp source to/name
check "... without a journal" no_leftovers to
touch to/gone; cp -p source to/whole
run "$MMCP" -v --resume source to/whole
check "what is whole is skipped" [ ! -s out ]
rm -f to/*
chmod 444 source
if open_to_nobody; then
	chmod 777 to
	as_nobody timeout -s KILL 0.4 "$mmcp" --resume --bwlimit=100M source to/copy \
		2>/dev/null
	run as_nobody "$mmcp" --resume --json source to/copy
	check "a copy that is read-only goes on" sh -c '! grep -q "\"resumed\":0," out'
	check "... and is right" cmp source to/copy
	rm -rf to; mkdir -m 555 to
	run as_nobody "$mmcp" --resume source to/copy
	check "where nothing can be made, the reason is said once" err_is \
		"mmcp: cannot create regular file 'to/copy': Permission denied"
	: >to/copy; chown 65534 to/copy
	run as_nobody "$mmcp" --resume source to/copy
	check "... and a file there that may be written is, without a journal" err_is \
		"$no_journal: Permission denied"
	check "... which is right" cmp source to/copy
else
	skip "a copy that is read-only goes on" "$why"
fi

# ---- the user ----
interrupted
run "$MMCP" --status to/copy
check "--status of the copy says how far it got" out_has "are on the device ("
check "... and the command to go on" out_has \
	"to go on: cd $work && $MMCP --resume '--bwlimit=200M' source to/copy"
run "$MMCP" --status to/other
check "... of another copy doesn't" out_is "no copy is running"
rm -rf to; mkdir to
run timeout -s INT 0.3 "$MMCP" --resume --bwlimit=100M source to/copy
check "^C says that what there is stays" \
	err_has "what has reached the device of unfinished files is kept"
check "... and how to go on" err_has "to go on, run the same command again"
check "... in both files" [ "$(find to -name '.mmcp-[jr]*' | wc -l)" = 2 ]
run "$MMCP" --resume --engine=kernel source to/copy
check "an engine that can't is refused" err_has "--resume can be used only with"

# ---- a full disk ----
if mount_fs tmpfs 130M "$work/full"; then
	head -c 80M /dev/zero >full/filler
	run "$MMCP" --resume source full/copy
	check "a full disk is an error" err_has "No space left on device"
	check "... and has no copy" absent full/copy
	check "... but the journal" sh -c '[ -e full/.mmcp-j* ]'
	rm full/filler
	run "$MMCP" --resume --json source full/copy
	check "with more room it goes on" went_well
	check "... from there" sh -c '! grep -q "\"resumed\":0," out'
	check "... and is right" cmp source full/copy
	check "... and nothing is left" no_leftovers full
else
	skip "a full disk" "$why"
fi

finish
