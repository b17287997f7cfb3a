/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/disk.h"
#include "unit.h"

/* As in /sys: dev/8:1 leads to devices/pci/block/sda/sda1, whose disk is in sda/.  What
   SCSI knows of it is in devices/pci, which is sda/device.  */

static void
make_directory(const char *name)
{
	ck_assert_msg(mkdir(name, 0777) == 0 || errno == EEXIST, "%s", name);
}

static void
make_sysfs(void)
{
	scratch_enter();
	make_directory("dev");
	make_directory("devices");
	make_directory("devices/pci");
	make_directory("devices/pci/block");
}

/* Write TEXT to DIR/NAME.  */
static void
write_in(const char *dir, const char *name, const char *text)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	scratch_text(path, text);
}

/* Make the symlink LINK to TARGET below devices/, as seen from the depth of LINK.  */
static void
make_link(const char *link, const char *target)
{
	char text[256] = "";

	for (const char *p = link; (p = strchr(p, '/')) != NULL; p++)
		strcat(text, "../");
	strcat(text, "devices/");
	strcat(text, target);
	ck_assert_int_eq(symlink(text, link), 0);
}

/* Make the disk or volume NAME, device MAJOR_ID:0, that says it rotates.  */
static void
make_disk(const char *name, unsigned major_id)
{
	char dir[96], path[128], target[64];

	snprintf(target, sizeof target, "pci/block/%s", name);
	snprintf(dir, sizeof dir, "devices/%s", target);
	make_directory(dir);
	snprintf(path, sizeof path, "%s/queue", dir);
	make_directory(path);
	write_in(path, "rotational", "1\n");
	snprintf(path, sizeof path, "%s/slaves", dir);
	make_directory(path);
	snprintf(path, sizeof path, "dev/%u:0", major_id);
	make_link(path, target);
}

/* Make partition 1 of DISK, device MAJOR_ID:1, with NAME.  */
static void
make_partition(const char *disk, const char *name, unsigned major_id)
{
	char dir[96], path[96];

	snprintf(dir, sizeof dir, "devices/pci/block/%s/%s", disk, name);
	make_directory(dir);
	write_in(dir, "partition", "1\n");
	snprintf(path, sizeof path, "dev/%u:1", major_id);
	make_link(path, strchr(dir, '/') + 1);
}

/* Have VOLUME consist of PART, which is PATH below block/.  */
static void
add_part(const char *volume, const char *part, const char *path)
{
	char link[96], target[96];

	snprintf(link, sizeof link, "devices/pci/block/%s/slaves/%s", volume, part);
	snprintf(target, sizeof target, "pci/block/%s", path);
	make_link(link, target);
}

static bool
rotates(unsigned major_id, unsigned minor_id)
{
	return disk_rotates(makedev(major_id, minor_id), "dev");
}

START_TEST(a_disk_and_its_partitions_rotate)
{
	make_disk("sda", 8);
	make_partition("sda", "sda1", 8);
	ck_assert(rotates(8, 0));
	ck_assert(rotates(8, 1));
	make_disk("hda", 3);
	ck_assert(rotates(3, 0));
	scratch_text("devices/pci/block/sda/queue/rotational", "0\n");
	ck_assert(!rotates(8, 0));
	ck_assert(!rotates(8, 1));
	scratch_text("devices/pci/block/sda/queue/rotational", "");
	ck_assert(!rotates(8, 0));
}
END_TEST

START_TEST(what_is_unknown_does_not_rotate)
{
	ck_assert(!rotates(8, 0));
	ck_assert(!rotates(0, 37));
	ck_assert_int_eq(symlink("/", "dev/8:0"), 0);
	ck_assert(!rotates(8, 0));
	ck_assert_int_eq(symlink("nowhere", "dev/8:1"), 0);
	ck_assert(!rotates(8, 1));
}
END_TEST

START_TEST(names_of_virtual_disks_do_not_rotate)
{
	static const char *const names[] = {
		"vda", "xvda", "nvme0n1", "loop0", "ram0", "zram0", "nbd0", "mmcblk0",
		"rbd0", "sr0", "pmem0", "dasda",
	};

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		make_disk(names[i], 100 + i);
		ck_assert_msg(!rotates(100 + i, 0), "%s", names[i]);
	}
	make_partition("vda", "vda1", 100);
	ck_assert(!rotates(100, 1));
}
END_TEST

START_TEST(makes_of_virtual_disks_do_not_rotate)
{
	static const struct { const char *vendor, *model; bool rotates; } makes[] = {
		{ "ATA     ", "QEMU HARDDISK   ", false },
		{ "QEMU    ", "QEMU HARDDISK   ", false },
		{ "VMware  ", "Virtual disk    ", false },
		{ "VMware, ", "VMware Virtual S", false },
		{ "ATA     ", "VBOX HARDDISK   ", false },
		{ "Msft    ", "Virtual Disk    ", false },
		{ "Google  ", "PersistentDisk  ", false },
		{ "NUTANIX ", "VDISK           ", false },
		{ "ORACLE  ", "BlockVolume     ", false },
		{ "DO      ", "Volume          ", false },
		{ "HC      ", "Volume          ", false },
		{ "Linode  ", "Volume          ", false },
		{ "IET     ", "VIRTUAL-DISK    ", false },
		{ "ATA     ", "BHYVE SATA DISK ", false },
		{ "ATA     ", "ST8000NM0055-1RM", true },
		{ "ATA     ", "WDC WD40EFRX-68W", true },
		{ "SEAGATE ", "ST600MM0006     ", true },
		{ "HP      ", "LOGICAL VOLUME  ", true },
		{ "DELL    ", "PERC H730 Mini  ", true },
		{ "", "", true },
	};

	make_disk("sda", 8);
	make_partition("sda", "sda1", 8);
	make_link("devices/pci/block/sda/device", "pci");
	for (unsigned i = 0; i < sizeof makes / sizeof *makes; i++) {
		write_in("devices/pci", "vendor", makes[i].vendor);
		write_in("devices/pci", "model", makes[i].model);
		ck_assert_msg(rotates(8, 0) == makes[i].rotates, "%s", makes[i].model);
		ck_assert_msg(rotates(8, 1) == makes[i].rotates, "%s", makes[i].model);
	}
	/* An IDE disk has no vendor.  */
	unlink("devices/pci/vendor");
	write_in("devices/pci", "model", "QEMU HARDDISK\n");
	ck_assert(!rotates(8, 0));
}
END_TEST

