/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refuse: run a command whose system calls are refused as a container's filter does it.

     refuse ERROR CALL[,CALL...] COMMAND [ARGUMENT...]
     refuse --list

   ERROR is EPERM or ENOSYS.  CALL is a name that --list prints, a number, or a number and
   "+" for all above it.  --list prints what is newer than Linux 4.4, and what older
   containers refuse besides, one a line, as far as this machine has it.  Status 125: not
   run.  */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FAILED = 125, UNKNOWN = -1 };

/* Calls since Linux 5.1 have one order everywhere; headers may be older than the
   kernel.  */
#ifdef SYS_pidfd_send_signal
# define SINCE_5_1(number) (SYS_pidfd_send_signal + (number) - 424)
#else
# define SINCE_5_1(number) UNKNOWN
#endif

#ifndef SYS_renameat2
# define SYS_renameat2 UNKNOWN
#endif
#ifndef SYS_getrandom
# define SYS_getrandom UNKNOWN
#endif
#ifndef SYS_memfd_create
# define SYS_memfd_create UNKNOWN
#endif
#ifndef SYS_execveat
# define SYS_execveat UNKNOWN
#endif
#ifndef SYS_userfaultfd
# define SYS_userfaultfd UNKNOWN
#endif
#ifndef SYS_membarrier
# define SYS_membarrier UNKNOWN
#endif
#ifndef SYS_mlock2
# define SYS_mlock2 UNKNOWN
#endif
#ifndef SYS_copy_file_range
# define SYS_copy_file_range UNKNOWN
#endif
#ifndef SYS_preadv2
# define SYS_preadv2 UNKNOWN
#endif
#ifndef SYS_pwritev2
# define SYS_pwritev2 UNKNOWN
#endif
#ifndef SYS_pkey_mprotect
# define SYS_pkey_mprotect UNKNOWN
#endif
#ifndef SYS_pkey_alloc
# define SYS_pkey_alloc UNKNOWN
#endif
#ifndef SYS_pkey_free
# define SYS_pkey_free UNKNOWN
#endif
#ifndef SYS_statx
# define SYS_statx UNKNOWN
#endif
#ifndef SYS_io_pgetevents
# define SYS_io_pgetevents UNKNOWN
#endif
#ifndef SYS_rseq
# define SYS_rseq UNKNOWN
#endif

