"""The pages as a careful or a hostile visitor meets them."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import re
import time
from itertools import count
from urllib.parse import urlencode

import pytest
from PIL import Image

from tests.e2e.client import Person, web_client
from tests.e2e.town import Page, Town
from tests.support.bot_server import TOKEN

PAGES = (
    "/", "/login", "/new_auction", "/profile", "/my/auctions", "/my/bids", "/wallet", "/settings",
    "/buy_stars", "/topup", "/subscribe", "/support", "/terms", "/privacy", "/nowhere",
)  # fmt: skip
NASTY = "<b>x</b>\"'><img src=x onerror=alert(1)><script>alert(2)</script>"
FORM = {"title": "A web lot", "description": "d", "start_price": "10", "duration_seconds": "600"}
_photos = count(1)


def signed(key: bytes, fields: dict[str, str]) -> dict[str, str]:
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return fields | {"hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}


def widget(person: Person, age: int = 0, secret: str = TOKEN) -> dict[str, str]:
    """The Login Widget's query, `age` seconds old; no two are the same, at whatever second they are made."""
    fields = {"id": str(person.id), "first_name": person.name, "auth_date": str(person.now() - age)}
    fields["photo_url"] = f"https://t.me/i/{next(_photos)}.jpg"
    return signed(hashlib.sha256(secret.encode()).digest(), fields)


def init_data(person: Person, secret: str = TOKEN) -> str:
    fields = {"user": json.dumps(person.account), "auth_date": str(person.now()), "query_id": "AAH"}
    return urlencode(signed(hmac.new(b"WebAppData", secret.encode(), hashlib.sha256).digest(), fields))


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (width, height), 128).save(buffer, kind)
    return buffer.getvalue()


def test_every_page_carries_the_token_and_every_form_too(town: Town) -> None:
    lot = town.publish(title=NASTY[:80], description=NASTY, buy_now_price=900)
    for web in (town.visitor(), town.anna.web, town.seller.web):
        for path in (*PAGES, f"/u/{town.seller.lot(lot)['seller_id']}", f"/auction/{lot}", f"/auction/{lot}/edit"):
            answer = web.get(path, follow_redirects=True)
            page = Page(answer.text)
            assert page.token, path
            assert all(form.fields.get("csrf_token") for form in page.forms if form.method == "post"), path
            assert page.inline == [], path


@pytest.mark.parametrize("given", [None, "", "wrong"])
def test_without_the_token_nothing_is_done(town: Town, given: str | None) -> None:
    lot = town.publish()
    fields = {} if given is None else {"csrf_token": given}
    for path in (f"/auction/{lot}/bid", "/subscribe", "/buy_stars", "/new_auction", "/settings", "/logout"):
        form = fields | {"amount": "100", "language": "ru", **FORM}
        assert town.anna.web.post(path, data=form).status_code == 403, path
    foreign = {"csrf_token": town.boris.token_of(), "amount": "100"}
    assert town.anna.web.post(f"/auction/{lot}/bid", data=foreign).status_code == 403
    assert town.anna.lot(lot)["bids_count"] == 0


