/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit.c: runs every suite, and what they share.  */
#include "config.h"

#include "base/descriptor.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/syscalls.h"
#include "tree/dirpair.h"

static char scratch[64];

void
scratch_enter(void)
{
	snprintf(scratch, sizeof scratch, "/tmp/mmcp-unit.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
	removexattr(".", "system.posix_acl_default");	/* if /tmp has one */
}

void
scratch_leave(void)
{
	char command[96];

	ck_assert_int_eq(chdir("/"), 0);
	snprintf(command, sizeof command, "rm -rf '%s'", scratch);
	ck_assert_int_eq(system(command), 0);
}

unsigned char
scratch_byte(off_t i)
{
	return (unsigned char) (i * 7 + i / 256);
}

int
scratch_file(const char *name, off_t size)
{
	const int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	unsigned char buf[4096];

	ck_assert_int_ge(fd, 0);
	for (off_t at = 0; at < size; at += (off_t) sizeof buf) {
		const off_t left = size - at;
		const size_t len = left < (off_t) sizeof buf ? (size_t) left : sizeof buf;
		for (size_t i = 0; i < len; i++)
			buf[i] = scratch_byte(at + (off_t) i);
		ck_assert_int_eq(descriptor_write(fd, buf, len, at), 0);
	}
	return fd;
}

void
scratch_text(const char *name, const char *text)
{
	FILE *const f = fopen(name, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

void
scratch_is_whole(const char *name, off_t size)
{
	FILE *const f = fopen(name, "r");

	ck_assert_msg(f != NULL, "%s is missing", name);
	off_t same = 0;
	while (same < size && getc(f) == scratch_byte(same))
		same++;
	ck_assert_msg(same == size && getc(f) == EOF, "%s differs at %jd", name,
		      (intmax_t) same);
	fclose(f);
}

unsigned
scratch_entries(void)
{
	DIR *const dir = opendir(".");
	unsigned count = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

struct arena *
scratch_arena(void)
{
	static struct arena *arena;

	if (arena == NULL)
		arena = arena_new(1 << 24, true);
	ck_assert_ptr_nonnull(arena);
	return arena;
}

struct dirpair *
scratch_dir(struct dirpair *above, const char *name, const char *source, const char *dest)
{
	struct dirpair *const dir = above != NULL
		? dirpair_new(scratch_arena(), above, name)
		: dirpair_new_root(scratch_arena(), source, dest, dest, AT_FDCWD);

	ck_assert_ptr_nonnull(dir);
	ck_assert_int_eq(mkdir(source, 0777), 0);
	ck_assert_int_eq(mkdir(dest, 0777), 0);
	dir->source = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir->dest = open(dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(fstat(dir->source, &dir->source_st), 0);
	ck_assert_int_eq(fstat(dir->dest, &dir->dest_st), 0);
	dirpair_count(2);
	return dir;
}

void
scratch_hush(void)
{
	ck_assert_ptr_nonnull(freopen("stderr", "w", stderr));
}

const char *
scratch_said(void)
{
	static char said[1024];
	const int fd = open("stderr", O_RDONLY);

	fflush(stderr);
	const ssize_t len = descriptor_read(fd, said, sizeof said - 1, 0);
	ck_assert_int_ge(len, 0);
	close(fd);
	said[len] = '\0';
	return said;
}

static const struct {
	const char *room;
	Suite *(*suite)(void);
} suites[] = {
	{ "cli", keyword_suite },
	{ "cli", operands_suite },
	{ "cli", optiontable_suite },
	{ "cli", similar_suite },
	{ "tree", dirpair_suite },
	{ "tree", exclude_suite },
	{ "tree", level_suite },
	{ "tree", linktable_suite },
	{ "tree", parents_suite },
	{ "tree", peercalls_suite },
	{ "tree", queue_suite },
	{ "tree", samefile_suite },
	{ "tree", fileset_suite },
	{ "tree", teamsize_suite },
	{ "tree", timestamps_suite },
	{ "file", backup_suite },
	{ "file", context_suite },
	{ "file", copy_suite },
	{ "file", dest_suite },
	{ "file", journal_suite },
	{ "file", metadata_suite },
	{ "file", node_suite },
	{ "file", remove_suite },
	{ "file", source_suite },
	{ "engine", compare_suite },
	{ "engine", doubt_suite },
	{ "engine", engine_suite },
	{ "engine", extent_suite },
	{ "engine", hash_suite },
	{ "engine", blockhash_suite },
	{ "engine", mapping_suite },
	{ "engine", parts_suite },
	{ "engine", plan_suite },
	{ "engine", sparse_suite },
	{ "engine", stream_suite },
	{ "engine", trial_suite },
	{ "engine", userfault_suite },
	{ "engine", zeros_suite },
	{ "report", debugmessages_suite },
	{ "report", columns_suite },
	{ "report", errortext_suite },
	{ "report", json_suite },
	{ "report", pace_suite },
	{ "report", progressline_suite },
	{ "report", quote_suite },
	{ "report", relay_suite },
	{ "report", status_suite },
	{ "base", arena_suite },
	{ "base", counts_suite },
	{ "base", cpus_suite },
	{ "base", crew_suite },
	{ "base", descriptor_suite },
	{ "base", disk_suite },
	{ "base", error_suite },
	{ "base", hiddenname_suite },
	{ "base", listing_suite },
	{ "base", memory_suite },
	{ "base", mounts_suite },
	{ "base", path_suite },
	{ "base", sorter_suite },
	{ "base", statusfile_suite },
	{ "base", stripe_suite },
	{ "base", units_suite },
};

/* Run all suites, or those of one room if the environment's UNIT_ROOM names it.  */
int
main(void)
{
	const char *const room = getenv("UNIT_ROOM");
	SRunner *const runner = srunner_create(NULL);

	setenv("LC_ALL", "C", 1);	/* messages are compared */
	/* Libcheck's 4 seconds are few on a machine that does much else.  */
	setenv("CK_DEFAULT_TIMEOUT", "120", 0);
	for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
		if (room == NULL || *room == '\0' || strcmp(room, suites[i].room) == 0)
			srunner_add_suite(runner, suites[i].suite());
	srunner_run_all(runner, CK_NORMAL);
	const int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
