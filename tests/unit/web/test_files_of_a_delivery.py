"""Files that were handed over, on the page of a lot and in the panel: who sees them, and where they lead."""

from __future__ import annotations

import re

import pytest

from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.roles import Role
from starbid.services.ports import Rejected
from tests.support.factories import ANNA, BORIS, SELLER, bought, join, market
from tests.support.fakes import FakeApp
from tests.support.handed import zipped
from tests.support.web import Answer, Client, text

SUPPORT, VIEWER, OWNER = 801, 800, 900
BIG = zipped("big", 60_000_000, "film.mkv")


class Telegram:
    """Gives out what it has."""

    files: dict[str, bytes] = {"doc": b"content"}  # noqa: RUF012 - one for each test is not needed

    def download(self, file_id: str, _most: int) -> bytes:
        if file_id not in self.files:
            raise Rejected("wrong file_id or the file is temporarily unavailable")
        return self.files[file_id]


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    app.__dict__["bot"] = Telegram()
    join(app, SUPPORT, role=Role.SUPPORT)
    join(app, OWNER)
    join(app, VIEWER, role=Role.VIEWER)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return bought(app)


@pytest.fixture
def buyer(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


@pytest.fixture
def seller(app: FakeApp) -> Client:
    return Client(app).log_in(SELLER)


def deliver(app: FakeApp, lot: str, *files: DeliveredFile, words: str = "") -> None:
    app.dealing.deliver(SELLER, lot, words, app.now(), files or (zipped(), BIG))


def links(page: Answer) -> list[str]:
    return re.findall(r'href="([^"]+)" rel="nofollow noopener"', page.text)


def test_both_sides_see_the_list_and_until_when_they_are_kept(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    deliver(app, lot, words="the password is 42")
    for client, head in ((buyer, "From the seller"), (seller, "What you sent")):
        page = client.get(f"/auction/{lot}")
        shown = text(page)
        assert head in shown
        assert "the password is 42" in shown
        assert "name.zip 3.2 MB" in shown
        assert "film.mkv 60.0 MB · in the chat with the bot" in shown
        assert "Files are erased 30 days after the end of the deal." in shown
        assert links(page) == [f"/auction/{lot}/files/1", f"https://t.me/starbid_bot?start=auction_{lot}"]


def test_files_without_words_have_no_empty_box(app: FakeApp, lot: str, buyer: Client) -> None:
    deliver(app, lot)
    page = buyer.get(f"/auction/{lot}")
    assert "From the seller" in text(page)
    assert 'class="delivery"' not in page.text


def test_a_file_leads_to_its_copy_for_the_two_of_the_deal(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    deliver(app, lot)
    for client in (buyer, seller):
        answer = client.get(f"/auction/{lot}/files/1")
        assert (answer.status, answer.headers["location"]) == (303, f"https://files.example/{lot}/1?as=name.zip")
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("who", [None, BORIS, VIEWER, SUPPORT])
@pytest.mark.parametrize("place", ["1", "2", "3", "0", "-1", "x", "1" * 40, "%2e%2e", "１"])
def test_to_everybody_else_there_is_no_file_whatever_they_guess(
    app: FakeApp, lot: str, who: int | None, place: str
) -> None:
    deliver(app, lot)
    client = Client(app) if who is None else Client(app).log_in(who)
    answer = client.get(f"/auction/{lot}/files/{place}")
    assert answer.status == 404
    assert "files.example" not in str(answer.headers)
    assert "name.zip" not in client.get(f"/auction/{lot}").text
    assert app.file_copies.kept == {}


def test_what_only_telegram_has_the_page_says(app: FakeApp, lot: str, buyer: Client) -> None:
    deliver(app, lot, BIG, zipped("expired"))
    for place in (1, 2):
        answer = buyer.get(f"/auction/{lot}/files/{place}")
        assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
        assert "You find it in the chat with the bot." in text(buyer.get(f"/auction/{lot}"))


def test_once_erased_they_are_said_to_be(app: FakeApp, lot: str, buyer: Client) -> None:
    deliver(app, lot)
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(days=30)
    client = Client(app).log_in(ANNA)
    page = client.get(f"/auction/{lot}")
    assert "The files were erased: they are kept for 30 days after the end of the deal." in text(page)
    assert links(page) == []
    assert client.get(f"/auction/{lot}/files/1").status == 404


def test_an_operator_sees_them_in_a_dispute_and_only_one_who_settles(app: FakeApp, lot: str) -> None:
    deliver(app, lot)
    support, viewer = Client(app).log_in(SUPPORT), Client(app).log_in(VIEWER)
    assert links(support.get(f"/admin/deals/{lot}")) == []
    app.dealing.dispute(ANNA, lot, "empty", app.now())
    page = support.get(f"/admin/deals/{lot}")
    assert links(page)[0] == f"/auction/{lot}/files/1"
    assert support.get(f"/auction/{lot}/files/1").headers["location"].startswith("https://files.example/")
    (look,) = app.audit_trail.entries(action="read-files").items
    assert (look.admin_id, look.after, bool(look.address)) == (SUPPORT, "file 1 of 2", True)
    owner = Client(app).log_in(OWNER)
    assert "Fetched files of a deal" in text(owner.get("/admin/audit"))
    hidden = viewer.get(f"/admin/deals/{lot}")
    assert links(hidden) == []
    assert "What the seller sent is shown to those who settle disputes." in text(hidden)
    app.dealing.withdraw(ANNA, lot, app.now())
    assert links(support.get(f"/admin/deals/{lot}")) == []
    assert support.get(f"/auction/{lot}/files/1").status == 404


def test_a_name_is_text_and_no_markup(app: FakeApp, lot: str, buyer: Client) -> None:
    deliver(app, lot, zipped(name="a&b'_img src=x_.zip"))
    assert "a&amp;b&#39;_img src=x_.zip" in buyer.get(f"/auction/{lot}").text


def test_the_form_of_the_site_still_takes_words_and_files_sent_before_are_no_repeat_of_it(
    app: FakeApp, lot: str, seller: Client
) -> None:
    page = seller.get(f"/auction/{lot}")
    assert f'action="/auction/{lot}/deliver"' in page.text
    deliver(app, lot, words="the code")
    assert seller.post_form(f"/auction/{lot}/deliver", text="the code").status == 409


def test_in_russian_it_is_russian(app: FakeApp, lot: str) -> None:
    app.people.set_language(ANNA, "ru")
    deliver(app, lot)
    shown = text(Client(app).log_in(ANNA).get(f"/auction/{lot}"))
    assert "film.mkv 60,0 МБ · в чате с ботом" in shown
    assert "Файлы удаляются через 30 дней после завершения сделки." in shown
