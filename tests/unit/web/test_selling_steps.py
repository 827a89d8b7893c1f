"""The three steps of selling as the server draws them: what a sale brings, the preview, and the way to each fault."""

from __future__ import annotations

import pytest

from starbid.domain.limits import LIMITS, Deed
from tests.support.factories import ANNA, fields, join
from tests.support.fakes import FakeApp
from tests.support.selling import lots
from tests.support.web import Client, png


def outlook(client: Client, **typed: str) -> str:
    return client.get("/new_auction/outlook", **typed).text


# --- what a sale brings, and when it ends -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"start_price": "100"}, "Sold for ⭐\u202f100, you get ⭐\u202f95."),
        ({"start_price": "1"}, "Sold for ⭐\u202f1, you get ⭐\u202f1."),
        ({"start_price": "1 250,50", "currency": "RUB"}, "you get ₽1,187.98."),
    ],
)
def test_the_seller_is_told_what_they_get_with_the_fee_rounded_down(
    seller: Client, typed: dict[str, str], told: str
) -> None:
    assert told in outlook(seller, **typed)


@pytest.mark.parametrize("price", ["", "x", "0", "-5", "9" * 40, "<b>", "1e9"])
def test_what_is_no_price_promises_nothing(seller: Client, price: str) -> None:
    answer = seller.get("/new_auction/outlook", start_price=price)
    assert (answer.status, "Sold for" in answer.text, "<b>" in answer.text) == (200, False, False)


@pytest.mark.parametrize(
    ("typed", "is_told"),
    [
        ({"duration_seconds": "3600"}, True),
        ({"duration_seconds": "2592000"}, True),
        ({"duration_seconds": "2592001"}, False),
        ({"duration_seconds": "9" * 30}, False),
        ({"duration_seconds": ""}, False),
        ({"duration_seconds": "3600", "starts_at": "soon"}, False),
        ({"duration_seconds": "3600", "starts_at": "0001-01-01T00:00", "starts_zone": "Asia/Kathmandu"}, False),
        ({"duration_seconds": "3600", "starts_at": "9999-12-31T23:59", "starts_zone": "Pacific/Honolulu"}, False),
    ],
)
def test_the_end_is_told_only_where_there_is_one(seller: Client, typed: dict[str, str], is_told: bool) -> None:
    answer = seller.get("/new_auction/outlook", **typed)
    assert (answer.status, "<time" in answer.text) == (200, is_told)


# --- the preview ------------------------------------------------------------------------------------------------------


def test_a_preview_publishes_nothing_and_keeps_what_was_typed(app: FakeApp, seller: Client) -> None:
    answer = seller.post_form("/new_auction/preview", request_id="r1", **fields(title="A <b>lamp</b>"))
    assert answer.status == 200
    assert "<h2>A &lt;b&gt;lamp&lt;/b&gt;</h2>" in answer.text
    assert 'data-begins-at="publish"' in answer.text
    assert lots(app) == []
    assert 'value="A &lt;b&gt;lamp&lt;/b&gt;"' in seller.get("/new_auction").text


def test_the_script_is_given_the_preview_alone(seller: Client) -> None:
    answer = seller.post_form("/new_auction/preview", quiet="1", **fields(title="A lamp"))
    assert answer.status == 200
    assert answer.text.lstrip().startswith('<div class="preview">')
    assert "A lamp" not in seller.get("/new_auction").text, "the script keeps drafts by itself"


def test_files_that_come_with_a_preview_need_not_be_chosen_again(app: FakeApp, seller: Client) -> None:
    page = seller.post_files("/new_auction/preview", [("a.png", png())], request_id="r1", **fields())
    assert (page.status, page.text.count('name="uploads"')) == (200, 1)
    bad = seller.post_files("/new_auction/preview", [("a.png", b"<script>alert(1)</script>")], **fields())
    assert (bad.status, bad.text.count('name="uploads"')) == (422, 0)


def test_one_who_may_not_sell_sees_the_preview_but_has_no_files_kept(app: FakeApp) -> None:
    join(app, ANNA)
    anna = Client(app).log_in(ANNA)
    assert anna.post_form("/new_auction/preview", quiet="1", **fields()).status == 200
    refused = anna.post_files("/new_auction/preview", [("a.png", png())], **fields())
    assert (refused.status, app.pictures.uploads) == (403, {})


def test_a_preview_that_cannot_be_names_each_fault_and_its_field(seller: Client) -> None:
    form = fields(title="x", start_price="?", duration_seconds="1")
    page = seller.post_form("/new_auction/preview", **form)
    part = seller.post_form("/new_auction/preview", quiet="1", **form)
    assert page.status == part.status == 422
    for answer in (page, part):
        places = [answer.text.index(f'href="#{name}"') for name in ("title", "start_price", "duration_seconds")]
        assert places == sorted(places), "in the order of the form"
    assert "<html" not in part.text
    assert 'data-begins-at="what"' in page.text
    assert 'aria-describedby="title-fault' in page.text


def test_previews_are_limited_as_drafts_are(seller: Client) -> None:
    most = LIMITS[Deed.DRAFT].most
    answers = [seller.post_form("/new_auction/preview", quiet="1", **fields()).status for _ in range(most + 1)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_a_visitor_and_a_foreign_form_see_no_preview(app: FakeApp, seller: Client) -> None:
    assert Client(app).post_form("/new_auction/preview", **fields()).status in (303, 403)
    assert seller.post_form("/new_auction/preview", csrf=False, **fields()).status == 403


# --- which step is shown first ----------------------------------------------------------------------------------------


def test_a_refused_form_begins_at_the_step_of_its_first_fault(seller: Client) -> None:
    def begins(**changes: object) -> str:
        text = seller.post_form("/new_auction", **fields(**changes)).text
        return text.partition('data-begins-at="')[2].partition('"')[0]

    assert begins(title="") == "what"
    assert begins(start_price="?") == "price"
    assert begins(title="", start_price="?") == "what"


def test_other_kinds_are_folded_away_until_one_is_chosen(seller: Client) -> None:
    assert '<details class="more-kinds">' in seller.get("/new_auction").text
    refused = seller.post_form("/new_auction", **fields(type="sealed", title=""))
    assert '<details class="more-kinds" open>' in refused.text


def test_an_edit_has_the_same_parts_on_one_page(app: FakeApp, seller: Client) -> None:
    seller.post_form("/new_auction", **fields(title="A lamp"))
    page = seller.get(f"/auction/{lots(app)[0].auction.id}/edit").text
    assert page.count('data-step="') == 2
    assert "data-begins-at" not in page
