# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy into a file system, out of it and within it, by cp and by mmcp, and compare.

There are two mounts of it, which are alike: one for each program.  Each row of the
table below makes a source and perhaps an old destination in both, runs the same
command line in both, and compares exit status, messages, and all that is left.  What
the file system doesn't take while a source is made is left out of it in both.  The
list of mounts, and how each is made, is in filesystems-lib.
"""
