"""Cold starts of the built functions: CPU of a fresh process up to its first answered event, and files it opens.

Measured on `.aws-sam/build`, with a Python like the Lambda's and only the packages of the layer and of the Lambda
runtime (boto3 and its dependencies), together with two yardsticks in the same run.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from bench.events import command, http_event
from bench.market import Market
from bench.outside import Outside
from local.template import load
from starbid.bootstrap import utc_now

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".aws-sam" / "build"
LAYER = BUILD / "CommonLayer" / "python"
RUNTIME = ("boto3", "botocore", "jmespath", "s3transfer", "dateutil", "six.py", "urllib3")
"""Packages of the Lambda runtime. The layer comes first on the path."""
YARDSTICK = next(iter((ROOT / ".venv-bench" / "lib").glob("python3*/site-packages")), Path())
RUNS = 9
Make = Callable[[Market], dict[str, Any]]


@dataclass(frozen=True)
class ColdStart:
    """`cpu_ms` is the median of several runs: user and system time of the whole process."""

    cpu_ms: float
    files: int

    def as_json(self) -> dict[str, float]:
        return {"cpu_ms": round(self.cpu_ms, 1), "files": self.files}


@dataclass(frozen=True)
class Job:
    """One kind of process: the module of its handler, its path and what makes its event."""

    module: str
    paths: list[str]
    make: Make


def measure(market: Market, environment: Mapping[str, str]) -> dict[str, ColdStart]:
    """Every function and both yardsticks by name; in turns, so a busy minute of the machine affects all of them."""
    market.moment = utc_now()
    bot = Outside()
    with tempfile.TemporaryDirectory() as folder:
        event = Path(folder, "event.json")
        jobs = _jobs(_runtime(Path(folder)))
        common = dict(environment) | _outside(bot.url) | {"PYTHONHASHSEED": "0"}

        def once(job: Job, **more: str) -> tuple[float, int]:
            event.write_text(json.dumps(job.make(market)))
            return _run(f"{job.module}.lambda_handler", event, {**common, **more, "PYTHONPATH": ":".join(job.paths)})

        try:
            # One run is thrown away: it fills the page cache and writes missing bytecode.
            for job in jobs.values():
                once(job)
            files = {name: once(job, COUNT_FILES="1")[1] for name, job in jobs.items()}
            rounds = [{name: once(job)[0] for name, job in jobs.items()} for _ in range(RUNS)]
        finally:
            bot.stop()
    return {name: ColdStart(statistics.median(each[name] for each in rounds), files[name]) for name in jobs}


def _jobs(runtime: str) -> dict[str, Job]:
    yardsticks = {
        "floor": Job("bench.yardstick.floor", [str(ROOT)], lambda _: {}),
        "plain way": Job("bench.yardstick.plain", [str(YARDSTICK), str(ROOT)], _home),
    }
    functions = {
        name: Job(module, [str(BUILD / f"{name}Function"), *_layers(f"{name}Function"), runtime], make)
        for name, (module, make) in FUNCTIONS.items()
    }
    return yardsticks | functions


def _layers(function: str) -> list[str]:
    return [str(BUILD / layer / "python") for layer in load(settings={}).functions[function].layers]


def _run(handler: str, event: Path, environment: dict[str, str]) -> tuple[float, int]:
    """CPU ms and opened files of one process. Raises if the event was not answered."""
    command = [_python(), "-S", "-s", str(ROOT / "bench" / "cold_child.py"), handler, str(event)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        out, err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{handler}: {err.decode()[-2000:]}")
    told = json.loads(out.splitlines()[-1])
    answer = told["answer"] or {}
    if answer.get("statusCode", 200) >= 400 or answer.get("batchItemFailures"):
        raise RuntimeError(f"{handler} answered {answer}: {err.decode()[-2000:]}")
    if err:
        raise RuntimeError(f"{handler} complained: {err.decode()[-2000:]}")
    return (usage.ru_utime + usage.ru_stime) * 1000, told["opened"]


@cache
def _python() -> str:
    """The interpreter below our environment: its child processes see only the packages they are given."""
    found = subprocess.run([ROOT / "scripts/find-python", "3.13"], check=True, capture_output=True, text=True)
    return found.stdout.strip()


def _site_packages() -> Path:
    return Path(boto3.__file__).parent.parent


def _runtime(folder: Path) -> str:
    """A folder with only the packages of the Lambda runtime."""
    runtime = folder / "runtime"
    runtime.mkdir()
    for name in RUNTIME:
        (runtime / name).symlink_to(_site_packages() / name)
    return str(runtime)


def _outside(server: str) -> dict[str, str]:
    """Telegram, SQS, the scheduler and a language model: one server that accepts every call."""
    queues = {f"{name}_QUEUE_URL": f"{server}/0/{name.lower()}" for name in ("CLOSER", "NOTICE", "ASSISTANT")}
    endpoints = {"AWS_ENDPOINT_URL_SQS": server, "AWS_ENDPOINT_URL_SCHEDULER": server}
    return queues | endpoints | {"TELEGRAM_API_BASE_URL": server, "OPENAI_BASE_URL": server}


def _home(_: Market) -> dict[str, Any]:
    return http_event("GET", "/")


def _lot_page(market: Market) -> dict[str, Any]:
    return http_event("GET", f"/auction/{market.lot().auction.id}")


def _due_lot(market: Market) -> dict[str, Any]:
    market.later(days=-2)
    lot = market.lot()
    market.later(days=2)
    return {"auction_id": lot.auction.id}


def _records(market: Market, sample: str) -> dict[str, Any]:
    """A sample event, about a lot of this market."""
    text = (ROOT / "events" / f"{sample}.json").read_text("utf-8")
    return json.loads(text.replace("mmq5pz57t6eeh", market.lot().auction.id))  # type: ignore[no-any-return]


def _notice(market: Market) -> dict[str, Any]:
    event = _records(market, "sender_notice")
    record = event["Records"][0]
    event["Records"] = [record]
    body = json.loads(record["body"])
    record["body"] = json.dumps(body | {"id": f"bench-{market.number()}", "user_id": market.person()})
    return event


def _question(market: Market) -> dict[str, Any]:
    """As the queue brings it: from a person who has begun the trial."""
    record = {"messageId": "m", "body": json.dumps(market.question())}
    return {"Records": [record]}


FUNCTIONS: dict[str, tuple[str, Make]] = {
    "Webhook": ("webhook.app", lambda market: command(market, "/balance")),
    "Web": ("web.app", _lot_page),
    "AuctionCloser": ("auction_closer.app", _due_lot),
    "Payments": ("payments.app", lambda _: {"job": "sweep"}),
    "Notifier": ("notifier.app", lambda market: _records(market, "notifier_bid")),
    "Projector": ("notifier.projection", lambda market: _records(market, "projector_new_lot")),
    "Sender": ("notifier.sender", _notice),
    "LogKeeper": ("log_keeper.app", lambda market: _records(market, "keeper_queue")),
    "Assistant": ("assistant.app", _question),
}
