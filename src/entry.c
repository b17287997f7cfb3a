/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entry.c: one name of a tree or of the command line, and cp's answer to it.  entry_do, at
   the end, has the order of the questions.  */
#include "config.h"

#include "entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "make.h"
#include "msg.h"
#include "quote.h"
#include "report.h"
#include "same.h"
#include "small.h"

static bool
is_operand(const struct entry *entry)
{
	return entry->dir == NULL;
}

/* Whether a symlink as source is copied as such.  */
static bool
as_is(const struct run *run, const struct entry *entry)
{
	return run->policy->deref == DEREF_NEVER
		|| (run->policy->deref == DEREF_OPERANDS && !is_operand(entry));
}

void
entry_announce(const struct run *run, struct entry *entry)
{
	if (run->policy->verbose && !entry->announced)
		report_copy(entry->job.source_name, entry->job.dest_name);
	entry->announced = true;
}

/* ---- the source ---- */

static enum entry_next
look_at_source(const struct run *run, struct entry *entry)
{
	const struct job *const job = &entry->job;
	const int flags = job->follow ? 0 : AT_SYMLINK_NOFOLLOW;

	if (fstatat(job->source_at, job->source, &entry->source, flags) < 0) {
		msg_error(errno, "cannot stat %s", quote(job->source_name));
		return ENTRY_FAILED;
	}
	if (S_ISDIR(entry->source.st_mode) && !run->policy->recursive) {
		msg_error(0, "-r not specified; omitting directory %s",
			  quote(job->source_name));
		return ENTRY_FAILED;
	}
	return ENTRY_CONTENT;
}

/* Copied into one directory, one source after the other: a source given twice is
   copied once.  */
static bool
given_twice(const struct run *run, const struct entry *entry)
{
	const char *const name = entry->job.source_name;

	if (!is_operand(entry) || entry->known || run->sources == NULL)
		return false;
	if (!S_ISDIR(entry->source.st_mode)
	    && seen_has_entry(run->sources, &entry->source, name)) {
		msg_warning("source file %s specified more than once", quote(name));
		return true;
	}
	/* Without memory for it a second copy is refused as just created, and so safe.  */
	seen_add(run->sources, &entry->source, name);
	return false;
}

/* ---- what stands there ---- */

/* Bytes are written through a symlink that stands there; everything else takes the
   symlink's place.  */
static bool
writes_through(const struct run *run, const struct entry *entry)
{
	const struct entry_policy *const policy = run->policy;
	const mode_t mode = entry->source.st_mode;

	if (policy->hard_link || policy->symbolic_link || policy->remove)
		return false;
	if (S_ISDIR(mode))
		return policy->keep_directory_symlink;
	return S_ISREG(mode) || (policy->as_regular && !S_ISLNK(mode));
}

/* See what stands under the destination's name, if anything may.  0, or -1 and it was
   said.  */
static int
look_at_dest(const struct run *run, struct entry *entry)
{
	const struct job *const job = &entry->job;
	struct stat target;

	entry->exists = entry->dest_is_link = false;
	if (entry->fresh)
		return 0;
	if (fstatat(job->dest_at, job->dest, &entry->dest, AT_SYMLINK_NOFOLLOW) == 0)
		entry->exists = true;
	else if (errno != ENOENT)
		goto cannot;
	if (!entry->exists || !S_ISLNK(entry->dest.st_mode) || !writes_through(run, entry))
		return 0;
	entry->dest_is_link = true;
	if (fstatat(job->dest_at, job->dest, &target, 0) == 0) {
		if (S_ISDIR(entry->source.st_mode) && !S_ISDIR(target.st_mode))
			return 0;
		entry->dest = target;
	} else if (errno == ENOENT) {
		entry->exists = S_ISDIR(entry->source.st_mode);
	} else if (errno != ELOOP || !run->copy->dest.force) {
		goto cannot;
	}
	return 0;
cannot:
	msg_error(errno, "cannot stat %s", quote(job->dest_name));
	return -1;
}

/* It is, or may be, the source itself.  */
static enum same
judge_same(const struct run *run, const struct entry *entry)
{
	const struct same_policy policy = {
		.as_is = as_is(run, entry), .hard_link = run->policy->hard_link,
		.symbolic_link = run->policy->symbolic_link, .remove = run->policy->remove,
	};

	return same_judge(&policy, &entry->job, &entry->source, &entry->dest);
}

/* What stands under the destination's name was made by this very run.  */
static bool
just_created(const struct run *run, const struct entry *entry, const struct stat *dest)
{
	return is_operand(entry) && run->created != NULL
		&& seen_has(run->created, dest, entry->job.dest);
}

