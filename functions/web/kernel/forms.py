"""Queries, url-encoded forms and multipart forms with files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from web.kernel.exceptions import Malformed, TooLarge, WrongMediaType

MAX_FORM_BYTES = 4 * 1024 * 1024
"""All of a form with its pictures: a Lambda takes 6 MB, base64 included."""
MAX_FIELDS = 200
"""Of any kind of form, files among them."""
MAX_BOUNDARY = 70
"""RFC 2046, section 5.1.1."""
MAX_PART_HEADERS = 8
"""Browsers send two. RFC 7578 knows three; some programs add the length."""
MAX_PART_HEADER_BYTES = 4096
"""One line, name and value: a file's name may be long."""


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
    return _read(content_type, body)


def _read(content_type: str, body: bytes) -> Form:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _multipart(content_type, body)
    if kind == "application/x-www-form-urlencoded":
        return Form(_pairs(_decoded(body)))
    if not body:
        return Form([])
    raise WrongMediaType("application/x-www-form-urlencoded, multipart/form-data")


def read_any_form(content_type: str, body: bytes) -> Form:
    """A form however large it is; an empty one for what cannot be read."""
    try:
        return _read(content_type, body)
    except (Malformed, TooLarge, WrongMediaType):
        return Form([])


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


def _multipart(content_type: str, body: bytes) -> Form:
    """RFC 7578, strictly. Raises TooLarge for more parts, headers or bytes of a header than a form has."""
    # Few requests carry a form with files: the others do not pay for the parser's import.
    from multipart import MultipartError, ParserLimitReached, parse_options_header

    boundary = parse_options_header(content_type)[1].get("boundary", "")
    if not (1 <= len(boundary) <= MAX_BOUNDARY and boundary.isascii()):
        raise Malformed("multipart/form-data")
    pairs: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    try:
        for name, filename, data in _parts(boundary, body):
            if filename is None:
                pairs.append((name, _decoded(data)))
            else:
                uploads.append((name, Upload(filename, data)))
    except ParserLimitReached:
        raise TooLarge(MAX_FORM_BYTES) from None
    except MultipartError:
        raise Malformed("multipart/form-data") from None
    return Form(pairs, uploads)


def _parts(boundary: str, body: bytes) -> Iterator[tuple[str, str | None, bytes]]:
    """(name, file name or None, data). Raises MultipartError."""
    from multipart import MultipartSegment, PushMultipartParser

    limits = {
        "max_header_size": MAX_PART_HEADER_BYTES,
        "max_header_count": MAX_PART_HEADERS,
        "max_segment_count": MAX_FIELDS,
    }
    with PushMultipartParser(boundary, len(body), strict=True, **limits) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                part, data = event, b""
            elif event is not None:
                data = bytes(event)  # all of the part: the body is handed over at once
            else:
                yield part.name, part.filename, data
