/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shim_rules.c: read the rules of MMCP_SHIM, and apply them.  */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

static const struct { const char *name; int value; } errnos[] = {
#define E(name) { #name, name }
	E(EIO), E(ENOSPC), E(EDQUOT), E(EFBIG), E(ENOSYS), E(EXDEV), E(EOPNOTSUPP),
		E(EINVAL),
	E(EPERM), E(EBADF), E(ETXTBSY), E(EAGAIN), E(ENOMEM), E(ENODEV), E(EACCES),
	E(EFAULT),
	E(EINTR), E(ENOTTY), E(EMFILE), E(ENOENT), E(EEXIST), E(EISDIR), E(ENXIO),
	E(ENFILE), E(ENOTDIR), E(ELOOP), E(ETOOMANYREFS), E(ENOBUFS), E(ESTALE), E(EROFS),
}, signals[] = {
#define S(name) { #name, name }
	S(SIGKILL), S(SIGSEGV), S(SIGBUS), S(SIGABRT), S(SIGTERM), S(SIGINT), S(SIGSTOP),
};

struct rule rules[RULES];
unsigned count;
long ahead;

__attribute__((constructor)) static void
read_rules(void)
{
	const char *const list = getenv("MMCP_SHIM");
	_Atomic long *const uses = mmap(NULL, RULES * sizeof *uses,
					PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char copy[4096];

	if (list == NULL || uses == MAP_FAILED || strlen(list) >= sizeof copy)
		return;
	strcpy(copy, list);
	for (char *p = strtok(copy, " "); p != NULL
	     && count < RULES; p = strtok(NULL, " ")) {
		struct rule *const r = &rules[count];
		char *const what = strchr(p, '=');
		if (what == NULL)
			abort();
		*what = '\0';
		char *const nth = strchr(p, '#');
		r->first = 1;
		r->last = LONG_MAX;
		if (nth != NULL) {
			char *end;
			*nth = '\0';
			r->first = strtol(nth + 1, &end, 10);
			if (*end != '+')
				r->last = r->first;
		}
		char *const at = strchr(p, '@');
		if (at != NULL) {
			*at = '\0';
			snprintf(r->name, sizeof r->name, "%s", at + 1);
		}
		snprintf(r->call, sizeof r->call, "%s", p);
		snprintf(r->what, sizeof r->what, "%s", what + 1);
		r->uses = &uses[count++];
	}
}

static bool
is_named(int fd, const char *name)
{
	char link[32];
	char path[PATH_MAX];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	const ssize_t len = readlink(link, path, sizeof path);
	const size_t want = strlen(name);
	if (strcmp(name, "pipe:") == 0)
		return len >= (ssize_t) want && memcmp(path, name, want) == 0;
	return len >= (ssize_t) want && memcmp(path + len - want, name, want) == 0;
}

static void
wait_ms(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
}

/* Run the user's command, unhampered by us.  */
static void
run_command(void)
{
	static pid_t (*next)(void);

	if (next == NULL)
		next = (pid_t (*)(void)) dlsym(RTLD_NEXT, "fork");
	const pid_t pid = next();
	if (pid == 0) {
		unsetenv("LD_PRELOAD");
		execl("/bin/sh", "sh", "-c", getenv("MMCP_SHIM_RUN"), NULL);
		_exit(127);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* Apply RULE.  True if the call is answered, by *RET and errno.  */
static bool
apply(const struct rule *rule, size_t *len, long *ret)
{
	for (size_t i = 0; i < COUNT(errnos); i++)
		if (strcmp(rule->what, errnos[i].name) == 0) {
			*ret = -1;
			errno = errnos[i].value;
			return true;
		}
	for (size_t i = 0; i < COUNT(signals); i++)
		if (strcmp(rule->what, signals[i].name) == 0)
			raise(signals[i].value);
	if (strcmp(rule->what, "zero") == 0) {
		*ret = 0;
		return true;
	}
	if (strcmp(rule->what, "run") == 0)
		run_command();
	if (strncmp(rule->what, "delay", 5) == 0)
		wait_ms(atol(rule->what + 5));
	if (strncmp(rule->what, "slow", 4) == 0)
		ahead += atol(rule->what + 4);
	if (strncmp(rule->what, "short", 5) == 0 && len != NULL
	    && *len > (size_t) atol(rule->what + 5))
		*len = (size_t) atol(rule->what + 5);
	return false;
}

static bool
ends_in(const char *path, const char *name)
{
	const size_t len = strlen(path), want = strlen(name);

	return len >= want && memcmp(path + len - want, name, want) == 0;
}

bool
answered_at(const char *call, int fd, const char *path, size_t *len, long *ret)
{
	const int saved = errno;

	for (unsigned i = 0; i < count; i++) {
		struct rule *const r = &rules[i];
		if (strcmp(r->call, call) != 0)
			continue;
		if (r->name[0] != '\0'
		    && !(path != NULL ? ends_in(path, r->name) : is_named(fd, r->name)))
			continue;
		const long use = atomic_fetch_add(r->uses, 1) + 1;
		if (use >= r->first && use <= r->last && apply(r, len, ret))
			return true;
	}
	errno = saved;
	return false;
}

bool
answered(const char *call, int fd, size_t *len, long *ret)
{
	return answered_at(call, fd, NULL, len, ret);
}
