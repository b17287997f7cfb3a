/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiontable.c: every option, a row each.  doc/contributing.md says how to add one.  */
#include "config.h"

#include <assert.h>
#include <stdint.h>

#include "cli/help.h"
#include "cli/option.h"
#include "cli/options.h"
#include "cli/take.h"

/* Where FIELD is in struct options, if it is of TYPE; else this doesn't compile.  */
#define AT(type, field) .at = _Generic(((struct options *) NULL)->field, \
	type: offsetof(struct options, field))

/* What an option does, as the end of its row.  */
#define FLAG(field)		.take = take_flag, AT(bool, field)
#define TEXT(field)		.take = take_text, AT(const char *, field)
#define SIZE(field)		.take = take_size, AT(uint64_t, field), .late = true
#define CHOICE(field, choice)	.take = take_value, AT(unsigned, field), .value = choice
#define WORD(field, words)	.take = take_word, AT(unsigned, field), .keywords = words
#define WORD_OR(field, words, otherwise) \
	WORD(field, words), .value = otherwise, .optional = true

/* ---- what arguments may be ---- */

static const struct keyword update_keywords[] = {
	{ "all", UPDATE_ALL }, { "none", UPDATE_NONE }, { "none-fail", UPDATE_NONE_FAIL },
	{ "older", UPDATE_OLDER }, { "changed", UPDATE_CHANGED }, { NULL, 0 },
};

const struct keyword backup_keywords[] = {
	{ "none", BACKUP_NONE }, { "off", BACKUP_NONE },
	{ "simple", BACKUP_SIMPLE }, { "never", BACKUP_SIMPLE },
	{ "existing", BACKUP_EXISTING }, { "nil", BACKUP_EXISTING },
	{ "numbered", BACKUP_NUMBERED }, { "t", BACKUP_NUMBERED }, { NULL, 0 },
};

static const struct keyword sparse_keywords[] = {
	{ "never", SPARSE_NEVER }, { "auto", SPARSE_AUTO }, { "always", SPARSE_ALWAYS },
	{ NULL, 0 },
};

static const struct keyword reflink_keywords[] = {
	{ "auto", REFLINK_AUTO }, { "always", REFLINK_ALWAYS },
	{ "never", REFLINK_NEVER }, { NULL, 0 },
};

static const struct keyword preserve_keywords[] = {
	{ "mode", PRESERVE_MODE }, { "timestamps", PRESERVE_TIMESTAMPS },
	{ "ownership", PRESERVE_OWNERSHIP }, { "links", PRESERVE_LINKS },
	{ "context", PRESERVE_CONTEXT }, { "xattr", PRESERVE_XATTR },
	{ "all", PRESERVE_ALL }, { NULL, 0 },
};

/* The table of engines has their names.  */
#define ENGINE_KEYWORD(ID, id, word, moved, shared) { #id, TAKE_ENGINE(ID) },
#define ENGINE_IN_HELP(ID, id, word, moved, shared) ", " #id
static const struct keyword engine_keywords[] = {
	{ "auto", TAKE_ENGINE_AUTO }, ENGINE_TABLE(ENGINE_KEYWORD) { NULL, 0 },
};

static const struct keyword progress_keywords[] = {
	{ "auto", PROGRESS_AUTO }, { "always", PROGRESS_ALWAYS },
	{ "never", PROGRESS_NEVER }, { NULL, 0 },
};

/* ---- the options ---- */

const struct option_title option_titles[OPTION_GROUPS] = {
	[GROUP_COPYING] = { "What is copied where:", false },
	[GROUP_EXISTING] = { "What exists:", false },
	[GROUP_TREES] = { "Directories and links:", false },
	[GROUP_KEEPING] = { "What is kept:", false },
	[GROUP_TELLING] = { "What is told:", false },
	[GROUP_CHOOSING] = { "What is left out:", true },
	[GROUP_PROMISES] = { "What is promised:", true },
	[GROUP_SPEED] = { "How fast:", true },
	[GROUP_MORE] = { "What is told besides:", true },
};

