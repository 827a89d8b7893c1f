"""A notice on its way to a person's browsers: each once, also where the push service of another one fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from starbid.domain.channels import Channel
from starbid.domain.lots import Lot
from starbid.domain.push_addresses import MOST_BROWSERS
from starbid.domain.switches import Switch
from starbid.further.push.channel import PushChannel
from starbid.further.push.delivery import Answer
from starbid.further.push.encryption import MOST_PLAIN
from starbid.further.push.message import message
from starbid.further.push.vapid import Vapid, new_keys
from starbid.further.said import Said
from starbid.services.browsers import LONGEST_FAILING
from starbid.services.ports import FurtherChannel, Notice, Rejected, TryLater, Unreachable
from starbid.telegram.tellings import Tellings
from tests.support.browsers import GONE, REFUSED, FakeLine, Reading, later
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there

BASE = "https://starbid.example"


class World:
    """An app with browsers of the seller's."""

    def __init__(self) -> None:
        self.browsers: list[Reading] = []
        self.line = FakeLine(self.browsers)
        self.app: FakeApp = make_app({"BASE_URL": BASE}, further_channels={Channel.PUSH: lambda: self.channel})
        app = self.app
        private, public = new_keys()
        tellings = Tellings(app.settings, app.now, app.store.wallet)
        vapid = Vapid(private, public, "mailto:push@example.com")
        self.channel: FurtherChannel = PushChannel(app.browsers, tellings, self.line, vapid, app.claims, app.now, BASE)
        for who in (ANNA, BORIS):
            join(app, who, stars=10_000)
        self.lot = put_up(app)
        app.run_streams()

    def add(self, *names: str) -> None:
        for name in names:
            self.browsers.append(Reading(name))
            self.app.browsers.set_up(SELLER, self.browsers[-1].address, name, self.app.now())
            self.app.clock.forward(seconds=1)
        self.app.run_streams()
        self.line.told.clear()
        self.line.tried.clear()

    def answer(self, name: str, *answers: Answer) -> None:
        self.line.answers[name] = list(answers)

    def tell(self, kind: str = "sold", number: int = 1) -> None:
        lot = there(self.app.store.lot(self.lot.auction.id))
        self.channel.tell(there(self.app.store.person(SELLER)), self.notice(kind, number), lot)

    def notice(self, kind: str = "sold", number: int = 1) -> Notice:
        return Notice(f"{kind}:{number}", SELLER, kind, self.lot.auction.id, {"price": [100, "XTR"]})

    def names(self) -> list[str]:
        return [browser.device for browser in self.app.browsers.of(SELLER)]


@pytest.fixture
def world() -> World:
    return World()


