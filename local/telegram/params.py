"""The parameters of a Bot API call, sent as query, form, multipart or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug import Request

from local.telegram.errors import ApiError, bad_request

MAX_INTEGER = 2**63 - 1
TRUE_WORDS = ("true", "yes", "1")


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime: str
    data: bytes


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def loads(text: str | bytes) -> Any:
    """Parse JSON; `ValueError` for anything a hostile client may send, text that is not UTF-8 included."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (RecursionError, UnicodeError) as error:
        raise ValueError("not acceptable as JSON") from error
    return value


class Params:
    """Typed access to the parameters; malformed ones are refused in Telegram's words."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload]) -> None:
        self._values = {key: value for key, value in values.items() if value is not None}
        self.files = files

    @classmethod
    def of(cls, request: Request) -> Params:
        """Read the parameters of a request."""
        values: dict[str, Any] = dict(request.args.items())
        if request.mimetype == "application/json":
            values.update(_json_object(request.get_data()))
        else:
            values.update(request.form.items())
        files = {
            name: Upload(file.filename or name, file.mimetype, file.read()) for name, file in request.files.items()
        }
        return cls(values, files)

    def has(self, name: str) -> bool:
        """Whether the parameter was sent at all."""
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """A string parameter."""
        value = self._values.get(name, default)
        text = value if isinstance(value, str) else json.dumps(value)
        if not _is_utf8(text):
            raise bad_request("strings must be encoded in UTF-8")
        return text

    def required(self, name: str) -> str:
        """A string parameter that must not be empty."""
        value = self.text(name)
        if not value:
            raise bad_request(f'parameter "{name}" is required')
        return value

    def flag(self, name: str) -> bool:
        """A boolean parameter, false unless said otherwise."""
        return self.text(name).lower() in TRUE_WORDS

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number within 64 bits; `default` where none was sent."""
        text = self.text(name).strip()
        if not text:
            return default
        try:
            number = int(text)
        except ValueError as error:
            raise bad_request(f'invalid {name} "{text[:40]}" specified') from error
        if abs(number) > MAX_INTEGER:
            raise bad_request(f"invalid {name} specified")
        return number

    def json(self, name: str) -> Any:
        """A parameter that is a structure: sent as such in JSON, as its JSON text in a form. None if absent."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object") from error

    def objects(self, name: str) -> list[dict[str, Any]]:
        """A parameter that is a list of objects; empty if absent."""
        value = self.json(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_request(f"can't parse {name} JSON object")
        return value


def _json_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value = loads(body)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise ApiError(400, "Bad Request: object expected as JSON payload")
    return value
