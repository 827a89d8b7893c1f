import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation import read_yaml

ROOT = Path(__file__).resolve().parents[2]


class Document:
    """The template as written, with helpers for tests."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.globals: dict[str, Any] = document["Globals"]["Function"]
        self.resources: dict[str, dict[str, Any]] = document["Resources"]
        self.conditions: dict[str, Any] = document["Conditions"]

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties of the resources of a type, by logical id."""
        return {i: r.get("Properties", {}) for i, r in self.resources.items() if r["Type"] == f"AWS::{kind}"}

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        return self.of("Serverless::Function")

    def environment(self, function: str) -> dict[str, Any]:
        own: dict[str, Any] = self.functions[function].get("Environment", {}).get("Variables", {})
        shared: dict[str, Any] = self.globals["Environment"]["Variables"]
        return shared | own

    def events(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties of the functions' event sources of a type, by `<function>.<event>`."""
        return {
            f"{function}.{name}": event["Properties"]
            for function, properties in self.functions.items()
            for name, event in properties.get("Events", {}).items()
            if event["Type"] == kind
        }

    def statements(self, function: str) -> list[dict[str, Any]]:
        """A function's permissions, by its own policies and the shared ones it names."""
        found = []
        for policy in self.functions[function].get("Policies", []):
            shared = "Ref" in policy
            document = self.of("IAM::ManagedPolicy")[policy["Ref"]]["PolicyDocument"] if shared else policy
            found += document["Statement"]
        return found

    def named_in(self, part: Any, kind: str) -> set[str]:
        """Logical ids of the resources of a type that are mentioned somewhere in a part of the template."""
        return {logical_id for logical_id in self.of(kind) if re.search(rf"\b{logical_id}\b", json.dumps(part))}

    def all_statements(self) -> Iterator[dict[str, Any]]:
        """Every statement that allows something, anywhere."""
        return (s for s in _mappings(self.resources) if s.get("Effect") == "Allow")


def _mappings(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _mappings(child)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def template() -> Document:
    return Document(read_yaml(ROOT / "template.yaml"))
