"""What the sides of a deal write to each other is kept once and told once, in order, whatever fails in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.errors import Conflict, Invalid, NotFound, NotYours
from starbid.domain.events import TalkMessaged
from starbid.domain.talks import Message, NoSuchMessage, talk_of
from starbid.services.notices.talks import UNDELIVERED, WROTE
from starbid.services.ports import Contended, Notice, TryLater, Unreachable
from starbid.services.talks.writing import Reach
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.web import png


@pytest.fixture
def app() -> FakeApp:
    return market(stars=100_000)[0]


@pytest.fixture
def lot(app: FakeApp) -> str:
    lot = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    app.run_streams()
    app.messenger.told.clear()
    return lot


def write(app: FakeApp, lot: str, text: str = "hello", who: int = ANNA, key: str = "", album: str = "") -> int:
    files = (png((30, 20 + sum(map(ord, text)) % 500)),) if album else ()
    return app.talking.write(who, lot, text, files, key or text, app.now(), album=album).number


def kept(app: FakeApp, lot: str) -> list[Message]:
    return list(app.talks.after(talk_of(app.store.deal(lot)).id, 0, 99, app.now()))


def told(app: FakeApp, who: int = SELLER) -> list[str]:
    """The words that somebody got, in order."""
    return [str(notice.facts.get("text", notice.kind)) for person, notice, _ in app.messenger.told if person.id == who]


def notice(app: FakeApp, lot: str, number: int, who: int = SELLER, name: str = "n") -> Notice:
    facts = {"buyer_id": ANNA, "number": number, "away": False}
    return Notice(f"{name}{number}", who, WROTE.name, lot, facts)


def send(app: FakeApp, lot: str, number: int, name: str = "n") -> None:
    app.sending.send(notice(app, lot, number, name=name), app.now())


def test_the_event_names_the_message_and_has_none_of_its_words(app: FakeApp, lot: str) -> None:
    write(app, lot, "a secret")
    (event,) = [event for event in app.store.take_stream() if isinstance(event, TalkMessaged)]
    assert (event.number, event.by_buyer, event.photo, event.away) == (1, True, False, False)
    assert "secret" not in repr(event)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("fault", [Death, Contended])
def test_a_message_whose_writing_failed_is_written_once(
    app: FakeApp, lot: str, fault: type[BaseException], after: bool
) -> None:
    app.store.fail_next(fault(), after=after)
    try:
        write(app, lot)
    except Death:
        write(app, lot)
    assert [message.text for message in kept(app, lot)] == ["hello"]
    app.run_streams()
    assert told(app) == ["hello"]


def test_the_same_key_is_the_same_message_and_of_each_person_their_own(app: FakeApp, lot: str) -> None:
    assert write(app, lot, "one", key="k") == write(app, lot, "two", key="k") == 1
    assert write(app, lot, "three", SELLER, key="k") == 2
    assert [message.text for message in kept(app, lot)] == ["one", "three"]


def test_who_is_too_slow_four_times_is_told_to_send_it_again(app: FakeApp, lot: str) -> None:
    for _ in range(4):
        app.store.fail_next(Contended())
    with pytest.raises(Conflict):
        write(app, lot)
    assert kept(app, lot) == []


def test_photos_whose_message_was_never_written_are_seen_by_nobody(app: FakeApp, lot: str) -> None:
    app.store.fail_next(Death())
    with pytest.raises(Death):
        write(app, lot, album="a")
    assert app.pictures.talks
    (_, name), *_ = app.pictures.talks
    with pytest.raises(NoSuchMessage):
        app.talking.message(ANNA, lot, 1, app.now())
    assert write(app, lot, album="a") == 1
    assert kept(app, lot)[0].pictures == (name,)


def test_strangers_get_nothing(app: FakeApp, lot: str) -> None:
    write(app, lot)
    for act in (
        lambda: write(app, lot, who=BORIS),
        lambda: app.talking.messages(BORIS, lot, app.now()),
        lambda: app.talking.message(BORIS, lot, 1, app.now()),
        lambda: app.talking.report(BORIS, lot, 1, "spam", app.now(), str),
    ):
        with pytest.raises(NotYours):
            act()
    with pytest.raises(NotFound):
        write(app, "nolot")
    with pytest.raises(Invalid):
        app.talking.report(SELLER, lot, 1, "nonsense", app.now(), str)


def test_notices_out_of_order_tell_in_order_and_each_message_once(app: FakeApp, lot: str) -> None:
    for text in ("one", "two", "three"):
        write(app, lot, text)
    for number in (3, 1, 2, 3):
        send(app, lot, number, name=f"again{number}")
    assert told(app) == ["one", "two", "three"]


def test_own_messages_are_not_told_back(app: FakeApp, lot: str) -> None:
    write(app, lot, "one")
    write(app, lot, "two", SELLER)
    write(app, lot, "three")
    app.run_streams()
    assert (told(app), told(app, ANNA)) == (["one", "three"], ["two"])


def test_many_are_told_a_few_at_once(app: FakeApp, lot: str) -> None:
    for number in range(12):
        write(app, lot, f"{number}")
    for so_far in (5, 10):
        with pytest.raises(TryLater):
            send(app, lot, 12)
        assert len(told(app)) == so_far
    send(app, lot, 12)
    assert told(app) == [str(number) for number in range(12)]


def test_a_rate_limit_between_photos_and_words_sends_no_photo_twice(app: FakeApp, lot: str) -> None:
    write(app, lot, album="a")
    app.clock.forward(seconds=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.messenger, "tell", _flooded)
        with pytest.raises(TryLater):
            send(app, lot, 1)
    send(app, lot, 1)
    assert (len(app.messenger.albums), told(app)) == (1, ["hello"])


def _flooded(*_: object) -> None:
    raise TryLater(7)


def test_a_death_after_the_message_was_told_may_repeat_that_one_and_no_other(app: FakeApp, lot: str) -> None:
    write(app, lot, "one")
    send(app, lot, 1)
    write(app, lot, "two")
    app.messenger.fail_next(Death(), after=True)
    with pytest.raises(Death):
        send(app, lot, 2)
    app.clock.forward(seconds=61)
    send(app, lot, 2)
    assert told(app) == ["one", "two", "two"]


def test_an_album_is_told_when_it_is_whole(app: FakeApp, lot: str) -> None:
    write(app, lot, "one", album="a")
    with pytest.raises(TryLater):
        send(app, lot, 1)
    write(app, lot, "two", album="a")
    app.clock.forward(seconds=2)
    with pytest.raises(TryLater):
        send(app, lot, 1)
    app.clock.forward(seconds=2)
    send(app, lot, 1)
    assert (app.messenger.albums[0][1], told(app)) == (2, ["one\ntwo"])
    assert write(app, lot, "late", album="a") == 2
    assert [len(message.pictures) for message in kept(app, lot)] == [2, 1]


def test_a_photo_that_joins_while_it_is_being_told_is_not_lost(app: FakeApp, lot: str) -> None:
    write(app, lot, "one", album="a")
    app.clock.forward(seconds=4)
    keep = app.talks.keep

    def joined_meanwhile(talk_id: str, message: Message) -> bool:
        write(app, lot, "two", album="a")
        return keep(talk_id, message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.talks, "keep", joined_meanwhile)
        with pytest.raises(TryLater):
            send(app, lot, 1)
    assert told(app) == []
    app.clock.forward(seconds=4)
    send(app, lot, 1)
    assert told(app) == ["one\ntwo"]


def test_two_senders_take_turns(app: FakeApp, lot: str) -> None:
    write(app, lot)
    assert app.claims.claim(f"turn#talk#{lot}#{ANNA}#{SELLER}", 60, app.now())
    with pytest.raises(TryLater):
        send(app, lot, 1)
    assert told(app) == []
    app.clock.forward(seconds=61)
    send(app, lot, 1)
    assert told(app) == ["hello"]


def test_who_cannot_be_reached_is_marked_and_the_writer_told_once(app: FakeApp, lot: str) -> None:
    for text in ("one", "two"):
        write(app, lot, text)
    app.messenger.fail_next(Unreachable())
    app.run_streams()
    app.run_streams()
    person = app.store.person(SELLER)
    assert person
    assert person.unreachable
    assert told(app, ANNA) == [UNDELIVERED.name]
    sent = app.talking.write(ANNA, lot, "three", (), "3", app.now())
    assert sent.reach is Reach.STOPPED
    app.run_streams()
    assert told(app, ANNA) == [UNDELIVERED.name]  # who wrote "three" knew it
    people = app.store.tables.people
    people[SELLER] = replace(people[SELLER], unreachable=False)
    write(app, lot, "four")
    app.run_streams()
    assert told(app) == ["one", "two", "three", "four"]


def test_a_notice_about_another_buyers_deal_tells_nothing(app: FakeApp, lot: str) -> None:
    write(app, lot)
    wrong = replace(notice(app, lot, 1), facts={"buyer_id": BORIS, "number": 1, "away": False})
    app.sending.send(wrong, app.now())
    app.sending.send(replace(wrong, id="x", auction_id="nolot"), app.now())
    assert told(app) == []


def test_a_report_is_a_ticket_once_and_opens_nothing_else(app: FakeApp, lot: str) -> None:
    write(app, lot, "one")
    write(app, lot, "two")
    app.store.fail_next(Death(), after=True)  # the ticket is there, the mark is not
    with pytest.raises(Death):
        app.talking.report(SELLER, lot, 2, "fraud", app.now(), lambda why: f"message 2: {why}")
    app.talking.report(SELLER, lot, 2, "fraud", app.now(), lambda why: f"message 2: {why}")
    ticket = app.tickets.open_of(SELLER, app.now())
    assert ticket
    assert (ticket.messages, ticket.category, ticket.subject) == (1, "deal", "message 2: fraud")
    assert [message.fault for message in kept(app, lot)] == ["", "fraud"]
    assert app.talk_reading.readable(app.store.deal(lot), app.now()).open == 1


def test_what_is_no_longer_kept_is_told_to_nobody(app: FakeApp, lot: str) -> None:
    write(app, lot)
    app.dealing.deliver(SELLER, lot, "code", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(seconds=int(timedelta(days=90).total_seconds()))
    assert app.talking.messages(ANNA, lot, app.now()) == ()
    with pytest.raises(NoSuchMessage):
        app.talking.message(ANNA, lot, 1, app.now())
