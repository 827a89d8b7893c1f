"""What is known of files that were handed over, on each of the stores: kept with the deal, over at a moment, erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.delivered_files import DeliveredFile, FileKind, Parcel, Part
from starbid.services.ports import ConditionFailed
from tests.support.dynamo import DynamoApp, hammer, join, put_up
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import StagedApp
from tests.support.handed import zipped

DAY = timedelta(days=1)
FILES = (
    zipped("BQACAgIAAxkB", name="имя\u0301 🎁.zip"),
    DeliveredFile("AgACAgIAAxkB", FileKind.PHOTO, "photo.jpg", "image/jpeg"),
    DeliveredFile("x" * 256, FileKind.ANIMATION, "n" * 120, "", 60_000_000),
)


def bought(app: StagedApp) -> str:
    """By ANNA."""
    join(app, SELLER, seller=True)
    join(app, ANNA, stars=5_000)
    lot = put_up(app, buy_now_price=300).auction.id
    app.bidding.buy(lot, ANNA, 300, app.now())
    return lot


def test_they_come_back_as_they_were_kept_and_the_lot_is_read_as_before(any_app: StagedApp) -> None:
    app, lot = any_app, bought(any_app)
    assert app.deal_files.of(lot, app.now()) == ()
    app.dealing.deliver(SELLER, lot, "", app.now(), FILES)
    assert app.deal_files.of(lot, app.now() + 999 * DAY) == FILES, "until the deal ends"
    deal = app.store.deal(lot)
    assert (deal.delivery, deal.files) == (None, 3)
    assert app.store.lot(lot, consistent=True).deal == deal
    assert app.store.lots([lot])[lot].deal == deal
    assert app.deal_files.due(app.now() + 999 * DAY, 9) == []


def test_ten_of_the_largest_names_are_one_small_row(any_app: StagedApp) -> None:
    app, lot = any_app, bought(any_app)
    files = tuple(DeliveredFile(chr(64 + n) * 250, FileKind.DOCUMENT, "ш" * 120, "a/b" * 30, n) for n in range(1, 11))
    app.dealing.deliver(SELLER, lot, "x", app.now(), files)
    assert app.deal_files.of(lot, app.now()) == files


def test_of_an_ended_deal_they_are_over_30_days_later_and_erased_then(any_app: StagedApp) -> None:
    app, lot = any_app, bought(any_app)
    app.dealing.deliver(SELLER, lot, "", app.now(), FILES)
    app.dealing.confirm(ANNA, lot, app.now())
    app.file_copies.keep(lot, 1, b"copy")
    over = app.now() + 30 * DAY
    before = over - timedelta(milliseconds=1)
    assert (app.deal_files.of(lot, before), app.deal_files.due(before, 9)) == (FILES, [])
    app.deal_files.erase(lot, before)
    assert app.deal_files.of(lot, before) == FILES
    assert (app.deal_files.of(lot, over), app.deal_files.due(over, 9)) == ((), [lot])
    assert app.file_delivery.sweep(before) == 0
    assert app.file_copies.link(lot, 1, "x") is not None
    assert app.file_delivery.sweep(over) == 1
    assert app.file_copies.link(lot, 1, "x") is None
    for _ in range(2):
        app.deal_files.erase(lot, over)
    assert (app.file_delivery.sweep(over), app.deal_files.of(lot, before)) == (0, ())
    assert app.store.deal(lot).files == 3, "that there were some is known"


def test_with_a_deal_that_has_moved_on_none_are_kept(any_app: StagedApp) -> None:
    app, lot = any_app, bought(any_app)
    deal = app.store.deal(lot)
    unit = app.store.unit()
    unit.save_deal(deal, replace(deal, version=9))
    unit.commit()
    late = app.store.unit()
    late.save_deal(deal, replace(deal, version=deal.version + 1))
    late.keep_files(lot, FILES)
    with pytest.raises(ConditionFailed):
        late.commit()
    assert app.deal_files.of(lot, app.now()) == ()


def test_what_is_aside_is_in_the_order_of_its_messages_for_a_day(any_app: StagedApp) -> None:
    app, lot = any_app, bought(any_app)
    aside, now = app.parts_aside, app.now()
    parts = {number: Part(FILES[number % 3], f"words {number}") for number in (30, 4, 100)}
    for number, part in parts.items():
        aside.keep(SELLER, lot, number, part, now)
    aside.keep(SELLER, lot, 4, Part(None, "only words"), now)
    assert aside.of(SELLER, lot, now) == parts | {4: Part(None, "only words")}
    assert app.file_delivery.aside(SELLER, lot, now).text == "only words\nwords 30\nwords 100"
    assert aside.of(ANNA, lot, now) == aside.of(SELLER, lot, now + DAY) == {}
    for _ in range(2):
        aside.drop(SELLER, lot, now)
    assert app.file_delivery.aside(SELLER, lot, now) == Parcel()


def test_pressed_on_many_devices_at_once_it_is_handed_over_once(emulated: DynamoApp) -> None:
    app, now = emulated, emulated.now()
    lot = bought(app)
    parcel = app.file_delivery.put_aside(SELLER, lot, 1, FILES[0], "words", now)
    version = app.store.deal(lot).version
    done = hammer([lambda: app.file_delivery.deliver(SELLER, lot, parcel.mark, now)] * 8)
    assert any(not isinstance(each, Exception) for each in done)
    deal = app.store.deal(lot)
    assert (deal.version, deal.files, deal.delivery) == (version + 1, 1, "words")
    assert app.file_delivery.deliver(SELLER, lot, parcel.mark, now) == deal, "again it is done already"


def test_handed_over_while_the_money_goes_back_it_is_one_or_the_other(emulated: DynamoApp) -> None:
    app = emulated
    lot = bought(app)
    app.clock.forward(days=7)
    parcel = app.file_delivery.put_aside(SELLER, lot, 1, FILES[0], "", app.now())
    hammer(
        [
            lambda: app.file_delivery.deliver(SELLER, lot, parcel.mark, app.now()),
            lambda: app.dealing.take_back(ANNA, lot, app.now()),
        ]
    )
    deal = app.store.deal(lot)
    assert bool(deal.files) == deal.is_open == bool(app.deal_files.of(lot, app.now()))
    if not deal.is_open:
        with pytest.raises(WrongDealState):
            app.file_delivery.deliver(SELLER, lot, parcel.mark, app.now())


def test_a_copy_is_a_file_by_a_link_of_five_minutes(any_app: StagedApp) -> None:
    copies = any_app.file_copies
    assert copies.link("lamp", 1, "a.zip") is None
    for _ in range(2):
        copies.keep("lamp", 1, b"content")
    assert copies.link("lamp", 1, "a.zip") is not None
    assert copies.link("lamp", 2, "a.zip") is None
    for _ in range(2):
        copies.erase("lamp", ())
    assert copies.link("lamp", 1, "a.zip") is None


def test_an_upload_is_kept_by_its_content_until_it_is_named_to_be_erased(any_app: StagedApp) -> None:
    copies = any_app.file_copies
    copies.keep("lamp", "abc", b"content")
    assert copies.load("lamp", "abc") == b"content"
    assert copies.load("lamp", "abd") is None
    copies.erase("lamp", ())
    assert copies.link("lamp", "abc", "a.zip") is not None
    copies.erase("lamp", ("abc",))
    assert copies.load("lamp", "abc") is None


def test_what_the_link_leads_to_is_saved_under_its_name_and_never_shown(emulated: DynamoApp) -> None:
    emulated.file_copies.keep("lamp", 3, b"<script>alert(1)</script>")
    url = emulated.file_copies.link("lamp", 3, 'имя "x".html')
    assert url is not None
    asked = parse_qs(urlsplit(url).query)
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["response-content-type"] == ["application/octet-stream"]
    with urlopen(url) as answer:
        assert answer.read() == b"<script>alert(1)</script>"
        assert answer.headers["content-type"] == "application/octet-stream"
        disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename=\"___ _x_.html\"; filename*=UTF-8''%D0%B8")
