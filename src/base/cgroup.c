/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cgroup.c: the limits that a process's cgroups set.  Each one obeys those above it, too,
   so the way leads upwards; what a container doesn't see is passed over.  */
#include "config.h"

#include "base/cgroup.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Return the least limit of the cgroup PATH below directory TOP and all above it.  */
static uint64_t
least_upwards(const char *top, const char *path, uint64_t (*limit_of)(const char *dir))
{
	char dir[PATH_MAX];
	uint64_t least = CGROUP_UNLIMITED;

	if (snprintf(dir, sizeof dir, "%s%s", top, path) >= (int) sizeof dir)
		return CGROUP_UNLIMITED;
	const size_t end = strlen(top);
	for (;;) {
		const uint64_t limit = limit_of(dir);
		if (limit < least)
			least = limit;
		char *const slash = strrchr(dir, '/');
		if (strlen(dir) <= end || slash == NULL || slash < dir + end)
			return least;
		*slash = '\0';
	}
}

/* Return whether the comma-separated LIST of a version 1 hierarchy has CONTROLLER.  */
static bool
has_controller(const char *list, const char *controller)
{
	char copy[256];
	char *state;

	if (strlen(list) >= sizeof copy)
		return false;
	strcpy(copy, list);
	for (char *p = strtok_r(copy, ",", &state); p != NULL; p = strtok_r(NULL, ",",
									    &state))
		if (strcmp(p, controller) == 0)
			return true;
	return false;
}

/* Split LINE, which is ID:CONTROLLERS:PATH, with no controllers for version 2.  Write the
   top directory of that hierarchy below ROOT to TOP, of PATH_MAX bytes, and return PATH;
   NULL if CONTROLLER isn't there or LINE makes no sense.  */
static const char *
find_hierarchy(char *line, const char *root, const char *controller, char *top)
{
	char *const first = strchr(line, ':');
	char *const second = first != NULL ? strchr(first + 1, ':') : NULL;

	if (second == NULL)
		return NULL;
	*second = '\0';
	const char *const controllers = first + 1;
	const bool old = *controllers != '\0';
	if (old && !has_controller(controllers, controller))
		return NULL;
	const int len = snprintf(top, PATH_MAX, old ? "%s/%s" : "%s", root, controllers);
	return len < PATH_MAX ? second + 1 : NULL;
}

uint64_t
cgroup_least(const char *list, const char *root, const char *controller,
	uint64_t (*limit_of)(const char *dir))
{
	char *line = NULL;
	size_t size = 0;
	uint64_t least = CGROUP_UNLIMITED;
	FILE *const f = fopen(list, "re");

	if (f == NULL)
		return CGROUP_UNLIMITED;
	while (getline(&line, &size, f) > 0) {
		char top[PATH_MAX];
		line[strcspn(line, "\n")] = '\0';
		const char *const path = find_hierarchy(line, root, controller, top);
		const uint64_t limit = path != NULL ? least_upwards(top, path, limit_of)
			: CGROUP_UNLIMITED;
		if (limit < least)
			least = limit;
	}
	free(line);
	fclose(f);
	return least;
}
