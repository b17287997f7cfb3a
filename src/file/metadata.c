/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metadata.c: what a file is besides its bytes.  All of it is read from and given to open
   files, never names.  libattr and libacl know which attributes are permissions in
   disguise, and where each file system keeps them.  */
#include "config.h"

#include "file/metadata.h"

#include <acl/libacl.h>
#include <attr/error_context.h>
#include <attr/libattr.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/acl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "file/openfile.h"

#define ACL_ATTRIBUTE "system.posix_acl_access"
#define DEFAULT_ACL_ATTRIBUTE "system.posix_acl_default"

enum { SET_ID = S_ISUID | S_ISGID, SPECIAL = SET_ID | S_ISVTX, ALL_BITS = 07777 };

/* ---- what a source has ---- */

/* Take in the names of attributes in LIST, LEN bytes.  */
static void
take_names(const struct metadata_policy *policy, struct metadata *meta, const char *list,
	ssize_t len)
{
	for (const char *name = list; name < list + len; name += strlen(name) + 1)
		if (strcmp(name, ACL_ATTRIBUTE) == 0
		    || strcmp(name, DEFAULT_ACL_ATTRIBUTE) == 0)
			meta->acl = true;
		else if (!context_rules(&policy->context, name))
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
		take_names(policy, &meta, list, len);
	else	/* More than fit; or none can be had, and whoever copies them will say so.  */
		meta.acl = meta.attributes = errno != EOPNOTSUPP && errno != ENOSYS;
	meta.attributes = meta.attributes && policy->attributes;
	return meta;
}

bool
metadata_bequeaths(int fd)
{
	struct openfile dir = openfile_directory(fd, false);
	ssize_t len = openfile_get_attribute(&dir, DEFAULT_ACL_ATTRIBUTE, NULL, 0);

	dir.path_only = len < 0 && errno == EBADF;	/* open by O_PATH */
	if (dir.path_only)
		len = openfile_get_attribute(&dir, DEFAULT_ACL_ATTRIBUTE, NULL, 0);
	return len > 0 || (len < 0 && errno == EACCES);	/* it may */
}

struct context_source
metadata_context_source(const struct metadata *meta)
{
	return (struct context_source) { .fd = meta->file.fd,
					.path_only = meta->file.path_only,
					 .mode = meta->st.st_mode };
}

/* ---- modes ---- */

/* Whether MODE is that of a FIFO, a socket or a device.  As with cp, it is made with
   all of its set-ID and sticky bits, and then has what creation and a change of its
   owner leave of them.  */
static bool
is_special(mode_t mode)
{
	return !S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode);
}

/* The bits that a copy of MODE has in the end, where these aren't kept.  */
static mode_t
final_mode(const struct metadata_policy *policy, mode_t mode)
{
	if (policy->default_mode)
		return (S_ISDIR(mode) || S_ISSOCK(mode) ? 0777 : 0666) & ~policy->umask;
	return mode & 0777 & ~policy->umask;
}

mode_t
metadata_first_mode(const struct metadata_policy *policy, const struct metadata *meta)
{
	const mode_t mode = meta->st.st_mode;

	if (is_special(mode) && !policy->mode)
		return (mode & ALL_BITS & (policy->owner ? ~(mode_t) 0077 : ALL_BITS))
			| (meta->attributes ? 0200 : 0);
	if (policy->owner || policy->mode)
		/* Attributes can be given only to what can be written.  */
		return (mode & 0600) | (meta->attributes ? 0200 : 0);
	if (policy->default_mode)
		return 0666;
	return (mode & 0777) | (meta->attributes ? 0200 : 0);
}

/* The bits of a new directory of MODE that are held back until it is filled.  */
static mode_t
held_back(const struct metadata_policy *policy, mode_t mode)
{
	return mode & (policy->owner || policy->mode ? 0077 : 0022);
}

mode_t
metadata_first_directory_mode(const struct metadata_policy *policy, mode_t mode)
{
	return ((mode & ALL_BITS) & ~held_back(policy, mode)) | 0700;
}

/* ---- giving it ---- */

static struct error *
remark(struct remarks *remarks, enum error_step step, int err, bool failed)
{
	remarks->failed = remarks->failed || failed;
	return remarks_add(remarks, step, err);
}

/* Whether TARGET has the source's owner now; or may not be touched any more.  */
enum owned { OWNED, NOT_OWNED, NOT_OURS };

/* Whether a new file TARGET has the source's owner already, and need not be given what
   some file systems can't give.  Looked up only where that is likely.  */
