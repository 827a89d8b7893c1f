"""Builds and deploys the template to its own emulator and tests it. Nothing of it stays."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from scripts.deploy_check import smoke
from scripts.deploy_check.adapt import adapt
from scripts.deploy_check.bot_api import BotApi
from scripts.deploy_check.cloud import REGION, Cloud
from scripts.deploy_check.market import ROOT, SECRETS, SITE, CheckError, Stack
from scripts.deploy_check.model import Model
from scripts.put_secrets import put_secrets

DEADLINE_SECONDS = 240
"""For everything, on a busy machine; normally it takes about a minute."""
NAME = "starbid-check"
BUCKET = "starbid-check-artifacts"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make deploy-check", description=__doc__)
    parser.add_argument("--build", type=Path, help="a finished build of `sam build` (default: make one)")
    built: Path | None = parser.parse_args().build
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _give_up)
    signal.alarm(DEADLINE_SECONDS)
    with tempfile.TemporaryDirectory(prefix="starbid-deploy-check-") as scratch:
        return _check(Path(scratch), built)


def _check(scratch: Path, built: Path | None) -> int:
    bot, model = BotApi(), Model()
    cloud = Cloud(ROOT / ".venv-emulator" / "bin" / "python", scratch)
    try:
        template = _template(scratch, built, cloud)
        stack = _deploy(cloud, template, bot, model)
        failed = smoke.run(stack, _say)
        if failed:
            _say(cloud.log_tail())
        _say(f"{len(smoke.CHECKS) - failed} of {len(smoke.CHECKS)} checks hold")
        return 1 if failed else 0
    except CheckError as error:
        _say(f"FAILED {error}")
        return 1
    finally:
        cloud.stop()
        bot.stop()
        model.stop()


def _template(scratch: Path, built: Path | None, cloud: Cloud) -> Path:
    """The template as CloudFormation gets it: built, its code uploaded, its transform done."""
    build = built or scratch / "sam" / "build"
    if not built:
        _sam(["build", "--build-dir", str(build)], {})
        _say("built")
    create = {"LocationConstraint": REGION}
    cloud.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=create)
    packaged, expanded = scratch / "packaged.yaml", scratch / "expanded.json"
    target = ["--s3-bucket", BUCKET, "--output-template-file", str(packaged)]
    _sam(["package", "--template-file", str(build / "template.yaml"), "--region", REGION, *target], cloud.environment())
    expanded.write_text(
        _run([_sam_python(), str(Path(__file__).with_name("expand.py")), str(packaged)], {"AWS_DEFAULT_REGION": REGION})
    )
    _say("packaged and expanded")
    return expanded


def _deploy(cloud: Cloud, template: Path, bot: BotApi, model: Model) -> Stack:
    document = adapt(json.loads(template.read_text("utf-8")))
    cloud.client("s3").put_object(Bucket=BUCKET, Key="template", Body=json.dumps(document).encode())
    parameters = {
        "TelegramBotUsername": "starbid_bot",
        "TelegramApiBaseUrl": bot.url,
        "BaseUrl": SITE,
        "MinAuctionSeconds": "1",
        "AssistantEnabled": "true",
        "OpenaiBaseUrl": model.url,
    }
    put_secrets(cloud.client("ssm"), NAME, SECRETS, None)  # first, because no function starts without them
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(
        StackName=NAME,
        TemplateURL=f"{cloud.endpoint}/{BUCKET}/template",
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    status = _final_status(cloudformation)
    if status != "CREATE_COMPLETE":
        raise CheckError(f"the stack ended as {status}: {_failures(cloudformation)}")
    resources = cloudformation.describe_stack_resources(StackName=NAME)["StackResources"]
    _say(f"{status}: {len(resources)} resources")
    return Stack(
        cloud, bot, NAME, {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    )


def _final_status(cloudformation: Any) -> str:
    while True:  # the alarm stops a run that hangs
        status: str = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]["StackStatus"]
        if not status.endswith("IN_PROGRESS"):
            return status
        time.sleep(0.2)


def _failures(cloudformation: Any) -> list[str]:
    events = cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed]


def _sam(arguments: list[str], environment: dict[str, str]) -> None:
    _run([_sam_python(), "-m", "samcli", *arguments], environment | {"SAM_CLI_TELEMETRY": "0"})


def _sam_python() -> str:
    return str(ROOT / ".venv-sam" / "bin" / "python")


def _run(command: list[str], environment: dict[str, str]) -> str:
    """The output of a program. Raises CheckError with its error output if it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CheckError(f"{' '.join(command[1:4])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _give_up(number: int, _: object) -> None:
    raise CheckError(f"stopped by {signal.Signals(number).name}; {DEADLINE_SECONDS} s are the most that it may take")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
