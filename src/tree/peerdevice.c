/* SPDX-License-Identifier: GPL-3.0-or-later */
/* peerdevice.c: numbers that differ between ranks.  */
#include "config.h"

#include "tree/peerdevice.h"

#include <fcntl.h>

#include "base/ranks.h"
#include "tree/dirpair.h"

/* More file systems than these at the roots of a copy are taken to have one number
   everywhere.  */
enum { DEVICES = 64 };

static struct {
	dev_t here, there;
} known[DEVICES];

static unsigned count;
static int operands_base = AT_FDCWD;

void
peerdevice_set_base(int base)
{
	operands_base = base;
}

int
peerdevice_base(void)
{
	return operands_base;
}

void
peerdevice_note(dev_t here, dev_t there)
{
	for (unsigned i = 0; i < count; i++)
		if (known[i].here == here || known[i].there == there)
			return;
	if (here == there || count == DEVICES)
		return;
	known[count].here = here;
	known[count++].there = there;
}

dev_t
peerdevice_out(dev_t device)
{
	for (unsigned i = 0; i < count; i++)
		if (known[i].here == device)
			return known[i].there;
	return device;
}

dev_t
peerdevice_in(dev_t device)
{
	for (unsigned i = 0; i < count; i++)
		if (known[i].there == device)
			return known[i].here;
	return device;
}

void
peerdevice_pack(char *packed)
{
	if (ranks_own() > 0)
		dirpair_translate(packed, peerdevice_out, operands_base);
}

void
peerdevice_unpack(char *packed)
{
	if (ranks_are_many())
		dirpair_translate(packed, peerdevice_in, operands_base);
}
