"""Every page of the site, as each kind of visitor sees it in each state, in both languages."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from PIL import Image

from starbid.domain.people import LANGUAGES
from tests.e2e import desk_pages, finding_pages, mail_pages
from tests.e2e.client import Person
from tests.e2e.town import LOT, Town, bid

OPERATOR = 14
DAY = 86_400
KINDS: dict[str, dict[str, Any]] = {
    "dutch": {"type": "dutch", "start_price": 1000, "floor_price": 700, "drop_amount": 100, "drop_seconds": 60},
    "sealed": {"type": "sealed", "start_price": 100},
    "vickrey": {"type": "vickrey", "start_price": 100},
}
SELLING = {"title": "A web lot", "description": "d", "start_price": "10", "duration_seconds": "600"}
Seen = dict[str, str]


class Walk:
    """Goes through the town and keeps each page under a name: `visitor path (state), language`."""

    def __init__(self, town: Town) -> None:
        self.town, self.seen = town, Seen()
        self.nobody = {code: town.visitor() for code in LANGUAGES}
        for code, web in self.nobody.items():
            web.headers["accept-language"] = code
        self.operator = Person(town.stack, town.bot, OPERATOR, "Olga")
        self.newcomer = Person(town.stack, town.bot, 15, "Nina")
        for person in (self.operator, self.newcomer):
            person.says("/start")
            person.logs_in()

    def looks(self, *visits: tuple[Person | None, str], state: str = "") -> None:
        """A visit is by somebody, or by nobody, to a path."""
        for code in LANGUAGES:
            for visitor in {person.id: person for person, _ in visits if person}.values():
                assert visitor.posts("/language", {"language": code}).status_code == 303
            for person, path in visits:
                web = person.web if person else self.nobody[code]
                self._keep(web.get(path, follow_redirects=True), person, f"{path} {state}".strip(), code)

    def is_refused(self, person: Person, path: str, form: Mapping[str, Any], **more: Any) -> None:
        """What a form answers that has a fault, or asks about once more."""
        for code in LANGUAGES:
            assert person.posts("/language", {"language": code}).status_code == 303
            answer = person.posts(path, dict(form), **more)
            assert answer.status_code != 303, path
            self._keep(answer, person, f"{path} refused {len(self.seen)}", code)

    def _keep(self, answer: httpx.Response, person: Person | None, what: str, code: str) -> None:
        assert answer.headers["content-type"].startswith("text/html"), what
        assert answer.status_code < 500, (what, answer.status_code)
        self.seen[f"{person.name if person else 'Nobody'} {what}, {code}"] = answer.text


def put_up(town: Town, **terms: Any) -> str:
    lot = {name: value for name, value in LOT.items() if name != "bid_step"} | {"duration_seconds": 600}
    answer = town.seller.calls("/auctions", lot | terms)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def every_page(town: Town) -> Seen:
    walk = Walk(town)
    _without_lots(walk)
    _forms(walk)
    mail_pages.visit(walk)
    _bills(walk)
    _helper(walk)
    _lots_on_sale(walk)
    _deals(walk)
    _panel(walk)
    return walk.seen


def _without_lots(walk: Walk) -> None:
    for person in (None, walk.newcomer, walk.town.seller):
        walk.looks(*((person, path) for path in ("/", "/new_auction", "/nowhere")), state="at first")
    own = ("/my/bids", "/my/auctions", "/watchlist", "/wallet", "/profile", "/achievements", "/subscribe")
    sifted = ("/my/bids?show=won", "/wallet?sort=sales&days=30")
    settings = ("/settings", "/settings/delete", "/settings/export")
    walk.looks(
        *(
            (walk.newcomer, path)
            for path in (*own, *sifted, *settings, "/buy_stars", "/topup", "/wallet/payout", "/wallet/payments")
        ),
        state="at first",
    )
    walk.looks((walk.town.anna, "/new_auction"), (walk.town.anna, "/subscribe"), state="without a subscription")
    fixed = (
        "/help",
        "/help/buying",
        "/help/selling",
        "/help/fees",
        "/help/safety",
        "/terms",
        "/privacy",
        "/support",
        "/login",
        "/login?next=/wallet",
        "/login?framed=1",
        "/login/code",
    )
    walk.looks(*((None, path) for path in fixed))
    walk.looks((None, "/?framed=1"), (None, "/?q=nothing&min_price=x&category=art"))


def _forms(walk: Walk) -> None:
    anna, seller = walk.town.anna, walk.town.seller
    files = [("images", ("a.png", _photo(40), "image/png"))]
    for kind in ("english", "dutch", "sealed"):
        faulty = SELLING | {"type": kind, "title": "", "start_price": "x", "floor_price": "9", "reserve_price": "1"}
        walk.is_refused(seller, "/new_auction", faulty, files=files)
    walk.is_refused(anna, "/buy_stars", {"amount": "x"})
    walk.is_refused(anna, "/settings", {"language": "xx"})
    walk.is_refused(anna, "/settings/zone", {"zone": "Atlantis"})
    walk.is_refused(anna, "/settings/tokens", {"name": ""})
    _leaving(walk)
    walk.is_refused(walk.newcomer, "/subscribe", {"request_id": "r"})
    for code, web in walk.nobody.items():
        page = web.get("/login").text
        token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
        begun = web.post("/login/code/begin", data={"csrf_token": token, "next": "/"}, follow_redirects=True)
        walk.seen[f"Nobody /login/code begun, {code}"] = begun.text
        wrong = web.post(
            "/login/code", data={"csrf_token": token, "code": begun.url.params.get("code", ""), "pin": "1"}
        )
        walk.seen[f"Nobody /login/code wrong, {code}"] = wrong.text
    made = anna.posts("/settings/tokens", {"name": "A robot"})
    walk.seen["Anna /settings with a new token, en"] = made.text
    bought = anna.posts("/buy_stars", {"amount": "100"})
    walk.seen["Anna /buy_stars with an invoice, en"] = bought.text
    order = bought.text.partition("/buy_stars/")[2].partition("?")[0]
    walk.looks((anna, f"/buy_stars/{order}?amount=100&next=/wallet"), state="waiting")
    _receipts(walk)


def _leaving(walk: Walk) -> None:
    """The file of one's own data, and the end of the account, which is taken back."""
    anna, newcomer = walk.town.anna, walk.newcomer
    walk.is_refused(anna, "/settings/delete", {})
    walk.is_refused(anna, "/settings/delete", {"sure": "1"})
    assert newcomer.posts("/settings/export", {}).status_code == 303
    walk.looks((newcomer, "/settings/export"), (newcomer, "/settings/export/progress"), state="asked for")
    walk.town.stack.advance(0)
    walk.looks((newcomer, "/settings/export"), state="made")
    assert newcomer.posts("/settings/delete", {"sure": "1"}).status_code == 303
    walk.looks((newcomer, "/settings/delete"), (newcomer, "/"), state="leaving")
    assert newcomer.posts("/settings/delete/undo", {}).status_code == 303


