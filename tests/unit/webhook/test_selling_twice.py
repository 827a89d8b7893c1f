"""A draft that is put up twice, late, by one who may not, or by a process that dies: there is one lot or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.limits import LIMITS, Deed
from starbid.domain.unfinished import FINISH_WITHIN
from starbid.services.auctions.drafts import mark_of
from tests.support.fakes import Death, FakeApp
from tests.support.paused import pause

from .chatting import Chat
from .selling_chat import chat_data, draft, lots, said, to_preview


@pytest.fixture
def ann(app: FakeApp, anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


def test_publish_is_pressed_twice_and_on_two_devices_and_there_is_one_lot(app: FakeApp, ann: Chat) -> None:
    to_preview(ann, photos=2)
    preview = dict(ann.last)
    for _ in range(3):
        ann.press("Publish", preview)
        assert "“A lamp” is published" in ann.words
    assert len(lots(app)) == 1


def test_two_devices_at_once_put_up_one_lot(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    known = draft(app, ann)
    twice = {app.draft_publishing.publish(ann.id, known, app.now()).auction.id for _ in range(2)}
    assert len(twice) == len(lots(app)) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_at_the_publication_leaves_it_to_the_next(app: FakeApp, ann: Chat, *, after: bool) -> None:
    to_preview(ann)
    preview, kept = dict(ann.last), draft(app, ann)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.draft_publishing.publish(ann.id, kept, app.now())
    ann.press("Publish", preview)
    assert len(lots(app)) == 1
    assert "“A lamp” is published" in ann.words


def until_a_named_end(app: FakeApp, chat: Chat) -> None:
    """At the preview, some time after the last answer."""
    to_preview(chat)
    chat.press(chat_data(chat, ":du"))
    chat.say("in 3 hours")
    app.clock.forward(seconds=20)


def test_a_process_that_dies_with_a_named_end_leaves_it_to_the_next_too(app: FakeApp, ann: Chat) -> None:
    until_a_named_end(app, ann)
    preview, kept = dict(ann.last), draft(app, ann)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        app.draft_publishing.publish(ann.id, kept, app.now())
    ann.press("Publish", preview)
    assert len(lots(app)) == 1
    assert "“A lamp” is published" in ann.words


def test_another_device_presses_before_the_draft_is_dropped_and_there_is_one_lot(
    app: FakeApp, ann: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    until_a_named_end(app, ann)
    preview, drop = dict(ann.last), app.sell_drafts.drop

    def slowly(person_id: int, draft_id: str) -> None:
        monkeypatch.setattr(app.sell_drafts, "drop", drop)
        ann.press("Publish", preview)
        drop(person_id, draft_id)

    monkeypatch.setattr(app.sell_drafts, "drop", slowly)
    ann.press("Publish", preview)
    assert len(lots(app)) == 1


def test_a_lot_with_a_named_end_that_was_put_up_by_its_payment_is_no_draft_any_more(app: FakeApp, anna: Chat) -> None:
    anna.join()
    until_a_named_end(app, anna)
    anna.press(chat_data(anna, "sl:t:"))
    (invoice,) = anna.telegram.called("sendInvoice")
    anna.paid(invoice["payload"], invoice["prices"][0]["amount"], "c1")
    assert len(lots(app)) == 1
    assert app.sell_drafts.all(anna.id, app.now()) == ()


def test_a_word_typed_after_the_publication_is_another_draft_that_an_old_button_does_not_put_up(
    app: FakeApp, ann: Chat
) -> None:
    until_a_named_end(app, ann)
    kept = draft(app, ann)
    app.draft_publishing.publish(ann.id, kept, app.now())
    app.clock.forward(minutes=1)
    later = replace(kept, fields={**kept.fields, "title": "A lantern"}, saved_at=app.now())
    app.sell_drafts.keep(ann.id, later, app.now())
    ann.press_data(f"sl:p:{kept.id}:{mark_of(later)[:8]}", None)
    assert len(lots(app)) == 1
    assert said(ann, "The draft has changed since then.") == 1
    assert draft(app, ann).id != kept.id


def test_old_buttons_of_a_draft_that_was_published_do_no_harm(app: FakeApp, ann: Chat) -> None:
    to_preview(ann, photos=1)
    preview = dict(ann.last)
    ann.press("Publish")
    before = lots(app)
    for button in ("Title", "Photos", "Start price", "More options", "Later", "Publish"):
        ann.press(button, preview)
        assert "“A lamp” is published" in ann.words
    assert lots(app) == before
    assert app.sell_drafts.all(ann.id, app.now()) == ()


def test_old_buttons_of_a_draft_that_was_deleted_do_no_harm(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    preview = dict(ann.last)
    app.drafts.drop(ann.id, draft(app, ann).id)
    for button in ("Title", "Publish", "Later"):
        ann.press(button, preview)
        assert "There is no such draft any more" in ann.toasts()[-1]
    assert not lots(app)


def test_an_answer_to_a_draft_that_is_gone_is_told_so(app: FakeApp, ann: Chat) -> None:
    ann.say("/sell")
    ann.press("Without photos")
    kept = app.sell_drafts.all(ann.id, app.now())[0]
    app.drafts.drop(ann.id, kept.id)
    ann.say("A lamp")
    assert "There is no such draft any more" in ann.words
    assert app.sell_drafts.all(ann.id, app.now()) == ()


def test_a_subscription_that_lapsed_before_the_press_keeps_the_draft(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    app.clock.forward(days=29, hours=23)
    ann.press_data(f"sl:s:{draft(app, ann).id}:du:604800", None)
    preview = dict(ann.last)
    app.clock.forward(hours=2)
    ann.press("Publish", preview)
    assert "Selling needs a subscription" in ann.words
    assert "The draft is kept." in ann.words
    assert chat_data(ann, "sl:t:")
    assert not lots(app)
    assert draft(app, ann).fields["title"] == "A lamp"


def test_a_blocked_seller_gets_silence_and_publishes_nothing(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    person = app.store.person(ann.id)
    assert person
    app.store.tables.people[ann.id] = replace(person, blocked=True, version=person.version + 1)
    count = len(ann.messages)
    ann.press("Publish")
    assert (len(ann.messages), lots(app)) == (count, [])


def test_while_all_is_paused_nothing_is_put_up_and_nobody_pays(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=500)
    to_preview(anna)
    preview = dict(anna.last)
    pause(app)
    anna.press(chat_data(anna, "sl:q:"), preview)
    assert "are paused for a moment" in anna.toasts()[-1]
    assert not lots(app)
    assert app.store.wallet(anna.id, "XTR").available.amount == 500


def test_money_that_comes_late_or_twice_puts_up_one_lot_or_gives_the_draft_back(app: FakeApp, anna: Chat) -> None:
    anna.join()
    to_preview(anna)
    preview = dict(anna.last)
    for _ in range(2):
        anna.press(chat_data(anna, "sl:t:") if _ == 0 else "Top up ⭐\u202f150 and publish", preview)
    first, second = anna.telegram.called("sendInvoice")
    anna.paid(first["payload"], first["prices"][0]["amount"], "c1")
    anna.paid(second["payload"], second["prices"][0]["amount"], "c2")
    assert len(lots(app)) == 1
    anna.say("/sell")
    to_preview(anna, "A lantern")
    assert "Publish" in anna.buttons(), "the subscription was paid once"


def test_money_that_comes_too_late_leads_back_to_the_draft(app: FakeApp, anna: Chat) -> None:
    anna.join()
    to_preview(anna)
    anna.press(chat_data(anna, "sl:t:"))
    (invoice,) = anna.telegram.called("sendInvoice")
    app.clock.forward(seconds=FINISH_WITHIN.total_seconds() + 60)
    anna.paid(invoice["payload"], invoice["prices"][0]["amount"], "c1")
    assert not lots(app)
    anna.press("Continue your draft")
    assert anna.words.startswith("<b>A lamp</b>")


def test_a_lot_that_somebody_has_bid_on_cannot_be_changed_any_more(app: FakeApp, ann: Chat, boris: Chat) -> None:
    boris.join(stars=1000)
    to_preview(ann)
    ann.press("Publish")
    (lot,) = lots(app)
    ann.press_data(f"sl:e:{lot.auction.id}", None)
    ann.press("Title")
    ann.say("A lantern")
    preview = dict(ann.last)
    app.bidding.bid(lot.auction.id, boris.id, 100, app.now())
    ann.press("Save", preview)
    assert "can no longer be changed" in ann.toasts()[-1]
    assert lots(app)[0].card.title == "A lamp"
    ann.press_data(f"sl:e:{lot.auction.id}", None)
    assert lots(app)[0].card.title == "A lamp"


def test_saving_twice_saves_once(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    ann.press("Publish")
    (lot,) = lots(app)
    ann.press_data(f"sl:e:{lot.auction.id}", None)
    ann.press("Duration")
    ann.press("7 days")
    preview = dict(ann.last)
    ann.press("Save", preview)
    ends = lots(app)[0].auction.ends_at
    app.clock.forward(minutes=5)
    ann.press("Save", preview)
    assert lots(app)[0].auction.ends_at == ends
    assert ends - lot.auction.starts_at == timedelta(days=7)


def test_the_mark_tells_every_change(app: FakeApp, ann: Chat) -> None:
    to_preview(ann, photos=2)
    known = draft(app, ann)
    others = [
        replace(known, fields={**known.fields, "title": "x"}),
        replace(known, fields={**known.fields, "duration_seconds": "", "ends_at": "2027-01-01T00:00:00+00:00"}),
        replace(known, fields={**known.fields, "duration_seconds": "", "ends_at": "2027-01-02T00:00:00+00:00"}),
        replace(known, pictures=known.pictures[::-1]),
        replace(known, pictures=known.pictures[:1]),
    ]
    assert len({mark_of(each) for each in (known, *others)}) == 6
    assert mark_of(known) == mark_of(replace(known, saved_at=app.now(), unseen={}))


def test_drafts_that_are_begun_from_a_lot_count_against_the_limit_too(app: FakeApp, ann: Chat) -> None:
    to_preview(ann, photos=1)
    ann.press("Publish")
    (lot,) = lots(app)
    ann.press_data(f"sl:e:{lot.auction.id}", None)
    app.limits.require(Deed.DRAFT, ann.id, app.now(), LIMITS[Deed.DRAFT].most - 2)  # one was begun, one edits
    ann.press_data(f"sl:e:{lot.auction.id}", None)
    assert not ann.toasts()[-1], "it goes on with the one that is there"
    app.sell_drafts.drop(ann.id, draft(app, ann).id)
    for step in ("a", "e"):
        ann.press_data(f"sl:{step}:{lot.auction.id}", None)
        assert "too many in a short time" in ann.toasts()[-1], step
    assert app.sell_drafts.all(ann.id, app.now()) == ()


def test_nobody_opens_the_draft_of_somebody_else(app: FakeApp, ann: Chat, boris: Chat) -> None:
    to_preview(ann)
    boris.join(seller=True)
    for step in ("o", "l", "x", "X", "m"):
        boris.press_data(f"sl:{step}:{draft(app, ann).id}", None)
    assert draft(app, ann).fields["title"] == "A lamp"
    assert said(boris, "A lamp") == 0
