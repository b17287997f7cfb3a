#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --resume: a copy is killed at random moments, all of its processes at once, and goes on.
# In the end it is equal, no block that was on the device is copied again, and nothing of
# the journal is left.  20 kills; with MMCP_LONG=1, 300, of a file of 2 GiB and of a tree.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3 setsid
"$MMCP" --resume /dev/null null 2>err || ! grep -q libxxhash err ||
	skip_all "there is no libxxhash"
rm -f null

kills=20 size=100000001 within=0.35
[ "${MMCP_LONG:-0}" != 1 ] || kills=300 size=2147483649 within=5

pattern $size >large
mkdir -p tree/sub
pattern 70000000 >tree/sub/a
truncate -s 150M tree/hole
pattern 9000000 | dd of=tree/hole bs=1M seek=70 conv=notrunc status=none
for i in $(seq 300); do echo "file $i" >"tree/sub/$i"; done
ln -s sub/1 tree/link

cat >kill.py <<'P'
"""kill.py KILLS SEED MMCP WHAT SECONDS: kill copies, go on with them, and look."""
import json, os, random, signal, subprocess, sys, time

kills, seed, mmcp = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
tree, within = sys.argv[4] == "tree", float(sys.argv[5])
generator = random.Random(seed)


def command(*options):
    what = ["-aT", "tree", "to/tree"] if tree else ["large", "to/large"]
    return [mmcp, "--resume", *options, *what]


def wrong(text):
    print("seed %d, after %d kills: %s" % (seed, done, text))
    sys.exit(1)


def interrupted():
    """What --status says of the journals, by the name of the copy."""
    lines = subprocess.run([mmcp, "--status=json", "to"], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return {line["destination"]: line for line in map(json.loads, lines)
            if line["state"] == "interrupted"}


def killed(after):
    process = subprocess.Popen(command("--bwlimit=500M"), start_new_session=True)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


done = goes_on = 0
while done < kills:
    subprocess.run(["rm", "-rf", "to"], check=True)
    os.mkdir("to")
    before = {}
    for _ in range(generator.randrange(1, 4)):
        killed(generator.uniform(0, within))
        done += 1
        there = interrupted()
        for name, line in there.items():
            if name in before and line["bytes"] < before[name]["bytes"]:
                wrong("%s went back from %d to %d" % (name, before[name]["bytes"],
                                                       line["bytes"]))
        before = there
    run = subprocess.run(command("--json"), capture_output=True, text=True)
    if run.returncode != 0 or run.stderr:
        wrong("status %d: %s" % (run.returncode, run.stderr))
    lines = map(json.loads, run.stdout.splitlines())
    copied = {line["destination"]: line for line in lines
              if line["event"] == "file" and line["action"] == "copied"}
    for name, line in before.items():
        goes_on += 1
        copy = copied[os.path.relpath(name)]
        # What is a hole isn't counted as resumed.
        resumed = copy["resumed"]
        if resumed + copy["holes"] < line["bytes"] or resumed + copy["by_hand"] + \
                copy["holes"] != copy["bytes"]:
            wrong("%s: %d were on the device, %d resumed, %d copied" % (
                name, line["bytes"], resumed, copy["by_hand"]))
    same = ["diff", "-r", "--no-dereference", "tree", "to/tree"] if tree \
        else ["cmp", "large", "to/large"]
    if subprocess.run(same).returncode != 0:
        wrong("the copy differs")
    left = subprocess.run(["find", "to", "-name", ".mmcp-*"], capture_output=True,
                          text=True).stdout
    if left:
        wrong("left: " + left)
print("%d kills, %d copies went on" % (done, goes_on))
if goes_on == 0:
    wrong("no copy went on")
P

check "a large file: $kills kills" python3 kill.py "$kills" 1 "$MMCP" large \
	$within
check "a tree: $kills kills" python3 kill.py "$kills" 2 "$MMCP" tree 0.35

# ---- a kill at one step ----
need_shim
# ends_at STATUS CALL: a process is killed at this call, which makes mmcp end so; then the
# same command goes on.
ends_at() {
	rm -rf to; mkdir to
	run shimmed "$2=SIGKILL" "$MMCP" --resume large to/large
	status_is "$1" || return
	[ "$1" = 0 ] || absent to/large || cmp large to/large || return
	"$MMCP" --resume large to/large && cmp large to/large && no_leftovers to &&
		[ "$(stat -c %Y large)" = "$(stat -c %Y to/large)" ]
}
for step in fsync#2 futimens#1 renameat#1 renameat2#1 unlinkat#1 unlinkat#2; do
	check "killed at $step" ends_at 137 "$step"
done
for step in fdatasync#1 fdatasync#2 msync#1 msync#3; do
	check "the process that keeps the journal is killed at $step" ends_at 0 "$step"
done

finish