def _receipts(walk: Walk) -> None:
    """The list, a receipt, a reason that says nothing, and a request under review."""
    anna = walk.town.anna
    receipt = anna.web.get("/wallet/payments").text.partition('href="/wallet/payments/')[2].partition('"')[0]
    path = f"/wallet/payments/{receipt}"
    walk.looks((anna, "/wallet/payments"), (anna, path))
    walk.is_refused(anna, f"{path}/refund", {"reason": ""})
    assert anna.posts(f"{path}/refund", {"reason": "By mistake"}).status_code == 303
    walk.looks((anna, path), state="asked back")


def _bills(walk: Walk) -> None:
    """At the local provider: the form's faults, and a bill in each state that a person may meet it in."""
    nina, stack = walk.newcomer, walk.town.stack

    def ask(amount: str) -> str:
        answer = nina.posts("/topup", {"amount": amount, "provider": "qiwi"})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def at_the_provider(action: str, **form: str) -> None:
        newest = nina.web.get("/_local/pay/bills").json()[0]["number"]
        assert stack.request("POST", f"/_local/pay/bills/{newest}/{action}", form=form)[0] in (200, 303)

    walk.is_refused(nina, "/topup", {"amount": "x", "provider": "qiwi"})
    walk.is_refused(nina, "/topup", {"amount": "500"})
    cancelled = ask("300")
    assert nina.posts(f"{cancelled}/cancel").status_code == 303
    different = ask("400")
    at_the_provider("say", status="paid", amount="399.00")
    expired = ask("450")
    at_the_provider("expire")
    paid = ask("500")
    at_the_provider("pay")
    waiting = ask("600")
    assert nina.posts(f"{waiting}/check").status_code == 303
    walk.looks((nina, waiting), state="checked")
    at_the_provider("say", status="ON_HOLD")
    walk.is_refused(nina, "/topup", {"amount": "700", "provider": "qiwi"})
    pages = {"cancelled": cancelled, "different": different, "expired": expired, "paid": paid, "waiting": waiting}
    for state, path in pages.items():
        walk.looks((nina, path), state=state)
    walk.looks((nina, "/wallet"), (nina, "/topup?amount=500"), state="with bills")


