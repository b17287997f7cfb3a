/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ways: how a large file could be copied, to measure what mmcp doesn't do by options.  No
   fallbacks, no metadata: for scripts/bench --sweep, and not to copy with.

   ways [-fHo] [-c CHUNK_MIB] [-w WINDOW_KIB] WORKERS SOURCE DEST

   WORKERS has a letter for each worker; they claim chunks from one cursor:
     k  copy_file_range              r  read and write, by a buffer of a window
     w  written from the source's mapping, populated before
     p  memcpy between mappings, populated before      m  the same, not populated
     q  read into the destination's mapping, populated before
   -f reserves blocks, -H asks for huge pages in the destination, -o writes over it.  */
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

static int source, dest;
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

static void
copy_window(char way, size_t at, size_t len)
{
	loff_t in = (loff_t) at, out = (loff_t) at;

	switch (way) {
	case 'k':
		while (in < (loff_t) (at + len))
			if (copy_file_range(source, &in, dest, &out, at + len - (size_t) in, 0) <= 0)
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

/* Both files open and mapped.  */
static void
open_both(const char *const *names, int reserve, int huge, int over)
{
	struct stat st;

	if (!over)
		unlink(names[1]);
	source = open(names[0], O_RDONLY);
	dest = open(names[1], O_RDWR | O_CREAT, 0644);
	if (source < 0 || dest < 0 || fstat(source, &st) < 0 || ftruncate(dest, st.st_size) < 0)
		die("open");
	size = (size_t) st.st_size;
	if (reserve && fallocate(dest, 0, 0, st.st_size) < 0)
		die("fallocate");
	from = mmap(NULL, size, PROT_READ, MAP_SHARED, source, 0);
	to = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, dest, 0);
	if (from == MAP_FAILED || to == MAP_FAILED)
		die("mmap");
	if (huge)
		madvise(to, size, MADV_HUGEPAGE);
}

int
main(int argc, char **argv)
{
	int reserve = 0, huge = 0, over = 0, failed = 0, c, status;

	while ((c = getopt(argc, argv, "fHoc:w:")) != -1) {
		reserve |= c == 'f';
		huge |= c == 'H';
		over |= c == 'o';
		if (c == 'c')
			chunk = strtoul(optarg, NULL, 10) << 20;
		if (c == 'w')
			window = strtoul(optarg, NULL, 10) << 10;
	}
	if (argc - optind != 3 || chunk == 0 || window == 0) {
		fputs("usage: ways [-fHo] [-c CHUNK_MIB] [-w WINDOW_KIB] WORKERS SOURCE DEST\n", stderr);
		return 1;
	}
	open_both((const char *const *) argv + optind + 1, reserve, huge, over);
	_Atomic size_t *const cursor = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (cursor == MAP_FAILED)
		die("mmap");
	for (const char *way = argv[optind]; *way != '\0'; way++) {
		const pid_t pid = fork();
		if (pid < 0)
			die("fork");
		if (pid == 0)
			work(*way, cursor);
	}
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}
