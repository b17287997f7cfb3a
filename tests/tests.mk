# SPDX-License-Identifier: GPL-3.0-or-later
# The tests, by name; `make check' runs them all.

unit_sources = \
	tests/unit.c tests/unit.h

shell_tests = \
	tests/bad-usage-is-one-line-and-a-hint.sh