/* Directories meet directories only.  */
static enum entry_next
judge_kinds(const struct run *run, const struct entry *entry)
{
	const char *const source = entry->job.source_name;
	const char *const dest = entry->job.dest_name;

	if (S_ISDIR(entry->source.st_mode) && !S_ISDIR(entry->dest.st_mode)) {
		msg_error(0, "cannot overwrite non-directory %s with directory %s",
			  quote(dest), quote(source));
		return ENTRY_FAILED;
	}
	/* A symlink to itself, with -f, is what judge_link_in_the_way is for.  */
	const bool loop = entry->dest_is_link && S_ISLNK(entry->dest.st_mode);
	if (!S_ISDIR(entry->dest.st_mode) && !loop && just_created(run, entry, &entry->dest)) {
		msg_error(0, "will not overwrite just-created %s with %s", quote(dest),
			  quote(source));
		return ENTRY_FAILED;
	}
	if (!S_ISDIR(entry->source.st_mode) && S_ISDIR(entry->dest.st_mode)) {
		msg_error(0, "cannot overwrite directory %s with non-directory %s",
			  quote(dest), quote(source));
		return ENTRY_FAILED;
	}
	return ENTRY_CONTENT;
}

/* Whether what stands there has to go first: because it was asked for, because other names
   of it are not to change with it, or because it can't be written over.  */
static bool
must_go(const struct run *run, const struct entry *entry)
{
	if (S_ISDIR(entry->dest.st_mode))
		return false;
	if (run->policy->remove)
		return true;
	/* With --atomic the new one takes its place instead.  */
	if (run->copy->dest.atomic && (S_ISREG(entry->source.st_mode)
				       || S_ISLNK(entry->source.st_mode)))
		return false;
	return !run->copy->no_content
		&& ((run->policy->keep_links && entry->dest.st_nlink > 1)
		    || (as_is(run, entry) && !S_ISREG(entry->source.st_mode)));
}

/* Whether what stands there can be what the source is to be copied onto.  */
static enum entry_next
judge_dest(const struct run *run, struct entry *entry)
{
	enum same same = SAME_GO_ON;

	if (!entry->exists)
		return ENTRY_CONTENT;
	if (!run->policy->no_clobber)
		same = judge_same(run, entry);
	if (same == SAME_REFUSED) {
		msg_error(0, "%s and %s are the same file", quote(entry->job.source_name),
			  quote(entry->job.dest_name));
		return ENTRY_FAILED;
	}
	if (!S_ISDIR(entry->source.st_mode) && run->policy->no_clobber)
		return ENTRY_DONE;
	if (same == SAME_NOTHING_TO_DO)
		return ENTRY_DONE;
	const enum entry_next next = judge_kinds(run, entry);
	if (next == ENTRY_CONTENT)
		entry->remove = must_go(run, entry);
	return next;
}

/* A symlink that this very run has made is no way to somewhere else.  */
static enum entry_next
judge_link_in_the_way(const struct run *run, const struct entry *entry)
{
	const struct job *const job = &entry->job;
	struct stat st;

	if (!is_operand(entry) || run->created == NULL || !(entry->dest_is_link || entry->exists)
	    || entry->remove)
		return ENTRY_CONTENT;
	if (fstatat(job->dest_at, job->dest, &st, AT_SYMLINK_NOFOLLOW) == 0
	    && S_ISLNK(st.st_mode) && just_created(run, entry, &st)) {
		msg_error(0, "will not copy %s through just-created symlink %s",
			  quote(job->source_name), quote(job->dest_name));
		return ENTRY_FAILED;
	}
	return ENTRY_CONTENT;
}

/* Take away what has to go.  Bytes come only when their source is open, and so for them it
   is done later.  */
static enum entry_next
remove_dest(const struct run *run, struct entry *entry)
{
	const struct job *const job = &entry->job;

	if (!entry->remove)
		return ENTRY_CONTENT;
	if (unlinkat(job->dest_at, job->dest, 0) < 0 && errno != ENOENT) {
		msg_error(errno, "cannot remove %s", quote(job->dest_name));
		return ENTRY_FAILED;
	}
	entry->remove = false;
	if (run->policy->verbose)
		report_removed(job->dest_name);
	return ENTRY_CONTENT;
}

/* ---- links to what was copied before ---- */

struct operand
entry_operand(const struct entry *entry)
{
	const struct job *const job = &entry->job;

	if (is_operand(entry))
		return (struct operand) { job->source_name, job->dest_name, job->dest, job->dest_at };
	const struct dir *const root = dir_root(entry->dir);
	return (struct operand) { root->source_root, root->dest_root, root->dest_path,
				  root->dest_base };
}

char *
entry_dest_path(const struct entry *entry)
{
	return is_operand(entry) ? strdup(entry->job.dest)
		: dir_dest_path(entry->dir, entry->job.dest);
}

static int
link_to_copy(const struct run *run, const struct entry *entry, const struct link *link)
{
	const struct job *const job = &entry->job;
	const char *name;
	const int at = links_open_parent(link, run->policy->keep_directory_symlink, &name);
	int ret = -1;

	if (at >= 0 || at == AT_FDCWD)
		ret = make_link(at, name, false, job->dest_at, job->dest, true);
	if (ret > 0 && run->policy->verbose)
		report_removed(job->dest_name);
	if (ret < 0)
		msg_error(errno, "cannot create hard link %s to %s", quote(job->dest_name),
			  quote(link->path));
	if (at >= 0 && at != link->base)
		close(at);
	return ret;
}

