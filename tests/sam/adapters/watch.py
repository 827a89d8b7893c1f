"""Which methods adapters have, and which of them ran. Nothing is listed by hand: both are looked up."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import starbid.billing
import starbid.language_model
import starbid.storage
import starbid.telegram
from starbid import adapters, bootstrap

ADAPTERS = (starbid.storage, starbid.telegram, starbid.billing, starbid.language_model)
MONITORING: Any = vars(sys)["monitoring"]
"""Of Python 3.12 on, which runs this; mypy reads for 3.11."""
TOOL = MONITORING.COVERAGE_ID
STARTED = MONITORING.events.PY_START


class Watch:
    """Sees every function that starts in this process, in all threads, from now on."""

    def __init__(self) -> None:
        self._started: dict[int, CodeType] = {}
        MONITORING.use_tool_id(TOOL, "adapters")
        MONITORING.register_callback(TOOL, STARTED, self._see)
        MONITORING.set_events(TOOL, STARTED)

    def _see(self, code: CodeType, _: int) -> Any:
        self._started[id(code)] = code
        return MONITORING.DISABLE  # once is enough

    def missing(self) -> list[str]:
        """Names of the methods and functions of adapters that have not run."""
        return sorted(name for name, function in _required() if id(function.__code__) not in self._started)


def _required() -> Iterator[tuple[str, FunctionType]]:
    """Public methods of every class in the packages of adapters, and the functions that the wiring takes from there."""
    for module in _modules():
        for name, made in vars(module).items():
            is_ours = inspect.isclass(made) and made.__module__ == module.__name__
            if is_ours and not name.startswith("_") and not getattr(made, "_is_protocol", False):
                yield from _methods(made)
    for name, taken in (*_taken_by(adapters), *_taken_by(bootstrap)):
        if inspect.isfunction(taken):
            yield name, taken


def _modules() -> Iterator[ModuleType]:
    for package in ADAPTERS:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def _methods(made: type) -> Iterator[tuple[str, FunctionType]]:
    for name, member in vars(made).items():
        function = inspect.unwrap(_function_of(member)) if not name.startswith("_") else None
        if isinstance(function, FunctionType):
            yield f"{made.__module__}.{made.__qualname__}.{name}", function


def _function_of(member: Any) -> Callable[..., Any]:
    found: Any = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    return found  # type: ignore[no-any-return]


def _taken_by(wiring: ModuleType) -> Iterator[tuple[str, Any]]:
    packages = tuple(f"{package.__name__}." for package in ADAPTERS)
    for node in ast.walk(ast.parse(inspect.getsource(wiring))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(packages):
            module = importlib.import_module(str(node.module))
            yield from ((f"{node.module}.{each.name}", getattr(module, each.name)) for each in node.names)


def strangers(allowed: list[Path]) -> list[str]:
    """Modules that are neither Python's, nor from one of these folders, nor tests or scripts of the checkout."""
    root = Path(__file__).resolve().parents[3]
    homes = [*allowed, *(root / name for name in ("tests", "scripts", "local")), Path(sys.base_prefix)]
    files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    return sorted(
        f"{name}: {file}"
        for name, file in files.items()
        if file and not any(Path(file).resolve().is_relative_to(home.resolve()) for home in homes)
    )
