/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy.c: carry one job from open to its final name.  Whatever can fail fails before
   dest_commit, and then nothing new has the final name.  The only file that knows the
   order, and that speaks about a copy.  */
#include "config.h"

#include "copy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "cpus.h"
#include "fault.h"
#include "mapcopy.h"
#include "msg.h"
#include "quote.h"
#include "source.h"
#include "space.h"
#include "stream.h"
#include "sys.h"
#include "tally.h"
#include "units.h"

/* ---- what is said ---- */

/* For the end of a message: that an old file was CUT to so many bytes; -1: it wasn't.  */
static const char *
cut_short(off_t cut)
{
	static char text[80];

	snprintf(text, sizeof text, " (cut to the %jd bytes that are whole)", (intmax_t) cut);
	return cut >= 0 ? text : "";
}

/* The one line about FAULT.  */
static void
report(const struct job *job, const struct fault *fault, off_t cut)
{
	const char *const words = fault_words(fault->step);
	const char *const reason = fault->err != 0 ? strerror(fault->err) : "";
	const char *const colon = fault->err != 0 ? ": " : "";
	const char *const source = quote(job->source_name);
	const char *const dest = quote(job->dest_name);
	char *text = NULL;
	int ret = 0;

	switch (fault_about(fault->step)) {
	case ABOUT_NOTHING:
		return;
	case ABOUT_SOURCE:
		ret = asprintf(&text, words, source);
		break;
	case ABOUT_DEST:
		ret = asprintf(&text, words, dest);
		break;
	case ABOUT_BOTH:
		ret = asprintf(&text, words, source, dest);
		break;
	}
	msg_error(0, "%s%s%s%s", ret < 0 ? words : text, colon, reason, cut_short(cut));
	if (ret >= 0)
		free(text);
}

/* An engine asked for by name can't serve, and why.  */
static void
report_engine(const struct job *job, enum engine engine, const char *why, off_t cut)
{
	msg_error(0, "cannot copy %s to %s with --engine=%s: %s%s", quote(job->source_name),
		  quote(job->dest_name), plan_engine_name(engine), why, cut_short(cut));
}

static void
announce(const struct copier *copier, const struct job *job)
{
	if (copier->policy.verbose)
		msg_say("%s -> %s", quote(job->source_name), quote(job->dest_name));
}

/* --debug's line: the way it went, who moved how much, and why not a faster way.  */
static void
explain(const struct plan *plan, const struct tally *tally)
{
	enum { SHOWN = 16 };		/* of more workers, a line shows no more */
	char moved[SHOWN * 24] = "";
	char size[32];
	int used = 0;

	for (unsigned i = 0; i < tally->workers && i < SHOWN; i++)
		used += sprintf(moved + used, "%s %.0f%%%s", i > 0 ? "," : "",
				100.0 * (double) tally->moved[i]
				/ (double) (tally->copied != 0 ? tally->copied : 1),
				tally->by_kernel == 0 ? "" : i == 0 ? " (kernel)" : " (mmap)");
	const char *const because = plan->why != NULL ? ", because: " : "";
	const char *const why = plan->why != NULL ? plan->why : "";
	if (plan->method == METHOD_MAP)
		msg_say("engine: mmap, workers: %u, chunk size: %s, moved:%s%s%s%s",
			tally->workers, units_format_size(plan->chunk, size, sizeof size), moved,
			tally->workers > SHOWN ? " ..." : "", because, why);
	else
		msg_say("engine: %s%s%s", plan_method_name(plan->method), because, why);
}

/* ---- what is moved ---- */

/* Whether to reserve blocks before they are written: a gain where it saves an allocation
   at each page fault (ext4, xfs), a loss on tmpfs, where it zeroes every page first, and
   no promise on file systems that write elsewhere each time.  */
static bool
reserving_pays(int fd)
{
	enum { TMPFS = 0x01021994, BTRFS = (int) 0x9123683e, ZFS = 0x2fc12fc1 };
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return false;
	return (int) fs.f_type != TMPFS && (int) fs.f_type != BTRFS && (int) fs.f_type != ZFS;
}

