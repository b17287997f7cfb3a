# SPDX-License-Identifier: GPL-3.0-or-later
# Make the manual of a build from that of the sources: where bugs are to be reported (URL);
# and its directories (LIBEXEC, COMPLETION, DOC) instead of a distribution's.

# Put DIR in the place of each NAME in this line; "": nothing is installed there.
function replace(name, dir,   at, done) {
	while (dir != "" && (at = index($0, name)) > 0) {
		done = done substr($0, 1, at - 1) dir
		$0 = substr($0, at + length(name))
	}
	$0 = done $0
}

/^Report bugs to/ && ENVIRON["URL"] != "" {
	print "Report bugs to"
	print ".Lk " ENVIRON["URL"] " ."
	getline			# the name that they would be about
	next
}
{
	replace("/usr/libexec", ENVIRON["LIBEXEC"])
	replace("/usr/share/bash-completion/completions", ENVIRON["COMPLETION"])
	replace("/usr/share/doc/mmcp", ENVIRON["DOC"])
	print
}