static bool
is_born_owned(const struct metadata *meta, const struct metadata_target *target)
{
	static uid_t user = (uid_t) -1;
	struct stat now;

	if (user == (uid_t) -1)
		user = geteuid();
	return S_ISREG(meta->st.st_mode) && meta->st.st_uid == user
		&& fstat(target->file.fd, &now) == 0
		&& now.st_uid == meta->st.st_uid && now.st_gid == meta->st.st_gid;
}

static enum owned
give_owner(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	const struct stat *const old = target->old;
	const uid_t uid = meta->st.st_uid;
	const gid_t gid = meta->st.st_gid;

	const struct stat *const now = old != NULL ? old : target->made;
	if (now != NULL ? now->st_uid == uid && now->st_gid == gid
	    : is_born_owned(meta, target))
		return OWNED;
	/* The new owner may be allowed less than the old mode says.  */
	if (old != NULL && policy->mode
	    && ((old->st_mode & ALL_BITS & (~meta->st.st_mode | SPECIAL)) != 0
		|| target->inherits)
	    && openfile_change_mode(&target->file,
			    old->st_mode & meta->st.st_mode & 0700) < 0) {
		/* Whoever owns it will not let us set its times either, and that is
		   told.  */
		remarks->failed = true;
		if ((errno != EPERM && errno != EINVAL) || geteuid() == 0
		    || !policy->times)
			remark(remarks, ERROR_CLEAR_MODE, errno, true);
		return NOT_OURS;
	}
	if (openfile_change_owner(&target->file, uid, gid) == 0)
		return OWNED;
	const int err = errno;
	if (err == EPERM || err == EINVAL) {	/* then perhaps the group alone */
		if (openfile_change_owner(&target->file, (uid_t) -1, gid) < 0)
			errno = err;
		if (geteuid() != 0)
			return NOT_OWNED;
	}
	remark(remarks, ERROR_OWNER, err, true);
	return NOT_OWNED;
}

/* What libattr calls back with; its first member is what libattr knows of it.  */
struct listener {
	struct error_context context;
	const struct metadata_policy *policy;
	struct remarks *remarks;
	const char *attribute;	/* quoted for the next error; NULL: none */
	bool about_dest;	/* the path that was quoted for it is the destination's */
};

/* Paths for libattr, which hands them back to quote_attr; only their addresses matter.  */
static const char source_path[] = "source", dest_path[] = "destination";

/* Note an error of libattr as data: what was quoted just before tells the step.  */
__attribute__((format(printf, 2, 3))) static void
hear_attr(struct error_context *context, const char *format, ...)
{
	struct listener *const listener = (struct listener *) context;
	const struct metadata_policy *const policy = listener->policy;
	const int err = errno;
	const bool unsupported = err == EOPNOTSUPP || err == ENODATA;
	const char *const attribute = listener->attribute;
	const bool about_dest = listener->about_dest || *format == '\0';

	listener->attribute = NULL;
	listener->about_dest = false;
	if (!policy->attributes_needed && !policy->attributes_told
	    && (policy->attributes_quiet || unsupported))
		return;
	struct error *const error = remark(listener->remarks, attribute != NULL
		? (about_dest ? ERROR_SET_ATTRIBUTE : ERROR_GET_ATTRIBUTE)
		: (about_dest ? ERROR_ATTRIBUTES : ERROR_LIST_ATTRIBUTES),
		err, policy->attributes_needed);
	if (error != NULL && attribute != NULL)
		error_set_name(error, attribute);
}

/* Whether attribute NAME is copied: it is neither a permission in disguise nor the
   context, where that comes another way.  */
static int
is_copied(const char *name, struct error_context *context)
{
	const struct listener *const listener = (const struct listener *) context;

	return !context_rules(&listener->policy->context, name)
		&& attr_copy_check_permissions(name, context);
}

/* Nothing is quoted here: remember what the next error is about.  */
static const char *
quote_attr(struct error_context *context, const char *name)
{
	struct listener *const listener = (struct listener *) context;

	if (name == dest_path)
		listener->about_dest = true;
	else if (name != source_path)
		listener->attribute = name;
	return name;
}

static void
free_quoted(struct error_context *context, const char *name)
{
	(void) context, (void) name;
}

/* The same for what is open as a path only, which libattr has no call for.  */
static int
copy_attributes_by_path(const struct metadata *meta, const struct metadata_target *target,
	struct error_context *context)
{
	char list[65536], value[65536];
	int ret = 0;

