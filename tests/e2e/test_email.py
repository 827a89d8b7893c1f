"""E-mail in a run of the product: an address, a notice as a mail, the ways out of it, and a bounce."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from tests.e2e.client import Person
from tests.e2e.town import Page, Town, bid

BOX = "/_local/mail"


def mails(town: Town) -> list[dict[str, Any]]:
    """Newest first, once everything is sent."""
    town.stack.advance(0)
    return list(json.loads(town.visitor().get(f"{BOX}/mails.json").text))


def link(mail: dict[str, Any], path: str) -> str:
    found = re.search(rf"{re.escape(path)}\?t=\S+", mail["text"])
    assert found, mail["text"]
    return found[0]


def sets_up(town: Town, person: Person, address: str) -> None:
    assert person.posts("/settings/email", {"email": address}).status_code == 303
    reader = town.visitor()  # in whose browser nobody is logged in
    page = Page(reader.get(link(mails(town)[0], "/email/confirm")).text)
    form = next(form for form in page.forms if form.action == "/email/confirm")
    assert reader.post("/email/confirm", data=form.fields).status_code == 200


def hears_bids(person: Person) -> None:
    """By e-mail, and nothing else there."""
    page = Page(person.web.get("/settings").text)
    form = next(form for form in page.forms if form.action == "/settings/notices")
    answer = person.web.post("/settings/notices", data=form.fields | {"on": "email:outbid"})
    assert answer.status_code == 303, answer.text


def has(person: Person, address: str) -> bool:
    return address in person.web.get("/settings").text


def test_the_whole_way_of_an_address(town: Town) -> None:
    anna = town.anna
    sets_up(town, anna, "Anna+bids@example.org")
    assert has(anna, "Anna+bids@example.org")
    before = len(mails(town))
    anna.buys_stars(50, "charge-by-mail")
    told = mails(town)
    assert len(told) == before + 1
    assert "50" in told[0]["subject"]
    assert told[0]["to"] == "Anna+bids@example.org"
    assert told[0]["headers"]["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"

    (stop,) = re.findall(r"<https?://[^/]+(/email/stop\?t=[^>]+)>", told[0]["headers"]["list-unsubscribe"])
    scanner = town.visitor()
    for path in (stop, link(told[0], "/email/stop")):
        assert scanner.get(path).status_code == 200
    assert has(anna, "Anna+bids@example.org")
    for _ in range(2):
        assert httpx.post(f"{town.stack.url}{stop}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not has(anna, "Anna+bids@example.org")
    assert httpx.post(f"{town.stack.url}{stop[:-1]}").status_code == 400
    anna.buys_stars(50, "charge-after-mail")
    assert len(mails(town)) == before + 1


@pytest.mark.parametrize(
    ("what", "about", "stays"),
    [("transient", "", True), ("bounce", "other@example.org", True), ("bounce", "", False), ("complaint", "", False)],
)
def test_a_report_from_the_mail_box_goes_through_the_function(town: Town, what: str, about: str, stays: bool) -> None:
    boris, address = town.boris, f"boris.{what}{len(about)}@example.org"
    sets_up(town, boris, address)
    boris.buys_stars(5, f"charge-{what}-{about}")
    mail = mails(town)[0]
    assert mail["to"] == address
    heard = len(town.bot.messages_to(boris.id))
    answer = town.visitor().post(f"{BOX}/{mail['number']}/report", data={"what": what, "about": about})
    assert answer.status_code == 303
    assert "MailReportsFunction took it" in town.visitor().get(f"{BOX}/{mail['number']}").text
    town.stack.advance(0)
    assert has(boris, address) == stays
    told = [text for text in town.bot.messages_to(boris.id)[heard:] if "bo…@example.org" in text]
    assert len(told) == (0 if stays else 1)


def test_a_mail_box_that_fails_is_told_of_and_then_the_mail_comes(town: Town) -> None:
    sets_up(town, town.seller, "sofia@example.org")
    box = town.visitor()
    assert box.post(f"{BOX}/trouble", data={"what": "busy", "calls": "4"}).status_code == 303
    answer = town.seller.posts("/settings/email", {"email": "sofia2@example.org"})
    assert answer.status_code == 503
    box.post(f"{BOX}/trouble", data={"what": "refused", "calls": "1"})
    assert town.seller.posts("/settings/email", {"email": "sofia3@example.org"}).status_code == 422
    before = len(mails(town))
    box.post(f"{BOX}/trouble", data={"what": "suspended", "calls": "1"})
    town.seller.buys_stars(7, "charge-late-mail")
    assert len(mails(town)) == before
    town.stack.advance(1_000)
    assert len(mails(town)) == before + 1


def test_an_outbid_is_mailed_with_the_lot_behind_it(town: Town) -> None:
    sets_up(town, town.anna, "anna@example.org")
    hears_bids(town.anna)
    lot = town.publish(title="Outbid by mail")
    assert bid(town.anna, lot, 150).status_code == 201
    assert bid(town.boris, lot, 300).status_code == 201
    mail = next(
        each for each in mails(town) if each["to"] == "anna@example.org" and "Outbid by mail" in each["subject"]
    )
    assert f"/auction/{lot}" in mail["text"]
    page = town.visitor().get(f"{BOX}/{mail['number']}/html")
    assert "sandbox" in page.headers["content-security-policy"]
    assert f"/auction/{lot}" in page.text
