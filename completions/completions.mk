# SPDX-License-Identifier: GPL-3.0-or-later
# The completions are made from the table of options by a program, and kept, so that a
# build (which may be for another machine) need not run it.

dist_bashcompletion_DATA = completions/mmcp
dist_zshcompletion_DATA = completions/_mmcp
dist_fishcompletion_DATA = completions/mmcp.fish
EXTRA_DIST += completions/bash.in completions/zsh.in completions/fish.in

check_PROGRAMS += completions/generate
completions_generate_SOURCES = completions/generate.c
completions_generate_LDADD = libmmcp.a $(MMCP_LIBS)

make_completions = \
	generate=completions/generate$(EXEEXT) in=$(srcdir)/completions && \
	$$generate bash $$in/bash.in >$$out/mmcp.new && \
	$$generate zsh $$in/zsh.in >$$out/_mmcp.new && \
	$$generate fish $$in/fish.in >$$out/mmcp.fish.new && \
	for name in mmcp _mmcp mmcp.fish; do \
		mv -f $$out/$$name.new $$out/$$name || exit; done

# In the source tree, after a change of the table.
.PHONY: completions
completions: completions/generate$(EXEEXT)
	out=$(srcdir)/completions && $(make_completions)

# And in the tarball, whatever is in the source tree.
dist-hook: completions/generate$(EXEEXT)
	chmod u+w $(distdir)/completions
	out=$(distdir)/completions && $(make_completions)
