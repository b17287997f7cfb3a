/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survey.c: walk ahead of the copy, in a process of its own, and add up what it has to
   do.  What it can't know leaves the forecast open.  */
#include "config.h"

#include "tree/survey.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/mounts.h"
#include "file/outcome.h"
#include "tree/overwrite.h"
#include "tree/selection.h"

/* No deeper than this: each level has two descriptors.  */
enum { DEPTH_MOST = 200 };

struct search {
	const struct survey *survey;
	struct forecast *forecast;
	struct mounts mounts;
	struct fileset *linked;	/* files with several names that were found */
	struct timespec began;	/* what has changed since then is our own copy */
	const char *root;	/* the operand's name */
	struct stat dest;	/* of the operand's copy, if it exists */
	bool open;		/* there may be more than is found */
};

/* A directory on the way, and those above it.  */
struct place {
	const struct place *above;
	const char *path;	/* as it would be displayed */
	struct stat st;
	int fd, dest;		/* the copy, or -1: it doesn't exist */
	unsigned depth;
};

/* ---- files ---- */

/* Return whether SOURCE isn't copied, since PATH below AT stays.  */
static bool
stays(const struct search *search, const struct stat *source, int at, const char *path)
{
	struct entry entry = { .pair = { .dest_at = at, .dest = path },
			       .source = *source };

	return search->survey->session->policy->update != UPDATE_ALL
		&& fstatat(at, path, &entry.dest, 0) == 0
		&& !inode_changed_since(&entry.dest, &search->began)
		&& overwrite_stays(search->survey->session, &entry);
}

/* Return whether ST is another name of a file that was found.  */
static bool
is_link(const struct search *search, const struct stat *st)
{
	if (!search->survey->session->policy->preserve_links || st->st_nlink <= 1)
		return false;
	if (fileset_has(search->linked, st, ""))
		return true;
	fileset_add(search->linked, st, "");
	return false;
}

/* Count the file ST, whose copy is PATH below AT (-1: there is no such directory).  */
static void
count_file(struct search *search, const struct stat *st, int at, const char *path)
{
	const struct session *const session = search->survey->session;

	if (session->policy->link || session->policy->symbolic_link
	    || (!S_ISREG(st->st_mode) && !session->policy->copy_contents)
	    || (at != -1 && stays(search, st, at, path)) || is_link(search, st))
		return;
	search->forecast->files++;
	search->forecast->bytes += outcome_expect(session->copy, st);
}

/* ---- directories ---- */

/* Return whether PLACE, just opened, is to be searched.  */
static bool
may_search(struct search *search, struct place *place)
{
	const struct place *const above = place->above;

	if (fstat(place->fd, &place->st) < 0 || inode_is_same(&place->st, &search->dest))
		return false;
	for (const struct place *p = above; p != NULL; p = p->above)
		if (inode_is_same(&p->st, &place->st))
			return false;
	if (above != NULL && above->st.st_dev == place->st.st_dev)
		return true;
	if (above != NULL && search->survey->policy->one_file_system)
		return false;
	if (mounts_affect(&search->mounts, place->path, false)) {
		search->open = true;
		return false;
	}
	return true;
}

static void
search_directory(struct search *search, int at, const char *name, struct place place,
	int dest_at, const char *dest);

/* Deal with NAME in PLACE, of TYPE (DT_...), whose path is PATH.  */
static void
take(struct search *search, const struct place *place, const char *name,
	unsigned char type, const char *path)
{
	const struct session *const session = search->survey->session;
	const bool follow = session->policy->dereference == DEREFERENCE_ALWAYS;
	struct stat st = { .st_mode = S_IFDIR };

	if ((type == DT_LNK && !follow)
	    || (type != DT_DIR && fstatat(place->fd, name, &st, follow ? 0
					  : AT_SYMLINK_NOFOLLOW) < 0)
	    || selection_excludes(search->survey->policy, path, search->root,
				  S_ISDIR(st.st_mode)))
		return;
	if (!S_ISDIR(st.st_mode)) {
		if (!S_ISLNK(st.st_mode))
			count_file(search, &st, place->dest, name);
		return;
	}
	search_directory(search, place->fd, name, (struct place) {
		.above = place, .path = path, .depth = place->depth + 1 },
		place->dest, name);
}

/* Search directory NAME below AT, as PLACE says, whose copy is DEST below DEST_AT.  */
static void
search_directory(struct search *search, int at, const char *name, struct place place,
	int dest_at, const char *dest)
{
	const bool looks = search->survey->session->policy->update != UPDATE_ALL;
	const struct dirent *entry;
	DIR *dir;

	if (place.depth >= DEPTH_MOST) {
		search->open = true;
		return;
	}
	place.fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place.fd < 0 || (dir = fdopendir(place.fd)) == NULL) {
		search->open = search->open || errno == EMFILE || errno == ENOMEM;
		close(place.fd);
		return;
	}
	place.dest = !looks || dest_at == -1 ? -1
		: openat(dest_at, dest, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const bool may = may_search(search, &place);
	while (may && (entry = readdir(dir)) != NULL) {
		char *path;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0
		    && asprintf(&path, "%s/%s", place.path, entry->d_name) >= 0) {
			take(search, &place, entry->d_name, entry->d_type, path);
			free(path);
		}
		forecast_rest();
	}
	if (place.dest >= 0)
		close(place.dest);
	closedir(dir);
}

/* ---- operands ---- */

/* Search operand PAIR.  */
static void
search_operand(struct search *search, const struct pathpair *pair)
{
	const struct survey *const survey = search->survey;
	struct stat st;

	search->root = pair->source_name;
	if (selection_excludes_operand(survey->policy, pair)
	    || fstatat(pair->source_at, pair->source, &st,
		       pair->follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
		return;
	search->dest = (struct stat) { .st_ino = 0 };
	if (!mounts_affect(&search->mounts, pair->dest_name, false))
		fstatat(pair->dest_at, pair->dest, &search->dest, 0);
	if (S_ISDIR(st.st_mode) && survey->session->policy->recursive)
		search_directory(search, pair->source_at, pair->source, (struct place) {
			.path = pair->source_name }, pair->dest_at, pair->dest);
	else if (S_ISREG(st.st_mode))
		count_file(search, &st, pair->dest_at, pair->dest);
	forecast_rest();
}

static void
work(void *context, struct forecast *forecast, int kept)
{
	const struct survey *const survey = context;
	const enum update update = survey->session->policy->update;
	struct search search = { .survey = survey, .forecast = forecast,
				 .mounts = MOUNTS_NONE, .began = survey->began };
	struct pathpair pair;

	search.linked = fileset_new();
	if (search.linked == NULL || mounts_know(&search.mounts) < 0
	    || survey->session->policy->interactive)
		return;
	for (size_t i = 0; i < survey->count; i++) {
		if (survey->operand(survey->context, i, &pair) < 0)
			continue;
		if (pair.dest_at != AT_FDCWD)
			pair.dest_at = kept;
		if (update != UPDATE_ALL
		    && mounts_affect(&search.mounts, pair.dest_name, true))
			return;
		search_operand(&search, &pair);
	}
	forecast->whole = !search.open;
}

const struct forecast *
survey_start(struct survey *survey)
{
	/* Small trees are known at once.  */
	const struct timespec tick = { .tv_nsec = 1000000 };
	const struct forecast *const forecast = forecast_start(work, survey, survey->dir);

	for (int i = 0; forecast != NULL && !forecast->whole && i < 20; i++)
		nanosleep(&tick, NULL);
	return forecast;
}