	const ssize_t len = openfile_list_attributes(&meta->file, list, sizeof list);
	if (len < 0)
		context->error(context, "%s", quote_attr(context, source_path));
	for (const char *name = list; len > 0
	     && name < list + len; name += strlen(name) + 1) {
		if (!is_copied(name, context))
			continue;
		const ssize_t size = openfile_get_attribute(&meta->file, name, value,
							  sizeof value);
		if (size >= 0
		    && openfile_set_attribute(&target->file, name, value,
					    (size_t) size) == 0)
			continue;
		quote_attr(context, name);
		context->error(context, "%s", quote_attr(context, size < 0 ? source_path
							 : dest_path));
		ret = -1;
	}
	return len < 0 ? -1 : ret;
}

static void
give_attributes(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	struct listener listener = {
		.context = { .error = hear_attr, .quote = quote_attr,
			    .quote_free = free_quoted },
		.policy = policy, .remarks = remarks,
	};
	int ret;

	if (meta->file.path_only || target->file.path_only)
		ret = copy_attributes_by_path(meta, target, &listener.context);
	else
		ret = attr_copy_fd(source_path, meta->file.fd, dest_path,
				   target->file.fd, is_copied, &listener.context);
	if (ret < 0 && policy->attributes_needed)
		remarks->failed = true;
}

/* Take away the ACL that a new TARGET may have from its directory.  */
static void
drop_acl(const struct metadata_target *target)
{
	openfile_remove_attribute(&target->file, ACL_ATTRIBUTE);
}

/* Whether ERR says that a file system has no ACLs, as cp understands it.  */
static bool
lacks_acls(int err)
{
	return err == EOPNOTSUPP || err == ENOSYS || err == EINVAL || err == EBUSY;
}

/* What stays of the special bits NOW of a new TARGET that is to have the usual mode.
   cp gives it an ACL, which leaves them alone; where there are no ACLs a mode, which
   doesn't.  */
static mode_t
special_left(const struct metadata_target *target, mode_t now)
{
	const mode_t bits = now & SPECIAL;

	return bits != 0 && openfile_remove_attribute(&target->file, ACL_ATTRIBUTE) < 0
		&& lacks_acls(errno) ? 0 : bits;
}

/* The source's ACL, or one that says what its mode says.  The caller frees it; NULL
   with errno.  */
static acl_t
acl_of(const struct metadata *meta)
{
	const acl_t acl = meta->acl ? acl_get_fd(meta->file.fd) : NULL;

	return acl != NULL || (meta->acl && !lacks_acls(errno)) ? acl
		: acl_from_mode(meta->st.st_mode);
}

enum { ACL_UNREAD = -2 };	/* what is returned where the source's ACL can't be read */

/* Give TARGET the ACL that the source has in ATTRIBUTE, or none where it has none.  0;
   or -1 or ACL_UNREAD with errno.  */
static int
give_acl_attribute(const struct metadata *meta, const struct metadata_target *target,
	const char *attribute)
{
	char acl[65536];
	const ssize_t size = !meta->acl ? 0
		: openfile_get_attribute(&meta->file, attribute, acl, sizeof acl);

	if (size > 0)
		return openfile_set_attribute(&target->file, attribute, acl,
					    (size_t) size);
	if (size < 0 && errno != ENODATA)
		return lacks_acls(errno) ? -1 : ACL_UNREAD;
	return openfile_remove_attribute(&target->file, attribute) == 0
		|| errno == ENODATA ? 0 : -1;
}

/* Give TARGET the source's ACL where libacl would need names in /proc.  0; 1 where
   there are no ACLs, and none is missed; or -1 or ACL_UNREAD with errno.  */
static int
give_acl_of_path(const struct metadata *meta, const struct metadata_target *target)
{
	const int ret = give_acl_attribute(meta, target, ACL_ATTRIBUTE);

	return ret == -1 && !meta->acl && lacks_acls(errno) ? 1 : ret;
}

/* The same where both are open to be read or written.  */
static int
give_acl_of_open(const struct metadata *meta, const struct metadata_target *target)
{
	const acl_t acl = acl_of(meta);

	if (acl == NULL)
		return ACL_UNREAD;
	const int ret = acl_set_fd(target->file.fd, acl);
	const int err = errno;
	const bool none = ret < 0 && lacks_acls(err) && acl_equiv_mode(acl, NULL) == 0;
	acl_free(acl);
	errno = err;
	return none ? 1 : ret;
}

