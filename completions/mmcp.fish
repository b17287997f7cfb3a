# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of mmcp for fish.  completions/generate made it of fish.in and the table of
# options.

# The words of a list with commas between, after those that are there already.
function __mmcp_list
    set -l given (commandline -ct | string replace -r '^--[^=]*=' '' | string replace -r '[^,]*$' '')
    for word in $argv
        contains -- $word (string split , -- $given); or echo $given$word
    end
end

# As an argument it may stand behind its option in one word.
function __mmcp_directories
    __fish_complete_directories (commandline -ct | string replace -r '^(-[^-=]*?t|--[^=]*=)' '')
end

# What is copied where.
complete -c mmcp -s t -l target-directory -x -a '(__mmcp_directories)' -d 'Copy all SOURCEs into DIRECTORY'
complete -c mmcp -s T -l no-target-directory -d 'Treat DEST as a file, never as a directory to fill'
complete -c mmcp -l strip-trailing-slashes -d 'Remove slashes behind each SOURCE'
complete -c mmcp -l parents -d 'Use the full name of each source below DIRECTORY'
complete -c mmcp -s l -l link -d 'Make hard links instead of copies'
complete -c mmcp -s s -l symbolic-link -d 'Make symbolic links instead of copies'
complete -c mmcp -l attributes-only -d 'Copy no content, only what else is preserved'
complete -c mmcp -l sparse -x -a 'never auto always' -d 'Say when to make holes'
complete -c mmcp -l reflink -f -a 'auto always never' -d 'Share blocks with the source'

# What exists.
complete -c mmcp -s f -l force -d "Remove a destination that can't be opened, and try again"
complete -c mmcp -s i -l interactive -d 'Ask before replacing a file'
complete -c mmcp -s n -l no-clobber -d 'Leave existing files alone'
complete -c mmcp -s u -d '--update=older'
complete -c mmcp -l update -f -a 'all none none-fail older changed' -d 'Replace which existing files'
complete -c mmcp -s b -d '--backup, as $VERSION_CONTROL says'
complete -c mmcp -l backup -f -a 'none off simple never existing nil numbered t' -d 'Keep what is replaced under another name'
complete -c mmcp -s S -l suffix -x -d 'End names of simple backups so'
complete -c mmcp -l remove-destination -d 'Replace each existing destination, rather than write over it'

# Directories and links.
complete -c mmcp -s a -l archive -d 'Copy everything there is: -dR --preserve=all'
complete -c mmcp -s r -l recursive -d 'Copy directories and what is in them'
complete -c mmcp -s R -d 'Copy directories and what is in them'
complete -c mmcp -s x -l one-file-system -d 'Stay on the file system of each SOURCE'
complete -c mmcp -s P -l no-dereference -d 'Copy symbolic links as such'
complete -c mmcp -s L -l dereference -d 'Copy what symbolic links lead to'
complete -c mmcp -s H -d 'Copy what symbolic links that are operands lead to'
complete -c mmcp -s d -d '-P --preserve=links'
complete -c mmcp -l copy-contents -d 'With -r, read pipes and devices like files'
complete -c mmcp -l keep-directory-symlink -d 'Follow existing symbolic links to directories in DEST'

# What is kept.
complete -c mmcp -s p -d '--preserve=mode,ownership,timestamps'
complete -c mmcp -l preserve -f -a '(__mmcp_list mode timestamps ownership links context xattr all)' -d 'Keep what is listed'
complete -c mmcp -l no-preserve -x -a '(__mmcp_list mode timestamps ownership links context xattr all)' -d "Don't keep what is listed"
complete -c mmcp -s Z -d 'Give each copy the SELinux security context that is usual where it is'
complete -c mmcp -l context -f -d 'Set the SELinux security context'

# What is told.
complete -c mmcp -s v -l verbose -d 'Say what is copied where'
complete -c mmcp -l debug -d 'Say how each file was copied and why; implies -v'
complete -c mmcp -l help -d 'Show this help, and end'
complete -c mmcp -l version -d 'Show the version, and end'

# What is left out.
complete -c mmcp -l exclude -x -d 'Leave out files by their names, or by their paths if PATTERN has a slash'
complete -c mmcp -l exclude-from -r -d 'Leave out what is like a line of FILE'
complete -c mmcp -l files0-from -r -d 'Copy the SOURCEs that are named in FILE, each with a NUL behind it'
complete -c mmcp -s N -l dry-run -d 'Say what would be done, and change nothing'

# What is promised.
complete -c mmcp -l atomic -d 'Replace an existing file only by a whole one'
complete -c mmcp -l fsync -d 'Wait until files and directory entries are on the device'

# How fast.
complete -c mmcp -s j -l jobs -x -d 'Worker processes (default: the CPUs you may use)'
complete -c mmcp -l chunk-size -x -d 'What a worker claims at a time (4M)'
complete -c mmcp -l bwlimit -x -d 'Move no more than RATE bytes a second, all workers together'
complete -c mmcp -l nocache -d 'Leave what was in memory before there, and nothing of the copy'
complete -c mmcp -l direct -d 'Move large files past the page cache (O_DIRECT)'
complete -c mmcp -l engine -x -a 'auto reflink direct mmap kernel hugetlb stream' -d 'How bytes move'

# What is told besides.
complete -c mmcp -s g -d '--progress=always'
complete -c mmcp -l progress -f -a 'auto always never' -d 'Show how far it is'
complete -c mmcp -l stats -d 'Say at the end what was done, and how'
complete -c mmcp -l json -d 'Say in JSON what becomes of each file'
complete -c mmcp -l failed-to -r -d 'Keep the names of sources that fail in FILE, for --files0-from'
complete -c mmcp -l usage -d 'Show the options in brief, and end'