def test_a_visitor_is_led_to_the_login_and_back(town: Town) -> None:
    visitor = town.visitor()
    assert visitor.get("/wallet").headers["location"] == "/login?next=%2Fwallet"
    token = Page(visitor.get("/").text).token
    answer = visitor.post("/auction/any/bid", data={"csrf_token": token, "amount": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fauction%2Fany")


def test_a_login_query_counts_once_and_for_a_day(town: Town) -> None:
    nina = Person(town.stack, town.bot, 30, "Nina")
    query = widget(nina)

    def status(query: dict[str, str]) -> int:
        return town.visitor().get("/login/telegram", params=query).status_code

    assert [status(query), status(query)] == [303, 403]
    assert status(widget(nina, age=86_390)) == 303
    ahead = max(0, nina.now() - int(time.time()))  # other tests moved the run's clock on; a login is dated by either
    assert status(widget(nina, age=86_410 + ahead)) == 403
    assert status(widget(nina, secret="2:other")) == 403
    assert status(widget(nina, age=5) | {"id": "11"}) == 403
    assert status(widget(nina, age=6) | {"extra": "1"}) == 403
    assert status({}) == 403


def test_a_link_of_another_person_asks_before_it_takes_the_place_of_who_is_logged_in(town: Town) -> None:
    paul, nina = Person(town.stack, town.bot, 32, "Paul"), Person(town.stack, town.bot, 30, "Nina")
    paul.logs_in()
    copy = web_client(town.stack.url, dict(paul.web.cookies))
    query = widget(nina, age=7)
    for _ in range(2):
        question = paul.web.get("/login/telegram", params=query)
        assert question.status_code == 200
        assert "Paul" in question.text
        assert "Nina" in question.text
    assert paul.web.get("/api/v1/me").json()["id"] == paul.id
    form = next(form for form in Page(question.text).forms if form.action == "/login/telegram")
    assert paul.web.post(form.action, data=form.fields | {"csrf_token": "x"}).status_code == 403
    assert paul.web.post(form.action, data=form.fields).status_code == 303
    assert paul.web.get("/api/v1/me").json()["id"] == nina.id
    assert copy.get("/api/v1/me").status_code == 401, "the session that was replaced is over"
    answer = paul.web.post("/login/webapp", data={"init_data": init_data(town.anna)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "other_account")


def test_who_logs_out_or_ends_the_other_sessions_leaves_no_cookie_that_works(town: Town) -> None:
    paul = Person(town.stack, town.bot, 33, "Pia")
    paul.logs_in()
    here, phone = paul.web, town.visitor()
    assert phone.get("/login/telegram", params=widget(paul, age=9)).status_code == 303
    copy = web_client(town.stack.url, dict(here.cookies))
    assert paul.posts("/settings/sessions").status_code == 303
    assert [web.get("/wallet").status_code for web in (here, phone, copy)] == [200, 303, 303]
    last = web_client(town.stack.url, dict(here.cookies))
    token = paul.token
    assert paul.posts("/logout").status_code == 303
    assert last.get("/wallet").status_code == 303
    assert last.post("/settings", data={"csrf_token": token, "language": "ru"}).headers["location"].startswith("/login")
    assert last.post("/api/v1/tokens", json={"name": "x"}, headers={"X-CSRF-Token": token}).status_code == 401


@pytest.mark.parametrize("as_json", [False, True])
def test_a_mini_app_logs_in_with_a_form_or_json(town: Town, as_json: bool) -> None:
    web = town.visitor()

    def status(proof: dict[str, str]) -> int:
        answer = web.post("/login/webapp", json=proof) if as_json else web.post("/login/webapp", data=proof)
        return answer.status_code

    assert status({"init_data": init_data(town.anna, "2:other")}) == 403
    assert status({}) == 403
    assert web.get("/api/v1/me").status_code == 401
    assert status({"init_data": init_data(town.anna)}) == 200
    assert web.get("/api/v1/me").json()["id"] == town.anna.id


def test_a_session_is_a_signed_cookie_that_scripts_cannot_read(town: Town) -> None:
    web = town.visitor()
    cookie = web.get("/login/telegram", params=widget(Person(town.stack, town.bot, 31, "Oleg"))).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=2592000" in cookie
    assert "Secure" not in cookie
    name, value = cookie.split(";")[0].split("=", 1)
    other = "A" if value[-9] != "A" else "B"
    for forged in (value[:-9] + other + value[-8:], value + "z", "x", ""):
        answer = town.visitor().get("/api/v1/me", headers={"Cookie": f"{name}={forged}"})
        assert answer.status_code == 401


def test_ten_times_the_least_bid_is_asked_about_first_and_only_on_the_page(town: Town) -> None:
    lot, other = town.publish(start_price=20), town.publish(start_price=20)
    answer = town.anna.posts(f"/auction/{lot}/bid", {"amount": "200"})
    assert town.anna.lot(lot)["bids_count"] == 0
    asked = next(form for form in Page(answer.text).forms if "confirmed" in form.fields)
    assert town.anna.web.post(asked.action, data=asked.fields).status_code == 303
    assert town.anna.lot(lot)["your_maximum"] == 200
    assert town.boris.calls(f"/auctions/{other}/bids", {"amount": 200}).status_code == 201
    town.stack.advance(602)


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "abc", "", "²", "٣3", "1e3", "9" * 40])
def test_an_amount_that_is_none_is_refused_beside_its_field(town: Town, amount: str) -> None:
    lot = town.publish()
    answer = town.anna.posts(f"/auction/{lot}/bid", {"amount": amount})
    assert answer.status_code == 422
    assert town.anna.lot(lot)["bids_count"] == 0


PICTURES = {
    "text": [b"hello, I am a text"],
    "cut off": [picture(300, 300, "JPEG")[:300]],
    "10 000 pixels square": [picture(10_000, 10_000)],
    "nine": [picture(20, 20)] * 9,
    "a GIF": [picture(20, 20, "GIF")],
    "eight of 40 megapixels": [picture(8000, 5000)] * 8,
}


@pytest.mark.parametrize("files", PICTURES.values(), ids=list(PICTURES))
def test_what_is_no_picture_for_a_lot_is_refused_with_words(town: Town, files: list[bytes]) -> None:
    sent = [("images", (f"{number}.jpg", data, "image/jpeg")) for number, data in enumerate(files)]
    answer = town.seller.posts("/new_auction", dict(FORM), files=sent)
    assert answer.status_code == 422
    assert "icture" in answer.text
    assert FORM["title"] in answer.text, "what was typed is still there"


@pytest.mark.parametrize("megabytes", [4.5, 7, 20])
def test_pictures_above_four_megabytes_in_all_are_413(town: Town, megabytes: float) -> None:
    sent = [("images", ("big.jpg", b"\xff" * int(megabytes * 1_000_000), "image/jpeg"))]
    assert town.seller.posts("/new_auction", dict(FORM), files=sent).status_code == 413


def test_eight_pictures_come_back_in_three_sizes_that_browsers_keep(town: Town) -> None:
    sent = [("images", (f"{n}.png", picture(2000, 1000), "image/png")) for n in range(8)]
    answer = town.seller.posts("/new_auction", dict(FORM), files=sent)
    page = town.anna.web.get(answer.headers["location"]).text
    ids = {part.split("/")[0] for part in page.split("/pictures/")[1:]}
    assert len(ids) == 8
    for size, side in (("small", 320), ("medium", 800), ("large", 1600)):
        shown = town.visitor().get(f"/pictures/{min(ids)}/{size}")
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert Image.open(io.BytesIO(shown.content)).size == (side, side // 2)


def test_a_photo_of_a_refused_form_waits_and_is_its_owner_s_until_a_lot_shows_it(town: Town) -> None:
    sent = [("images", ("a.png", picture(400, 300), "image/png"))]
    refused = town.seller.posts("/new_auction", {**FORM, "title": ""}, files=sent)
    (key,) = re.findall(r'name="uploads" value="([^"]+)"', refused.text)
    accepted = town.seller.posts("/new_auction/pictures", {"key": key}).json()
    assert town.seller.web.get(accepted["url"]).headers["cache-control"] == "private, no-store"
    assert town.anna.web.get(accepted["url"]).status_code == 404
    assert town.anna.posts("/new_auction/pictures", {"key": key}).status_code in (403, 422)
    for wrong in ("nosuchpicture", "0" * 16):
        answer = town.seller.posts("/new_auction", {**FORM, "pictures": wrong})
        assert answer.status_code == 422
        assert "photo 1" in answer.text
    assert town.seller.posts("/new_auction", {**FORM, "pictures": accepted["picture"]}).status_code == 303
    assert town.anna.web.get(accepted["url"]).status_code == 200


def test_a_step_of_a_deal_before_the_sale_is_refused_as_a_matter_of_state(town: Town) -> None:
    lot = town.publish()
    assert town.seller.posts(f"/auction/{lot}/deliver", {"text": "early"}).status_code == 409
    assert town.anna.posts(f"/auction/{lot}/confirm").status_code == 409
    assert town.anna.posts("/auction/nothing/confirm").status_code == 404
