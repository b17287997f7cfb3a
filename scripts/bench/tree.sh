# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# A tree of small files; lib.sh says what a mode brings.
# Each program copies it to a new name.  Two of them are measures: cp -r for those that
# leave times and owners, cp -a for those that keep them.

unit=files/s form=%.0f references='cp -r,cp -a' ratios=times_cp_r,times_cp_a
least_files=60000

# $1 is a tree that is large enough.
enough_files() {
	find "$1" -type f 2>/dev/null | awk -v least=$least_files '
		NR == least { exit } END { exit NR < least }'
}

read_arguments() {
	if [ -z "$tree_source" ] && enough_files /usr/share; then
		tree_source=/usr/share
	fi
	if [ -z "$tree_source" ]; then
		bytes=$((1 << 30))		# with what directories and blocks take
		return
	fi
	[ -d "$tree_source" ] || die "$tree_source is not a directory"
	tree_source=$(cd "$tree_source" && pwd) || exit 1
	bytes=$(($(du -sk "$tree_source" 2>/dev/null | cut -f1) << 10))
}

# What has to be kept besides the content: "plain" nothing, "archive" times, modes and
# owners, "linked" also which files are one.  A "guest" is plain and may fail: some names
# mean other programs elsewhere.
add_programs() {
	add "$cp -r source dest" plain
	add "$cp -a source dest" linked
	add "./mmcp${jobs:+ -j$jobs} -r source dest" plain
	add "./mmcp${jobs:+ -j$jobs} -a source dest" linked
	if [ -n "$variants" ]; then
		add './mmcp -j1 -r source dest' plain
		add './mmcp -j1 -a source dest' linked
	fi
	add 'rsync -a --whole-file source/ dest' archive
	add 'xcp -r --no-progress source dest' guest
	add 'fcp source dest' guest
	add 'cpz source dest' guest
	add 'dcp source dest' guest
	add 'mcp -r source dest' guest
}

# ---- the source ----

make_source() {
	if [ -n "$tree_source" ]; then
		say "copying $tree_source"
		cp -a "$tree_source" source || exit 1
	else
		say "making up a tree"
		made_tree || die "no tree could be made"
		tree_source="made up"
	fi
	listing source >listed
	amount=$(how_many -type f)
	hard_links=$(how_many -type f -links +1)
	directories=$(how_many -type d)
	symlinks=$(how_many -type l)
	bytes=$(find source -type f -printf '%s\n' |
		awk '{ sum += $1 } END { printf "%.0f", sum }')
	counted="  \"files\": $amount,
"
	[ "$amount" -ge $least_files ] || say "the tree has $amount files only"
	settle
}
how_many() { find source "$@" | wc -l; }

# Without a journal, ext4 steps over inodes that were freed within the last minutes, one
# by one for each new file (fs/ext4/ialloc.c, recently_deleted; 6.18): a copy after the
# removal of another took 30 to 50 s instead of 2 s, whoever made it.
no_journal() {
	[ "$type" = ext4 ] || return
	device=$(df -P . | awk 'NR == 2 { sub(".*/", "", $1); print $1 }')
	options=/proc/fs/ext4/$device/options
	[ -e "$options" ] && ! grep -q '^data=' "$options"
}

subject() {
	echo "tree      $tree_source: $amount files ($hard_links with other names)," \
		"$directories directories, $symlinks symbolic links," \
		"$((bytes >> 20)) MiB ($bytes bytes)"
	! no_journal || echo "note      this ext4 has no journal, and so the removal of" \
		"one copy slows the next: try another file system"
}

# made_tree: 63 000 files in 4000 directories, the same ones on each machine, in sizes as
# source code has them: logarithmically normal, half of them below 4 KiB, 12 KiB in the
# mean, the last thousandth over 400 KiB.  Half of all is in a quarter of the directories.
made_tree() {
	(
		umask 022
		mkdir source && cd source || exit
		LC_ALL=C
		export LC_ALL
		# The plan first: "d DIR", "f SIZE FILE", "s TARGET LINK", "h FILE LINK".
		awk -v files="${made_files:-63000}" '
		function random() {		# in every awk the same
			x = x * 16807 % 2147483647
			return x / 2147483647
		}
		function dir(i) { return path[int(directories * random() ^ 2)] }
		BEGIN {
			x = 20240229; directories = 4000
			pi = 3.14159265358979
			path[0] = "."
			for (i = 1; i < directories; i++) {	# eight in each
				path[i] = path[int((i - 1) / 8)] "/part-" i
				print "d", path[i]
			}
			for (i = 0; i < files; i++) {
				normal = sqrt(-2 * log(random())) * cos(2 * pi * random())
				size = int(4096 * exp(1.482 * normal))
				if (size > 8388608) size = 8388608
				where = dir()
				file = where "/source-file-" i (i % 3 ? ".c" : ".h")
				print "f", size, file
				if (i % 100 == 50)
					print "s", "source-file-" i, where "/link-" i
				if (i % 1000 == 500) print "h", file, dir() "/same-" i
			}
		}' >../plan
		sed -n 's/^d //p' ../plan | xargs mkdir -p || exit
		awk '
		BEGIN {
			for (i = 0; i < 65536 / 16; i++) {
				x = (x + 7) * 16807 % 2147483647
				pool = pool sprintf("%015.0f\n", x * 1e5)
			}
			ORS = ""
		}
		$1 == "f" {
			printf "" >$3
			for (left = $2; left > 0; left -= 32768)
				print substr(pool, NR % 32768 + 1, \
					left < 32768 ? left : 32768) >$3
			close($3)
		}' ../plan || exit
		# Not all the same: programs, read-only files, and times of their own.
		sed -n 's/^f [0-9]* //p' ../plan >../names
		awk 'NR % 50 == 0' ../names | xargs chmod 755 || exit
		awk 'NR % 50 == 1' ../names | xargs chmod 444 || exit
		awk 'NR % 7 == 0' ../names |
			xargs touch -d 2020-02-29T12:00:00.123456789 || exit
		while read -r kind target name; do
			case $kind in
			s) ln -s "$target" "$name" ;;
			h) ln "$target" "$name" ;;
			esac || exit
		done <<-END
			$(grep '^[sh]' ../plan)
		END
		rm ../plan ../names
		find . -type d -exec touch -d 2021-03-04T05:06:07 {} +
	)
}

# ---- one run ----

# What precedes each run, untimed: prepare warm|cold.
prepare() {
	remove dest
	prepare_cache "$1" read_tree
}
read_tree() { find source -type f -exec cat {} +; }

# Everything below $1 with its attributes, and with its count of links in front.
listing() {
	(cd "$1" && find . -printf '%n %p %y %m %U:%G %T@ %l\n' | LC_ALL=C sort -k 2)
}

# same_tree KIND: dest has what source has, as far as programs of that KIND keep it.
same_tree() {
	diff -r --no-dereference source dest || return
	case $1 in
	linked) listing dest | diff listed - ;;
	archive)
		sed 's/^[0-9]* //' listed >listed.archive
		listing dest | sed 's/^[0-9]* //' | diff listed.archive -
		;;
	esac
}

# The copy is whole?  It also has each program in memory.
verify() {
	remove dest
	command=$(command_of "$1")
	if sh -c "$command" >out 2>&1 </dev/null &&
		same_tree "$(kind_of "$1")" >difference 2>&1; then
		return
	fi
	head -n 20 out >&2
	[ "$(kind_of "$1")" != guest ] || return 1
	[ ! -s difference ] || head -n 20 difference >&2
	die "'$command' failed"
}
