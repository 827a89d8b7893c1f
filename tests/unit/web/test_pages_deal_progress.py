"""The progress line of a deal, its deadlines, and what is said before a dispute and offered in one."""

from __future__ import annotations

import re

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, SELLER, market
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client, text

ADMIN = 900


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(ANNA, buy_now_price=105)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    """Bought by ANNA on 1 May, 12:00."""
    (lot_id,) = app.store.tables.auctions
    app.bidding.buy(lot_id, ANNA, 105, app.now())
    return lot_id


def shown(app: FakeApp, lot: str, who: int) -> str:
    return sentences(Client(app).log_in(who).get(f"/auction/{lot}"))


def sentences(answer: Answer) -> str:
    """The text of a page; a moment has no blanks around it before its full stop, and in its brackets."""
    return text(answer).replace(" .", ".").replace(" ,", ",").replace("( ", "(").replace(" )", ")")


def steps(app: FakeApp, lot: str, who: int) -> list[tuple[str, str]]:
    """State and words of each step."""
    page = Client(app).log_in(who).get(f"/auction/{lot}").text
    line = page.split('<ol class="steps">')[1].split("</ol>")[0]
    items = re.findall(r'<li class="(\w+)"[^>]*>(.*?)</li>', line, re.DOTALL)
    return [(state, " ".join(re.sub(r"<[^>]*>", " ", item).split()).replace("\u202f", " ")) for state, item in items]


def test_nothing_is_said_to_be_delivered_while_it_is_waited_for(app: FakeApp, lot: str) -> None:
    assert steps(app, lot, ANNA) == [
        ("done", "You paid ⭐ 105 today 12:00 UTC"),
        ("now", "Waiting for the seller to send it, until 8 May 2026, 12:00 UTC"),
        ("later", "You confirm, and the seller is paid"),
    ]
    assert steps(app, lot, SELLER) == [
        ("done", "The buyer paid ⭐ 105 today 12:00 UTC"),
        ("now", "Send it to the buyer by 8 May 2026, 12:00 UTC Your action needed"),
        ("later", "The buyer confirms, and you get ⭐ 100"),
    ]


def test_what_was_delivered_waits_for_the_buyer_and_the_end_is_told_in_the_past(app: FakeApp, lot: str) -> None:
    app.clock.forward(days=1)
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    assert steps(app, lot, ANNA)[1:] == [
        ("done", "The seller sent it today 12:00 UTC"),
        ("now", "Check it and confirm by 9 May 2026, 12:00 UTC Your action needed"),
        ("later", "The seller is paid"),
    ]
    assert steps(app, lot, SELLER)[2] == ("now", "Waiting for the buyer to confirm, until 9 May 2026, 12:00 UTC")
    app.clock.forward(days=1)
    app.dealing.confirm(ANNA, lot, app.now())
    assert steps(app, lot, ANNA)[2:] == [("done", "The seller was paid today 12:00 UTC")]
    assert steps(app, lot, SELLER)[2:] == [("done", "You got ⭐ 100 today 12:00 UTC")]


def test_a_dispute_names_its_thirty_days_and_its_end_says_how_it_came(app: FakeApp, lot: str) -> None:
    app.dealing.dispute(ANNA, lot, "no", app.now())
    assert steps(app, lot, ANNA)[1:] == [
        ("bad", "In dispute: an operator decides by 31 May 2026, 12:00 UTC"),
        ("later", "The money goes to the seller, or back to you"),
    ]
    assert "If nobody decides, you get the money back automatically (31 May 2026, 12:00 UTC)." in shown(app, lot, ANNA)
    assert steps(app, lot, SELLER)[1][1] == (
        "In dispute: answer it; an operator decides by 31 May 2026, 12:00 UTC Your action needed"
    )
    app.dealing.answer(SELLER, lot, "it is fine", app.now())
    assert not steps(app, lot, SELLER)[1][1].endswith("Your action needed")
    app.dealing.resolve(deciding("seen", app.now()), lot, False)
    assert steps(app, lot, ANNA)[1:] == [
        ("done", "You opened a dispute today 12:00 UTC"),
        ("done", "You got the money back today 12:00 UTC"),
    ]


