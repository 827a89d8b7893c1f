"""The JSON that the page or a test sends."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from werkzeug import Request

from local.telegram.errors import PageError
from local.telegram.params import loads


class Body:
    """The JSON object of a POST. Other content types are refused: other sites cannot send this one unasked."""

    def __init__(self, fields: Any) -> None:
        if not isinstance(fields, dict):
            raise PageError(400, "Send a JSON object.")
        self._fields: dict[str, Any] = fields

    @classmethod
    def of(cls, request: Request) -> Body:
        """That of a request."""
        if request.mimetype != "application/json":
            raise PageError(415, "Send application/json.")
        try:
            return cls(loads(request.get_data() or b"{}"))
        except ValueError as error:
            raise PageError(400, "This is not JSON.") from error

    def text(self, name: str, default: str = "") -> str:
        """A string field."""
        value = self._fields.get(name, default)
        if not isinstance(value, str):
            raise PageError(400, f"{name} is to be a string.")
        return value

    def number(self, name: str) -> int | None:
        """A whole number within 64 bits, or None where there is none."""
        value = self._fields.get(name)
        if value is not None and (type(value) is not int or abs(value) >= 2**63):
            raise PageError(400, f"{name} is to be a whole number.")
        return value

    def flag(self, name: str) -> bool:
        """A boolean field that must be there."""
        value = self._fields.get(name)
        if not isinstance(value, bool):
            raise PageError(400, f"{name} is to be true or false.")
        return value

    def data(self, name: str) -> bytes:
        """A file, in base64."""
        return _decoded(name, self.text(name))

    def files(self, name: str) -> list[bytes]:
        """Files, each in base64; none where there is no such field."""
        texts = self._fields.get(name, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise PageError(400, f"{name} is to be a list of strings.")
        return [_decoded(name, text) for text in texts]

    def objects(self, name: str) -> list[Body]:
        """Objects; none where there is no such field."""
        values = self._fields.get(name, [])
        if not isinstance(values, list):
            raise PageError(400, f"{name} is to be a list.")
        return [Body(value) for value in values]


def _decoded(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PageError(400, f"{name} is to be base64.") from error
