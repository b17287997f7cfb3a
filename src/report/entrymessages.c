/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entrymessages.c: messages about entries of trees and operands.  Their texts are cp's.
   A text that is also one of a step of copying a file is in errortext.c.  */
#include "config.h"

#include "report/entrymessages.h"

#include <sys/stat.h>

#include "base/locale.h"
#include "report/errortext.h"
#include "report/message.h"
#include "report/quote.h"

/* The operation that was not begun, since cp's rules or our own forbid it.  */
#define CHECK "check"

/* ---- a system call failed ---- */

void
report_cannot_access(const char *name, int err)
{
	message_failure("open", name, err, N_("cannot access %s"), quote(name));
}

void
report_cannot_backup(const char *name, int err)
{
	errortext_print(ERROR_BACKUP, name, err);
}

void
report_cannot_copy(const char *name, int err)
{
	errortext_print(ERROR_MEMORY, name, err);
}

void
report_cannot_create_directory(const char *name, int err)
{
	message_failure("mkdir", name, err, N_("cannot create directory %s"),
			quote(name));
}

void
report_cannot_create_file(const char *name, int err)
{
	errortext_print(ERROR_CREATE, name, err);
}

void
report_cannot_create_special(const char *name, mode_t mode, int err)
{
	message_failure("mknod", name, err,
			S_ISFIFO(mode) ? N_("cannot create fifo %s")
			: N_("cannot create special file %s"), quote(name));
}

void
report_cannot_create_hard_link(const char *dest, const char *target, int err)
{
	message_failure("link", dest, err, N_("cannot create hard link %s to %s"),
			quote(dest), quote(target));
}

void
report_cannot_create_symlink(const char *dest, int err)
{
	message_failure("symlink", dest, err, N_("cannot create symbolic link %s"),
			quote(dest));
}

void
report_cannot_create_symlink_to(const char *dest, const char *target, int err)
{
	message_failure("symlink", dest, err, N_("cannot create symbolic link %s to %s"),
			quote(dest), quote(target));
}

void
report_cannot_flush(const char *name, int err)
{
	errortext_print(ERROR_FLUSH, name, err);
}

void
report_cannot_flush_all(int err)
{
	message_failure("sync", NULL, err, N_("cannot flush everything that was copied"));
}

void
report_cannot_flush_directory_of(const char *name, int err)
{
	errortext_print(ERROR_SYNC_DIRECTORY, name, err);
}

void
report_cannot_get_attributes(const char *name, int err)
{
	message_failure("stat", name, err, N_("failed to get attributes of %s"),
			quote(name));
}

void
report_cannot_list(const char *name, int err)
{
	message_failure("read", name, err, N_("cannot list %s in the manifest"),
			quote(name));
}

void
report_newline_in_manifest(const char *name)
{
	message_failure(CHECK, name, 0, N_("cannot list %s in the manifest: "
					   "xxhsum takes no newline in a name"),
			quote(name));
}

void
report_cannot_make_directory(const char *name, int err)
{
	message_failure("mkdir", name, err, N_("cannot make directory %s"), quote(name));
}

void
report_cannot_open(const char *name, int err)
{
	errortext_print(ERROR_OPEN_SOURCE, name, err);
}

void
report_cannot_preserve_permissions(const char *name, int err)
{
	errortext_print(ERROR_NEW_MODE, name, err);
}

void
report_cannot_read_symlink(const char *name, int err)
{
	message_failure("readlink", name, err, N_("cannot read symbolic link %s"),
			quote(name));
}

void
report_cannot_remove(const char *name, int err)
{
	errortext_print(ERROR_REMOVE, name, err);
}

void
report_cannot_set_permissions(const char *name, int err)
{
	errortext_print(ERROR_DEFAULT_MODE, name, err);
}

void
report_cannot_stat(const char *name, int err)
{
	errortext_print(ERROR_STAT_SOURCE, name, err);
}

/* ---- the source is not for us ---- */

void
report_omitting_directory(const char *source)
{
	message_failure(CHECK, source, 0, N_("-r not specified; omitting directory %s"),
			quote(source));
}

void
report_unknown_type(const char *source)
{
	message_failure(CHECK, source, 0, N_("%s has unknown file type"), quote(source));
}

void
report_cyclic_symlink(const char *source)
{
	message_failure(CHECK, source, 0, N_("cannot copy cyclic symbolic link %s"),
			quote(source));
}

void
report_source_file_again(const char *source)
{
	message_note(0, N_("warning: source file %s specified more than once"),
		     quote(source));
}

void
report_source_directory_again(const char *source)
{
	message_note(0, N_("warning: source directory %s specified more than once"),
		     quote(source));
}

void
report_compares_sizes(const char *dest)
{
	message_note(0, N_("warning: %s can't hold the times of files; "
			   "only their sizes are compared there"), quote(dest));
}

/* ---- what stands at the destination is in the way ---- */

void
report_backup_destroys_source(const char *source, const char *dest)
{
	message_failure(CHECK, dest, 0,
			N_("backing up %s might destroy source;  %s not copied"),
			quote(dest), quote(source));
}

void
report_dangling_symlink(const char *dest)
{
	errortext_print(ERROR_DANGLING, dest, 0);
}

void
report_directory_into_itself(const char *source, const char *dest)
{
	message_failure(CHECK, dest, 0,
			N_("cannot copy a directory, %s, into itself, %s"),
			quote(source), quote(dest));
}

void
report_directory_linked(const char *dest, const char *linked)
{
	message_failure(CHECK, dest, 0,
			N_("will not create hard link %s to directory %s"),
			quote(dest), quote(linked));
}

void
report_directory_over_other(const char *source, const char *dest)
{
	message_failure(CHECK, dest, 0,
			N_("cannot overwrite non-directory %s with directory %s"),
			quote(dest), quote(source));
}

void
report_other_over_directory(const char *source, const char *dest)
{
	message_failure(CHECK, dest, 0,
			N_("cannot overwrite directory %s with non-directory %s"),
			quote(dest), quote(source));
}

void
report_exists_but_no_directory(const char *name)
{
	message_failure(CHECK, name, 0, N_("%s exists but is not a directory"),
			quote(name));
}

void
report_just_created(const char *source, const char *dest)
{
	message_failure(CHECK, dest, 0, N_("will not overwrite just-created %s with %s"),
			quote(dest), quote(source));
}

void
report_just_created_symlink(const char *source, const char *dest)
{
	message_failure(CHECK, dest, 0,
			N_("will not copy %s through just-created symlink %s"),
			quote(source), quote(dest));
}

void
report_not_replacing(const char *dest)
{
	message_failure(CHECK, dest, 0, N_("not replacing %s"), quote(dest));
}

void
report_relative_symlink_elsewhere(const char *dest)
{
	message_failure(CHECK, dest, 0,
			N_("%s: can make relative symbolic links only in current "
			   "directory"),
			quote_if_needed(dest));
}

void
report_same_file(const char *source, const char *dest)
{
	message_failure(CHECK, dest, 0, N_("%s and %s are the same file"), quote(source),
			quote(dest));
}
