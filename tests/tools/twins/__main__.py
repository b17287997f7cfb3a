# SPDX-License-Identifier: GPL-3.0-or-later
"""Run as python3 -B tests/tools/twins."""
import os
import sys

sys.dont_write_bytecode = True
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from twins import cli  # noqa: E402

sys.exit(cli.main())
