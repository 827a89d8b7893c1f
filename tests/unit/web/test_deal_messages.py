"""What the two sides of a deal write to each other on the lot's page: one line of time, from the site and the chat."""

from __future__ import annotations

import re

import pytest

from starbid.domain.talks import GRACE, LIFE, PICTURES_LIFE, TEXT_LENGTH
from starbid.i18n import LANGUAGE_NAMES
from tests.support.blocking import block, unblock
from tests.support.factories import ANNA, BORIS, SELLER, bought, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client, png, text

ADMIN = 900
CAREFUL = "Careful: pay and agree on things only here."


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(stars=100_000)
    join(app, ADMIN)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    lot = bought(app, title="A key")
    app.run_streams()
    app.messenger.told.clear()
    return lot


@pytest.fixture
def buyer(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


@pytest.fixture
def seller(app: FakeApp) -> Client:
    return Client(app).log_in(SELLER)


def write(client: Client, lot: str, words: str = "hello", **fields: object) -> Answer:
    return client.post_form(f"/auction/{lot}/message", text=words, **fields)


def section(page: Answer) -> str:
    assert page.status == 200
    return "".join(page.text.split('id="talk"')[1].split("</section>")[:2])


def lines(client: Client, lot: str, **query: object) -> list[str]:
    """Each line in words, the oldest first; an own message begins with `own`."""
    shown = section(client.get(f"/auction/{lot}", **query)).split('<ol class="said">')[1]
    items = re.findall(
        r'<li( class="(own|event)[^>]*)?( id="message-\d+")?>(.*?)</li>\n?\s*(?=<li[ >]|</ol>)', shown, re.S
    )
    found = []
    for _, kind, _, item in items:
        words = " ".join(re.sub(r"<[^>]*>", " ", item).split()).replace("\u202f", " ")
        found.append(re.sub(r" · [\w ,:]+ UTC", "", f"own: {words}" if kind == "own" else words))
    return found


def told(app: FakeApp, who: int) -> list[str]:
    return [str(notice.facts.get("text", notice.kind)) for person, notice, _ in app.messenger.told if person.id == who]


def photo_of(client: Client, lot: str) -> str:
    path: str
    (path,) = set(re.findall(rf'href="(/auction/{lot}/message/\d+/photos/\w+)"', client.get(f"/auction/{lot}").text))
    return path


# --- one line of time -------------------------------------------------------------------------------------------------


def test_what_was_done_and_what_was_said_stand_in_one_line_of_time(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    app.clock.forward(minutes=1)
    assert write(buyer, lot, "Is it new?").headers["location"] == f"/auction/{lot}#talk"
    app.clock.forward(minutes=1)
    app.talking.write(SELLER, lot, "Yes, as new", (), "from the chat", app.now())
    app.clock.forward(minutes=1)
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    app.clock.forward(minutes=1)
    app.dealing.dispute(ANNA, lot, "it is used", app.now())
    assert lines(buyer, lot) == [
        "You paid ⭐ 500",
        "own: You Is it new?",
        "The seller Yes, as new Report",
        "The seller sent it",
        "You opened a dispute",
    ]
    assert lines(seller, lot) == [
        "The buyer paid ⭐ 500",
        "The buyer Is it new? Report",
        "own: You Yes, as new",
        "You sent it",
        "The buyer opened a dispute",
    ]
    app.dealing.withdraw(ANNA, lot, app.now())
    app.clock.forward(minutes=1)
    app.dealing.confirm(ANNA, lot, app.now())
    assert lines(buyer, lot)[-2:] == ["You opened a dispute", "The seller was paid"]


def test_what_the_site_takes_is_told_in_the_chat(app: FakeApp, lot: str, buyer: Client, seller: Client) -> None:
    write(buyer, lot, "from the site")
    app.run_streams()
    assert told(app, SELLER) == ["from the site"]
    assert told(app, ANNA) == []


def test_every_line_stands_on_one_page_and_the_newest_page_comes_first(app: FakeApp, lot: str, buyer: Client) -> None:
    for number in range(45):
        app.clock.forward(minutes=5)
        app.talking.write(SELLER, lot, f"word{number}", (), str(number), app.now())
        if number == 22:
            app.clock.forward(minutes=1)
            app.dealing.deliver(SELLER, lot, "the code", app.now())
    pages, address = [], f"/auction/{lot}"
    while address:
        shown = section(buyer.get(*address.removesuffix("#talk").split("?")[:1], **query_of(address)))
        pages.append(re.findall(r"word\d+|You paid|The seller sent it", shown))
        found = re.search(r'class="earlier"><a href="([^"]+)"', shown)
        address = found[1] if found else ""
    assert [line for page in reversed(pages) for line in page] == [
        "You paid", *(f"word{n}" for n in range(23)), "The seller sent it", *(f"word{n}" for n in range(23, 45)),
    ]  # fmt: skip
    assert "word44" in pages[0]
    assert len(pages) == 3


def query_of(address: str) -> dict[str, str]:
    found = re.search(r"below=(\d+)", address)
    return {"below": found[1]} if found else {}


@pytest.mark.parametrize("below", ["0", "-1", "x", "1" * 40, "٣"])
def test_a_page_that_is_none_is_answered_all_the_same(app: FakeApp, lot: str, buyer: Client, below: str) -> None:
    write(buyer, lot)
    assert buyer.get(f"/auction/{lot}", below=below).status == 200


def test_who_reads_it_is_said_once(app: FakeApp, lot: str, buyer: Client) -> None:
    for number in range(3):
        write(buyer, lot, str(number))
    assert text(buyer.get(f"/auction/{lot}")).count("an operator can read them only in a dispute") == 1


def test_what_leads_elsewhere_is_pointed_out_to_its_reader_alone(lot: str, buyer: Client, seller: Client) -> None:
    write(seller, lot, "call me: +7 912 345-67-89")
    assert CAREFUL in text(buyer.get(f"/auction/{lot}"))
    assert CAREFUL not in text(seller.get(f"/auction/{lot}"))


def test_marks_of_a_page_are_shown_as_they_were_typed(lot: str, buyer: Client, seller: Client) -> None:
    write(buyer, lot, "<script>alert(1)</script>\nline")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nline" in seller.get(f"/auction/{lot}").text


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_both_languages_have_all_of_it(app: FakeApp, lot: str, buyer: Client, language: str) -> None:
    buyer.post_form("/language", language=language)
    shown = section(buyer.get(f"/auction/{lot}"))
    assert ("Сообщение продавцу" in shown) == (language == "ru")


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_form_that_comes_twice_is_one_message_and_other_words_are_another(
    app: FakeApp, lot: str, buyer: Client
) -> None:
    for words in ("one", "one", "two"):
        assert write(buyer, lot, words, request_id="r").status == 303
    assert lines(buyer, lot)[1:] == ["own: You one", "own: You two"]


def test_each_form_has_a_number_of_its_own(lot: str, buyer: Client) -> None:
    numbers = {re.search(r'name="request_id" value="(\w+)"', section(buyer.get(f"/auction/{lot}"))) for _ in range(2)}
    assert len({found[1] for found in numbers if found}) == 2


@pytest.mark.parametrize(("length", "status"), [(TEXT_LENGTH, 303), (TEXT_LENGTH + 1, 422), (10_000, 422)])
def test_a_text_has_an_end_and_what_was_typed_stays(lot: str, buyer: Client, length: int, status: int) -> None:
    answer = write(buyer, lot, "я" * length)
    assert answer.status == status
    if status == 422:
        assert "я" * TEXT_LENGTH in answer.text
        assert 'id="text-fault"' in answer.text


@pytest.mark.parametrize("words", ["", "   ", "\u200b", "\r\n"])
def test_nothing_is_no_message(app: FakeApp, lot: str, buyer: Client, words: str) -> None:
    assert write(buyer, lot, words).status == 422
    assert lines(buyer, lot) == ["You paid ⭐ 500"]


def test_a_line_break_of_a_form_counts_once(lot: str, buyer: Client) -> None:
    assert write(buyer, lot, "\r\n".join("x" * (TEXT_LENGTH // 2))).status == 303


def test_photos_are_shown_to_the_two_and_to_nobody_else(app: FakeApp, lot: str, buyer: Client, seller: Client) -> None:
    answer = buyer.post_files(f"/auction/{lot}/message", [("a.png", png((30, 20)))], "pictures", text="look")
    assert answer.status == 303
    path = photo_of(seller, lot)
    for client in (buyer, seller):
        got = client.get(path, size="small")
        assert (got.status, got.headers["content-type"]) == (200, "image/jpeg")
        assert got.headers["cache-control"] == "private, no-store"
    for other in (Client(app), Client(app).log_in(BORIS), Client(app).log_in(ADMIN)):
        assert other.get(path).status == 404
    for wrong in (f"{path}?size=original", path[:-1] + "0" * 3, path.replace("/1/", "/2/"), path.replace("/1/", "/x/")):
        address, _, query = wrong.partition("?size=")
        assert seller.get(address, **({"size": query} if query else {})).status == 404
    app.clock.forward(days=PICTURES_LIFE.days + 1)
    seller.log_in(SELLER)
    assert seller.get(path).status == 404


def test_what_is_no_photo_is_refused_and_the_words_stay(app: FakeApp, lot: str, buyer: Client) -> None:
    answer = buyer.post_files(f"/auction/{lot}/message", [("a.png", b"not a picture")], "pictures", text="my words")
    assert answer.status == 422
    assert "my words" in answer.text
    assert "Choose them again" in answer.text
    assert lines(buyer, lot) == ["You paid ⭐ 500"]


def test_a_message_too_many_is_told_with_the_time_to_wait(lot: str, buyer: Client) -> None:
    for number in range(20):
        assert write(buyer, lot, str(number)).status == 303
    answer = write(buyer, lot, "one more")
    assert answer.status == 429
    assert answer.headers["retry-after"]
    assert "one more" in answer.text


def test_an_old_token_keeps_what_was_typed(lot: str, buyer: Client) -> None:
    answer = buyer.post_form(f"/auction/{lot}/message", csrf=False, csrf_token="old", text="my words")
    assert answer.status == 403
    assert "my words" in answer.text


# --- who and how long -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [BORIS, ADMIN])
def test_to_everybody_else_there_is_none_of_it(app: FakeApp, lot: str, buyer: Client, who: int) -> None:
    write(buyer, lot, "a secret")
    other = Client(app).log_in(who)
    assert 'id="talk"' not in other.get(f"/auction/{lot}").text
    assert write(other, lot).status == 404
    assert other.get(f"/auction/{lot}/messages").status == 404
    assert other.get(f"/auction/{lot}/message/1/report").status == 404
    assert other.post_form(f"/auction/{lot}/message/1/report", reason="spam").status == 404
    assert lines(buyer, lot) == ["You paid ⭐ 500", "own: You a secret"]


def test_a_guest_is_led_to_a_login_or_finds_nothing(app: FakeApp, lot: str) -> None:
    guest = Client(app)
    assert 'id="talk"' not in guest.get(f"/auction/{lot}").text
    assert guest.get(f"/auction/{lot}/messages").status == 404
    assert guest.get(f"/auction/{lot}/message/1/report").headers["location"].startswith("/login")


def test_a_lot_without_a_deal_has_no_messages(app: FakeApp, seller: Client) -> None:
    lot = put_up(app).auction.id
    assert 'id="talk"' not in seller.get(f"/auction/{lot}").text
    assert write(seller, lot).status == 404
    assert seller.get(f"/auction/{lot}/messages").status == 404


def test_after_the_end_they_write_for_some_days_and_read_for_longer(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    write(buyer, lot, "words")
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    assert "You can write to each other until" in text(buyer.get(f"/auction/{lot}"))
    app.clock.forward(seconds=int(GRACE.total_seconds()) - 1)
    assert write(buyer.log_in(ANNA), lot, "in time").status == 303
    app.clock.forward(seconds=1)
    late = write(buyer, lot, "late")
    assert (late.status, "late" in late.text) == (409, True)
    shown = section(buyer.get(f"/auction/{lot}"))
    assert "The deal ended too long ago" in shown
    assert "<form" not in shown
    assert "hx-get" not in shown
    app.clock.forward(days=LIFE.days - GRACE.days)
    assert lines(seller.log_in(SELLER), lot) == ["The buyer paid ⭐ 500", "You sent it", "You got ⭐ 475"]


def test_who_is_blocked_reads_and_does_not_write(app: FakeApp, lot: str, seller: Client) -> None:
    write(seller, lot, "words")
    block(app, ANNA)
    buyer = Client(app).log_in(ANNA)
    assert "words" in section(buyer.get(f"/auction/{lot}"))
    assert "<form" not in section(buyer.get(f"/auction/{lot}"))
    answer = write(buyer, lot)
    assert answer.status == 403
    assert "Your account is blocked" in text(answer)
    unblock(app, ANNA)
    assert write(Client(app).log_in(ANNA), lot).status == 303


def test_who_writes_is_told_that_the_other_side_cannot_be_reached(app: FakeApp, lot: str, buyer: Client) -> None:
    block(app, SELLER)
    write(buyer, lot)
    assert "the other side cannot answer it at present" in text(buyer.get(f"/auction/{lot}"))
    unblock(app, SELLER)
    app.people.mark_unreachable(SELLER)
    write(buyer, lot)
    assert "The other side has stopped the bot" in text(buyer.get(f"/auction/{lot}"))


# --- what is new ------------------------------------------------------------------------------------------------------


def test_an_open_page_gets_what_is_new_and_nothing_while_there_is_none(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    url = f"/auction/{lot}/messages"
    first = buyer.get(url)
    tag = first.headers["etag"]
    assert f'data-etag="{tag.replace(chr(34), "&#34;")}"' in first.text
    assert f'data-etag="{tag.replace(chr(34), "&#34;")}"' in buyer.get(f"/auction/{lot}").text
    assert buyer.get(url, headers={"if-none-match": tag}).status == 304
    write(seller, lot, "news")
    after = buyer.get(url, headers={"if-none-match": tag})
    assert after.status == 200
    assert "news" in after.text
    assert after.headers["etag"] != tag


def test_it_costs_a_page_one_query_and_a_look_for_news_two_reads(app: FakeApp, lot: str, buyer: Client) -> None:
    write(buyer, lot)
    app.store.trips.clear()
    buyer.get(f"/auction/{lot}")
    assert [trip for trip in app.store.trips if "talk" in trip] == ["talk messages"]
    app.store.trips.clear()
    buyer.get(f"/auction/{lot}/messages")
    assert app.store.trips == ["lot+person+wallet", "talk messages"]


# --- reporting --------------------------------------------------------------------------------------------------------


def test_a_message_is_reported_once_by_its_receiver(app: FakeApp, lot: str, buyer: Client, seller: Client) -> None:
    write(seller, lot, "pay me direct")
    write(seller, lot, "other words")
    url = f"/auction/{lot}/message/1/report"
    page = buyer.get(url)
    assert "pay me direct" in page.text
    assert "other words" not in page.text
    for _ in range(2):
        answer = buyer.post_form(url, reason="fraud")
        assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
    assert "An operator reads this message" in text(buyer.get(f"/auction/{lot}"))
    reported = lines(buyer, lot)[1]
    assert reported.startswith(f"The seller pay me direct {CAREFUL}")
    assert reported.endswith("You have reported this message.")
    assert "You have reported" not in text(seller.get(f"/auction/{lot}"))
    (ticket,) = app.tickets.of(ANNA, app.now()).items
    (message,) = app.tickets.messages(ticket.id, app.now()).items
    assert message.text.startswith(f"I report message 1 in the deal about “A key” (lot {lot}): fraud")
    assert buyer.get(url).status == 303


@pytest.mark.parametrize("number", ["2", "0", "x", "1" * 30])
def test_what_is_not_there_is_not_reported(app: FakeApp, lot: str, buyer: Client, seller: Client, number: str) -> None:
    write(seller, lot)
    url = f"/auction/{lot}/message/{number}/report"
    assert buyer.get(url).status == 404
    assert buyer.post_form(url, reason="spam").status == 404


def test_nobody_reports_their_own_words_and_a_report_has_a_reason(lot: str, buyer: Client, seller: Client) -> None:
    write(seller, lot)
    assert seller.get(f"/auction/{lot}/message/1/report").status == 404
    assert seller.post_form(f"/auction/{lot}/message/1/report", reason="spam").status == 404
    for reason in ("", "x"):
        answer = buyer.post_form(f"/auction/{lot}/message/1/report", reason=reason)
        assert answer.status == 422
        assert 'id="reason-fault"' in answer.text
