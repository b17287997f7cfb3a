#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --status shows what running copies do, from the file that each keeps once it has taken a
# second.  The file goes with its copy; whatever stands there instead harms nobody.
# Root sees everybody's copies: those of other tests are hidden.
if [ "$(id -u)" = 0 ] && [ -z "${ALONE:-}" ] && unshare -m true 2>/dev/null; then
	ALONE=yes; export ALONE
	# shellcheck disable=SC2016 # of the inner shell
	exec unshare -m sh -c 'mkdir -p -m 700 /run/mmcp /run/user
		for dir in /run/mmcp /run/user; do
			mount -t tmpfs -o mode=700 none "$dir"
		done
		exec sh "$0"' "$0"
fi
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need jq
no_leak_check

XDG_RUNTIME_DIR=$work/run
export XDG_RUNTIME_DIR
mkdir -m 700 run
files=$XDG_RUNTIME_DIR/mmcp
pattern 80000000 >large; head -c 20000 large >small
mkdir tree tree/sub; for i in $(seq 1 60); do head -c 200000 large >"tree/sub/$i"; done

# begin ARGUMENT...: a copy that takes long, $pid, and has its file.
begin() {
	"$MMCP" --reflink=never "$@" >out 2>err &
	pid=$!
	wait_until has_file || broken "no status file"
}
has_file() { [ -n "$(ls "$files" 2>/dev/null)" ]; }
no_file() { ! has_file; }
stop() { kill -s "${1:-TERM}" "$pid"; wait "$pid" 2>/dev/null; }
status() { run "$MMCP" --status "$@"; }
# says JQ: that program, on the JSON of the only copy, returns true.
says() {
	run "$MMCP" --status=json
	[ "$status $(jq -s "length == 1 and (.[0] | $1)" <out)" = "0 true" ] ||
		{ cat out err; false; }
}
nothing_runs() { status_is 0 && err_empty && out_is "no copy is running"; }

# ---- no copy ----

status
check "without a copy there is one line" nothing_runs
run "$MMCP" --status=json
check "or one of JSON" out_is '{"event":"status","schema":2,"state":"none"}'
run "$MMCP" small short
check "a short copy" went_well
check "leaves no trace" absent "$files"
run "$MMCP" --status=xml
check "another form is refused" status_is 1
if have strace; then
	sleep 0.1
	run strace -f -qq -e trace=file,desc -o trace "$MMCP" small short
	check "nor does it look for the directory" test "$(grep -c run trace)" = 0
fi

# ---- one file ----

begin -j2 --bwlimit=3M large new
status
check "a copy is shown" out_has "'$work/large' -> '$work/new'"
check "with its bytes and rate" grep -q '^  copying:  *[0-9]*% .*/76.3 MiB .*B/s' out
check "to its user alone" test "$(stat -c %a "$files" "$files"/*)" = "700
600"
check "for programs, too" says '.state == "copying" and .bytes_expected == 80000000
	and .bytes > 0 and .bytes < 80000000 and .seconds >= 1 and .files == 0'
check "each worker" says '(.workers | length) == .processes and .processes >= 1
	and (.workers | all(.state == "copying"))'
check "and who copies" says ".pid == $pid and .age < 60"
run "$MMCP" --status --json
check "--json does as =json" test "$(jq -r .event <out)" = status
for path in large ./new "$work" "$work/new" "$work/large/" .; do
	status "$path"
	check "a path that it is about chooses it: $path" out_has large
done
for path in small "$work/tree" "$work/lar" "$work/large2" '' /nowhere; do
	status "$path"
	check "another one doesn't: $path" nothing_runs
done
status small new
check "one of several paths is enough" out_has large
stop
check "its file goes with a copy that a signal ends" no_file
begin --bwlimit=40M large new
wait "$pid"
check "and with one that is done" no_file

# ---- a tree, several sources ----

begin -r -j2 --bwlimit=2M tree new.tree
check "the workers of a tree are shown" wait_until says '.processes == 2
	and any(.workers[]; .path == "tree/sub") and .files_found > 1'
