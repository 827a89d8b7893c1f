"""Every kind of notice as a mail: whole in both parts and languages, with nobody's markup but ours."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from starbid.domain.people import LANGUAGES
from starbid.further.email.letters import letter_of
from starbid.further.email.links import EmailLinks
from starbid.further.markup import read_markup
from starbid.further.said import LONGEST_TITLE, said
from starbid.services import notices
from starbid.services.notices.switches import ONLY_IN_CHAT, SWITCHES_OF_FURTHER, switch_of
from starbid.services.ports import Letter, Notice
from starbid.storage.mails import written
from starbid.telegram.notices import Telling, wording
from starbid.telegram.tellings import Tellings
from tests.support.factories import ANNA, SELLER, person, wallet
from tests.support.fakes import START
from tests.unit.telegram.pieces import HORRID, SETTINGS, sold
from tests.unit.telegram.test_notices_in_words import FACTS

SIGNED = EmailLinks(lambda: "a key of sixteen letters", SETTINGS.base_url)
TELLINGS = Tellings(SETTINGS, lambda: START, lambda who, _: wallet(who, 750, 100))
CARRIED = tuple(kind for kind in notices.KINDS if kind not in ONLY_IN_CHAT)
ALONE = {"br", "meta", "img"}


def telling(kind: str, who: int = ANNA, code: str = "en", title: str = HORRID, facts: Any = None) -> Telling:
    made = sold((ANNA, 500))
    made = replace(made, card=replace(made.card, title=title, pictures=("abc123",)))
    notice = Notice("n1", who, kind, made.auction.id, facts or FACTS[kind])
    return TELLINGS.of(person(who, language=code), notice, made)


def letter(told: Telling) -> Letter:
    return letter_of(person(told.notice.user_id), "anna@example.org", told, SIGNED)


class Page(HTMLParser):
    """Tags that are all closed in order, and what they carry."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.targets: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") or name in ("class", "id") for name, _ in attrs), attrs
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", CARRIED)
@pytest.mark.parametrize("who", [ANNA, SELLER])
def test_every_notice_is_a_mail_that_can_be_sent(kind: str, code: str, who: int) -> None:
    made = letter(telling(kind, who, code))
    assert written(made, "notices@starbid.example")
    assert made.title == made.title.strip(" .:") != ""
    assert "\n" not in made.title
    assert len(made.title) <= LONGEST_TITLE
    page, text = Page(made.html), made.text
    assert page.seen <= {
        *("html", "head", "meta", "title", "body", "div", "table", "tr", "td", "p", "h1", "a", "img", "span", "br")
    }
    assert all(target.startswith(f"{SETTINGS.base_url}/") for target in page.targets), page.targets
    assert "<b>" not in made.html
    assert not re.search(r"&(lt|gt|amp|quot|#)|<(a|span|blockquote|code|pre)\b", text), text
    assert any("А" <= letter <= "я" for letter in made.title + text.split("--")[0]) == (code == "ru")


@pytest.mark.parametrize("code", LANGUAGES)
def test_both_parts_say_the_same(code: str) -> None:
    for kind in CARRIED:
        told = telling(kind, code=code, title="Ёж и <туман>")
        made, words = letter(told), said(told)
        shown = re.sub(r"\s+", " ", " ".join(Page(made.html).words))
        assert made.text.startswith(words.title)
        for line in words.lines:
            assert re.sub(r"\s+", " ", line).strip() in shown, (kind, line)
            assert line in made.text
        assert made.text.count(made.stop_url) == 1


def test_a_mail_says_why_it_came_and_leads_out_by_kind_and_altogether() -> None:
    made = letter(telling("outbid"))
    assert "You get this because “Outbid” is on in your e-mail settings." in made.text
    tokens = [SIGNED.read_stop(token) for token in re.findall(r"/email/stop\?t=(\S+)", made.text)]
    assert [token.switch for token in tokens] == [switch_of("outbid"), None]
    assert SIGNED.read_stop(made.stop_url.partition("?t=")[2]).switch is None
    always = letter(telling("reminded"))
    assert "You get this because you confirmed anna@example.org on Starbid." in always.text
    assert len(re.findall(r"/email/stop\?t=", always.text)) == 1


