"""The built layer with a botocore that is older than the one its models are cut from, the same, and the newest.

In Lambda botocore is the runtime's: which one, AWS decides.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import botocore
import pytest

from tests.support.emulator import Cloud
from tests.template.test_layer import LAYER, ROOT, RUNTIME, python

PROGRAM = Path(__file__).with_name("calls_in_layer.py")
ANSWERS: dict[str, dict[str, Any]] = {
    "AmazonSQS.SendMessage": {"MessageId": "m", "MD5OfMessageBody": "-"},
    "AmazonSQS.SendMessageBatch": {
        "Successful": [{"Id": "0", "MessageId": "m", "MD5OfMessageBody": "-"}],
        "Failed": [],
    },
    "AmazonSSM.GetParameters": {"Parameters": [{"Name": "/starbid/SECRET_KEY", "Value": "v", "Type": "SecureString"}]},
    "": {"ScheduleArn": "arn"},
}
"""Of SQS and SSM by what is asked for; the scheduler is asked by its paths only."""
FIELDS = ["key", "policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"]
EXPECTED = [
    [1_550, [[8, 2], [7, 1]], [[5_000, 0], [2_500, 2_500], [5_000, 0]],
     [[7, "Anna", "ru"], [8, "Boris", "ru"], [9, "Clara", "ru"]], "credited"],
    ["ffd8", {"until": "1"}, "image/jpeg", FIELDS, "/drafts/7/a/full"],
    ["m"],
    "arn",
    {"SECRET_KEY": "v"},
]  # fmt: skip
"""Price, bids, money, people and a charge; a picture and its links; a message; a schedule; secrets."""
NOTICE = "the trimmed models of dynamodb do not suit it"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps(ANSWERS[self.headers.get("x-amz-target", "")]).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def others() -> Iterator[str]:
    """The address of SQS, the scheduler and SSM."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def packages(which: str) -> Path:
    """Where this botocore is installed."""
    if which == "the tested one":
        return Path(boto3.__file__).parent.parent
    (found,) = (ROOT / f".venv-{which}-botocore" / "lib").glob("python3*/site-packages")
    return found


def version(which: str) -> str:
    pins = (ROOT / "requirements" / f"{which}-botocore.txt").read_text("utf-8")
    return pins.partition("botocore==")[2].split()[0]


@pytest.mark.parametrize("fast_path", ["true", "false"])
@pytest.mark.parametrize("which", ["old", "the tested one", "new"])
def test_the_built_layer_does_its_work_with_this_botocore(
    which: str, fast_path: str, tables: Cloud, others: str, tmp_path: Path
) -> None:
    interpreter = python()
    if "CI" not in os.environ:
        if not LAYER.is_dir():
            pytest.skip("not built: make build")
        if interpreter is None or not (which == "the tested one" or (ROOT / f".venv-{which}-botocore").is_dir()):
            pytest.skip("no Python 3.13 here, or not this botocore: make test brings it")
    for name in RUNTIME:
        (tmp_path / name).symlink_to(packages(which) / name)
    wiring = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "SECRET", "TELEGRAM"))}
    environment = tables.environment | wiring | {
        "PYTHONPATH": f"{LAYER}:{tmp_path}",
        "FAST_PATH": fast_path,
        "NOTICE_QUEUE_URL": f"{others}/0/notices",
        "CLOSER_QUEUE_URL": f"{others}/0/closer",
        **{f"AWS_ENDPOINT_URL_{service}": others for service in ("SQS", "SCHEDULER", "SSM")},
    }  # fmt: skip
    ran = subprocess.run(
        [str(interpreter), "-S", "-s", str(PROGRAM)], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    log = [json.loads(line)["message"] for line in ran.stdout.splitlines() if line.startswith('{"level"')]
    told = [json.loads(line) for line in ran.stdout.splitlines() if not line.startswith('{"level"')]
    assert told == EXPECTED
    goes_back = which == "old" and fast_path == "true"
    assert log == ([f"botocore {version('old')}: {NOTICE}; its own are used"] if goes_back else [])


def test_the_botocores_are_an_older_and_a_newer_one_than_the_models_come_from() -> None:
    versions = (version("old"), botocore.__version__, version("new"))
    old, own, new = (tuple(map(int, each.split("."))) for each in versions)
    assert old < own <= new
