"""A lot is sent on: from the Mini App as a card that Telegram keeps, from everywhere else as a link into the bot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.miniapp import OPEN, MiniApp, Town, telegram_open
from tests.e2e.test_browser_miniapp import LOT, POST
from tests.support.telegram_web import SITE_URL

PREPARE = "savePreparedInlineMessage"
WITH_PHOTO = """async terms => {
    const canvas = document.createElement("canvas"), form = new FormData();
    canvas.width = canvas.height = 64;
    canvas.getContext("2d").fillRect(0, 0, 32, 32);
    const photo = await new Promise((done) => canvas.toBlob(done, "image/png"));
    for (const [name, value] of Object.entries(terms)) form.set(name, value);
    form.set("csrf_token", document.querySelector('meta[name="csrf-token"]').content);
    form.append("images", photo, "lamp.png");
    return (await fetch("/new_auction", { method: "POST", body: form })).url;
}"""
FORM = {**LOT, "category": "home", "type": "english", "currency": "XTR", "goods": "digital"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("sharing"))
    yield running
    running.stop()


def opened_lot(app: MiniApp) -> str:
    """Of Vera, who is subscribed at the first."""
    app.opens("/")
    lot = app.frame.evaluate(POST, ["/auctions", LOT]).get("id")
    if lot is None:
        app.opens("/subscribe")
        app.presses("MainButton")
        app.frame.get_by_text("Your subscription is paid").wait_for()
        lot = app.frame.evaluate(POST, ["/auctions", LOT])["id"]
    app.opens(f"/auction/{lot}")
    return str(lot)


def test_the_button_of_the_mini_app_sends_a_card_or_else_the_link(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        lot = opened_lot(app)
        button = app.frame.get_by_role("link", name="Send in Telegram")

        button.click()
        (sent,) = app.calls("shareMessage", least=1)
        assert sent.startswith("prepared-")
        call = town.bot.wait_for(lambda method, _: method == PREPARE)
        assert (call["user_id"], call["result"]["id"]) == ("7", lot)

        town.bot.answer_with(PREPARE, 400, "Bad Request: USER_ID_INVALID")
        button.click()
        (link,) = app.calls("openTelegramLink", least=1)
        assert parse_qs(urlsplit(link).query)["url"] == [f"https://t.me/starbid_bot?start=auction_{lot}"]
        assert len(app.calls("shareMessage")) == 1
        assert app.errors == []


@pytest.mark.parametrize(
    ("error", "is_link"),
    [("UNSUPPORTED", True), ("MESSAGE_EXPIRED", True), ("MESSAGE_SEND_FAILED", True), ("UNKNOWN_ERROR", True),
     ("USER_DECLINED", False)],
)  # fmt: skip
def test_where_telegram_does_not_send_the_card_the_link_opens_but_not_after_a_no(
    playwright: Any, town: Town, error: str, is_link: bool
) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        opened_lot(app)
        app.frame.get_by_role("link", name="Send in Telegram").click()
        app.calls("shareMessage", least=1)
        app.page.evaluate("unsent => frames[0].postMessage({unsent}, '*')", error)
        app.frame.evaluate("() => new Promise(done => setTimeout(done, 100))")
        assert len(app.calls("openTelegramLink", least=int(is_link))) == is_link


def test_who_is_logged_in_as_somebody_else_than_in_telegram_gets_the_link(playwright: Any, town: Town) -> None:
    """A card is prepared for the account of the session, and Telegram knows it of no other."""
    with telegram_open(playwright, town, OPEN) as app:
        lot = opened_lot(app)
        app.opens(f"/auction/{lot}", who=8)
        app.calls("showPopup", least=1)
        assert app.me == "7"
        app.frame.get_by_role("link", name="Send in Telegram").click()
        app.calls("openTelegramLink", least=1)
        assert app.calls("shareMessage") == []


def test_a_lot_with_a_photo_goes_into_a_story_with_its_address(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        opened_lot(app)
        lot = urlsplit(app.frame.evaluate(WITH_PHOTO, FORM)).path
        assert lot.startswith("/auction/")
        app.opens(lot)
        app.frame.get_by_role("button", name="Share to story").click()
        (told,) = app.calls("shareToStory", least=1)
        assert told["text"] == f"{LOT['title']}\n{SITE_URL}{lot}"
        assert app.frame.evaluate("async url => (await fetch(url)).headers.get('content-type')", told["url"]) in (
            "image/jpeg", "image/webp",
        )  # fmt: skip
        assert app.errors == []
