#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

need make
build=$(dirname "$MMCP")
[ -e "$build/Makefile" ] || skip_all "mmcp is not in the directory it was built in"
# A make that runs us has no say here.
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR
# To build is not our business, and others may be using what is there.  (config.h is
# always older than its stamp where configure left it as it was.)
make -q -C "$build" -o config.h Makefile mmcp >/dev/null 2>&1 ||
	skip_all "the build is not up to date"

HOME=$work/home XDG_CONFIG_HOME=$work/home XDG_DATA_HOME=$work/home
export HOME XDG_CONFIG_HOME XDG_DATA_HOME
mkdir home
top=$work/root/opt

# install TARGET: as into /opt, all of it below root.
install() { make -C "$build" "$1" DESTDIR="$work/root" prefix=/opt; }

# as_usual SHELL: its directory was not chosen by who configured.
as_usual() {
	where=$(sed -n "s/^$1completiondir = //p" "$build/Makefile")
	# shellcheck disable=SC2016 # as it stands in the Makefile
	case $where in
	'${datadir}/'*) ;;
	*) return 1 ;;
	esac
}

check "make install" install install
check "the program is there" test -x "$top/bin/mmcp"
check "it runs" "$top/bin/mmcp" --version
# shellcheck disable=SC2016 # as it stands in the Makefile
if grep -q '^libexecdir = ${exec_prefix}/libexec$' "$build/Makefile"; then
	run env PATH="$top/libexec/mmcp:$PATH" cp --version
	check "as cp, too, in a directory for PATH" out_has "mmcp "
	"$top/bin/mmcp" -a "$work/root" "$work/moved"
	run "$work/moved/opt/libexec/mmcp/cp" --version
	check "also if all of it is moved" out_has "mmcp "
else
	skip "as cp, too, in a directory for PATH" "it was configured to be elsewhere"
fi
check "the manual is there" test -s "$top/share/man/man1/mmcp.1"
PATH=$top/bin:$PATH
# shellcheck disable=SC2016 # as it stands in the Makefile
if grep -q '^localedir = ${datarootdir}/locale$' "$build/Makefile" &&
	grep -q '^#define ENABLE_NLS 1' "$build/config.h"; then
	for po in "${srcdir:-.}"/po/*.po; do
		language=$(basename "$po" .po)
		check "the translation is there: $language" \
			test -s "$top/share/locale/$language/LC_MESSAGES/mmcp.mo"
	done
else
	skip "the translations are there" "mmcp is built without them"
fi

# links_lead: what an installed page links to is installed, too.
links_lead() (
	cd "$1" || exit
	find . -name '*.md' | while read -r page; do
		grep -oE ']\([^):#]+|(src|srcset)="[^":]+' "$page" |
			sed 's/^](//; s/^src.*="//' | while read -r link; do
			[ -e "${page%/*}/$link" ] || echo "$page links to $link"
		done
	done | grep . && exit 1
	exit 0
)

# shellcheck disable=SC2016 # as it stands in the Makefile
if grep -q '^docdir = ${datarootdir}/doc/${PACKAGE_TARNAME}$' "$build/Makefile"; then
	there=$top/share/doc/mmcp
	for page in architecture cp-compat filesystems invariants measurements; do
		check "$page.md is there" cmp "$there/$page.md" \
			"${srcdir:-.}/doc/$page.md"
	done
	check "so is the first page" grep -q "^# mmcp" "$there/README.md"
	check "so is what is new" cmp "$there/NEWS" "${srcdir:-.}/NEWS"
	check "so is each decision" diff -r "$there/decisions" \
		"${srcdir:-.}/doc/decisions"
	check "so is each example" diff -r "$there/examples" \
		"${srcdir:-.}/doc/examples"
	check "their links lead to pages that are there" links_lead "$there"
	check "what is for developers is not" absent "$there/contributing.md"
else
	skip "the documents are there" "they were configured to be elsewhere"
fi

if as_usual bash; then
	there=$top/share/bash-completion
	check "bash: it is there" cmp "$there/completions/mmcp" \
		"${srcdir:-.}/completions/mmcp"
	package=/usr/share/bash-completion/bash_completion
	if have bash && [ -e $package ]; then
		# shellcheck disable=SC2016 # for that shell
		check "bash: it is loaded when wanted" \
			env BASH_COMPLETION_USER_DIR="$there" bash --norc -c \
			'. "$1"; _completion_loader mmcp; complete -p mmcp' - $package
	else
		skip "bash: it is loaded when wanted" "bash-completion is not installed"
	fi
else
	skip "bash: it is there" "it was configured to be elsewhere"
fi

if as_usual zsh; then
	there=$top/share/zsh/site-functions
	check "zsh: it is there" cmp "$there/_mmcp" "${srcdir:-.}/completions/_mmcp"
	if have zsh; then
		# shellcheck disable=SC2016 # for that shell
		check "zsh: it is loaded when wanted" zsh -f -c \
			'fpath=($1 $fpath); autoload -Uz compinit; compinit -u -D
			[[ $_comps[mmcp] == _mmcp ]] && autoload +X _mmcp' - "$there"
		check "zsh finds no fault in it" zsh -f -n "$there/_mmcp"
	else
		skip "zsh: it is loaded when wanted" "zsh is not installed"
	fi
else
	skip "zsh: it is there" "it was configured to be elsewhere"
fi

if as_usual fish; then
	there=$top/share/fish/vendor_completions.d
	check "fish: it is there" cmp "$there/mmcp.fish" \
		"${srcdir:-.}/completions/mmcp.fish"
	if have fish; then
		run env XDG_DATA_DIRS="$top/share:/usr/local/share:/usr/share" \
			fish -c 'complete -C "mmcp --archi"'
		check "fish: it is loaded when wanted" out_has "--archive"
	else
		skip "fish: it is loaded when wanted" "fish is not installed"
	fi
else
	skip "fish: it is there" "it was configured to be elsewhere"
fi

check "make uninstall" install uninstall
find "$work/root" ! -type d >left
check "nothing is left" test ! -s left
find "$work/root" -name 'mmcp*' >left
check "and no directory of ours" test ! -s left

finish