def test_every_switch_that_mail_has_ends_its_own_kind() -> None:
    switches = {switch_of(kind) for kind in CARRIED} - {None}
    assert switches == set(SWITCHES_OF_FURTHER)


def test_a_mail_leads_to_the_lot_and_shows_its_picture() -> None:
    told = telling("outbid", title="Ёж")
    made = letter(told)
    assert f'href="{SETTINGS.base_url}/auction/{told.lot.lot.auction.id}"' in made.html
    assert f'src="{SETTINGS.base_url}/pictures/abc123/medium"' in made.html
    assert 'alt="Ёж"' in made.html


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("credited", "/"), ("refunded", "/wallet"), ("subscription_ended", "/subscribe"),
        ("subscription_ending", "/subscribe"),
        ("payout_paid", "/wallet/payout"), ("achievement", "/achievements"), ("credits_changed", "/assistant"),
        ("bill_puzzling", f"/topup/{'0' * 32}"), ("email_stopped", "/settings#email"), ("operator_wrote", "/"),
        ("debt_offset", "/"),
    ],
)  # fmt: skip
def test_what_is_about_no_lot_leads_to_its_place_on_the_site(kind: str, path: str) -> None:
    notice = Notice("n1", ANNA, kind, None, FACTS[kind])
    assert said(TELLINGS.of(person(ANNA), notice, None)).url == f"{SETTINGS.base_url}{path}"


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "path"),
    [("talk_wrote", "/auction/lot1#talk"), ("ticket_answered", "/support/0123456789ab")],
)
def test_what_is_private_is_not_said_outside_the_chat_but_where_to_read_it(kind: str, path: str, code: str) -> None:
    told = telling(kind, code=code, title="Ёж", facts={**FACTS[kind], "text": "a secret"})
    if kind == "ticket_answered":
        told = replace(told, view=None)
    made = said(told)
    assert "a secret" in wording(told)[0]
    assert "a secret" not in " ".join((made.title, *made.lines, made.html, letter(told).text, letter(told).html))
    assert made.url == f"{SETTINGS.base_url}{path}"


def test_nobody_is_asked_to_answer_here_in_a_mail_that_nobody_reads() -> None:
    notice = Notice("n1", ANNA, "ticket_closed", None, FACTS["ticket_closed"])
    made = said(TELLINGS.of(person(ANNA), notice, None))
    assert made.url == f"{SETTINGS.base_url}/support/0123456789ab"
    assert "here" not in " ".join(made.lines)


@pytest.mark.parametrize(("searches", "path"), [(1, "/?q=lamp&sort=newest"), (2, "/my/searches")])
def test_several_found_lots_lead_to_what_their_search_finds(searches: int, path: str) -> None:
    group = {"query": {"q": "lamp"}, "lots": [["lot1", "A lamp", 330, "XTR", ""]] * 3}
    facts = {"searches": {f"{number:016}": group for number in range(searches)}}
    made = said(TELLINGS.of(person(ANNA), Notice("n1", ANNA, "found", None, facts), None))
    assert made.url == f"{SETTINGS.base_url}{path}"
    assert "“A lamp” · ⭐" in " ".join(made.lines)


def test_what_people_typed_stays_text() -> None:
    evil = '"><img src=x onerror=alert(1)><a href="https://evil.example">x</a>'
    made = letter(telling("disputed", facts={"text": evil}, title=evil))
    page = Page(made.html)
    assert not any("evil" in target for target in page.targets)
    assert "onerror" not in re.sub(r"&lt;.*?&gt;|&quot;.*?&gt;|alt=\"[^\"]*\"", "", made.html)
    assert evil in " ".join(page.words)


def test_a_first_line_too_long_for_a_subject_is_cut_there_and_whole_below() -> None:
    told = telling("second_chance", title="x" * 80)
    first = read_markup(wording(told)[0].partition("\n")[0]).plain.strip()
    made = said(told)
    assert len(first) > LONGEST_TITLE
    assert made.title.endswith("…")
    assert first in made.lines
