"""Where the emulator differs from AWS: a few rights, and the address of AWS. Everything else stays as written."""

import copy
from collections.abc import Iterator
from typing import Any

ASKED_WITHOUT_A_RESOURCE = frozenset({"ssm:GetParameters", "scheduler:CreateSchedule", "scheduler:UpdateSchedule"})
"""AWS checks the ARN of the parameters or the schedule here, the emulator checks `*`."""
BATCHES = {"sqs:SendMessage": "sqs:SendMessageBatch", "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch"}
"""In AWS the right to a call includes its batch; in the emulator these are two rights."""


def adapt(template: dict[str, Any]) -> dict[str, Any]:
    """A copy of an expanded template, adapted to the emulator."""
    adapted = copy.deepcopy(template)
    for resource in adapted["Resources"].values():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        variables.pop("AWS_ENDPOINT_URL", None)  # the emulator then names itself
    for statement in _allowances(adapted):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        statement["Action"] = actions + [BATCHES[action] for action in actions if action in BATCHES]
        if ASKED_WITHOUT_A_RESOURCE.intersection(actions):
            statement["Resource"] = "*"
    _let_in_without_tls(adapted["Resources"])
    return adapted


def _let_in_without_tls(resources: dict[str, Any]) -> None:
    """The emulator speaks plain HTTP, which the buckets' policies deny. A policy that says only that is left out."""
    for name, resource in list(resources.items()):
        if resource["Type"] == "AWS::S3::BucketPolicy":
            document = resource["Properties"]["PolicyDocument"]
            document["Statement"] = [each for each in document["Statement"] if not _is_about_tls(each)]
            if not document["Statement"]:
                del resources[name]


def _is_about_tls(statement: dict[str, Any]) -> bool:
    return statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}


def _allowances(part: Any) -> Iterator[dict[str, Any]]:
    """Statements that allow something on a resource, anywhere in the template."""
    if isinstance(part, dict) and part.get("Effect") == "Allow" and "Resource" in part:
        yield part
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _allowances(child)
