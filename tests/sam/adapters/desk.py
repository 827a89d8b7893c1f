"""What operators use: lists by time, the audit and the event log, figures, exports, letters, tickets, a pause."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.request import urlopen
from zipfile import ZipFile

from starbid.domain.analytics.counting import Rises, Seller
from starbid.domain.analytics.known import Known
from starbid.domain.analytics.quarters import date_of, day_of, quarter_of
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.letters import LetterQueue
from starbid.services.ports import Chronicle, Correction, DeskRow, Heard, PeopleList
from tests.support.desk import decision
from tests.support.factories import ANNA, CLARA, SELLER

from .day import ADMIN, Day

PART = b"x" * (5 * 1024 * 1024)


def everything_is_listed_by_time_and_what_operators_did_is_on_record(day: Day) -> None:
    app, store, now = day.app, day.app.store, day.clock.now
    lot, later = day.put_up().auction.id, now + timedelta(minutes=1)
    app.moderation.note(CLARA, "polite", decision(app, at=now))
    app.moderation.unblock(CLARA, decision(app, at=now + timedelta(seconds=1)))
    assert CLARA in {person.id for person in store.people_by_joining(None, later).items}
    assert lot in {each.auction.id for each in store.lots_by_creation(None, later).items}
    transfers = store.transfers_by_time(None, later).items
    assert store.transfers_named([transfers[0].id]) == [transfers[0]]
    assert store.payments_by_time(None, later).items
    assert all(store.count_by_time(what, None, later, 9) for what in Chronicle)
    assert CLARA in store.people_listed(PeopleList.ALL).items
    acts = [entry.action for entry in app.audit_trail.entries(user_id=CLARA, until=later).items]
    assert {"unblock-person", "note-on-person"} <= set(acts), acts
    assert app.audit_trail.count(None, later, 99) >= len(acts)
    (note,) = app.notes.of(CLARA, now).items
    assert note.text == "polite"


def people_and_lots_are_found_by_half_a_name(day: Day) -> None:
    finds, lot = day.app.finds, day.put_up(title="A brass lamp")
    finds.keep_lot(lot.auction.id, "A brass lamp", ("A former lamp",))
    finds.keep_person(ANNA)
    assert finds.words("A brass lamp")
    assert lot.auction.id in finds.lots("bras").items
    assert ANNA in finds.people("pers").items


def what_happened_is_kept_and_counted(day: Day) -> None:
    log, figures, now = day.app.event_log, day.app.figures, day.clock.now
    log.keep([LogEntry("e1", now, LogKind.BID, "bid", ANNA, "lot/x"), LogEntry("e2", now, LogKind.ERROR, "web")], now)
    assert {entry.id for entry in log.page(now).items} == {"e1", "e2"}
    assert [entry.id for entry in log.page(now, user_id=ANNA).items] == ["e1"]
    assert len(list(log.between(now - timedelta(hours=1), now + timedelta(hours=1)))) == 2
    assert log.count(None, now + timedelta(minutes=1), 9) == 2
    quarter = quarter_of(now)
    today, seller = day_of(quarter), Seller(SELLER, "XTR", date_of(day_of(quarter)).isoformat())
    assert figures.days(today, today)[today]
    counted = figures.counted(today)[quarter]
    assert figures.correct(Correction(quarter, counted, {"bids": 9}, {}))
    assert figures.learn(Rises(people={CLARA: Known(CLARA, has_paid=True)}))
    assert figures.known([CLARA])[CLARA].has_paid
    assert figures.correct_cohort(today, figures.counted_cohort(today), {})
    assert figures.cohorts(today, today) is not None
    assert figures.correct_sales(seller, figures.counted_sales(seller.day).get(seller, 0), 50)
    assert (SELLER, 50) in figures.best_sellers(seller.month, "XTR", 9)
    assert figures.gauges() is not None
    figures.keep_balance(now, 7)
    assert 7 in figures.balances(today, today).values()
    assert figures.unpacked(today - 1, today - 1) == [today - 1]
    assert figures.pack(today - 1)
    assert figures.unpacked(today - 1, today - 1) == []


def exports_are_written_in_parts_and_fetched_by_a_link(day: Day) -> None:
    files = day.app.export_files
    files.write("files/a.csv", b"a,b\n")
    upload = files.begin("files/b.csv")
    parts = tuple(files.add("files/b.csv", upload, number, each) for number, each in ((1, PART), (2, b"tail")))
    files.finish("files/b.csv", upload, parts)
    assert (files.size("files/a.csv"), files.size("files/b.csv"), files.size("files/c.csv")) == (4, len(PART) + 4, None)
    files.write("rows/a.jsonl", b'["name","bids"]\n["Anna",3]\n')
    files.make_workbook("rows/a.jsonl", "files/a.xlsx")
    with urlopen(files.link("files/a.xlsx", "people.xlsx"), timeout=30) as answer:
        assert "xl/workbook.xml" in ZipFile(BytesIO(answer.read())).namelist()


def the_desk_keeps_rows_and_a_broadcast(day: Day) -> None:
    desk, now = day.app.desk, day.clock.now
    row = DeskRow("room", "b", {"text": "x"}, listed=("open", now))
    assert [desk.save(row), desk.save(row)] == [True, False]
    assert desk.row("room", "b", now) == row
    assert desk.rows("room", now).items == (row,)
    assert desk.listed("open", now).items == (row,)
    desk.drop("room", "b")
    assert desk.row("room", "b", now) is None
    app = day.app
    written = app.broadcasting.write(decision(app, at=now), "News", "all", "")
    assert app.broadcasting.newest(now, limit=5).items == (written,)
    app.broadcasting.work(written.id, lambda: True)
    assert app.broadcasting.one(written.id, now).counted
    said = [each["said"] for each in day.received(app.settings.desk_queue_url)]
    assert {"job": "broadcast", "broadcast": written.id} in said


def letters_are_taken_and_sent_again(day: Day) -> None:
    queues, settings = day.app.letter_queues, day.app.settings
    url = settings.dead_letter_queues[LetterQueue.NOTICES]
    day.aws("sqs").send_message(QueueUrl=url, MessageBody='{"id": "letter"}')
    assert queues.lengths()[LetterQueue.NOTICES] == 1
    (given,) = queues.take(LetterQueue.NOTICES)
    queues.send_again(LetterQueue.NOTICES, given.body)
    queues.delete(LetterQueue.NOTICES, given.receipt)
    assert {"id": "letter"} in [each["said"] for each in day.received(settings.notice_queue_url)]
    scheduler, now = day.app.scheduler, day.clock.now
    for _ in range(2):
        scheduler.compare_at(now)
        scheduler.do_again("letter", json.dumps({"job": "deal", "auction_id": "lotx"}), now, is_payment=True)
    made = day.aws("scheduler").list_schedules(GroupName=settings.schedule_group)["Schedules"]
    assert {"compare-now", "again-letter"} <= {each["Name"] for each in made}


def all_lots_pause_and_go_on(day: Day) -> None:
    app, store, now = day.app, day.app.store, day.clock.now
    lot = day.put_up(duration_seconds=3600).auction
    app.pausing.pause(decision(app, at=now))
    now = day.clock.forward(minutes=5)
    assert store.pauses(consistent=True).history
    app.pausing.resume(decision(app, at=now))
    now = day.clock.forward(seconds=30)
    assert lot.id in store.due_after(lot.starts_at - timedelta(days=1), 75)[0]
    (stored,) = store.stored([lot.id])
    assert stored.is_behind
    place = app.carrying.begin()
    while place:
        place = app.carrying.step(place, now)
    (stored,) = store.stored([lot.id])
    assert not stored.is_behind


def tickets_and_their_chat(day: Day) -> None:
    app, pictures, now = day.app, day.app.pictures, day.clock.now
    picture = "c" * 32
    pictures.save_ticket_photo(ANNA, picture, {"small": b"s", "large": b"l"})
    assert pictures.load_ticket_photo(ANNA, picture, "small") == b"s"
    assert pictures.load_ticket_photo(ANNA, "d" * 32, "small") is None
    written = app.tickets.write(ANNA, "It is broken", [], "key", now)
    assert app.ticket_desk.answer(decision(app, at=now), written.ticket.id, "See", []).messages == 2
    admin = replace(app.store.person(ANNA), id=ADMIN)
    app.messenger.open_topic(admin, "Anna")
    app.messenger.photos(ADMIN, [b"x"])
    app.bot.react(ADMIN, 7, "+")
    app.scratch.finish_heard("update#7", 60, now, Heard(ANNA, "command", "start"), now)
    assert app.stars.balance() == app.bot.star_balance()


def an_open_deal_is_listed(day: Day) -> None:
    lot = day.sold()
    assert lot in {deal.auction_id for deal in day.app.store.open_deals().items}


SCENES = (
    everything_is_listed_by_time_and_what_operators_did_is_on_record,
    people_and_lots_are_found_by_half_a_name,
    what_happened_is_kept_and_counted,
    exports_are_written_in_parts_and_fetched_by_a_link,
    the_desk_keeps_rows_and_a_broadcast,
    letters_are_taken_and_sent_again,
    all_lots_pause_and_go_on,
    tickets_and_their_chat,
    an_open_deal_is_listed,
)