/* Give TARGET the source's ACLs, or none where the source has none; where there are no
   ACLs, only one that says more than a mode is missed.  0; or -1 or ACL_UNREAD with
   errno.  */
static int
give_acl(const struct metadata *meta, const struct metadata_target *target)
{
	const int ret = meta->file.path_only || target->file.path_only
		? give_acl_of_path(meta, target) : give_acl_of_open(meta, target);

	return ret == 0 && S_ISDIR(meta->st.st_mode)
		? give_acl_attribute(meta, target, DEFAULT_ACL_ATTRIBUTE) : ret < 0 ? ret
		: 0;
}

/* A mode could not be set, for the reason in errno.  Whoever owns the file will not let
   us set its times either; where these are wanted, they are told.  */
static void
remark_mode(const struct metadata_policy *policy, struct remarks *remarks)
{
	const enum error_step step = policy->mode ? ERROR_MODE
		: policy->default_mode ? ERROR_DEFAULT_MODE : ERROR_NEW_MODE;

	if (errno == EPERM && geteuid() != 0 && policy->times)
		remarks->failed = true;
	else
		remark(remarks, step, errno, true);
}

/* The source's ACL can't be read, for the reason ERR, and without it the mode may allow
   too much.  A new TARGET has what it was made with, as with cp.  */
static void
do_without_mode(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, int err, struct remarks *remarks)
{
	const mode_t mode = meta->st.st_mode;

	remark(remarks, ERROR_READ_ACL, err, true);
	if (target->old == NULL && !policy->owner)
		openfile_change_mode(&target->file,
			mode & 0777 & ~policy->umask & ~(S_ISDIR(mode) ? 0022u : 0));
}

/* Give TARGET the mode MODE, and what goes with it.  */
static void
give_mode(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, mode_t mode, struct remarks *remarks)
{
	const bool wanted = meta->acl || target->inherits;
	const int given = wanted ? give_acl(meta, target) : 0;
	int err = given < 0 ? errno : 0;

	if (given == ACL_UNREAD) {
		do_without_mode(policy, meta, target, err, remarks);
		return;
	}
	if (openfile_change_mode(&target->file, mode) < 0 && err == 0)
		err = errno;
	if (err == 0)
		return;
	errno = err;
	remark_mode(policy, remarks);
}

/* The mode of a new TARGET, without the permission to write that was added to SOURCE's,
   if it was; else FIRST.  An ACL of its directory may have had a say in the rest.  */
static mode_t
without_added(const struct metadata_target *target, mode_t source, mode_t first)
{
	struct stat st;

	if ((first & 0200) == 0 || (source & 0200) != 0
	    || fstat(target->file.fd, &st) < 0)
		return first;
	return st.st_mode & ALL_BITS & ~0200;
}

/* The mode for a directory TARGET that had the mode MADE when we had made it.  */
static mode_t
directory_mode(const struct metadata_policy *policy, const struct metadata_target *target,
	mode_t mode,
	mode_t made)
{
	if (policy->default_mode)	/* set-group-ID comes from the directory above */
		return final_mode(policy, mode)
			| special_left(target, made & (S_ISGID | S_ISVTX));
	return (made & ALL_BITS & ~0700) | (mode & made & 0700)
		| (held_back(policy, mode) & ~policy->umask);
}

/* The mode for a new special file whose SOURCE had that mode.  FIRST is the mode that
   it was made with, and what it has now is asked for, as the owner's change may have
   taken bits.  */
static mode_t
special_mode(const struct metadata_policy *policy, const struct metadata_target *target,
	mode_t source,
	mode_t first)
{
	const mode_t added = first & ~source & 0200;
	struct stat st;

	const mode_t now = (fstat(target->file.fd, &st) == 0 ? st.st_mode
			    : first) & ALL_BITS;
	if (policy->default_mode)
		return final_mode(policy, source) | special_left(target, now);
	return (now & ~added) | (policy->owner ? source & 0077 & ~policy->umask : 0);
}

/* Give TARGET, which has no owner that would let it have more, those bits of the
   SOURCE's mode that it may have.  A directory that everybody may write to keeps its
   sticky bit.  */
static mode_t
not_owned_mode(const struct metadata_target *target, mode_t source)
{
	const bool sticky = S_ISDIR(source)
		&& (target->old == NULL || (target->old->st_mode & S_ISVTX) != 0);

	return source & ALL_BITS & ~(mode_t) (sticky ? SET_ID : SPECIAL);
}

/* What a new TARGET's mode is to be, if it isn't the SOURCE's; FIRST as above, MADE as in
   metadata_apply.  */
