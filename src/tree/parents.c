/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parents.c: mmcp --parents a/b/c DIR makes DIR/a and DIR/a/b like a and a/b.  If all of
   them exist, they are left alone; if one is missing, all get their sources' metadata, as
   with cp.  */
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
#include "tree/label.h"

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

/* Open both sides again.  Return 0, or -1, which is reported.  */
static int
parent_reopen(struct parent *parent)
{
	parent->source = path_open_same_directory(AT_FDCWD, parent->source_name, O_PATH,
						  &parent->source_st);
	if (parent->source >= 0)
		parent->dest = path_open_same_directory(parent->at, parent->path, O_PATH,
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

/* Open PARENT's source.  Return 0, or -1, which is reported.  */
static int
open_source(struct parent *parent)
{
	parent->source = open(parent->source_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent->source >= 0 && fstat(parent->source, &parent->source_st) == 0)
		return 0;
	report_cannot_get_attributes(parent->source_name, errno);
	return -1;
}

/* Label PARENT's copy or, if that isn't open, the directory that is made next.  Return 0;
   or -1 if it must not be copied, which is reported.  */
static int
label(const struct parent *parent, const struct session *session)
{
	const struct pathpair pair = {
		.source_name = parent->source_name,
		.dest_at = parent->at, .dest = parent->path,
		.dest_name = parent->dest_name,
	};
	const struct context_source source = {
		.fd = parent->source, .path_only = true,
		.mode = parent->source_st.st_mode,
	};

	return session->policy->dry_run ? 0
		: label_directory(session, &pair, &source, parent->dest, true);
}

/* Make PARENT's copy.  Return 0, or -1, which is reported.  */
static int
make(struct parent *parent, const struct session *session)
{
	const mode_t mode = mode_first_directory(&session->copy->meta,
						 parent->source_st.st_mode);
	const int at = parent->at;
	const char *const path = parent->path;

	if (label(parent, session) < 0)
		return -1;
	if (!session->policy->dry_run && mkdirat(at, path, mode) < 0) {
		report_cannot_make_directory(parent->dest_name, errno);
		return -1;
	}
	if (session->policy->verbose)	/* cp doesn't quote here */
		report_parent(parent->source_name, parent->dest_name);
	if (session->policy->dry_run) {
		stats_made(COUNT_DIRECTORIES, parent->source_name, parent->dest_name,
			   true);
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

/* Open PARENT's copy, and make it first if it doesn't exist.  Return 0, or -1, which is
   reported.  */
static int
make_if_missing(struct parent *parent, const struct session *session)
{
	const struct metadata_policy *const meta = &session->copy->meta;

	parent->dest = openat(parent->at, parent->path, O_PATH | O_CLOEXEC);
	/* A copy that exists and keeps nothing of its source needs no source.  */
	if ((parent->dest < 0 || meta->owner || meta->mode || meta->times
	     || meta->context.keep)
	    && open_source(parent) < 0)
		return -1;
	if (parent->dest < 0)
		return make(parent, session);
	if (fstat(parent->dest, &parent->dest_st) == 0
	    && S_ISDIR(parent->dest_st.st_mode))
		return label(parent, session);
	report_exists_but_no_directory(parent->dest_name);
	return -1;
}

/* Return the parent at the first LEN bytes of PAIR's path, not open; NULL if memory is
   short.  */
static struct parent *
parent_new(const struct pathpair *pair, size_t len)
{
	struct parent *const parent = calloc(1, sizeof *parent);
	const size_t tail = strlen(pair->dest) - len;

	if (parent == NULL)
		return NULL;
	parent->source = parent->dest = -1;
	parent->at = pair->dest_at;
	parent->path = strndup(pair->dest, len);
	const char *const end = pair->source_name + pair->lead + len;
	parent->source_name = strndup(pair->source_name,
				      (size_t) (end - pair->source_name));
	parent->dest_name = strndup(pair->dest_name, strlen(pair->dest_name) - tail);
	if (parent->path != NULL && parent->source_name != NULL
	    && parent->dest_name != NULL)
		return parent;
	parent_free(parent);
	return NULL;
}

/* Return 1 if the directory of PAIR's path up to LAST exists, 0 if it doesn't, or -1 if
   it can't be made, which is reported.  */
static int
all_there(const struct pathpair *pair, const char *last)
{
	struct parent *const parent = parent_new(pair, (size_t) (last - pair->dest));
	struct stat st;
	int ret = 1;

	if (parent == NULL) {
		report_cannot_copy(pair->source_name, ENOMEM);
		return -1;
	}
	if (fstatat(parent->at, parent->path, &st, 0) < 0) {
		ret = 0;
	} else if (!S_ISDIR(st.st_mode)) {
		report_exists_but_no_directory(parent->dest_name);
		ret = -1;
	}
	parent_free(parent);
	return ret;
}

/* Make the directory at the first LEN bytes of PAIR's path, if it is missing, and add
   it to PARENTS.  Return 0, or -1, which is reported.  */
static int
add_parent(struct parents *parents, const struct session *session,
	const struct pathpair *pair, size_t len)
{
	struct parent *const parent = parent_new(pair, len);

	if (parent == NULL) {
		report_cannot_copy(pair->source_name, ENOMEM);
		return -1;
	}
	parent->above = parents->first;
	parents->first = parent;
	const int ret = make_if_missing(parent, session);
	parent->has_source = parent->source >= 0;
	parent->has_dest = parent->dest >= 0;
	parent_close(parent);
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
		if (add_parent(parents, session, pair, (size_t) (slash - pair->dest)) < 0)
			return -1;
	}
	return 0;
}

/* Set on PARENT's copy, whose both sides are open, what POLICY keeps of its source.  */
static void
finish_parent(const struct parent *parent, const struct session *session,
	const struct metadata_policy *policy)
{
	const struct pathpair pair = { .source_name = parent->source_name,
				       .dest_name = parent->dest_name };
	const struct openfile source = openfile_directory(parent->source, true);
	const struct metadata meta = metadata_read(policy, &source, &parent->source_st);
	const struct metadata_target target = {
		.file = openfile_directory(parent->dest, true),
		.old = parent->made != 0 ? NULL : &parent->dest_st,
		.made_mode = parent->made,
		.inherits = policy->mode,
	};
	struct remarks remarks = { .count = 0 };

	finish_file(policy, &meta, &target, &remarks);
	report_remarks(&pair, &remarks);
	if (parent->made != 0)
		stats_made(COUNT_DIRECTORIES, pair.source_name, pair.dest_name, false);
	if (session->copy->dest.fsync
	    && (descriptor_sync_directory_or_all(parent->dest, ".") < 0
		|| descriptor_sync_directory_or_all(parent->dest, "..") < 0))
		report_cannot_flush_directory_of(parent->dest_name, errno);
}

void
parents_finish(struct parents *parents, const struct session *session, bool made)
{
	struct metadata_policy policy = session->copy->meta;

	policy.attributes = false;
	for (; parents->first != NULL; parents->first = parent_free(parents->first)) {
		struct parent *const parent = parents->first;
		/* If not all could be made, those that existed stay as they were.  */
		if (parent->has_dest && parent->has_source && (made || parent->made != 0)
		    && parent_reopen(parent) == 0)
			finish_parent(parent, session, &policy);
	}
}
