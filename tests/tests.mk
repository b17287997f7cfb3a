# SPDX-License-Identifier: GPL-3.0-or-later
# The tests, by name; `make check' runs them all.

unit_sources = \
	tests/unit.c tests/unit.h \
	tests/unit-age.c \
	tests/unit-backup.c \
	tests/unit-copy.c \
	tests/unit-cpus.c \
	tests/unit-crew.c \
	tests/unit-dest.c \
	tests/unit-dir.c \
	tests/unit-extent.c \
	tests/unit-fault.c \
	tests/unit-later.c \
	tests/unit-links.c \
	tests/unit-make.c \
	tests/unit-map.c \
	tests/unit-meta.c \
	tests/unit-operands.c \
	tests/unit-parents.c \
	tests/unit-plan.c \
	tests/unit-pool.c \
	tests/unit-quote.c \
	tests/unit-same.c \
	tests/unit-seen.c \
	tests/unit-source.c \
	tests/unit-stream.c \
	tests/unit-sys.c \
	tests/unit-units.c \
	tests/unit-words.c \
	tests/unit-zeros.c

shell_tests = \
	tests/a-backup-is-never-lost.sh \
	tests/a-bad-medium-is-an-error.sh \
	tests/a-command-line-means-what-it-means-to-cp.sh \
	tests/a-copy-has-the-same-content.sh \
	tests/a-directory-is-not-copied-into-itself.sh \
	tests/a-failing-call-is-mended-or-told.sh \
	tests/a-full-disk-leaves-no-new-file.sh \
	tests/a-hugetlbfs-file-is-rounded-up.sh \
	tests/a-killed-worker-costs-a-tree-nothing.sh \
	tests/a-killed-worker-costs-no-byte.sh \
	tests/a-mode-is-kept-only-where-it-belongs.sh \
	tests/a-moving-source-is-reported.sh \
	tests/a-neighbour-cannot-divert-a-copy.sh \
	tests/a-neighbour-cannot-lead-a-tree-astray.sh \
	tests/a-new-file-has-no-wider-mode.sh \
	tests/a-question-waits-for-its-answer.sh \
	tests/a-refused-way-leads-to-the-next.sh \
	tests/a-small-file-in-a-tree-costs-few-calls.sh \
	tests/a-sparse-file-beyond-2-gib-is-whole.sh \
	tests/a-tree-is-copied-as-cp-copies-it.sh \
	tests/a-tree-is-private-until-it-is-whole.sh \
	tests/a-whole-file-replaces-an-old-one-atomically.sh \
	tests/an-existing-file-is-written-over-in-place.sh \
	tests/attributes-that-cannot-be-kept-are-told-if-asked-for.sh \
	tests/bad-usage-is-one-line-and-a-hint.sh \
	tests/blocks-are-shared-only-if-asked.sh \
	tests/data-that-is-not-on-disk-yet-is-copied.sh \
	tests/each-shell-completes-what-mmcp-takes.sh \
	tests/entry-types-are-not-believed-blindly.sh \
	tests/errors-are-told-and-counted.sh \
	tests/every-option-is-in-the-completions.sh \
	tests/every-option-is-in-the-manual.sh \
	tests/every-test-is-run.sh \
	tests/fewer-helpers-make-the-same-tree.sh \
	tests/fsync-reaches-the-device-or-says-so.sh \
	tests/hard-links-in-a-tree-stay-one-file.sh \
	tests/help-and-version-go-to-stdout.sh \
	tests/holes-are-kept-and-not-filled-in.sh \
	tests/installing-puts-each-file-where-it-is-looked-for.sh \
	tests/killing-the-parent-leaves-no-partial-file.sh \
	tests/memory-does-not-grow-with-a-directory.sh \
	tests/memory-does-not-grow-with-the-file.sh \
	tests/memory-is-left-as-it-was.sh \
	tests/names-and-depths-of-a-tree-have-no-limit.sh \
	tests/names-are-quoted-as-cp-quotes-them.sh \
	tests/no-descriptor-and-no-memory-is-lost.sh \
	tests/nothing-outside-a-tree-is-touched.sh \
	tests/odd-beginnings-end-well.sh \
	tests/one-failing-file-does-not-stop-a-tree.sh \
	tests/one-file-by-any-name-is-refused.sh \
	tests/only-what-is-older-is-replaced.sh \
	tests/one-file-by-two-names-ends-as-with-cp.sh \
	tests/operands-mean-what-they-mean-to-cp.sh \
	tests/signals-leave-no-partial-file-in-a-tree.sh \
	tests/signals-leave-nothing-behind.sh \
	tests/operands-wait-for-each-other-where-they-must.sh \
	tests/small-limits-are-lived-with.sh \
	tests/special-files-are-read-to-their-end.sh \
	tests/special-files-in-a-tree-hold-nothing-up.sh \
	tests/stopping-stops-the-workers-too.sh \
	tests/trees-are-merged-as-cp-merges-them.sh \
	tests/what-the-disk-keeps-is-what-was-copied.sh \
	tests/workers-are-as-many-as-processors.sh \
	tests/zeros-become-holes-if-asked.sh