const struct option option_table[] = {
	{ GROUP_COPYING, 't', "target-directory", "DIRECTORY",
	  "copy all SOURCEs into DIRECTORY",
	  .take = take_target_directory, .other = 'T' },
	{ GROUP_COPYING, 'T', "no-target-directory", NULL,
	  "treat DEST as a file, never as a directory to fill",
	  FLAG(operands.no_target_directory), .other = 't' },
	{ GROUP_COPYING, '\0', "strip-trailing-slashes", NULL,
	  "remove slashes behind each SOURCE",
	  FLAG(operands.strip_trailing_slashes) },
	{ GROUP_COPYING, '\0', "parents", NULL,
	  "use the full name of each source below DIRECTORY",
	  FLAG(operands.parents) },
	{ GROUP_COPYING, '\0', "path", NULL,
	  "the same, as cp once called it",
	  FLAG(operands.parents), .hidden = true },
	{ GROUP_COPYING, 'l', "link", NULL,
	  "make hard links instead of copies",
	  FLAG(entry.link), .other = 's' },
	{ GROUP_COPYING, 's', "symbolic-link", NULL,
	  "make symbolic links instead of copies",
	  FLAG(entry.symbolic_link), .other = 'l' },
	{ GROUP_COPYING, '\0', "attributes-only", NULL,
	  "copy no content, only what else is preserved",
	  FLAG(copy.attributes_only) },
	{ GROUP_COPYING, '\0', "sparse", "WHEN",
	  "holes: auto (where the source has them), always (also for zeros) or never",
	  WORD(copy.plan.sparse, sparse_keywords), .brief = "say when to make holes" },
	{ GROUP_COPYING, '\0', "reflink", "WHEN",
	  "share blocks with the source: auto (where that can be), always (the default "
	  "of this option) or never",
	  WORD_OR(copy.plan.reflink, reflink_keywords, REFLINK_ALWAYS) },

	{ GROUP_EXISTING, 'f', "force", NULL,
	  "remove a destination that can't be opened, and try again",
	  FLAG(copy.dest.force) },
	{ GROUP_EXISTING, 'i', "interactive", NULL,
	  "ask before replacing a file",
	  .take = take_interactive, .other = 'n' },
	{ GROUP_EXISTING, 'n', "no-clobber", NULL,
	  "leave existing files alone",
	  .take = take_no_clobber, .other = 'i' },
	{ GROUP_EXISTING, 'u', NULL, NULL,
	  "--update=older",
	  CHOICE(entry.update, UPDATE_OLDER) },
	{ GROUP_EXISTING, '\0', "update", "WHICH",
	  "replace which existing files: all, none, none-fail (and that is an error), "
	  "older (the default of this option) or changed (in size or time)",
	  WORD_OR(entry.update, update_keywords, UPDATE_OLDER) },
	{ GROUP_EXISTING, 'b', NULL, NULL,
	  "--backup, as $VERSION_CONTROL says",
	  FLAG(backup) },
	{ GROUP_EXISTING, '\0', "backup", "CONTROL",
	  "keep what is replaced under another name: none (off), numbered (t), existing "
	  "(nil), simple (never)",
	  .take = take_backup, AT(bool, backup), .keywords = backup_keywords,
	  .optional = true },
	{ GROUP_EXISTING, 'S', "suffix", "SUFFIX",
	  "of simple backups, instead of ~",
	  .take = take_suffix, .brief = "end names of simple backups so" },
	{ GROUP_EXISTING, '\0', "remove-destination", NULL,
	  "replace each existing destination, rather than write over it",
	  FLAG(entry.remove_destination) },

	{ GROUP_TREES, 'a', "archive", NULL,
	  "copy everything there is: -dR --preserve=all",
	  .take = take_archive },
	{ GROUP_TREES, 'r', "recursive", NULL,
	  "copy directories and what is in them",
	  FLAG(entry.recursive) },
	{ GROUP_TREES, 'R', NULL, NULL,
	  "the same",
	  FLAG(entry.recursive), .brief = "copy directories and what is in them" },
	{ GROUP_TREES, 'x', "one-file-system", NULL,
	  "stay on the file system of each SOURCE",
	  FLAG(tree.one_file_system) },
	{ GROUP_TREES, 'P', "no-dereference", NULL,
	  "copy symbolic links as such",
	  CHOICE(entry.dereference, DEREFERENCE_NEVER) },
	{ GROUP_TREES, 'L', "dereference", NULL,
	  "copy what symbolic links lead to",
	  CHOICE(entry.dereference, DEREFERENCE_ALWAYS) },
	{ GROUP_TREES, 'H', NULL, NULL,
	  "do so for those that are operands",
	  CHOICE(entry.dereference, DEREFERENCE_OPERANDS),
	  .brief = "copy what symbolic links that are operands lead to" },
	{ GROUP_TREES, 'd', NULL, NULL,
	  "-P --preserve=links",
	  .take = take_d },
	{ GROUP_TREES, '\0', "copy-contents", NULL,
	  "with -r, read pipes and devices like files",
	  FLAG(entry.copy_contents) },
	{ GROUP_TREES, '\0', "keep-directory-symlink", NULL,
	  "follow existing symbolic links to directories in DEST",
	  FLAG(entry.keep_directory_symlink) },

	{ GROUP_KEEPING, 'p', NULL, NULL,
	  "--preserve=mode,ownership,timestamps",
	  .take = take_preserve },
	{ GROUP_KEEPING, '\0', "preserve", "LIST",
	  "keep what is listed: mode, ownership, timestamps (these without a list), "
	  "links, xattr, context, all",
	  .take = take_preserve, .keywords = preserve_keywords, .optional = true },
	{ GROUP_KEEPING, '\0', "no-preserve", "LIST",
	  "don't keep what is listed",
	  .take = take_no_preserve, .keywords = preserve_keywords },
	{ GROUP_KEEPING, 'Z', NULL, NULL,
	  "give each copy the SELinux security context that is usual where it is",
	  .take = take_context, AT(const char *, context) },
	{ GROUP_KEEPING, '\0', "context", "CTX",
	  "the same, or CTX",
	  .take = take_context, AT(const char *, context), .optional = true,
	  .brief = "set the SELinux security context" },

	{ GROUP_TELLING, 'v', "verbose", NULL,
	  "say what is copied where",
	  FLAG(entry.verbose) },
	{ GROUP_TELLING, '\0', "debug", NULL,
	  "say how each file was copied and why; implies -v",
	  FLAG(entry.debug) },
	{ GROUP_TELLING, '\0', "help", NULL,
	  "show this help, and end",
	  .take = help_options },
	{ GROUP_TELLING, '\0', "version", NULL,
	  "show the version, and end",
	  .take = help_version },

	{ GROUP_CHOOSING, '\0', "exclude", "PATTERN",
	  "leave out files by their names, or by their paths if PATTERN has a slash",
	  .take = take_exclude, .repeats = true },
	{ GROUP_CHOOSING, '\0', "exclude-from", "FILE",
	  "the same for each line of FILE",
	  .take = take_exclude_from, .repeats = true,
	  .brief = "leave out what is like a line of FILE" },
	{ GROUP_CHOOSING, '\0', "files0-from", "FILE",
	  "copy the SOURCEs that are named in FILE, each with a NUL behind it",
	  TEXT(files0_from) },
	{ GROUP_CHOOSING, 'N', "dry-run", NULL,
	  "say what would be done, and change nothing",
	  FLAG(entry.dry_run) },

	{ GROUP_PROMISES, '\0', "atomic", NULL,
	  "replace an existing file only by a whole one",
	  FLAG(copy.dest.atomic) },
	{ GROUP_PROMISES, '\0', "fsync", NULL,
	  "wait until files and directory entries are on the device",
	  FLAG(copy.dest.fsync) },

	{ GROUP_SPEED, 'j', "jobs", "N",
	  "worker processes (default: the CPUs you may use)",
	  .take = take_jobs, AT(unsigned, copy.plan.jobs), .late = true },
	{ GROUP_SPEED, '\0', "chunk-size", "SIZE",
	  "what a worker claims at a time (4M)",
	  SIZE(copy.plan.chunk_size) },
	{ GROUP_SPEED, '\0', "bwlimit", "RATE",
	  "move no more than RATE bytes a second, all workers together",
	  SIZE(bwlimit) },
	{ GROUP_SPEED, '\0', "nocache", NULL,
	  "leave what was in memory before there, and nothing of the copy",
	  FLAG(copy.plan.nocache) },
	{ GROUP_SPEED, '\0', "direct", NULL,
	  "move large files past the page cache (O_DIRECT)",
	  FLAG(copy.plan.direct) },
	{ GROUP_SPEED, '\0', "engine", "ENGINE",
	  "how bytes move: auto" ENGINE_TABLE(ENGINE_IN_HELP),
	  .take = take_engine, AT(const struct engine *, copy.plan.engine),
	  .keywords = engine_keywords },

	{ GROUP_MORE, 'g', NULL, NULL,
	  "--progress=always",
	  CHOICE(progress, PROGRESS_ALWAYS) },
	{ GROUP_MORE, '\0', "progress", "WHEN",
	  "show how far it is: auto (on a terminal, after a second), always (the "
	  "default of this option) or never",
	  WORD_OR(progress, progress_keywords, PROGRESS_ALWAYS) },
	{ GROUP_MORE, '\0', "stats", NULL,
	  "say at the end what was done, and how",
	  FLAG(stats.stats) },
	{ GROUP_MORE, '\0', "json", NULL,
	  "say it in JSON, and what becomes of each file",
	  FLAG(stats.json), .brief = "say in JSON what becomes of each file" },
	{ GROUP_MORE, '\0', "failed-to", "FILE",
	  "keep the names of sources that fail in FILE, for --files0-from",
	  TEXT(failed_to) },
	{ GROUP_MORE, '\0', "usage", NULL,
	  "show the options in brief, and end",
	  .take = help_usage },
};

const size_t option_count = sizeof option_table / sizeof *option_table;
static_assert(sizeof option_table / sizeof *option_table <= OPTIONS_MOST,
	"struct options has room for each argument");
