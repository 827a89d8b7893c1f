"""What a month costs, and a thousand questions to the AI helper: `python -m scripts.cost` prints the tables that
docs/operations.md shows.

Measured units and CPU times (bench/results.json), times the prices and assumptions of scripts/cost.toml. Free
allowances are not subtracted.
"""

import json
import textwrap
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCALES = (1_000, 100_000, 10_000_000)
"""Accepted bids a month."""
KB_PER_GB = 1024**2
DOCS_WIDTH = 118

LINES: dict[str, tuple[str, ...]] = {
    "DynamoDB, writes": ("write_unit",),
    "DynamoDB, reads": ("read_unit",),
    "DynamoDB, storage of the month": ("stored_gb",),
    "DynamoDB, point-in-time recovery": ("recovery_gb",),
    "Lambda": ("invocation", "gb_second"),
    "Lambda, INIT of cold starts": ("init_gb_second",),
    "KMS, secrets at cold starts": ("kms_request",),
    "HTTP API": ("http_request",),
    "SQS": ("queue_request", "fifo_request"),
    "EventBridge Scheduler": ("schedule",),
    "S3, reads": ("s3_get",),
    "CloudWatch, logs": ("log_gb",),
    "CloudWatch, alarms, metrics, dashboard": ("alarm", "metric", "dashboard"),
    "Data out": ("out_gb",),
}
"""The table's rows, and the prices that each adds up."""


def read_inputs(root: Path = ROOT) -> tuple[dict[str, Any], dict[str, Any]]:
    """Assumptions with prices, and measurements by name; billed times of measured requests are filled in."""
    model = tomllib.loads((root / "scripts" / "cost.toml").read_text("utf-8"))
    results = json.loads((root / "bench" / "results.json").read_text("utf-8"))
    *_, among_most = results["growth"]["costs"].values()
    cases = among_most | results["cases"]
    for work in model["work"]:
        if "warm" in work:
            cpu_ms = results["warm"]["starbid"][work["warm"]]["ms"]
            work["ms"] = billed_ms(model, work["function"], cpu_ms, cases[work["case"]]["round_trips"])
            work["ms"] += work.get("ms_more", 0)
    model["cold"]["ms"] = {
        function: billed_ms(model, function, results["cold_start"][name]["cpu_ms"], model["cold"]["round_trips"])
        for function in model["memory_mb"]
        if (name := function.title().replace("-", "")) in results["cold_start"]
    }
    for function, other in model["cold"]["as_long_as"].items():
        model["cold"]["ms"].setdefault(function, model["cold"]["ms"][other])
    return model, cases


def billed_ms(model: Mapping[str, Any], function: str, cpu_ms: float, round_trips: int) -> float:
    """What a warm request takes in a Lambda: CPU time at the function's share of one, and waiting for the database."""
    about = model["lambda"]
    share = min(model["memory_mb"][function] / about["mb_per_cpu"], 1)
    return float(cpu_ms * about["slower"] / share + round_trips * about["trip_ms"])


def units(model: Mapping[str, Any], cases: Mapping[str, Any], bids: int, alarms: int) -> Counter[str]:
    """How much of each priced thing a month with this many accepted bids uses. Raises KeyError for an unknown case."""
    used: Counter[str] = Counter()
    for work in model["work"]:
        _add_work(used, model, work, cases[work["case"]] if "case" in work else {}, work["times"] * bids)
    month = model["month"]
    for sweep in month["sweeps"]:
        _add_work(used, model, sweep, {}, sweep["times"])
        used["schedule"] += sweep["times"]
    used["queue_request"] += month["queue_requests"]
    used["fifo_request"] += month["fifo_requests"]
    used["stored_gb"] += bids * model["storage"]["kb_per_bid"] / KB_PER_GB
    used["recovery_gb"] += bids * model["storage"]["kb_recoverable_per_bid"] / KB_PER_GB
    used.update({"alarm": alarms, "metric": month["metrics"], "dashboard": month["dashboards"]})
    return used


def units_of_questions(model: Mapping[str, Any], number: int) -> Counter[str]:
    """The same of so many questions to the AI helper, without what the model costs."""
    used: Counter[str] = Counter()
    for work in model["question"]:
        _add_work(used, model, work, {}, work["times"] * number)
    return used


