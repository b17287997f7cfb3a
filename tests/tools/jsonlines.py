#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate what --json printed.

usage: jsonlines.py SCHEMA STATUS <LINES

Each line is one object of SCHEMA that begins with "event" and "schema"; the last one, and
no other, is the summary, with the exit status STATUS; if that is "-", there is none.
What isn't so is printed, and the exit status is 1.
"""
import json
import sys

import jsonschema


def main():
    """Print each fault of standard input."""
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.Draft7Validator
    kind.check_schema(schema)
    validator = kind(schema)
    faults, last = [], None
    for number, line in enumerate(sys.stdin.buffer, 1):
        def fault(text, number=number, line=line):
            faults.append(f"line {number}: {text}: {line!r}")
        if last == "summary":
            fault("comes after the summary")
        try:
            pairs = json.loads(line.decode(), object_pairs_hook=list)
            event = json.loads(line)
        except ValueError as error:
            fault(str(error))
            continue
        if [key for key, _ in pairs][:2] != ["event", "schema"]:
            fault("doesn't begin with event and schema")
        if len(pairs) != len(event):
            fault("has a member twice")
        for error in validator.iter_errors(event):
            fault("; ".join([error.message] + [e.message for e in error.context]))
        last = event.get("event")
        if last == "summary" and event.get("exit_status") != int(sys.argv[2]):
            fault(f"the exit status was {sys.argv[2]}")
    if last != "summary" and sys.argv[2] != "-":
        faults.append("there is no summary at the end")
    print("\n".join(faults))
    sys.exit(bool(faults))


main()
