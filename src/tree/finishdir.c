/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finishdir.c: finish a directory when everything in it has been copied: owner, mode,
   times.  */
#include "config.h"

#include "tree/finishdir.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/signals.h"
#include "file/finish.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"

/* Sync DIR's destination and, for an operand, the directory that it is in.  Return 0, or
   -1 with errno.  */
static int
sync_both(const struct dirpair *dir)
{
	if (dir->dest_path_only)	/* it can't be synced alone */
		sync();
	else if (fsync(dir->dest) < 0)
		return -1;
	return dir->above != NULL ? 0 : descriptor_sync_directory_or_all(dir->dest, "..");
}

/* Report that DIR was copied, or what went wrong: REMARKS, ERROR if there is one, and the
   errno REOPEN_ERR if it could not be opened again.  */
static void
report_directory(const struct dirpair *dir, const struct remarks *remarks,
	const struct error *error, int reopen_err)
{
	char *const source_name = dirpair_own_source_name(dir);
	char *const dest_name = dirpair_own_dest_name(dir);
	const struct pathpair pair = {
		.source_name = source_name != NULL ? source_name : dir->name,
		.dest_name = dest_name != NULL ? dest_name : dir->name,
	};

	const struct subject before = failures_about((struct subject) {
		pair.source_name, dirpair_own_base(dir) });
	if (reopen_err != 0)
		report_cannot_access(pair.dest_name, reopen_err);
	report_remarks(&pair, remarks);
	if (error->step != ERROR_NO_STEP)
		report_error(&pair, error, CUT_NONE);
	failures_about(before);
	if (reopen_err == 0 && !remarks->failed && error->step == ERROR_NO_STEP)
		stats_made(COUNT_DIRECTORIES, pair.source_name, pair.dest_name,
			   dir->planned);
	free(source_name);
	free(dest_name);
}

void
finishdir_made(const struct dirpair *dir)
{
	if (stats_wants_names())
		report_directory(dir, &(struct remarks) { .count = 0 }, &ERROR_NONE, 0);
	else
		stats_made(COUNT_DIRECTORIES, NULL, NULL, false);
}

/* Open both sides of DIR and read its source's *META.  Where descriptors are few, the
   source is open only if it has ACLs or attributes.  Return 0, or -1 with errno.  */
static int
reopen_with_metadata(const struct walk *walk, struct dirpair *dir, struct metadata *meta)
{
	if ((walk->by_path ? dirpair_reopen_source(dir) : dirpair_reopen(dir, NULL)) < 0)
		return -1;
	const struct openfile source = openfile_directory(dir->source,
							  dir->source_path_only);
	*meta = metadata_read(&walk->session->copy->meta, &source, &dir->source_st);
	if (walk->by_path && !meta->acl && !meta->attributes)
		dirpair_close(dir);
	return walk->by_path ? dirpair_reopen_dest(dir) : 0;
}

void
finishdir(const struct walk *walk, struct dirpair *dir)
{
	const struct copy_policy *const policy = walk->session->copy;
	struct remarks remarks = { .count = 0 };
	struct error error = ERROR_NONE;
	int reopen_err = 0;

	if (walk->session->policy->dry_run) {
		if (dir->planned)
			report_directory(dir, &remarks, &error, 0);
		return;
	}
	struct metadata meta;
	if (reopen_with_metadata(walk, dir, &meta) < 0) {
		reopen_err = errno;
	} else {
		const struct metadata_target target = {
			.file = openfile_directory(dir->dest, dir->dest_path_only),
			.old = dir->made != 0 ? NULL : &dir->dest_st,
			.made = dir->made != 0 ? &dir->dest_st : NULL,
			.made_mode = dir->made,
			.inherits = dir->inherits || dir->made == 0,
		};
		finish_file(&policy->meta, &meta, &target, &remarks);
		if (policy->dest.fsync && sync_both(dir) < 0)
			error_set(&error, ERROR_SYNC_DIRECTORY, errno);
	}
	if (reopen_err != 0 || remarks.count > 0 || remarks.failed
	    || error.step != ERROR_NO_STEP)
		report_directory(dir, &remarks, &error, reopen_err);
	else
		finishdir_made(dir);
}
