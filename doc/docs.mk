# SPDX-License-Identifier: GPL-3.0-or-later
# The pages of doc/.  What users may want is installed; the rest is in the tarball only.

dist_doc_DATA = \
	NEWS \
	doc/architecture.md \
	doc/cp-compat.md \
	doc/engines.md \
	doc/filesystems.md \
	doc/formats.md \
	doc/invariants.md \
	doc/json.md \
	doc/json.schema.json \
	doc/measurements.md \
	doc/scale.md

decisionsdir = $(docdir)/decisions
dist_decisions_DATA = \
	doc/decisions/001-when-a-followed-copy-is-good.md \
	doc/decisions/002-which-file-systems-are-trusted.md \
	doc/decisions/003-who-waits-for-an-answer.md \
	doc/decisions/004-workers-and-chunks.md \
	doc/decisions/005-the-last-steps-of-a-copy.md \
	doc/decisions/006-existing-files.md \
	doc/decisions/007-batches-of-a-tree.md \
	doc/decisions/008-only-the-parent-speaks.md \
	doc/decisions/009-a-tree-that-holds-its-copy.md \
	doc/decisions/010-one-writer-and-mapping-workers.md \
	doc/decisions/011-pages-of-a-new-file-on-tmpfs.md \
	doc/decisions/012-clones.md \
	doc/decisions/013-huge-folios.md \
	doc/decisions/014-when-several-workers-copy-one-file.md \
	doc/decisions/015-a-short-path-for-small-files.md \
	doc/decisions/016-one-set-of-counts.md \
	doc/decisions/017-rooms-words-and-one-table-of-engines.md \
	doc/decisions/018-the-first-windows-decide.md \
	doc/decisions/019-every-worker-walks.md \
	doc/decisions/020-slow-devices.md \
	doc/decisions/021-comparing-content.md \
	doc/decisions/022-hashes-and-manifests.md \
	doc/decisions/023-a-copy-is-read-back.md \
	doc/decisions/024-a-copy-goes-on.md \
	doc/decisions/025-what-is-kept-of-a-copy-that-failed.md \
	doc/decisions/026-many-machines.md

examplesdir = $(docdir)/examples
dist_examples_DATA = \
	doc/examples/backup \
	doc/examples/bashrc \
	doc/examples/excludes \
	doc/examples/popt

picturesdir = $(docdir)/pictures
dist_pictures_DATA = \
	doc/pictures/run.svg \
	doc/pictures/sizes-ext4.svg \
	doc/pictures/workers-ext4.svg

# The first page, with links to what is installed beside it.
doc_DATA = doc/installed/README.md
doc/installed/README.md: $(srcdir)/README.md Makefile
	$(AM_V_GEN)$(MKDIR_P) doc/installed && sed -E \
		-e 's,\[([^][]*)\]\((COPYING|HACKING|man/mmcp\.1)\),\1,g' \
		-e 's,\[([^][]*)\]\(doc/(contributing|testing)\.md\),\1,g' \
		-e 's,\]\(doc/,](,g' \
		$(srcdir)/README.md >$@.new && mv -f $@.new $@
CLEANFILES += doc/installed/README.md

EXTRA_DIST += \
	doc/contributing.md \
	doc/testing.md
