/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_ENTRYMESSAGES_H
#define MMCP_REPORT_ENTRYMESSAGES_H

#include <sys/types.h>

/* Messages about the entries of a tree and about operands: what stands in the way of
   copying them, and what failed beside the content of a file.  Each prints one line on
   standard error, "PROGRAM: TEXT", with ": REASON" if it takes an ERR (an errno) that
   isn't 0, and the exit status becomes 1, unless it says otherwise.  Names are given as
   they are and quoted here.  */

/* ---- a system call failed ---- */

void
report_cannot_access(const char *name, int err);

void
report_cannot_backup(const char *name, int err);

void
report_cannot_copy(const char *name, int err);

void
report_cannot_create_directory(const char *name, int err);

void
report_cannot_create_file(const char *name, int err);

/* A fifo, socket or device of MODE.  */
void
report_cannot_create_special(const char *name, mode_t mode, int err);

/* TARGET is the name of the file that the hard link DEST was to be.  */
void
report_cannot_create_hard_link(const char *dest, const char *target, int err);

void
report_cannot_create_symlink(const char *dest, int err);

/* TARGET is what the symbolic link was to hold.  */
void
report_cannot_create_symlink_to(const char *dest, const char *target, int err);

void
report_cannot_flush(const char *name, int err);

/* Some file, whose name isn't known any more.  */
void
report_cannot_flush_all(int err);

void
report_cannot_flush_directory_of(const char *name, int err);

void
report_cannot_get_attributes(const char *name, int err);

/* The copy NAME has no line in the manifest.  */
void
report_cannot_list(const char *name, int err);

/* The same, because of its name.  */
void
report_newline_in_manifest(const char *name);

/* A directory of the path that --parents makes.  */
void
report_cannot_make_directory(const char *name, int err);

void
report_cannot_open(const char *name, int err);

void
report_cannot_preserve_permissions(const char *name, int err);

void
report_cannot_read_symlink(const char *name, int err);

void
report_cannot_remove(const char *name, int err);

void
report_cannot_set_permissions(const char *name, int err);

void
report_cannot_stat(const char *name, int err);

/* ---- the source is not for us ---- */

void
report_omitting_directory(const char *source);

void
report_unknown_type(const char *source);

void
report_cyclic_symlink(const char *source);

/* A warning: the exit status stays.  */
void
report_source_file_again(const char *source);

/* A warning: the exit status stays.  */
void
report_source_directory_again(const char *source);

/* Warn that --update=changed compares sizes only, since the file system of DEST doesn't
   hold times.  */
void
report_compares_sizes(const char *dest);

/* ---- what stands at the destination is in the way ---- */

void
report_backup_destroys_source(const char *source, const char *dest);

void
report_dangling_symlink(const char *dest);

void
report_directory_into_itself(const char *source, const char *dest);

/* The copy of the directory was to be a link to an earlier one, LINKED.  */
void
report_directory_linked(const char *dest, const char *linked);

void
report_directory_over_other(const char *source, const char *dest);

void
report_other_over_directory(const char *source, const char *dest);

/* A directory of the path that --parents makes.  */
void
report_exists_but_no_directory(const char *name);

void
report_just_created(const char *source, const char *dest);

void
report_just_created_symlink(const char *source, const char *dest);

/* With --update=none-fail.  */
void
report_not_replacing(const char *dest);

void
report_relative_symlink_elsewhere(const char *dest);

void
report_same_file(const char *source, const char *dest);

#endif
