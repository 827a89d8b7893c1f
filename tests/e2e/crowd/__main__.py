"""`python -m tests.e2e.crowd [--people N] [--only WORD]`: crowds by hand, with a table of what they were told."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import quantiles

from tests.e2e.crowd.scenes import SCENES, Crowd, play_all
from tests.e2e.crowd.square import PEOPLE, Square
from tests.e2e.crowd.truth import counts, faults

_CODES = ("accepted", "bid_too_low", "conflict", "auction_closed")

_HEAD = f"{'':22}{'asked':>8}{''.join(f'{code:>16}' for code in (*_CODES, 'other'))}{'s: half':>9} most"


def main() -> int:
    """The exit status: 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--only", default="", help="scenes whose name holds this")
    options = parser.parse_args()
    scenes = [scene for scene in SCENES if options.only in scene.name]
    with tempfile.TemporaryDirectory(prefix="starbid-crowd-") as directory:
        square = Square(Path(directory), options.people)
        try:
            print(
                f"{'':22}{'asked':>8}" + "".join(f"{code:>16}" for code in (*_CODES, "other")) + f"{'s: half':>9} most"
            )
            crowds = [_told(crowd) for crowd in play_all(square, scenes)]
            books = square.books()
        finally:
            square.stop()
    wrong = [fault for crowd in crowds for fault in faults(crowd, books)]
    print(*wrong or ["All of it is right."], sep="\n")
    return bool(wrong)


def _told(crowd: Crowd) -> Crowd:
    told, seconds = counts(crowd), [answer.seconds for answer in crowd.answers]
    other = sum(count for code, count in told.items() if code not in _CODES)
    row = "".join(f"{told[code]:>16}" for code in _CODES)
    times = f"{quantiles(seconds)[1]:>9.1f}{max(seconds):>5.1f}"
    print(f"{crowd.scene.name:22}{len(crowd.answers):>8}{row}{other:>16}{times}", flush=True)
    return crowd


if __name__ == "__main__":
    sys.exit(main())
