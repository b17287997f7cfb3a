/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.c: rules that make chosen operations of faultfs fail, fall short or wait.

   The control file has rules separated by spaces or newlines:
	OPERATION[@NAME][#N[+]][>BYTES]=WHAT
	@NAME	only for paths that end in NAME, or contain it, if it ends in a slash
	#N	only the N-th use; #N+: the N-th and all later ones; without #: every use
	>BYTES	only what exceeds the first BYTES bytes that were read or written
   WHAT is the name of an errno, shortN (no more than N bytes), delayN (N milliseconds
   before the operation, or until the file changes), flipN (a bit of the byte at offset
   N, if it is read or written, is another) or badN-M (EIO if any byte of [N, M) is read
   or written).  For example:
	rename=EPERM write@/dest>1000000=ENOSPC read=delay20 fsync#2+=EIO write=flip4096
   Uses and bytes are counted from the moment the file was written.  */
#include "rules.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RULES = 256, TEXT_MAX = 16384 };
#define COUNT(table) (sizeof (table) / sizeof *(table))

static const char *const operations[] = {
#define X(id, name) name,
	OPERATIONS(X)
#undef X
};

static const struct { const char *name; int value; } errnos[] = {
#define E(name) { #name, name }
	E(EACCES), E(EAGAIN), E(EBADF), E(EBUSY), E(EDQUOT), E(EEXIST), E(EFBIG),
	E(EINTR), E(EINVAL), E(EIO), E(EMLINK), E(ENOENT), E(ENOMEM), E(ENOSPC),
	E(ENOSYS), E(ENOTSUP), E(ENOTTY), E(ENXIO), E(EOPNOTSUPP), E(EPERM), E(EROFS),
	E(ESPIPE), E(ESTALE), E(EXDEV),
};

static struct rule {
	enum operation operation;
	char name[NAME_MAX];		/* "": any */
	long first, last;		/* which uses */
	long long bytes;		/* so many are exempt */
	int error;			/* or 0 */
	long delay;			/* ms, or 0 */
	size_t shorten;			/* to so many bytes, or 0 */
	bool flips;
	long long flip;			/* an offset in the file */
	long long bad, bad_end;		/* a range of it; both 0: none */
	long uses;
	long long moved;
} rules[RULES];
static unsigned count;
static unsigned generation;		/* of the rules */
static bool misunderstood;
static const char *control;
static struct stat seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether PATH is one that a rule with NAME is about.  */
static bool
fits(const char *path, const char *name)
{
	const size_t len = strlen(path), want = strlen(name);

	if (want > 0 && name[want - 1] == '/')
		return strstr(path, name) != NULL;
	return len >= want && strcmp(path + len - want, name) == 0;
}

/* Cut TEXT before the last SIGN in it, and return what follows, or NULL.  */
static char *
cut_at(char *text, char sign)
{
	char *const found = strrchr(text, sign);

	if (found == NULL)
		return NULL;
	*found = '\0';
	return found + 1;
}

static bool
read_what(struct rule *rule, const char *what)
{
	if (sscanf(what, "delay%ld", &rule->delay) == 1)
		return true;
	if (sscanf(what, "short%zu", &rule->shorten) == 1)
		return rule->shorten > 0;
	if (sscanf(what, "flip%lld", &rule->flip) == 1)
		return rule->flips = true;
	if (sscanf(what, "bad%lld-%lld", &rule->bad, &rule->bad_end) == 2)
		return rule->bad < rule->bad_end;
	for (size_t i = 0; i < COUNT(errnos); i++)
		if (strcmp(what, errnos[i].name) == 0)
			rule->error = errnos[i].value;
	return rule->error != 0;
}

static bool
read_rule(struct rule *rule, char *text)
{
	*rule = (struct rule) { .first = 1, .last = LONG_MAX };
	const char *const what = cut_at(text, '=');
	if (what == NULL || !read_what(rule, what))
		return false;
	const char *const bytes = cut_at(text, '>');
	if (bytes != NULL)
		rule->bytes = atoll(bytes);
	const char *const nth = cut_at(text, '#');
	if (nth != NULL) {
		char *end;
		rule->first = strtol(nth, &end, 10);
		if (*end != '+')
			rule->last = rule->first;
	}
	const char *const name = cut_at(text, '@');
	if (name != NULL)
		snprintf(rule->name, sizeof rule->name, "%s", name);
	for (unsigned i = 0; i < OPERATION_COUNT; i++)
		if (strcmp(text, operations[i]) == 0) {
			rule->operation = i;
			return true;
		}
	return false;
}

/* Read the control file, from FD.  */
static void
read_rules(int fd)
{
	char text[TEXT_MAX];
	char *rest;
	const ssize_t len = read(fd, text, sizeof text - 1);

	count = 0;
	generation++;
	misunderstood = len < 0;
	if (len < 0)
		return;
	text[len] = '\0';
	for (char *p = strtok_r(text, " \n", &rest); p != NULL;
	     p = strtok_r(NULL, " \n", &rest))
		if (count == RULES || !read_rule(&rules[count++], p)) {
			misunderstood = true;
			return;
		}
}

/* Read the control file if it has changed.  */
static void
refresh(void)
{
	struct stat st = { 0 };
	const int fd = control == NULL ? -1 : open(control, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		generation += count > 0;
		count = 0;
		misunderstood = false;
		seen = st;
		return;
	}
	if (fstat(fd, &st) == 0
	    && (st.st_ino != seen.st_ino || st.st_size != seen.st_size
		|| memcmp(&st.st_mtim, &seen.st_mtim, sizeof st.st_mtim) != 0)) {
		seen = st;
		read_rules(fd);
	}
	close(fd);
}

/* Wait MS milliseconds, or until the rules of generation NOW are no longer those that
   hold.  */
static void
wait_ms(long ms, unsigned now)
{
	enum { STEP = 50 };
	bool same = true;

	for (; ms > 0 && same; ms -= STEP) {
		const long step = ms < STEP ? ms : STEP;
		struct timespec left = { 0, step * 1000000 };
		while (nanosleep(&left, &left) < 0 && errno == EINTR)
			continue;
		pthread_mutex_lock(&lock);
		refresh();
		same = generation == now;
		pthread_mutex_unlock(&lock);
	}
}

static bool
concerns(const struct rule *rule, enum operation operation, const char *name)
{
	return rule->operation == operation && fits(name, rule->name);
}

/* Count this use of LEN bytes, and return whether RULE is about it.  */
static bool
strikes(struct rule *rule, size_t len)
{
	if (++rule->uses < rule->first || rule->uses > rule->last)
		return false;
	if (rule->bytes == 0)
		return true;
	if (rule->moved + (long long) len > rule->bytes)
		return true;
	rule->moved += (long long) len;
	return false;
}

void
rules_in(const char *path)
{
	control = path;
}

int
rules_apply(enum operation operation, const char *name, size_t *len)
{
	int error = 0;
	long delay = 0;

	pthread_mutex_lock(&lock);
	refresh();
	for (unsigned i = 0; i < count && error == 0 && !misunderstood; i++) {
		struct rule *const rule = &rules[i];
		if (rule->flips || rule->bad_end != 0 || !concerns(rule, operation, name)
		    || !strikes(rule, len != NULL ? *len : 0))
			continue;
		error = rule->error;
		delay += rule->delay;
		if (rule->shorten != 0 && len != NULL && *len > rule->shorten)
			*len = rule->shorten;
	}
	if (misunderstood)
		error = EBADMSG;
	const unsigned now = generation;
	pthread_mutex_unlock(&lock);
	wait_ms(delay, now);
	return -error;
}

void
rules_flip(enum operation operation, const char *name, char *bytes, size_t len,
	   long long at)
{
	pthread_mutex_lock(&lock);
	refresh();
	for (unsigned i = 0; i < count; i++) {
		struct rule *const rule = &rules[i];
		if (rule->flips && concerns(rule, operation, name) && rule->flip >= at
		    && rule->flip < at + (long long) len && strikes(rule, 0))
			bytes[rule->flip - at] ^= 1;
	}
	pthread_mutex_unlock(&lock);
}

int
rules_bad(enum operation operation, const char *name, size_t len, long long at)
{
	int error = 0;

	pthread_mutex_lock(&lock);
	refresh();
	for (unsigned i = 0; i < count; i++) {
		struct rule *const rule = &rules[i];
		if (rule->bad < at + (long long) len && rule->bad_end > at
		    && concerns(rule, operation, name) && strikes(rule, 0))
			error = EIO;
	}
	pthread_mutex_unlock(&lock);
	return -error;
}

long
rules_delay(enum operation operation, const char *name)
{
	long delay = 0;

	pthread_mutex_lock(&lock);
	refresh();
	for (unsigned i = 0; i < count; i++)
		if (concerns(&rules[i], operation, name))
			delay += rules[i].delay;
	pthread_mutex_unlock(&lock);
	return delay;
}