/* Whether other names of the source are to become names of one copy.  */
static bool
has_other_names(const struct run *run, const struct entry *entry)
{
	const struct entry_policy *const policy = run->policy;

	return policy->keep_links && !policy->hard_link
		&& (entry->source.st_nlink > 1 || policy->deref == DEREF_ALWAYS
		    || (policy->deref == DEREF_OPERANDS && is_operand(entry)));
}

/* If the source was copied under another name, make a link to that; else remember it.  */
static enum entry_next
keep_link(struct run *run, struct entry *entry)
{
	const dev_t dev = entry->source.st_dev;
	const ino_t ino = entry->source.st_ino;

	if (!has_other_names(run, entry))
		return ENTRY_CONTENT;
	struct link *const there = links_find(run->links, dev, ino);
	if (there != NULL && there->state == LINK_COMING) {
		entry->link = there;
		return ENTRY_LATER;
	}
	if (there != NULL) {
		const enum entry_next next = remove_dest(run, entry);
		if (next != ENTRY_CONTENT)
			return next;
		entry_announce(run, entry);
		return link_to_copy(run, entry, there) < 0 ? ENTRY_FAILED : ENTRY_DONE;
	}
	char *const path = entry_dest_path(entry);
	const struct operand operand = entry_operand(entry);
	if (path != NULL)
		entry->link = links_add(run->links, dev, ino, operand.base, path,
					strlen(operand.dest_path));
	free(path);
	if (entry->link != NULL)
		return ENTRY_CONTENT;
	msg_error(errno, "cannot copy %s", quote(entry->job.source_name));
	return ENTRY_FAILED;
}

/* ---- the order of it ---- */

static bool
is_content(const struct run *run, const struct entry *entry)
{
	const struct entry_policy *const policy = run->policy;
	const mode_t mode = entry->source.st_mode;

	return !policy->hard_link && !policy->symbolic_link
		&& (S_ISREG(mode) || (policy->as_regular && !S_ISLNK(mode)));
}

/* What is left to do with what isn't a directory.  */
static enum entry_next
do_file(struct run *run, struct entry *entry)
{
	const bool content = is_content(run, entry);
	enum entry_next next = content ? ENTRY_CONTENT : remove_dest(run, entry);

	if (next == ENTRY_CONTENT)
		next = keep_link(run, entry);
	if (next == ENTRY_CONTENT && !entry->remove)
		entry_announce(run, entry);
	if (next == ENTRY_CONTENT && !content)
		next = small_make(run, entry);
	if (next == ENTRY_FAILED && entry->link != NULL) {
		links_forget(run->links, entry->source.st_dev, entry->source.st_ino);
		entry->link = NULL;
	}
	return next;
}

enum entry_next
entry_do(struct run *run, struct entry *entry)
{
	enum entry_next next = look_at_source(run, entry);

	entry->link = NULL;
	entry->remove = false;
	if (next != ENTRY_CONTENT)
		return next;
	if (given_twice(run, entry))
		return ENTRY_DONE;
	if (look_at_dest(run, entry) < 0)
		return ENTRY_FAILED;
	next = judge_dest(run, entry);
	if (next == ENTRY_CONTENT)
		next = judge_link_in_the_way(run, entry);
	if (next != ENTRY_CONTENT)
		return next;
	return S_ISDIR(entry->source.st_mode) ? ENTRY_DIRECTORY : do_file(run, entry);
}

int
entry_remember(struct run *run, const struct entry *entry)
{
	struct stat st;

	if (!is_operand(entry) || run->created == NULL)
		return 0;
	if (fstatat(entry->job.dest_at, entry->job.dest, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (seen_add(run->created, &st, entry->job.dest) == 0)
		return 0;
	msg_error(errno, "cannot copy %s", quote(entry->job.source_name));
	return -1;
}

bool
entry_inherits(const struct run *run, const struct entry *entry)
{
	if (entry->dir != NULL)
		return entry->dir->inherits;
	return run->copy->meta.mode || run->copy->meta.default_mode;
}

struct copy_order
entry_order(const struct run *run, const struct entry *entry)
{
	return (struct copy_order) {
		.job = entry->job,
		.source = &entry->source,
		.dest = entry->exists ? &entry->dest : NULL,
		.follow_dest = entry->dest_is_link,
		.remove_dest = entry->remove,
		.dangling = entry->dest_is_link && !entry->exists,
		.dest_device = entry->dir != NULL ? entry->dir->dest_st.st_dev : 0,
		.inherits = entry_inherits(run, entry),
		.sync_directory = is_operand(entry),
		.breaks_links = run->policy->keep_links,
	};
}
