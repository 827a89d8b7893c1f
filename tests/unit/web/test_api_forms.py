"""Forms as browsers send them, and as others do."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web.kernel.exceptions import Malformed, TooLarge, WrongMediaType
from web.kernel.forms import (
    MAX_FIELDS,
    MAX_FORM_BYTES,
    MAX_PART_HEADER_BYTES,
    MAX_PART_HEADERS,
    Form,
    read_form,
    read_query,
)

MULTIPART = "multipart/form-data; boundary=----WebKitFormBoundaryx7"
URLENCODED = "application/x-www-form-urlencoded"
END = b"------WebKitFormBoundaryx7--\r\n"


def part(head: str, data: bytes) -> bytes:
    return b"------WebKitFormBoundaryx7\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n"


def field(name: str, value: str) -> bytes:
    return part(f'Content-Disposition: form-data; name="{name}"', value.encode())


def file(name: str, filename: str, data: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: image/png'
    return part(head, data)


def multipart(*parts: bytes) -> Form:
    return read_form(MULTIPART, b"".join(parts) + END)


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
    body = b"ignored\r\n--b 1\r\ncontent-disposition: FORM-DATA; Name=plain\r\n\r\nvalue\r\n--b 1--\r\nepilogue"
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
        field("title", "no end") + b"------WebKitFormBoundaryx7\r\n",
        field("title", "half an end") + b"------WebKitFormBoundaryx7-",
        b"x" + field("title", "not at the start of a line") + END,
        field("title", "padded").replace(b"x7\r\n", b"x7 \r\n") + END,
        field("title", "bare line feeds").replace(b"\r\n", b"\n") + END,
        part('Content-Disposition: form-data;\r\n name="x"', b"folded") + END,
        part("Content-Disposition", b"no colon") + END,
        part('Content Disposition: form-data; name="x"', b"a space in the name of the header") + END,
        part('Content-Disposition: form-data; name="x"\r\nContent-Length: 3', b"longer than it says") + END,
        field("x", "").replace(b'"x"', b'"\xff\xfe"') + END,
        file("x", "", b"").replace(b'filename=""', b'filename="\xff.png"') + END,
    ],
)
def test_a_multipart_form_that_is_broken_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_form(MULTIPART, body)


@pytest.mark.parametrize("boundary", ["", "boundary=", 'boundary=""', f"boundary={'x' * 71}", 'boundary="\ud800é"'])
def test_a_multipart_form_needs_its_boundary(boundary: str) -> None:
    with pytest.raises(Malformed):
        read_form(f"multipart/form-data; {boundary}", b"--\r\n")


def test_a_boundary_of_seventy_characters_is_the_longest() -> None:
    longest = "x" * 70
    body = f'--{longest}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{longest}--'
    assert dict(read_form(f"multipart/form-data; boundary={longest}", body.encode())) == {"a": "1"}


def test_a_form_inside_of_a_form_is_data() -> None:
    inner = b'--inner\r\nContent-Disposition: form-data; name="b"\r\n\r\n2\r\n--inner--\r\n'
    nested = part('Content-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=inner', inner)
    assert dict(multipart(nested)) == {"a": inner.decode()}
    longer = b"------WebKitFormBoundaryx7-longer\r\n"
    with pytest.raises(Malformed):
        multipart(field("a", "a line that begins as the boundary does\r\n" + longer.decode()))


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("C:\\pictures\\b.png", "b.png"),
        ("a %22quoted%22 name.png", 'a "quoted" name.png'),
        ('a \\"quoted\\" name.png', 'a "quoted" name.png'),
        ("лампа; name=other.png", "лампа; name=other.png"),
        ("<img src=x>.png", "<img src=x>.png"),
        ("\x00.png", "\x00.png"),
    ],
)
def test_the_name_of_a_file_is_what_the_browser_says(sent: str, read: str) -> None:
    form = multipart(file("images", sent, b"data"))
    assert [(upload.filename, upload.data) for upload in form.files("images")] == [(read, b"data")]


def test_no_header_but_the_disposition_names_a_part() -> None:
    head = 'X-Disposition: form-data; name="no"\r\nContent-Disposition: form-data; name="yes"; name*=UTF-8\'\'no'
    assert dict(multipart(part(head, b"1"))) == {"yes": "1"}


@pytest.mark.parametrize(
    "body", [b"title=\xff", b"title=%ff%fe", urlencode({f"f{n}": "" for n in range(201)}).encode()]
)
def test_fields_that_are_no_text_or_too_many_are_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_form(URLENCODED, body)


def test_four_megabytes_are_the_limit_with_pictures_and_all() -> None:
    frame = len(file("images", "a.png", b"")) + len(END)
    assert multipart(file("images", "a.png", b"x" * (MAX_FORM_BYTES - frame))).files("images")
    with pytest.raises(TooLarge):
        multipart(file("images", "a.png", b"x" * (MAX_FORM_BYTES - frame + 1)))


def test_two_hundred_parts_are_the_limit() -> None:
    assert len(multipart(*[field("x", "")] * MAX_FIELDS).all("x")) == MAX_FIELDS
    for parts in (MAX_FIELDS + 1, 40_000):
        with pytest.raises(TooLarge):
            multipart(*[field("x", "")] * parts)


@pytest.mark.parametrize(
    "body",
    [
        b"------WebKitFormBoundaryx7\r\n" + b"a" * 2_000_000,
        part('Content-Disposition: form-data; name="' + "a" * MAX_PART_HEADER_BYTES + '"', b"") + END,
        part('Content-Disposition: form-data; name="a"' + "\r\nX: y" * MAX_PART_HEADERS, b"") + END,
        b"------WebKitFormBoundaryx7\r\n" + b"X: y\r\n" * 300_000,
    ],
    ids=["a line without end", "a long name", "many headers", "headers without end"],
)
def test_more_of_headers_than_a_form_has_is_too_large(body: bytes) -> None:
    with pytest.raises(TooLarge):
        read_form(MULTIPART, body)


PIECES = (
    *(b"--", b"----WebKitFormBoundaryx7", b"\r\n", b"\r", b"\n", b"Content-Disposition: ", b"form-data", b"; name="),
    *(b'"', b"x", b"; filename=", b"Content-Length: 1", b"\\", b"%22", b"\xff", b"\xd0\xb4", b" ", b":", b"\x00"),
    *(field("a", "1"), file("b", "c.png", b"2"), END),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join) | st.binary(max_size=200))
@example(field("a", "1") + END + END)
def test_whatever_is_sent_is_read_or_refused(body: bytes) -> None:
    try:
        form = read_form(MULTIPART, body)
    except (Malformed, TooLarge):
        return
    assert all(isinstance(value, str) for value in form.values())


def test_a_form_without_files_does_not_load_the_parser() -> None:
    program = (
        "import sys; import web.app; from web.kernel.forms import read_form\n"
        f"assert read_form({URLENCODED!r}, b'a=1')['a'] == '1'; assert 'multipart' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": os.pathsep.join(sys.path)})


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/mixed; boundary=x", ""])
def test_another_kind_of_body_is_no_form(kind: str) -> None:
    with pytest.raises(WrongMediaType):
        read_form(kind, b"title=x")


def test_of_a_field_that_comes_twice_the_last_counts() -> None:
    query = read_query("sort=newest&sort=bids&q=")
    assert (query["sort"], query["q"], query.get("cursor")) == ("bids", "", None)
    assert query.has_repeats
    assert not read_query("a=1&b=2").has_repeats
