"""Cards: their words, buttons and limits, in both languages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from local.telegram.markup import parse_html
from starbid.domain.auction import Ending
from starbid.i18n import language
from starbid.services.ports import Look, Place, ShownCard, TryLater
from starbid.services.views import view_lot
from starbid.telegram.cards import CardStyle, draw
from starbid.telegram.html import cut, parsed_units, units
from starbid.telegram.messenger import BotMessenger
from tests.support.bot_pool import FakeTelegram, bad_request, bot, flood
from tests.support.factories import ANNA, BORIS, SELLER, auction, person, wallet, xtr
from tests.support.fakes import START, make_app

from .pieces import EN, HORRID, SETTINGS, data, lot, sold

BARE = Look()
HTTPS = make_app({"BASE_URL": "https://bid.example"}).settings


def style(code: str = "en", look: Look = BARE, **changes: object) -> CardStyle:
    return replace(CardStyle(language(code), START, SETTINGS, look), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("placed", [(), ((ANNA, 500),), ((BORIS, 10**12),)])
def test_the_longest_card_stays_within_telegrams_limits(code: str, placed: tuple[tuple[int, int], ...]) -> None:
    assert len(HORRID) == 80
    big = lot(*placed, reserve=10**11, title=HORRID, description="🎁&<>" * 1000)
    big = replace(big, auction=replace(big.auction, ends_at=big.auction.ends_at + timedelta(hours=1)))
    drawn = draw(view_lot(big, ANNA, START), style(code, Look(Place(240, 240, more=True))))
    assert units(parse_html(drawn.caption).text) <= 1024
    assert parse_html(drawn.caption).text.startswith("<b>&😀")
    assert all(len(button.data.encode()) <= 64 for row in drawn.keyboard for button in row if button.data)


@pytest.mark.parametrize("character", ["👨‍👩‍👧‍👦", "🇩🇪", "🏳️‍🌈", "👍🏽", "e\u0301\u0323", "क्षि"], ids=ascii)
def test_a_caption_is_cut_between_characters_wherever_the_limit_falls(character: str) -> None:
    for before in range(units(character) + 1):
        shown = lot((ANNA, 500), title="A lamp", description="x" * before + character * 200)
        description = draw(view_lot(shown, ANNA, START), style()).caption.rpartition("\n")[2]
        assert 300 - units(character) <= units(description) <= 300
        assert not description.removeprefix("x" * before).removesuffix("…").replace(character, "")


@pytest.mark.parametrize(
    "markup", ["", "a &amp; b", "<b>&lt;😀&gt;</b>", '<a href="https://x.y/?a=1&amp;b=2">&amp;lt;</a>']
)
def test_markup_is_counted_as_telegram_counts_it(markup: str) -> None:
    read = parse_html(markup).text
    assert parsed_units(markup) == units(read)


@pytest.mark.parametrize("most", range(24))
def test_a_title_is_cut_between_characters_and_within_its_units(most: int) -> None:
    family = "👨‍👩‍👧‍👦"
    kept = cut(f"{family}{family}", most)
    assert kept == ("…" if most <= 11 else f"{family}…" if most < 22 else family * 2)


def test_the_caption_has_the_order_of_every_card() -> None:
    drawn = draw(view_lot(lot((ANNA, 500), reserve=300), ANNA, START), style())
    title, price, time, facts, standing, _, description = drawn.caption.split("\n")
    assert title == "<b>A lamp</b>"
    assert price == f"<b>{EN.money(xtr(300))}</b> · current bid"
    assert time == "1 h 0 min left · until 1 May 2026, 13:00 UTC"
    assert facts == "1 bid · reserve met"
    assert standing == f"🟢 You lead. Your maximum is {EN.money(xtr(500))}."
    assert description == "Gives light."


def test_nobody_else_learns_a_maximum_or_the_reserve() -> None:
    caption = draw(view_lot(lot((ANNA, 501), reserve=777), BORIS, START), style()).caption
    assert "501" not in caption
    assert "777" not in caption
    assert "reserve not met" in caption


def test_the_keyboard_has_its_fixed_places() -> None:
    made = lot(buy_now=900)
    rows = data(draw(view_lot(made, ANNA, START), style(look=Look(Place(3, 17)))).keyboard)
    assert rows == [
        ["b:lot1:100:1", "b:lot1:140:1"],
        ["m:lot1:1", "n:lot1:900:1"],
        ["http://127.0.0.1:8000/auction/lot1"],
        ["k:lot1", "go:menu"],
        ["p:1:lot1", "p:2:lot1", "p:3:lot1", "f:l"],
    ]


def test_photos_stand_above_the_way_to_other_lots() -> None:
    made = lot()
    shown = replace(made, card=replace(made.card, pictures=("a", "b", "c")))
    rows = data(draw(view_lot(shown, ANNA, START), style(look=Look(Place(3, 17), photo=2))).keyboard)
    assert rows[-2:] == [["ph:lot1:1", "ph:lot1:2", "ph:lot1:0"], ["p:1:lot1", "p:2:lot1", "p:3:lot1", "f:l"]]


def test_the_ends_of_a_list_meet_unless_more_follow() -> None:
    last = data(draw(view_lot(lot(), ANNA, START), style(look=Look(Place(3, 3)))).keyboard)[-1]
    more = data(draw(view_lot(lot(), ANNA, START), style(look=Look(Place(3, 3, more=True)))).keyboard)[-1]
    first = data(draw(view_lot(lot(), ANNA, START), style(look=Look(Place(1, 3)))).keyboard)[-1]
    assert (last[2], more[2], first[0]) == ("p:0:lot1", "p:3:lot1", "p:2:lot1")


def test_the_site_is_a_mini_app_only_where_telegram_allows_it() -> None:
    button = draw(view_lot(lot(), ANNA, START), style(settings=HTTPS)).keyboard[2][0]
    assert (button.app, button.url) == ("https://bid.example/auction/lot1", None)


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("viewer", [SELLER, ANNA, BORIS])
def test_an_ended_card_offers_no_bid(code: str, viewer: int) -> None:
    later = START + timedelta(hours=2)
    for made in (sold((ANNA, 500)), replace(lot(), auction=auction().ended(Ending.UNSOLD, START))):
        drawn = draw(view_lot(made, viewer, later), style(code, now=later))
        assert not any(text.startswith(("b:", "m:", "n:")) for row in data(drawn.keyboard) for text in row)


def test_a_card_is_redrawn_in_place_with_its_place_kept(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    sent = api.send_photo(ANNA, "id", "old")
    messenger = BotMessenger(api, SETTINGS, lambda: START, lambda who, _: wallet(who))
    shown = ShownCard("lot1", ANNA, sent.message_id or 0, 1, Look(Place(2, 5, more=True), bidding=True))
    made = lot((BORIS, 500))
    messenger.redraw(person(ANNA), made, shown)
    messenger.redraw(person(ANNA), made, shown)
    messenger.redraw(person(ANNA), made, replace(shown, message_id=999))
    (message,) = telegram.chats[ANNA].values()
    assert "You were outbid" in message["caption"]
    assert message["reply_markup"]["inline_keyboard"][-1][1]["text"] == "2/5+"


def test_a_card_that_telegram_will_never_edit_is_given_up_and_one_that_has_to_wait_is_not(
    telegram: FakeTelegram,
) -> None:
    api = bot(telegram)
    sent = api.send_photo(ANNA, "id", "old")
    messenger = BotMessenger(api, SETTINGS, lambda: START, lambda who, _: wallet(who))
    shown = ShownCard("lot1", ANNA, sent.message_id or 0, 1)
    telegram.fail("editMessageCaption", bad_request("A NEW REASON THAT NOBODY KNOWS"))
    assert not messenger.redraw(person(ANNA), lot(), shown)
    telegram.fail("editMessageCaption", flood(9))
    with pytest.raises(TryLater):
        messenger.redraw(person(ANNA), lot(), shown)
    assert messenger.redraw(person(ANNA), lot(), shown)
