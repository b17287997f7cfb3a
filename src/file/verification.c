/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verification.c: --verify.  A copy from its device is read by O_DIRECT, and where there
   is no such thing, after its pages were dropped.  A clone needs none of that.  */
#include "config.h"

#include "file/verification.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/fs.h"
#include "base/totals.h"
#include "engine/extent.h"
#include "engine/salvage.h"
#include "engine/verify.h"
#include "file/copystate.h"
#include "file/resumption.h"

/* From this size on the device is asked to write what it has itself in memory.  For each
   small file that would take longer than all the rest.  */
#define FLUSH_MIN ((off_t) 1 << 20)

/* A device is kept busy by so many processes.  */
enum { STREAMS = 4 };

/* ---- before ---- */

static bool
is_wanted(const struct copy *copy)
{
	return copy->policy->plan.verify != VERIFY_NEVER
		&& !copy->policy->attributes_only;
}

static bool
can_be_read_back(mode_t mode)
{
	return S_ISREG(mode) || S_ISBLK(mode);
}

int
verification_admit(struct copy *copy)
{
	const struct copy_order *const order = copy->order;
	const bool written = order->dest != NULL && !order->backup
		&& !order->remove_destination && !copy->outcome->removed;

	/* A directory can't be written either, which is said when it is opened.  */
	return is_wanted(copy) && written && !S_ISLNK(order->dest->st_mode)
		&& !S_ISDIR(order->dest->st_mode)
		&& !can_be_read_back(order->dest->st_mode)
		? error_set(&copy->outcome->error, ERROR_VERIFY_KIND, 0) : 0;
}

/* Open the copy once more, to be read as is wanted or, where that is impossible, through
   the page cache.  Return a descriptor, or -1 with errno.  */
static int
open_reader(const struct copy *copy)
{
	const struct dest_file *const file = &copy->dest.file;
	int fd = -1;

	if (copy->policy->plan.verify == VERIFY_DEVICE)
		fd = dest_open_again(&copy->dest, O_RDONLY | O_DIRECT);
	if (fd < 0)
		fd = dest_open_again(&copy->dest, O_RDONLY);
	/* Where there is no /proc, only a new file with its name can be opened again.  */
	return fd < 0 && file->readable ? fcntl(file->fd, F_DUPFD_CLOEXEC, 0) : fd;
}

int
verification_begin(struct copy *copy)
{
	struct verification *const verification = &copy->verification;
	struct error *const error = &copy->outcome->error;
	const struct dest_file *const file = &copy->dest.file;
	const bool unsized = copy_is_stream(copy);

	verification_end(copy);		/* of an attempt before */
	if (!is_wanted(copy))
		return 0;
	if (file->form == DEST_SPECIAL && !can_be_read_back(file->st.st_mode))
		return error_set(error, ERROR_VERIFY_KIND, 0);
	verification->reader = open_reader(copy);
	if (verification->reader < 0)
		return error_set(error, ERROR_VERIFY_READ, errno);
	/* What has offsets can be read again instead.  */
	if (blockhash_open(&verification->hashes, (uint64_t) copy->source->st.st_size,
			   unsized) < 0 && unsized)
		return error_set(error, ERROR_MEMORY, errno);
	return 0;
}

void
verification_end(struct copy *copy)
{
	struct verification *const verification = &copy->verification;

	if (verification->reader < 0)
		return;
	close(verification->reader);
	verification->reader = -1;
	blockhash_close(&verification->hashes);
}

/* ---- after ---- */

/* Have the copy written to its device, and dropped from memory.  Return 0, or -1 with an
   ERROR.  */
