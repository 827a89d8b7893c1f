"""One draft in the chat and on the site, and several drafts of a person: nothing of any is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from starbid.domain.money import XTR
from starbid.services.ports import SellDraft
from tests.support.browser_form import sent_by_browser
from tests.support.factories import ANNA
from tests.support.fakes import FakeApp
from tests.support.web import Client

from .chatting import Chat
from .selling_chat import album, draft, lots, photo, said, to_preview


@pytest.fixture
def ann(app: FakeApp, anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


@pytest.fixture
def site(app: FakeApp, ann: Chat) -> Client:
    """Anna on the site."""
    return Client(app).log_in(ann.id)


def form(app: FakeApp, chat: Chat, **changes: Any) -> dict[str, Any]:
    """The draft as its form on the site sends it."""
    kept = draft(app, chat)
    return {**kept.fields, "request_id": kept.request_id, "pictures": list(kept.pictures)} | changes


def test_a_draft_begun_in_the_chat_is_finished_on_the_site(app: FakeApp, ann: Chat, site: Client) -> None:
    to_preview(ann, photos=2)
    preview = dict(ann.last)
    page = site.get("/new_auction").text
    assert 'value="A lamp"' in page
    assert all(f'name="pictures" value="{name}"' in page for name in draft(app, ann).pictures)
    assert f'value="{draft(app, ann).request_id}"' in page
    assert site.post_form("/new_auction", **form(app, ann, title="A lantern")).status == 303
    ann.press("Publish", preview)
    assert [(lot.card.title, len(lot.card.pictures)) for lot in lots(app)] == [("A lantern", 2)]
    assert "“A lantern” is published" in ann.words


def test_a_draft_begun_on_the_site_is_finished_in_the_chat(app: FakeApp, ann: Chat, site: Client) -> None:
    typed = {"title": "A lamp", "description": "It shines.", "start_price": "120", "duration_seconds": "86400",
             "type": "english", "goods": "digital", "currency": "XTR", "category": "home"}  # fmt: skip
    site.post_form("/new_auction/draft", quiet="1", request_id="r1", **typed)
    ann.say("/sell")
    ann.press("Continue “A lamp”")
    assert "<b>⭐\u202f120</b>" in ann.words
    ann.press("Publish")
    assert len(lots(app)) == 1
    assert "Continue your draft" not in site.get("/new_auction").text
    site.post_form("/new_auction", request_id="r1", **typed)
    assert len(lots(app)) == 1


def test_the_same_form_of_chat_and_site_has_the_same_mark(app: FakeApp, ann: Chat, site: Client) -> None:
    to_preview(ann, photos=1)
    known = form(app, ann)
    ann.press("Publish")
    again = site.post_form("/new_auction", **{"extend_seconds": "120", "max_extension_seconds": "7200",
                                              "drop_seconds": "600", "type": "english"} | known)  # fmt: skip
    (lot,) = lots(app)
    assert (again.status, again.headers["location"]) == (303, f"/auction/{lot.auction.id}")


def until_a_named_end(chat: Chat, end: str = "in 3 hours") -> None:
    """At the preview of a draft whose end was named."""
    to_preview(chat)
    chat.press("Duration")
    chat.say(end)


def test_the_end_that_was_named_in_the_chat_stays_on_the_site(app: FakeApp, ann: Chat, site: Client) -> None:
    until_a_named_end(ann)
    end = app.now() + timedelta(hours=3)
    app.clock.forward(minutes=5)
    page = site.get("/new_auction").text
    assert f">until today {end:%H:%M} UTC</option>" in page
    sent = sent_by_browser(page, "data-sell")
    assert site.post_form("/new_auction/draft", quiet="1", **sent).status == 204
    assert datetime.fromisoformat(draft(app, ann).fields["ends_at"]) == end
    assert site.post_form("/new_auction", **sent).status == 303
    (lot,) = lots(app)
    assert lot.auction.ends_at == end


def test_a_length_that_is_chosen_on_the_site_takes_the_place_of_a_named_end(
    app: FakeApp, ann: Chat, site: Client
) -> None:
    until_a_named_end(ann)
    sent = sent_by_browser(site.get("/new_auction").text, "data-sell") | {"duration_seconds": "86400"}
    site.post_form("/new_auction/draft", quiet="1", **sent)
    assert "ends_at" not in draft(app, ann).fields
    site.post_form("/new_auction", **sent)
    (lot,) = lots(app)
    assert lot.auction.ends_at == app.now() + timedelta(days=1)


def test_a_named_end_that_has_passed_is_told_at_its_field_and_lost_by_no_fault(
    app: FakeApp, ann: Chat, site: Client
) -> None:
    until_a_named_end(ann)
    sent = sent_by_browser(site.get("/new_auction").text, "data-sell")
    wrong = site.post_form("/new_auction", **sent | {"start_price": "x"})
    assert wrong.status == 422
    assert sent_by_browser(wrong.text, "data-sell")["ends_at"] == sent["ends_at"]
    app.clock.forward(hours=4)
    late = site.post_form("/new_auction", **sent)
    assert (late.status, "That is over already, or before the start." in late.text) == (422, True)
    assert not lots(app)


@pytest.mark.parametrize("end", ["soon", "9999-99-99", "2026-12-05", "0001-01-01T00:00:00+14:00", "x" * 5000])
def test_what_is_no_end_in_a_form_counts_for_nothing(app: FakeApp, ann: Chat, site: Client, end: str) -> None:
    until_a_named_end(ann)
    sent = sent_by_browser(site.get("/new_auction").text, "data-sell") | {"ends_at": end}
    assert site.post_form("/new_auction/draft", quiet="1", **sent).status == 204
    assert "ends_at" not in draft(app, ann).fields
    assert site.post_form("/new_auction", **sent).status == 422
    assert not lots(app)


def test_what_is_paid_for_on_the_site_has_the_named_end_too(app: FakeApp, anna: Chat) -> None:
    anna.join()
    until_a_named_end(anna)
    end = app.now() + timedelta(hours=3)
    site = Client(app).log_in(anna.id)
    sent = sent_by_browser(site.get("/new_auction").text, "data-sell")
    assert site.post_form("/new_auction", **sent, top_up="150").status == 200
    ((order, payload),) = [(order.id, payload) for order, payload in app.stars.links]
    app.paying.credit(anna.id, "c1", payload, 150, XTR, app.now())
    app.clock.forward(minutes=1)
    assert site.get(f"/buy_stars/{order}").status in (200, 303)
    app.finishing.finish(order, anna.id, app.now())
    (lot,) = lots(app)
    assert lot.auction.ends_at == end
    assert "Continue your draft" not in site.get("/new_auction").text


def test_what_was_changed_on_the_site_is_shown_before_it_is_put_up(app: FakeApp, ann: Chat, site: Client) -> None:
    to_preview(ann)
    preview = dict(ann.last)
    site.post_form("/new_auction/draft", quiet="1", **form(app, ann, title="A lantern"))
    ann.press("Publish", preview)
    assert said(ann, "The draft has changed since then.") == 1
    assert ann.words.startswith("<b>A lantern</b>")
    assert not lots(app)
    ann.press("Publish")
    assert lots(app)[0].card.title == "A lantern"


def test_photos_that_come_in_the_chat_outlive_a_form_that_was_opened_before(
    app: FakeApp, ann: Chat, site: Client
) -> None:
    ann.say("/sell")
    album(ann, 2)
    ann.press("Done")
    ann.say("A lamp")
    site.get("/new_auction")
    before = form(app, ann)
    photo(ann)
    site.post_form("/new_auction/draft", quiet="1", **before | {"title": "A lantern"})
    assert (draft(app, ann).fields["title"], len(draft(app, ann).pictures)) == ("A lantern", 3)
    site.get("/new_auction")
    site.post_form("/new_auction/draft", quiet="1", **before)
    assert len(draft(app, ann).pictures) == 2, "the form showed it, and it was taken away there"


def test_two_writers_at_once_lose_no_photo(app: FakeApp, ann: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    ann.say("/sell")
    exchange, others = app.sell_drafts.exchange, [1, 2, 3]

    def slower(person_id: int, known: SellDraft, changed: SellDraft, now: Any) -> bool:
        if others:  # somebody else is faster
            name = f"other{others.pop()}"
            exchange(person_id, known, replace(known, pictures=(*known.pictures, name)), now)
        return exchange(person_id, known, changed, now)

    monkeypatch.setattr(app.sell_drafts, "exchange", slower)
    photo(ann)
    assert len(draft(app, ann).pictures) == 4


def test_who_loses_every_time_comes_again(app: FakeApp, ann: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    ann.say("/sell")
    with monkeypatch.context() as patched:
        patched.setattr(app.sell_drafts, "exchange", lambda *_: False)
        assert photo(ann, update_id=91) == 503
    assert photo(ann, update_id=92) == 200
    assert len(draft(app, ann).pictures) == 1


def test_the_site_opens_the_newest_or_the_one_that_is_named_and_lists_the_others(
    app: FakeApp, ann: Chat, site: Client
) -> None:
    for request_id, title in (("one", "A lamp"), ("two", "A lantern")):
        site.post_form("/new_auction/draft", quiet="1", request_id=request_id, title=title)
        app.clock.forward(seconds=1)
    newest, older = site.get("/new_auction").text, site.get("/new_auction", draft="one").text
    assert 'value="A lantern"' in newest
    assert 'href="/new_auction?draft=one"' in newest
    assert 'value="A lamp"' in older
    fresh = site.get("/new_auction", draft="new").text
    assert 'value="A lamp"' not in fresh
    assert 'value="A lantern"' not in fresh
    site.post_form("/new_auction/draft/discard", draft="one")
    assert draft(app, ann).fields["title"] == "A lantern"
    for wrong in ("nowhere", "../x", "x" * 500):
        assert 'value="A lantern"' in site.get("/new_auction", draft=wrong).text


def test_what_is_wrong_with_a_field_goes_on_after_its_name(app: FakeApp, boris: Chat) -> None:
    boris.join(seller=True)
    site = Client(app).log_in(boris.id)
    typed = {
        "title": "x",
        "description": "It shines.",
        "start_price": "1",
        "duration_seconds": "3600",
        "type": "english",
    }
    site.post_form("/new_auction/draft", quiet="1", request_id="r1", category="home", goods="digital", **typed)
    boris.press_data("sl:o:r1", None)
    assert "• Название: от 3 до 80 символов." in boris.words


def test_an_eleventh_draft_is_refused_and_its_form_loses_nothing(app: FakeApp, ann: Chat, site: Client) -> None:
    for number in range(10):
        site.post_form("/new_auction/draft", quiet="1", request_id=f"r{number}", title=f"Lamp number {number}")
    quiet = site.post_form("/new_auction/draft", quiet="1", request_id="r10", title="One too many")
    assert (quiet.status, "You have 10 drafts" in quiet.text) == (409, True)
    pressed = site.post_form("/new_auction/draft", request_id="r10", title="One too many")
    assert (pressed.status, 'value="One too many"' in pressed.text) == (409, True)
    assert site.post_form("/new_auction/draft", quiet="1", request_id="r3", title="Another word").status == 204
    assert len(app.drafts.all(ann.id, app.now())) == 10
    refused = site.post_form("/new_auction", request_id="r10", title="x")
    assert refused.status == 422
    assert 'value="x"' in refused.text


def test_what_an_earlier_version_kept_is_found(app: FakeApp, ann: Chat) -> None:
    facts = {"request_id": "old", "fields": {"title": "A lamp"}, "pictures": [], "uploads": [],
             "saved_at": app.now().isoformat()}  # fmt: skip
    app.scratch.put(f"draft#{ANNA}", facts, 3600, app.now())
    for _ in range(2):
        ann.say("/sell")
        assert "Continue “A lamp”" in ann.buttons()
    assert app.scratch.get(f"draft#{ANNA}", app.now()) is None
