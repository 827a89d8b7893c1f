"""Every adapter in the deployed environment: the layer's packages and models, the runtime's boto3, an emulator of AWS.

The functions' samples do not reach every adapter. Here each public method of each adapter runs once; a new one that no
scene of `tests/sam/adapters` calls is named.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.resources import create_buckets, create_tables
from local.template import load
from scripts.deploy_check.cloud import REGION, Cloud
from scripts.put_secrets import prefix_of, put_secrets
from starbid.domain.letters import LetterQueue
from tests.support.bot_server import TOKEN, BotServer

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / ".venv-lambda"
STACK = "adapters"
SETTINGS = {
    "BASE_URL": "https://starbid.example",
    "TELEGRAM_BOT_USERNAME": "starbid_bot",
    "ADMIN_IDS": "900",
    "ASSISTANT_ENABLED": "true",
}
SECRETS = {"SECRET_KEY": "a secret of sixteen characters", "TELEGRAM_BOT_TOKEN": TOKEN}


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    running = Cloud(ROOT / ".venv-emulator" / "bin" / "python", tmp_path)
    yield running
    running.stop()


@pytest.fixture
def environment(cloud: Cloud, bot: BotServer) -> dict[str, str]:
    """A place made from the template, with its secrets in Parameter Store, and the variables that point there."""
    template = load(settings=SETTINGS, stack=STACK)
    create_tables(cloud.client("dynamodb"), template)
    create_buckets(cloud.client("s3"), template)
    put_secrets(cloud.client("ssm"), STACK, SECRETS, None)
    variables = {**template.environment, **cloud.environment(), "AWS_REGION": REGION, "SSM_PREFIX": prefix_of(STACK)}
    for name in [name for name in variables if name.endswith("_QUEUE_URL")]:
        variables[name] = create_queue(cloud, variables[name].rpartition("/")[2])
    dead = {name: create_queue(cloud, f"dead-{name}") for name in LetterQueue}
    variables["DEAD_LETTER_QUEUES"] = " ".join(f"{name}={url.rpartition('/')[2]}" for name, url in dead.items())
    cloud.client("scheduler").create_schedule_group(Name=variables["SCHEDULE_GROUP"])
    return {**variables, "TELEGRAM_API_BASE_URL": bot.url}


def create_queue(cloud: Cloud, name: str) -> str:
    attributes: dict[Any, str] = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    return str(cloud.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


@pytest.mark.skipif(
    not (RUNTIME / ".ready").exists() or (platform.system(), platform.machine()) != ("Linux", "x86_64"),
    reason="the layer's libraries want the Lambda's Python and machine",
)
def test_every_adapter_runs_with_the_built_layer(environment: dict[str, str]) -> None:
    build = Path(os.environ["SAM_TEST_BUILD"])
    names, code = ("CommonLayer", "WordFormsLayer", "AssistantLayer"), build / "WebFunction"
    layers = [build / name / "python" for name in names]
    ran = subprocess.run(
        [RUNTIME / "bin" / "python", "-m", "tests.sam.adapters", *layers, code, RUNTIME],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": ":".join(map(str, (code, *layers))), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip().endswith("every adapter ran"), ran.stdout + ran.stderr