def test_who_is_late_is_told_and_an_end_that_nobody_has_handled_yet_promises_no_date(app: FakeApp, lot: str) -> None:
    app.clock.forward(days=7)
    assert "You are late: send it to the buyer now, it was due by today 12:00 UTC" in shown(app, lot, SELLER)
    assert "You can take the money back now, or wait: it returns automatically (15 May 2026" in shown(app, lot, ANNA)
    app.clock.forward(days=7)
    for who in (ANNA, SELLER):
        page = shown(app, lot, who)
        assert "The time is over: the money moves automatically within minutes" in page
        assert "Your action needed" not in page
        assert "15 May" not in page
        assert [state for state, _ in steps(app, lot, who)] == ["done", "now"]


def test_the_buyer_bought_it_and_the_seller_sold_it(app: FakeApp, lot: str) -> None:
    buyers, sellers = shown(app, lot, ANNA), shown(app, lot, SELLER)
    assert "⭐ 105 bought for" in buyers
    assert "sold for" not in buyers.lower()
    assert "⭐ 105 sold for" in sellers
    assert "bought for" not in sellers.lower()
    assert "⭐ 105 sold for" in text(Client(app).get(f"/auction/{lot}"))


def test_before_a_dispute_it_is_said_what_to_try_first_what_it_does_and_that_it_can_be_withdrawn(
    app: FakeApp, lot: str
) -> None:
    def form() -> str:
        page = Client(app).log_in(ANNA).get(f"/auction/{lot}").text
        told = page.split('id="dispute"')[1].split("</details>")[0]
        return " ".join(re.sub(r"<[^>]*>", " ", told).split()).replace(" .", ".")

    assert "The seller still has time to send it, until 8 May 2026, 12:00 UTC." in form()
    assert "within 30 days" in form()
    assert "you can withdraw the dispute as long as it is open" in form()
    assert form().endswith("Yes, open a dispute")
    app.clock.forward(days=7)
    assert "You can take the money back now, without a dispute." in form()
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    assert "you have until 15 May 2026, 12:00 UTC" in form()


@pytest.mark.parametrize("delivered", [False, True])
def test_withdrawing_is_offered_where_one_looks_and_the_deal_goes_on_where_it_was(
    app: FakeApp, lot: str, delivered: bool
) -> None:
    if delivered:
        app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.dispute(ANNA, lot, "no", app.now())
    buyer = Client(app).log_in(ANNA)
    assert "You can withdraw the dispute" in sentences(buyer.get("/my/bids"))
    assert "You can withdraw the dispute: then the deal continues" in shown(app, lot, ANNA)
    assert f'action="/auction/{lot}/dispute/withdraw"' in buyer.get(f"/auction/{lot}").text
    assert "dispute/withdraw" not in Client(app).log_in(SELLER).get(f"/auction/{lot}").text
    app.clock.forward(days=5)
    assert buyer.post_form(f"/auction/{lot}/dispute/withdraw").status == 303
    expected = "Check it and confirm by 13 May 2026" if delivered else "send it, until 13 May 2026"
    assert expected in shown(app, lot, ANNA)
    assert "dispute/withdraw" not in buyer.get(f"/auction/{lot}").text
    assert 'id="dispute"' not in buyer.get(f"/auction/{lot}").text, "a deal is disputed once"
    assert "unless you open a dispute" not in shown(app, lot, ANNA)


def test_the_lists_of_ones_own_name_the_deadline_and_who_has_to_act(app: FakeApp, lot: str) -> None:
    selling, buying = Client(app).log_in(SELLER), Client(app).log_in(ANNA)
    assert "Your action needed A lamp" in sentences(selling.get("/my/auctions"))
    assert "Send it to the buyer by 8 May 2026, 12:00 UTC." in sentences(selling.get("/my/auctions"))
    assert "Your action needed" not in sentences(buying.get("/my/bids"))
    assert "Waiting for the seller to send it, until 8 May 2026, 12:00 UTC." in sentences(buying.get("/my/bids"))
    app.dealing.dispute(ANNA, lot, "no", app.now())
    assert "Your action needed A lamp" in sentences(selling.get("/my/auctions"))
    assert "In dispute: answer it; an operator decides by 31 May 2026" in sentences(selling.get("/my/auctions"))


def test_a_russian_buyer_reads_all_of_it_in_russian(app: FakeApp, lot: str) -> None:
    app.people.set_language(ANNA, "ru")
    assert [words for _, words in steps(app, lot, ANNA)] == [
        "Вы заплатили ⭐ 105 сегодня, 12:00 UTC",
        "Ждём отправки от продавца до 8 мая 2026, 12:00 UTC",
        "Вы подтверждаете получение, продавец получает деньги",
    ]
    assert "автоматически они вернутся 15 мая 2026, 12:00 UTC" in shown(app, lot, ANNA)
