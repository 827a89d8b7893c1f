"""A lot that is edited in the chat and on the site: no edit undoes another one that it has not seen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser_form import sent_by_browser
from tests.support.fakes import Death, FakeApp
from tests.support.web import Client

from .chatting import Chat
from .selling_chat import draft, lots, said, to_preview


@pytest.fixture
def ann(app: FakeApp, anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


@pytest.fixture
def site(app: FakeApp, ann: Chat) -> Client:
    """Anna on the site."""
    return Client(app).log_in(ann.id)


def a_lot_that_is_edited_in_the_chat(app: FakeApp, chat: Chat, title: str = "A lantern") -> tuple[str, dict[str, Any]]:
    """The lot, and the preview with the button that saves."""
    to_preview(chat)
    chat.press("Publish")
    (lot,) = lots(app)
    chat.press_data(f"sl:e:{lot.auction.id}", None)
    chat.press("Title")
    chat.say(title)
    return lot.auction.id, dict(chat.last)


def test_an_edit_in_the_chat_does_not_undo_a_later_one_on_the_site(app: FakeApp, ann: Chat, site: Client) -> None:
    lot_id, preview = a_lot_that_is_edited_in_the_chat(app, ann)
    sent = sent_by_browser(site.get(f"/auction/{lot_id}/edit").text, "data-sell")
    assert site.post_form(f"/auction/{lot_id}/edit", **sent | {"title": "A lamp, broken"}).status == 303
    ann.press("Save", preview)
    assert lots(app)[0].card.title == "A lamp, broken"
    assert said(ann, "The lot has been changed elsewhere since then.") == 1
    assert ann.words.startswith("<b>A lamp, broken</b>")
    ann.press("Title")
    ann.say("A lantern, broken")
    ann.press("Save")
    assert lots(app)[0].card.title == "A lantern, broken"


def test_an_edit_that_is_not_saved_yet_goes_on_where_it_was_and_is_no_new_lot(
    app: FakeApp, ann: Chat, site: Client
) -> None:
    lot_id, _ = a_lot_that_is_edited_in_the_chat(app, ann)
    ann.press_data(f"sl:e:{lot_id}", None)
    assert ann.words.startswith("<b>A lantern</b>")
    assert lots(app)[0].card.title == "A lamp"
    assert "A lantern" not in site.get("/new_auction").text


def test_a_process_that_dies_when_an_edit_is_saved_leaves_what_was_saved(app: FakeApp, ann: Chat) -> None:
    _, preview = a_lot_that_is_edited_in_the_chat(app, ann)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        app.draft_publishing.publish(ann.id, draft(app, ann), app.now())
    ann.press("Save", preview)
    assert "“A lantern” is saved." in ann.words
    assert (lots(app)[0].card.title, lots(app)[0].card.version) == ("A lantern", 2)
    assert app.sell_drafts.all(ann.id, app.now()) == ()


def test_a_page_of_the_site_that_was_opened_before_an_edit_says_so_and_saves_at_the_second_press(
    app: FakeApp, ann: Chat, site: Client
) -> None:
    lot_id, preview = a_lot_that_is_edited_in_the_chat(app, ann)
    old = sent_by_browser(site.get(f"/auction/{lot_id}/edit").text, "data-sell") | {"description": "It is broken."}
    ann.press("Save", preview)
    refused = site.post_form(f"/auction/{lot_id}/edit", **old)
    assert (refused.status, lots(app)[0].card.title) == (409, "A lantern")
    assert "This lot was changed elsewhere in the meantime. Save once more" in refused.text
    again = sent_by_browser(refused.text, "data-sell")
    assert again["description"] == "It is broken."
    assert site.post_form(f"/auction/{lot_id}/edit", **again).status == 303
    assert lots(app)[0].card.description == "It is broken."


@pytest.mark.parametrize("where", ["chat", "site"])
def test_the_end_that_was_named_stays_when_something_else_is_edited(
    app: FakeApp, ann: Chat, site: Client, where: str
) -> None:
    """The lot began in the midst of a second, so it lasts no whole number of them."""
    app.clock.forward(seconds=37.123)
    to_preview(ann)
    ann.press("Duration")
    ann.say("tomorrow 21:00")
    ann.press("Publish")
    (lot,) = lots(app)
    app.clock.forward(minutes=8)
    if where == "chat":
        ann.press_data(f"sl:e:{lot.auction.id}", None)
        ann.press("Title")
        ann.say("A lantern")
        ann.press("Save")
    else:
        sent = sent_by_browser(site.get(f"/auction/{lot.auction.id}/edit").text, "data-sell")
        assert site.post_form(f"/auction/{lot.auction.id}/edit", **sent | {"title": "A lantern"}).status == 303
    (edited,) = lots(app)
    assert edited.card.title == "A lantern"
    assert (edited.auction.starts_at, edited.auction.ends_at) == (lot.auction.starts_at, lot.auction.ends_at)
