"""The activity of a wallet: filters by sort, currency and period, and the chart of the balance."""

from __future__ import annotations

import re
from datetime import UTC

import pytest

from starbid.services.balance_days import BalanceHistory
from tests.support.factories import ANNA, SELLER, join, market, pay, put_up
from tests.support.fakes import START, FakeApp
from tests.support.web import Answer, Client, text


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA, stars=1000)[0]


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def bought(app: FakeApp, title: str) -> None:
    lot = put_up(app, title=title, buy_now_price=200).auction.id
    app.bidding.buy(lot, ANNA, 200, app.now())


def lines(page: Answer) -> list[str]:
    """What the movements are called."""
    activity = page.text.partition('id="activity"')[2].partition("</section>")[0]
    return re.findall(r"<li>\s*<span>(?:<a[^>]+>)?([^<]+)", activity)


def follow(client: Client, page: Answer) -> Answer:
    more = re.search(r'id="more"><a[^>]+href="/wallet\?([^"]+)"', page.text)
    assert more
    return client.send("GET", "/wallet", more[1].replace("&amp;", "&"))


def test_each_sort_shows_its_movements_and_no_other(app: FakeApp, anna: Client) -> None:
    bought(app, "A lamp")
    app.people.subscribe(ANNA, "r1", app.now())
    assert lines(anna.get("/wallet", sort="topups")) == ["Stars bought"]
    assert lines(anna.get("/wallet", sort="purchases")) == ["Bought: A lamp"]
    assert lines(anna.get("/wallet", sort="other")) == ["Subscription, 30 days"]
    assert lines(anna.get("/wallet", sort="sales")) == []
    assert "Nothing of this kind." in text(anna.get("/wallet", sort="sales"))
    assert sorted(lines(anna.get("/wallet"))) == ["Bought: A lamp", "Stars bought", "Subscription, 30 days"]


@pytest.mark.parametrize("query", [{"sort": "x"}, {"days": "7"}, {"days": "-1"}, {"sort": "SALE", "days": "30' OR 1"}])
def test_a_filter_that_makes_no_sense_shows_everything(app: FakeApp, anna: Client, query: dict[str, str]) -> None:
    assert lines(anna.get("/wallet", **query)) == ["Stars bought"]


def test_a_period_begins_with_a_day_of_the_reader(app: FakeApp, anna: Client) -> None:
    app.people.set_zone(ANNA, "Asia/Vladivostok")
    app.clock.forward(hours=1, minutes=59, seconds=59)  # from noon UTC: midnight there is at 14:00
    pay(app, ANNA, 1)
    app.clock.forward(seconds=1)
    pay(app, ANNA, 2)
    app.clock.forward(days=29)
    assert len(lines(anna.get("/wallet", days="30"))) == 1
    assert len(lines(anna.get("/wallet", days="90"))) == 3


def test_a_rare_sort_is_looked_for_in_a_few_reads_and_the_rest_is_a_link_away(app: FakeApp, anna: Client) -> None:
    bought(app, "A lamp")
    for _ in range(100):
        app.clock.forward(seconds=1)
        pay(app, ANNA, 1)
    app.store.trips.clear()
    first = anna.get("/wallet", sort="purchases")
    assert lines(first) == []
    assert "There may be older ones." in text(first)
    assert lines(follow(anna, first)) == ["Bought: A lamp"]


def test_the_next_page_keeps_the_filters(app: FakeApp, anna: Client) -> None:
    for _ in range(25):
        app.clock.forward(seconds=1)
        pay(app, ANNA, 1)
    first = anna.get("/wallet", sort="topups", days="90")
    rest = follow(anna, first)
    assert (len(lines(first)), len(lines(rest))) == (20, 6)
    assert 'sort=topups&amp;days=90"' not in rest.text.partition('id="more"')[2]


@pytest.mark.parametrize("cursor", ["x", "WzEsMl0", "e30", "9" * 500])
def test_a_cursor_of_another_list_begins_again(app: FakeApp, anna: Client, cursor: str) -> None:
    page = anna.get("/wallet", cursor=cursor, sort="topups")
    assert (page.status, lines(page)) == (200, ["Stars bought"])


# --- the chart --------------------------------------------------------------------------------------------------------


def test_the_chart_has_a_point_a_day_and_a_table_of_the_days_that_changed_it(app: FakeApp, anna: Client) -> None:
    app.clock.forward(days=3)
    pay(app, ANNA, 500)
    app.clock.forward(days=1)
    page = anna.get("/wallet", days="30")
    assert page.text.count("<circle") == 5
    rows = re.findall(r"<tr><td>([^<]+)</td><td>([^<]+)</td></tr>", page.text)
    assert rows == [("4 May", "⭐\u202f1\u202f500"), ("1 May", "⭐\u202f1\u202f000")]
    assert "<title>4 May: ⭐\u202f1\u202f500</title>" in page.text
    app.clock.forward(days=100)
    pay(app, ANNA, 1)
    anna = Client(app).log_in(ANNA)
    assert [anna.get("/wallet", days=days).text.count("<circle") for days in (30, 90, "")] == [30, 90, 30]


def test_frozen_money_is_part_of_the_balance(app: FakeApp, anna: Client) -> None:
    app.bidding.bid(put_up(app, start_price=100).auction.id, ANNA, 300, app.now())
    assert "<title>1 May: ⭐\u202f1\u202f000</title>" in anna.get("/wallet").text


def test_where_nothing_has_moved_there_is_no_chart(app: FakeApp) -> None:
    join(app, 7)
    assert '<svg class="chart"' not in Client(app).log_in(7).get("/wallet").text


def test_a_chart_of_too_much_begins_where_all_is_known(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starbid.services.balance_days.MOST_MOVED", 4)
    for _ in range(3):
        app.clock.forward(days=1)
        pay(app, ANNA, 10)
        pay(app, ANNA, 10)
    wallet = app.store.wallet(ANNA, "XTR")
    history = BalanceHistory(app.store).of(wallet, 30, START, UTC, app.now())
    assert history.values == (1040, 1060)
    assert len(history.days) == 2


def test_the_chart_costs_one_read_however_much_there_is_and_none_of_little(app: FakeApp, anna: Client) -> None:
    anna.get("/wallet")
    trips = []
    for _ in range(3):
        app.store.trips.clear()
        anna.get("/wallet")
        trips.append(app.store.trips.count("transfers"))
        for _ in range(50):
            pay(app, ANNA, 1)
    assert trips == [1, 2, 2]


def test_the_chart_is_the_same_whatever_is_listed_beside_it(app: FakeApp) -> None:
    for days in (20, 5, 4):
        app.clock.forward(days=days)
        pay(app, ANNA, 10)
    app.bidding.bid(put_up(app, start_price=100).auction.id, ANNA, 300, app.now())
    bought(app, "A lamp")
    app.clock.forward(days=2)
    anna = Client(app).log_in(ANNA)

    def chart(**query: str) -> str:
        return anna.get("/wallet", **query).text.partition('<svg class="chart"')[2].partition("</table>")[0]

    assert chart()
    assert chart() == chart(days="30") == chart(sort="sales") == chart(sort="sales", days="30")


def test_a_sellers_sales_name_the_lot_and_the_fee(app: FakeApp) -> None:
    bought(app, "A lamp")
    (deal,) = app.store.tables.deals.values()
    app.dealing.deliver(SELLER, deal.auction_id, "x", app.now())
    app.dealing.confirm(ANNA, deal.auction_id, app.now())
    page = Client(app).log_in(SELLER).get("/wallet", sort="sales")
    assert lines(page) == ["Sold: A lamp"]
    assert "− fee" in page.text
