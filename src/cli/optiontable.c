/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optiontable.c: every option, a row each.  doc/contributing.md says how to add one.  */
#include "config.h"

#include <assert.h>
#include <stdint.h>

#include "base/locale.h"
#include "cli/help.h"
#include "cli/option.h"
#include "cli/options.h"
#include "cli/take.h"
#include "engine/hash.h"

/* Where FIELD is in struct options, if it is of TYPE; else this doesn't compile.  */
#define AT(type, field) .at = _Generic(((struct options *) NULL)->field, \
	type: offsetof(struct options, field))

/* What an option does, as the end of its row.  */
#define FLAG(field)		.take = take_flag, AT(bool, field)
#define TEXT(field)		.take = take_text, AT(const char *, field)
#define SIZE(field)		.take = take_size, AT(uint64_t, field), .late = true
#define RATE(field)		.take = take_rate, AT(uint64_t, field), .late = true
#define CHOICE(field, choice)	.take = take_value, AT(unsigned, field), .value = choice
#define WORD(field, words)	.take = take_word, AT(unsigned, field), .keywords = words
#define WORD_OR(field, words, otherwise) \
	WORD(field, words), .value = otherwise, .optional = true

/* ---- what arguments may be ---- */

static const struct keyword update_keywords[] = {
	{ "all", UPDATE_ALL }, { "none", UPDATE_NONE }, { "none-fail", UPDATE_NONE_FAIL },
	{ "older", UPDATE_OLDER }, { "changed", UPDATE_CHANGED },
	{ "checksum", UPDATE_CONTENT }, { "content", UPDATE_CONTENT }, { NULL, 0 },
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

static const struct keyword verify_keywords[] = {
	{ "read", VERIFY_READ }, { "device", VERIFY_DEVICE }, { NULL, 0 },
};

/* The table of engines has their names.  */
#define ENGINE_KEYWORD(ID, id, word, moved, shared) { #id, TAKE_ENGINE(ID) },
static const struct keyword engine_keywords[] = {
	{ "auto", TAKE_ENGINE_AUTO }, ENGINE_TABLE(ENGINE_KEYWORD) { NULL, 0 },
};

static const struct keyword progress_keywords[] = {
	{ "auto", PROGRESS_AUTO }, { "always", PROGRESS_ALWAYS },
	{ "plain", PROGRESS_PLAIN }, { "never", PROGRESS_NEVER }, { NULL, 0 },
};

static const struct keyword hash_keywords[] = {
	{ "xxh128", HASH_XXH128 }, { "sha256", HASH_SHA256 }, { "blake2b", HASH_BLAKE2B },
	{ NULL, 0 },
};

static const struct keyword status_keywords[] = { { "json", STATUS_JSON }, { NULL, 0 } };

static const struct keyword help_keywords[] = { { "all", 0 }, { NULL, 0 } };

/* ---- the options ---- */

const char *const option_titles[OPTION_GROUPS] = {
	[GROUP_CHOOSING] = N_("Choosing files:"),
	[GROUP_KEEPING] = N_("What is kept:"),
	[GROUP_DESTINATION] = N_("Destination:"),
	[GROUP_SAFETY] = N_("Safety:"),
	[GROUP_SPEED] = N_("Speed:"),
	[GROUP_TELLING] = N_("Progress and reports:"),
};

const struct option option_table[] = {
	{ GROUP_CHOOSING, 'a', "archive", NULL,
	  N_("copy directories and keep everything: -dR --preserve=all"),
	  .take = take_archive },
	{ GROUP_CHOOSING, 'r', "recursive", NULL,
	  N_("copy directories and everything in them"),
	  FLAG(entry.recursive) },
	{ GROUP_CHOOSING, 'R', NULL, NULL,
	  N_("the same"),
	  FLAG(entry.recursive), .rare = true,
	  .brief = "copy directories and everything in them" },
	{ GROUP_CHOOSING, 'x', "one-file-system", NULL,
	  N_("stay on the file system of each SOURCE"),
	  FLAG(tree.one_file_system) },
	{ GROUP_CHOOSING, 'L', "dereference", NULL,
	  N_("copy what symbolic links point to"),
	  CHOICE(entry.dereference, DEREFERENCE_ALWAYS) },
	{ GROUP_CHOOSING, 'P', "no-dereference", NULL,
	  N_("copy symbolic links as links"),
	  CHOICE(entry.dereference, DEREFERENCE_NEVER) },
	{ GROUP_CHOOSING, 'H', NULL, NULL,
	  N_("follow symbolic links only where they are SOURCEs"),
	  CHOICE(entry.dereference, DEREFERENCE_OPERANDS), .rare = true },
	{ GROUP_CHOOSING, '\0', "copy-contents", NULL,
	  N_("with -r, read pipes and devices like files"),
	  FLAG(entry.copy_contents), .rare = true },
	{ GROUP_CHOOSING, 'u', NULL, NULL,
	  N_("copy only what is newer than its copy: --update=older"),
	  CHOICE(entry.update, UPDATE_OLDER) },
	{ GROUP_CHOOSING, '\0', "update", N_("WHICH"),
	  N_("which existing files to replace: all, none, none-fail (each is an "
	     "error), older (default when WHICH is omitted), changed (in size or time), "
	     "checksum (in content)"),
	  WORD_OR(entry.update, update_keywords, UPDATE_OLDER) },
	{ GROUP_CHOOSING, '\0', "exclude", N_("PATTERN"),
	  N_("leave out what PATTERN matches: names, or paths if it has a slash"),
	  .take = take_pattern, .value = TAKE_EXCLUDED, .repeats = true, .ours = true },
	{ GROUP_CHOOSING, '\0', "include", N_("PATTERN"),
	  N_("copy what PATTERN matches, whatever later patterns say"),
	  .take = take_pattern, .value = TAKE_INCLUDED, .repeats = true, .ours = true },
	{ GROUP_CHOOSING, '\0', "exclude-from", N_("FILE"),
	  N_("leave out what the patterns in FILE match, one a line"),
	  .take = take_exclude_from, .repeats = true, .ours = true },
	{ GROUP_CHOOSING, '\0', "files-from", N_("FILE"),
	  N_("read SOURCEs from FILE, one a line"),
	  .take = take_files_from, AT(const char *, files0_from), .value = '\n',
	  .ours = true },
	{ GROUP_CHOOSING, '\0', "files0-from", N_("FILE"),
	  N_("the same, with a NUL after each name"),
	  .take = take_files_from, AT(const char *, files0_from), .value = '\0',
	  .ours = true, .brief = "read SOURCEs from FILE, with a NUL after each name" },

	{ GROUP_KEEPING, 'p', NULL, NULL,
	  N_("keep mode, ownership and timestamps"),
	  .take = take_preserve },
	{ GROUP_KEEPING, '\0', "preserve", N_("LIST"),
	  N_("what to keep: mode, ownership, timestamps (these three when LIST is "
	     "omitted), links, xattr, context, all"),
	  .take = take_preserve, .keywords = preserve_keywords, .optional = true },
	{ GROUP_KEEPING, '\0', "no-preserve", N_("LIST"),
	  N_("what not to keep"),
	  .take = take_no_preserve, .keywords = preserve_keywords, .rare = true },
	{ GROUP_KEEPING, 'd', NULL, NULL,
	  N_("the same as -P --preserve=links"),
	  .take = take_d, .rare = true },
	{ GROUP_KEEPING, '\0', "sparse", N_("WHEN"),
	  N_("when to make holes: auto (where the source has some), always (also for "
	     "zeros), never"),
	  WORD(copy.plan.sparse, sparse_keywords) },
	{ GROUP_KEEPING, '\0', "attributes-only", NULL,
	  N_("copy attributes, but no content"),
	  FLAG(copy.attributes_only), .rare = true },
	{ GROUP_KEEPING, 'Z', NULL, NULL,
	  N_("set the SELinux context that is usual at the destination"),
	  .take = take_context, AT(const char *, context), .rare = true },
	{ GROUP_KEEPING, '\0', "context", N_("CTX"),
	  N_("the same, or set the context CTX"),
	  .take = take_context, AT(const char *, context), .optional = true, .rare = true,
	  .brief = "set the SELinux context" },

	{ GROUP_DESTINATION, 't', "target-directory", N_("DIRECTORY"),
	  N_("copy all SOURCEs into DIRECTORY"),
	  .take = take_target_directory, .other = 'T' },
	{ GROUP_DESTINATION, 'T', "no-target-directory", NULL,
	  N_("take DEST as the copy's name, even if it is a directory"),
	  FLAG(operands.no_target_directory), .other = 't' },
	{ GROUP_DESTINATION, '\0', "parents", NULL,
	  N_("keep the directories in SOURCE's name, below DIRECTORY"),
	  FLAG(operands.parents) },
	{ GROUP_DESTINATION, '\0', "path", NULL,
	  N_("the same, as cp once called it"),
	  FLAG(operands.parents), .hidden = true },
	{ GROUP_DESTINATION, 'l', "link", NULL,
	  N_("make hard links instead of copies"),
	  FLAG(entry.link), .other = 's' },
	{ GROUP_DESTINATION, 's', "symbolic-link", NULL,
	  N_("make symbolic links instead of copies"),
	  FLAG(entry.symbolic_link), .other = 'l' },
	{ GROUP_DESTINATION, 'f', "force", NULL,
	  N_("remove an existing file that can't be opened, and try again"),
	  FLAG(copy.dest.force) },
	{ GROUP_DESTINATION, '\0', "remove-destination", NULL,
	  N_("remove existing files instead of overwriting them"),
	  FLAG(entry.remove_destination), .rare = true },
	{ GROUP_DESTINATION, '\0', "keep-directory-symlink", NULL,
	  N_("follow existing symbolic links to directories"),
	  FLAG(entry.keep_directory_symlink), .rare = true },
	{ GROUP_DESTINATION, '\0', "strip-trailing-slashes", NULL,
	  N_("remove slashes from the end of each SOURCE"),
	  FLAG(operands.strip_trailing_slashes), .rare = true },

	{ GROUP_SAFETY, 'i', "interactive", NULL,
	  N_("ask before replacing a file"),
	  .take = take_interactive, .other = 'n' },
	{ GROUP_SAFETY, 'n', "no-clobber", NULL,
	  N_("leave existing files alone"),
	  .take = take_no_clobber, .other = 'i' },
	{ GROUP_SAFETY, 'N', "dry-run", NULL,
	  N_("show what would be done, and change nothing"),
	  FLAG(entry.dry_run), .ours = true },
	{ GROUP_SAFETY, '\0', "backup", N_("CONTROL"),
	  N_("keep what is replaced under another name: numbered (t), simple (never), "
	     "existing (nil: numbered if there are such backups), none (off)"),
	  .take = take_backup, AT(bool, backup), .keywords = backup_keywords,
	  .optional = true },
	{ GROUP_SAFETY, 'b', NULL, NULL,
	  N_("the same as --backup without CONTROL"),
	  FLAG(backup),
	  .brief = "keep what is replaced under another name" },
	{ GROUP_SAFETY, 'S', "suffix", N_("SUFFIX"),
	  N_("end simple backups' names with SUFFIX instead of ~"),
	  .take = take_suffix, .rare = true },
	{ GROUP_SAFETY, '\0', "atomic", NULL,
	  N_("replace each file in one step, by a complete copy"),
	  FLAG(copy.dest.atomic), .ours = true },
	{ GROUP_SAFETY, '\0', "verify", N_("HOW"),
	  N_("compare each copy with its source, and name it only if it is right: read "
	     "back from the device (default when HOW is omitted), or only read"),
	  WORD_OR(copy.plan.verify, verify_keywords, VERIFY_DEVICE), .ours = true,
	  .brief = "compare each copy with its source before it is named" },
	{ GROUP_SAFETY, '\0', "partial", NULL,
	  N_("keep what can be read of a file that fails, with holes for the rest"),
	  FLAG(copy.partial), .ours = true, .rare = true },
	{ GROUP_SAFETY, '\0', "resume", NULL,
	  N_("go on where the same command was interrupted, also inside a large file"),
	  FLAG(copy.dest.resume), .ours = true },
	{ GROUP_SAFETY, '\0', "fsync", NULL,
	  N_("wait until everything is on the device"),
	  FLAG(copy.dest.fsync), .ours = true },
	{ GROUP_SAFETY, '\0', "manifest", N_("FILE"),
	  N_("write a hash of each copy to FILE, for xxhsum -c and its like"),
	  TEXT(manifest), .ours = true },
	{ GROUP_SAFETY, '\0', "manifest-algorithm", N_("HASH"),
	  N_("by which hash: xxh128, sha256, blake2b"),
	  WORD(manifest_algorithm, hash_keywords), .ours = true, .rare = true,
	  .brief = "the hash for --manifest" },

	{ GROUP_SPEED, 'j', "jobs", N_("N"),
	  N_("use N processes (default: one for each processor)"),
	  .take = take_jobs, AT(unsigned, copy.plan.jobs), .late = true, .ours = true },
	{ GROUP_SPEED, '\0', "mpi", NULL,
	  N_("copy on all machines where mpirun has started this command"),
	  FLAG(mpi), .ours = true, .rare = true },
	{ GROUP_SPEED, '\0', "reflink", N_("WHEN"),
	  N_("share blocks with the source: auto (where possible), always (or fail; "
	     "default when WHEN is omitted), never"),
	  WORD_OR(copy.plan.reflink, reflink_keywords, REFLINK_ALWAYS) },
	{ GROUP_SPEED, '\0', "bwlimit", N_("RATE"),
	  N_("copy at most RATE bytes per second: 10M, 1.5G"),
	  RATE(bwlimit), .ours = true },
	{ GROUP_SPEED, '\0', "nocache", NULL,
	  N_("leave the page cache as it was before"),
	  FLAG(copy.plan.nocache), .ours = true },
	{ GROUP_SPEED, '\0', "direct", NULL,
	  N_("copy large files past the page cache (O_DIRECT)"),
	  FLAG(copy.plan.direct), .ours = true, .rare = true },
	{ GROUP_SPEED, '\0', "chunk-size", N_("SIZE"),
	  N_("what a worker takes at a time (default: 4M)"),
	  SIZE(copy.plan.chunk_size), .ours = true, .rare = true },
	{ GROUP_SPEED, '\0', "engine", N_("ENGINE"),
	  N_("how to copy: auto, reflink, direct, mmap, kernel, hugetlb, stream"),
	  .take = take_engine, AT(const struct engine *, copy.plan.engine),
	  .keywords = engine_keywords, .ours = true, .rare = true },

	{ GROUP_TELLING, 'v', "verbose", NULL,
	  N_("print each file and its copy"),
	  FLAG(entry.verbose) },
	{ GROUP_TELLING, 'g', NULL, NULL,
	  N_("show progress at once: --progress=always"),
	  CHOICE(progress, PROGRESS_ALWAYS), .ours = true },
	{ GROUP_TELLING, '\0', "progress", N_("WHEN"),
	  N_("show progress: auto (on a terminal, after a second), always (default "
	     "when WHEN is omitted), plain (in ASCII), never"),
	  WORD_OR(progress, progress_keywords, PROGRESS_ALWAYS), .ours = true },
	{ GROUP_TELLING, '\0', "status", N_("FORM"),
	  N_("show what running copies do, perhaps as json, and exit"),
	  WORD_OR(status, status_keywords, STATUS_TEXT), .ours = true },
	{ GROUP_TELLING, '\0', "stats", NULL,
	  N_("print a summary at the end"),
	  FLAG(stats.stats), .ours = true },
	{ GROUP_TELLING, '\0', "json", NULL,
	  N_("print what becomes of each file as JSON"),
	  FLAG(stats.json), .ours = true },
	{ GROUP_TELLING, '\0', "failed-to", N_("FILE"),
	  N_("write the names of failed sources to FILE, for --files0-from"),
	  TEXT(failed_to), .ours = true },
	{ GROUP_TELLING, '\0', "log-file", N_("FILE"),
	  N_("append a line to FILE for everything that is done or fails"),
	  TEXT(log_file), .ours = true },
	{ GROUP_TELLING, '\0', "debug", NULL,
	  N_("print how each file was copied, and why; implies -v"),
	  FLAG(entry.debug), .rare = true },
	{ GROUP_TELLING, '\0', "help", N_("WHAT"),
	  N_("show this help, or every option with --help=all"),
	  .take = help_options, .keywords = help_keywords, .optional = true,
	  .brief = "show the options, and exit" },
	{ GROUP_TELLING, '\0', "usage", NULL,
	  N_("show the options in brief, and exit"),
	  .take = help_usage, .ours = true, .rare = true },
	{ GROUP_TELLING, '\0', "version", NULL,
	  N_("show the version, and exit"),
	  .take = help_version },
};

const size_t option_count = sizeof option_table / sizeof *option_table;
static_assert(sizeof option_table / sizeof *option_table <= OPTIONS_MOST,
	"struct options has room for each argument");
