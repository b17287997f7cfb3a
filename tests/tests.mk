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
	tests/a-moving-source-is-reported.sh \
	tests/a-neighbour-cannot-divert-a-copy.sh \
	tests/a-whole-file-replaces-an-old-one-atomically.sh \
	tests/signals-leave-nothing-behind.sh \
	tests/killing-the-parent-leaves-no-partial-file.sh \
	tests/memory-does-not-grow-with-the-file.sh \
	tests/small-limits-are-lived-with.sh \
	tests/stopping-stops-the-workers-too.sh \
	tests/no-descriptor-and-no-memory-is-lost.sh \
	tests/fsync-reaches-the-device-or-says-so.sh \
	tests/data-that-is-not-on-disk-yet-is-copied.sh \
	tests/a-failing-call-is-mended-or-told.sh \
	tests/bad-usage-is-one-line-and-a-hint.sh
