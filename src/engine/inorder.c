/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inorder.c: find the data and the holes of a file, in order, and let the engine move the
   data.  */
#include "config.h"

#include "engine/inorder.h"

#include <errno.h>

#include "base/fs.h"
#include "engine/allocate.h"
#include "engine/extent.h"
#include "engine/hugetlb.h"

/* Allocate blocks of zeros for [FROM, END), a hole of the source, or write zeros.  */
static int
fill_hole(struct sequential *s, off_t from, off_t end)
{
	if (from >= end || allocate_fill(s->dest, from, end, s->error) == 0)
		return 0;
	return s->error->step == ERROR_REFUSED && s->fill(s, from, end) >= 0 ? 0 : -1;
}

/* Fill or leave [FROM, END), a hole of the source, as planned.  */
static int
pass_hole(struct sequential *s, off_t from, off_t end)
{
	return s->sparse->holes == HOLES_FILLED && s->dest->form != DEST_SPECIAL
		? fill_hole(s, from, end) : sequential_leave_hole(s, from, end);
}

/* Return whether to look for holes.  One that isn't looked for is copied as zeros.  */
static bool
may_have_holes(const struct sequential *s)
{
	const struct stat *const st = &s->source->st;

	return st->st_size >= EXTENT_LOOK_FROM || extent_lacks_blocks(st);
}

/* Find the next data at or after AT; all counts as data if holes can't be kept.  Return
   as extent_next.  */
static int
next_data(const struct sequential *s, off_t at, struct extent *data)
{
	const off_t size = s->source->st.st_size;

	if (s->dest->form != DEST_SPECIAL && s->sparse->holes != HOLES_READ
	    && may_have_holes(s))
		return extent_next(s->source->fd, at, size, data);
	return extent_all(s->source->fd, at, size, data);
}

/* Move DATA up to what an earlier run has copied, and pass that.  Return the offset
   reached, or -1 with an error.  */
static off_t
move_data(struct sequential *s, const struct extent *data)
{
	const uint64_t end = blockhash_next_resumed(s->transfer->hashes,
						    (uint64_t) data->start,
						    (uint64_t) data->end);
	const off_t at = end > (uint64_t) data->start
		? s->move(s, data->start, (off_t) end) : data->start;

	return at < 0 || s->ended ? at : sequential_pass_resumed(s, at);
}

/* Copy a regular file that has a size.  Return the size that it turned out to have, or -1
   with an error.  */
static off_t
copy_sized(struct sequential *s)
{
	const off_t size = s->source->st.st_size;
	off_t at = sequential_pass_resumed(s, s->dest->whole);
	struct extent data;
	int found;

	while (!s->ended && (found = next_data(s, at, &data)) != 0) {
		if (found < 0)
			return error_set(s->error, ERROR_READ, errno);
		if (pass_hole(s, at, data.start) < 0)
			return -1;
		at = s->ended ? s->dest->whole : move_data(s, &data);
		if (at < 0)
			return -1;
	}
	if (s->ended)
		return at;
	if (at < size && pass_hole(s, at, size) < 0)
		return -1;
	if (s->ended)
		return s->dest->whole;
	return s->to_end ? sequential_read_past(s, size) : size;
}

/* Learn whether DEST is on hugetlbfs.  */
static bool
is_on_hugetlbfs(struct dest_file *dest)
{
	dest->huge_page = fs_huge_page(dest->fd, dest->device);
	return dest->huge_page != 0;
}

/* Copy a file that has no size, or none that is known: read until end of file.  */
static off_t
copy_sizeless(struct sequential *s)
{
	return s->dest->form != DEST_SPECIAL && is_on_hugetlbfs(s->dest)
		? hugetlb_read(s) : sequential_read_write(s, 0, -1);
}

int
inorder_copy(struct sequential *s)
{
	const bool huge = s->dest->huge_page != 0;
	const bool sized = sequential_is_sized(s);
	off_t size = !sized ? copy_sizeless(s) : huge ? hugetlb_read(s) : copy_sized(s);

	/* For a small file it wasn't asked whether it is on hugetlbfs.  */
	if (size < 0 && s->error->step == ERROR_WRITE && s->error->err == EINVAL && sized
	    && !s->reads && !huge && is_on_hugetlbfs(s->dest))
		size = hugetlb_read(s);
	return sequential_finish(s, size);
}
