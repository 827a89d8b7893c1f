"""Queries, url-encoded forms and multipart forms with files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from web.kernel.exceptions import Malformed, TooLarge, WrongMediaType

MAX_FORM_BYTES = 4 * 1024 * 1024
"""All of a form with its pictures: a Lambda takes 6 MB, base64 included."""
MAX_FIELDS = 200
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"([^"]*)"|([^;\s]*))')


class Fields(Mapping[str, str]):
    """Named values. Of a name that comes more than once the last value counts; `all` has every one."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._last = dict(pairs)

    def __getitem__(self, name: str) -> str:
        return self._last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]

    @property
    def has_repeats(self) -> bool:
        return len(self._pairs) != len(self._last)


@dataclass(frozen=True)
class Upload:
    """A file of a form. `filename` is what the browser says; do not trust it."""

    filename: str
    data: bytes


class Form(Fields):
    """A form's fields, and its files."""

    def __init__(self, pairs: list[tuple[str, str]], uploads: list[tuple[str, Upload]] | None = None) -> None:
        super().__init__(pairs)
        self._uploads = uploads or []

    def files(self, name: str) -> list[Upload]:
        """The files chosen for a field; a file input left empty is no file."""
        return [upload for key, upload in self._uploads if key == name and (upload.filename or upload.data)]


def read_query(query: str) -> Fields:
    """Raises Malformed for what is not UTF-8, or too many fields."""
    return Fields(_pairs(query))


def read_form(content_type: str, body: bytes) -> Form:
    """Raises TooLarge, Malformed, WrongMediaType; an empty body is an empty form."""
    if len(body) > MAX_FORM_BYTES:
        raise TooLarge(MAX_FORM_BYTES)
    kind, parameters = _header(content_type)
    if kind == "multipart/form-data":
        return _multipart(parameters.get("boundary", "").encode("latin-1", "replace"), body)
    if kind == "application/x-www-form-urlencoded":
        return Form(_pairs(_decoded(body)))
    if not body:
        return Form([])
    raise WrongMediaType("application/x-www-form-urlencoded, multipart/form-data")


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Malformed("UTF-8") from None


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed("UTF-8") from None


def _multipart(boundary: bytes, body: bytes) -> Form:
    """RFC 7578: parts between lines of `--boundary`, each with headers, an empty line, and its data."""
    if not 1 <= len(boundary) <= 200:
        raise Malformed("multipart/form-data")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise Malformed("multipart/form-data")
    if len(pieces) > MAX_FIELDS:
        raise TooLarge(MAX_FORM_BYTES)
    pairs: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    for piece in pieces[1:-1]:
        name, filename, data = _part(piece)
        if filename is None:
            pairs.append((name, _decoded(data)))
        else:
            uploads.append((name, Upload(filename, data)))
    return Form(pairs, uploads)


def _part(piece: bytes) -> tuple[str, str | None, bytes]:
    """(name, file name or None, data)."""
    padding, line_end, rest = piece.partition(b"\r\n")
    head, blank, data = rest.partition(b"\r\n\r\n")
    if padding.strip() or not line_end or not blank:
        raise Malformed("multipart/form-data")
    for line in _decoded(head).split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            kind, parameters = _header(value)
            if kind == "form-data" and "name" in parameters:
                return parameters["name"], parameters.get("filename"), data
    raise Malformed("multipart/form-data")


def _header(value: str) -> tuple[str, dict[str, str]]:
    """A header's value and its parameters: `form-data; name="a"`."""
    found = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(value)}
    return value.partition(";")[0].strip().lower(), found
