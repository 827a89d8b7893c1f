"""Commands in the documentation exist in AWS, SAM and make: names and options are checked against their models."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import get_session

from local.cloudformation import read_yaml
from tests.support.there import there

GUIDE = "docs/operations.md"
EVERYWHERE = {"--query", "--output", "--region", "--profile", "--cli-binary-format", "--no-cli-pager"}
OF_THE_CLI_ITSELF = {("s3", "ls"): {"--recursive"}, ("s3", "cp"): {"--recursive"}, ("s3", "rm"): {"--recursive"}}
"""Commands that are not operations of a service."""
ENDS = {"|", "||", "&&", ";", ">", ">/dev/null", "done", "done;", "}", "#"}


def commands_in(text: str) -> Iterator[list[str]]:
    """Every `aws ...`, as its words, from blocks and from lines of text."""
    text = re.sub(r"\\\n\s*", " ", text)
    code = [
        *re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL),
        *re.findall(r"`(aws [^`\n]+)`", text),
    ]
    for line in (line for part in code for line in part.splitlines()):
        for begin in re.finditer(r"(?:^|[\s;{(])(aws [a-z0-9-]+ )", line):
            yield words_of(line[begin.start(1) :])


def words_of(line: str) -> list[str]:
    """The words up to the end of the command; `$(...)` and `<...>` are values."""
    line = re.sub(r"\$\([^()]*(?:\([^()]*\)[^()]*)*\)|<[a-z]+>", "VALUE", line)
    words, lexer = [], shlex.shlex(line, posix=True)
    lexer.whitespace_split = True
    for word in lexer:  # up to the end of the command: a quote behind it may close on another line
        if word in ENDS or word.startswith(">"):
            break
        words.append(word.rstrip(";"))
        if word.endswith(";"):
            break
    return words


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    return (root / GUIDE).read_text("utf-8")


@pytest.fixture(scope="module")
def commands(guide: str) -> list[list[str]]:
    return list(commands_in(guide))


def fault_of(command: list[str]) -> str:
    """What is wrong with a command; empty if nothing is."""
    service, operation = command[1:3]
    options = {word.partition("=")[0] for word in command[3:] if word.startswith("--")} - EVERYWHERE
    if (service, operation) in OF_THE_CLI_ITSELF:
        return str(options - OF_THE_CLI_ITSELF[service, operation] or "")
    session = get_session()
    if service not in session.get_available_services():
        return f"no service {service}"
    model = session.get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        return f"{service} has no {operation}"
    shape = there(model.operation_model(names[operation]).input_shape)
    members = {f"--{xform_name(name, '-')}": member for name, member in shape.members.items()}
    known = set(members) | {f"--no-{n[2:]}" for n, member in members.items() if member.type_name == "boolean"}
    needed = {f"--{xform_name(name, '-')}" for name in shape.required_members}
    return str(sorted(options - known) or sorted(needed - options) or "")


def test_every_command_of_aws_is_one(commands: list[list[str]]) -> None:
    assert len(commands) > 15
    assert [(" ".join(command), fault) for command in commands if (fault := fault_of(command))] == []


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("aws dynamodb update-tables --table-name x", "has no update-tables"),
        ("aws dynamodb update-table --name x", "--name"),
        ("aws lambda put-function-concurrency --function-name x", "--reserved-concurrent-executions"),
        ("aws dynamo delete-table --table-name x", "no service"),
        ("aws dynamodb update-table --table-name x --no-deletion-protection-enabled", ""),
    ],
)
def test_a_command_that_is_none_would_be_found(command: str, fault: str) -> None:
    found = fault_of(command.split())
    assert fault in found if fault else not found


def test_every_target_of_make_is_one(guide: str, root: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`(?:[A-Z_]+=\S+ )?make ([a-z-]+)", guide)) <= targets


def test_every_parameter_that_is_named_is_one(guide: str, root: Path) -> None:
    parameters = set(read_yaml(root / "template.yaml")["Parameters"])
    named = set(re.findall(r"`([A-Z][a-z]+[A-Za-z]+)=[^`]*`", guide))
    assert named
    assert named - {"KEY", "SameSite"} <= parameters


def test_the_guided_deployment_asks_what_the_guide_says(guide: str, root: Path) -> None:
    """SAM asks about each function without an authorizer; Enter means no, and ends the deployment."""
    python = root / ".venv-sam" / "bin" / "python"
    if not python.exists():
        pytest.skip("no SAM here: make .venv-sam")
    program = (
        "import json, sys\n"
        "from samcli.commands.deploy.auth_utils import auth_per_resource\n"
        "from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider\n"
        "stacks, _ = SamLocalStackProvider.get_stacks(sys.argv[1])\n"
        "print(json.dumps(auth_per_resource(stacks)))\n"
    )
    command = [str(python), "-c", program, str(root / "template.yaml")]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"AWS_DEFAULT_REGION": "eu-central-1"}
    )
    asked = [function for function, is_authorized in json.loads(ran.stdout) if not is_authorized]
    assert asked == re.findall(r"\| (\w+) has no authentication\. Is this okay\? \| \*\*y\*\*", guide)
