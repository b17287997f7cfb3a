/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parents.c: mmcp --parents a/b/c DIR makes DIR/a and DIR/a/b like a and a/b.  If they
   are all there, they are left as they are; if one is missing, all get what is kept of
   their sources: cp's way.  */
#include "config.h"

#include "tree/parents.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "file/finish.h"
#include "file/mode.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"

struct parent {
	struct parent *above;
	int source, dest;	/* O_PATH descriptors, or -1; open only while in use,
				   because there may be more parents than descriptors */
	int at;			/* the directory that path is relative to */
	char *path;		/* of dest */
	bool has_source, has_dest;	/* they were opened successfully */
	struct stat source_st;
	struct stat dest_st;
	mode_t made;		/* its mode when we had made it; 0: it was there */
	char *source_name;
	char *dest_name;
};

static void
parent_close(struct parent *parent)
{
	if (parent->source >= 0)
		close(parent->source);
	if (parent->dest >= 0)
		close(parent->dest);
	parent->source = parent->dest = -1;
}

/* Open both sides again.  0, or -1 and it was said.  */
static int
parent_reopen(struct parent *parent)
{
	const int flags = O_PATH | O_DIRECTORY;

	parent->source = path_open_same(AT_FDCWD, parent->source_name, flags,
					&parent->source_st);
	if (parent->source >= 0)
		parent->dest = path_open_same(parent->at, parent->path, flags,
					      &parent->dest_st);
	if (parent->dest >= 0)
		return 0;
	report_cannot_get_attributes(parent->source < 0 ? parent->source_name
				     : parent->dest_name, errno);
	parent_close(parent);
	return -1;
}

static struct parent *
parent_free(struct parent *parent)
{
	struct parent *const above = parent->above;

	parent_close(parent);
	free(parent->path);
	free(parent->source_name);
	free(parent->dest_name);
	free(parent);
	return above;
}

/* Open what PARENT is to be like.  */
static int
look_at_source(struct parent *parent)
{
	parent->source = open(parent->source_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent->source >= 0 && fstat(parent->source, &parent->source_st) == 0)
		return 0;
	report_cannot_get_attributes(parent->source_name, errno);
	return -1;
}

/* Label what is made next as PARENT, PATH below AT, or what is there.  0, or -1 and it
   was said.  */
static int
label(const struct parent *parent, const struct session *session, int at,
	const char *path)
{
	const struct context_policy *const policy = &session->copy->meta.context;
	const struct pathpair pair = { .source_name = parent->source_name,
				 .dest_name = parent->dest_name };
	const struct context_source source = { .fd = parent->source, .path_only = true,
					       .mode = parent->source_st.st_mode };
	const struct context_target target = { .fd = parent->dest, .path_only = true };
	struct remarks remarks = { .count = 0 };
	struct error error = ERROR_NONE;

	if (!context_is_wanted(policy) || session->policy->dry_run)
		return 0;
	int ret = context_prepare(policy, &source, at, path, parent->dest < 0, &remarks,
				  &error);
	if (ret == 0 && parent->dest >= 0)
		ret = context_give(policy, &source, &target, &remarks, &error);
	report_remarks(&pair, &remarks);
	report_error(&pair, &error, CUT_NONE);
	return ret;
}

