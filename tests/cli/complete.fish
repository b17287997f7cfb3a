# SPDX-License-Identifier: GPL-3.0-or-later
# complete.fish COMPLETIONS QUERIES ANSWERS: what fish offers for each line of QUERIES, in
# the files ANSWERS.1, ANSWERS.2 and so on.
source $argv[1]/mmcp.fish; or exit
alias cp=mmcp

set -l n 0
while read -l line
    set n (math $n + 1)
    complete -C $line >$argv[3].$n
end <$argv[2]
