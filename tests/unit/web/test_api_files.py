"""Static files, pictures, and the headers of every answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from starbid.i18n import language
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client
from web.kernel import exceptions as errors
from web.shared import static_files
from web.shared.refusals import message_of
from web.shared.static_files import static_url
from web.shared.style_sheets import SHEETS

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def app() -> FakeApp:
    return make_app()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of static files, with something beside it that is nobody's business."""
    static = tmp_path / "static"
    (static / "vendor").mkdir(parents=True)
    (static / "app.css").write_text("body { color: red }")
    (static / "vendor" / "htmx.min.js").write_text("let htmx")
    (static / "checks.mjs").write_text("export const all = 1")
    (static / "notes.py").write_text("secret = 1")
    (tmp_path / "app.py").write_text("secret = 1")
    (tmp_path / "outside.css").write_text("secret")
    monkeypatch.setattr(static_files, "STATIC", static)
    return static


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("app.css", "text/css; charset=utf-8"),
        ("vendor/htmx.min.js", "text/javascript; charset=utf-8"),
        ("checks.mjs", "text/javascript; charset=utf-8"),
    ],
)
def test_a_file_is_served_for_ever_under_the_address_of_its_content(
    app: FakeApp, folder: Path, path: str, kind: str
) -> None:
    name, _, kind_of_file = path.rpartition(".")
    address = static_url(path)
    assert re.fullmatch(rf"/static/{name}\.[0-9a-f]{{10}}\.{kind_of_file}", address)
    answer = Client(app).get(address)
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, kind, (folder / path).read_bytes())
    assert answer.headers["cache-control"] == FOREVER
    again = Client(app).get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_the_address_changes_with_the_content(folder: Path) -> None:
    before = static_url("app.css")
    (folder / "app.css").write_text("body { color: blue; }")
    assert static_url("app.css") != before


@pytest.mark.parametrize("path", ["app.css", "app.0123456789.css", "vendor/htmx.min.0123456789.js"])
def test_what_a_page_of_another_version_asks_for_is_there_and_not_kept_for_ever(
    app: FakeApp, folder: Path, path: str
) -> None:
    answer = Client(app).get(f"/static/{path}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=300"


def test_a_style_sheet_of_a_kind_of_page_changes_with_each_of_its_parts(
    app: FakeApp, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SHEETS, "site.css", ("app.css", "lot.css"))
    (folder / "lot.css").write_text("h1 { margin: 0 }")
    before = static_url("site.css")
    assert Client(app).get(before).text == "body { color: red }\nh1 { margin: 0 }"
    (folder / "lot.css").write_text("h1 { margin: 4px }")
    assert static_url("site.css") != before


def test_every_style_sheet_belongs_to_a_kind_of_page() -> None:
    """If one is missing: name it in web/shared/style_sheets.py, and link none of its own in a template."""
    files = {path.relative_to(static_files.STATIC).as_posix() for path in static_files.STATIC.rglob("*.css")}
    assert {part for parts in SHEETS.values() for part in parts} == files


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/missing.css",
        "/static/vendor",
        "/static/notes.py",
        "/static/notes.0123456789.py",
        "/static/.0123456789.css",
        "/static/../outside.0123456789.css",
        "/static/../app.py",
        "/static/../outside.css",
        "/static/vendor/../../outside.css",
        "/static/%2e%2e/outside.css",
        "/static//etc/passwd",
        "/static/..\\outside.css",
        "/static/app.css%00",
        "/static/app.css/",
    ],
)
def test_nothing_else_is_served(app: FakeApp, folder: Path, path: str) -> None:
    answer = Client(app).get(path)
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_a_file_that_a_page_names_must_be_there(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        static_url("missing.css")


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_a_picture_is_served_for_ever(app: FakeApp, size: str) -> None:
    app.pictures.saved["abc123"] = {
        "small": b"\xff\xd8 small",
        "medium": b"\xff\xd8 medium",
        "large": b"\xff\xd8 large",
    }
    answer = Client(app).get(f"/pictures/abc123/{size}")
    assert (answer.status, answer.body) == (200, f"\xff\xd8 {size}".encode("latin-1"))
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", FOREVER)


CHROMES = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accepts", "kind", "data"),
    [(CHROMES, "image/webp", b"RIFF"), ("image/*,*/*", "image/jpeg", b"\xff\xd8"), ("", "image/jpeg", b"\xff\xd8")],
)
def test_a_browser_that_takes_webp_gets_it_and_caches_are_told_why(
    app: FakeApp, accepts: str, kind: str, data: bytes
) -> None:
    app.pictures.saved["abc123"] = {"small": b"\xff\xd8", "small.webp": b"RIFF"}
    answer = Client(app).send("GET", "/pictures/abc123/small", "", {"accept": accepts})
    assert (answer.headers["content-type"], answer.body) == (kind, data)
    assert (answer.headers["cache-control"], answer.headers["vary"]) == (FOREVER, "Accept")