static const struct {
	const char *name;
	int number;
} calls[] = {
	{ "renameat2", SYS_renameat2 },
	{ "getrandom", SYS_getrandom },
	{ "memfd_create", SYS_memfd_create },
	{ "execveat", SYS_execveat },
	{ "userfaultfd", SYS_userfaultfd },
	{ "membarrier", SYS_membarrier },
	{ "mlock2", SYS_mlock2 },
	/* since 4.5 */
	{ "copy_file_range", SYS_copy_file_range },
	{ "preadv2", SYS_preadv2 },
	{ "pwritev2", SYS_pwritev2 },
	{ "pkey_mprotect", SYS_pkey_mprotect },
	{ "pkey_alloc", SYS_pkey_alloc },
	{ "pkey_free", SYS_pkey_free },
	{ "statx", SYS_statx },
	{ "io_pgetevents", SYS_io_pgetevents },
	{ "rseq", SYS_rseq },
	/* since 5.1 */
	{ "pidfd_send_signal", SINCE_5_1(424) },
	{ "io_uring_setup", SINCE_5_1(425) },
	{ "io_uring_enter", SINCE_5_1(426) },
	{ "io_uring_register", SINCE_5_1(427) },
	{ "open_tree", SINCE_5_1(428) },
	{ "move_mount", SINCE_5_1(429) },
	{ "fsopen", SINCE_5_1(430) },
	{ "fsconfig", SINCE_5_1(431) },
	{ "fsmount", SINCE_5_1(432) },
	{ "fspick", SINCE_5_1(433) },
	{ "pidfd_open", SINCE_5_1(434) },
	{ "clone3", SINCE_5_1(435) },
	{ "close_range", SINCE_5_1(436) },
	{ "openat2", SINCE_5_1(437) },
	{ "pidfd_getfd", SINCE_5_1(438) },
	{ "faccessat2", SINCE_5_1(439) },
	{ "process_madvise", SINCE_5_1(440) },
	{ "epoll_pwait2", SINCE_5_1(441) },
	{ "mount_setattr", SINCE_5_1(442) },
	{ "quotactl_fd", SINCE_5_1(443) },
	{ "landlock_create_ruleset", SINCE_5_1(444) },
	{ "landlock_add_rule", SINCE_5_1(445) },
	{ "landlock_restrict_self", SINCE_5_1(446) },
	{ "memfd_secret", SINCE_5_1(447) },
	{ "process_mrelease", SINCE_5_1(448) },
	{ "futex_waitv", SINCE_5_1(449) },
	{ "set_mempolicy_home_node", SINCE_5_1(450) },
	{ "cachestat", SINCE_5_1(451) },
	{ "fchmodat2", SINCE_5_1(452) },
	{ "map_shadow_stack", SINCE_5_1(453) },
	{ "futex_wake", SINCE_5_1(454) },
	{ "futex_wait", SINCE_5_1(455) },
	{ "futex_requeue", SINCE_5_1(456) },
	{ "statmount", SINCE_5_1(457) },
	{ "listmount", SINCE_5_1(458) },
	{ "lsm_get_self_attr", SINCE_5_1(459) },
	{ "lsm_set_self_attr", SINCE_5_1(460) },
	{ "lsm_list_modules", SINCE_5_1(461) },
	{ "mseal", SINCE_5_1(462) },
	{ "setxattrat", SINCE_5_1(463) },
	{ "getxattrat", SINCE_5_1(464) },
	{ "listxattrat", SINCE_5_1(465) },
	{ "removexattrat", SINCE_5_1(466) },
	{ "open_tree_attr", SINCE_5_1(467) },
	{ "file_getattr", SINCE_5_1(468) },
	{ "file_setattr", SINCE_5_1(469) },
};

enum { CALLS = sizeof calls / sizeof *calls, MOST = 3 + 3 * 256 };

static struct sock_filter code[MOST];
static unsigned short len;

static void
add(struct sock_filter instruction)
{
	code[len++] = instruction;
}

/* Refuse the numbers from FIRST to LAST with ERROR.  */
static void
refuse(unsigned first, unsigned last, unsigned error)
{
	if (len + 3 >= MOST)
		exit(FAILED);
	add((struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first, 0, 2));
	add((struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, last, 1, 0));
	add((struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
}

static void
refuse_named(const char *call, unsigned error)
{
	char *end;

	for (unsigned i = 0; i < CALLS; i++)
		if (strcmp(call, calls[i].name) == 0 && calls[i].number != UNKNOWN) {
			refuse((unsigned) calls[i].number, (unsigned) calls[i].number,
			       error);
			return;
		}
	const unsigned long number = strtoul(call, &end, 10);
	if (end == call || (*end != '\0' && strcmp(end, "+") != 0)) {
		fprintf(stderr, "refuse: there is no call %s here\n", call);
		exit(FAILED);
	}
	if (*end == '+')
		refuse((unsigned) number + 1, ~0U, error);
	else
		refuse((unsigned) number, (unsigned) number, error);
}

static int
list(void)
{
	for (unsigned i = 0; i < CALLS; i++)
		if (calls[i].number != UNKNOWN)
			puts(calls[i].name);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	const unsigned error = argc < 4 ? 0 : strcmp(argv[1], "EPERM") == 0 ? EPERM
		: strcmp(argv[1], "ENOSYS") == 0 ? ENOSYS : 0;
	if (error == 0) {
		fputs("usage: refuse EPERM|ENOSYS CALL[,CALL...] COMMAND [ARGUMENT...]\n",
		      stderr);
		return FAILED;
	}
	add((struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					  offsetof(struct seccomp_data, nr)));
	for (char *call = strtok(argv[2], ","); call != NULL; call = strtok(NULL, ","))
		refuse_named(call, error);
	add((struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	struct sock_fprog program = { .len = len, .filter = code };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
	    || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		perror("refuse: no filter");
		return FAILED;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return FAILED;
}
