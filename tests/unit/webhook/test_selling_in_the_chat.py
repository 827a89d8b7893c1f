"""A lot from /sell to its publication in the chat, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.auction import Status
from tests.support.factories import SELLER
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram
from .selling_chat import album, chat_data, draft, lots, photo, said, to_preview


@pytest.fixture
def ann(app: FakeApp, anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


def test_from_start_to_a_published_lot_with_three_photos_in_fourteen_messages(app: FakeApp, ann: Chat) -> None:
    done: list[str] = []

    def does(what: str) -> None:
        done.append(what)
        if what.startswith("say "):
            ann.say(what.removeprefix("say "))
        elif what == "album":
            album(ann, 3)
        else:
            ann.press(what)

    for what in ("say /start", "Sell", "album", "Done", "say A lamp", "say It shines.", "Home", "Something digital",
                 "Auction", "⭐\u202f100", "1 day", "Publish"):  # fmt: skip
        does(what)
    (lot,) = lots(app)
    assert (lot.card.title, len(lot.card.pictures), lot.auction.price.amount) == ("A lamp", 3, 100)
    assert lot.auction.status(app.now()) is Status.LIVE
    assert "“A lamp” is published" in ann.words
    assert len(done) + 2 <= 14, "an album of three is three messages"


def test_the_same_in_russian(app: FakeApp, boris: Chat) -> None:
    boris.join(seller=True)
    boris.say("/sell")
    assert "Пришлите фотографии" in boris.words
    to_preview(boris, "Лампа", photos=2)
    assert "вы получите ⭐\u202f95" in boris.words
    boris.press("Опубликовать")
    assert "«Лампа»" in boris.words
    assert len(lots(app)) == 1


def test_the_preview_is_the_card_with_what_the_seller_gets(app: FakeApp, ann: Chat) -> None:
    to_preview(ann, photos=1)
    assert ann.words.startswith("<b>A lamp</b>\n<b>⭐\u202f100</b>")
    assert "1 photo\nSold for ⭐\u202f100, you get ⭐\u202f95." in ann.words
    assert ann.last["photo"]
    assert not lots(app)


def test_every_field_can_be_changed_from_the_preview(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    for button, text in (("Title", "A lantern"), ("Description", "It glows."), ("Start price", "250 ⭐"),
                         ("Duration", "in 3 h")):  # fmt: skip
        preview = ann.last
        ann.press(button, preview)
        ann.say(text)
    ann.press("Category")
    ann.press("Games")
    ann.press("More options")
    ann.press("Buy-now price")
    ann.say("900")
    ann.press("Publish")
    (lot,) = lots(app)
    assert (lot.card.title, lot.card.description, lot.card.category) == ("A lantern", "It glows.", "games")
    terms = lot.auction.terms
    assert terms.buy_now_price
    assert (terms.start_price.amount, terms.buy_now_price.amount) == (250, 900)
    assert (lot.auction.ends_at - app.now()).total_seconds() == 3 * 3600


def test_back_goes_to_the_step_before(app: FakeApp, ann: Chat) -> None:
    ann.say("/sell")
    ann.press("Without photos")
    ann.say("A lamp")
    ann.press("Back")
    assert "What is it called?" in ann.words
    ann.say("A lantern")
    assert "Describe it" in ann.words
    assert draft(app, ann).fields["title"] == "A lantern"


def test_a_draft_is_gone_on_with_after_days(app: FakeApp, ann: Chat) -> None:
    ann.say("/sell")
    photo(ann)
    ann.press("Done")
    ann.say("A lamp")
    ann.press("Later")
    assert "kept for 30 days" in ann.words
    app.clock.forward(days=5)
    ann.say("/sell")
    ann.press("Continue “A lamp”")
    assert "Describe it" in ann.words
    ann.say("It shines.")
    assert "Which category?" in ann.words


@pytest.mark.parametrize("kind", ["Price drops", "Sealed bids", "Second price"])
def test_other_kinds_are_one_press_behind_more_options(app: FakeApp, ann: Chat, kind: str) -> None:
    to_preview(ann)
    ann.press("More options")
    ann.press("Type")
    assert "the highest bid wins" in ann.words
    ann.press(kind)
    if kind == "Price drops":
        ann.press("⭐\u202f10")
        ann.press("⭐\u202f9")
    ann.press("Publish")
    (lot,) = lots(app)
    assert lot.auction.terms.kind == {"Price drops": "dutch", "Sealed bids": "sealed", "Second price": "vickrey"}[kind]


def to_the_price_of_a_thing(chat: Chat) -> None:
    chat.say("/sell")
    chat.press("Without photos")
    chat.say("A lamp")
    chat.say("It shines.")
    chat.press("Home")
    chat.press("A thing to send")
    chat.press("Auction")


def test_a_thing_is_sold_in_the_national_currency(app: FakeApp, ann: Chat) -> None:
    to_the_price_of_a_thing(ann)
    ann.say("1 250,50")
    ann.press("1 day")
    ann.press("Publish")
    (lot,) = lots(app)
    assert (lot.card.goods, lot.auction.price.amount, lot.auction.currency) == ("physical", 125_050, "RUB")


def test_the_limits_of_a_price_in_roubles_are_told_in_roubles(app: FakeApp, ann: Chat) -> None:
    to_the_price_of_a_thing(ann)
    ann.say("10000000000,01")
    assert "Enter an amount from ₽0.01 to ₽10,000,000,000.00." in ann.words
    ann.say("0,01")
    ann.press("1 day")
    ann.press("Publish")
    assert [lot.auction.price.amount for lot in lots(app)] == [1]


def test_one_without_a_subscription_is_told_at_once_and_pays_on_the_way(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=150)
    anna.say("/sell")
    assert "Selling needs a subscription" in anna.words
    assert anna.buttons()["Subscribe"] == "go:subscribe"
    to_preview(anna)
    assert "Publish" not in anna.buttons()
    anna.press("Subscribe for ⭐\u202f100 and publish")
    assert len(lots(app)) == 1
    assert app.store.wallet(anna.id, "XTR").available.amount == 50


def test_one_who_lacks_the_money_tops_up_and_the_lot_is_put_up_when_it_comes(app: FakeApp, anna: Chat) -> None:
    anna.join()
    to_preview(anna, photos=1)
    anna.press(chat_data(anna, "sl:t:"))
    (invoice,) = anna.telegram.called("sendInvoice")
    assert not lots(app)
    amount = invoice["prices"][0]["amount"]
    anna.paid(invoice["payload"], amount, "charge")
    (lot,) = lots(app)
    assert len(lot.card.pictures) == 1
    assert "is published" in anna.words
    assert app.sell_drafts.all(anna.id, app.now()) == ()


def test_drafts_come_first_in_the_list_of_ones_own(app: FakeApp, ann: Chat) -> None:
    ann.say("/sell")
    album(ann, 3)
    ann.press("Done")
    ann.say("A lamp")
    ann.say("/my")
    assert "Draft: A lamp · 3 photos" in ann.words
    ann.press("Continue “A lamp”")
    assert "Describe it" in ann.words


def test_ten_drafts_are_enough_and_the_way_out_is_told(app: FakeApp, ann: Chat) -> None:
    for number in range(10):
        ann.press_data("sl:new", None)
        ann.press("Without photos")
        ann.say(f"Lamp number {number}")
    ann.press_data("sl:new", None)
    assert "You have 10 drafts" in ann.toasts()[-1]
    assert "Continue “" in str(ann.buttons())
    assert len(app.sell_drafts.all(ann.id, app.now())) == 10


def test_a_draft_that_is_begun_and_left_empty_is_none(app: FakeApp, ann: Chat) -> None:
    for _ in range(3):
        ann.press_data("sl:new", None)
    assert len(app.sell_drafts.all(ann.id, app.now())) == 1
    ann.say("/my")
    assert said(ann, "Draft:") == 0


def test_a_draft_is_deleted_only_when_that_is_sure(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    ann.press("More options")
    ann.press("Delete the draft")
    assert draft(app, ann).fields["title"] == "A lamp"
    ann.press("Yes, delete it")
    assert app.sell_drafts.all(ann.id, app.now()) == ()


def test_a_scheduled_start_is_in_the_persons_own_zone(app: FakeApp, ann: Chat) -> None:
    app.people.set_zone(ann.id, "Asia/Kolkata")
    to_preview(ann)
    ann.press("More options")
    ann.press("Start")
    assert "GMT+5:30" in ann.words
    ann.say("tomorrow 10:00")
    ann.press("Publish")
    (lot,) = lots(app)
    assert lot.auction.status(app.now()) is Status.SCHEDULED
    assert f"{lot.auction.starts_at:%H:%M}" == "04:30"
    assert "it starts tomorrow 10:00" in ann.words


@pytest.mark.parametrize("minutes", [30, 90])
def test_a_start_that_counts_from_now_is_right_while_the_clocks_go_back(app: FakeApp, anna: Chat, minutes: int) -> None:
    app.clock.now = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    anna.join(seller=True)
    app.people.set_zone(anna.id, "Europe/Berlin")
    to_preview(anna)
    anna.press("More options")
    anna.press("Start")
    anna.say(f"in {minutes} minutes")
    anna.press("Publish")
    (lot,) = lots(app)
    assert lot.auction.starts_at == app.now() + timedelta(minutes=minutes)


def test_another_one_like_a_lot_has_its_words_and_pictures_and_overwrites_no_draft(app: FakeApp, ann: Chat) -> None:
    to_preview(ann, photos=2)
    ann.press("Publish")
    published = ann.last
    ann.press_data("sl:new", None)
    ann.press("Without photos")
    ann.say("Something else")
    ann.press("Sell another like this", published)
    assert ann.words.startswith("<b>A lamp</b>")
    assert len(app.sell_drafts.all(ann.id, app.now())) == 2
    ann.press("Publish")
    assert [(lot.card.title, len(lot.card.pictures)) for lot in lots(app)] == [("A lamp", 2)] * 2
    assert draft(app, ann).fields["title"] == "Something else"


def test_nobody_sells_another_like_the_lot_of_somebody_else(app: FakeApp, ann: Chat, telegram: FakeTelegram) -> None:
    to_preview(ann)
    ann.press("Publish")
    (lot,) = lots(app)
    other = Chat(app, telegram, SELLER).join(seller=True)
    other.press_data(f"sl:a:{lot.auction.id}", None)
    other.press_data(f"sl:e:{lot.auction.id}", None)
    assert app.sell_drafts.all(SELLER, app.now()) == ()


def test_a_lot_without_bids_is_edited_by_the_same_preview(app: FakeApp, ann: Chat) -> None:
    to_preview(ann, photos=1)
    ann.press("Publish")
    ann.press("Open the lot")
    ends = lots(app)[0].auction.ends_at
    app.clock.forward(minutes=5)
    ann.press("Edit")
    ann.press("Title")
    ann.say("A lantern")
    assert ann.words.startswith("<b>A lantern</b>")
    ann.press("More options")
    assert "Type" not in ann.buttons()
    ann.press("Back to the preview")
    ann.press("Save")
    (lot,) = lots(app)
    assert (lot.card.title, len(lot.card.pictures), lot.auction.ends_at) == ("A lantern", 1, ends)
    assert "“A lantern” is saved." in ann.words
    assert app.sell_drafts.all(ann.id, app.now()) == ()


def test_a_titles_own_quotes_are_inner_ones_on_its_button(app: FakeApp, boris: Chat) -> None:
    boris.join(seller=True)
    boris.say("/sell")
    to_preview(boris, "Пресеты «Зимний свет»")
    boris.say("/sell")
    assert "Продолжить «Пресеты „Зимний свет“»" in boris.buttons()


def test_a_lot_that_has_a_title_is_not_asked_for_one_with_its_photos(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    ann.press("Photos")
    assert "Send photos of it" in ann.words
    assert "title" not in ann.words
