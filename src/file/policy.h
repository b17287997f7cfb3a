/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_POLICY_H
#define MMCP_FILE_POLICY_H

#include <stdbool.h>

#include "engine/plan.h"
#include "file/backup.h"
#include "file/dest.h"
#include "file/metadata.h"

/* How files are copied: the options that this folder and engine/ obey.  */
struct copy_policy {
	struct dest_policy dest;
	struct plan_policy plan;
	struct metadata_policy meta;
	struct backup_policy backup;
	bool attributes_only;
	bool amends;		/* of an old file, write what differs */
	bool partial;		/* what could be copied of a file that failed is kept */
	bool reported;		/* each copy is reported, with the time that it took */
};

#endif
