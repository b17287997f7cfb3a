#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# limits.py has the rules, and says in its output what to do where one is broken.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

top=$(CDPATH='' cd -- "${srcdir:-.}" && pwd) || exit 99
python3 "$top/tests/house/limits.py" "$top" . || broken "limits.py failed"

none() { [ ! -s "$1" ] || { cat "$1"; false; }; }
check "no file has more than 400 lines" none lines
check "no line has more than 90 columns" none columns
check "no function has more than 80 lines" none functions
check "includes point down, and a file's own header comes first" none includes
check "no modules include each other in a circle" none circles
check "each file is in the list that it belongs to" none lists

# A tree that breaks each rule once.
mkdir -p bad/src/base bad/src/cli bad/src/mpi bad/tests bad/scripts found
printf '#include "cli/up.h"\n' >bad/src/base/low.h
printf '#include "base/low.h"\n#include "cli/up.h"\n' >bad/src/cli/up.h
printf '#include "base/low.h"\n' >bad/src/cli/up.c
printf '#include <mpi.h>\n#include "base/low.h"\n' >bad/src/mpi/module.h
printf '#include <mpi.h>\n#include "mpi/module.h"\n' >bad/src/cli/mpi.c
seq -f '/* %g */' 401 >bad/src/base/long.h
printf 'int\nf(void)\n{\n%081d\n}\n' 0 | sed 's/0/0;\n/g' >bad/src/base/big.c
printf '/*\t%083d */\n' 0 >bad/src/base/wide.h
: >bad/src/sources.mk
: >bad/tests/tests.mk
: >bad/scripts/scripts.mk
: >bad/Makefile.am
python3 "$top/tests/house/limits.py" bad found || broken "limits.py failed"
finds() { grep -q "^$2" "found/$1" || { cat "found/$1"; false; }; }
check "a long file is found" finds lines 'src/base/long.h has 401 lines'
check "a long line is found" finds columns 'src/base/wide.h:1 has 94 columns'
check "a long function is found" finds functions 'src/base/big.c:2 f has 85 lines'
check "an include that points up is found" finds includes 'src/base/low.h includes cli'
check "what the module for MPI includes is found" \
	finds includes 'src/mpi/module.h includes base'
check "what includes MPI is found" finds includes 'src/cli/mpi.c includes mpi.h'
check "the header of the module may be included" \
	sh -c "! grep mpi/module.h: found/includes"
check "a header that isn't first is found" finds includes "src/cli/up.c doesn't"
check "a circle is found" finds circles 'src/base/low -> src/cli/up -> src/base/low'
check "a file in no list is found" finds lists 'src/cli/up.c is in no list'

finish
