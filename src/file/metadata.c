/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metadata.c: what a source has besides its bytes.  It is read from the open file, never
   by name.  */
#include "config.h"

#include "file/metadata.h"

#include <errno.h>
#include <string.h>

#include "file/posixacl.h"

/* Note what the attributes in LIST, LEN bytes, say of META.  */
static void
note_attributes(const struct metadata_policy *policy, struct metadata *meta,
	const char *list, ssize_t len)
{
	for (const char *name = list; name < list + len; name += strlen(name) + 1)
		if (posixacl_is_attribute(name))
			meta->acl = true;
		else if (!context_decides(&policy->context, name))
			meta->attributes = true;
}

struct metadata
metadata_read(const struct metadata_policy *policy, const struct openfile *source,
	const struct stat *st)
{
	struct metadata meta = { .file = *source, .st = *st };
	char list[1024];

	if (!policy->attributes && (!policy->mode || S_ISLNK(st->st_mode)))
		return meta;
	const ssize_t len = openfile_list_attributes(source, list, sizeof list);
	if (len >= 0)
		note_attributes(policy, &meta, list, len);
	else	/* They don't fit, or can't be read: copying them will fail.  */
		meta.acl = meta.attributes = errno != EOPNOTSUPP && errno != ENOSYS;
	meta.attributes = meta.attributes && policy->attributes;
	return meta;
}

struct context_source
metadata_context_source(const struct metadata *meta)
{
	return (struct context_source) { .fd = meta->file.fd,
					 .path_only = meta->file.path_only,
					 .mode = meta->st.st_mode };
}
