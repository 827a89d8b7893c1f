"""Answers in fewer bytes: for whom, and what they say of themselves."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.support.factories import ANNA, BORIS, market
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client
from web.kernel.session import csrf_token, masked
from web.shared import static_files
from web.shared.static_files import found_file, static_url


@pytest.fixture
def app() -> FakeApp:
    return make_app()


def asked(app: FakeApp, path: str, accepted: str | None, **headers: str) -> Answer:
    return Client(app).get(path, headers=headers | ({} if accepted is None else {"accept-encoding": accepted}))


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.2", "*", "GZIP"])
def test_a_page_comes_in_gzip_to_those_who_take_it(app: FakeApp, accepted: str) -> None:
    answer = asked(app, "/terms", accepted)
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert b"</html>" in gzip.decompress(answer.body)
    assert len(answer.body) < len(asked(app, "/terms", None).body) / 2


@pytest.mark.parametrize("accepted", [None, "", "identity", "gzip;q=0", "*;q=0", "gzip;q=0, *", "br", "gzipped"])
def test_others_get_it_as_it_is(app: FakeApp, accepted: str | None) -> None:
    answer = asked(app, "/terms", accepted)
    assert "content-encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["vary"], "a cache must not give it to those who take gzip"
    assert b"</html>" in answer.body


def test_what_is_short_or_a_picture_stays_as_it_is(app: FakeApp) -> None:
    app.pictures.saved["abc123"] = {"small": b"\xff\xd8" + bytes(5000)}
    for path in ("/healthz", "/pictures/abc123/small", "/favicon.ico", static_url("favicon.svg")):
        assert "content-encoding" not in asked(app, path, "gzip, br").headers


def test_an_answer_that_the_browser_has_is_not_sent_again_however_it_was_packed(app: FakeApp) -> None:
    plain, packed = (asked(app, "/api/v1/openapi.json", accepted) for accepted in (None, "gzip"))
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    for tag in (plain.headers["etag"], packed.headers["etag"]):
        assert asked(app, "/api/v1/openapi.json", "gzip", **{"if-none-match": tag}).status == 304


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_comes_as_the_build_packed_it(app: FakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = found_file("app.js")
    (tmp_path / f"{file.version}.br").write_bytes(b"in brotli")
    (tmp_path / f"{file.version}.gzip").write_bytes(b"in gzip")
    monkeypatch.setattr(static_files, "PACKED", tmp_path)
    static_files.packed.cache_clear()
    said = {accepted: asked(app, static_url("app.js"), accepted) for accepted in ("gzip, br", "gzip", "identity")}
    static_files.packed.cache_clear()
    assert [answer.body for answer in said.values()] == [b"in brotli", b"in gzip", file.data]
    assert [answer.headers.get("content-encoding") for answer in said.values()] == ["br", "gzip", None]
    assert len({answer.headers["etag"] for answer in said.values()}) == 3, "other bytes, another strong ETag"
    assert {answer.headers["vary"] for answer in said.values()} == {"Accept-Encoding"}


def test_without_a_build_a_file_comes_in_gzip(app: FakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_files, "PACKED", tmp_path)
    static_files.packed.cache_clear()
    answer = asked(app, static_url("site.css"), "gzip, br")
    assert answer.headers["content-encoding"] == "gzip"
    static_files.packed.cache_clear()
    assert gzip.decompress(answer.body) == found_file("site.css").data


# --- what the length of a page could tell -----------------------------------------------------------------------------


def test_a_page_shows_its_token_in_other_letters_each_time() -> None:
    anna = Client(market(ANNA)[0]).log_in(ANNA)
    shown = {token for _ in range(3) for token in re.findall(r'name="csrf_token" value="(\w+)"', anna.get("/").text)}
    assert len(shown) == 3
    for token in shown:
        assert anna.csrf_token not in token
        assert anna.post_form("/language", csrf=False, csrf_token=token, language="en").status == 303


def test_a_masked_token_is_that_of_its_visitor_alone() -> None:
    app, _ = market(ANNA, BORIS)
    anna, other = (Client(app).log_in(person_id) for person_id in (ANNA, BORIS))
    token = masked(other.csrf_token)
    assert anna.post_form("/language", csrf=False, csrf_token=token, language="en").status == 403
    assert anna.post_form("/language", csrf=False, csrf_token="0" * 128, language="en").status == 403
    assert masked(csrf_token("a", "b")) != masked(csrf_token("a", "b"))
