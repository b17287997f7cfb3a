# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# What copies of a file and of a tree have in common: the programs, one
# timed run, and the account.  All of it works in $work.  A mode (file.sh,
# tree.sh) brings read_arguments, add_programs, make_source, prepare, verify (false:
# do without this program) and subject, and says how the table counts:
#
#   bytes          about what the source holds, by read_arguments
#   amount         what is divided by the seconds, $unit its name, $form its format
#   references     what ratios refer to, "cp": names of the first programs, by commas
#   ratios         their names in JSON, by commas
#   counted        a line of JSON more, with its comma, or nothing

# ---- the programs ----

# add COMMAND [KIND]: it is measured, if its program is here.  KIND is for the mode.
# Source and dest are in $work.
add() {
	have "${1%% *}" || return 0
	programs=$((programs + 1))
	eval "command_$programs=\$1 kind_$programs=\${2-}"
}
command_of() { eval "echo \"\$command_$1\""; }
kind_of() { eval "echo \"\$kind_$1\""; }

# leave_out N: those behind it move up.
leave_out() {
	say "left out: its copy differs: $(command_of "$1")"
	programs=$((programs - 1))
	at=$1
	while [ "$at" -le "$programs" ]; do
		eval "command_$at=\$command_$((at + 1)) kind_$at=\$kind_$((at + 1))"
		at=$((at + 1))
	done
}

add_also() {
	while read -r command; do
		[ -z "$command" ] || add "$(printf '%s\n' "$command" |
			sed 's/\<SOURCE\>/source/g; s/\<DEST\>/dest/g')" also
	done <<-END
		$also
	END
}

# How a program is called in the table.
name_of() {
	command_of "$1" | sed "s/^sh -c '//; s/^\\.\\///; s/ source.*//; s/ if=.*//
		s/ --whole-file.*//; s/ --no-progress//; s/ -q//"
}

# ---- one run ----

# A tree may hold directories that are read-only even to their owner.
remove() {
	rm -rf "$1" 2>/dev/null || { chmod -R u+rwx "$1"; rm -rf "$1"; }
}

settle() {
	case $type in
	tmpfs | ramfs | hugetlbfs) ;;
	*) sync -f . 2>/dev/null || sync ;;
	esac
}

# prepare_cache warm|cold COMMAND...: COMMAND reads what shall be warm.
prepare_cache() {
	cache_=$1; shift
	settle
	if [ "$cache_" = cold ]; then
		echo 3 >/proc/sys/vm/drop_caches
	else
		"$@" >/dev/null
	fi
}

# measure CACHE PROGRAM: one run; "seconds user system" is added to its file.
measure() {
	prepare "$1"
	hyperfine -N --runs 1 --style none --export-json one.json \
		"$(command_of "$2")" >out 2>&1 </dev/null || { cat out >&2; exit 1; }
	awk -F'[:,]' '
		/"mean"/ { seconds = $2 }
		/"user"/ { user = $2 }
		/"system"/ { system_ = $2 }
		END { print seconds + 0, user + 0, system_ + 0 }' one.json >>"times/$1.$2"
}

# ---- the account ----

conditions() {
	cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
	memory=$(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo)
	cat <<-END
		date      $(date -u +%Y-%m-%dT%H:%M:%SZ)
		kernel    $(uname -sr), $(uname -m)
		cpu       ${cpu:-unknown}
		cpus      $(processors), load $load
		memory    $memory
		where     $type
		$(subject)
		rounds    $rounds, interleaved
		hyperfine $(hyperfine --version | awk '{ print $2 }')
	END
	seen=' '
	number=0
	while [ $((number += 1)) -le "$programs" ]; do
		# Another's program may know no --version, and do who knows what.
		[ "$(kind_of "$number")" != also ] || continue
		program=$(name_of "$number")
		program=${program%% *}
		case $seen in *" $program "*) continue ;; esac
		seen="$seen$program "
		path=$program
		[ "$program" != mmcp ] || path=./mmcp
		printf '%-9s %s\n' "$program" "$("$path" --version 2>&1 | head -n 1)"
	done
}