/* Ask the kernel what plan_choose wants to know.  */
static struct plan
make_plan(const struct plan_policy *policy, const struct source *source, struct dest *dest)
{
	const bool cpus = plan_wants_cpus(source->st.st_size, policy);
	const bool large = cpus || plan_hides(true, source->st.st_size, policy);

	if (large && dest->form != DEST_SPECIAL)
		dest->huge_page = sys_hugetlb_page(dest->fd);
	const struct plan_facts facts = {
		.source_regular = S_ISREG(source->st.st_mode),
		.dest_regular = dest->form != DEST_SPECIAL,
		.dest_readable = dest->readable,
		.in_place = dest->form == DEST_IN_PLACE,
		.size = source->st.st_size,
		.page = dest->huge_page != 0 ? dest->huge_page : sys_page_size(),
		.only_mapped = dest->huge_page != 0,
		.reserves = large && dest->huge_page == 0 && reserving_pays(dest->fd),
		.cpus = cpus ? cpus_usable() : 1,
	};
	return plan_choose(&facts, policy);
}

/* Have the file system share the source's blocks.  */
static int
clone_whole(const struct source *source, struct dest *dest, struct tally *tally,
	struct fault *fault)
{
	struct stat now;

	if (sys_clone(dest->fd, source->fd) < 0) {
		const int err = errno;
		/* A disk that is full may be found out halfway; then the ctime has moved.  */
		if (fault_is_final(err))
			dest->touched = fstat(dest->fd, &now) < 0
				|| now.st_ctim.tv_sec != dest->st.st_ctim.tv_sec
				|| now.st_ctim.tv_nsec != dest->st.st_ctim.tv_nsec;
		return fault_set(fault, fault_is_final(err) ? FAULT_CLONE : FAULT_REFUSED, err);
	}
	dest->touched = true;
	dest->whole = source->st.st_size;
	tally->cloned += (uint64_t) source->st.st_size;
	if (dest->form == DEST_IN_PLACE && dest->st.st_size > source->st.st_size)
		return space_resize(dest, source->st.st_size, fault);
	return 0;
}

static int
move_one_way(const struct plan *plan, const struct source *source, struct dest *dest,
	bool sync, struct tally *tally, struct fault *fault)
{
	switch (plan->method) {
	case METHOD_CLONE:
		return clone_whole(source, dest, tally, fault);
	case METHOD_MAP:
		return mapcopy(plan, source, dest, sync, tally, fault);
	case METHOD_KERNEL:
		return stream_copy(source, dest, true, tally, fault);
	case METHOD_STREAM:
	case METHODS:
		break;
	}
	return stream_copy(source, dest, false, tally, fault);
}

/* Move the bytes the planned way; where that is refused, the next way.  */
static int
move_bytes(struct plan *plan, const struct source *source, struct dest *dest, bool sync,
	struct tally *tally, struct fault *fault)
{
	static char why[128];
	int ret;

	if (plan->impossible != NULL)
		return fault_set(fault, FAULT_ENGINE, 0);
	while ((ret = move_one_way(plan, source, dest, sync, tally, fault)) < 0
	       && fault->step == FAULT_REFUSED) {
		if (plan->exact) {
			fault->step = FAULT_ENGINE;
			plan->impossible = strerror(fault->err);
			return -1;
		}
		snprintf(why, sizeof why, "%s: %s",
			 plan->method == METHOD_MAP ? "mapping by workers" : "copy_file_range",
			 strerror(fault->err));
		plan_fall_back(plan, why);
	}
	if (ret == 0 && plan->empty && tally->copied > 0) {
		plan->impossible = "the source has content but no size";
		return fault_set(fault, FAULT_ENGINE, 0);
	}
	return ret;
}

/* ---- one job ---- */

/* Copied into one directory, one source after the other: a source given twice is
   copied once.  */
static bool
given_twice(const struct copier *copier, const struct job *job, const struct stat *st)
{
	if (copier->sources == NULL)
		return false;
	if (seen_has(copier->sources, st, job->source_name)) {
		msg_warning("source file %s specified more than once", quote(job->source_name));
		return true;
	}
	/* Without memory for it a second copy is refused as just created, and so safe.  */
	seen_add(copier->sources, st, job->source_name);
	return false;
}

/* What stands under the destination's name was made by this very run.  */
static bool
just_created(const struct copier *copier, const struct job *job, const struct dest *dest)
{
	return copier->created != NULL && dest->exists
		&& seen_has(copier->created, &dest->st, job->dest);
}

/* Open the destination; with -f, what can't be opened is removed first.  */
static int
open_dest(const struct copier *copier, const struct job *job, const struct source *source,
	struct dest *dest, struct fault *fault)
{
	const struct copy_policy *const policy = &copier->policy;
	const bool atomic = policy->dest.atomic;
	const bool hide = atomic || plan_hides(S_ISREG(source->st.st_mode), source->st.st_size,
					       &policy->plan);

