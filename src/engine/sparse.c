/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse.c: decide what becomes of holes, and of blocks that are zeros.  */
#include "config.h"

#include "engine/sparse.h"

#include "engine/facts.h"

/* Return what is obeyed if WANTED was asked for.  A huge page has no holes; and holes
   that can't be located are found as zeros.  */
static enum sparse
obeyed(enum sparse wanted, const struct facts *facts)
{
	if (facts->only_mapped)
		return SPARSE_AUTO;
	return wanted == SPARSE_AUTO && facts->hidden_holes ? SPARSE_ALWAYS : wanted;
}

/* A file that has all its blocks keeps them, as with cp: they were reserved by somebody
   who will want them (disk images, downloads).  */
static enum holes
holes_of(enum sparse sparse, const struct facts *facts)
{
	if (sparse == SPARSE_NEVER)
		return HOLES_READ;
	if (sparse == SPARSE_ALWAYS || !facts->complete)
		return HOLES_KEPT;
	return facts->filled && !facts->one_piece ? HOLES_FILLED : HOLES_READ;
}

struct sparse_plan
sparse_decide(enum sparse wanted, const struct facts *facts)
{
	const enum sparse sparse = obeyed(wanted, facts);

	return (struct sparse_plan) {
		.holes = holes_of(sparse, facts),
		.zeros = sparse == SPARSE_ALWAYS,
		.expected = sparse == SPARSE_ALWAYS
			|| (sparse == SPARSE_AUTO && facts->holes),
		.filled = sparse == SPARSE_NEVER && facts->holes,
		.by_clone = sparse != SPARSE_NEVER,
		.by_kernel = sparse == SPARSE_AUTO,
	};
}
