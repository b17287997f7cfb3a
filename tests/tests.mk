# SPDX-License-Identifier: GPL-3.0-or-later
# The tests, by name; `make check' runs them all.

unit_sources = \
	tests/unit.c tests/unit.h \
	tests/unit-cpus.c \
	tests/unit-crew.c \
	tests/unit-dest.c \
	tests/unit-extent.c \
	tests/unit-fault.c \
	tests/unit-map.c \
	tests/unit-operands.c \
	tests/unit-plan.c \
	tests/unit-quote.c \
	tests/unit-seen.c \
	tests/unit-source.c \
	tests/unit-stream.c \
	tests/unit-units.c

shell_tests = \
	tests/a-bad-medium-is-an-error.sh \
	tests/a-copy-has-the-same-content.sh \
	tests/a-failing-call-is-mended-or-told.sh \
	tests/a-full-disk-leaves-no-new-file.sh \
	tests/a-hugetlbfs-file-is-rounded-up.sh \
	tests/a-killed-worker-costs-no-byte.sh \
	tests/a-moving-source-is-reported.sh \
	tests/a-neighbour-cannot-divert-a-copy.sh \
	tests/a-new-file-has-no-wider-mode.sh \
	tests/a-refused-way-leads-to-the-next.sh \
	tests/a-small-file-in-a-tree-costs-few-calls.sh \
	tests/a-sparse-file-beyond-2-gib-is-whole.sh \
	tests/a-whole-file-replaces-an-old-one-atomically.sh \
	tests/an-existing-file-is-written-over-in-place.sh \
	tests/bad-usage-is-one-line-and-a-hint.sh \
	tests/data-that-is-not-on-disk-yet-is-copied.sh \
	tests/errors-are-told-and-counted.sh \
	tests/every-option-is-in-the-manual.sh \
	tests/every-test-is-run.sh \
	tests/fsync-reaches-the-device-or-says-so.sh \
	tests/help-and-version-go-to-stdout.sh \
	tests/holes-are-kept-and-not-filled-in.sh \
	tests/killing-the-parent-leaves-no-partial-file.sh \
	tests/memory-does-not-grow-with-the-file.sh \
	tests/names-are-quoted-as-cp-quotes-them.sh \
	tests/no-descriptor-and-no-memory-is-lost.sh \
	tests/odd-beginnings-end-well.sh \
	tests/one-file-by-any-name-is-refused.sh \
	tests/operands-mean-what-they-mean-to-cp.sh \
	tests/signals-leave-nothing-behind.sh \
	tests/small-limits-are-lived-with.sh \
	tests/special-files-are-read-to-their-end.sh \
	tests/stopping-stops-the-workers-too.sh \
	tests/workers-are-as-many-as-processors.sh