START_TEST(a_volume_rotates_if_a_part_does)
{
	make_disk("vda", 254);
	make_disk("sda", 8);
	make_partition("sda", "sda1", 8);
	make_disk("dm-0", 253);
	ck_assert(!rotates(253, 0));
	add_part("dm-0", "vda", "vda");
	ck_assert(!rotates(253, 0));
	add_part("dm-0", "sda1", "sda/sda1");
	ck_assert(rotates(253, 0));
	make_disk("md127", 9);
	make_partition("md127", "md127p1", 9);
	ck_assert(!rotates(9, 1));
	add_part("md127", "dm-0", "dm-0");
	ck_assert(rotates(9, 0));
	ck_assert(rotates(9, 1));
	scratch_text("devices/pci/block/sda/queue/rotational", "0\n");
	ck_assert(!rotates(9, 0));
}
END_TEST

START_TEST(volumes_in_a_circle_have_an_end)
{
	make_disk("dm-0", 253);
	make_disk("dm-1", 252);
	add_part("dm-0", "dm-1", "dm-1");
	add_part("dm-1", "dm-0", "dm-0");
	ck_assert(!rotates(253, 0));
}
END_TEST

static bool
is_removable(unsigned major_id, unsigned minor_id)
{
	return disk_is_removable(makedev(major_id, minor_id), "dev");
}

START_TEST(a_disk_that_says_so_is_removable)
{
	make_disk("sda", 8);
	make_partition("sda", "sda1", 8);
	ck_assert(!is_removable(8, 1));
	write_in("devices/pci/block/sda", "removable", "0\n");
	ck_assert(!is_removable(8, 1));
	scratch_text("devices/pci/block/sda/removable", "1\n");
	ck_assert(is_removable(8, 0));
	ck_assert(is_removable(8, 1));
	make_disk("dm-0", 253);
	ck_assert(!is_removable(253, 0));
	add_part("dm-0", "sda1", "sda/sda1");
	ck_assert(is_removable(253, 0));
}
END_TEST

START_TEST(a_disk_on_usb_is_removable)
{
	make_directory("devices/usb1");
	make_directory("devices/usb1/block");
	make_directory("devices/usb1/block/sdb");
	make_link("dev/8:16", "usb1/block/sdb");
	ck_assert(is_removable(8, 16));
}
END_TEST

START_TEST(a_card_is_removable_but_not_what_is_soldered_in)
{
	make_disk("mmcblk0", 179);
	make_directory("devices/pci/block/mmcblk0/device");
	write_in("devices/pci/block/mmcblk0/device", "type", "MMC\n");
	ck_assert(!is_removable(179, 0));
	scratch_text("devices/pci/block/mmcblk0/device/type", "SD\n");
	ck_assert(is_removable(179, 0));
}
END_TEST

START_TEST(partitions_of_one_disk_are_the_same_disk)
{
	make_disk("sda", 8);
	make_partition("sda", "sda1", 8);
	make_disk("vda", 254);
	ck_assert(disk_is_same(makedev(8, 0), makedev(8, 1), "dev"));
	ck_assert(!disk_is_same(makedev(254, 0), makedev(8, 1), "dev"));
	ck_assert(disk_is_same(makedev(0, 37), makedev(0, 37), "dev"));
	ck_assert(!disk_is_same(makedev(0, 37), makedev(0, 38), "dev"));
}
END_TEST

START_TEST(what_a_disk_has_written_is_read_from_its_statistics)
{
	make_disk("sda", 8);
	ck_assert_uint_eq(disk_written(makedev(8, 0), "dev"), 0);
	write_in("devices/pci/block/sda", "stat",
		 "  4696 2715493 280807460  27 778 7555526 340404549 53 0 922 8376\n");
	ck_assert_uint_eq(disk_written(makedev(8, 0), "dev"), 340404549 * UINT64_C(512));
}
END_TEST

Suite *
disk_suite(void)
{
	Suite *const suite = suite_create("disk");
	TCase *const tc = tcase_create("traits");

	tcase_add_checked_fixture(tc, make_sysfs, scratch_leave);
	tcase_add_test(tc, a_disk_and_its_partitions_rotate);
	tcase_add_test(tc, what_is_unknown_does_not_rotate);
	tcase_add_test(tc, names_of_virtual_disks_do_not_rotate);
	tcase_add_test(tc, makes_of_virtual_disks_do_not_rotate);
	tcase_add_test(tc, a_volume_rotates_if_a_part_does);
	tcase_add_test(tc, volumes_in_a_circle_have_an_end);
	tcase_add_test(tc, a_disk_that_says_so_is_removable);
	tcase_add_test(tc, a_disk_on_usb_is_removable);
	tcase_add_test(tc, a_card_is_removable_but_not_what_is_soldered_in);
	tcase_add_test(tc, partitions_of_one_disk_are_the_same_disk);
	tcase_add_test(tc, what_a_disk_has_written_is_read_from_its_statistics);
	suite_add_tcase(suite, tc);
	return suite;
}
