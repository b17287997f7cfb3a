/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peermeet.c: what ranks compare.  Numbers of file systems may differ between nodes:
   files are the same if their inode numbers, sizes and times are, and the numbers of
   their file systems are noted as two names of one thing.  */
#include "config.h"

#include "tree/peermeet.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hiddenname.h"
#include "base/path.h"
#include "report/rankmessages.h"
#include "tree/peerdevice.h"
#include "tree/peerstate.h"

/* So many sources are compared; the source of a file that was written to in the last
   seconds may be written to now.  */
enum { SOURCES_MOST = 1000, MOVING = 60 };

struct fact {
	bool exists, is_directory;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed, touched;	/* mtime, ctime */
	time_t seen;
};

/* A directory, before a file was made in it, and after.  */
struct change {
	struct fact before, after;
};

/* Rank 0's message: this, and COUNT sources.  */
struct facts {
	char version[32];
	uint64_t command, settings, lists;	/* as in struct peermeet */
	uint64_t umask;
	uint64_t count;
	struct fact here;	/* the current directory */
	bool has_probe;
	struct fact probe;
	char name[HIDDENNAME_SIZE];	/* of that, in the directory of the destination */
	struct fact source[];
};

/* The answer.  */
struct ready {
	enum rankmessages_problem problem;
	size_t source;	/* which one that is about */
	char host[256];
};

/* ---- facts ---- */

static struct fact
fact_of(int at, const char *path, int flags)
{
	struct fact fact = { .exists = false };
	struct stat st;

	if (fstatat(at, path, &st, flags) < 0)
		return fact;
	fact.exists = true;
	fact.is_directory = S_ISDIR(st.st_mode);
	fact.dev = st.st_dev;
	fact.ino = st.st_ino;
	fact.size = st.st_size;
	fact.changed = st.st_mtim;
	fact.touched = st.st_ctim;
	fact.seen = time(NULL);
	return fact;
}

