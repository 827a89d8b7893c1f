"""Has the clerk count the figures of the dashboard again from the event log, a day after the other."""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from starbid.domain.errors import Invalid
from starbid.services.analytics.remaking import JOB, days_asked

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

USUAL_DAYS = 400


def ask(lambda_: "LambdaClient", stack: str, days: tuple[int, int]) -> None:
    """`days`: the first and the last UTC day, by number from 1970."""
    body = json.dumps({"job": JOB, "day": days[0], "last": days[1]}).encode()
    lambda_.invoke(FunctionName=f"{stack}-clerk", InvocationType="Event", Payload=body)


def main(argv: list[str], now: datetime) -> int:
    parser = argparse.ArgumentParser(prog="make rollups", description=__doc__)
    parser.add_argument("--stack", default="starbid", help="name of the CloudFormation stack (default: starbid)")
    parser.add_argument("--from", dest="first", default=f"{now - timedelta(days=USUAL_DAYS - 1):%Y-%m-%d}")
    parser.add_argument("--to", dest="last", default=f"{now:%Y-%m-%d}")
    parser.add_argument("--region", help="AWS region (default: that of your AWS profile)")
    asked = parser.parse_args(argv)
    try:
        days = days_asked(asked.first, asked.last, now)
    except Invalid:
        print("The days must be dates such as 2026-11-30, in order, of the last 400 days.", file=sys.stderr)
        return 1
    import boto3

    ask(boto3.client("lambda", region_name=asked.region), asked.stack, days)
    print(
        f"The figures of {days[1] - days[0] + 1} days are being counted again. The clerk's log tells what it corrects."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
