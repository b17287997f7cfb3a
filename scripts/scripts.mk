# SPDX-License-Identifier: GPL-3.0-or-later
# scripts/: what checks, measures and shows mmcp.

EXTRA_DIST += \
	scripts/capture \
	scripts/check \
	scripts/check-cpus \
	scripts/check-filesystems \
	scripts/check-long.sh \
	scripts/check-packages.sh \
	scripts/check-selinux \
	scripts/check-software \
	scripts/check-stages.sh \
	doc/models/queue.pml \
	scripts/lib.sh \
	scripts/model \
	scripts/musl \
	scripts/packages.sh \
	scripts/quickstart \
	scripts/release \
	scripts/static \
	scripts/torture/__init__.py \
	scripts/torture/__main__.py \
	scripts/torture/files.py \
	scripts/torture/judgement.py \
	scripts/torture/places.py \
	scripts/torture/trees.py \
	scripts/torture/trouble.py

# ---- the benchmark ----

EXTRA_DIST += \
	scripts/bench/__init__.py \
	scripts/bench/__main__.py \
	scripts/bench/busy.py \
	scripts/bench/cells.py \
	scripts/bench/command_line.py \
	scripts/bench/comparison.py \
	scripts/bench/figures.py \
	scripts/bench/forest.py \
	scripts/bench/groups.py \
	scripts/bench/machine.py \
	scripts/bench/many.py \
	scripts/bench/memory.py \
	scripts/bench/messages.py \
	scripts/bench/names.py \
	scripts/bench/pictures.py \
	scripts/bench/places.py \
	scripts/bench/programs.py \
	scripts/bench/proofs.py \
	scripts/bench/ranks.py \
	scripts/bench/readme.py \
	scripts/bench/results.py \
	scripts/bench/rows.py \
	scripts/bench/scale.py \
	scripts/bench/shapes.py \
	scripts/bench/sizes.py \
	scripts/bench/sources.py \
	scripts/bench/subjects.py \
	scripts/bench/sweep.py \
	scripts/bench/tables.py \
	scripts/bench/timing.py \
	scripts/bench/tree.py \
	scripts/bench/trees.py \
	scripts/bench/treeshapes.py

# make limit: how fast memory is.  make ways: how else a file could be copied.
EXTRA_PROGRAMS = limit ways
limit_SOURCES = scripts/bench/limit.c
ways_SOURCES = scripts/bench/ways.c
ways_LDADD = libmmcp.a

# The whole table, of this build: make bench BENCH_OPTIONS='--disk DIR' adds cold caches.
BENCH_DIR = /dev/shm
BENCH_RESULTS = bench-results
BENCH_OPTIONS =
.PHONY: bench
bench: mmcp
	python3 $(srcdir)/scripts/bench --all --mmcp '$(abs_builddir)/mmcp' \
		--results '$(BENCH_RESULTS)' $(BENCH_OPTIONS) '$(BENCH_DIR)'