static bool
is_equal(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool
is_same(const struct fact *there, const struct fact *here)
{
	if (!there->exists || !here->exists)
		return there->exists == here->exists;
	if (there->ino != here->ino)
		return false;
	return there->seen - there->changed.tv_sec < MOVING
		|| here->seen - here->changed.tv_sec < MOVING
		|| (there->size == here->size && is_equal(there->changed, here->changed)
		    && is_equal(there->touched, here->touched));
}

static struct fact
source_of(const struct peermeet *meet, size_t i)
{
	struct pathpair pair;

	if (meet->operand(meet->context, i, &pair) < 0)
		return (struct fact) { .exists = false };
	return fact_of(pair.source_at, pair.source,
		       pair.follow ? 0 : AT_SYMLINK_NOFOLLOW);
}

static size_t
compared(const struct peermeet *meet)
{
	return meet->count < SOURCES_MOST ? meet->count : SOURCES_MOST;
}

/* ---- the destination ---- */

/* Open the directory that copies go to, or that the copy will be in.  Return it, or -1.
   */
static int
open_directory(const struct peermeet *meet)
{
	if (meet->dir >= 0)
		return openat(meet->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int parent = path_open_real_parent(AT_FDCWD, meet->target);
	const int dir = parent < 0 ? -1
		: openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	path_close_parent(parent, AT_FDCWD);
	return dir;
}

/* Return whether something can be made beside the destination to be found by others: not
   beside a device.  */
static bool
wants_probe(const struct peermeet *meet)
{
	struct stat st;

	return !meet->dry_run
		&& (meet->dir >= 0 || stat(meet->target, &st) < 0 || S_ISDIR(st.st_mode)
		    || S_ISREG(st.st_mode));
}

/* Make a file in DIR, and note it in FACTS, and in CHANGE what that does to DIR.  If that
   can't be, the copy will say why.  */
static void
make_probe(int dir, struct facts *facts, struct change *change)
{
	change->before = fact_of(dir, ".", 0);
	hiddenname_make(facts->name);
	const int fd = openat(dir, facts->name,
			      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	facts->has_probe = true;
	facts->probe = fact_of(dir, facts->name, AT_SYMLINK_NOFOLLOW);
	change->after = fact_of(dir, ".", 0);
	close(fd);
}

/* Remove that file.  The copy may leave DIR as it is, so it gets its time back, unless
   somebody else has changed it, too.  */
static void
remove_probe(int dir, const struct facts *facts, const struct change *change)
{
	const struct timespec times[] = { { .tv_nsec = UTIME_OMIT },
					  change->before.changed };
	const struct fact is = fact_of(dir, ".", 0);

	if (unlinkat(dir, facts->name, 0) == 0 && change->before.exists
	    && is_equal(is.changed, change->after.changed))
		futimens(dir, times);
}

/* ---- rank 0 ---- */

/* Return the facts of MEET, and their size in bytes.  */
static struct facts *
collect(const struct peermeet *meet, size_t *size)
{
	const size_t count = compared(meet);

	*size = sizeof(struct facts) + count * sizeof(struct fact);
	struct facts *const facts = peers_allocate(*size);
	strncpy(facts->version, PACKAGE_VERSION, sizeof facts->version - 1);
	facts->command = meet->command;
	facts->settings = meet->settings;
	facts->lists = meet->lists;
	facts->umask = meet->umask;
	facts->count = count;
	facts->here = fact_of(AT_FDCWD, ".", 0);
	for (size_t i = 0; i < count; i++)
		facts->source[i] = source_of(meet, i);
	return facts;
}

/* Report what READY, of RANK, says is wrong.  */
static void
report(const struct peermeet *meet, unsigned rank, const struct ready *ready)
{
	struct pathpair pair = { .source_name = "" };

	if (ready->problem == RANKMESSAGES_SOURCE)
		meet->operand(meet->context, ready->source, &pair);
	report_rank(ready->problem, rank, ready->host,
		    ready->problem == RANKMESSAGES_SOURCE ? pair.source_name
		    : meet->target);
}

/* Wait for the other ranks.  Return 0, or -1 if one doesn't agree.  */
static int
hear_all(const struct peermeet *meet)
{
	int ret = 0;

	if (meet->debug)
		report_rank_begins(0, ranks_count(), ranks_host());
	for (unsigned i = 1; i < ranks_count(); i++) {
		struct ranks_message message;
		struct ready ready;
		if (!ranks_receive(&message, true))
			return -1;
		memcpy(&ready, message.data, sizeof ready);
		if (ready.problem == RANKMESSAGES_NONE && meet->debug)
			report_rank_begins(message.from, ranks_count(), ready.host);
		if (ready.problem == RANKMESSAGES_NONE)
			continue;
		if (ret == 0)
			report(meet, message.from, &ready);
		ret = -1;
	}
	return ret;
}

int
peermeet_lead(const struct peermeet *meet)
{
	struct change change;
	size_t size;

	peerdevice_set_base(meet->dir >= 0 ? meet->dir : AT_FDCWD);
	if (!ranks_are_many())
		return 0;
	struct facts *const facts = collect(meet, &size);
	const int dir = wants_probe(meet) ? open_directory(meet) : -1;
	if (dir >= 0)
		make_probe(dir, facts, &change);
	ranks_send_all(RANKS_FACTS, facts, size);
	const int ret = hear_all(meet);
	if (facts->has_probe)
		remove_probe(dir, facts, &change);
	if (dir >= 0)
		close(dir);
	free(facts);
	if (ret == 0)
		ranks_send_all(RANKS_BEGIN, NULL, 0);
	return ret;
}

/* ---- other ranks ---- */

/* Compare the probe in FACTS with what is here.  */
static bool
finds_probe(const struct peermeet *meet, const struct facts *facts)
{
	const int dir = facts->has_probe ? open_directory(meet) : -1;

	if (!facts->has_probe)
		return true;
	if (dir < 0)
		return false;
	const struct fact probe = fact_of(dir, facts->name, AT_SYMLINK_NOFOLLOW);
	/* The probe is new, so its times say nothing.  */
	const bool same = probe.exists && probe.ino == facts->probe.ino;
	if (same)
		peerdevice_note(probe.dev, facts->probe.dev);
	close(dir);
	return same;
}

/* Compare FACTS with what is here.  */
static struct ready
compare(const struct peermeet *meet, const struct facts *facts)
{
	struct ready ready = { .problem = RANKMESSAGES_NONE };
	const struct fact here = fact_of(AT_FDCWD, ".", 0);

	if (strncmp(facts->version, PACKAGE_VERSION, sizeof facts->version - 1) != 0)
		ready.problem = RANKMESSAGES_VERSION;
	else if (meet == NULL)
		ready.problem = RANKMESSAGES_DESTINATION;
	else if (facts->command != meet->command)
		ready.problem = RANKMESSAGES_COMMAND;
	else if (facts->settings != meet->settings)
		ready.problem = RANKMESSAGES_SETTINGS;
	else if (facts->lists != meet->lists)
		ready.problem = RANKMESSAGES_LISTS;
	else if (!is_same(&facts->here, &here))
		ready.problem = RANKMESSAGES_CURRENT;
	if (ready.problem != RANKMESSAGES_NONE)
		return ready;
	for (size_t i = 0; i < facts->count && i < compared(meet); i++) {
		const struct fact source = source_of(meet, i);
		if (is_same(&facts->source[i], &source)) {
			peerdevice_note(source.dev, facts->source[i].dev);
			continue;
		}
		ready.problem = RANKMESSAGES_SOURCE;
		ready.source = i;
		return ready;
	}
	if (!finds_probe(meet, facts))
		ready.problem = RANKMESSAGES_DESTINATION;
	return ready;
}

int
peermeet_follow(struct peermeet *meet)
{
	struct ranks_message message;

	peerdevice_set_base(meet != NULL && meet->dir >= 0 ? meet->dir : AT_FDCWD);
	if (!ranks_receive(&message, true) || message.kind != RANKS_FACTS)
		return -1;
	const struct facts *const facts = (const void *) message.data;
	struct ready ready = compare(meet, facts);
	if (ready.problem == RANKMESSAGES_NONE)
		meet->umask = (mode_t) facts->umask;
	strncpy(ready.host, ranks_host(), sizeof ready.host - 1);
	ranks_send(0, RANKS_READY, &ready, sizeof ready, NULL, 0);
	return ranks_receive(&message, true) && message.kind == RANKS_BEGIN ? 0 : -1;
}
