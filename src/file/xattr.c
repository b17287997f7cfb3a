/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xattr.c: copy extended attributes, with the errors that libattr's attr_copy_fd would
   give.  From libattr come only the rules of /etc/xattr.conf.  */
#include "config.h"

#include "file/xattr.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#ifdef HAVE_LIBATTR
# include <attr/error_context.h>
# include <attr/libattr.h>
#else
struct error_context {
	char unused;
};
#endif

/* A copy of attributes.  */
struct xattr_copy {
	struct error_context context;	/* must be first */
	const struct metadata_policy *policy;
	struct remarks *remarks;
	const char *rules;	/* the file of libattr's rules */
	int failed;		/* the errno of what failed last, or 0 */
};

/* Add an error ERR at STEP, about attribute or file NAME unless that is NULL, to the
   remarks, if the policy wants that.  */
static void
add_remark(struct xattr_copy *copy, enum error_step step, const char *name, int err)
{
	const struct metadata_policy *const policy = copy->policy;
	const bool unsupported = err == EOPNOTSUPP || err == ENODATA;

	if (!policy->attributes_needed && !policy->attributes_reported
	    && (policy->attributes_quiet || unsupported))
		return;
	copy->remarks->failed = copy->remarks->failed || policy->attributes_needed;
	struct error *const error = remarks_add(copy->remarks, step, err);
	if (error != NULL && name != NULL)
		error_set_name(error, name);
}

/* Note that STEP failed with errno.  */
static void
note_failure(struct xattr_copy *copy, enum error_step step, const char *name)
{
	copy->failed = errno;
	if (copy->remarks != NULL)
		add_remark(copy, step, name, copy->failed);
}

/* ---- which attributes are copied ---- */

#ifdef HAVE_LIBATTR
static const char *
note_rules(struct error_context *context, const char *name)
{
	((struct xattr_copy *) context)->rules = name;
	return name;
}

static void
forget_rules(struct error_context *context, const char *name)
{
	(void) context, (void) name;
}

/* The rules can't be read; all is copied then.  */
__attribute__((format(printf, 2, 3))) static void
take_error(struct error_context *context, const char *format, ...)
{
	struct xattr_copy *const copy = (struct xattr_copy *) context;

	(void) format;
	if (copy->remarks != NULL)
		add_remark(copy, ERROR_ATTRIBUTE_RULES, copy->rules, errno);
}

# define RULES { .error = take_error, .quote = note_rules, .quote_free = forget_rules }
#else
# define RULES { 0 }

/* As libattr's, by the rules that come with it.  */
static int
attr_copy_check_permissions(const char *name, struct error_context *context)
{
	static const char *const others[] = {
		"system.nfs4_acl", "system.nfs4acl", "system.posix_acl_access",
		"system.posix_acl_default", "trusted.SGI_ACL_DEFAULT",
		"trusted.SGI_ACL_FILE", "trusted.SGI_CAP_FILE", "trusted.SGI_DMI_*",
		"trusted.SGI_MAC_FILE", "xfsroot.*", "user.Beagle.*", "security.evm",
		"afs.*",
	};

	(void) context;
	for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
		if (fnmatch(others[i], name, 0) == 0)
			return 0;
	return 1;
}
#endif

/* Return whether attribute NAME is copied: to a copy, or if there is no policy, to a file
   that takes another's place and will be written to.  */
static bool
is_copied(struct xattr_copy *copy, const char *name)
{
	const bool others = copy->policy != NULL
		? context_decides(&copy->policy->context, name)
		: strcmp(name, "security.capability") == 0;

	return !others && attr_copy_check_permissions(name, &copy->context);
}

/* ---- copying ---- */

/* Copy the attribute NAME.  Return false if TO takes no attributes.  */
static bool
copy_one(struct xattr_copy *copy, const char *name, const struct openfile *from,
	const struct openfile *to, bool *unsupported)
{
	char value[65536];
	const ssize_t size = openfile_get_attribute(from, name, value, sizeof value);

	if (size < 0)
		note_failure(copy, ERROR_GET_ATTRIBUTE, name);
	else if (openfile_set_attribute(to, name, value, (size_t) size) == 0)
		return true;
	else if (errno == EOPNOTSUPP)
		*unsupported = true;
	else if (errno == ENOSYS) {
		note_failure(copy, ERROR_ATTRIBUTES, NULL);
		return false;
	} else
		note_failure(copy, ERROR_SET_ATTRIBUTE, name);
	return true;
}

/* Copy all attributes that are to be copied.  */
static void
copy_all(struct xattr_copy *copy, const struct openfile *from, const struct openfile *to)
{
	char list[65536];
	bool unsupported = false;
	const ssize_t len = openfile_list_attributes(from, list, sizeof list);

	if (len < 0) {
		if (errno != ENOSYS && errno != EOPNOTSUPP)
			note_failure(copy, ERROR_LIST_ATTRIBUTES, NULL);
		return;
	}
	for (const char *name = list; name < list + len; name += strlen(name) + 1)
		if (is_copied(copy, name)
		    && !copy_one(copy, name, from, to, &unsupported))
			break;
	if (unsupported) {
		errno = EOPNOTSUPP;
		note_failure(copy, ERROR_ATTRIBUTES, NULL);
	}
}

void
xattr_give(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	struct xattr_copy copy = { .context = RULES, .policy = policy,
				   .remarks = remarks };

	copy_all(&copy, &meta->file, &target->file);
	if (copy.failed != 0 && policy->attributes_needed)
		remarks->failed = true;
}

int
xattr_copy_lasting(int to, int from)
{
	struct xattr_copy copy = { .context = RULES };

	copy_all(&copy, &OPENFILE(from), &OPENFILE(to));
	errno = copy.failed;
	return copy.failed == 0 ? 0 : -1;
}