def _add_work(
    used: Counter[str], model: Mapping[str, Any], work: Mapping[str, Any], measured: Mapping[str, Any], times: float
) -> None:
    """Count one kind of work, done `times` times."""
    function = work["function"]
    http, cold = times * work.get("http", 0), times * model["cold"]["share"]
    logged = times * model["logs"]["kb_per_invocation"] + http * model["logs"]["kb_per_http"]
    writes = measured.get("write_units", 0) + measured.get("index_write_units", 0) + work.get("writes", 0)
    for name, number in {
        "write_unit": times * writes,
        "read_unit": times * (measured.get("read_units", 0) + work.get("reads", 0)),
        "invocation": times,
        "gb_second": times * work["ms"] / 1000 * model["memory_mb"][function] / 1024,
        "init_gb_second": cold * model["cold"]["ms"][function] / 1000 * model["memory_mb"][function] / 1024,
        "kms_request": cold * model["cold"]["secrets"].get(function, 0),
        "http_request": http,
        "queue_request": times * work.get("queue", 0),
        "fifo_request": times * work.get("fifo", 0),
        "schedule": times * work.get("schedules", 0),
        "s3_get": times * work.get("s3_gets", 0),
        "log_gb": logged / KB_PER_GB,
        "out_gb": times * work.get("out_kb", 1) / KB_PER_GB,
    }.items():
        used[name] += number


def dollars(used: Mapping[str, float], prices: Mapping[str, Any]) -> dict[str, float]:
    """The cost, row by row."""
    return {
        line: sum(used[name] * prices[name]["dollars"] / prices[name]["per"] for name in names)
        for line, names in LINES.items()
    }


def table(model: Mapping[str, Any], cases: Mapping[str, Any], alarms: int) -> str:
    """The costs at each scale as a table in Markdown."""
    columns = [dollars(units(model, cases, bids, alarms), model["prices"]) for bids in SCALES]
    head = "| $ a month at accepted bids of | " + " | ".join(f"{bids:,}".replace(",", " ") for bids in SCALES) + " |"
    rows = [f"| {line} | " + " | ".join(f"{column[line]:.2f}" for column in columns) + " |" for line in LINES]
    total = "| **in all** | " + " | ".join(f"**{sum(column.values()):.2f}**" for column in columns) + " |"
    per_bid = " | ".join(f"{sum(c.values()) / bids * 1000:.3f}" for c, bids in zip(columns, SCALES, strict=True))
    return "\n".join([head, "|---|" + "---:|" * len(SCALES), *rows, total, f"| for 1 000 bids | {per_bid} |"])


def table_of_questions(model: Mapping[str, Any]) -> str:
    """The cost of a thousand questions as a table in Markdown, without rows of less than a tenth of a cent."""
    cost = dollars(units_of_questions(model, 1_000), model["prices"])
    rows = [f"| {line} | {told:.3f} |" for line, told in cost.items() if told >= 0.001]
    total = f"| **in all** | **{sum(cost.values()):.3f}** |"
    return "\n".join(["| $ for 1 000 questions to the AI helper | |", "|---|---:|", *rows, total])


def alarms_in(root: Path = ROOT) -> int:
    """The number of alarms in the template."""
    return (root / "template.yaml").read_text("utf-8").count("Type: AWS::CloudWatch::Alarm")


def price_list(prices: Mapping[str, Any]) -> str:
    """Each price with its source, and whether that is AWS itself, as a list in Markdown."""
    lines = (
        f"* `{name}`: {price['dollars']:.10g} per {price['per']:,}, "
        f"{'AWS' if price.get('first_hand') else 'second-hand'}: {price['source']}"
        for name, price in prices.items()
    )
    return "\n".join(textwrap.fill(line, DOCS_WIDTH, subsequent_indent="  ", break_on_hyphens=False) for line in lines)


def times(model: Mapping[str, Any]) -> str:
    """Billed milliseconds of each kind of work, computed or assumed, as a table in Markdown."""
    rows = [
        f"| {work['name']} | {work['function']} | {work['ms']:.0f} | {'computed' if 'warm' in work else 'assumed'} |"
        for work in model["work"]
    ]
    return "\n".join(["| work | function | billed ms | |", "|---|---|---:|---|", *rows])


def main() -> None:
    model, cases = read_inputs()
    print(table(model, cases, alarms_in()))
    print(f"\n{table_of_questions(model)}")
    print(f"\n{times(model)}")
    print(f"\n{price_list(model['prices'])}")


if __name__ == "__main__":
    main()
