/* SPDX-License-Identifier: GPL-3.0-or-later */
/* follow.c: files in use.  A round takes the source's status, brings the copy to its
   size, compares them, and copies again what differs.  If nothing differs, the copy is
   what the source was at one moment between taking the size and comparing: each byte was
   the same before that moment and after it, whatever was appended since.  If the status
   is the same at the end of the round, the copy is what the source is.  */
#include "config.h"

#include "file/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/fs.h"
#include "base/ratelimit.h"
#include "base/signals.h"
#include "base/totals.h"
#include "engine/compare.h"
#include "engine/extent.h"
#include "engine/zeros.h"
#include "file/journalfile.h"

enum { ROUNDS = 3 };

struct follow {
	struct source *source;
	struct dest *dest;
	struct counts *counts;
	struct error *error;
	bool sparse;		/* zeros become holes */
	bool keep_holes;	/* holes stay holes */
	bool trust_holes;	/* SEEK_DATA knows the holes of both files */
	bool reads_in_order;	/* the source can't seek (FUSE) */
	bool writes_in_order;	/* the copy can't seek: a pipe, a device, FUSE */
	struct compare compare;
};

static char buffer[64 * 1024];

/* ---- the size ---- */

/* Write LEN bytes at AT, or at the present position of a copy that can't seek.  Return 0,
   or -1 with an error.  */
static int
write_all(struct follow *follow, const char *bytes, size_t len, off_t at)
{
	const struct dest *const dest = follow->dest;

	while (len > 0) {
		const ssize_t n = follow->writes_in_order
			? write(dest->file.fd, bytes, len)
			: pwrite(dest->file.fd, bytes, len, at);
		if (signals_fatal() != 0)
			return error_set(follow->error, ERROR_INTERRUPTED, EINTR);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set_at(follow->error, ERROR_WRITE, n == 0 ? EIO
					    : errno, at);
		bytes += n;
		len -= (size_t) n;
		at += n;
	}
	return 0;
}

/* The same, but leave holes for blocks of zeros, if that is wanted: nothing was there
   yet.  */
static int
write_data(struct follow *follow, const char *bytes, size_t len, off_t at)
{
	while (len > 0) {
		bool zeros = false;
		const size_t run = follow->sparse ? zeros_run(bytes, len, at, &zeros)
			: len;
		if (!zeros && write_all(follow, bytes, run, at) < 0)
			return -1;
		bytes += run;
		at += (off_t) run;
		len -= run;
	}
	return 0;
}

/* Copy the source's data in [AT, END).  Return the offset reached, which is less than END
   if the source ended; or -1 with an error.  */
static off_t
append_data(struct follow *follow, off_t at, off_t end)
{
	while (at < end) {
		const size_t len = end - at < (off_t) sizeof buffer ? (size_t) (end - at)
			: sizeof buffer;
		const size_t piece = ratelimit_piece(len);
		if (signals_fatal() != 0)
			return error_set(follow->error, ERROR_INTERRUPTED, EINTR);
		const ssize_t n = follow->reads_in_order
			? read(follow->source->fd, buffer, piece)
			: descriptor_read(follow->source->fd, buffer, piece, at);
		if (n < 0)
			return error_set_at(follow->error, ERROR_READ, errno, at);
		if (n == 0)
			break;
		if (write_data(follow, buffer, (size_t) n, at) < 0)
			return -1;
		at += n;
		totals_moved(follow->counts, COUNT_READ_WRITE, (uint64_t) n);
	}
	return at;
}

/* Append what the source has in [HAVE, SIZE).  Return 0, or -1 with an error.  */
static int
append(struct follow *follow, off_t have, off_t size)
{
	int (*const next)(int, off_t, off_t, struct extent *) = follow->trust_holes
		&& follow->keep_holes
		? extent_next : extent_all;
	struct extent data = { .end = have };
	int found;

	while ((found = next(follow->source->fd, data.end, size, &data)) != 0) {
		if (found < 0)
			return error_set(follow->error, ERROR_READ, errno);
		const off_t reached = append_data(follow, data.start, data.end);
		if (reached < 0)
			return -1;
		if (reached < data.end)
			break;
	}
	return 0;
}

/* Bring the copy from HAVE bytes to the source's size.  Return 0, or -1 with an
   error.  */
static int
follow_size(struct follow *follow, off_t have)
{
	struct dest *const dest = follow->dest;
	const off_t size = follow->source->st.st_size;
	struct stat now;

	dest->file.whole = have < size ? have : size;
	if (have < size && append(follow, have, size) < 0)
		return -1;
	if (dest->file.form != DEST_SPECIAL
	    && (fstat(dest->file.fd, &now) < 0 || now.st_size != size)
	    && ftruncate(dest->file.fd, size) < 0)
		return error_set(follow->error, ERROR_RESIZE, errno);
	dest->file.whole = size;
	return 0;
}

/* ---- a copy that can be compared ---- */

enum verdict { FAILED = -1, SETTLED, MOVED };