# Medians and the rest of CACHE's runs: one line for each program, tab-separated, the
# first being those that ratios refer to.
statistics() {
	number=0
	while [ $((number += 1)) -le "$programs" ]; do
		awk -v name="$(name_of "$number")" -v command="$(command_of "$number")" '
		function sort(a, n,    i, j, x) {
			for (i = 2; i <= n; i++) {
				x = a[i]
				for (j = i - 1; j > 0 && a[j] > x; j--) a[j + 1] = a[j]
				a[j + 1] = x
			}
		}
		function median(a, n) {
			return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
		}
		{
			t[NR] = $1; cpu[NR] = $2 + $3
			times = times (NR > 1 ? ", " : "") $1
			sum += $1; user += $2; sys += $3
		}
		END {
			mean = sum / NR
			for (i = 1; i <= NR; i++) square += (t[i] - mean) ^ 2
			sort(t, NR); sort(cpu, NR)
			OFS = "\t"; OFMT = CONVFMT = "%.9g"
			deviation = NR > 1 ? sqrt(square / (NR - 1)) : "null"
			print name, command, median(t, NR), t[1], t[NR], \
				median(cpu, NR), mean, deviation, \
				user / NR, sys / NR, times
		}' "times/$1.$number"
	done
}

# Lines of statistics as a table.
table() {
	awk -F'\t' -v amount="$amount" -v unit="$unit" -v form="$form" \
		-v references="$references" '
	{
		name[NR] = $1
		median[NR] = $3; least[NR] = $4; most[NR] = $5; cpu[NR] = $6
		if (length($1) > width) width = length($1)
	}
	END {
		if (width < 22) width = 22
		line = "%-" width "s %9s %8s %8s %8s %8s"
		printf line, "program", "median s", "min", "max", "CPU s", unit
		n = split(references, reference, ",")
		for (k = 1; k <= n; k++) {
			form_of[k] = " %" (length(reference[k]) + 7)
			printf form_of[k] "s", "times " reference[k]
		}
		print ""
		for (i = 1; i <= NR; i++) {
			printf line, name[i], sprintf("%.3f", median[i]), \
				sprintf("%.3f", least[i]), sprintf("%.3f", most[i]), \
				sprintf("%.3f", cpu[i]), sprintf(form, amount / median[i])
			for (k = 1; k <= n; k++)
				printf form_of[k] ".2f", median[k] / median[i]
			print ""
		}
	}'
}

quoted() { sed 's/\\/\\\\/g; s/"/\\"/g'; }

# Lines of "CACHE TAB statistics" as JSON.
as_json() {
	printf '{\n  "conditions": [\n'
	conditions | quoted | sed '$!s/.*/    "&",/; $s/.*/    "&"/'
	printf '  ],\n%s  "size": %s,\n  "results": [\n' "$counted" "$bytes"
	quoted | awk -F'\t' -v ratios="$ratios" '
	$1 != cache { cache = $1; place = 0 }
	{
		place++
		lines[NR] = $0
		base[cache, place] = $4
	}
	END {
		n = split(ratios, ratio, ",")
		for (i = 1; i <= NR; i++) {
			split(lines[i], f, "\t")
			printf "%s    {\n", (i > 1 ? ",\n" : "")
			printf "      \"command\": \"%s\",\n", f[3]
			printf "      \"name\": \"%s\",\n", f[2]
			printf "      \"cache\": \"%s\",\n", f[1]
			printf "      \"mean\": %s,\n      \"stddev\": %s,\n", f[8], f[9]
			printf "      \"median\": %s,\n", f[4]
			printf "      \"user\": %s,\n", f[10]
			printf "      \"system\": %s,\n", f[11]
			printf "      \"min\": %s,\n      \"max\": %s,\n", f[5], f[6]
			printf "      \"times\": [%s]", f[12]
			for (k = 1; k <= n; k++)
				printf ",\n      \"%s\": %.4f", \
					ratio[k], base[f[1], k] / f[4]
			printf "\n    }"
		}
		printf "\n  ]\n}\n"
	}'
}
