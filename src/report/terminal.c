/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terminal.c: how much room there is on the terminal.  */
#include "config.h"

#include "report/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

unsigned
terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
		? size.ws_col : 80;
}
