"""Living messages: many changes of one thing are one message, which shows the newest, and none is lost."""

from random import Random

import pytest

from starbid.domain.auction import Bid
from starbid.services.claiming import LEASE_SECONDS
from starbid.services.living import AT_ONCE, LIFE_SECONDS, PACE_SECONDS
from starbid.services.ports import Notice, TryLater, Unreachable
from starbid.services.telling import Sending
from starbid.storage.chats import RecordedMessages
from starbid.storage.recorded import RecordedMutes
from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.mortal import Fate, Mortal
from tests.support.there import there

ADMIN = 900


def bidding(**changes: object) -> tuple[FakeApp, str]:
    app, lot = market(stars=100_000, **changes)
    app.run_streams()
    return app, lot.auction.id


def bid(app: FakeApp, lot: str, times: int = 1) -> None:
    """Bids of two people in turn, each above the one before."""
    for _ in range(times):
        number = app.store.auction(lot).bids_count
        app.bidding.bid(lot, (ANNA, BORIS)[number % 2], 200 + 100 * number, app.now())


def notice_of(app: FakeApp, lot: str, number: int) -> Notice:
    return Notice(f"bid:{lot}:{number}:new_bid", SELLER, "new_bid", lot, {"price": [100, "XTR"], "bids": number})


def messages(app: FakeApp, user_id: int, kind: str) -> list[str]:
    """The facts of each new message of a kind, in order."""
    return [notice.id for person, notice, _ in app.messenger.told if (person.id, notice.kind) == (user_id, kind)]


def shown(app: FakeApp) -> list[int]:
    """How many bids each edit showed."""
    return [there(lot).auction.bids_count for _, notice, lot, _ in app.messenger.edited if notice.kind == "new_bid"]


def fan_out(app: FakeApp) -> None:
    """The notifier has its turn, and the sender has not."""
    app.fan_out.bids(record for record in app.store.take_stream() if isinstance(record, Bid))


def drain(app: FakeApp, seconds: int = 60) -> None:
    """The queue brings again what had to wait, until nothing is left."""
    for _ in range(seconds):
        app.run_streams()
        app.clock.forward(seconds=1)
    assert not app.outgoing.notices


def test_fifty_bids_at_once_are_one_message_and_no_call_more() -> None:
    app, lot = bidding()
    bid(app, lot, 50)
    drain(app)
    assert len(messages(app, SELLER, "new_bid")) == 1
    assert app.messenger.edited == []


def test_bids_one_after_the_other_edit_one_message_at_a_pace_and_the_last_is_shown() -> None:
    app, lot = bidding()
    for _ in range(50):
        bid(app, lot)
        app.run_streams()
        app.clock.forward(seconds=1)
    drain(app)
    assert len(messages(app, SELLER, "new_bid")) == 1
    assert 50 // PACE_SECONDS <= len(shown(app)) <= 50 // PACE_SECONDS + AT_ONCE
    assert shown(app) == sorted(shown(app))
    assert shown(app)[-1] == 50
    assert len({message for *_, message in app.messenger.edited}) == 1


def test_each_lot_has_a_message_of_its_own() -> None:
    app, lot = bidding()
    other = put_up(app).auction.id
    for _ in range(2):
        bid(app, lot)
        bid(app, other)
        app.run_streams()
        app.clock.forward(seconds=PACE_SECONDS)
    drain(app)
    assert len(messages(app, SELLER, "new_bid")) == 2
    assert sorted(there(lot).auction.id for _, _, lot, _ in app.messenger.edited) == sorted((lot, other))


def test_a_late_or_repeated_notice_never_puts_an_older_state_over_a_newer_one() -> None:
    app, lot = bidding()
    bid(app, lot, 3)
    app.sending.send(notice_of(app, lot, 3), app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot, app.now())
    for number in (1, 2, 3):
        app.sending.send(notice_of(app, lot, number), app.now())
    assert len(messages(app, SELLER, "new_bid")) == 1
    assert app.messenger.edited == []


def test_a_bid_of_after_the_message_that_is_told_after_the_end_is_not_lost() -> None:
    app, lot = bidding()
    bid(app, lot)
    app.run_streams()
    bid(app, lot)
    app.clock.forward(hours=2)
    app.closing.close(lot, app.now())
    app.sending.send(notice_of(app, lot, 2), app.now())
    assert shown(app) == [2]


def test_bids_that_are_told_after_the_end_are_one_message_too() -> None:
    app, lot = bidding()
    bid(app, lot, 10)
    app.clock.forward(hours=2)
    app.closing.close(lot, app.now())
    drain(app)
    assert len(messages(app, SELLER, "new_bid")) == 1
    assert app.messenger.edited == []


