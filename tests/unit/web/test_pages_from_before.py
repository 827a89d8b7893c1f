"""A page that was open while its person logged in again: its forms count on. Where one cannot, what is typed stays."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer

from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market
from tests.support.fakes import FakeApp
from tests.support.web import FORM, Answer, Client, init_data, png, widget_query
from web.kernel.session import SESSION_COOKIE, Session, csrf_token, read_session, unmasked, write_session


@pytest.fixture
def app() -> FakeApp:
    return market(ANNA, BORIS)[0]


@pytest.fixture
def lot(app: FakeApp) -> str:
    return next(iter(app.store.tables.auctions))


def enters(browser: Client, user_id: int, name: str = "Anna") -> Answer:
    """A press of the chat's button that opens the site: a fresh proof each time."""
    browser.app.clock.forward(seconds=1)  # type: ignore[attr-defined]
    answer = browser.get("/login/telegram", **widget_query(browser.app, id=user_id, first_name=name))
    assert answer.status == 303
    return answer


def enters_by_mini_app(browser: Client, user_id: int) -> None:
    browser.app.clock.forward(seconds=1)  # type: ignore[attr-defined]
    proof = init_data(browser.app, {"id": user_id, "first_name": "Anna"})
    assert browser.post_form("/login/webapp", csrf=False, init_data=proof).status == 200


def shown(browser: Client, path: str) -> str:
    """The token of the page that a tab shows."""
    return token_of(browser.get(path))


def token_of(page: Answer) -> str:
    meta: str
    (meta,) = re.findall(r'<meta name="csrf-token" content="([^"]+)"', page.text)
    assert set(re.findall(r'name="csrf_token" value="([^"]+)"', page.text)) == {meta}
    return meta


def bids(browser: Client, lot: str, token: str, amount: object = 500, **headers: str) -> Answer:
    path = f"/auction/{lot}/bid"
    return browser.post_form(path, csrf=False, csrf_token=token, amount=amount, card_version=1, headers=headers)


# --- tokens that count on ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [enters, enters_by_mini_app], ids=["widget", "mini app"])
def test_the_bid_of_a_page_open_before_its_person_logged_in_again_counts(
    app: FakeApp, lot: str, again: Callable[[Client, int], None]
) -> None:
    browser = Client(app)
    enters(browser, ANNA)
    token, before = shown(browser, f"/auction/{lot}"), browser.cookies[SESSION_COOKIE]
    for _ in range(3):
        again(browser, ANNA)
    assert browser.cookies[SESSION_COOKIE] != before
    assert bids(browser, lot, token).status == 303
    assert app.store.auction(lot).leader_id == ANNA


def test_so_does_one_of_a_session_from_before_there_were_lineages(app: FakeApp, lot: str) -> None:
    browser, secret = Client(app), app.settings.secret_key
    payload = {"u": ANNA, "t": int(app.now().timestamp() * 1000), "n": "an-old-nonce", "f": 0}
    serializer = URLSafeSerializer(secret, salt="starbid.session", signer_kwargs={"digest_method": hashlib.sha256})
    browser.cookies[SESSION_COOKIE] = str(serializer.dumps(payload))
    token = shown(browser, f"/auction/{lot}")
    assert unmasked(token) == csrf_token("an-old-nonce", secret)
    enters(browser, ANNA)
    assert bids(browser, lot, token).status == 303


def test_scripts_of_such_a_page_go_on_too(app: FakeApp, lot: str) -> None:
    browser = Client(app)
    enters(browser, ANNA)
    token = shown(browser, f"/auction/{lot}")
    enters(browser, ANNA)
    headers = {"x-csrf-token": token, "content-type": "application/json"}
    assert browser.send("POST", f"/api/v1/auctions/{lot}/bids", "", headers, b'{"amount": 500}').status == 201


def test_a_cookie_from_before_a_login_is_worth_nothing_once_its_browser_is_logged_out(app: FakeApp, lot: str) -> None:
    browser = Client(app)
    enters(browser, ANNA)
    token, thief = shown(browser, f"/auction/{lot}"), Client(app)
    thief.cookies = dict(browser.cookies)
    enters(browser, ANNA)
    assert browser.post_form("/logout", csrf=False, csrf_token=token).status == 303
    answer = bids(thief, lot, token)
    assert (answer.status, answer.headers["location"]) == (303, f"/login?next=%2Fauction%2F{lot}")
    assert app.store.auction(lot).bids_count == 0


# --- tokens that do not -----------------------------------------------------------------------------------------------