def test_a_picture_from_before_is_shown_as_jpeg_to_all(app: FakeApp) -> None:
    app.pictures.saved["abc123"] = {"small": b"\xff\xd8"}
    answer = Client(app).send("GET", "/pictures/abc123/small", "", {"accept": CHROMES})
    assert (answer.headers["content-type"], answer.body) == ("image/jpeg", b"\xff\xd8")
    assert Client(app).get("/pictures/abc123/small.webp").status == 404, "the size is the name"


@pytest.mark.parametrize(
    "path", ["abc123/huge", "missing/small", "ABC/small", "../x/small", "abc123", "abc123/small/x"]
)
def test_a_picture_that_is_not_there_is_404_and_not_kept(app: FakeApp, path: str) -> None:
    app.pictures.saved["abc123"] = {"small": b"x"}
    answer = Client(app).get(f"/pictures/{path}")
    assert answer.status == 404
    assert "immutable" not in answer.headers["cache-control"]


# --- every answer -----------------------------------------------------------------------------------------------------

PATHS = ["/healthz", "/api/v1/auctions", "/api/v1/nothing", "/nothing", "/login/telegram", "/pictures/x/small"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers_that_protect_it(app: FakeApp, path: str) -> None:
    headers = Client(app).get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert "strict-transport-security" not in headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["script-src"] == "'self' https://telegram.org"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "https://web.telegram.org https://*.telegram.org", "nobody else, not we either"
    assert "unsafe" not in headers["content-security-policy"]


def test_a_file_does_nothing_by_itself(app: FakeApp) -> None:
    headers = Client(app).get(static_url("icons.svg")).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"


def test_over_https_browsers_are_told_to_stay_there() -> None:
    app = make_app({"BASE_URL": "https://starbid.example"})
    assert re.match(r"max-age=\d{8}", Client(app).get("/healthz").headers["strict-transport-security"])


def test_pictures_may_be_sent_to_and_logs_read_from_where_the_buckets_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    app = make_app({"PICTURES_BUCKET": "pictures-1"})
    assert "connect-src 'self' https://s3.eu-central-1.amazonaws.com/pictures-1" in policy_of(app)
    assert "https://s3.eu-central-1.amazonaws.com/logs-1" in policy_of(make_app({"BID_LOGS_BUCKET": "logs-1"}))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/")
    assert "connect-src 'self' http://127.0.0.1:4566;" in policy_of(app)


def policy_of(app: FakeApp) -> str:
    return Client(app).get("/healthz").headers["content-security-policy"]


def test_healthz_is_ok(app: FakeApp) -> None:
    answer = Client(app).get("/healthz")
    assert (answer.status, answer.text) == (200, '{"status":"ok"}')
    assert app.store.trips == []


def test_an_error_is_told_even_where_its_page_fails(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the template is broken")

    monkeypatch.setattr("web.shared.error_answers.render", broken)
    answer = Client(app).get("/nothing", headers={"accept-language": "ru"})
    assert (answer.status, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text == "По этому адресу ничего нет."


ERRORS = [
    errors.Unauthenticated(),
    errors.LoginRequired(),
    errors.CsrfFailed(),
    errors.NoSuchPage(),
    errors.MethodNotAllowed(("GET",)),
    errors.TooLarge(4 * 1024 * 1024),
    errors.TooLarge(64 * 1024),
    errors.WrongMediaType("application/json"),
    errors.Malformed("JSON"),
    errors.OtherAccount("Anna", "Boris"),
    errors.SessionRequired(),
    errors.Busy(),
    errors.Internal(),
    errors.LoginSilent(),
    *(
        errors.LoginRefused(reason)
        for reason in ("hash", "fields", "stale", "used", "foreign", "browser", "declined", "issuer")
    ),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_every_error_speaks_both_languages(error: errors.WebError) -> None:
    english, russian = (message_of(error, language(code)) for code in ("en", "ru"))
    assert english
    assert re.search("[а-я]", russian)
    assert "{" not in english + russian


def test_no_error_of_the_web_is_left_out_above() -> None:
    assert {type(error) for error in ERRORS} == _below(errors.WebError)


def _below(kind: type[errors.WebError]) -> set[type[errors.WebError]]:
    return {found for child in kind.__subclasses__() for found in {child} | _below(child)}