/* Make PARENT, called PATH below AT.  */
static int
make(struct parent *parent, const struct session *session, int at, const char *path)
{
	const mode_t mode = mode_first_directory(&session->copy->meta,
							  parent->source_st.st_mode);

	if (label(parent, session, at, path) < 0)
		return -1;
	if (!session->policy->dry_run && mkdirat(at, path, mode) < 0) {
		report_cannot_make_directory(parent->dest_name, errno);
		return -1;
	}
	if (session->policy->verbose)	/* cp doesn't quote here */
		report_parent(parent->source_name, parent->dest_name);
	if (session->policy->dry_run) {
		stats_made(COUNT_DIRECTORIES, parent->source_name, parent->dest_name, true);
		return 0;
	}
	parent->dest = openat(at, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (parent->dest < 0 || fstat(parent->dest, &parent->dest_st) < 0) {
		report_cannot_get_attributes(parent->dest_name, errno);
		return -1;
	}
	parent->made = parent->dest_st.st_mode;
	const struct openfile made = { .fd = parent->dest, .path_only = true, .dir = at,
				    .name = path };
	if (mode_let_in(&made, parent->made) == 0)
		return 0;
	report_cannot_set_permissions(parent->dest_name, errno);
	return -1;
}

/* Have the directory called PATH below AT.  */
static int
have(struct parent *parent, const struct session *session, int at, const char *path)
{
	const struct metadata_policy *const meta = &session->copy->meta;

	parent->dest = openat(at, path, O_PATH | O_CLOEXEC);
	/* One that is there, and keeps nothing of its source's, needs no source.  */
	if ((parent->dest < 0 || meta->owner || meta->mode || meta->times
	     || meta->context.keep)
	    && look_at_source(parent) < 0)
		return -1;
	if (parent->dest < 0)
		return make(parent, session, at, path);
	if (fstat(parent->dest, &parent->dest_st) == 0
	    && S_ISDIR(parent->dest_st.st_mode))
		return label(parent, session, at, path);
	report_exists_but_no_directory(parent->dest_name);
	return -1;
}

/* The names of PAIR's copy and source, as far as the first LEN bytes of the path below
   the target.  */
static struct parent *
parent_new(const struct pathpair *pair, size_t len)
{
	struct parent *const parent = calloc(1, sizeof *parent);
	const size_t tail = strlen(pair->dest) - len;

	if (parent == NULL)
		return NULL;
	parent->source = parent->dest = -1;
	const char *const end = pair->source_name + pair->lead + len;
	parent->source_name = strndup(pair->source_name,
				      (size_t) (end - pair->source_name));
	parent->dest_name = strndup(pair->dest_name, strlen(pair->dest_name) - tail);
	if (parent->source_name != NULL && parent->dest_name != NULL)
		return parent;
	parent_free(parent);
	return NULL;
}

/* Whether the directory of PATH below AT is there; 1, 0, or -1 and it was said.  */
static int
all_there(const struct pathpair *pair, const char *last)
{
	struct stat st;
	int ret = 1;

	struct parent *const parent = parent_new(pair, (size_t) (last - pair->dest));
	char *const path = strndup(pair->dest, (size_t) (last - pair->dest));
	if (parent == NULL || path == NULL) {
		report_cannot_copy(pair->source_name, ENOMEM);
		ret = -1;
	} else if (fstatat(pair->dest_at, path, &st, 0) < 0) {
		ret = 0;
	} else if (!S_ISDIR(st.st_mode)) {
		report_exists_but_no_directory(parent->dest_name);
		ret = -1;
	}
	free(path);
	if (parent != NULL)
		parent_free(parent);
	return ret;
}

int
parents_make(struct parents *parents, const struct session *session,
	const struct pathpair *pair)
{
	const char *const last = strrchr(pair->dest, '/');

	if (last == NULL)
		return 0;
	const int there = all_there(pair, last);
	if (there != 0)
		return there < 0 ? -1 : 0;
	for (const char *slash = pair->dest; slash <= last; slash += strspn(slash, "/")) {
		slash = strchr(slash, '/');
		const size_t len = (size_t) (slash - pair->dest);
		struct parent *const parent = parent_new(pair, len);
		char *const path = strndup(pair->dest, len);
		int ret = -1;
		if (parent == NULL || path == NULL) {
			report_cannot_copy(pair->source_name, ENOMEM);
		} else {
			parent->above = parents->first;
			parents->first = parent;
			ret = have(parent, session, pair->dest_at, path);
			parent->at = pair->dest_at;
			parent->path = path;
			parent->has_source = parent->source >= 0;
			parent->has_dest = parent->dest >= 0;
			parent_close(parent);
		}
		if (parent == NULL)
			free(path);
		if (ret < 0)
			return -1;
	}
	return 0;
}

void
parents_finish(struct parents *parents, const struct session *session, bool made)
{
	struct metadata_policy policy = session->copy->meta;

	policy.attributes = false;
	for (; parents->first != NULL; parents->first = parent_free(parents->first)) {
		struct parent *const parent = parents->first;
		struct remarks remarks = { .count = 0 };
		/* Where it ended early, what was there before stays as it was.  */
		if (!parent->has_dest || !parent->has_source
		    || (!made && parent->made == 0)
		    || parent_reopen(parent) < 0)
			continue;
		const struct pathpair pair = { .source_name = parent->source_name,
					 .dest_name = parent->dest_name };
		const struct openfile source = openfile_directory(parent->source, true);
		const struct metadata meta = metadata_read(&policy, &source,
							   &parent->source_st);
		const struct metadata_target target = {
			.file = openfile_directory(parent->dest, true),
			.old = parent->made != 0 ? NULL : &parent->dest_st,
			.made_mode = parent->made,
			.inherits = policy.mode,
		};
		finish_file(&policy, &meta, &target, &remarks);
		report_remarks(&pair, &remarks);
		if (parent->made != 0)
			stats_made(COUNT_DIRECTORIES, pair.source_name, pair.dest_name,
				   false);
		if (session->copy->dest.fsync
		    && (descriptor_sync_directory(parent->dest, ".") < 0
			|| descriptor_sync_directory(parent->dest, "..") < 0))
			report_cannot_flush_directory_of(parent->dest_name, errno);
	}
}