static mode_t
new_mode(const struct metadata_policy *policy, const struct metadata_target *target,
	mode_t source,
	mode_t first, mode_t made)
{
	if (S_ISDIR(source))
		return directory_mode(policy, target, source, made);
	if (is_special(source))
		return special_mode(policy, target, source, first);
	/* It has what its creation gave it, but for what was added or held back.  */
	return policy->owner || policy->default_mode ? final_mode(policy, source)
		: without_added(target, source, first);
}

/* Set the mode if that is wanted, or if it isn't what it will be.  */
static void
settle_mode(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, mode_t made, bool owned,
	struct remarks *remarks)
{
	const mode_t source = meta->st.st_mode;

	if (policy->mode) {
		give_mode(policy, meta, target, owned ? source & ALL_BITS
			  : not_owned_mode(target, source), remarks);
		return;
	}
	if (target->old != NULL)
		return;
	const mode_t first = S_ISDIR(source) ? (made & ALL_BITS) | 0700
		: metadata_first_mode(policy, meta) & ~policy->umask;
	if (policy->default_mode && target->inherits)
		drop_acl(target);
	const mode_t mode = new_mode(policy, target, source, first, made);
	if ((mode != first || (policy->default_mode && target->inherits))
	    && openfile_change_mode(&target->file, mode) < 0)
		remark_mode(policy, remarks);
}

static void
give_times(const struct stat *source, const struct openfile *target,
	struct remarks *remarks)
{
	const struct timespec times[2] = { source->st_atim, source->st_mtim };

	if (openfile_change_times(target, times) < 0)
		remark(remarks, ERROR_TIMES, errno, true);
}

/* Where times can't be kept, cp ends there and says no more: leave that alone.  */
static void
tell_as_cp(struct remarks *remarks)
{
	for (unsigned i = 0; i < remarks->count; i++)
		if (remarks->errors[i].step == ERROR_TIMES) {
			remarks->errors[0] = remarks->errors[i];
			remarks->count = 1;
		}
}

void
metadata_apply(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, mode_t made, struct remarks *remarks)
{
	const enum owned owned = policy->owner
		? give_owner(policy, meta, target, remarks) : OWNED;

	if (S_ISLNK(meta->st.st_mode) && owned == NOT_OWNED && remarks->failed)
		return;		/* cp stops there, too */
	/* FUSE may write what it holds back only now; and a write takes capabilities
	   away.  */
	if (meta->attributes && S_ISREG(meta->st.st_mode) && policy->times)
		openfile_change_times(&target->file, (const struct timespec [2]) {
			meta->st.st_atim, meta->st.st_mtim });
	if (meta->attributes && owned != NOT_OURS)
		give_attributes(policy, meta, target, remarks);
	if (!S_ISLNK(meta->st.st_mode) && owned != NOT_OURS)
		settle_mode(policy, meta, target, made, owned == OWNED, remarks);
	if (policy->times)
		give_times(&meta->st, &target->file, remarks);
	tell_as_cp(remarks);
}

/* ---- what replaces a file, for --atomic ---- */

/* Whether attribute NAME outlives a write to the file.  */
static int
outlives_write(const char *name, struct error_context *context)
{
	return strcmp(name, "security.capability") != 0
		&& attr_copy_check_permissions(name, context);
}

static bool
has_acl(int fd)
{
	return fgetxattr(fd, ACL_ATTRIBUTE, NULL, 0) > 0;
}

int
metadata_adopt(int to, int from, struct error *error)
{
	struct stat old, new;

	if (fstat(from, &old) < 0 || fstat(to, &new) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid)
	    && fchown(to, old.st_uid, old.st_gid) < 0)
		return error_set(error, ERROR_KEEP_OWNER, errno);
	if (attr_copy_fd("", from, "", to, outlives_write, NULL) < 0)
		return error_set(error, ERROR_KEEP_ATTRIBUTES, errno);
	/* On FUSE an ACL may be an attribute that the mode doesn't follow.  */
	const bool plain = !has_acl(from) && !has_acl(to);
	if (plain ? fchmod(to, old.st_mode & ALL_BITS) < 0
	    : perm_copy_fd("", from, "", to, NULL) < 0)
		return error_set(error, ERROR_KEEP_MODE, errno);
	if ((old.st_mode & (S_ISUID | S_ISGID)) != 0 && geteuid() != 0
	    && fchmod(to, old.st_mode & 01777) < 0)
		return error_set(error, ERROR_KEEP_MODE, errno);
	return 0;
}
