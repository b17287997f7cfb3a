# SPDX-License-Identifier: GPL-3.0-or-later
# What the program is made of, room by room; src/main.c is the rest.
libmmcp_a_SOURCES = \
	src/cli/aliases.c src/cli/aliases.h \
	src/cli/argv.c src/cli/argv.h \
	src/cli/combine.c src/cli/combine.h \
	src/cli/commandline.c src/cli/commandline.h \
	src/cli/copies.c src/cli/copies.h \
	src/cli/ending.c src/cli/ending.h \
	src/cli/files0_from.c src/cli/files0_from.h \
	src/cli/foreign.c src/cli/foreign.h \
	src/cli/goingon.c src/cli/goingon.h \
	src/cli/help.c src/cli/help.h \
	src/cli/journals.c src/cli/journals.h \
	src/cli/keyword.c src/cli/keyword.h \
	src/cli/mpi.c src/cli/mpi.h \
	src/cli/oldlog.c src/cli/oldlog.h \
	src/cli/operands.c src/cli/operands.h \
	src/cli/option.h src/cli/optiontable.c \
	src/cli/options.h \
	src/cli/outputs.c src/cli/outputs.h \
	src/cli/popttable.c src/cli/popttable.h \
	src/cli/rank.c src/cli/rank.h \
	src/cli/room.c src/cli/room.h \
	src/cli/run.c src/cli/run.h \
	src/cli/similar.c src/cli/similar.h \
	src/cli/slow.c src/cli/slow.h \
	src/cli/status.c src/cli/status.h \
	src/cli/supervision.c src/cli/supervision.h \
	src/cli/supervisor.c src/cli/supervisor.h \
	src/cli/take.c src/cli/take.h \
	src/tree/budget.c src/tree/budget.h \
	src/tree/content.c src/tree/content.h \
	src/tree/directory.c src/tree/directory.h \
	src/tree/dirpair.c src/tree/dirpair.h \
	src/tree/dirpack.c \
	src/tree/displace.c src/tree/displace.h \
	src/tree/dryrun.c src/tree/dryrun.h \
	src/tree/durable.c src/tree/durable.h \
	src/tree/entry.c src/tree/entry.h \
	src/tree/equal.c src/tree/equal.h \
	src/tree/exclude.c src/tree/exclude.h \
	src/tree/extra.c src/tree/extra.h \
	src/tree/fileset.c src/tree/fileset.h \
	src/tree/finishdir.c src/tree/finishdir.h \
	src/tree/group.c src/tree/group.h \
	src/tree/hardlink.c src/tree/hardlink.h \
	src/tree/independent.c src/tree/independent.h \
	src/tree/label.c src/tree/label.h \
	src/tree/later.c src/tree/later.h \
	src/tree/level.c src/tree/level.h \
	src/tree/levelgive.c \
	src/tree/linktable.c src/tree/linktable.h \
	src/tree/makedir.c src/tree/makedir.h \
	src/tree/manifest.c src/tree/manifest.h \
	src/tree/opendir.c src/tree/opendir.h \
	src/tree/operand.c src/tree/operand.h \
	src/tree/overwrite.c src/tree/overwrite.h \
	src/tree/parents.c src/tree/parents.h \
	src/tree/peercalls.c \
	src/tree/peerdevice.c src/tree/peerdevice.h \
	src/tree/peerhomes.c src/tree/peerhomes.h \
	src/tree/peermeet.c src/tree/peermeet.h \
	src/tree/peerranges.c \
	src/tree/peers.c src/tree/peers.h \
	src/tree/peerstate.h \
	src/tree/peertasks.c \
	src/tree/policy.h \
	src/tree/position.c src/tree/position.h \
	src/tree/queue.c src/tree/queue.h \
	src/tree/readnames.c src/tree/readnames.h \
	src/tree/recursion.c src/tree/recursion.h \
	src/tree/redo.c src/tree/redo.h \
	src/tree/samefile.c src/tree/samefile.h \
	src/tree/session.h \
	src/tree/selection.c src/tree/selection.h \
	src/tree/share.c src/tree/share.h \
	src/tree/special.c src/tree/special.h \
	src/tree/survey.c src/tree/survey.h \
	src/tree/team.c src/tree/team.h \
	src/tree/teamfork.c src/tree/teamfork.h \
	src/tree/teamlisten.c \
	src/tree/teamsize.c src/tree/teamsize.h \
	src/tree/teamwhere.c \
	src/tree/teamwork.c src/tree/teamwork.h \
	src/tree/timekeeping.c src/tree/timekeeping.h \
	src/tree/timestamps.c src/tree/timestamps.h \
	src/tree/tree.c src/tree/tree.h \
	src/tree/verdict.c src/tree/verdict.h \
	src/tree/visit.c src/tree/visit.h \
	src/tree/walk.c src/tree/walk.h \
	src/tree/walkstate.h \
	src/file/amend.c src/file/amend.h \
	src/file/backup.c src/file/backup.h \
	src/file/commit.c \
	src/file/context.c src/file/context.h \
	src/file/copy.c src/file/copy.h \
	src/file/copystate.h \
	src/file/dest.c src/file/dest.h \
	src/file/destnew.c src/file/destnew.h \
	src/file/destold.c src/file/destold.h \
	src/file/deststate.h \
	src/file/finalname.c src/file/finalname.h \
	src/file/finish.c src/file/finish.h \
	src/file/follow.c src/file/follow.h \
	src/file/held.c src/file/held.h \
	src/file/journalcommand.c src/file/journalcommand.h \
	src/file/journalfile.c src/file/journalfile.h \
	src/file/journalseals.c \
	src/file/keeper.c src/file/keeper.h \
	src/file/layout.c src/file/layout.h \
	src/file/resumedata.c src/file/resumedata.h \
	src/file/resumption.c src/file/resumption.h \
	src/file/resumable.c \
	src/file/hiddenfile.c src/file/hiddenfile.h \
	src/file/manifestfile.c src/file/manifestfile.h \
	src/file/metadata.c src/file/metadata.h \
	src/file/mode.c src/file/mode.h \
	src/file/newfile.c src/file/newfile.h \
	src/file/node.c src/file/node.h \
	src/file/openfile.c src/file/openfile.h \
	src/file/opening.c src/file/opening.h \
	src/file/order.h \
	src/file/outcome.c src/file/outcome.h \
	src/file/owner.c src/file/owner.h \
	src/file/partial.c src/file/partial.h \
	src/file/policy.h \
	src/file/posixacl.c src/file/posixacl.h \
	src/file/realname.c src/file/realname.h \
	src/file/remove.c src/file/remove.h \
	src/file/retry.c src/file/retry.h \
	src/file/samecontent.c src/file/samecontent.h \
	src/file/selinux.c src/file/selinux.h \
	src/file/smallfile.c src/file/smallfile.h \
	src/file/source.c src/file/source.h \
	src/file/transfer.c src/file/transfer.h \
	src/file/verification.c src/file/verification.h \
	src/file/xattr.c src/file/xattr.h \
	src/engine/allocate.c src/engine/allocate.h \
	src/engine/blockhash.c src/engine/blockhash.h \
	src/engine/chunks.c src/engine/chunks.h \
	src/engine/chunks_far.c \
	src/engine/chunks_worker.c \
	src/engine/compare.c src/engine/compare.h \
	src/engine/comparechunk.c src/engine/comparechunk.h \
	src/engine/comparestate.h \
	src/engine/direct.c \
	src/engine/directqueue.c src/engine/directqueue.h \
	src/engine/dropbehind.c src/engine/dropbehind.h \
	src/engine/ends.h \
	src/engine/engine.c src/engine/engine.h \
	src/engine/extent.c src/engine/extent.h \
	src/engine/far.c src/engine/far.h \
	src/engine/facts.c src/engine/facts.h \
	src/engine/hash.c src/engine/hash.h \
	src/engine/hashfile.c src/engine/hashfile.h \
	src/engine/hugetlb.c src/engine/hugetlb.h \
	src/engine/inorder.c src/engine/inorder.h \
	src/engine/kernel.c \
	src/engine/mapping.c src/engine/mapping.h \
	src/engine/mmap.c \
	src/engine/mmap_worker.c src/engine/mmap_worker.h \
	src/engine/pagecache.c src/engine/pagecache.h \
	src/engine/parts.c src/engine/parts.h \
	src/engine/plan.c src/engine/plan.h \
	src/engine/policy.c src/engine/policy.h \
	src/engine/reflink.c \
	src/engine/sequential.c src/engine/sequential.h \
	src/engine/sequential_hash.c \
	src/engine/salvage.c src/engine/salvagecompare.c src/engine/salvage.h \
	src/engine/sparse.c src/engine/sparse.h \
	src/engine/steps.h \
	src/engine/stream.c \
	src/engine/trial.c src/engine/trial.h \
	src/engine/userfault.c src/engine/userfault.h \
	src/engine/verify.c src/engine/verify.h \
	src/engine/writeback.c src/engine/writeback.h \
	src/engine/zeros.c src/engine/zeros.h \
	src/report/closing.c src/report/closing.h \
	src/report/columns.c src/report/columns.h \
	src/report/copymessages.c src/report/copymessages.h \
	src/report/debugmessages.c src/report/debugmessages.h \
	src/report/enginereasons.c src/report/enginereasons.h \
	src/report/entrymessages.c src/report/entrymessages.h \
	src/report/errnoname.c src/report/errnoname.h \
	src/report/errortext.c src/report/errortext.h \
	src/report/event.h \
	src/report/failures.c src/report/failures.h \
	src/report/journaltext.c src/report/journaltext.h \
	src/report/json.c src/report/json.h \
	src/report/jsonlines.c src/report/jsonlines.h \
	src/report/logfile.c src/report/logfile.h \
	src/report/message.c src/report/message.h \
	src/report/pace.c src/report/pace.h \
	src/report/progress.c src/report/progress.h \
	src/report/progressfacts.c src/report/progressfacts.h \
	src/report/progressline.c src/report/progressline.h \
	src/report/prompt.c src/report/prompt.h \
	src/report/quote.c src/report/quote.h \
	src/report/rankmessages.c src/report/rankmessages.h \
	src/report/relay.c src/report/relay.h \
	src/report/relayread.c src/report/relayrecord.h \
	src/report/stats.c src/report/stats.h \
	src/report/statusjson.c \
	src/report/statuspost.c src/report/statuspost.h \
	src/report/statustext.c src/report/statustext.h \
	src/report/summary.c src/report/summary.h \
	src/report/terminal.c src/report/terminal.h \
	src/report/usage.c src/report/usage.h \
	src/base/arena.c src/base/arena.h \
	src/base/bell.c src/base/bell.h \
	src/base/cgroup.c src/base/cgroup.h \
	src/base/clock.c src/base/clock.h \
	src/base/counts.c src/base/counts.h \
	src/base/cpus.c src/base/cpus.h \
	src/base/crew.c src/base/crew.h \
	src/base/descriptor.c src/base/descriptor.h \
	src/base/dirty.c src/base/dirty.h \
	src/base/disk.c src/base/disk.h \
	src/base/error.c src/base/error.h \
	src/base/fingerprint.c src/base/fingerprint.h \
	src/base/forecast.c src/base/forecast.h \
	src/base/fs.c src/base/fs.h \
	src/base/guard.c src/base/guard.h \
	src/base/crc32.c src/base/crc32.h \
	src/base/journal.c src/base/journal.h \
	src/base/journalread.c \
	src/base/hiddenname.c src/base/hiddenname.h \
	src/base/inode.c src/base/inode.h \
	src/base/kernel.c src/base/kernel.h \
	src/base/listing.c src/base/listing.h \
	src/base/locale.c src/base/locale.h \
	src/base/memory.c src/base/memory.h \
	src/base/missing.c src/base/missing.h \
	src/base/mounts.c src/base/mounts.h \
	src/base/namelist.c src/base/namelist.h \
	src/base/namespace.c src/base/namespace.h \
	src/base/path.c src/base/path.h \
	src/base/pathpair.h \
	src/base/permission.c src/base/permission.h \
	src/base/rankframe.h \
	src/base/ranks.c src/base/ranks.h \
	src/base/ratelimit.c src/base/ratelimit.h \
	src/base/reason.h \
	src/base/result.h \
	src/base/robustlock.c src/base/robustlock.h \
	src/base/signals.c src/base/signals.h \
	src/base/sorter.c src/base/sorter.h \
	src/base/statusdir.c src/base/statusdir.h \
	src/base/statusfile.c src/base/statusfile.h \
	src/base/statusread.c \
	src/base/stripe.c src/base/stripe.h \
	src/base/supervised.c src/base/supervised.h \
	src/base/syscalls.c src/base/syscalls.h \
	src/base/sysfs.c src/base/sysfs.h \
	src/base/timer.c src/base/timer.h \
	src/base/totals.c src/base/totals.h \
	src/base/units.c src/base/units.h \
	src/base/way.h \
	src/base/writebehind.c src/base/writebehind.h

# The module for MPI; nothing of it is in the program.
mpi_sources = \
	src/mpi/agent.c \
	src/mpi/child.c src/mpi/child.h \
	src/mpi/frame.c src/mpi/frame.h \
	src/mpi/module.h \
	src/mpi/ranks.c src/mpi/ranks.h \
	src/mpi/stream.c src/mpi/stream.h