def test_a_browser_shows_the_words_of_the_chat_and_opens_the_lot(world: World) -> None:
    world.add("one")
    world.tell()
    ((name, content, headers),) = world.line.told
    assert name == "one"
    assert content["title"].startswith("“")
    assert "is sold for ⭐" in content["title"]
    assert content["body"].startswith("Once the buyer confirms")
    assert content["url"] == f"/auction/{world.lot.auction.id}"
    assert content["lang"] == "en"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")
    assert headers["Urgency"] == "normal"
    assert headers["Topic"] == content["tag"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", headers["Topic"])
    assert int(headers["TTL"]) == 3 * 86_400


def test_the_first_notice_is_that_of_the_browser_itself(world: World) -> None:
    world.browsers.append(Reading("one"))
    world.app.browsers.set_up(SELLER, world.browsers[0].address, "Firefox, Linux", world.app.now())
    world.app.run_streams()
    ((_, content, _),) = world.line.told
    assert content["title"] == "Notices in a browser are on: Firefox, Linux"
    assert content["url"].startswith("/settings")


def test_all_browsers_of_a_person_are_told(world: World) -> None:
    world.add("one", "two", "three")
    world.tell()
    assert sorted(world.line.names()) == ["one", "three", "two"]


def test_only_the_browser_that_failed_is_told_again(world: World) -> None:
    world.add("one", "two", "three")
    world.answer("two", later(77))
    with pytest.raises(TryLater) as busy:
        world.tell()
    assert busy.value.seconds == 77
    world.tell()
    world.tell()
    assert sorted(world.line.names()) == ["one", "three", "two"]


def test_a_browser_that_fails_does_not_break_the_pace_of_the_others(world: World) -> None:
    """Of many bids each browser is told the first, and then how it stands once a minute."""
    world.add("one", "two")
    app = world.app
    app.hearing.listen(SELLER, Channel.PUSH, {Switch.NEW_BIDS: True})
    world.answer("two", *[later(5)] * 30)
    for number in range(10):
        app.bidding.bid(world.lot.auction.id, (ANNA, BORIS)[number % 2], 200 + 100 * number, app.now())
        app.run_streams()
        app.clock.forward(seconds=5)
    assert world.line.names() == ["one"]
    for _ in range(14):
        app.run_streams()
        app.clock.forward(seconds=5)
    assert world.line.names() == ["one", "one"]
    world.answer("two")
    for _ in range(40):
        app.run_streams()
        app.clock.forward(seconds=5)
    assert sorted(world.line.names()) == ["one", "one", "two"]
    assert app.outgoing.further == []


def test_a_browser_that_was_told_is_not_told_again_once_it_is_the_only_one_left(world: World) -> None:
    world.add("one", "two")
    world.answer("two", later())
    with pytest.raises(TryLater):
        world.tell()
    world.app.browsers.forget(SELLER, world.browsers[1].address.mark)
    world.tell()
    assert world.line.names() == ["one"]


def test_a_browser_that_is_gone_is_dropped_and_the_others_are_told(world: World) -> None:
    world.add("one", "two")
    world.answer("two", GONE)
    world.tell()
    assert world.line.names() == ["one"]
    assert world.names() == ["one"]


@pytest.mark.parametrize("names", [["one"], ["one", "two"]])
def test_when_the_last_one_is_gone_the_channel_is_taken_down(world: World, names: list[str]) -> None:
    world.add(*names)
    for name in names:
        world.answer(name, GONE)
    with pytest.raises(Unreachable):
        world.tell()
    world.add("three")
    world.answer("three", GONE)
    world.app.outgoing.further.append((world.notice(number=2), Channel.PUSH))
    world.app.run_streams()
    assert there(world.app.store.person(SELLER)).heard_by == {}


def test_without_a_browser_the_channel_is_taken_down(world: World) -> None:
    with pytest.raises(Unreachable):
        world.tell()


def test_what_all_services_refuse_is_given_up(world: World) -> None:
    world.add("one", "two")
    world.answer("one", REFUSED)
    world.tell()
    assert world.line.names() == ["two"]
    world.answer("one", REFUSED)
    world.answer("two", REFUSED)
    with pytest.raises(Rejected):
        world.tell(number=2)
    assert len(world.names()) == 2


def test_a_notice_does_not_wait_for_a_service_that_has_failed_for_hours(world: World) -> None:
    world.add("one")
    world.answer("one", later(), later())
    with pytest.raises(TryLater):
        world.tell()
    world.app.clock.now += LONGEST_FAILING
    with pytest.raises(Rejected):
        world.tell()
    world.tell(number=2)
    assert world.line.names() == ["one"]


def test_the_sender_is_not_kept_by_many_services_that_hang(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.add(*"abcde")
    moments = iter([0.0, 0.0, *[8.0] * MOST_BROWSERS])
    monkeypatch.setattr("starbid.further.push.channel.time.monotonic", lambda: next(moments))
    for name in "abcde":
        world.answer(name, later(30))
    with pytest.raises(TryLater):
        world.tell()
    assert len(world.line.tried) == 1


def test_of_what_the_newest_says_it_all_one_takes_the_place_of_another(world: World) -> None:
    def made(kind: str, number: int) -> str:
        said = Said("a", (), "", (), f"{BASE}/", "")
        return message(said, world.notice(kind, number), None, BASE, "en", world.app.now()).subject

    assert made("outbid", 1) == made("outbid", 2)
    assert made("outbid", 1) != made("new_bid", 1)
    assert made("sold", 1) == made("sold", 1)
    assert made("sold", 1) != made("sold", 2)


def test_how_the_bidding_goes_is_kept_until_the_end_of_the_lot_alone(world: World) -> None:
    said, lot = Said("a", (), "", (), f"{BASE}/", ""), there(world.app.store.lot(world.lot.auction.id))

    def kept(kind: str, left: timedelta, lot: Lot = lot) -> int:
        return message(said, world.notice(kind), lot, BASE, "en", lot.auction.ends_at - left).ttl

    assert kept("outbid", timedelta(hours=1)) == 3600
    assert kept("outbid", timedelta(seconds=5)) == 60
    assert kept("sold", timedelta(hours=1)) == 3 * 86_400


def test_who_was_outbid_has_to_act_and_is_told_with_a_sound(world: World) -> None:
    said = Said("a", (), "", (), f"{BASE}/", "")
    pressing = {
        kind: message(said, world.notice(kind), None, BASE, "en", world.app.now()).headers()["Urgency"]
        for kind in ("outbid", "ending_soon", "new_bid", "sold")
    }
    assert pressing == {"outbid": "high", "ending_soon": "high", "new_bid": "normal", "sold": "normal"}


@pytest.mark.parametrize(
    "words",
    [lambda n: "🎉" * n, lambda n: "👨‍👩‍👧‍👦" * (n // 7), lambda n: '"\\' * n, lambda n: "é\0" * n, lambda n: "\0" * n],
)
def test_words_of_any_length_fit_into_a_message(world: World, words: Callable[[int], str]) -> None:
    said = Said(words(4096), (words(4096),) * 9, "", (), f"{BASE}/auction/{'a' * 200}", "")
    made = message(said, world.notice(), None, BASE, "ru", world.app.now())
    assert len(made.content()) <= MOST_PLAIN


def test_a_title_of_emoji_reaches_the_browser(world: World) -> None:
    world.add("one")
    world.lot = put_up(world.app, title="🎉" * 40)
    world.tell()
    assert "🎉" in world.line.told[0][1]["title"]


@pytest.mark.parametrize(
    "url", ["https://evil.example/a", "//evil.example", f"{BASE}//evil.example", "javascript:x", ""]
)
def test_no_message_leads_to_another_site(world: World, url: str) -> None:
    said = Said("a", (), "", (), url, "")
    assert message(said, world.notice(), None, BASE, "en", world.app.now()).path == "/"
