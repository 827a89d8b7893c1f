"""What is typed into the search, however odd, is words to be looked for: it is answered, shown as text, and bounded."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest

from tests.support.factories import put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client
from web.browse.home_view import MOST_TYPED

ODD = [
    "лампа " * 1700,
    "x" * 10_240,
    "*", "%", "_", "la*", "l_mp", "%lamp%", "?", ".*", "[a-z]+", "\\", "~lamp", '"lamp"', "-lamp", "lamp OR 1",
    "😀", "👩‍👩‍👧‍👦 lamp", "🏳️‍🌈", "\u200b\u200d", "\u202elamp", "a\u0300\u0301" * 50, "\x00lamp", "\ud7ff", "\t\r\n",
    "' OR 1=1 --", "'; DROP TABLE lots; --", "lamp') UNION SELECT * FROM users --", "{$ne: null}", "#words = :word0",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "${jndi:ldap://x}",
    "javascript:alert(1)",
]  # fmt: skip


@pytest.fixture(scope="module")
def shop() -> FakeApp:
    app = make_app()
    put_up(app, title="A lamp")
    app.store.project(app.now())
    return app


def looked_for(shop: FakeApp, **query: str) -> Answer:
    return Client(shop).get("/", **query)


@pytest.mark.parametrize("text", ODD)
def test_an_odd_search_is_answered_and_runs_nothing(shop: FakeApp, text: str) -> None:
    for query in ({"q": text}, {"q": text, "category": text, "type": text, "sort": text, "min_price": text}):
        answer = looked_for(shop, **query)
        assert answer.status == 200
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert len(answer.text) < 60_000


def test_a_search_is_cut_and_shown_as_it_was_typed(shop: FakeApp) -> None:
    page = looked_for(shop, q="<b>" + "x" * 10_240).text
    assert html.escape("<b>" + "x" * (MOST_TYPED - 3)) in page
    assert "x" * MOST_TYPED not in page


@pytest.mark.parametrize("sign", ["*", "%", "_", "l_mp", "l%", ".*"])
def test_no_sign_stands_for_other_letters(shop: FakeApp, sign: str) -> None:
    assert ">A lamp<" not in Client(shop).get("/", q=sign).text


def _cursor(places: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(places).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage", "", "%00", "😀", "x" * 10_000, _cursor({}), _cursor([]), _cursor(None), _cursor("live#0"),
        _cursor({"live#0": {"auction_id": {"S": "x"}}}), _cursor({"nowhere": {}}), _cursor({"live#0": 7}),
        _cursor({"live#0": {"shard": {"S": "live#1"}, "auction_id": {"S": "a"}, "ends_at": {"N": "not a number"}}}),
        _cursor([[[[[]]]]]), "' OR 1=1 --", "<script>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/v1/auctions"])
def test_a_cursor_that_is_not_ours_begins_again_or_is_refused(shop: FakeApp, cursor: str, path: str) -> None:
    answer = Client(shop).send("GET", path, f"cursor={quote(cursor)}")
    assert answer.status in ((200,) if path == "/" else (200, 400, 422))
    assert "<script>" not in answer.text.replace("<script src", "")
