/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ways: how a large file could be copied, to measure what mmcp doesn't do by options.  No
   fallbacks, no metadata: for scripts/bench --sweep, and not to copy with.

   ways [-fHSos] [-c CHUNK_MIB] [-w WINDOW_KIB] WORKERS SOURCE DEST

   WORKERS has a letter for each worker; they claim chunks from one cursor:
     k  copy_file_range              r  read and write, by a buffer of a window
     w  written from the source's mapping, populated before
     p  memcpy between mappings, populated before      m  the same, not populated
     q  read into the destination's mapping, populated before
     u  put into it by userfaultfd(2), which clears no page: on tmpfs, a new file
   -f reserves blocks, -o writes over the destination; -H asks for its pages by huge
   folios, one a fault (as mmcp), -S for folios that grow and are read ahead.  With -s
   each worker has a file of its own in a new directory DEST, and writes its chunks there:
   so fast it would be if no worker ever waited for another's lock on the file.  */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/userfault.h"

static int source, dest, faults = -1;
static char *from, *to, *buffer;
static size_t size, chunk = 4 << 20, window = 256 << 10;

static void
die(const char *what)
{
	fprintf(stderr, "ways: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void
populate(char *map, size_t at, size_t len, int for_writing)
{
	if (madvise(map + at, len, for_writing ? 23 : 22 /* MADV_POPULATE_* */) < 0)
		die("madvise");
}

static void
write_all(const char *bytes, size_t at, size_t len)
{
	while (len > 0) {
		const ssize_t n = pwrite(dest, bytes, len, (off_t) at);
		if (n <= 0)
			die("pwrite");
		bytes += n;
		at += (size_t) n;
		len -= (size_t) n;
	}
}

/* Put LEN bytes of the source into the destination, which has none there.  */
static void
put(size_t at, size_t len)
{
	if (faults < 0)
		faults = userfault_open(to, size);
	if (faults < 0)
		die("userfaultfd");
	populate(from, at, len, 0);
	len = (len + 4095) & ~(size_t) 4095;
	if (userfault_supply(faults, to + at, from + at, len) < 0)
		die("UFFDIO_COPY");
}

static void
copy_window(char way, size_t at, size_t len)
{
	loff_t in = (loff_t) at, out = (loff_t) at;

	switch (way) {
	case 'k':
		while (in < (loff_t) (at + len))
			if (copy_file_range(source, &in, dest, &out,
					    at + len - (size_t) in, 0) <= 0)
				die("copy_file_range");
		return;
	case 'r':
		if (pread(source, buffer, len, in) != (ssize_t) len)
			die("pread");
		write_all(buffer, at, len);
		return;
	case 'w':
		populate(from, at, len, 0);
		write_all(from + at, at, len);
		return;
	case 'u':
		put(at, len);
		return;
	case 'q':
		populate(to, at, len, 1);
		if (pread(source, to + at, len, in) != (ssize_t) len)
			die("pread");
		return;
	case 'p':
		populate(to, at, len, 1);
		populate(from, at, len, 0);
		memcpy(to + at, from + at, len);
		return;
	default:
		memcpy(to + at, from + at, len);
	}
}

static void
work(char way, _Atomic size_t *cursor)
{
	size_t at;

	/* On a page: the processor copies faster to and from there.  */
	buffer = aligned_alloc(4096, window);
	if (buffer == NULL)
		die("memory");
	while ((at = atomic_fetch_add(cursor, chunk)) < size) {
		const size_t end = size - at < chunk ? size : at + chunk;
		const size_t step = way == 'k' ? chunk : window;
		for (size_t a = at; a < end; a += step)
			copy_window(way, a, end - a < step ? end - a : step);
		munmap(from + at, end - at);
		munmap(to + at, end - at);
	}
	_exit(0);
}

/* What a destination is to be.  */
struct how {
	int reserve, huge, growing, over, separate;
};

static void
open_source(const char *name)
{
	struct stat st;

	source = open(name, O_RDONLY);
	if (source < 0 || fstat(source, &st) < 0)
		die(name);
	size = (size_t) st.st_size;
	from = mmap(NULL, size, PROT_READ, MAP_SHARED, source, 0);
	if (from == MAP_FAILED)
		die("mmap");
}

static void
open_dest(const char *name, const struct how *how)
{
	if (!how->over)
		unlink(name);
	dest = open(name, O_RDWR | O_CREAT, 0644);
	if (dest < 0 || ftruncate(dest, (off_t) size) < 0)
		die(name);
	if (how->reserve && fallocate(dest, 0, 0, (off_t) size) < 0)
		die("fallocate");
	to = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, dest, 0);
	if (to == MAP_FAILED)
		die("mmap");
	if (how->huge)
		madvise(to, size, MADV_HUGEPAGE);
	if (how->huge || how->growing)
		madvise(to, size, how->huge ? MADV_RANDOM : MADV_SEQUENTIAL);
}

static void
begin_worker(const char *way, unsigned number, const char *directory,
	const struct how *how, _Atomic size_t *cursor)
{
	char name[4096];
	const pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return;
	if (how->separate) {
		snprintf(name, sizeof name, "%s/%u", directory, number);
		open_dest(name, how);
	}
	work(*way, cursor);
}

int
main(int argc, char **argv)
{
	struct how how = { .reserve = 0 };
	int failed = 0, c, status;

	while ((c = getopt(argc, argv, "fHSosc:w:")) != -1) {
		how.reserve |= c == 'f';
		how.huge |= c == 'H';
		how.growing |= c == 'S';
		how.over |= c == 'o';
		how.separate |= c == 's';
		if (c == 'c')
			chunk = strtoul(optarg, NULL, 10) << 20;
		if (c == 'w')
			window = strtoul(optarg, NULL, 10) << 10;
	}
	if (argc - optind != 3 || chunk == 0 || window == 0) {
		fputs("usage: ways [-fHSos] [-c CHUNK_MIB] [-w WINDOW_KIB] "
		      "WORKERS SOURCE DEST\n", stderr);
		return 1;
	}
	const char *const ways = argv[optind], *const to_name = argv[optind + 2];
	open_source(argv[optind + 1]);
	if (!how.separate)
		open_dest(to_name, &how);
	else if (mkdir(to_name, 0777) < 0 && !how.over)
		die(to_name);
	_Atomic size_t *const cursor = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (cursor == MAP_FAILED)
		die("mmap");
	for (unsigned i = 0; ways[i] != '\0'; i++)
		begin_worker(ways + i, i, to_name, &how, cursor);
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}