def _helper(walk: Walk) -> None:
    """The AI helper, from the first visit to an answer, with the stand-in model behind it."""
    nina, town = walk.newcomer, walk.town
    walk.looks((None, "/assistant"), (nina, "/assistant"), (nina, "/assistant/packs"), state="at first")
    walk.is_refused(nina, "/assistant", {"text": "Why?", "request_id": "r0"})
    assert nina.posts("/assistant/consent", {"given": "1"}).status_code == 303
    walk.looks((nina, "/assistant"), (nina, "/settings"), state="agreed")
    walk.is_refused(nina, "/assistant", {"text": "Why?", "request_id": "r0"})
    assert nina.posts("/assistant/trial").status_code == 303
    tasks = ("/assistant", "/assistant?task=listing", "/assistant?task=reply", "/profile")
    walk.looks(*((nina, path) for path in tasks), state="trying")
    walk.is_refused(nina, "/assistant", {"text": ""})
    walk.is_refused(nina, "/assistant/packs", {"pack": "200", "how": "wallet"})
    walk.is_refused(nina, "/assistant/packs", {"pack": "10", "how": "telegram"})
    drafted = _asked(walk, {"text": "An old lamp, works", "task": "listing"})
    walk.looks((nina, f"/new_auction?suggestion={drafted}"), state="proposed")
    answered = _asked(walk, {"text": "How does this work?"})
    walk.looks((nina, f"/assistant/live?id={answered}"), state="over")
    town.stack.request("POST", "/_local/openai/", form={"what": "401", "until": "next"})
    failed = _asked(walk, {"text": "And now?"})
    walk.looks((nina, f"/assistant/live?id={failed}"), state="failed")
    walk.looks((nina, "/assistant"), (nina, "/assistant/clear"), state="with a history")


def _asked(walk: Walk, form: Mapping[str, str]) -> str:
    """The id of Nina's question, once it is over."""
    answer = walk.newcomer.posts("/assistant", {**form, "request_id": f"r{len(walk.seen)}"})
    assert answer.status_code == 303, answer.text
    asked = str(answer.headers["location"]).partition("#q-")[2]
    path = f"/assistant/live?id={asked}"
    walk.looks((walk.newcomer, path), state="open")
    until = time.monotonic() + 60
    while "hx-retarget" not in walk.newcomer.web.get(path).headers:
        assert time.monotonic() < until, "no answer"
        time.sleep(0.2)
    return asked


def _photo(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, 30), "red").save(out, "PNG")
    return out.getvalue()


def _lots_on_sale(walk: Walk) -> None:
    town = walk.town
    anna, boris, seller = town.anna, town.boris, town.seller
    english = put_up(town, buy_now_price=5000, reserve_price=400, title="A clock of the sea")
    money = {"goods": "physical", "currency": "RUB", "start_price": 50_000, "buy_now_price": 90_000}
    roubles = put_up(town, title="A lamp to hold", **money)
    lots = {kind: put_up(town, title=f"A {kind} lamp", **terms) for kind, terms in KINDS.items()}
    later = put_up(town, title="A lamp of tomorrow", starts_at=_tomorrow(town))
    town.stack.advance(0)
    fresh = [f"/auction/{lot}" for lot in (english, later, roubles, *lots.values())]
    for person in (None, anna, seller):
        walk.looks(*((person, path) for path in fresh), state="fresh")
    walk.looks((walk.newcomer, fresh[0]), (walk.operator, fresh[0]), state="fresh")
    walk.looks((seller, f"/auction/{later}/edit"), *((seller, f"/auction/{lot}/edit") for lot in lots.values()))
    walk.is_refused(anna, f"/auction/{english}/bid", {"amount": "1"})
    walk.is_refused(anna, f"/auction/{english}/bid", {"amount": "9000"})
    for lot in (english, lots["sealed"], lots["vickrey"]):
        assert bid(anna, lot, 300).status_code == 201
        assert bid(boris, lot, 500).status_code == 201
        assert anna.posts(f"/auction/{lot}/watch", {"watch": "1"}).status_code == 303
    town.stack.advance(0)
    paths = [f"/auction/{lot}" for lot in (english, lots["sealed"], lots["vickrey"])]
    for person in (None, anna, boris, seller):
        walk.looks(*((person, path) for path in paths), state="with bids")
    walk.looks((anna, f"/auction/{english}/live"), (None, f"/auction/{english}/verify"))
    lists = (
        "/", "/my/bids", "/my/auctions?show=live", "/watchlist", "/watchlist?show=live&sort=added", "/wallet?days=30",
        "/profile", "/achievements", "/settings",
    )  # fmt: skip
    for person in (anna, seller):
        walk.looks(*((person, path) for path in lists), state="busy")
    finding_pages.visit(walk, english)
    public = f"/u/{seller.lot(english)['seller_id']}"
    walk.looks((None, "/"), (None, "/?q=lamp&type=sealed"), (None, public), state="busy")


