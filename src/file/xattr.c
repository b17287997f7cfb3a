/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xattr.c: copy extended attributes by libattr, whose errors come by callbacks.  It
   quotes each name that its message has, and then gives the message.  The callbacks note
   which names these are, and from them comes the step; the text itself is not used.  */
#include "config.h"

#include "file/xattr.h"

#include <attr/error_context.h>
#include <attr/libattr.h>
#include <errno.h>
#include <string.h>

/* What we call the files in calls of libattr: compared by address.  */
static const char source_name[] = "source", dest_name[] = "dest";

/* A copy of attributes, and the names in the message that is being made.  */
struct xattr_copy {
	struct error_context context;	/* must be first */
	const struct metadata_policy *policy;
	struct remarks *remarks;
	bool source, dest;
	const char *other;	/* an attribute, or the file of libattr's rules */
};

static struct xattr_copy *
copy_of(struct error_context *context)
{
	return (struct xattr_copy *) context;
}

static const char *
note_name(struct error_context *context, const char *name)
{
	struct xattr_copy *const copy = copy_of(context);

	if (name == source_name)
		copy->source = true;
	else if (name == dest_name)
		copy->dest = true;
	else
		copy->other = name;
	return name;
}

static void
forget_names(struct error_context *context, const char *name)
{
	struct xattr_copy *const copy = copy_of(context);

	(void) name;
	copy->source = copy->dest = false;
	copy->other = NULL;
}

/* Return the step that failed, by the names in its message.  */
static enum error_step
failed_step(const struct xattr_copy *copy)
{
	if (copy->source)
		return copy->other != NULL ? ERROR_GET_ATTRIBUTE : ERROR_LIST_ATTRIBUTES;
	if (copy->other == NULL)
		return ERROR_ATTRIBUTES;
	return copy->dest ? ERROR_SET_ATTRIBUTE : ERROR_ATTRIBUTE_RULES;
}

/* Add an error with errno to the remarks, if the policy wants that.  */
static void
add_remark(struct xattr_copy *copy)
{
	const struct metadata_policy *const policy = copy->policy;
	const int err = errno;
	const bool unsupported = err == EOPNOTSUPP || err == ENODATA;

	if (!policy->attributes_needed && !policy->attributes_reported
	    && (policy->attributes_quiet || unsupported))
		return;
	copy->remarks->failed = copy->remarks->failed || policy->attributes_needed;
	struct error *const error = remarks_add(copy->remarks, failed_step(copy), err);
	if (error != NULL && copy->other != NULL)
		error_set_name(error, copy->other);
}

__attribute__((format(printf, 2, 3))) static void
take_error(struct error_context *context, const char *format, ...)
{
	(void) format;
	add_remark(copy_of(context));
}

/* Return whether attribute NAME is copied.  */
static int
is_copied(const char *name, struct error_context *context)
{
	return !context_decides(&copy_of(context)->policy->context, name)
		&& attr_copy_check_permissions(name, context);
}

/* Add an error with errno about the source or destination, and about attribute NAME
   unless that is NULL.  */
static void
failed_by_path(struct xattr_copy *copy, bool source, const char *name)
{
	copy->source = source;
	copy->dest = !source;
	copy->other = name;
	add_remark(copy);
	forget_names(&copy->context, NULL);
}

/* Copy the attribute NAME.  Return 0, or -1 with a remark.  */
static int
copy_by_path(struct xattr_copy *copy, const char *name, const struct metadata *meta,
	const struct metadata_target *target)
{
	char value[65536];
	const ssize_t size = openfile_get_attribute(&meta->file, name, value,
						    sizeof value);

	if (size >= 0
	    && openfile_set_attribute(&target->file, name, value, (size_t) size) == 0)
		return 0;
	failed_by_path(copy, size < 0, name);
	return -1;
}

/* Copy all attributes where a file is open by O_PATH, for which libattr has no call.
   Return 0, or -1 with a remark.  */
static int
copy_all_by_path(struct xattr_copy *copy, const struct metadata *meta,
	const struct metadata_target *target)
{
	char list[65536];
	int ret = 0;

	const ssize_t len = openfile_list_attributes(&meta->file, list, sizeof list);
	if (len < 0) {
		failed_by_path(copy, true, NULL);
		return -1;
	}
	for (const char *name = list; name < list + len; name += strlen(name) + 1)
		if (is_copied(name, &copy->context)
		    && copy_by_path(copy, name, meta, target) < 0)
			ret = -1;
	return ret;
}

void
xattr_give(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	struct xattr_copy copy = {
		.context = { .error = take_error, .quote = note_name,
			     .quote_free = forget_names },
		.policy = policy, .remarks = remarks,
	};
	int ret;

	if (meta->file.path_only || target->file.path_only)
		ret = copy_all_by_path(&copy, meta, target);
	else
		ret = attr_copy_fd(source_name, meta->file.fd, dest_name,
				   target->file.fd, is_copied, &copy.context);
	if (ret < 0 && policy->attributes_needed)
		remarks->failed = true;
}

static int
is_lasting(const char *name, struct error_context *context)
{
	return strcmp(name, "security.capability") != 0
		&& attr_copy_check_permissions(name, context);
}

int
xattr_copy_lasting(int to, int from)
{
	return attr_copy_fd("", from, "", to, is_lasting, NULL);
}
