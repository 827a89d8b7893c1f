"""Check the log of a lot: `python -m scripts.verify_log FILE [HEAD]`.

HEAD is a link "Verify this auction" that was kept, from a notice or from the lot's page while it ran, or the code in
it. Prints what was checked. Exits 1 if something is wrong with the log, 2 if there is no log to read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from starbid.domain.audit_check import parse, report

MOST_BYTES = 256 * 1024 * 1024


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2 or not arguments[0]:
        print("make verify LOG=file [HEAD=link]", file=sys.stderr)
        return 2
    try:
        path = Path(arguments[0])
        if path.stat().st_size > MOST_BYTES:
            print(f"{path} is larger than any log: {path.stat().st_size} bytes", file=sys.stderr)
            return 2
        text = path.read_bytes()
    except OSError as error:
        print(f"cannot read {arguments[0]}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        log = parse(text)
    except ValueError as error:
        print(f"WRONG    This is not the JSON of a log: {error}.")
        return 1
    found = report(log, arguments[1] if len(arguments) == 2 and arguments[1] else None)
    for subject in found.checked:
        print(f"checked  {subject}")
    for problem in found.problems:
        print(f"WRONG    {problem}")
    if not found.problems:
        print("The log is sound." if len(found.checked) > 4 else "The log is sound. HEAD= compares a kept link.")
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