def test_a_message_that_was_deleted_is_sent_again_and_edited_from_then_on() -> None:
    app, lot = bidding()
    bid(app, lot)
    drain(app)
    app.messenger.gone = {len(app.messenger.told)}
    for _ in range(2):
        bid(app, lot)
        drain(app)
    assert len(messages(app, SELLER, "new_bid")) == 2
    assert shown(app) == [3]


def test_what_scrolled_away_long_ago_is_told_by_a_new_message() -> None:
    app, lot = bidding(duration_seconds=86_400)
    bid(app, lot)
    drain(app)
    app.clock.forward(seconds=LIFE_SECONDS - 120)
    bid(app, lot)
    drain(app)
    assert shown(app) == [2]
    app.clock.forward(seconds=60)
    bid(app, lot)
    drain(app)
    assert len(messages(app, SELLER, "new_bid")) == 2, "however often it was edited: an edit makes no sound"


def test_twenty_changed_answers_are_one_message_to_each_admin_with_the_newest() -> None:
    app, made = market(buy_now_price=310)
    lot = made.auction.id
    join(app, ADMIN)
    app.bidding.buy(lot, ANNA, 310, app.now())
    app.dealing.dispute(ANNA, lot, "it does not work", app.now())
    for number in range(20):
        app.dealing.answer(SELLER, lot, f"answer {number}", app.now())
        app.run_streams()
        app.clock.forward(seconds=1)
    drain(app)
    assert len(messages(app, ADMIN, "dispute_answered")) == 1
    answers = [lot.deal.answer for _, _, lot, _ in app.messenger.edited if lot and lot.deal]
    assert answers[-1] == "answer 19"
    assert len(answers) <= 20 // PACE_SECONDS + AT_ONCE


def test_a_few_changes_are_shown_at_once() -> None:
    app, lot = bidding()
    for _ in range(AT_ONCE + 1):
        bid(app, lot)
        app.run_streams()
    assert shown(app) == [2, 3]
    drain(app)
    assert shown(app) == [2, 3, 4]


def test_many_bids_that_all_move_the_end_are_one_message_to_the_seller_and_one_each_to_whom_they_outbid() -> None:
    app, lot = bidding(extend_seconds=600)
    app.clock.forward(minutes=55)
    for _ in range(30):
        bid(app, lot)
        app.run_streams()
        app.clock.forward(seconds=2)
    drain(app)
    assert app.messenger.kinds_for(SELLER) == ["new_bid"]
    ends = [there(shown).auction.ends_at for _, notice, shown, _ in app.messenger.edited if notice.kind == "new_bid"]
    assert ends[-1] == app.store.auction(lot).ends_at > app.store.auction(lot).scheduled_end
    assert [len(messages(app, who, "outbid")) for who in (ANNA, BORIS)] == [15, 14]
    assert not messages(app, ANNA, "extended") + messages(app, BORIS, "extended")


def test_a_leader_who_stays_has_one_message_of_all_bids_that_move_the_end() -> None:
    app, lot = bidding(extend_seconds=600)
    app.bidding.bid(lot, ANNA, 50_000, app.now(), confirmed=True)
    app.clock.forward(minutes=55)
    for number in range(10):
        app.bidding.bid(lot, BORIS, 500 + 100 * number, app.now())
        app.run_streams()
        app.clock.forward(seconds=2)
    drain(app)
    assert len(messages(app, ANNA, "extended")) == 1
    (*_, (_, _, newest, _)) = [each for each in app.messenger.edited if each[1].kind == "extended"]
    assert there(newest).auction.ends_at == app.store.auction(lot).ends_at


def test_a_moved_end_that_is_told_after_its_reader_was_outbid_is_told_by_that_notice_alone() -> None:
    """The leader stayed at the first bid and was overtaken by the second; the notices come the other way round."""
    app, lot = bidding(extend_seconds=600)
    app.bidding.bid(lot, ANNA, 500, app.now(), confirmed=True)
    app.run_streams()
    app.clock.forward(minutes=55)
    for amount in (300, 900):
        app.bidding.bid(lot, BORIS, amount, app.now())
        fan_out(app)
    app.outgoing.notices.reverse()
    drain(app)
    assert messages(app, ANNA, "extended") == []
    assert len(messages(app, ANNA, "outbid")) == 1


def test_bids_and_moved_ends_in_any_order_leave_the_seller_one_message_with_the_newest() -> None:
    for seed in range(20):
        app, lot = bidding(extend_seconds=600)
        app.clock.forward(minutes=55)
        dice = Random(seed)
        for _ in range(8):
            bid(app, lot)
            fan_out(app)
            app.clock.forward(seconds=2)
            if dice.random() < 0.5:
                dice.shuffle(app.outgoing.notices)
                app.run_streams()
        dice.shuffle(app.outgoing.notices)
        drain(app)
        assert app.messenger.kinds_for(SELLER) == ["new_bid"]
        shows = [*app.messenger.told, *(edit[:3] for edit in app.messenger.edited)]
        newest = max(there(made).auction.bids_count for _, notice, made in shows if notice.kind == "new_bid")
        assert (newest, shown(app)) == (8, sorted(shown(app)))


