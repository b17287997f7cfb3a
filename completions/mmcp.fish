# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of mmcp for fish.

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

set -l attributes 'mode ownership timestamps links context xattr all'

# What is copied where.
complete -c mmcp -s f -l force -d "Remove a destination that can't be opened, and try again"
complete -c mmcp -s i -l interactive -d 'Ask before writing over a file'
complete -c mmcp -s n -l no-clobber -d 'Leave existing files alone'
complete -c mmcp -s u -d 'Write over older files only'
complete -c mmcp -l update -f -a 'all none none-fail older changed' -d 'Say which existing files to write over'
complete -c mmcp -s b -d 'Keep what is replaced under another name'
complete -c mmcp -l backup -f -a 'none off numbered t existing nil simple never' -d 'Keep what is replaced, and say how'
complete -c mmcp -s S -l suffix -x -d 'End names of simple backups so'
complete -c mmcp -l remove-destination -d 'Replace each existing destination, rather than write over it'
complete -c mmcp -s t -l target-directory -x -a '(__mmcp_directories)' -d 'Copy all sources into this directory'
complete -c mmcp -s T -l no-target-directory -d 'Treat the destination as a file'
complete -c mmcp -l strip-trailing-slashes -d 'Remove slashes at the end of sources'
complete -c mmcp -l parents -d 'Use the full name of each source'
complete -c mmcp -s l -l link -d 'Make hard links instead of copies'
complete -c mmcp -s s -l symbolic-link -d 'Make symbolic links instead of copies'
complete -c mmcp -l attributes-only -d 'Copy no content'

# Directories and links.
complete -c mmcp -s a -l archive -d 'Copy everything there is'
complete -c mmcp -s r -s R -l recursive -d 'Copy directories and what is in them'
complete -c mmcp -s x -l one-file-system -d 'Stay on the file system of each source'
complete -c mmcp -s P -l no-dereference -d 'Copy symbolic links as such'
complete -c mmcp -s L -l dereference -d 'Copy what symbolic links lead to'
complete -c mmcp -s H -d 'Copy what symbolic links that are operands lead to'
complete -c mmcp -s d -d 'Copy symbolic links as such, and keep hard links'
complete -c mmcp -l copy-contents -d 'Read pipes and devices like files'
complete -c mmcp -l keep-directory-symlink -d 'Follow existing symbolic links to directories'

# What is kept.
complete -c mmcp -s p -d 'Keep mode, ownership and timestamps'
complete -c mmcp -l preserve -f -a "(__mmcp_list $attributes)" -d 'Keep what is listed'
complete -c mmcp -l no-preserve -x -a "(__mmcp_list $attributes)" -d "Don't keep what is listed"
complete -c mmcp -s Z -d 'Set the default security context'
complete -c mmcp -l context -f -d 'Set the security context'
complete -c mmcp -l sparse -x -a 'auto always never' -d 'Say when to make holes'
complete -c mmcp -l reflink -f -a 'always auto never' -d 'Say when to share blocks'

# What is left out.
complete -c mmcp -l exclude -x -d 'Leave out what has such a name or path'
complete -c mmcp -l exclude-from -r -d 'Leave out what is like a line of a file'
complete -c mmcp -l files0-from -r -d 'Copy the sources that are named in a file'
complete -c mmcp -s N -l dry-run -d 'Say what would be done, and change nothing'

# What is told.
complete -c mmcp -s v -l verbose -d 'Say what is copied where'
complete -c mmcp -l debug -d 'Say how each file was copied and why'
complete -c mmcp -s g -d 'Show how far it is'
complete -c mmcp -l progress -f -a 'auto always never' -d 'Say when to show how far it is'
complete -c mmcp -l stats -d 'Say at the end what was done, and how'
complete -c mmcp -l json -d 'Say in JSON what becomes of each file'
complete -c mmcp -l failed-to -r -d 'Write the names of what fails to a file'
complete -c mmcp -l help -d 'Show the options, and end'
complete -c mmcp -l version -d 'Show the version, and end'
complete -c mmcp -l usage -d 'Show the options in brief, and end'

# What is promised, and how fast.
complete -c mmcp -l atomic -d 'Replace an existing file only by a whole one'
complete -c mmcp -l fsync -d 'Wait until all is on the device'
complete -c mmcp -s j -l jobs -x -d 'Use so many worker processes'
complete -c mmcp -l chunk-size -x -d 'Let a worker claim so much at a time'
complete -c mmcp -l bwlimit -x -d 'Move no more bytes a second than that'
complete -c mmcp -l nocache -d 'Leave in memory what was there, and nothing of the copy'
complete -c mmcp -l direct -d 'Move large files past the page cache'
complete -c mmcp -l engine -x -a 'auto mmap kernel stream' -d 'Say how bytes move'
