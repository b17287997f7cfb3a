# SPDX-License-Identifier: GPL-3.0-or-later
"""What may differ, or cannot be tried, each with its reason."""
import re

# Messages, as in trees/excuses.py.
EXPECTED = [
    (rb"(failed to preserve ownership for )([^'\s]+):", rb"\1'\2':",
     "cp doesn't quote this name"),
    (rb"\xe2\x80[\x98\x99]", rb"'",
     "and has other quotes for that of a source's permissions"),
]
# What differs by a fault of a file system: (its name, rows, line of a difference,
# reason).
KNOWN = [
    ("", "--attributes-only", r"^'links/",
     "which of a file's names comes first is another one"),
    ("", "-av", r"removed '.*/links/",
     "which of a file's names comes first is another one"),
    ("sshfs", "", r"message: (cp|mmcp) says: cp: failed to preserve ownership "
     r"for '.*/[stl]|^status: 1, not 0$|links/.*: [am]time ",
     "it gives a symlink's owner and times to its target, if that is there already"),
    ("", "--parents", r"^'fs': mtime ",
     "the mount's own time is when the source was made, later on one side"),
    ("gocryptfs", "", r"sparse': holes: 1 pieces of 64 KiB are data, first at 524288",
     "cp 9.1 looks for zeros in data, and blocks begin elsewhere there"),
    ("fuse2fs", "^(?!.*--atomic)", r": mode [01]",
     "cp takes it that an ACL brings the mode, and leaves that alone"),
    ("fuse2fs", "", r"xattr 'system.posix_acl_access'",
     "an ACL there is an attribute that says another thing than the mode does"),
    ("ntfs-3g-posix", "--parents", r"'fs': mode 0755, not 0777",
     "each directory has a default ACL; mmcp goes by the umask"),
    ("encfs", "--atomic", r"[am]time \d+\.0+, not",
     "a rename cuts times to whole seconds"),
    ("encfs", "", r"[am]time \d+\.\d+, not \d+\.0+$",
     "a rename cuts times to whole seconds, and cp makes links by one"),
    ("rclone", "",
     r"message: (cp|mmcp) says: cp: (preserving permissions for )?'.*': Input/output",
     "reading an attribute is an I/O error; cp reads ACLs that don't exist, too"),
    ("rclone", "attributes", r"^message: (cp|mmcp) says: cp: setting attribute ",
     "cp 9.1 has the attribute's name there twice, and not the file's"),
    ("zfs-fuse", "", r": (blocks|holes): ",
     "blocks are counted up to half a minute late"),
    ("posixovl", "--atomic", r": blocks: 0, not",
     "it forgets the blocks of what is renamed"),
]
# What can't be tried: (file system, row, direction, reason).
IMPOSSIBLE = [
    ("fuse2fs", "a name that is too long", "in",
     "it makes an entry that it can't read again"),
    ("fuse2fs", "a name that is too long", "within",
     "it makes an entry that it can't read again"),
    ("sshfs", "-as", "within",
     "the server, on this machine, follows a link into the mount that waits for it"),
]
REFUSED = re.compile(
    rb"--engine=|--direct|--atomic|cannot keep the attributes|Operation not supported|"
    rb"Invalid argument|not supported")


def may_refuse(this, err):
    """Whether mmcp may fail where cp succeeds: an option of ours asks for what isn't
    there."""
    return bool(this.ours) and REFUSED.search(err) is not None


def excused(label, this, line):
    return any(label.startswith(fs) and re.search(name, this.name)
               and re.search(pattern, line)
               for fs, name, pattern, _ in KNOWN)


def is_impossible(label, this, direction):
    return any(label.startswith(fs) and name in this.name and way == direction
               for fs, name, way, _ in IMPOSSIBLE)
