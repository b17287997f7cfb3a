/* SPDX-License-Identifier: GPL-3.0-or-later */
/* special.c: links and special files.  Each is made by one system call, and then gets the
   metadata that is kept.  */
#include "config.h"

#include "tree/special.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/path.h"
#include "file/finish.h"
#include "file/mode.h"
#include "file/node.h"
#include "file/remove.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"
#include "tree/label.h"

/* Return true if NAME below AT is in the current directory: a relative name from the
   command line is the target of a symlink there.  */
static bool
is_current_directory(int at, const char *name)
{
	const int dir = path_open_parent(at, name, O_PATH);
	struct stat here, there;
	const bool is = dir == AT_FDCWD || stat(".", &here) < 0 || fstat(dir, &there) < 0
		|| inode_is_same(&here, &there);

	path_close_parent(dir, at);
	return is;
}

/* Remove PAIR's symlink, open as FD.  Return false if it isn't there any more.  */
static bool
remove_symlink(const struct pathpair *pair, int fd)
{
	struct stat ours;

	return fstat(fd, &ours) == 0
		&& remove_ours(pair->dest_at, pair->dest, &ours) == 0;
}

/* Set on what was just made for ENTRY what POLICY keeps of META.  If some of it fails,
   the copy stays and so does a backup; but a symlink is removed if there is a backup to
   restore, as cp does.  */
static enum entry_next
give_metadata(const struct session *session, struct entry *entry,
	const struct metadata_policy *policy,
	const struct metadata *meta)
{
	const struct pathpair *const pair = &entry->pair;
	struct remarks remarks = { .count = 0 };
	const int fd = node_open(pair->dest_at, pair->dest, false, meta->st.st_mode);

	if (fd < 0) {
		report_cannot_preserve_permissions(pair->dest_name, errno);
		return ENTRY_FAILED;
	}
	const struct metadata_target target = {
		.file = { .fd = fd, .path_only = true, .dir = pair->dest_at,
			   .name = pair->dest },
		.inherits = entry_inherits(session, entry),
	};
	finish_file(policy, meta, &target, &remarks);
	entry->incomplete = remarks.failed
		&& !(entry->backup && S_ISLNK(meta->st.st_mode)
		     && remove_symlink(pair, fd));
	close(fd);
	report_remarks(pair, &remarks);
	return remarks.failed ? ENTRY_FAILED : ENTRY_DONE;
}

/* Report that no context could be given to ENTRY's copy, for the reason ERR.  Return
   -1.  */
static int
report_no_label(const struct entry *entry, enum error_step step, int err)
{
	struct error error = ERROR_NONE;

	error_set(&error, step, err);
	report_error(&entry->pair, &error, CUT_NONE);
	return -1;
}

/* Label what was made for ENTRY as a copy of SOURCE.  Return 0, or -1, which is
   reported.  */
