"""The calls of AWS in the code, and the permissions of each function in template.yaml."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

from local.cloudformation import read_yaml
from local.template import TEMPLATE

Right = tuple[str, str]
"""An IAM action, and the resource by its logical id: `("dynamodb:Query", "BidsTable/index/by_bidder")`."""
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_OBJECTS = {"GetObject": "GetObject", "HeadObject": "GetObject", "DeleteObject": "DeleteObject"} | dict.fromkeys(
    ("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"), "PutObject"
)
_PLAIN = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"}
_SES = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
_RESOURCE = re.compile(r"\$\{(\w+)(?:\.Arn)?\}(\S*)$")


class Recorder:
    """Listens to a botocore session. Calls inside `of(function)` belong to that function, other calls to none."""

    def __init__(self, session: Any, environment: Mapping[str, str]) -> None:
        self.asked: dict[str, set[Right]] = defaultdict(set)
        self.secrets: dict[str, set[str]] = defaultdict(set)
        self.expressions: set[str] = set()
        variables = read_yaml(TEMPLATE)["Globals"]["Function"]["Environment"]["Variables"]
        self._ids = {environment[name]: value["Ref"] for name, value in variables.items() if "Ref" in value}
        named = read_yaml(TEMPLATE)["Resources"]["WebFunction"]["Properties"]["Environment"]["Variables"]
        dead = dict(pair.split("=", 1) for pair in named["DEAD_LETTER_QUEUES"]["Fn::Sub"].split())
        given = dict(pair.split("=", 1) for pair in environment.get("DEAD_LETTER_QUEUES", "").split())
        account = environment.get("DESK_QUEUE_URL", "").rpartition("/")[0]
        ids = {name: reference.strip("${}").partition(".")[0] for name, reference in dead.items()}
        self._ids |= {f"{account}/{queue}": ids[name] for name, queue in given.items()}
        self._function: str | None = None
        session.register("provide-client-params", self._hear)

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        before, self._function = self._function, function
        try:
            yield
        finally:
            self._function = before

    def used(self, secret: str) -> None:
        """Records that the present function uses a secret."""
        if self._function:
            self.secrets[self._function].add(secret)

    def _hear(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.expressions |= set(_expressions(params))
        if self._function:
            self.asked[self._function] |= set(self._rights(model.name, params))

    def _rights(self, operation: str, params: dict[str, Any]) -> Iterator[Right]:
        match operation:
            case "TransactWriteItems":
                for part in params["TransactItems"]:
                    ((verb, action),) = part.items()
                    yield f"dynamodb:{_WRITES[verb]}", self._ids[action["TableName"]]
            case "BatchGetItem" | "BatchWriteItem":
                for table in params["RequestItems"]:
                    yield f"dynamodb:{operation}", self._ids[table]
            case _ if operation in _PLAIN:
                index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
                yield f"dynamodb:{operation}", self._ids[params["TableName"]] + index
            case "CreateBucket":  # botocore's name for making a presigned POST, which the browser carries out
                yield "s3:PutObject", self._object(params["Bucket"], params.get("Key", "incoming/x"))
            case _ if operation in _OBJECTS:
                yield f"s3:{_OBJECTS[operation]}", self._object(params["Bucket"], params["Key"])
            case "CopyObject":
                yield "s3:GetObject", self._object(**params["CopySource"])
                yield "s3:PutObject", self._object(params["Bucket"], params["Key"])
            case "SendMessage" | "SendMessageBatch":
                yield "sqs:SendMessage", self._ids[params["QueueUrl"]]
            case "ChangeMessageVisibility" | "ReceiveMessage" | "DeleteMessage" | "GetQueueAttributes":
                yield f"sqs:{operation}", self._ids[params["QueueUrl"]]
            case "SendEmail":
                yield from _of_mail(params["FromEmailAddress"])
            case "CreateSchedule" | "UpdateSchedule" | "DeleteSchedule":
                yield from _of_schedule(operation, params["Name"])
            case _:
                raise AssertionError(f"{operation} is a call that no right is known for")

    def _object(self, Bucket: str, Key: str) -> str:
        return f"{self._ids[Bucket]}/{Key}"


def _of_mail(sender: str) -> Iterator[Right]:
    """Of a whole message IAM asks for what it asked for in the older API, too."""
    for action in ("ses:SendEmail", "ses:SendRawEmail"):
        yield action, f"{_SES}:identity/{sender}"
        yield action, "MailConfigurationSet"


def _of_schedule(operation: str, name: str) -> Iterator[Right]:
    """Who makes one lends it the role that it acts in."""
    yield f"scheduler:{operation}", f"ScheduleGroup/{name}"
    if operation != "DeleteSchedule":
        yield "iam:PassRole", "ScheduleRole"


def _expressions(part: Any) -> Iterator[str]:
    """Every expression in the parameters of a call, however deep."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if name.endswith("Expression") and isinstance(value, str) and not name.startswith("Schedule"):
                yield value
            yield from _expressions(value)
    elif isinstance(part, list):
        for value in part:
            yield from _expressions(value)


