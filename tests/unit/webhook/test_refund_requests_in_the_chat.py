"""Refunds in the chat: a person asks and says why, an operator decides, each is told how it stands."""

from __future__ import annotations

import pytest

from starbid.domain.refund_requests import RefundRequest, mark_of
from starbid.domain.roles import Role
from starbid.services.ports import TryLater
from tests.support.desk import OWNER, decision
from tests.support.factories import ANNA, BORIS, pay
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, price

MARK = mark_of("c1")


@pytest.fixture
def payer(app: FakeApp, anna: Chat) -> Chat:
    """ANNA paid 250 as c1."""
    anna.join()
    pay(app, ANNA, 250, "c1")
    return anna


@pytest.fixture
def admin(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, OWNER).join()


@pytest.fixture
def finance(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, 801).join(role=Role.FINANCE)


def asks(payer: Chat, why: str = "by mistake") -> None:
    payer.say("/paysupport")
    payer.press(f"rf:{MARK}")
    payer.say(why)


def request(app: FakeApp) -> RefundRequest | None:
    return app.refund_requests.find(ANNA, MARK, app.now())


def stands(app: FakeApp) -> str:
    found = request(app)
    return found.state.value if found else "none"


def test_a_person_says_why_and_nothing_goes_back_yet(app: FakeApp, payer: Chat) -> None:
    payer.say("/paysupport")
    payer.press(next(text for text in payer.buttons() if "250" in text))
    assert "The amount leaves your wallet here." in payer.words
    assert "Why do you want it back?" in payer.words
    assert request(app) is None
    payer.say("by <mistake>")
    assert f"Your request is sent: {price(250)}." in payer.words
    assert (stands(app), app.stars.refunded) == ("open", [])
    payer.say("/paysupport")
    assert "under review" in payer.words
    assert f"rf:{MARK}" not in payer.buttons().values()


def test_the_same_words_twice_are_one_request(app: FakeApp, payer: Chat) -> None:
    payer.say("/paysupport")
    payer.press(f"rf:{MARK}")
    asked = payer.last
    payer.reply("one", asked)
    payer.reply("two", asked)
    assert [one.reason for one in app.refund_requests.waiting(app.now(), 9)] == ["one"]


def test_a_late_answer_is_told_how_it_stands_however_many_payments_came_since(app: FakeApp, payer: Chat) -> None:
    payer.say("/paysupport")
    payer.press(f"rf:{MARK}")
    app.refund_requests.ask(app.store.tables.charges["c1"], "by mistake", app.now())
    app.refund_requests.refuse(ANNA, MARK, decision(app, reason="not today"))
    for _ in range(100):
        app.clock.forward(seconds=1)
        pay(app, ANNA, 1)
    payer.say("by mistake")
    assert "refused. Reason: not today" in payer.words


@pytest.mark.parametrize("why", ["", "\u200b", "x" * 501])
def test_words_that_say_nothing_ask_for_nothing(app: FakeApp, payer: Chat, why: str) -> None:
    asks(payer, why)
    assert request(app) is None


def test_a_question_that_was_cancelled_asks_for_nothing(app: FakeApp, payer: Chat) -> None:
    payer.say("/paysupport")
    payer.press(f"rf:{MARK}")
    payer.press("Cancel")
    payer.say("by mistake")
    assert request(app) is None


def test_an_old_button_of_the_time_before_requests_gives_nothing_back(app: FakeApp, payer: Chat) -> None:
    payer.press_data(f"RF:{MARK}", None)
    assert (app.stars.refunded, request(app)) == ([], None)


@pytest.mark.parametrize("data", [f"rf:{MARK}", "rf", "rf:", "rf:../..", f"rf:{MARK}:1", f"rf:{'0' * 16}"])
def test_a_button_of_anothers_payment_or_a_forged_one_asks_for_nothing(
    app: FakeApp, payer: Chat, boris: Chat, data: str
) -> None:
    boris.join()
    boris.press_data(data, None)
    boris.say("by mistake")
    assert app.refund_requests.of_person(BORIS, app.now()) == {}
    assert request(app) is None


def test_an_operator_reads_why_confirms_and_the_person_has_it_back(app: FakeApp, payer: Chat, admin: Chat) -> None:
    asks(payer, "it was <late>")
    admin.say("/admin")
    assert "Refunds that wait for you: 1." in admin.words
    admin.press("rr:list")
    admin.press(f"rr:look:{ANNA}:{MARK}")
    assert "<blockquote>it was &lt;late&gt;</blockquote>" in admin.words
    admin.press(f"Refund {price(250)}")
    assert app.stars.refunded == []
    admin.press("Yes, refund")
    assert "State: refunded" in admin.words
    assert app.stars.refunded == ["c1"]
    payer.press_data(f"rf:{MARK}", None)
    assert payer.words.endswith(": refunded")


