/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreign.c: what is called otherwise by rsync, xcp, pv and others.  Only what does the
   same here is in these tables.  */
#include "config.h"

#include "cli/foreign.h"

#include <string.h>

struct name {
	const char *theirs, *ours;
};

static const struct name options[] = {
	{ "acls", "preserve=mode" },
	{ "checksum", "update=checksum" },
	{ "copy-links", "dereference" },
	{ "drop-cache", "nocache" },
	{ "from0", "files0-from" },
	{ "group", "preserve=ownership" },
	{ "hard-links", "preserve=links" },
	{ "ignore-existing", "update=none" },
	{ "keep-dirlinks", "keep-directory-symlink" },
	{ "limit-rate", "bwlimit" },
	{ "links", "no-dereference" },
	{ "no-overwrite", "no-clobber" },
	{ "no-progress", "progress=never" },
	{ "owner", "preserve=ownership" },
	{ "parallel", "jobs" },
	{ "perms", "preserve=mode" },
	{ "rate-limit", "bwlimit" },
	{ "relative", "parents" },
	{ "skip-existing", "update=none" },
	{ "threads", "jobs" },
	{ "times", "preserve=timestamps" },
	{ "workers", "jobs" },
	{ "xattrs", "preserve=xattr" },
};

/* One word may have several meanings: the option has one of them.  */
static const struct name words[] = {
	{ "acl", "mode" },
	{ "clone", "reflink" },
	{ "copy_file_range", "kernel" },
	{ "hash", "checksum" },
	{ "never", "none" },
	{ "newer", "older" },
	{ "no", "never" },
	{ "no", "none" },
	{ "none", "never" },
	{ "off", "never" },
	{ "on", "always" },
	{ "owner", "ownership" },
	{ "permissions", "mode" },
	{ "times", "timestamps" },
	{ "yes", "always" },
};

const char *
foreign_option(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strlen(options[i].theirs) == len
		    && strncmp(options[i].theirs, name, len) == 0)
			return options[i].ours;
	return NULL;
}

const char *
foreign_word(const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].theirs, word) == 0 && n-- == 0)
			return words[i].ours;
	return NULL;
}