def _tomorrow(town: Town) -> str:
    return datetime.fromtimestamp(town.seller.now() + DAY, UTC).isoformat()


def _deals(walk: Walk) -> None:
    town = walk.town
    anna, boris, seller = town.anna, town.boris, town.seller
    unsold = put_up(town, title="A lamp nobody wants")
    sold, disputed, rated, chance = (put_up(town, title=f"A lamp to be {what}") for what in ("s", "d", "r", "c"))
    for lot in (sold, disputed, rated, chance):
        assert bid(boris, lot, 200).status_code == 201
        assert bid(anna, lot, 400).status_code == 201
    town.stack.advance(610)

    def look(state: str, *lots: str, by: tuple[Person | None, ...] = (anna, seller, None)) -> None:
        for person in by:
            walk.looks(*((person, f"/auction/{lot}") for lot in lots), state=state)

    look("over", unsold, sold)
    walk.is_refused(seller, f"/auction/{sold}/deliver", {"text": ""})
    for lot in (sold, disputed, rated):
        assert seller.posts(f"/auction/{lot}/deliver", {"text": "The code is 42"}).status_code == 303
    look("delivered", sold, by=(anna, seller))
    _talk(walk, sold)
    walk.is_refused(anna, f"/auction/{sold}/dispute", {"text": ""})
    no_photo = [("pictures", ("a.png", b"a text", "image/png"))]
    walk.is_refused(anna, f"/auction/{sold}/dispute", {"text": "Broken"}, files=no_photo)
    photos = [("pictures", (f"{side}.png", _photo(side), "image/png")) for side in (40, 41)]
    assert anna.posts(f"/auction/{disputed}/dispute", {"text": "It is dark"}, files=photos).status_code == 303
    look("disputed", disputed, by=(anna, seller, walk.operator))
    answer = seller.posts(f"/auction/{disputed}/answer", {"text": "It is day"}, files=photos)
    assert answer.status_code == 303
    look("answered", disputed, by=(anna, seller))
    assert anna.posts(f"/auction/{rated}/confirm").status_code == 303
    look("confirmed", rated, by=(anna, seller))
    for person in (anna, seller):
        assert person.posts(f"/auction/{rated}/rate", {"stars": "5", "text": "Good"}).status_code == 303
    look("rated", rated)
    public = f"/u/{seller.lot(rated)['seller_id']}"
    walk.looks((None, f"/auction/{rated}/verify"), (None, public), (None, f"{public}/reviews"), state="rated")
    for person in (anna, seller):
        walk.looks(
            *((person, path) for path in ("/my/bids", "/my/auctions", "/wallet", "/profile")), state="with deals"
        )
    town.stack.advance(14 * DAY + 60)
    look("not delivered", chance)
    assert seller.posts(f"/auction/{chance}/second_chance").status_code == 303
    look("offered again", chance, by=(boris, seller, None))


def _talk(walk: Walk, lot: str) -> None:
    """The two of a deal write to each other; one message is reported."""
    anna, seller, path = walk.town.anna, walk.town.seller, f"/auction/{lot}"
    photos = [("pictures", ("a.png", _photo(42), "image/png"))]
    assert anna.posts(f"{path}/message", {"text": "Is it https://lamps.example?"}, files=photos).status_code == 303
    assert seller.posts(f"{path}/message", {"text": "It is"}).status_code == 303
    walk.is_refused(anna, f"{path}/message", {"text": ""})
    walk.is_refused(seller, f"{path}/message/1/report", {"reason": ""})
    walk.looks((anna, path), (seller, path), (anna, f"{path}?below=2"), (anna, f"{path}/messages"), state="talked")
    walk.looks((seller, f"{path}/message/1/report"))
    assert seller.posts(f"{path}/message/1/report", {"reason": "spam"}).status_code == 303
    walk.looks((seller, path), state="reported")


def _panel(walk: Walk) -> None:
    """When all that was paid in is old enough to be paid out."""
    town = walk.town
    deal = put_up(town, title="A lamp to quarrel about")
    assert bid(town.anna, deal, 400).status_code == 201
    town.stack.advance(8 * DAY)
    assert town.seller.posts(f"/auction/{deal}/deliver", {"text": "The code is 42"}).status_code == 303
    assert town.anna.posts(f"/auction/{deal}/dispute", {"text": "It is dark"}).status_code == 303
    town.stack.advance(0)
    desk_pages.panel(walk, put_up(town, title="A lamp to look at", duration_seconds=3 * DAY), deal)