def test_the_second_of_two_operators_changes_nothing_and_is_told_how_it_stands(
    app: FakeApp, payer: Chat, admin: Chat, finance: Chat
) -> None:
    asks(payer)
    for who in (admin, finance):
        who.press_data(f"rr:look:{ANNA}:{MARK}", None)
        who.press(f"rr:ok:{ANNA}:{MARK}")
    for who in (admin, finance):
        who.press("Yes, refund")
        assert "State: refunded" in who.words
    assert "Somebody has already decided" in finance.toasts()[-1]
    assert app.stars.refunded == ["c1"]
    assert len(app.store.tables.audit) == 1


def test_a_refusal_takes_words_that_the_person_reads(app: FakeApp, payer: Chat, admin: Chat, finance: Chat) -> None:
    asks(payer)
    for who in (admin, finance):
        who.press_data(f"rr:no:{ANNA}:{MARK}", None)
    admin.say("It is <spent>")
    finance.say("Another reason")
    assert "State: refused. Reason: It is &lt;spent&gt;" in finance.words
    payer.say("/paysupport")
    assert "refused. Reason: It is &lt;spent&gt;" in payer.words
    assert [entry.reason for entry in app.store.tables.audit.values()] == ["It is <spent>"]


def test_the_same_refusal_by_the_same_operator_is_done_once_more_and_anothers_is_not(
    app: FakeApp, payer: Chat, admin: Chat, finance: Chat
) -> None:
    """As after a crash between the refusal and its answer."""
    asks(payer)
    for who in (admin, finance):
        who.press_data(f"rr:no:{ANNA}:{MARK}", None)
    app.refund_requests.refuse(ANNA, MARK, decision(app, reason="It is spent"))
    admin.say(" It is spent ")
    assert "The person has been told why." in admin.words
    finance.say("It is spent")
    assert "State: refused. Reason: It is spent" in finance.words
    assert len(app.store.tables.audit) == 1


def test_what_cannot_go_back_any_more_can_only_be_refused(app: FakeApp, payer: Chat, admin: Chat) -> None:
    asks(payer)
    app.people.subscribe(ANNA, "r1", app.now())
    admin.press_data(f"rr:look:{ANNA}:{MARK}", None)
    assert "It cannot go back now." in admin.words
    assert "Refuse" in admin.buttons()
    assert f"Refund {price(250)}" not in admin.buttons()
    admin.press_data(f"rr:OK:{ANNA}:{MARK}", None)
    assert (stands(app), app.stars.refunded) == ("open", [])


def test_no_answer_of_telegrams_is_said_and_finished_later(app: FakeApp, payer: Chat, admin: Chat) -> None:
    asks(payer)
    app.stars.fail_next(TryLater(30))
    admin.press_data(f"rr:OK:{ANNA}:{MARK}", None)
    assert "State: approved, on its way" in admin.words
    app.clock.forward(minutes=30)
    app.refunding.finish_refunds(app.now())
    assert app.stars.refunded == ["c1"]


@pytest.mark.parametrize("data", [
    "rr", "rr:list:1", "rr:OK", f"rr:OK:x:{MARK}", "rr:OK:1:../..", f"rr:OK:9{'9' * 12}:{MARK}", f"rr:gone:1:{MARK}",
])  # fmt: skip
def test_forged_buttons_of_an_operator_do_nothing(app: FakeApp, payer: Chat, admin: Chat, data: str) -> None:
    asks(payer)
    admin.press_data(data, None)
    assert (stands(app), app.stars.refunded) == ("open", [])


def test_the_buttons_of_operators_are_nobodys_else(app: FakeApp, payer: Chat, boris: Chat) -> None:
    asks(payer)
    boris.join()
    for verb in ("look", "ok", "OK", "no"):
        for who in (boris, payer):
            who.press_data(f"rr:{verb}:{ANNA}:{MARK}", None)
            assert "mistake" not in who.words
    assert (stands(app), app.stars.refunded) == ("open", [])


def test_support_looks_and_decides_nothing(app: FakeApp, payer: Chat, telegram: FakeTelegram) -> None:
    asks(payer)
    support = Chat(app, telegram, 802).join(role=Role.SUPPORT)
    support.press_data(f"rr:look:{ANNA}:{MARK}", None)
    assert "Refuse" not in support.buttons()
    support.press_data(f"rr:OK:{ANNA}:{MARK}", None)
    assert (stands(app), app.stars.refunded) == ("open", [])


def test_it_is_all_there_in_russian(app: FakeApp, telegram: FakeTelegram) -> None:
    vera = Chat(app, telegram, 77, "ru").join()
    pay(app, 77, 250, "r1")
    vera.say("/paysupport")
    vera.press(f"rf:{mark_of('r1')}")
    assert "Почему вы хотите вернуть платёж?" in vera.words
    vera.say("ошибка")
    assert "Запрос отправлен" in vera.words
    app.refund_requests.refuse(77, mark_of("r1"), decision(app, reason="поздно"))
    vera.say("/paysupport")
    assert "отказано. Причина: поздно" in vera.words