static int
label_made(const struct session *session, const struct entry *entry,
	const struct context_source *source)
{
	const struct pathpair *const pair = &entry->pair;
	const int fd = openat(pair->dest_at, pair->dest, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return report_no_label(entry, ERROR_SET_CONTEXT, errno);
	const int ret = label_existing(session, pair, source, fd, true);
	close(fd);
	return ret;
}

/* Label what is made next for ENTRY as a copy or, if DONE, what was made in the place of
   something else.  Return 0; or -1 if it must not be copied, which is reported.  */
static int
label(const struct session *session, const struct entry *entry, bool done)
{
	const struct pathpair *const pair = &entry->pair;
	const bool is_new = !entry->exists || entry->remove_destination || entry->backup;
	const mode_t mode = entry->source.st_mode;

	if (!context_is_wanted(&session->copy->meta.context)
	    || (done && (is_new || session->policy->copy_contents)))
		return 0;
	const struct context_source source = {
		.fd = node_open(pair->source_at, pair->source, pair->follow, mode),
		.path_only = true, .mode = mode,
	};
	if (source.fd < 0)
		return report_no_label(entry, ERROR_STAT_SOURCE, errno);
	const int ret = done ? label_made(session, entry, &source)
		: label_next(session, pair, &source, is_new);
	close(source.fd);
	return ret;
}

/* How to deal with what stands under ENTRY's name.  FORCE: it may be replaced.  */
static enum node_replace
replacing(const struct entry *entry, bool force)
{
	return entry->remove_destination ? NODE_REMOVE : force ? NODE_REPLACE : NODE_NEW;
}

/* -s: a symlink to the source.  */
static enum entry_next
make_link_to_source(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const char *const target = pair->source_name;

	if (*target != '/' && !is_current_directory(pair->dest_at, pair->dest)) {
		report_relative_symlink_elsewhere(pair->dest_name);
		return ENTRY_FAILED;
	}
	if (node_symlink(target, pair->dest_at, pair->dest,
			 replacing(entry, session->copy->dest.force)) < 0) {
		report_cannot_create_symlink_to(pair->dest_name, target, errno);
		return ENTRY_FAILED;
	}
	const struct metadata_policy policy = { .times = session->copy->meta.times };
	struct metadata meta = { .file.fd = -1, .st = entry->source };
	meta.st.st_mode = S_IFLNK;
	return policy.times ? give_metadata(session, entry, &policy, &meta) : ENTRY_DONE;
}

/* -l: another name of the source.  */
static enum entry_next
make_name_of_source(const struct session *session, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const struct dest_policy *const policy = &session->copy->dest;

	/* A name becomes durable only after the data, even if others have written it.  */
	if ((policy->fsync || policy->atomic)
	    && node_flush(pair->source_at, pair->source, pair->follow) < 0) {
		report_cannot_flush(pair->source_name, errno);
		return ENTRY_FAILED;
	}
	if (node_link(pair->source_at, pair->source, pair->follow, pair->dest_at,
		      pair->dest,
		      replacing(entry, policy->force
				|| session->policy->interactive)) >= 0)
		return ENTRY_DONE;
	report_cannot_create_hard_link(pair->dest_name, pair->source_name, errno);
	return ENTRY_FAILED;
}

/* Make a symlink with the target of the source.  */
static enum entry_next
copy_symlink(const struct session *session, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	char *const target = node_read_symlink(pair->source_at, pair->source);

	if (target == NULL) {
		report_cannot_read_symlink(pair->source_name, errno);
		return ENTRY_FAILED;
	}
	const struct dest_policy *const policy = &session->copy->dest;
	const int ret = node_symlink(target, pair->dest_at, pair->dest,
				     replacing(entry, policy->force || policy->atomic));
	free(target);
	if (ret == 0)
		return ENTRY_DONE;
	report_cannot_create_symlink(pair->dest_name, errno);
	return ENTRY_FAILED;
}

/* Make a FIFO, socket or device like the source, with MODE at first.  */
static enum entry_next
make_node(const struct entry *entry, mode_t mode)
{
	const struct pathpair *const pair = &entry->pair;
	const struct stat *const source = &entry->source;

	if (node_special(pair->dest_at, pair->dest, (source->st_mode & S_IFMT) | mode,
			 source->st_rdev, replacing(entry, false)) == 0)
		return ENTRY_DONE;
	report_cannot_create_special(pair->dest_name, source->st_mode, errno);
	return ENTRY_FAILED;
}

bool
special_link_to_source(const struct session *session, const struct dirpair *dir,
	const char *name)
{
	const struct copy_policy *const policy = session->copy;

	if (policy->dest.fsync || policy->dest.atomic || stats_wants_names()
	    || context_is_wanted(&policy->meta.context)
	    || node_link(dir->source, name, false, dir->dest, name, NODE_NEW) < 0)
		return false;
	stats_made(COUNT_HARD_LINKS, NULL, NULL, false);
	return true;
}

/* Return whether a symlink's copy keeps more than its target.  */
static bool
keeps_more(const struct metadata_policy *policy)
{
	return policy->owner || policy->mode || policy->times || policy->default_mode
		|| policy->attributes || context_is_wanted(&policy->context);
}

bool
special_copy_symlink(const struct session *session, const struct dirpair *dir,
	const char *name)
{
	/* Even a symlink may have other names.  */
	if (keeps_more(&session->copy->meta) || session->policy->preserve_links
	    || stats_wants_names())
		return false;
	char *const target = node_read_symlink(dir->source, name);
	const bool made = target != NULL
		&& node_symlink(target, dir->dest, name, NODE_NEW) == 0;
	free(target);
	if (made)
		stats_made(COUNT_SYMLINKS, NULL, NULL, false);
	return made;
}

/* Copy a symlink or special file, which is never opened for reading.  */
static enum entry_next
copy_special(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const struct metadata_policy *const policy = &session->copy->meta;
	const mode_t mode = entry->source.st_mode;

	if (S_ISLNK(mode) && !keeps_more(policy))
		return copy_symlink(session, entry);
	const int fd = node_open(pair->source_at, pair->source, pair->follow, mode);
	if (fd < 0) {
		report_cannot_stat(pair->source_name, errno);
		return ENTRY_FAILED;
	}
	const struct openfile source = { .fd = fd, .path_only = true,
					 .dir = pair->source_at, .name = pair->source,
					 .follow = pair->follow };
	const struct metadata meta = metadata_read(policy, &source, &entry->source);
	enum entry_next next = S_ISLNK(mode) ? copy_symlink(session, entry)
		: make_node(entry, mode_first(policy, &meta));
	if (next == ENTRY_DONE
	    && (policy->owner || policy->mode || policy->times || policy->default_mode
		|| meta.attributes))
		next = give_metadata(session, entry, policy, &meta);
	close(fd);
	return next;
}

/* Make ENTRY by its type and by the links that the options ask for.  */
static enum entry_next
make(const struct session *session, struct entry *entry)
{
	const struct entry_policy *const policy = session->policy;
	const mode_t mode = entry->source.st_mode;

	if (policy->symbolic_link)
		return make_link_to_source(session, entry);
	if (policy->link)
		return make_name_of_source(session, entry);
	if (S_ISLNK(mode) || S_ISFIFO(mode) || S_ISBLK(mode) || S_ISCHR(mode)
	    || S_ISSOCK(mode))
		return copy_special(session, entry);
	report_unknown_type(entry->pair.source_name);
	return ENTRY_FAILED;
}

enum entry_next
special_make(const struct session *session, struct entry *entry)
{
	if (label(session, entry, false) < 0)
		return ENTRY_FAILED;
	const enum entry_next next = make(session, entry);
	return next == ENTRY_DONE && label(session, entry, true) < 0 ? ENTRY_FAILED
		: next;
}
