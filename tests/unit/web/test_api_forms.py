"""Forms as browsers send them, and as others do."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from web.kernel.exceptions import Malformed, TooLarge, WrongMediaType
from web.kernel.forms import MAX_FORM_BYTES, Form, read_form, read_query

MULTIPART = "multipart/form-data; boundary=----WebKitFormBoundaryx7"
URLENCODED = "application/x-www-form-urlencoded"


def part(head: str, data: bytes) -> bytes:
    return b"------WebKitFormBoundaryx7\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n"


def field(name: str, value: str) -> bytes:
    return part(f'Content-Disposition: form-data; name="{name}"', value.encode())


def file(name: str, filename: str, data: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: image/png'
    return part(head, data)


def multipart(*parts: bytes) -> Form:
    return read_form(MULTIPART, b"".join(parts) + b"------WebKitFormBoundaryx7--\r\n")


def test_fields_of_a_form_are_read() -> None:
    form = read_form(f"{URLENCODED}; charset=UTF-8", b"title=A+lamp&text=%D0%B4%D0%B0%0D%0A&empty=&tag=a&tag=b")
    assert dict(form) == {"title": "A lamp", "text": "да\r\n", "empty": "", "tag": "b"}
    assert form.all("tag") == ["a", "b"]
    assert form.files("tag") == []


def test_fields_and_files_of_a_multipart_form_are_read() -> None:
    picture = b"\x89PNG\r\n\x1a\n--\r\n\r\n\x00\xff--boundary\r\n" * 3
    form = multipart(
        field("title", "Лампа\r\nв две строки"),
        file("images", "a.png", picture),
        file("images", 'C:\\b".png', b""),
        file("images", "", b""),
        field("last", ""),
    )
    assert dict(form) == {"title": "Лампа\r\nв две строки", "last": ""}
    assert [upload.data for upload in form.files("images")] == [picture, b""]
    assert form.files("images")[0].filename == "a.png"


def test_a_preamble_and_other_spellings_are_taken() -> None:
    body = b"ignored\r\n--b 1 \r\ncontent-disposition: FORM-DATA; Name=plain\r\n\r\nvalue\r\n--b 1--\r\nepilogue"
    assert dict(read_form('Multipart/Form-Data; charset=utf-8; BOUNDARY="b 1"', body)) == {"plain": "value"}


def test_an_empty_form_is_empty() -> None:
    assert dict(read_form("", b"")) == {}
    assert dict(read_form(URLENCODED, b"")) == {}
    assert dict(multipart()) == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no boundary in sight",
        b"------WebKitFormBoundaryx7\r\n",
        field("title", "cut off"),
        b"------WebKitFormBoundaryx7\r\n\r\nno headers\r\n------WebKitFormBoundaryx7--",
        part("Content-Disposition: form-data", b"no name") + b"------WebKitFormBoundaryx7--",
        part('Content-Disposition: attachment; name="x"', b"other") + b"------WebKitFormBoundaryx7--",
        part('Content-Disposition: form-data; name="x"', b"\xff\xfe") + b"------WebKitFormBoundaryx7--",
        b'------WebKitFormBoundaryx7\r\nContent-Disposition: form-data; name="x"\r\n------WebKitFormBoundaryx7--',
    ],
)
def test_a_multipart_form_that_is_broken_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_form(MULTIPART, body)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'x' * 300}"]
)
def test_a_multipart_form_needs_its_boundary(kind: str) -> None:
    with pytest.raises(Malformed):
        read_form(kind, b"--\r\n")


@pytest.mark.parametrize(
    "body", [b"title=\xff", b"title=%ff%fe", urlencode({f"f{n}": "" for n in range(201)}).encode()]
)
def test_fields_that_are_no_text_or_too_many_are_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_form(URLENCODED, body)


def test_four_megabytes_are_the_limit_with_pictures_and_all() -> None:
    frame = len(file("images", "a.png", b"")) + len(b"------WebKitFormBoundaryx7--\r\n")
    assert multipart(file("images", "a.png", b"x" * (MAX_FORM_BYTES - frame))).files("images")
    with pytest.raises(TooLarge):
        multipart(file("images", "a.png", b"x" * (MAX_FORM_BYTES - frame + 1)))


def test_thousands_of_parts_are_not_read() -> None:
    with pytest.raises(TooLarge):
        multipart(*[field("x", "")] * 5000)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/mixed; boundary=x", ""])
def test_another_kind_of_body_is_no_form(kind: str) -> None:
    with pytest.raises(WrongMediaType):
        read_form(kind, b"title=x")


def test_of_a_field_that_comes_twice_the_last_counts() -> None:
    query = read_query("sort=newest&sort=bids&q=")
    assert (query["sort"], query["q"], query.get("cursor")) == ("bids", "", None)
    assert query.has_repeats
    assert not read_query("a=1&b=2").has_repeats
