"""What parts of starbid.acceleration save: cold starts of builds that lack one, and calls of DynamoDB by each way."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bench import cold
from bench.market import Market
from bench.outside import Outside
from starbid.acceleration import models, short_way
from starbid.bootstrap import utc_now
from starbid.storage import clients
from starbid.storage.rows import shards

FUNCTION, RUNS, CALLS = "Webhook", 9, 300
HTTPX = ("httpx", "httpcore", "h11", "anyio", "idna", "certifi")
COMPILE = cold.ROOT / "layers/common/starbid/acceleration/build/compile-bytecode"


def cold_starts(market: Market, environment: Mapping[str, str]) -> dict[str, float]:
    """CPU ms of the webhook's process by what its build lacks: the minimum of several runs, in turns."""
    market.moment = utc_now()
    bot, (module, make) = Outside(), cold.FUNCTIONS[FUNCTION]
    with tempfile.TemporaryDirectory() as folder:
        event = Path(folder, "event.json")
        runtime = cold._runtime(Path(folder))
        builds = {
            name: _build(Path(folder, str(number)), change) for number, (name, change) in enumerate(LACKS.items())
        }
        common = {**environment, **cold._outside(bot.url), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        times: dict[str, list[float]] = {name: [] for name in builds}
        try:
            for _ in range(RUNS):
                for name, (layer, function) in builds.items():
                    event.write_text(json.dumps(make(market)))
                    path = {"PYTHONPATH": f"{function}:{layer}:{runtime}"}
                    times[name].append(cold._run(f"{module}.lambda_handler", event, common | path)[0])
        finally:
            bot.stop()
    return {name: round(min(each), 1) for name, each in times.items()}


def _build(folder: Path, change: Callable[[Path, Path], object]) -> tuple[Path, Path]:
    """A copy of the layer and the function, changed."""
    layer, function = folder / "layer", folder / "function"
    shutil.copytree(cold.LAYER, layer)
    shutil.copytree(cold.BUILD / f"{FUNCTION}Function", function)
    change(layer, function)
    return layer, function


def _without_bytecode(layer: Path, function: Path) -> None:
    for cache in [*layer.rglob("__pycache__"), *function.rglob("__pycache__")]:
        shutil.rmtree(cache)


def _with_httpx(layer: Path, _: Path) -> None:
    (layer / "httpx.pyc").unlink()
    for name in HTTPX:
        shutil.copytree(Path(cold._site_packages(), name), layer / name)
        subprocess.run([COMPILE, layer / name, f"/opt/python/{name}"], cwd=cold.ROOT, check=True)


LACKS: dict[str, Callable[[Path, Path], object]] = {
    "as built": lambda *_: None,
    "without prepared code": lambda layer, _: (layer / "starbid/acceleration/prepared.bin").unlink(),
    "without trimmed models": lambda layer, _: shutil.rmtree(layer / "aws_models"),
    "without bytecode of ours": _without_bytecode,
    "with httpx itself": _with_httpx,
}
"""By name: what is done to a copy of the build."""


def calls(market: Market) -> dict[str, float]:
    """CPU ms of a GetItem and of a list's query by way and models: the minimum of many runs, in turns."""
    tables, user_id = market.store.tables, market.person()
    for _ in range(30):
        market.lot()
    sessions = {"trimmed models": models.trimmed_session(), "its own models": clients.session()}
    ways = {"short way": partial(short_way.client, clients.plain), "botocore": partial(clients.plain, "dynamodb")}
    made = {f"{way}, {which}": make(of) for way, make in ways.items() for which, of in sessions.items()}
    key = {"TableName": tables["users"], "Key": {"user_id": {"N": str(user_id)}}}
    shard = {
        "TableName": tables["listings"],
        "IndexName": "by_ending",
        "KeyConditionExpression": "#shard = :shard",
        "ExpressionAttributeNames": {"#shard": "shard"},
        "ExpressionAttributeValues": {":shard": {"S": shards("live")[0]}},
    }
    acts: dict[str, Callable[[Any], Any]] = {"get": lambda c: c.get_item(**key), "query": lambda c: c.query(**shard)}
    least: dict[str, float] = {}
    for _ in range(CALLS):
        for act, call in acts.items():
            for way, client in made.items():
                before = time.thread_time()
                call(client)
                name, spent = f"{act}, {way}", (time.thread_time() - before) * 1000
                least[name] = min(spent, least.get(name, spent))
    return {name: round(ms, 3) for name, ms in least.items()}