/* Do one round.  *DIFFERING is how many bytes were copied again.  */
static enum verdict
do_round(struct follow *follow, unsigned round, uint64_t *differing)
{
	struct compare *const compare = &follow->compare;
	struct source *const source = follow->source;
	struct stat now;

	if (fstat(follow->dest->file.fd, &now) < 0)
		return error_set(follow->error, ERROR_STAT_DEST, errno);
	if (source_stat(source, &source->st, follow->error) < 0
	    || follow_size(follow, now.st_size) < 0)
		return FAILED;
	compare_begin(compare, round, (uint64_t) source->st.st_size);
	/* What differed before is likely to differ again; if it does, the rest need not
	   be read.  A log that was truncated and is growing again is compared in
	   full.  */
	if (round > 1) {
		if (compare_pass(compare, COMPARE_DIFFERED, follow->error) < 0
		    || source_stat(source, &now, follow->error) < 0)
			return FAILED;
		*differing = compare_differing(compare);
		if (!source_is_same(&source->st, &now)
		    && (*differing > 0 || now.st_size <= source->st.st_size))
			return MOVED;
	}
	if (compare_pass(compare, COMPARE_OTHERS, follow->error) < 0)
		return FAILED;
	*differing = compare_differing(compare);
	const off_t end = (off_t) compare_end(compare);
	if (*differing == 0 && end == source->st.st_size)
		return SETTLED;
	if (source_stat(source, &now, follow->error) < 0)
		return FAILED;
	if (!source_is_same(&source->st, &now))
		return MOVED;
	/* The file ends where reading ends, even if its size says something else.  */
	if (end < source->st.st_size && ftruncate(follow->dest->file.fd, end) < 0)
		return error_set(follow->error, ERROR_RESIZE, errno);
	return SETTLED;
}

/* A round failed: the copy may be a mixture from the error's offset on.  */
static int
failed(const struct follow *follow)
{
	const off_t at = follow->error->at;

	if (follow->error->step != ERROR_REFUSED && at >= 0
	    && at < follow->dest->file.whole)
		follow->dest->file.whole = at;
	return -1;
}

/* Do rounds until the copy is of one moment, or a round doesn't halve what differs.  */
static int
do_rounds(struct follow *follow, struct followed *followed)
{
	uint64_t before = UINT64_MAX;
	uint64_t differing = 0;

	while (followed->rounds < ROUNDS) {
		followed->rounds++;
		const enum verdict verdict = do_round(follow, followed->rounds,
						      &differing);
		if (verdict == SETTLED)
			return 0;
		if (verdict == FAILED)
			return failed(follow);
		if (differing > before / 2)
			break;
		before = differing;
	}
	followed->in_motion = true;
	return 0;
}

/* ---- a copy that can't be compared ---- */

/* A pipe doesn't give its bytes back, nor does a file that is open only for writing.
   Copy what was appended; any other change is motion.  */
static int
follow_without_comparing(struct follow *follow, const struct stat *was,
	struct followed *followed)
{
	const struct stat *const is = &follow->source->st;
	const bool grows = follow->dest->file.huge_page == 0;	/* can be appended to */

	if (source_stat(follow->source, &follow->source->st, follow->error) < 0)
		return -1;
	followed->rounds = 1;
	followed->in_motion = is->st_size < was->st_size
		|| (is->st_size > was->st_size && !grows)
		|| (is->st_size == was->st_size
		    && !source_same_time(is->st_mtim, was->st_mtim));
	return grows ? follow_size(follow, follow->dest->file.whole) : 0;
}

/* ---- any ---- */

/* Return whether SOURCE is a file like those in /proc, whose size is 0 whatever its
   content.  */
static bool
is_sizeless(const struct source *source, const struct stat *now)
{
	return source->st.st_size == 0 && now->st_size == 0
		&& !fs_is_trusted(source->fd, source->st.st_dev);
}

static int
follow_by_comparing(const struct plan_policy *policy, struct follow *follow, int reader,
	struct followed *followed)
{
	struct compare *const compare = &follow->compare;

	*compare = (struct compare) {
		.source = follow->source->fd,
		.reader = reader, .writer = follow->dest->file.fd,
		.sparse = follow->keep_holes, .holes = follow->trust_holes,
		.jobs = compare_jobs(policy, follow->source->st.st_size),
	};
	if (compare_open(compare, (uint64_t) follow->source->st.st_size) < 0)
		return error_set(follow->error, ERROR_MEMORY, errno);
	const int ret = do_rounds(follow, followed);
	compare_close(compare);
	return ret;
}

int
follow_source(const struct plan_policy *policy, const struct plan *plan,
	struct source *source, struct dest *dest, struct counts *counts,
	struct followed *followed, struct error *error)
{
	struct follow follow = { .source = source, .dest = dest, .counts = counts,
				 .error = error,
				 .keep_holes = plan->sparse.holes == HOLES_KEPT };
	struct stat now, there;

	*followed = (struct followed) { .rounds = 0 };
	if (!S_ISREG(source->st.st_mode))
		return 0;
	if (source_stat(source, &now, error) < 0)
		return -1;
	if (source_is_same(&source->st, &now) || is_sizeless(source, &now))
		return 0;
	follow.reads_in_order = lseek(source->fd, 0, SEEK_CUR) < 0;
	follow.writes_in_order = dest->file.form == DEST_SPECIAL
		|| lseek(dest->file.fd, 0, SEEK_CUR) < 0;
	follow.sparse = plan->sparse.zeros && !follow.writes_in_order;
	const int reader = follow.reads_in_order || follow.writes_in_order ? -1
		: dest_open_reader(dest);
	follow.trust_holes = !follow.writes_in_order
		&& !fs_hides_delayed(source->fd, now.st_dev)
		&& fstat(dest->file.fd, &there) == 0
		&& !fs_hides_delayed(dest->file.fd, there.st_dev);
	const struct stat was = source->st;
	if (dest->journal != NULL && journalfile_spoil(dest->journal) < 0)
		return error_set(error, ERROR_FLUSH, errno);
	if (reader >= 0) {
		const int ret = follow_by_comparing(policy, &follow, reader, followed);
		if (reader != dest->file.fd)
			close(reader);
		/* In an object store, a file that is open for writing may not be readable
		   yet.  */
		if (ret == 0 || error->step != ERROR_REFUSED)
			return ret;
	}
	return follow_without_comparing(&follow, &was, followed);
}
