/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slow.c: a card or a network is slow by its nature; another device if what is in memory
   would take it more than a minute, which a sample shows that is written ahead of
   time.  */
#include "config.h"

#include "cli/slow.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/dirty.h"
#include "base/disk.h"
#include "base/memory.h"
#include "base/mounts.h"
#include "base/path.h"
#include "base/totals.h"
#include "base/writebehind.h"

#define SYSFS "/sys/dev/block"
#define SECOND UINT64_C(1000000000)

/* Bytes in memory that are worth a sample; seconds to write what may be in memory, and
   between two samples.  */
#define WORTH_A_SAMPLE (UINT64_C(64) << 20)
enum { TOLERATED = 60, BETWEEN = 10 };

enum stage { STAGE_IDLE, STAGE_SAMPLING, STAGE_WRITING };

static struct {
	dev_t device;		/* 0: there is none to be measured */
	uint64_t at_first;	/* bytes that it had written before the copy */
	enum stage stage;
	uint64_t written;	/* when the stage began, and the nanosecond then */
	uint64_t time;
	uint64_t left;		/* bytes of the sample that weren't written then */
	uint64_t earlier;	/* bytes in memory when the device was judged */
	uint64_t judged;	/* bytes that it had written then */
} state;

/* ---- before ---- */

/* Return whether TARGET is on a file system that may not answer: FUSE or network.  */
static bool
is_remote(const char *target)
{
	struct mounts mounts;
	bool is;

	if (mounts_know(&mounts) < 0)
		return false;
	is = mounts_affect(&mounts, target, false);
	mounts_free(&mounts);
	return is;
}

/* Return whether DEVICE can be taken away: not if the system runs from it.  */
static bool
can_be_removed(dev_t device)
{
	struct stat root;

	return disk_is_removable(device, SYSFS)
		&& !(stat("/", &root) == 0 && disk_is_same(root.st_dev, device, SYSFS));
}

void
slow_look(const struct operands *operands)
{
	struct stat st;
	const int fd = operands->dir >= 0 ? operands->dir
		: path_open_real_parent(AT_FDCWD, operands->target);
	const bool known = fd >= 0 && fstat(fd, &st) == 0;

	if (fd >= 0 && fd != operands->dir)
		close(fd);
	if (!known)
		return;
	writebehind_prepare();
	if (major(st.st_dev) == 0) {
		if (is_remote(operands->target))
			dirty_begin(0, 0, true);
	} else if (can_be_removed(st.st_dev)) {
		dirty_begin(0, 0, false);
	} else if (!disk_rotates(st.st_dev, SYSFS)) {
		state.at_first = disk_written(st.st_dev, SYSFS);
		state.device = state.at_first > 0 ? st.st_dev : 0;
	}
}

/* ---- meanwhile ---- */

/* Go on to STAGE at TIME, when the device had WRITTEN so much.  */
static void
begin(enum stage stage, uint64_t time, uint64_t written)
{
	state.stage = stage;
	state.time = time;
	state.written = written;
}

/* Return what of the copy is in memory, at most, when the device has WRITTEN so much.  */
static uint64_t
in_memory(uint64_t written)
{
	const uint64_t moved = totals_read(COUNT_MOVED);
	const uint64_t since = written - state.at_first;
	const uint64_t rest = moved > since ? moved - since : 0;
	const uint64_t all = memory_dirty();	/* of every program */

	return rest < all ? rest : all;
}

/* The device writes RATE bytes a second: judge it.  */
static void
judge(uint64_t rate, uint64_t written)
{
	const uint64_t bytes = in_memory(written);

	if (bytes / TOLERATED <= rate)
		return;
	state.earlier = bytes;
	state.judged = written;
	dirty_begin(rate > 0 ? rate : 1, bytes, false);
}

/* The sample is on its way, and the device has WRITTEN so much at TIME.  */
static void
measure(uint64_t time, uint64_t written)
{
	const uint64_t since = written - state.written;

	if (since < state.left && time - state.time < SECOND)
		return;
	judge((uint64_t) ((double) since * 1e9 / (double) (time - state.time)), written);
	begin(STAGE_IDLE, time, written);
}

void
slow_watch(void)
{
	writebehind_look();
	if (state.device == 0)
		return;
	const uint64_t time = clock_now(), written = disk_written(state.device, SYSFS);
	bool full;

	if (dirty_is_on()) {
		const uint64_t since = written - state.judged;
		const uint64_t left = state.earlier > since ? state.earlier - since : 0;
		dirty_earlier(left);
		return;
	}
	const uint64_t sampled = dirty_sampled(&full);
	switch (state.stage) {
	case STAGE_IDLE:
		if (time - state.time > BETWEEN * SECOND
		    && in_memory(written) >= WORTH_A_SAMPLE) {
			dirty_sample();
			begin(STAGE_SAMPLING, time, written);
		}
		break;
	case STAGE_SAMPLING:
		if (!full)
			break;
		state.left = sampled - (written - state.written);
		begin(written - state.written < sampled ? STAGE_WRITING : STAGE_IDLE,
		      time, written);
		break;
	case STAGE_WRITING:
		measure(time, written);
		break;
	}
}

bool
slow_is(void)
{
	return dirty_is_on();
}