@cache
def granted() -> dict[str, set[Right]]:
    """Each function's permissions, apart from reading its own sources and secrets."""
    resources = read_yaml(TEMPLATE)["Resources"]
    functions = {i: r["Properties"] for i, r in resources.items() if r["Type"] == "AWS::Serverless::Function"}
    return {
        name: {right for policy in properties["Policies"] for right in _of_policy(policy, resources)}
        for name, properties in functions.items()
    }


def may(rights: set[Right], wanted: Right) -> bool:
    action, resource = wanted
    return any(action == allowed and fnmatchcase(resource, pattern) for allowed, pattern in rights)


UNSEEN = {"s3:ListBucket", "ssm:GetParameters", "kms:Decrypt"}
"""Actions that no call names: S3 and Parameter Store look at them."""


class Idle(NamedTuple):
    """What a statement of a function, or of a policy that functions share, allows for nothing."""

    owner: str
    statement: str
    what: str


def unused(asked: Mapping[str, set[Right]]) -> Iterator[Idle]:
    """What statements allow for nothing: an action that is used on none of the statement's resources, a resource on
    which none of its actions is. A policy that functions share is used if one of them uses it.
    """
    resources = read_yaml(TEMPLATE)["Resources"]
    shared: dict[str, set[Right]] = defaultdict(set)
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        for policy in resource["Properties"]["Policies"]:
            if "Ref" in policy:
                shared[policy["Ref"]] |= asked.get(name, set())
            else:
                yield from _idle(name, policy, asked.get(name, set()))
    for name, rights in shared.items():
        yield from _idle(name, resources[name]["Properties"]["PolicyDocument"], rights)


def _idle(owner: str, document: Mapping[str, Any], asked: set[Right]) -> Iterator[Idle]:
    for statement in document["Statement"]:
        actions = [action for action in _listed(statement["Action"]) if action not in UNSEEN]
        places = [_name(resource) for resource in _listed(statement["Resource"])]
        used = [right for right in asked if may({(a, p) for a in actions for p in places}, right)]
        idle = [action for action in actions if action not in {action for action, _ in used}]
        idle += [place for place in places if actions and not any(fnmatchcase(at, place) for _, at in used)]
        yield from (Idle(owner, statement["Sid"], each) for each in idle)


def _of_policy(policy: dict[str, Any], resources: dict[str, Any]) -> Iterator[Right]:
    document = resources[policy["Ref"]]["Properties"]["PolicyDocument"] if "Ref" in policy else policy
    for statement in document["Statement"]:
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield action, _name(resource)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(resource: dict[str, Any]) -> str:
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    found = _RESOURCE.search(resource["Fn::Sub"])
    return found[1] + found[2] if found else str(resource["Fn::Sub"])
