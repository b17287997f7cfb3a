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

# Choosing files.
complete -c mmcp -s a -l archive -d 'Copy directories and keep everything: -dR --preserve=all'
complete -c mmcp -s r -l recursive -d 'Copy directories and everything in them'
complete -c mmcp -s R -d 'Copy directories and everything in them'
complete -c mmcp -s x -l one-file-system -d 'Stay on the file system of each SOURCE'
complete -c mmcp -s L -l dereference -d 'Copy what symbolic links point to'
complete -c mmcp -s P -l no-dereference -d 'Copy symbolic links as links'
complete -c mmcp -s H -d 'Follow symbolic links only where they are SOURCEs'
complete -c mmcp -l copy-contents -d 'With -r, read pipes and devices like files'
complete -c mmcp -s u -d 'Copy only what is newer than its copy: --update=older'
complete -c mmcp -l update -f -a 'all none none-fail older changed checksum content' -d 'Which existing files to replace'
complete -c mmcp -l exclude -x -d 'Leave out what PATTERN matches: names, or paths if it has a slash'
complete -c mmcp -l include -x -d 'Copy what PATTERN matches, whatever later patterns say'
complete -c mmcp -l exclude-from -r -d 'Leave out what the patterns in FILE match, one a line'
complete -c mmcp -l files-from -r -d 'Read SOURCEs from FILE, one a line'
complete -c mmcp -l files0-from -r -d 'Read SOURCEs from FILE, with a NUL after each name'

# What is kept.
complete -c mmcp -s p -d 'Keep mode, ownership and timestamps'
complete -c mmcp -l preserve -f -a '(__mmcp_list mode timestamps ownership links context xattr all)' -d 'What to keep'
complete -c mmcp -l no-preserve -x -a '(__mmcp_list mode timestamps ownership links context xattr all)' -d 'What not to keep'
complete -c mmcp -s d -d 'The same as -P --preserve=links'
complete -c mmcp -l sparse -x -a 'never auto always' -d 'When to make holes'
complete -c mmcp -l attributes-only -d 'Copy attributes, but no content'
complete -c mmcp -s Z -d 'Set the SELinux context that is usual at the destination'
complete -c mmcp -l context -f -d 'Set the SELinux context'

# Destination.
complete -c mmcp -s t -l target-directory -x -a '(__mmcp_directories)' -d 'Copy all SOURCEs into DIRECTORY'
complete -c mmcp -s T -l no-target-directory -d "Take DEST as the copy's name, even if it is a directory"
complete -c mmcp -l parents -d "Keep the directories in SOURCE's name, below DIRECTORY"
complete -c mmcp -s l -l link -d 'Make hard links instead of copies'
complete -c mmcp -s s -l symbolic-link -d 'Make symbolic links instead of copies'
complete -c mmcp -s f -l force -d "Remove an existing file that can't be opened, and try again"
complete -c mmcp -l remove-destination -d 'Remove existing files instead of overwriting them'
complete -c mmcp -l keep-directory-symlink -d 'Follow existing symbolic links to directories'
complete -c mmcp -l strip-trailing-slashes -d 'Remove slashes from the end of each SOURCE'

# Safety.
complete -c mmcp -s i -l interactive -d 'Ask before replacing a file'
complete -c mmcp -s n -l no-clobber -d 'Leave existing files alone'
complete -c mmcp -s N -l dry-run -d 'Show what would be done, and change nothing'
complete -c mmcp -l backup -f -a 'none off simple never existing nil numbered t' -d 'Keep what is replaced under another name'
complete -c mmcp -s b -d 'Keep what is replaced under another name'
complete -c mmcp -s S -l suffix -x -d "End simple backups' names with SUFFIX instead of ~"
complete -c mmcp -l atomic -d 'Replace each file in one step, by a complete copy'
complete -c mmcp -l verify -f -a 'read device' -d 'Compare each copy with its source before it is named'
complete -c mmcp -l partial -d 'Keep what can be read of a file that fails, with holes for the rest'
complete -c mmcp -l resume -d 'Go on where the same command was interrupted, also inside a large file'
complete -c mmcp -l fsync -d 'Wait until everything is on the device'
complete -c mmcp -l manifest -r -d 'Write a hash of each copy to FILE, for xxhsum -c and its like'
complete -c mmcp -l manifest-algorithm -x -a 'xxh128 sha256 blake2b' -d 'The hash for --manifest'

# Speed.
complete -c mmcp -s j -l jobs -x -d 'Use N processes (default: one for each processor)'
complete -c mmcp -l mpi -d 'Copy on all machines where mpirun has started this command'
complete -c mmcp -l reflink -f -a 'auto always never' -d 'Share blocks with the source'
complete -c mmcp -l bwlimit -x -d 'Copy at most RATE bytes per second: 10M, 1.5G'
complete -c mmcp -l nocache -d 'Leave the page cache as it was before'
complete -c mmcp -l direct -d 'Copy large files past the page cache (O_DIRECT)'
complete -c mmcp -l chunk-size -x -d 'What a worker takes at a time (default: 4M)'
complete -c mmcp -l engine -x -a 'auto reflink direct mmap kernel hugetlb stream' -d 'How to copy'

# Progress and reports.
complete -c mmcp -s v -l verbose -d 'Print each file and its copy'
complete -c mmcp -s g -d 'Show progress at once: --progress=always'
complete -c mmcp -l progress -f -a 'auto always plain never' -d 'Show progress'
complete -c mmcp -l status -f -a 'json' -d 'Show what running copies do, perhaps as json, and exit'
complete -c mmcp -l stats -d 'Print a summary at the end'
complete -c mmcp -l json -d 'Print what becomes of each file as JSON'
complete -c mmcp -l failed-to -r -d 'Write the names of failed sources to FILE, for --files0-from'
complete -c mmcp -l log-file -r -d 'Append a line to FILE for everything that is done or fails'
complete -c mmcp -l debug -d 'Print how each file was copied, and why; implies -v'
complete -c mmcp -l help -f -a 'all' -d 'Show the options, and exit'
complete -c mmcp -l usage -d 'Show the options in brief, and exit'
complete -c mmcp -l version -d 'Show the version, and exit'
