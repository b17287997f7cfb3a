# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark: mmcp compared with cp and with other copiers.

    __main__      starts it: python3 scripts/bench --help
    command_line  its options
    comparison    one file or one tree, timed by hyperfine
    subjects      what that one comparison is of: its programs, amount and words
    many          tables, pictures and the sweep: many rows, whose results are kept
    rows          the rows of the table and of the pictures
    cells         the rows of one file in many situations
    trees         the rows of trees of many shapes
    proofs        the rows of what proves a copy, and their table
    readme        the rows in README, and the table that is written there
    sweep         the rows of the sweep, and their tables
    programs      the programs that are compared
    places        the file systems that rows are measured on
    groups        control groups, for programs with less memory or a slower disk
    busy          programs that compute meanwhile
    shapes        what the shape of a row stands for: a class of one of the next two
    sources       what is copied: made, brought into memory, compared with its copy
    treeshapes    the same for the trees of --trees
    forest        these trees: of what each consists
    tree          the tree of small files, always the same
    memory        free memory that the machine has, or that its host took back
    timing        one run, one figure, and rounds that take the programs in turn
    figures       medians, quartiles and ratios, of wall and of CPU seconds
    results       results as JSON, with hyperfine's names
    tables        results as text
    pictures      results as pictures, by gnuplot, on light and dark background
    scale         copies by many ranks, simulated: the tables of doc/scale.md
    ranks         the ranks and brokers of that simulation, and their messages
    names         its trees, and the time that each name takes
    machine       the conditions: kernel, processors, memory, versions of programs
    sizes         bytes, and how a size is written
    messages      what it says on standard error
    limit.c       how fast memory is: make limit
    ways.c        ways of copying that mmcp has no option for: make ways; --sweep runs it

Python's standard library is all that it needs.  Programs that are not installed are not
compared, and a missing gnuplot costs only the pictures."""
