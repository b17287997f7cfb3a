# SPDX-License-Identifier: GPL-3.0-or-later
"""Differences between cp and mmcp that are intended, each with its reason."""
from trees.variants import keeping_links, letters

# Messages that differ on purpose: (pattern, replacement, reason), done to both sides.
EXPECTED = [
    (rb"(: cannot overwrite directory .* with non-directory).*", rb"\1",
     "cp names both since 9.2, as mmcp does"),
    (rb"(?<![\w$\\'])'''(?=[^'])", rb"'",
     "cp begins with '' where a name has an apostrophe and ends in an escape"),
    (rb".*: clearing permissions for .*: Operation not permitted$", rb"",
     "cp up to 9.1 fails without a word if it is not the owner"),
    (rb"cannot create (?:hard|symbolic) link (.*?)(?: to '.*')?(: [A-Z][a-z ]*)$",
     rb"cannot create regular file \1\2",
     "which of two names is the first one depends on the order; those of a symlink, too"),
    (rb"(: [gs]etting attribute .* (?:for|of) ).*(: [A-Z][a-z ]*)$", rb"\1\2",
     "libattr names the attribute where the file should be"),
    (rb"(\\[0-7abfnrtv]+)'(?=$|: )", rb"\1", "and doesn't always close the quotes then"),
]


def excuse_mode(wanted, got, options):
    """cp up to 9.1 sets a mode by its ACL, and so leaves set-ID and sticky bits that
    were there before: of an old file, of a directory in one that has set-group-ID,
    of mkdir and mknod.  mmcp gives a copy the bits of its source, and no others.  Of
    a FIFO, too, where chown takes them away."""
    if excuse_mode_of_directory(wanted, got, options) or excuse_mode_after_attributes(
            wanted, got, options):
        return True
    cp, mmcp = int(wanted["mode"], 8), int(got["mode"], 8)
    if wanted["type"] not in ("file", "directory") and (mmcp ^ cp) & ~0o6000 == 0:
        return True
    return cp & ~mmcp & ~0o7000 == 0 and mmcp & ~cp == 0


def excuse_mode_of_directory(wanted, got, options):
    """With --no-preserve=mode, directories keep the set-group-ID that they get from
    the one above, as with cp since 9.5; and as in excuse_owner, where cp's chmod
    took that away.  What --parents makes has the mode that mkdir gives it, whatever
    that is by a default ACL, and cp goes by the umask there.  Where an ordinary user
    can't read attributes that are wanted, and so fails, cp leaves a directory as it
    was while it was filled."""
    if wanted["type"] != "directory":
        return False
    if excuse_lead(wanted, got, options) or has_inherited(wanted, options):
        return True
    if NOT_ROOT in options and FAILED in options and "--preserve=xattr" in options:
        return True
    return int(wanted["mode"], 8) ^ int(got["mode"], 8) == 0o2000 and (
        NOT_ROOT in options or any(o.startswith("--no-preserve") for o in options))


def excuse_mode_after_attributes(wanted, got, options):
    """Whoever isn't root can give attributes to nothing that can't be written.  cp
    makes it so for a moment, and then gives it all bits of its source, whatever a
    default ACL forbids."""
    mode = int(wanted["mode"], 8)
    return (NOT_ROOT in options and "--preserve=xattr" in options and mode & 0o200 == 0
            and int(got["mode"], 8) & ~mode == 0)


def has_inherited(wanted, options):
    """Whether it was made by --parents, in a directory that has an ACL for it."""
    return (wanted["type"] == "directory" and PARENTS in options
            and "xattr 'system.posix_acl_access'" in wanted)


def excuse_lead(wanted, _got, options):
    """What --parents made that leads to a source which can't be reached: cp forgets
    to give it times and mode."""
    return wanted["type"] == "directory" and PARENTS in options and FAILED in options


def excuse_owner(wanted, got, options):
    """cp's chmod of a new directory takes away the set-group-ID that it got from the one
    above, if we are not in that group; then what is made in it isn't of that group.  And
    which of a file's names comes first decides in which directory it is made."""
    if wanted["owner"].split(":")[0] != got["owner"].split(":")[0]:
        return False
    return NOT_ROOT in options or (wanted.get("nlink", 1) > 1 and keeping_links(options))


def excuse_xattr(wanted, got, options):
    """cp takes attributes by the path.  With -s it gives a new symlink those of the
    file that it leads to; of a directory that a symlink led to, it has the
    symlink's.  An ordinary user's gives up where the owner can't be kept."""
    if wanted["type"] == "symlink":
        return "s" in letters(options)
    if excuse_lead(wanted, got, options) or has_inherited(wanted, options):
        return True
    if NOT_ROOT in options and all(got.get(field) == value
                                   for field, value in wanted.items()
                                   if field.startswith("xattr ")):
        return True
    return wanted["type"] == "directory" and any(c in letters(options) for c in "LH")


NOT_ROOT = "(not root)"           # among the options, when an ordinary user copies
PARENTS = "(parents)"             # or with --parents,
FAILED = "(failed)"               # or both told of a failure
EXCUSES = {"mode": excuse_mode, "mtime": excuse_lead, "owner": excuse_owner,
           "xattr": excuse_xattr}