	if (dest_open(dest, job, source->st.st_mode, hide, atomic, fault) == 0)
		return 0;
	if (!policy->dest.force || atomic || !dest->exists || fault->step != FAULT_CREATE)
		return -1;
	if (dest_remove(dest, job, fault) < 0)
		return -1;
	if (policy->verbose)
		msg_say("removed %s", quote(job->dest_name));
	return dest_open(dest, job, source->st.st_mode, hide, atomic, fault);
}

/* With --remove-destination: gone before anything is opened, but not before the source
   is.  */
static int
remove_first(const struct copier *copier, const struct job *job, struct dest *dest,
	struct fault *fault)
{
	if (dest->exists) {
		if (dest_remove(dest, job, fault) < 0)
			return -1;
		if (copier->policy.verbose)
			msg_say("removed %s", quote(job->dest_name));
	}
	announce(copier, job);
	return 0;
}

/* Remember what there is now.  */
static int
remember(struct copier *copier, const struct job *job, const struct dest *dest,
	struct fault *fault)
{
	struct stat made;

	if (copier->created == NULL)
		return 0;
	if (fstat(dest->fd, &made) < 0)
		return fault_set(fault, FAULT_STAT_DEST, errno);
	if (seen_add(copier->created, &made, job->dest) < 0)
		return fault_set(fault, FAULT_MEMORY, errno);
	return 0;
}

static void
warn_of_huge_pages(const struct job *job, const struct source *source, const struct dest *dest)
{
	struct stat st;

	if (dest->huge_page != 0 && fstat(dest->fd, &st) == 0
	    && st.st_size != source->st.st_size)
		msg_warning("the size of %s is rounded up to whole huge pages, %jd bytes",
			    quote(job->dest_name), (intmax_t) st.st_size);
}

/* A mapped page of a file that was truncated reads as zeros after the file's end, and so
   no more is whole than the source still has.  */
static void
trim_whole(const struct source *source, struct dest *dest)
{
	struct stat now;

	if (source->fd >= 0 && S_ISREG(source->st.st_mode) && source->st.st_size > 0
	    && fstat(source->fd, &now) == 0 && now.st_size < dest->whole)
		dest->whole = now.st_size;
}

int
copy_job(struct copier *copier, const struct job *job)
{
	const struct copy_policy *const policy = &copier->policy;
	struct fault fault = FAULT_NONE;
	struct source source = SOURCE_CLOSED;
	struct dest dest = DEST_CLOSED;
	struct plan plan = { .method = METHOD_STREAM };
	struct tally tally = { .copied = 0 };
	int ret = -1;			/* Assume that something goes wrong.  */

	if (source_look(&source, job, &fault) < 0)
		goto out;
	if (given_twice(copier, job, &source.st)) {
		ret = 0;
		goto out;
	}
	if (dest_look(&dest, job, &source.st, &policy->dest, &fault) < 0)
		goto out;
	if (dest.exists && policy->dest.no_clobber) {
		ret = 0;
		goto out;
	}
	if (just_created(copier, job, &dest)) {
		fault_set(&fault, FAULT_JUST_CREATED, 0);
		goto out;
	}
	if (!policy->dest.remove)
		announce(copier, job);
	if (source_open(&source, job, &fault) < 0)
		goto out;
	if (policy->dest.remove && remove_first(copier, job, &dest, &fault) < 0)
		goto out;
	if (open_dest(copier, job, &source, &dest, &fault) < 0)
		goto out;

	plan = make_plan(&policy->plan, &source, &dest);
	if (move_bytes(&plan, &source, &dest, policy->dest.fsync, &tally, &fault) < 0)
		goto out;
	if (source_unchanged(&source, &fault) < 0)
		goto out;
	if (dest_adopt(&dest, &fault) < 0)
		goto out;
	if (policy->dest.fsync && dest_flush(&dest, &fault) < 0)
		goto out;
	if (remember(copier, job, &dest, &fault) < 0)
		goto out;
	warn_of_huge_pages(job, &source, &dest);
	ret = dest_commit(&dest, policy->dest.fsync, &fault);
	if (ret == 0 && policy->debug)
		explain(&plan, &tally);
out:
	if (ret < 0)
		trim_whole(&source, &dest);
	const off_t cut = dest_close(&dest);
	if (ret < 0 && fault.step == FAULT_ENGINE)
		report_engine(job, policy->plan.engine, plan.impossible, cut);
	else if (ret < 0)
		report(job, &fault, cut);
	source_close(&source);
	return ret;
}
