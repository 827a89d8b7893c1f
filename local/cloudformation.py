"""Reads CloudFormation templates: short tags, parameters, conditions and references.

Only what a template needs to be *run* is resolved. Names and addresses that the cloud would assign are made up here,
the same at every start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader  # ten times as fast; PyYAML's wheels have it
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

ACCOUNT = "000000000000"
REGION = "eu-central-1"

_PLACEHOLDER = re.compile(r"\$\{(!?)([^}]+)\}")


class TemplateError(Exception):
    """The template uses something that cannot be resolved here; the message says what and where."""


class _Loader(SafeLoader):
    """YAML with CloudFormation's short tags (`!Ref`, `!Sub` ...), which become `{"Ref": ...}`, `{"Fn::Sub": ...}`."""


def _short_tag(loader: SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


def read_yaml(path: Path) -> dict[str, Any]:
    """The template's text, with nothing resolved."""
    with path.open(encoding="utf-8") as file:
        document = yaml.load(file, Loader=_Loader)  # noqa: S506 - a SafeLoader
    if not isinstance(document, dict) or "Resources" not in document:
        raise TemplateError(f"{path} is no CloudFormation template: it has no Resources")
    return document


def environment_name(parameter: str) -> str:
    """The variable that sets a parameter: `FeePercent` is set by `FEE_PERCENT`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", parameter).upper()


class Resolver:
    """Resolves the intrinsic functions of one template.

    `settings` (usually the environment) overrides the defaults of parameters, see `environment_name`.
    `queue_base` is the address of the queues: `<queue_base>/<account>/<name>`.
    """

    def __init__(
        self, document: Mapping[str, Any], settings: Mapping[str, str], *, stack: str, queue_base: str
    ) -> None:
        self.resources: dict[str, dict[str, Any]] = document["Resources"]
        self._conditions: Mapping[str, Any] = document.get("Conditions", {})
        self._mappings: Mapping[str, Any] = document.get("Mappings", {})
        self._stack = stack
        self._queue_base = queue_base
        self._parameters = {
            "AWS::StackName": stack,
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NoValue": None,
            "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack}/local",
        }
        for name, parameter in document.get("Parameters", {}).items():
            default = "" if "SSM" in parameter.get("Type", "") else str(parameter.get("Default", ""))
            self._parameters[name] = settings.get(environment_name(name), default)
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self._condition,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": lambda value: str(value[0]).join(map(str, self.resolve(value[1]))),
            "Fn::If": lambda value: self.resolve(value[1] if self._condition(value[0]) else value[2]),
            "Fn::Equals": lambda value: self.resolve(value[0]) == self.resolve(value[1]),
            "Fn::Not": lambda value: not self.resolve(value[0]),
            "Fn::And": lambda value: all(self.resolve(value)),
            "Fn::Or": lambda value: any(self.resolve(value)),
            "Fn::Select": lambda value: self.resolve(value[1])[int(value[0])],
            "Fn::Split": lambda value: self.resolve(value[1]).split(value[0]),
            "Fn::FindInMap": self._find_in_map,
        }

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function in it replaced; `AWS::NoValue` removes what it stands for."""
        if isinstance(value, dict):
            if len(value) == 1:
                name, argument = next(iter(value.items()))
                if name in self._functions:
                    return self._functions[name](argument)
                if isinstance(name, str) and name.startswith("Fn::"):
                    raise TemplateError(f"{name} is not understood here")
            resolved = {key: self.resolve(item) for key, item in value.items()}
            return {key: item for key, item in resolved.items() if item is not None}
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not None]
        return value

    def is_present(self, logical_id: str) -> bool:
        """Whether the resource's condition, if it has one, holds."""
        condition = self.resources[logical_id].get("Condition")
        return condition is None or bool(self._condition(condition))

    def physical_name(self, logical_id: str) -> str:
        """The name of the resource, or else one made from the stack's name and its id."""
        resource = self._resource(logical_id)
        properties = resource.get("Properties", {})
        for key in ("TableName", "BucketName", "QueueName", "FunctionName", "Name"):
            if key in properties:
                return str(self.resolve(properties[key]))
        name = f"{self._stack}-{logical_id}" + (".fifo" if properties.get("FifoQueue") else "")
        return name.lower() if resource["Type"] == "AWS::S3::Bucket" else name

    def arn(self, logical_id: str) -> str:
        """The address of a resource, of the form AWS gives it."""
        kind = self._resource(logical_id)["Type"]
        name = self.physical_name(logical_id)
        here = f"{REGION}:{ACCOUNT}"
        forms = {
            "AWS::Serverless::Function": f"arn:aws:lambda:{here}:function:{name}",
            "AWS::Lambda::Function": f"arn:aws:lambda:{here}:function:{name}",
            "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{here}:table/{name}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{here}:{name}",
            "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
            "AWS::Scheduler::ScheduleGroup": f"arn:aws:scheduler:{here}:schedule-group/{name}",
        }
        return forms.get(kind, f"arn:aws:{kind.split('::')[1].lower()}:{here}:{name}")

    def _resource(self, logical_id: str) -> dict[str, Any]:
        try:
            return self.resources[logical_id]
        except KeyError:
            raise TemplateError(f"the template has no resource or parameter {logical_id}") from None

    def _ref(self, name: str) -> Any:
        if name in self._parameters:
            return self._parameters[name]
        if name not in self.resources and name.startswith("Serverless"):
            return name  # made by SAM: ServerlessHttpApi and the like
        if self._resource(name)["Type"] == "AWS::SNS::Topic":
            return self.arn(name)
        if self._resource(name)["Type"] == "AWS::SQS::Queue":
            return f"{self._queue_base}/{ACCOUNT}/{self.physical_name(name)}"
        return self.physical_name(name)

    def _get_att(self, argument: list[str]) -> Any:
        logical_id, attribute = argument[0], ".".join(argument[1:])
        if attribute == "StreamArn":
            return f"{self.arn(logical_id)}/stream/local"
        if attribute in ("QueueName", "Name"):
            return self.physical_name(logical_id)
        if attribute == "QueueUrl":
            return self._ref(logical_id)
        if attribute == "Arn":
            return self.arn(logical_id)
        return f"{logical_id}.{attribute}".lower()

    def _sub(self, argument: Any) -> str:
        text, extra = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in extra:
                return str(self.resolve(extra[name]))
            return str(self._get_att(name.split(".")) if "." in name else self._ref(name))

        return _PLACEHOLDER.sub(replace, text)

    def _condition(self, name: Any) -> bool:
        if not isinstance(name, str):
            return bool(self.resolve(name))
        if name not in self._conditions:
            raise TemplateError(f"the template has no condition {name}")
        return bool(self.resolve(self._conditions[name]))

    def _find_in_map(self, argument: list[Any]) -> Any:
        name, first, second = (self.resolve(part) for part in argument)
        return self._mappings[name][first][second]
