"""One crowd, to tune by: `python -m bench.crowd sealed 64`, `python -m bench.crowd english 600/s`."""

from __future__ import annotations

import argparse

from bench.crowd import report
from bench.crowd.crowds import Crowd
from bench.crowd.market import KINDS
from bench.crowd.running import run
from bench.crowd.ways import WAYS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("sizes", nargs="+", help="people at once, or bids a second: 600/s")
    parser.add_argument("--way", choices=WAYS, action="append", help="all, unless given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keyed", action="store_true", help="each with an Idempotency-Key")
    options = parser.parse_args()
    print(report.HEAD)
    for size in options.sizes:
        crowd = Crowd(options.kind, int(size.removesuffix("/s")), size.endswith("/s"), keyed=options.keyed)
        for way in options.way or WAYS:
            print(report.line(crowd.name, way, run(crowd, WAYS[way], options.seed).as_json()), flush=True)


if __name__ == "__main__":
    main()
