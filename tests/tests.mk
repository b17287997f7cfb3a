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
	tests/a-failing-call-is-mended-or-told.sh \
	tests/bad-usage-is-one-line-and-a-hint.sh
