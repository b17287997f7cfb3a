# SPDX-License-Identifier: GPL-3.0-or-later
"""Run cp and mmcp with the same arguments in twin directories, and compare everything.

A line of a table, tests/*.cases, is a case:  SET-UP | ARGUMENTS | MARKS
Behind `==' is the name of the cases that follow.

SET-UP, in which names are made in this order, with what is above them:
  a  a:text       a file with its name and a newline, or another text, in it;
                  HOLES, ZEROS, EMPTY and LARGE stand for the texts in fill()
  d/  p|  n!      a directory, a FIFO, a device like /dev/null
  s->a  h=a       a symlink, a hard link
  a{600,t=5.1}    with a mode, and a time in seconds after that of all others; own= is an
                  owner, x= an extended attribute, dacl= a default ACL
In all words %20 is a byte, {a*255} a name of 255 a's, @ nothing, $PWD the twin; a
set-up of . is empty.

MARKS, words that say how, and when:
  in=y/n/  umask=077  cd=d  VARIABLE=value       answers are lines, with / at their ends
  no=b            the question about b is answered by no; cp before 9.11 doesn't say so
  root  user      only for root, only for an ordinary user
  reflink  noreflink  acl  xattr                 only where there is such, or isn't
  everywhere      on all file systems, and not only on the first
  blocks          both copies have to take about the same space
  anyorder        lines may come in another order, as they always may with -r
  both            stdout and stderr are one pipe: the order between them counts, too
  full            stdout is /dev/full
  closed=0,2      started without these descriptors
  not=9.2-9.4     not with these versions of cp
  since=9.5       cp does so since that version (9.1..9.6: since one of those after 9.1)
  differs         no cp does so
The latter two want a reason, and what mmcp does instead, in lines below:
  why, exit STATUS, out LINE, err LINE, then SET-UP
These hold whatever cp is there; and where it is one that differs, it has to differ: a
difference that went away is a failure, too.

The cases of one file under two names are generated here.
"""
