"""`python -m tests.soak [--steps N] [--seed N]`: random steps in a storm, ends of lots, then many people at once."""

from __future__ import annotations

import argparse
import os
import random
import sys

from . import course, crowd, rushes

STEPS = 30_000
STEPS_FOR_A_RUSH = 30


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args(arguments)
    print(f"make soak STEPS={options.steps} SEED={options.seed}", flush=True)
    course.print_report(course.run(options.steps, options.seed))
    sys.stdout.flush()
    rushes.print_report(rushes.run(options.steps // STEPS_FOR_A_RUSH, options.seed))
    sys.stdout.flush()
    crowd.print_report(crowd.run(options.seed))
    print("Everything held.")
    return 0


if __name__ == "__main__":
    os.environ |= {"POWERTOOLS_TRACE_DISABLED": "true", "POWERTOOLS_METRICS_DISABLED": "true"}
    sys.exit(main(sys.argv[1:]))
