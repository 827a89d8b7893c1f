"""Buckets, queues, schedules and small records: other clients check their content afterwards."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from urllib.request import urlopen

from PIL import Image

from scripts.deploy_check import upload
from starbid.domain.achievements.kinds import Key
from starbid.domain.achievements.progress import Progress
from starbid.domain.criteria import Criteria
from starbid.domain.delivered_files import Part
from starbid.domain.errors import Invalid
from starbid.domain.events import LotBegan
from starbid.domain.payouts import read_wish
from starbid.domain.saved_searches import saved_search
from starbid.services.ports import (
    DRAFT_LIFE,
    Audience,
    BrowsedList,
    GivenPin,
    LoginAttempt,
    LogProgress,
    Mark,
    Notice,
    Publication,
    ReconciledPlace,
    SellDraft,
)
from tests.support import factories
from tests.support.factories import ANNA, SELLER
from tests.support.handed import zipped
from tests.support.physical import HOME
from web.sell.pictures import accept_picture

from .day import Day

WIDTHS = {"small": 320, "medium": 800, "large": 1600}
PART = b"x" * (5 * 1024 * 1024)


def a_picture_goes_from_the_browser_into_a_lot_and_out_of_it(day: Day) -> None:
    app, pictures, now = day.app, day.app.pictures, day.clock.now
    form = pictures.upload_form(SELLER, now)
    upload.post(form, upload.photo(1600, 900), "image/png", app.settings.base_url)
    kept = [form["key"], *(pictures.keep_upload(SELLER, _picture(kind), now) for kind in ("JPEG", "WEBP"))]
    ids = tuple(accept_picture(pictures, SELLER, pictures.fetch_upload(SELLER, key, now), now) for key in kept)
    assert pictures.drafts_among(SELLER, ids, now) == set(ids)
    assert pictures.drafts_among(SELLER, ids, now + DRAFT_LIFE) == frozenset()
    assert _width(pictures.load_draft(SELLER, ids[0], "small", now)) == 320
    lot = day.put_up(pictures=ids)
    for picture in ids:
        assert {name: _width(pictures.load(picture, name)) for name in WIDTHS} == WIDTHS
    app.publishing.edit(SELLER, lot.auction.id, factories.draft(now), ids[:1], now)
    assert [pictures.load(picture, "large") is None for picture in ids] == [False, True, True]
    large = pictures.keep_upload(SELLER, PART + b"x", now)
    sizes = {"small": b"s", "large": b"l"}
    pictures.save_evidence("lotx", ids[0], sizes)
    assert {name: pictures.load_evidence("lotx", ids[0], name) for name in sizes} == sizes
    for key in (large, "incoming/1/none"):
        try:
            pictures.fetch_upload(SELLER, key, now)
        except Invalid:
            continue
        raise AssertionError(key)


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(upload.photo(1600, 900))) as drawn:
        drawn.save(out, kind)
    return out.getvalue()


def _width(data: bytes) -> int:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        picture.load()
        return picture.width


def a_log_is_written_at_once_or_in_parts_and_had_by_a_link(day: Day) -> None:
    files, lot = day.app.log_files, day.sold()
    day.app.log_writing.write(lot, "", lambda: True)
    assert files.find(lot, 100_000).content.startswith(b'{"terms":')
    upload_id = files.begin("long")
    parts = tuple(files.add("long", upload_id, number, each) for number, each in ((1, PART), (2, b"tail")))
    row = day.app.store.bids_after(lot, 0, 1)
    progress = LogProgress(upload_id, parts, 1, "f" * 64, row)
    name = files.save_progress("long", progress)
    assert files.progress("long", name) == progress
    assert not files.exists("long")
    files.finish("long", upload_id, parts)
    files.write("long", b"another writer's")
    with urlopen(files.find("long", 1000).link, timeout=30) as answer:
        assert answer.read() == PART + b"tail"
    day.app.log_requests.ask(lot, name)
    assert {"log": lot, "step": name} in [each["said"] for each in day.received(day.app.settings.log_queue_url)]


def notices_are_queued_in_batches_and_put_back(day: Day) -> None:
    queue, now, url = day.app.outgoing, day.clock.now, day.app.settings.notice_queue_url
    queue.send(Notice(f"n{number}", ANNA, "outbid", "lot1", {}) for number in range(11))
    began = LotBegan("began:lot1", now, "lot1", SELLER, now)
    queue.tell_rest(began, Audience(watchers_after="7"))
    queue.tell_finders("lot3", [("word#lamp", "")])
    messages = day.received(url)
    said = [message["said"] for message in messages]
    assert {body["id"] for body in said if "id" in body} == {f"n{number}" for number in range(11)}
    assert [body["place"] for body in said if "found" in body] == ["word#lamp"]
    queue.postpone(messages[0]["ReceiptHandle"], 0, url.rpartition("/")[2])
    assert [again["MessageId"] for again in day.received(url)] == [messages[0]["MessageId"]]


def functions_are_woken_later(day: Day) -> None:
    scheduler, now, settings = day.app.scheduler, day.clock.now, day.app.settings
    scheduler.close_at("lotx", now + timedelta(days=1))
    scheduler.close_at("lotx", now + timedelta(days=2))
    scheduler.close_in("lotx", 0)
    scheduler.drain_in("lotx", 0)
    scheduler.advance_deal_at("lotx", now + timedelta(days=3))
    for _ in range(2):
        scheduler.remind_at("lotx", now + timedelta(days=4))
        scheduler.tell_start_at("lotx", now + timedelta(days=5))
    made = day.aws("scheduler").list_schedules(GroupName=settings.schedule_group)["Schedules"]
    ours = sorted(each["Name"] for each in made if "lotx" in each["Name"])
    assert [name.partition("-")[0] for name in ours] == ["close", "deal", "remind", "start"]
    moved = day.aws("scheduler").get_schedule(GroupName=settings.schedule_group, Name="close-lotx")
    second = now + timedelta(days=2, microseconds=999_999)
    assert moved["ScheduleExpression"] == f"at({second:%Y-%m-%dT%H:%M:%S})"
    said = [each["said"] for each in day.received(settings.closer_queue_url)]
    assert {"auction_id": "lotx"} in said
    assert {"job": "drain", "auction_id": "lotx"} in said


def small_records_come_and_go(day: Day) -> None:
    scratch, now = day.app.scratch, day.clock.now
    assert (scratch.claim("work", 60, now), scratch.claim("work", 60, now)) == (True, False)
    scratch.forget("work")
    assert scratch.claim("work", 60, now)
    scratch.finish("work", 86_400, now)
    assert scratch.finished("work")
    assert (scratch.receive("update", 60, 120, now, now), scratch.receive("update", 60, 120, now, now)) == (now, None)
    scratch.give_back("update", now)
    assert scratch.receive("update", 60, 120, now + timedelta(seconds=1), now) == now
    assert [scratch.take("album", owner, 60, now) for owner in ("one", "two", "one")] == [True, False, True]
    scratch.put("talk", {"step": 1}, 60, now)
    assert scratch.get("talk", now) == {"step": 1}
    for name in ("7", "8"):
        scratch.put_member("card#lotx", name, {}, 60, now)
    assert scratch.exchange_member("card#lotx", "7", {}, {"seen": 1}, 60, now)
    assert not scratch.exchange_member("card#lotx", "7", {}, {"seen": 2}, 60, now)
    assert scratch.member("card#lotx", "7", now) == {"seen": 1}
    assert scratch.members("card#lotx", now) == {"7": {"seen": 1}, "8": {}}
    scratch.drop_member("card#lotx", "7")
    assert scratch.members("card#lotx", now) == {"8": {}}


def each_use_has_its_own_small_records(day: Day) -> None:
    app, now = day.app, day.clock.now
    logins, attempt = app.login_attempts, LoginAttempt("a browser", "Firefox", now)
    logins.begin("code", attempt, now)
    assert logins.find("code", now) == attempt
    assert [logins.give_pin("code", GivenPin("000001", who), now) for who in (1, 2)] == [True, False]
    assert logins.given_pin("code", now) == GivenPin("000001", 1)
    assert [logins.use_up("code", now) for _ in range(2)] == [True, False]
    logins.refuse("code")
    assert logins.find("code", now) is None
    place = ReconciledPlace(2, "+charge", now, {"chat in": (1, 5)})
    app.reconciled_places.keep(place, now)
    assert app.reconciled_places.find(now) == place
    app.file_ids.keep(None, "a file", now)
    assert (app.file_ids.find(None, now), app.file_ids.find("another", now)) == ("a file", None)
    browsed = BrowsedList(("lotx",), "a cursor")
    app.browsed_lists.keep(1, browsed, now)
    assert app.browsed_lists.find(1, now) == browsed
    draft = SellDraft("a form", {"title": "A lamp"}, ("a picture",), ("an upload",), now)
    app.sell_drafts.keep(1, draft, now)
    assert (app.sell_drafts.all(1, now), app.sell_drafts.all(2, now)) == ((draft,), ())
    app.sell_drafts.drop(1, draft.id)
    assert app.sell_drafts.all(1, now) == ()
    publication = Publication({"title": "A lamp", "start_price": 100}, ("a picture",), "a mark")
    wish = read_wish("RUB", 100, "", "card 1234")
    app.payout_wishes.keep(ANNA, "a request", wish, now)
    assert app.payout_wishes.find(ANNA, "a request", now) == wish
    app.payout_wishes.drop(ANNA, "a request")
    assert app.payout_wishes.find(ANNA, "a request", now) is None
    app.publications.keep("an order", publication, now)
    assert app.publications.find("an order", now) == publication
    for number, name in ((2, "second"), (1, "first")):
        app.photos_aside.keep(1, "lamp", name, number, now)
    assert app.photos_aside.of(1, "lamp", now) == ("first", "second")
    app.photos_aside.drop(1, "lamp", ["first"])
    assert app.photos_aside.of(1, "lamp", now) == ("second",)
    app.albums.begin(1, "album", "lamp", now)
    assert (app.albums.lot_of(1, "album", now), app.albums.lot_of(2, "album", now)) == ("lamp", None)
    app.mutes.put(1, "lamp", now + timedelta(days=1), now)
    assert app.mutes.is_muted(1, "lamp", now)
    app.mutes.drop(1, "lamp")
    assert not app.mutes.is_muted(1, "lamp", now)
    assert [app.counters.count("a limit", each, 3, 60, now) for each in (2, 2, -1, 2)] == [True, False, True, True]


def lots_are_watched_and_no_longer(day: Day) -> None:
    watches, now = day.app.watches, day.clock.now.replace(microsecond=0)
    marks = [Mark(who, "lotx", now + timedelta(hours=1), now + timedelta(days=1)) for who in (7, 8)]
    for mark in marks:
        watches.put(mark)
    assert watches.mark(7, "lotx", now) == marks[0]
    assert watches.marks_of(8, now) == [marks[1]]
    assert watches.watchers("lotx", "", 1) == ((7,), "7")
    watches.drop(7, "lotx")
    assert watches.watchers("lotx", "", 9) == ((8,), None)


def progress_is_kept_by_version(day: Day) -> None:
    achievements = day.app.achievements
    begun = Progress(7, {Key.COLLECTOR: frozenset({"art"})}, {Key.FIRST_BID: day.clock.now}, 1)
    assert [achievements.save(begun) for _ in range(2)] == [True, False]
    unit = day.app.store.unit()
    unit.save_progress(replace(begun, version=2))
    unit.commit()
    assert achievements.of(7) == replace(begun, version=2)
    assert achievements.of_many([7, 8])[8] == Progress(8)


def searches_are_saved_and_dropped(day: Day) -> None:
    searches, now = day.app.searches, day.clock.now
    saved = [saved_search(who, Criteria("красная лампа", "home"), ("красн", "ламп"), now) for who in (7, 8)]
    for search in saved:
        searches.put(search)
    assert searches.of(7) == saved[:1]
    assert searches.used(["word#красн", "word#ламп"]) == ("word#красн",)
    assert searches.filed("word#красн", "", 1) == ((saved[0],), f"{saved[0].id}#7")
    searches.tell(replace(saved[0], tells=False))
    assert [search.tells for search in searches.of(7)] == [False]
    assert [search.user_id for search in searches.filed("word#красн", "", 9)[0]] == [8]
    for search in searches.of(7) + searches.of(8):
        searches.drop(search)
    assert (searches.of(7), searches.used(["word#красн"])) == ([], ())


def addresses_are_kept_and_erased(day: Day) -> None:
    addresses, now = day.app.addresses, day.clock.now
    unit = day.app.store.unit()
    unit.keep_address("lotx", HOME)
    unit.commit()
    assert addresses.address("lotx", now) == HOME
    unit = day.app.store.unit()
    unit.expire_address("lotx", now)
    unit.commit()
    assert (addresses.address("lotx", now), addresses.due(now, 9)) == (None, ["lotx"])
    addresses.erase("lotx", now)
    assert addresses.due(now, 9) == []
    addresses.put_typed("lotx", {"name": "Anna"}, now)
    assert addresses.typed("lotx", now) == {"name": "Anna"}
    addresses.drop_typed("lotx")
    assert addresses.typed("lotx", now) == {}


def files_of_deals_are_kept_copied_and_erased(day: Day) -> None:
    app, now = day.app, day.clock.now
    unit = app.store.unit()
    unit.keep_files("lotx", (zipped(),))
    unit.commit()
    assert app.deal_files.of("lotx", now) == (zipped(),)
    assert app.file_copies.link("lotx", 1, "x") is None
    app.file_copies.keep("lotx", 1, b"content")
    with urlopen(app.file_copies.link("lotx", 1, "имя.zip"), timeout=30) as answer:
        assert answer.read() == b"content"
    assert app.file_copies.load("lotx", 1) == b"content"
    app.file_copies.keep("lotx", "upload", b"uploaded")
    unit = app.store.unit()
    unit.expire_files("lotx", now)
    unit.commit()
    assert (app.deal_files.of("lotx", now), app.deal_files.due(now, 9)) == ((), ["lotx"])
    assert app.deal_files.known("lotx") == (zipped(),)
    app.file_copies.erase("lotx", ["upload"])
    assert app.file_copies.load("lotx", "upload") is None
    app.deal_files.erase("lotx", now)
    assert app.file_copies.link("lotx", 1, "x") is None
    assert app.deal_files.due(now, 9) == []
    part = Part(zipped(), "words")
    app.parts_aside.keep(SELLER, "lotx", 1, part, now)
    assert app.parts_aside.of(SELLER, "lotx", now) == {1: part}
    app.parts_aside.drop(SELLER, "lotx", now)
    assert app.parts_aside.of(SELLER, "lotx", now) == {}


SCENES = (
    a_picture_goes_from_the_browser_into_a_lot_and_out_of_it,
    a_log_is_written_at_once_or_in_parts_and_had_by_a_link,
    notices_are_queued_in_batches_and_put_back,
    functions_are_woken_later,
    small_records_come_and_go,
    each_use_has_its_own_small_records,
    lots_are_watched_and_no_longer,
    progress_is_kept_by_version,
    searches_are_saved_and_dropped,
    addresses_are_kept_and_erased,
    files_of_deals_are_kept_copied_and_erased,
)