def test_a_seller_whose_message_is_gone_gets_one_new_one_with_the_moved_end() -> None:
    app, lot = bidding(extend_seconds=600)
    bid(app, lot)
    drain(app)
    app.messenger.gone = {len(app.messenger.told)}
    app.clock.forward(minutes=50)
    for _ in range(3):
        bid(app, lot)
        drain(app, 10)
    assert app.messenger.kinds_for(SELLER) == ["new_bid", "new_bid"]


def test_raising_ones_own_maximum_tells_nobody() -> None:
    app, lot = bidding()
    bid(app, lot)
    drain(app)
    before = len(app.messenger.told)
    for number in range(50):
        app.bidding.bid(lot, ANNA, 300 + 100 * number, app.now())
    drain(app)
    assert (len(app.messenger.told), app.messenger.edited) == (before, [])


def test_who_is_not_to_be_reached_is_marked_and_hears_the_newest_when_they_are_back() -> None:
    app, lot = bidding()
    bid(app, lot)
    drain(app)
    app.messenger.fail_next(Unreachable())
    app.clock.forward(seconds=PACE_SECONDS)
    bid(app, lot)
    app.run_streams()
    assert app.store.tables.people[SELLER].unreachable or app.store.tables.people[ANNA].unreachable
    app.people.greet(SELLER, "Person", None, "en", app.now())
    bid(app, lot)
    drain(app)
    assert shown(app)[-1] == 3


def test_two_senders_at_once_draw_one_after_the_other() -> None:
    app, lot = bidding()
    bid(app, lot)
    waits = []

    def another() -> None:
        bid(app, lot)
        with pytest.raises(TryLater) as wait:
            app.sending.send(notice_of(app, lot, 2), app.now())
        waits.append(wait.value.seconds)

    app.messenger.meanwhile(another)
    app.sending.send(notice_of(app, lot, 1), app.now())
    assert waits == [PACE_SECONDS]
    app.clock.forward(seconds=PACE_SECONDS)
    app.sending.send(notice_of(app, lot, 2), app.now())
    assert len(messages(app, SELLER, "new_bid")) == 1
    assert shown(app) == [2]


def test_what_telegram_does_not_take_now_comes_again() -> None:
    app, lot = bidding()
    bid(app, lot)
    drain(app)
    bid(app, lot)
    app.messenger.fail_next(TryLater(7), times=2)
    drain(app)
    assert shown(app) == [2]


def test_where_telegram_does_not_say_the_number_the_next_is_a_message_too() -> None:
    app, lot = bidding()
    app.messenger.tell = lambda *told: app.messenger.told.append(told)  # type: ignore[method-assign]
    for _ in range(2):
        bid(app, lot)
        drain(app)
    assert len(messages(app, SELLER, "new_bid")) == 2


def draws(app: FakeApp, lot: str, fate: Fate) -> None:
    """A first message, and after another bid the edit of it, by processes under a fate."""
    scratch = Mortal(app.scratch, fate)
    messages, messenger = RecordedMessages(scratch), Mortal(app.messenger, fate)
    sending = Sending(app.store, scratch, messages, RecordedMutes(scratch), app.people, messenger)
    for number in (1, 2):
        if app.store.auction(lot).bids_count < number:
            bid(app, lot)
        sending.send(notice_of(app, lot, number), app.now())
        app.clock.forward(seconds=PACE_SECONDS)


def moments() -> int:
    app, lot = bidding()
    fate = Fate()
    draws(app, lot, fate)
    return fate.moments


@pytest.mark.parametrize("moment", range(moments()))
def test_a_sender_that_dies_anywhere_loses_nothing_and_repeats_only_what_it_could_not_record(moment: int) -> None:
    app, lot = bidding()
    fate = Fate(moment)
    with pytest.raises(Death):
        draws(app, lot, fate)
    fate.revive()
    app.clock.forward(seconds=LEASE_SECONDS)
    draws(app, lot, fate)
    new = len(messages(app, SELLER, "new_bid"))
    between = fate.last == ("tell", "after") or (fate.last == ("put", "before") and not app.messenger.edited[:-1])
    assert new == (2 if between else 1)
    newest = app.messenger.edited[-1][2] if app.messenger.edited else app.messenger.told[-1][2]
    assert newest is not None
    assert newest.auction.bids_count == 2