status
check "for people, too" grep -q '^  worker 1: .* copied' out
kill -s STOP "$pid"
sleep 4
status
check "a copy that is stopped has no news" grep -q '^  no news for [0-9]* second' out
kill -s CONT "$pid"
stop
rm -rf new.tree; mkdir into
begin -j1 --bwlimit=5M large small into
check "all sources are named" says ".source_count == 2
	and .sources[1].path == \"$work/small\" and .destination == \"$work/into\""
check "and what is copied now" says '.workers[0].path == "large"'
status into/large
check "a path below the destination chooses it" out_has large
stop KILL
check "a killed copy leaves its file" has_file
status
check "which isn't shown" nothing_runs
check "and is removed" no_file

# ---- what the device has ----

if [ -e "${SHIM:=}" ]; then
	shimmed sync_file_range=delay3000 "$MMCP" --fsync --engine=stream --bwlimit=50M \
		large new 2>err &
	pid=$!
	check "a copy that waits for the device says so" wait_until says \
		'.state == "flushing" and .bytes_to_flush > 0'
	kill -s KILL "$(jq .pid <out)"; wait "$pid" 2>/dev/null
	status
else
	skip "a copy that waits for the device says so" "the shim is built by make check"
fi

# ---- names ----

odd=$(printf 'odd\033[31m\nname\377')
cp small "$odd"; head -c 60000000 large >"$odd"
begin --bwlimit=5M "$odd" new
status
check "no control byte of a name is printed" test "$(tr -d '\n' <out |
	tr -d '[:print:]' | wc -c)" = 0
check "JSON has all its bytes" says \
	'.sources[0].path_base64 | @base64d | test("odd\u001b\\[31m\nname")'
if python3 -c 'import jsonschema' 2>/dev/null; then
	"$MMCP" --status=json >lines
	check "and is of the schema" python3 -B "${srcdir:-.}/tests/tools/jsonlines.py" \
		"${srcdir:-.}/doc/json.schema.json" - <lines
fi
stop

# ---- what is damaged ----

begin --bwlimit=6M large new
: >"$(echo "$files"/*)"
status
check "a file that was cut is an error" err_has "cannot read status file"
check "of one line" test "$(wc -l <err)$status" = 11
wait "$pid"; status=$?
check "but none of the copy" status_is 0
check "which is whole" cmp large new
echo garbage >"$files/garbage"; mkfifo "$files/pipe"; ln -s /etc/passwd "$files/link"
run timeout 100 "$MMCP" --status
check "so is what is no status file" status_is 1
check "each" test "$(grep -c '^mmcp: cannot read status file' err)" = 3
check "which is left alone" test -e "$files/garbage"
rm -r "$files"; mkdir elsewhere; ln -s "$work/elsewhere" "$files"
"$MMCP" --bwlimit=20M --reflink=never large new &
pid=$!
sleep 2
check "a directory that is a symbolic link isn't used" empty_directory elsewhere
wait "$pid"
rm "$files"; mkdir "$files"; chmod 777 "$files"
"$MMCP" --bwlimit=20M --reflink=never large new &
pid=$!
sleep 2
check "nor one that others may enter" empty_directory "$files"
wait "$pid"
rmdir "$files"

# ---- other users ----

has_theirs() {
	"$MMCP" --status=json >found.all
	jq -c 'select(.destination | test("/nobodys$"))' <found.all >found && [ -s found ]
}
if open_to_nobody && [ ! -e /tmp/mmcp-65534 ]; then
	mkdir theirs; chmod 777 theirs; chmod 644 large
	begin --bwlimit=5M large new
	as_nobody env -u XDG_RUNTIME_DIR "$mmcp" --bwlimit=5M --reflink=never large \
		theirs/nobodys 2>err.nobody &
	check "root sees the copy of another user" wait_until has_theirs
	run as_nobody env -u XDG_RUNTIME_DIR "$mmcp" --status
	check "who sees it, too" out_has nobodys
	check "but not root's" test "$(grep -c -- '->' out)" = 1
	stop
	kill "$(jq .pid <found)"; wait
	check "its directory is left, empty" empty_directory /tmp/mmcp-65534
	rmdir /tmp/mmcp-65534
else
	skip "root sees the copy of another user" "${why:-/tmp/mmcp-65534 exists}"
fi

finish
