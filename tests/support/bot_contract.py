"""The Bot API as published (10.3), an oracle for tests: aiogram's types, read strictly.

aiogram itself accepts unknown fields and converts types; here neither is allowed. Limits of length are read from the
sentences of the Bot API's documentation that aiogram has at each field.

It is imported at the first check, because that takes seconds.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from local.telegram.markup import parse_html

from .bot_rules import Breach, check_rules

_RANGE = re.compile(r"(\d+)-(\d+) (characters|bytes)")
_NUMBERS = re.compile(r"\b(\d+)-(\d+)\b")
_AT_MOST = re.compile(r"At most (\d+) ")
_AS_TYPED = {bool: (bool,), int: (int, float, datetime, timedelta), float: (int, float), str: (str,)}
"""The possible types of a JSON value in a model."""


def check_update(raw: dict[str, Any]) -> None:
    """An update as Telegram sends it. Raises Breach."""
    from aiogram.types import Update

    _parsed(Update, raw, "Update")
    if len(raw) != 2:
        raise Breach(f"an update has a number and exactly one content: {sorted(raw)}")


def check_call(method: str, wire: Mapping[str, Any]) -> None:
    """A call as sent: strings as they are, everything else as JSON, None for a file. Raises Breach."""
    model = _method(method)
    texts = [value for value in wire.values() if isinstance(value, str)]
    attached = {name for name, value in wire.items() if value is None and any(f"attach://{name}" in t for t in texts)}
    fields = {name: _from_wire(model, name, value) for name, value in wire.items() if name not in attached}
    _parsed(model, fields, method)
    check_rules(method, fields)


def check_answer(method: str, result: Any) -> None:
    """`result` of an answer to a call. Raises Breach."""
    from pydantic import TypeAdapter, ValidationError

    try:
        value = _adapter(TypeAdapter, _method(method).__returning__).validate_python(result)
    except ValidationError as error:
        raise Breach(f"{method} answers nothing like this: {error}") from error
    _compare(result, value, f"answer to {method}")


@cache
def _adapter(make: Any, kind: Any) -> Any:
    return make(kind)


@cache
def methods_by_name() -> dict[str, Any]:
    """Every method of the Bot API, by its name in small letters."""
    from aiogram import methods

    known = (getattr(methods, name) for name in methods.__all__)
    return {name.lower(): kind for kind in known if isinstance(name := getattr(kind, "__api_method__", None), str)}


def _method(name: str) -> Any:
    """Names are the same in capitals."""
    if name.lower() not in methods_by_name():
        raise Breach(f"the Bot API has no method {name}")
    return methods_by_name()[name.lower()]


def _from_wire(model: Any, name: str, value: Any) -> Any:
    if value is None:
        return "attach://file"
    field = model.model_fields.get(name)
    if field is None or str in _kinds(field.annotation):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Breach(f"{model.__name__}.{name} is no JSON: {value!r}") from error


def _kinds(annotation: Any) -> Iterator[Any]:
    """The members of a union, those of literals as their types."""
    if get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _kinds(part)
    elif get_origin(annotation) is Literal:
        yield from {type(value) for value in get_args(annotation)}
    else:
        yield annotation


def _parsed(model: Any, raw: dict[str, Any], path: str) -> None:
    from pydantic import ValidationError

    try:
        value = model.model_validate(raw)
    except ValidationError as error:
        raise Breach(f"{path}: {error}") from error
    _compare(raw, value, path)


def _compare(raw: Any, value: Any, path: str) -> None:
    """Checks that no field is unknown, of another type, too long or deprecated."""
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        _compare_object(raw, value, path)
    elif isinstance(raw, list):
        for number, (sent, read) in enumerate(zip(raw, value, strict=True)):
            _compare(sent, read, f"{path}[{number}]")
    elif raw is not None and not isinstance(value, Enum):
        allowed = _AS_TYPED.get(type(raw), ())
        if not isinstance(value, allowed) or (type(value) is bool) != (type(raw) is bool):
            raise Breach(f"{path}: {raw!r} is of the wrong type, {type(value).__name__} is wanted")


def _compare_object(raw: Any, value: Any, path: str) -> None:
    if not isinstance(raw, dict):
        raise Breach(f"{path}: {raw!r} is no object")
    kind: Any = type(value)
    names = {field.alias or name: name for name, field in kind.model_fields.items()}
    for key, sent in raw.items():
        where = f"{path}.{key}"
        if key not in names:
            raise Breach(f"{where} is not known to the Bot API")
        _compare(sent, getattr(value, names[key]), where)
        _check_sentence(sent, raw, _sentences(kind).get(names[key], ""), where)
        _check_choice(kind.__name__, key, sent, where)


def _check_sentence(sent: Any, around: dict[str, Any], sentence: str, where: str) -> None:
    """The limits in a field's documentation."""
    if "deprecated:: API" in sentence:
        raise Breach(f"{where} is deprecated")
    if isinstance(sent, str) and (found := _RANGE.search(sentence)):
        least, most, unit = int(found[1]), int(found[2]), found[3]
        shown = parse_html(sent).text if "pars" in sentence and around.get("parse_mode") == "HTML" else sent
        length = len(shown.encode()) if unit == "bytes" else len(shown.encode("utf-16-le")) // 2
        if not least <= length <= most:
            raise Breach(f"{where} has {length} {unit}, {least} to {most} are allowed: {shown!r}")
    if type(sent) is int and (found := _NUMBERS.search(sentence)) and not int(found[1]) <= sent <= int(found[2]):
        raise Breach(f"{where} is {sent}: {sentence}")
    if isinstance(sent, list) and (found := _AT_MOST.search(sentence)) and len(sent) > int(found[1]):
        raise Breach(f"{where} has {len(sent)} items: {sentence}")


def _check_choice(model: str, key: str, sent: Any, where: str) -> None:
    """Strings with a list in the Bot API and an enum in aiogram."""
    from aiogram import enums

    choices: dict[tuple[str, str], Any] = {
        ("BotSubscriptionUpdated", "state"): enums.BotSubscriptionUpdatedState,
        ("SendChatAction", "action"): enums.ChatAction,
        ("Chat", "type"): enums.ChatType,
        ("MessageEntity", "type"): enums.MessageEntityType,
        ("TransactionPartnerUser", "transaction_type"): enums.TransactionPartnerUserTransactionTypeEnum,
    }
    known = choices.get((model, key))
    if key == "parse_mode":
        known = enums.ParseMode
    if known and sent not in set(known):
        raise Breach(f"{where} is {sent!r}, {sorted(known)} are known")


@cache
def _sentences(model: Any) -> dict[str, str]:
    """The documentation of each field, which is below it in aiogram's source."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[ast.unparse(field.target)] = str(below.value.value)
    return found
