import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.template import Template, load
from tests.template.conftest import Document


def _names_bound_at_top(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def test_every_handler_exists_where_the_template_says(template: Document, root: Path) -> None:
    for function, properties in template.functions.items():
        module, _, name = properties["Handler"].rpartition(".")
        path = root / "functions" / f"{module.replace('.', '/')}.py"
        assert path.is_file(), f"{function}: there is no {path.relative_to(root)}"
        assert name in _names_bound_at_top(path), f"{function}: {path.relative_to(root)} has no {name}"


def test_the_build_puts_each_handlers_package_into_its_function(template: Document, root: Path, tmp_path: Path) -> None:
    for function, properties in template.functions.items():
        makefile = ["make", "--dry-run", "--makefile", "functions/Makefile", f"build-{function}"]
        run = subprocess.run(
            [*makefile, f"ARTIFACTS_DIR={tmp_path}"], cwd=root, capture_output=True, text=True, check=True
        )
        package = properties["Handler"].split(".")[0]
        assert re.search(rf'cp -R "functions/{package}" "{tmp_path}"', run.stdout), function


def test_functions_and_layers_run_on_one_python(template: Document) -> None:
    for layer in template.of("Serverless::LayerVersion").values():
        assert layer["CompatibleRuntimes"] == [template.globals["Runtime"]]
        assert layer["CompatibleArchitectures"] == template.globals["Architectures"]


def test_the_dictionary_markdown_and_cryptography_are_carried_by_who_needs_them_alone() -> None:
    layers = {name: function.layers for name, function in load(settings={}).functions.items()}
    assert layers.pop("ProjectorFunction") == ("CommonLayer", "WordFormsLayer")
    assert layers.pop("AssistantFunction") == ("CommonLayer", "AssistantLayer")
    assert layers.pop("SenderFunction") == ("CommonLayer", "PushLayer")
    assert layers.pop("WebFunction") == ("CommonLayer", "PushLayer")
    assert set(layers.values()) == {("CommonLayer",)}


def test_a_function_knows_the_tables_that_it_may_touch(template: Document) -> None:
    for function in template.functions:
        known = {value["Ref"] for value in template.environment(function).values() if "Ref" in value}
        touched = template.named_in([s["Resource"] for s in template.statements(function)], "DynamoDB::Table")
        assert touched, function
        assert touched <= known, function


def test_every_variable_of_a_table_is_named_after_it(template: Document) -> None:
    for name, value in template.globals["Environment"]["Variables"].items():
        if name.endswith("_TABLE"):
            assert value == {"Ref": f"{name.removesuffix('_TABLE').title().replace('_', '')}Table"}


def test_every_function_keeps_its_logs_for_a_limited_time(template: Document) -> None:
    groups = template.of("Logs::LogGroup")
    assert all("RetentionInDays" in group for group in groups.values())
    for function, properties in template.functions.items():
        assert properties["LoggingConfig"]["LogGroup"]["Ref"] in groups, function


def _functions_fed_by(event: dict[str, Any], declared: Template) -> set[str]:
    """The functions for an event of this shape; none if the template has no source for it. A stream may feed two."""
    if "requestContext" in event:
        path = event.get("rawPath", "")
        routes = {route.path: route.function for route in declared.routes}
        return {routes.get(path, routes["$default"])}
    for record in event.get("Records", ()):
        if record.get("EventSource") == "aws:sns":
            topic = record["Sns"]["TopicArn"].rpartition("-")[0].rpartition(":")[2]
            return {mapping.function for mapping in declared.topics if mapping.topic.rpartition("-")[2] in topic}
        source = record.get("eventSourceARN", "")
        fed = [(stream.table, stream.function) for stream in declared.streams]
        if record.get("eventSource") != "aws:dynamodb":
            fed = [(mapping.queue, mapping.function) for mapping in declared.queue_mappings]
        named = [(thing.rpartition("-")[2].removesuffix(".fifo"), function) for thing, function in fed]
        found = {function for name, function in named if name.lower() in source.lower()}
        if found:
            return found
    if "job" in event:
        return {"PaymentsFunction"}
    if "sweep" in event:
        return {"AuctionCloserFunction", "AssistantFunction"}
    if "auction_id" in event:
        return {"AuctionCloserFunction"}
    return set()


@pytest.fixture(scope="module")
def event_files(root: Path) -> dict[str, Any]:
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted((root / "events").glob("*.json"))}


def test_every_function_has_an_event_to_be_tried_with(template: Document, event_files: dict[str, Any]) -> None:
    declared = load(settings={})
    fed = {function for event in event_files.values() for function in _functions_fed_by(event, declared)}
    assert set(template.functions) <= fed