def after_another_took_over(browser: Client, lot: str) -> str:
    token = shown(browser, f"/auction/{lot}")
    question = browser.get("/login/telegram", **widget_query(browser.app, id=BORIS, first_name="Boris"))
    form = question.text.split('action="/login/telegram"')[1].replace("&amp;", "&")
    fields: dict[str, Any] = dict(re.findall(r'name="(proof|next)" value="([^"]*)"', form))
    assert browser.post_form("/login/telegram", csrf=False, csrf_token=token, **fields).status == 303
    return token


def after_logging_out_and_in_as_another(browser: Client, lot: str) -> str:
    token = shown(browser, f"/auction/{lot}")
    assert browser.post_form("/logout", csrf=False, csrf_token=token).status == 303
    enters(browser, BORIS, "Boris")
    return token


def after_logging_out_and_in(browser: Client, lot: str) -> str:
    token = shown(browser, f"/auction/{lot}")
    assert browser.post_form("/logout", csrf=False, csrf_token=token).status == 303
    enters(browser, ANNA)
    return token


def after_ending_all_sessions(browser: Client, lot: str) -> str:
    """Ended by the person in this very browser, as somebody else may have seen its pages."""
    token = shown(browser, f"/auction/{lot}")
    assert browser.post_form("/settings/sessions", csrf=False, csrf_token=token).status == 303
    return token


def after_ending_all_sessions_elsewhere(browser: Client, lot: str) -> str:
    token = shown(browser, f"/auction/{lot}")
    browser.app.people.end_sessions(ANNA, browser.app.now())
    enters(browser, ANNA)
    return token


def of_another_person(browser: Client, lot: str) -> str:
    other = Client(browser.app)
    enters(other, CLARA, "Clara")
    return shown(other, f"/auction/{lot}")


def of_the_same_person_elsewhere(browser: Client, lot: str) -> str:
    """A browser that was never this one: what its pages hold is not known here."""
    other = Client(browser.app)
    enters(other, ANNA)
    return shown(other, f"/auction/{lot}")


def of_a_guest(browser: Client, lot: str) -> str:
    """From before the login: anybody may have planted a guest's cookie, and know its token."""
    browser.cookies.clear()
    token = shown(browser, f"/auction/{lot}")
    enters(browser, ANNA)
    return token


def made_up(browser: Client, lot: str) -> str:
    """By somebody who knows how a token is made, but no secret."""
    return csrf_token(Session.begin(ANNA, browser.app.now()).lineage, "a guess")


REFUSED = [
    after_another_took_over, after_logging_out_and_in_as_another, after_logging_out_and_in, after_ending_all_sessions,
    after_ending_all_sessions_elsewhere, of_another_person, of_the_same_person_elsewhere, of_a_guest, made_up,
]  # fmt: skip


@pytest.mark.parametrize("token_from", REFUSED, ids=lambda how: how.__name__)
def test_no_other_token_counts_and_what_was_typed_stays(
    app: FakeApp, lot: str, token_from: Callable[[Client, str], str]
) -> None:
    browser = Client(app)
    join(app, CLARA, stars=1000)
    enters(browser, ANNA)
    token = token_from(browser, lot)
    refused = bids(browser, lot, token, "457")
    assert refused.status == 403
    assert app.store.auction(lot).bids_count == 0
    assert "This page was out of date, so nothing was done." in refused.text
    assert 'id="amount"' in refused.text
    assert 'value="457"' in refused.text
    fresh = token_of(refused)
    assert fresh != token
    assert bids(browser, lot, fresh, "457").status == 303
    assert app.store.auction(lot).bids_count == 1


def test_in_place_the_box_is_shown_again_with_the_token_that_counts(app: FakeApp, lot: str) -> None:
    browser = Client(app)
    enters(browser, ANNA)
    refused = bids(browser, lot, "old", "457", **{"hx-request": "true", "x-csrf-token": "old"})
    assert refused.status == 403
    assert 'id="box"' in refused.text
    assert 'value="457"' in refused.text
    assert bids(browser, lot, token_of(refused), "457", **{"hx-request": "true"}).status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
    ],
)
def test_what_another_site_sent_is_not_put_into_our_form(app: FakeApp, lot: str, headers: dict[str, str]) -> None:
    browser = Client(app)
    enters(browser, ANNA)
    refused = bids(browser, lot, "x", "9457", **headers)
    assert refused.status == 403
    assert "9457" not in refused.text
    for own in (
        {"sec-fetch-site": "same-origin"},
        {"origin": app.settings.base_url},
        {"origin": "http://127.0.0.1:8000"},
    ):
        assert 'value="457"' in bids(browser, lot, "x", "457", **own).text


def test_somebody_who_is_nobody_is_shown_the_way_and_nothing_typed(app: FakeApp, lot: str) -> None:
    for browser in (Client(app), Client(app).log_in(ANNA)):
        if browser.session:
            app.people.end_sessions(ANNA, app.now())
        refused = bids(browser, lot, "x", "9457")
        assert refused.status == 403
        assert "9457" not in refused.text
        assert f'href="/login?next=/auction/{lot}"' in refused.text


