"""One's own lots, bids and favourites: filters, what needs the person first, and how much is read for it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from starbid.services.ports import Mark
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import FakeApp
from tests.support.physical import sold_lamp
from tests.support.web import Answer, Client, text


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA, BORIS, title="An idle lamp", duration_seconds=86_400)[0]


def sold(app: FakeApp, title: str) -> str:
    """Bought by ANNA from SELLER, and not sent yet."""
    lot = put_up(app, title=title, buy_now_price=200).auction.id
    app.bidding.buy(lot, ANNA, 200, app.now())
    return lot


def titles(answer: Answer) -> list[str]:
    """The lots of a list, in its order."""
    return re.findall(r'<h3><a href="/auction/[a-z0-9]+">([^<]+)</a>', answer.text)


def chosen(answer: Answer) -> list[str]:
    return re.findall(r'<a class="chip"[^>]* aria-current="true">([^<]+)</a>', answer.text)


# --- one's own lots ---------------------------------------------------------------------------------------------------


def test_each_filter_of_lots_shows_its_state_and_no_other(app: FakeApp) -> None:
    sold(app, "A sold lamp")
    done = sold(app, "A paid lamp")
    app.dealing.deliver(SELLER, done, "x", app.now())
    app.dealing.confirm(ANNA, done, app.now())
    app.publishing.cancel(SELLER, put_up(app, title="A withdrawn lamp").auction.id, app.now())
    seller = Client(app).log_in(SELLER)
    shown = {name: titles(seller.get("/my/auctions", show=name)) for name in ("act", "live", "sold", "unsold")}
    assert shown == {
        "act": ["A sold lamp"],
        "live": ["An idle lamp"],
        "sold": ["A sold lamp", "A paid lamp"],
        "unsold": ["A withdrawn lamp"],
    }
    assert sorted(titles(seller.get("/my/auctions"))) == sorted({each for lots in shown.values() for each in lots})
    assert chosen(seller.get("/my/auctions", show="sold")) == ["Sold"]
    assert chosen(seller.get("/my/auctions", show="nonsense")) == ["All"]


def test_what_is_to_be_sent_comes_first_however_many_lots_came_after_it(app: FakeApp) -> None:
    sold(app, "An old sale")
    for number in range(30):
        app.clock.forward(seconds=1)
        put_up(app, title=f"Lot {number}")
    seller = Client(app).log_in(SELLER)
    assert titles(seller.get("/my/auctions"))[0] == "An old sale"
    assert titles(seller.get("/my/auctions", show="act")) == ["An old sale"]


def test_of_several_to_be_sent_the_most_urgent_is_first_and_none_comes_twice(app: FakeApp) -> None:
    for title in ("First sale", "Second sale", "Third sale"):
        sold(app, title)
        app.clock.forward(hours=1)
    shown = titles(Client(app).log_in(SELLER).get("/my/auctions"))
    assert shown[:3] == ["First sale", "Second sale", "Third sale"]
    assert len(shown) == len(set(shown)) == 4


def test_a_rare_state_is_looked_for_in_a_few_reads_and_the_rest_is_a_link_away(app: FakeApp) -> None:
    app.publishing.cancel(SELLER, put_up(app, title="A withdrawn lamp").auction.id, app.now())
    for number in range(120):
        app.clock.forward(seconds=1)
        put_up(app, title=f"Lot {number}", duration_seconds=86_400)
    seller = Client(app).log_in(SELLER)
    first = seller.get("/my/auctions", show="unsold")
    assert titles(first) == []
    assert "There may be older ones." in text(first)
    more = re.search(r'href="(/my/auctions\?show=unsold[^"]+cursor=[^"]+)"', first.text)
    assert more is not None
    path, _, query = more[1].replace("&amp;", "&").partition("?")
    assert titles(seller.send("GET", path, query)) == ["A withdrawn lamp"]


def all_pages(client: Client, path: str) -> list[str]:
    """The lots of a list and of the pages after it."""
    page = client.get(path)
    found = titles(page)
    while more := re.search(rf'href="{path}\?([^"]*cursor=[^"]+)"', page.text):
        page = client.send("GET", path, more[1].replace("&amp;", "&"))
        found += titles(page)
    return found


def test_a_sale_to_be_sent_is_on_the_first_page_and_on_no_other(app: FakeApp) -> None:
    sold(app, "An old sale")
    for number in range(120):
        app.clock.forward(seconds=1)
        put_up(app, title=f"Lot {number}", duration_seconds=86_400)
    seller = Client(app).log_in(SELLER)
    shown = all_pages(seller, "/my/auctions")
    assert shown[0] == "An old sale"
    assert len(shown) == len(set(shown)) == 122
    assert "cursor=" not in seller.get("/my/auctions", show="act").text


def test_with_more_to_be_sent_than_stand_first_the_rest_is_a_link_away(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("starbid.services.auctions.browsing", "web.account.mine"):
        monkeypatch.setattr(f"{place}.MOST_OPEN", 2)
    for title in ("First sale", "Second sale", "Third sale"):
        sold(app, title)
        app.clock.forward(hours=1)
    shown = titles(Client(app).log_in(SELLER).get("/my/auctions", show="act"))
    assert shown == ["Second sale", "Third sale", "First sale"]


def test_an_empty_filter_leads_back_to_all(app: FakeApp) -> None:
    page = text(Client(app).log_in(SELLER).get("/my/auctions", show="sold"))
    assert "Nothing here" in page
    assert "You have no lots yet" not in page


def test_a_deal_that_waits_for_the_buyers_address_is_in_no_dispute(app: FakeApp) -> None:
    sold_lamp(app)
    assert "in dispute" not in text(Client(app).log_in(SELLER).get("/my/auctions"))
    bought = text(Client(app).log_in(ANNA).get("/my/bids", show="act"))
    assert "Say where it is to be sent" in bought
    assert "Done." not in bought


# --- one's own bids ---------------------------------------------------------------------------------------------------


def test_each_filter_of_bids_shows_how_it_went(app: FakeApp) -> None:
    def bid(title: str, *bids: tuple[int, int]) -> str:
        lot = put_up(app, title=title, start_price=100, duration_seconds=3600).auction.id
        for who, amount in bids:
            app.bidding.bid(lot, who, amount, app.now())
        return lot

    won, lost = bid("Won lamp", (ANNA, 100)), bid("Lost lamp", (ANNA, 100), (BORIS, 500))
    app.clock.forward(hours=1, seconds=2)
    for lot in (won, lost):
        app.closing.close(lot, app.now())
    app.dealing.deliver(SELLER, won, "x", app.now())
    bid("Led lamp", (ANNA, 100))
    bid("Outbid lamp", (ANNA, 100), (BORIS, 500))
    anna = Client(app).log_in(ANNA)
    shown = {name: sorted(titles(anna.get("/my/bids", show=name))) for name in ("act", "live", "won", "lost")}
    assert shown == {
        "act": ["Outbid lamp", "Won lamp"],
        "live": ["Led lamp", "Outbid lamp"],
        "won": ["Won lamp"],
        "lost": ["Lost lamp"],
    }


def test_a_purchase_to_confirm_is_on_the_first_page_and_on_no_other(app: FakeApp) -> None:
    app.dealing.deliver(SELLER, sold(app, "An old purchase"), "x", app.now())
    for number in range(60):
        app.clock.forward(seconds=1)
        lot = put_up(app, title=f"Lot {number}", start_price=100).auction.id
        app.bidding.bid(lot, ANNA, 100, app.now())
    shown = all_pages(Client(app).log_in(ANNA), "/my/bids")
    assert shown[0] == "An old purchase"
    assert len(shown) == len(set(shown)) == 61


@pytest.mark.parametrize("path", ["/my/auctions", "/my/bids"])
def test_a_page_of_ones_own_is_a_few_reads_whatever_is_in_it(app: FakeApp, path: str) -> None:
    client = Client(app).log_in(SELLER)
    client.get(path)
    for number in range(50):
        put_up(app, title=f"Lot {number}")
    app.store.trips.clear()
    assert client.get(path).status == 200
    assert len(app.store.trips) <= 8


@pytest.mark.parametrize("path", ["/my/auctions", "/my/bids"])
def test_a_cursor_that_is_not_ours_is_refused_and_no_fault(app: FakeApp, path: str) -> None:
    assert Client(app).log_in(SELLER).get(path, cursor="x", show="act").status < 500


# --- favourites -------------------------------------------------------------------------------------------------------


@pytest.fixture
def watched(app: FakeApp) -> FakeApp:
    """ANNA watches a lot that ends late, then one that ends soon, then one that is over by now."""
    for title, seconds in (("Late", 86_400), ("Soon", 7200), ("Over", 600)):
        app.watching.watch(ANNA, put_up(app, title=title, duration_seconds=seconds).auction.id, app.now())
        app.clock.forward(seconds=1)
    app.clock.forward(minutes=20)
    for lot in app.store.due_auctions(app.now(), 10):
        app.closing.close(lot, app.now())
    return app


def test_favourites_end_soon_or_were_added_last_and_what_is_over_stands_apart(watched: FakeApp) -> None:
    anna = Client(watched).log_in(ANNA)
    assert titles(anna.get("/watchlist")) == ["Soon", "Late", "Over"]
    watched.watching.watch(ANNA, put_up(watched, title="Latest", duration_seconds=90_000).auction.id, watched.now())
    assert titles(anna.get("/watchlist", sort="added")) == ["Latest", "Soon", "Late", "Over"]
    assert titles(anna.get("/watchlist", show="ended")) == ["Over"]
    assert titles(anna.get("/watchlist", show="live", sort="added")) == ["Latest", "Soon", "Late"]
    assert chosen(anna.get("/watchlist", show="live", sort="added")) == ["Live", "Recently added"]


def test_a_filtered_list_of_favourites_is_read_once(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(60):
        app.watching.watch(ANNA, put_up(app, duration_seconds=86_400).auction.id, app.now())
    reads, marks_of = list[int](), app.watches.marks_of

    def counted(user_id: int, now: datetime) -> list[Mark]:
        reads.append(user_id)
        return marks_of(user_id, now)

    monkeypatch.setattr(app.watches, "marks_of", counted)
    assert titles(Client(app).log_in(ANNA).get("/watchlist", show="ended")) == []
    assert reads == [ANNA]


def test_a_favourite_is_muted_in_the_list_and_the_way_back_keeps_the_filter(watched: FakeApp) -> None:
    anna = Client(watched).log_in(ANNA)
    page = anna.get("/watchlist", show="live").text
    assert page.count("Mute this lot") == 2
    (soon, *_) = re.findall(r'action="/auction/([a-z0-9]+)/mute"', page)
    back = anna.post_form(f"/auction/{soon}/mute", mute=1, next="/watchlist?show=live")
    assert back.headers["location"] == "/watchlist?show=live"
    page = anna.get("/watchlist", show="live").text
    assert (page.count("Unmute this lot: "), page.count('"Mute this lot: ')) == (1, 1)
    assert "mute" not in anna.get("/watchlist", show="ended").text


def test_muting_leads_nowhere_else(watched: FakeApp) -> None:
    anna = Client(watched).log_in(ANNA)
    lot = next(iter(watched.store.tables.auctions))
    for evil in ("//evil.example", "https://evil.example", "/nowhere"):
        assert anna.post_form(f"/auction/{lot}/mute", mute=1, next=evil).headers["location"] == f"/auction/{lot}"


def test_what_is_muted_is_read_at_once_for_the_whole_page(watched: FakeApp) -> None:
    anna = Client(watched).log_in(ANNA)
    anna.get("/watchlist")
    watched.store.trips.clear()
    anna.get("/watchlist")
    assert sum("is_muted" in trip for trip in watched.store.trips) == 1
