"""The stand-in of a language model behind the site of a local run, as the product's own adapter hears it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from werkzeug.test import Client

from local.openai.app import PREFIX, LocalModel
from local.openai.manners import TROUBLES
from local.server import Server
from local.site import MODEL, Site
from starbid.language_model.openai_compatible import OpenAiCompatible
from starbid.services.ports.language_model import Ailment, Ending, Speaker, Turn
from tests.integration.language_model.conftest import LONG, SHORT, Heard, hear
from tests.support.fake_clock import FakeClock

PROMPT = (Turn(Speaker.SYSTEM, "You help."), Turn(Speaker.USER, "Что такое бумажный змей?"))


@dataclass
class Place:
    """The stand-in; a slow one is `quiet` until the test is over."""

    url: str
    pages: Client
    quiet: threading.Event

    def model(self, *, stall: float = LONG, first: float = LONG) -> OpenAiCompatible:
        base = f"{self.url}{PREFIX}/v1"
        return OpenAiCompatible(
            base, "any", lambda: None, first_byte_seconds=first, stall_seconds=stall, most_tokens=900
        )

    def tell(self, what: str) -> None:
        assert self.pages.post(f"{PREFIX}/", data={"what": what, "pause": "0"}).status_code == 303

    def hear(self, what: str, *, seconds: float = LONG, stall: float = LONG, first: float = LONG) -> Heard:
        self.tell(what)
        return hear(self.model(stall=stall, first=first), seconds, PROMPT)


@pytest.fixture
def place() -> Iterator[Place]:
    server, quiet = Server(0, tell=False), threading.Event()

    def wait(seconds: float) -> None:
        quiet.wait(seconds if seconds < 1 else LONG if seconds > 1 else 0.01)

    model = LocalModel(site_url=server.url, wait=wait, silence=LONG)
    site = Site(lambda *_: [], FakeClock(), {MODEL: model.wsgi})  # type: ignore[arg-type]
    server.serve(site)
    yield Place(server.url, Client(site), quiet)
    quiet.set()
    server.close()


def test_its_words_come_one_by_one_and_are_counted(place: Place) -> None:
    heard = place.hear("good")
    assert len(heard.pieces) > 30
    assert "модель-заглушка" in heard.text
    assert "Что такое бумажный змей?" in heard.text
    assert heard.written.ending is Ending.COMPLETE
    assert not heard.usage.is_estimated
    assert heard.usage.answer > 100


def test_the_first_word_is_there_before_the_last(place: Place) -> None:
    place.tell("stall")
    with place.model().write(PROMPT, LONG) as written:
        assert next(written) == "##"
        assert not place.quiet.is_set()


GOOD_ENOUGH = {"long": Ending.COMPLETE, "length": Ending.CUT, "filter": Ending.WITHHELD, "not-done": Ending.COMPLETE}


@pytest.mark.parametrize("what", [*GOOD_ENOUGH, "whole"])
def test_an_odd_answer_is_one(place: Place, what: str) -> None:
    heard = place.hear(what)
    assert heard.written.ending is GOOD_ENOUGH.get(what, Ending.COMPLETE)
    assert "заглушка" in heard.text
    assert (len(heard.text.encode()) >= 100_000) is (what == "long")
    assert (len(heard.pieces) == 1) is (what == "whole")
    assert place.hear("good").text, "the next one is good"


BAD = {
    "broken": Ailment.BROKEN,
    "cut": Ailment.BROKEN,
    "empty": Ailment.EMPTY,
    "401": Ailment.REFUSED,
    "429": Ailment.BUSY,
    "429-date": Ailment.BUSY,
    "500": Ailment.BROKEN,
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_answer_is_trouble(place: Place, what: str) -> None:
    heard = place.hear(what)
    assert heard.wrong.ailment is BAD[what]
    assert (heard.pieces != ()) is (what in ("broken", "cut"))
    assert place.hear("good").written.ending is Ending.COMPLETE, "the next one is good"


def test_it_says_how_long_it_wants_to_rest(place: Place) -> None:
    assert place.hear("429").wrong.retry_after == 7
    until = place.hear("429-date").wrong.retry_after
    assert until is not None
    assert 0 <= until <= 7


@pytest.mark.parametrize(
    ("what", "waits"),
    [
        ("slow", {"first": SHORT}),
        ("stall", {"stall": 5 * SHORT}),
        ("drip", {"seconds": 5 * SHORT}),
        ("slow", {"seconds": SHORT}),
    ],
)
def test_a_slow_one_is_not_waited_for(place: Place, what: str, waits: dict[str, float]) -> None:
    heard = place.hear(what, **waits)
    assert heard.wrong.ailment is Ailment.SLOW
    assert (heard.pieces != ()) is (what != "slow")


def test_every_trouble_of_the_page_is_tried_here() -> None:
    assert {*GOOD_ENOUGH, *BAD, "good", "whole", "slow", "stall", "drip"} == set(TROUBLES)


def test_a_slow_answer_keeps_nobody_else_waiting(place: Place) -> None:
    """The functions of the run ask it from the process that serves it."""
    place.tell("slow")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(hear, place.model(), LONG, PROMPT)
        while place.pages.get(f"{PREFIX}/").text.count("Nothing for a minute") > 1:
            assert not waiting.done()
        assert "заглушка" in hear(place.model(), LONG, PROMPT).text
        assert not waiting.done()
        place.quiet.set()
        assert "заглушка" in waiting.result().text


def test_a_page_of_another_site_tells_it_nothing(place: Place) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        assert place.pages.post(f"{PREFIX}/", data={"what": "500"}, headers=headers).status_code == 403
        assert place.pages.post(f"{PREFIX}/v1/chat/completions", json={}, headers=headers).status_code == 403
    assert "It answers every question." in place.pages.get(f"{PREFIX}/").text
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert place.pages.get(f"{PREFIX}/", headers=link).status_code == 200


def test_who_leaves_in_the_middle_leaves_no_traceback(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    """As a person who stops an answer does. Servers of other tests in this process may still keep connections open."""
    before = {*threading.enumerate()}
    place.tell("drip")
    with place.model().write(PROMPT, LONG) as pieces:
        assert next(piece for piece in pieces if piece)
    until = time.monotonic() + LONG
    while any("process_request_thread" in thread.name for thread in {*threading.enumerate()} - before):
        assert time.monotonic() < until, "the stand-in writes on"
        time.sleep(0.01)
    assert "Traceback" not in capfd.readouterr().err
