/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: the order of things.  */
#include "config.h"

#include <stdio.h>

#include "base/ranks.h"
#include "base/signals.h"
#include "cli/commandline.h"
#include "cli/mpi.h"
#include "cli/rank.h"
#include "cli/run.h"
#include "cli/status.h"
#include "cli/supervision.h"
#include "report/message.h"

int
main(int argc, char **argv)
{
	struct options options;

	const int devices = supervision_open();
	mpi_hush(argc, argv);
	enum commandline asked = commandline_read(&options, argc, argv);
	if (asked != COMMANDLINE_STATUS)	/* which is the same for all ranks */
		mpi_speak(asked == COMMANDLINE_BAD);
	if (asked == COMMANDLINE_COPY && options.mpi && mpi_begin() < 0)
		asked = COMMANDLINE_BAD;
	if (asked == COMMANDLINE_COPY)
		supervision_keep(&options, devices);
	supervision_close(devices);
	/* From here on there may be something to clean up.  */
	signals_catch();
	if (asked == COMMANDLINE_COPY && ranks_own() > 0)
		rank_serve(&options);
	else if (asked == COMMANDLINE_COPY)
		run_copies(&options);
	else if (asked == COMMANDLINE_STATUS)
		status_show(&options);
	commandline_free(&options);
	if (signals_fatal() != 0)
		fflush(stdout);		/* whole lines */
	signals_raise_again();
	message_flush();
	ranks_close();
	return message_status();
}
