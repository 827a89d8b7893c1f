"""A plain text in the chat searches the live lots."""

import unicodedata
from urllib.parse import parse_qs, urlsplit

import pytest

from starbid.services.auctions.live_rows import MOST_PAGES
from starbid.services.ports import Listing, Page, Search
from tests.support.factories import put_up
from tests.support.fakes import FakeApp

from .chatting import PHOTO, STICKER, Chat, price


def numbered(chat: Chat) -> list[str]:
    """The lines of lots in a list, without their numbers."""
    return [rest for line in chat.words.split("\n") for number, _, rest in [line.partition(". ")] if number.isdecimal()]


def shop(app: FakeApp, *titles: str) -> dict[str, str]:
    """Lots with these titles, what ends first before the others; their ids by title."""
    ids = {
        title: put_up(app, title=title, description="Новое", duration_seconds=3600 + 60 * number).auction.id
        for number, title in enumerate(titles)
    }
    app.run_streams()
    return ids


@pytest.mark.parametrize("text", ["сумка", "СУМОК", "красную сумку", " сумки\n"])
def test_a_word_in_any_form_shows_the_lots_that_have_it(app: FakeApp, anna: Chat, text: str) -> None:
    ids = shop(app, "Сумка красная", "Замша", "Красные сумки, две")
    assert anna.say(text) == 200
    assert anna.words.startswith("<b>Live lots for “")
    assert "“Сумка красная”" in anna.words
    assert "“Красные сумки, две”" in anna.words
    assert "Замша" not in anna.words
    assert price(100) in anna.words
    anna.press("1")
    assert "Сумка красная" in anna.words
    assert f"o:{ids['Красные сумки, две']}" not in anna.buttons().values()


def test_a_decomposed_word_is_found_too(app: FakeApp, boris: Chat) -> None:
    shop(app, "Чайник")
    boris.say(unicodedata.normalize("NFD", "чайники"))
    assert "Лоты по запросу «чайники»" in unicodedata.normalize("NFC", boris.words)
    assert "«Чайник»" in boris.words


@pytest.mark.parametrize("text", ["котёл", "300", "???", "😀", "я" * 4000, "<b>&", "для"])
def test_where_nothing_is_found_all_lots_and_the_menu_are_a_press_away(app: FakeApp, anna: Chat, text: str) -> None:
    shop(app, "Кот", "Замша")
    assert anna.say(text) == 200
    assert "No live lot matches" in anna.words
    assert {"go:auctions", "go:menu"} <= set(anna.buttons().values())
    assert len(anna.buttons()) <= 6, "no wall of buttons"


def test_what_was_asked_for_is_shown_as_typed(app: FakeApp, anna: Chat) -> None:
    anna.say("<b>lamp</b>  &  desk")
    assert "“&lt;b&gt;lamp&lt;/b&gt; &amp; desk”" in anna.words


def test_more_than_a_message_holds_is_on_the_site(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Лампа номер {number}" for number in range(9)))
    anna.say("лампы & номера")
    assert len(numbered(anna)) == 8
    assert "Лампа номер 8" not in anna.words
    assert parse_qs(urlsplit(anna.buttons()["All on the site"]).query)["q"] == ["лампы & номера"]
    anna.press("›")
    assert numbered(anna)[0].startswith("“Лампа номер 8”")


def test_as_many_as_a_message_holds_have_no_pages(app: FakeApp, anna: Chat) -> None:
    shop(app, *(f"Лампа номер {number}" for number in range(8)))
    anna.say("лампы")
    assert len(numbered(anna)) == 8
    assert "›" not in anna.buttons()


def test_lots_that_are_over_or_have_not_begun_are_not_shown(app: FakeApp, anna: Chat) -> None:
    put_up(app, title="Сумка завтра", starts_at="2026-05-02T12:00")
    over = put_up(app, title="Сумка вчера", duration_seconds=600)
    app.run_streams()
    app.clock.forward(minutes=11)
    assert over.auction.id in app.store.tables.listings
    anna.say("сумки")
    assert "No live lot matches" in anna.words


def test_a_lot_that_was_sold_since_the_list_was_made_is_left_out(app: FakeApp, anna: Chat, boris: Chat) -> None:
    boris.join(stars=1000)
    lot = put_up(app, title="Сумка", buy_now_price=700)
    app.run_streams()
    app.bidding.buy(lot.auction.id, boris.id, 700, app.now())
    anna.say("сумка")
    assert "No live lot matches" in anna.words


class Endless:
    """A catalogue whose pages are short: it looks at a bounded number of lots for each."""

    def __init__(self, full: int, found: Page[Listing]) -> None:
        self.full, self.found, self.reads = full, found, 0

    def find(self, search: Search) -> Page[Listing]:
        self.reads += 1
        return self.found if self.reads == self.full else Page((), "next")


def test_short_pages_are_read_on_but_not_without_end(app: FakeApp, anna: Chat) -> None:
    shop(app, "Сумка")
    found = app.catalogue.find(Search(text="сумка"))
    app.browsing._rows._catalogue = Endless(MOST_PAGES, found)  # type: ignore[assignment]
    anna.say("сумка")
    assert "“Сумка”" in anna.words
    endless = app.browsing._rows._catalogue = Endless(MOST_PAGES + 1, found)  # type: ignore[assignment]
    anna.say("сумка")
    assert endless.reads == MOST_PAGES
    assert "Among the lots that end first there is nothing for “сумка”" in anna.words
    assert anna.buttons()["All on the site"].endswith("/?q=%D1%81%D1%83%D0%BC%D0%BA%D0%B0&sort=ending")


def test_a_picture_or_an_unknown_command_is_no_search(app: FakeApp, anna: Chat) -> None:
    for content in ({"photo": [PHOTO], "caption": "сумка"}, {"sticker": STICKER}):
        anna.update({"message": anna._message(**content)})
        assert "сумка" not in anna.words
    anna.say("/сумка")
    assert "did not understand" in anna.words


def test_an_answer_to_a_question_is_no_search(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    lot = put_up(app, title="250")
    app.run_streams()
    anna.say(f"/auction_{lot.auction.id}")
    anna.press_data(f"m:{lot.auction.id}:1", anna.last)
    anna.say("250")
    assert app.store.auction(lot.auction.id).leader_id == anna.id
    anna.say("250")
    assert "Live lots for “250”" in anna.words
    assert "you lead" in anna.words
