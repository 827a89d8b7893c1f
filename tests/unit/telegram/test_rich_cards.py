"""Rich cards against the published Bot API: every field known, within limits, and what people wrote is text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.auction import BidKind
from starbid.domain.lots import MAX_PICTURES, Lot
from starbid.i18n import language
from starbid.services.auctions.bid_history import BidHistory
from starbid.services.ports import Look, Place, Rejected, TryLater
from starbid.services.views import ShownBid, view_lot
from starbid.telegram.bot_api import AnswerLost
from starbid.telegram.cards import CardStyle, draw
from starbid.telegram.html import plain
from starbid.telegram.rich_blocks import RichCard
from starbid.telegram.rich_cards import SHOWN_BIDS, draw_rich
from starbid.telegram.slides import slides_of
from tests.support.bot_contract import check_call
from tests.support.bot_pool import Answer, FakeTelegram, bad_request, bot, flood, timeout
from tests.support.bot_rich_rules import said
from tests.support.bot_rules import Breach
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import START, make_app

from .pieces import EN, HORRID, SETTINGS, lot, sold

IDS = tuple(f"AgAC{number}" for number in range(MAX_PICTURES))
HTTPS = make_app({"BASE_URL": "https://bid.example"}).settings
MARKUP = "<b>bold</b> **bold** [a](https://evil.example) `x` &amp; #tag @anna /start $USD +79160000000"
MARKS = "\u202eright to left\u202c \u200bzero\u200d\u200fwidth\u2066"


def style(code: str = "en", look: Look = Look(), **changes: Any) -> CardStyle:  # noqa: B008 (frozen)
    return replace(CardStyle(language(code), START, SETTINGS, look), **changes)


def drawn(made: Lot, viewer: int = ANNA, *, number: int = 0, shown: CardStyle | None = None) -> RichCard:
    """`number` bids of its history are known."""
    view = view_lot(made, viewer, (shown or style()).now)
    placed = tuple(
        ShownBid(at, BidKind.BID, (ANNA, BORIS)[at % 2], "#0123abcd", None, xtr(10**12), START, extended=False)
        for at in range(number, 0, -1)
    )
    return draw_rich(view, shown or style(), BidHistory(placed, {ANNA: 1, BORIS: 2}))


def check(card: RichCard, photos: tuple[str, ...] = ()) -> dict[str, Any]:
    """The message as sent; the oracle has looked at it."""
    message = card.message(photos)
    check_call("sendRichMessage", {"chat_id": str(ANNA), "rich_message": json.dumps(message)})
    return message


def words_of(message: dict[str, Any]) -> list[str]:
    return list(_words(message["blocks"]))


def _words(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        for text in (block.get("text"), block.get("summary")):
            yield from said(text) if text else ()
        for cell in (cell for row in block.get("cells", ()) for cell in row):
            yield from said(cell["text"])
        yield from _words(block.get("blocks", []))


def buttons_in(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for block in message["blocks"] for one in block.get("buttons", ())]


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("settings", [SETTINGS, HTTPS], ids=["http", "https"])
@pytest.mark.parametrize("viewer", [SELLER, ANNA, BORIS])
@pytest.mark.parametrize(
    "description", ["🎁&<>\u202e" * 1000, "a\n" * 2000, "\n \n" * 9 + "x"], ids=["long", "lines", "gaps"]
)
def test_the_longest_card_is_one_that_telegram_takes(code: str, settings: Any, viewer: int, description: str) -> None:
    for made in (
        lot((BORIS, 10**12), reserve=10**11, buy_now=10**12, title=HORRID, description=description),
        lot(title=HORRID, description=description, buy_now=900),
        sold((ANNA, 500)),
    ):
        shown = style(code, Look(Place(240, 240, more=True), bidding=True, watching=False), settings=settings)
        for photos in ((), IDS[:1], IDS):
            message = check(drawn(made, viewer, number=SHOWN_BIDS, shown=shown), photos)
            assert slides_of({"rich_message": as_read(message)}) == photos


def as_read(message: dict[str, Any]) -> dict[str, Any]:
    """As Telegram tells it later: a photo by its sizes."""

    def block(sent: dict[str, Any]) -> dict[str, Any]:
        if sent["type"] == "photo":
            return {"type": "photo", "photo": [{"file_id": "small"}, {"file_id": sent["photo"]["media"]}]}
        return sent | ({"blocks": [block(each) for each in sent["blocks"]]} if "blocks" in sent else {})

    return {"blocks": [block(each) for each in message["blocks"]]}


@pytest.mark.parametrize("hostile", [MARKUP, MARKS, "</tg-slideshow><details open>"], ids=["markup", "marks", "tags"])
def test_what_people_wrote_is_shown_to_the_letter_and_nothing_of_it_is_a_link(hostile: str) -> None:
    message = check(drawn(lot(title=hostile, description=hostile)))
    said_words = words_of(message)
    assert said_words.count(hostile) == 2
    assert message["skip_entity_detection"] is True
    assert {"html", "markdown"}.isdisjoint(message)
    assert '"url": "https://evil' not in json.dumps(message)


def test_the_oracle_refuses_a_field_that_the_bot_api_does_not_know() -> None:
    message = drawn(lot()).message(())
    message["blocks"][1]["is_stripped"] = True
    with pytest.raises(Breach, match="is_stripped"):
        check_call("sendRichMessage", {"chat_id": "1", "rich_message": json.dumps(message)})


def test_a_rich_card_says_what_the_other_one_says_and_does_what_it_does() -> None:
    looks = (Look(), Look(Place(2, 5), bidding=True, watching=True))
    lots = (lot(buy_now=900), lot((ANNA, 500), reserve=300), lot((BORIS, 500)), sold((ANNA, 500)))
    for look in looks:
        for made in lots:
            for viewer in (SELLER, ANNA, BORIS):
                view, shown = view_lot(made, viewer, START), style(look=look)
                card, other = drawn(made, viewer, shown=shown), draw(view, shown)
                title, price, *told = plain(other.caption).split("\n\n")[0].split("\n")
                amount, meaning = price.split(" · ")
                said_words = words_of(check(card))
                assert said_words[:3] == [title, meaning[:1].upper() + meaning[1:], amount]
                assert all(line in said_words for line in told)
                inside = [one.get("callback_data") or one.get("url") for one in buttons_in(card.message(()))]
                below = [one.data or one.url for row in card.keyboard for one in row]
                assert inside + below == [one.data or one.url for row in other.keyboard for one in row]


def test_photos_need_no_buttons_as_all_are_there() -> None:
    made = lot()
    made = replace(made, card=replace(made.card, pictures=("a", "b")))
    assert not [one.data for row in drawn(made).keyboard for one in row if (one.data or "").startswith("ph:")]


def test_prices_stand_in_a_table_and_bids_in_details() -> None:
    message = check(drawn(lot((ANNA, 500), buy_now=900), number=2))
    table = next(block for block in message["blocks"] if block["type"] == "table")
    cells = [[" ".join(said(cell["text"])) for cell in row] for row in table["cells"]]
    assert cells[0] == ["Current bid", EN.money(xtr(100))]
    history = message["blocks"][-1]
    assert (history["type"], history["summary"]) == ("details", "Bid history")
    rows = [[cell["text"] for cell in row] for row in history["blocks"][0]["cells"]]
    assert [row[0] for row in rows] == ["Bidder", "You", "Bidder 2"]


def test_no_history_is_better_than_an_empty_one() -> None:
    assert [block["summary"] for block in check(drawn(lot()))["blocks"] if block["type"] == "details"] == [
        "About the lot"
    ]


def test_a_short_description_is_open_and_a_long_one_waits() -> None:
    for length, is_open in ((300, True), (301, False)):
        (about,) = [b for b in check(drawn(lot(description="x" * length)))["blocks"] if b["type"] == "details"]
        assert about.get("is_open", False) is is_open


CARD = drawn(lot())


def test_photos_go_by_their_ids_or_along_with_the_call(telegram: FakeTelegram) -> None:
    sent = bot(telegram).send_rich(ANNA, CARD, ["known", b"\xff\xd8new"])
    (call,) = telegram.called("sendRichMessage")
    shown = call["rich_message"]["blocks"][0]["blocks"]
    assert [each["photo"]["media"] for each in shown] == ["known", "attach://photo1"]
    assert call["photo1"][:2] == ("photo1.jpg", b"\xff\xd8new")
    assert sent.photos == ("known", "uploaded")
    assert telegram.chats[ANNA][sent.message_id or 0]["rich_message"]


@pytest.mark.parametrize(
    "refusal",
    [
        bad_request("RICH_VALIDATE_CTOR_NOT_ALLOWED"),
        Answer(404, {"ok": False, "error_code": 404, "description": "Not Found"}),
    ],
    ids=["400", "404"],
)
def test_a_refusal_and_an_unknown_method_are_the_same(telegram: FakeTelegram, refusal: Answer) -> None:
    telegram.fail("sendRichMessage", refusal)
    with pytest.raises(Rejected):
        bot(telegram).send_rich(ANNA, CARD, ())


def test_a_flood_and_a_lost_answer_are_no_refusals(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    telegram.fail("sendRichMessage", flood(7))
    with pytest.raises(TryLater, match="7"):
        api.send_rich(ANNA, CARD, ())
    telegram.fail("sendRichMessage", timeout())
    with pytest.raises(AnswerLost):
        api.send_rich(ANNA, CARD, ())


def test_an_edit_that_changes_nothing_keeps_the_photos_that_were_given(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    sent = api.send_rich(ANNA, CARD, ["a", "b"])
    for _ in range(2):
        edited = api.edit_rich(ANNA, sent.message_id or 0, CARD, ["a", "b"])
        assert edited
        assert edited.photos == ("a", "b")
    assert api.edit_rich(ANNA, 999, CARD, ["a"]) is None
    assert all("text" not in call for call in telegram.called("editMessageText"))


def test_after_a_rest_rich_messages_are_tried_again(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("starbid.telegram.bot_rich.time.monotonic", lambda: now[0])
    api, other = bot(telegram), bot(telegram)
    assert api.takes_rich()
    api.rest_rich()
    assert not api.takes_rich()
    assert other.takes_rich()
    now[0] += 600
    assert api.takes_rich()


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"rich_message": None},
        {"rich_message": []},
        {"text": "x"},
    ],
)
def test_another_message_has_no_slides(message: dict[str, Any]) -> None:
    assert slides_of(message) is None


@pytest.mark.parametrize(
    "blocks",
    [None, 7, [None], [{"type": "photo"}], [{"type": "photo", "photo": [{}]}], [{"type": "slideshow", "blocks": 1}]],
)
def test_odd_blocks_have_no_slides(blocks: Any) -> None:
    assert slides_of({"rich_message": {"blocks": blocks}}) == ()