# --- everything that people type --------------------------------------------------------------------------------------


def test_the_texts_of_a_deal_stay(app: FakeApp, lot: str) -> None:
    app.bidding.bid(lot, ANNA, 500, app.now())
    app.clock.forward(days=4)
    app.closing.close(lot, app.now())
    seller, buyer = Client(app).log_in(SELLER), Client(app).log_in(ANNA)

    def typed(client: Client, what: str, **fields: Any) -> str:
        answer = client.post_form(f"/auction/{lot}/{what}", csrf=False, csrf_token="x", **fields)
        assert answer.status == 403
        assert "This page was out of date, so nothing was done." in answer.text
        return answer.text

    assert "\nThe <code>".replace("<", "&lt;").replace(">", "&gt;") in typed(seller, "deliver", text="The <code>")
    page = typed(buyer, "dispute", text="Not what it was\r\nsaid to be")
    assert "\nNot what it was\nsaid to be" in page
    assert '<details class="sure" id="dispute" open>' in page
    app.dealing.deliver(SELLER, lot, "Here", app.now())
    typed(buyer, "confirm")
    app.dealing.confirm(ANNA, lot, app.now())
    page = typed(buyer, "rate", stars="4", text="Good, but late")
    assert "\nGood, but late" in page
    assert 'value="4" required checked' in page


def test_a_lot_that_was_filled_in_stays(app: FakeApp, lot: str) -> None:
    seller = Client(app).log_in(SELLER)
    fields = {"title": "A lamp of brass", "description": "Gives light.", "start_price": "4321", "request_id": "r-77"}
    for path in ("/new_auction", f"/auction/{lot}/edit"):
        answer = seller.post_files(path, [("a.png", png())], **fields, csrf_token="x")
        assert answer.status == 403
        assert "This page was out of date, so nothing was done." in answer.text
        for typed in ("A lamp of brass", "Gives light.", "4321"):
            assert typed in answer.text
        assert "Choose them again" in answer.text
    assert 'name="request_id" value="r-77"' in seller.post_files("/new_auction", [], **fields, csrf_token="x").text
    assert not app.pictures.uploads, "nothing is kept for a form that proves nothing"
    stranger = Client(app).log_in(ANNA).post_form(f"/auction/{lot}/edit", csrf=False, title="A lamp of brass")
    assert (stranger.status, "A lamp of brass" in stranger.text) == (403, False)


def test_what_is_bought_named_and_reasoned_stays(app: FakeApp, lot: str) -> None:
    admin_id = next(iter(app.settings.business.admin_ids))
    join(app, admin_id)
    anna, admin = Client(app).log_in(ANNA), Client(app).log_in(admin_id)
    forms: tuple[tuple[Client, str, dict[str, Any]], ...] = (
        (anna, "/buy_stars", {"amount": "4321", "next": "/auction/abc"}),
        (anna, "/settings/tokens", {"name": "My 4321 program"}),
        (anna, "/settings/zone", {"zone": "Asia/4321"}),
        (anna, "/settings/quiet", {"begins": "4321", "ends": "08:00"}),
        (admin, f"/auction/{lot}/cancel", {"reason": "Stolen, 4321"}),
    )
    for client, path, fields in forms:
        answer = client.post_form(path, csrf=False, **fields)
        assert answer.status == 403
        assert "4321" in answer.text
        assert "This page was out of date, so nothing was done." in answer.text
        token_of(answer)
    assert 'value="/auction/abc"' in anna.post_form("/buy_stars", csrf=False, amount="1", next="/auction/abc").text


def test_a_form_above_the_limit_keeps_its_words_too(app: FakeApp) -> None:
    seller = Client(app).log_in(SELLER)
    answer = seller.post_files("/new_auction", [("big.png", b"\xff" * 4_300_000)], title="A lamp", description="Light")
    assert answer.status == 413
    assert "A lamp" in answer.text
    assert "more than 4 MB in all" in answer.text
    assert 'id="images"' in answer.text
    assert seller.post_files("/subscribe", [("big.png", b"\xff" * 4_300_000)]).status == 413
    guest = Client(app).send("POST", "/new_auction", "", {"content-type": FORM}, b"title=" + b"x" * 4_300_000)
    assert guest.status == 413


def test_a_session_written_again_says_the_same(app: FakeApp) -> None:
    session = Session.begin(ANNA, app.now(), framed=True, lineage="the first")
    value = write_session(session, "secret")
    assert read_session(value, "secret", app.now()) == session
    assert len(value) < 250