static int
settle(struct copy *copy, struct error *error)
{
	struct dest *const dest = &copy->dest;
	const int reader = copy->verification.reader;
	const bool direct = (fcntl(reader, F_GETFL) & O_DIRECT) != 0;

	if (copy->policy->plan.verify != VERIFY_DEVICE)
		return 0;
	if (direct && dest->file.whole < FLUSH_MIN && dest->file.form != DEST_SPECIAL)
		sync_file_range(dest->file.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	else if (dest_flush(dest, false, error) < 0)
		return -1;
	posix_fadvise(reader, 0, 0, POSIX_FADV_DONTNEED);
	return 0;
}

/* Return how many processes are to read the copy.  */
static unsigned
jobs_for(const struct copy *copy)
{
	const struct plan_policy *const policy = &copy->policy->plan;

	if (!policy_is_large(copy->dest.file.whole, policy))
		return 1;
	if (policy->jobs != 0)
		return policy->jobs < WORKERS_MAX ? policy->jobs : WORKERS_MAX;
	const unsigned cpus = cpus_usable();	/* reads some files */
	return policy->verify == VERIFY_DEVICE && cpus < STREAMS ? STREAMS : cpus;
}

/* Return whether the source can be read again from any offset.  */
static bool
is_rereadable(const struct source *source)
{
	return can_be_read_back(source->st.st_mode)
		&& lseek(source->fd, 0, SEEK_CUR) >= 0;
}

/* Return whether what is a hole of source and copy needs no reading.  */
static bool
trusts_holes(const struct copy *copy)
{
	const struct source *const source = copy->source;
	const int reader = copy->verification.reader;
	struct stat there;

	return copy->dest.file.whole >= EXTENT_LOOK_FROM
		&& S_ISREG(source->st.st_mode) && fstat(reader, &there) == 0
		&& S_ISREG(there.st_mode) && extent_lacks_blocks(&there)
		&& !fs_hides_delayed(source->fd, source->st.st_dev)
		&& !fs_hides_delayed(reader, there.st_dev);
}

/* The copy differs, as VERIFY found.  Set the error, and leave of an old file what is
   right.  Return -1.  */
static int
differs(struct copy *copy, const struct verify_job *verify)
{
	const struct source *const source = copy->source;
	struct error *const error = &copy->outcome->error;
	const off_t first = (off_t) verify->first;
	struct stat now;

	copy->dest.file.whole = first;
	if (S_ISREG(source->st.st_mode) && source_stat(source, &now, error) == 0
	    && !source_is_same(&source->st, &now))
		return error_set_at(error, ERROR_VERIFY_CHANGED, 0, first);
	error_set_at(error, verify->differing > 0 ? ERROR_VERIFY : ERROR_VERIFY_BLOCK, 0,
		     first);
	error->bytes = verify->differing;
	return -1;
}

/* The copy can't be read by O_DIRECT, though it could be opened so (FUSE): open it
   without.  Return 0, or -1 if it was.  */
static int
stop_direct(struct copy *copy)
{
	int *const reader = &copy->verification.reader;
	const bool direct = (fcntl(*reader, F_GETFL) & O_DIRECT) != 0;
	const int fd = direct ? dest_open_again(&copy->dest, O_RDONLY) : -1;

	if (fd < 0)
		return -1;
	close(*reader);
	*reader = fd;
	return posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

/* Read the copy and compare it.  Return 0, or -1 with an error.  */
static int
compare(struct copy *copy)
{
	struct verification *const verification = &copy->verification;
	struct copy_outcome *const outcome = copy->outcome;
	struct dest *const dest = &copy->dest;
	resumption_give_hashes(copy, &verification->hashes);
	/* What was copied again, as the source changed, wasn't hashed again.  */
	const bool hashed = verification->hashes.complete
		&& counts_get(&outcome->copied.counts, COUNT_ROUNDS) == 0;
	struct verify_job verify = {
		.source = is_rereadable(copy->source) ? copy->source->fd : -1,
		.copy = verification->reader, .size = (uint64_t) dest->file.whole,
		.hashes = hashed ? &verification->hashes : NULL,
		.holes = trusts_holes(copy), .jobs = jobs_for(copy),
		.drop = copy->policy->plan.nocache || copy->policy->plan.direct,
	};

	if (!hashed && verify.source < 0)
		return error_set(&outcome->error, ERROR_VERIFY_CHANGED, 0);
	int ret = verify_compare(&verify, &outcome->error);
	if (ret < 0 && outcome->error.step == ERROR_VERIFY_READ
	    && outcome->error.err == EINVAL && stop_direct(copy) == 0) {
		verify.copy = verification->reader;
		ret = verify_compare(&verify, &outcome->error);
	}
	outcome->hashed = hashed;
	if (ret < 0 && outcome->error.at >= 0 && outcome->error.at < dest->file.whole)
		dest->file.whole = outcome->error.at;
	return ret > 0 ? differs(copy, &verify) : ret;
}

int
verification_run(struct copy *copy)
{
	struct copy_outcome *const outcome = copy->outcome;
	const bool shared = plan_is(&outcome->plan, ENGINE_REFLINK);
	const uint64_t begun = clock_now();

	if (copy->verification.reader < 0)
		return 0;
	const bool right = shared
		|| (settle(copy, &outcome->error) == 0 && compare(copy) == 0);
	totals_add(COUNT_VERIFYING, clock_now() - begun);
	if (!right) {
		copy->dest.streams = false;	/* What has come isn't kept.  */
		return -1;
	}
	outcome->verified = shared ? VERIFIED_SHARED
		: copy->policy->plan.verify == VERIFY_READ ? VERIFIED_CACHED
		: (fcntl(copy->verification.reader, F_GETFL) & O_DIRECT) != 0
		? VERIFIED_DIRECT : VERIFIED_DROPPED;
	counts_set(&outcome->copied.counts, COUNT_VERIFIED,
		   (uint64_t) copy->dest.file.whole);
	return 0;
}

int
verification_run_partial(struct copy *copy, const struct missing *missing,
	struct error *error)
{
	if (copy->verification.reader < 0)
		return 0;
	int ret = settle(copy, error);
	if (ret == 0)
		ret = salvage_compare(copy->source, copy->verification.reader, missing,
				      error);
	if (ret < 0 && error->step == ERROR_VERIFY_READ && error->err == EINVAL
	    && stop_direct(copy) == 0)
		ret = salvage_compare(copy->source, copy->verification.reader, missing,
				      error);
	if (ret < 0)
		copy->dest.streams = false;
	return ret;
}
