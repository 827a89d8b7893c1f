"""A day of the AI helper, for its rights: what is asked in the chat and on the site, its worker, packs."""

from __future__ import annotations

from typing import Any

import assistant.app
import payments.app
from starbid.domain.assistant.question import Place, Question, Task
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Ailment, ModelTrouble
from tests.support.bot_pool import forbidden
from tests.support.desk import deciding, decision
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS, CLARA
from tests.support.moto_market import Market
from tests.support.records import batch, message
from tests.support.web import Client

DORA, EMMA = 7_801, 7_802


def helper(market: Market) -> None:
    """Asked in the chat: of nothing in particular, of a lot, of one that only who bid on it may see; then stopped,
    failed and asked again, cleared while it is answered, and told to somebody who has blocked the bot.
    """
    app = market.app
    for person in (DORA, EMMA):
        join(app, person, stars=100)
    with market.record.of("WebhookFunction"):
        _begin(market, DORA)
        app.buying.buy(DORA, 10, "pack", app.now())
    _answered(market, "How do I sell a lamp?")
    lot = put_up(app).auction.id
    hidden = put_up(app, start_price=5).auction.id
    for bidder, amount in ((DORA, 10), (ANNA, 20), (BORIS, 30), (CLARA, 40)):
        app.bidding.bid(hidden, bidder, amount, app.now(), confirmed=True)
    app.lot_acts.hide(deciding("It may be a fake", app.now()), hidden)
    for subject in (lot, hidden):
        _answered(market, "Is it of brass?", Task.LOT, subject)
    failed = _failing(market)
    with market.record.of("WebhookFunction"):
        again = app.asking.ask_again(market.app.store.person(DORA), failed.id, "again", app.now(), Place.CHAT)
        app.asking.stop(DORA, again.id)
    _work(market, {"user_id": DORA, "question_id": again.id})
    _cleared_meanwhile(market)
    _packs_used_up(market)
    market.telegram.fail("sendMessage", forbidden(), times=9)
    _answered(market, "Are you there?")
    market.telegram.heal()
    assert app.store.person(DORA, consistent=True).unreachable


def helper_on_the_site(market: Market) -> None:
    """The answer is shown while it grows. Of another question the worker dies, and is called again."""
    app = market.app
    with market.record.of("WebFunction"):
        emma = Client(app).log_in(EMMA)
        assert emma.post_form("/assistant/consent", given=1).status == 303
        assert emma.post_form("/assistant/trial").status == 303
        asked = _asked_on_the_site(emma, "And on the site?")

    def look() -> None:
        with market.record.of("WebFunction"):
            assert "It is" in emma.get("/assistant/live", id=asked).text

    app.language_model.says("It is ", look, "there.")
    _work(market, {"user_id": EMMA, "question_id": asked})
    app.language_model.says(ModelTrouble(Ailment.REFUSED, "401"))
    with market.record.of("WebFunction"):
        assert "there." in emma.get("/assistant/live", id=asked).text
        failing = _asked_on_the_site(emma, "Why?")
    market.clock.forward(minutes=2)
    market.call("AssistantFunction", assistant.app.lambda_handler, {"sweep": True})
    _work(market, {"user_id": EMMA, "question_id": failing})
    with market.record.of("WebFunction"):
        assert emma.post_form("/assistant/retry", id=failing, request_id="again").status == 303
        open_id = app.questions.account(EMMA).open.id
        assert emma.post_form("/assistant/stop", id=open_id).status == 303
        assert emma.post_form("/assistant/packs", pack=10, how="wallet", request_id="pack").status == 303
        assert emma.post_form("/assistant/packs", pack=10, how="telegram").status == 200
        for path in ("/assistant", "/assistant/history.txt", "/api/v1/assistant/messages"):
            assert "site?" in emma.get(path).text
        assert emma.get(f"/api/v1/assistant/messages/{asked}").json["status"] == "done"
        assert emma.post("/api/v1/assistant/update_credits", {"user_id": EMMA, "change": 1}).status == 403
        assert emma.post_form("/assistant/clear").status == 303
    app.language_model.says("An answer.")
    _work(market, {"user_id": EMMA, "question_id": open_id})


def _asked_on_the_site(browser: Client, text: str) -> str:
    answer = browser.post_form("/assistant", text=text, request_id=text)
    assert answer.status == 303, answer.text
    return answer.headers["location"].partition("#q-")[2]


def packs(market: Market) -> None:
    """Paid for by an invoice: one that Telegram reports, one that it only lists, one that it takes back."""
    app = market.app
    with market.record.of("WebhookFunction"):
        orders = [app.paying.order_pack(EMMA, 10, app.now()) for _ in range(2)]
    for number, (_, payload) in enumerate(orders):
        market.moved("source", EMMA, f"pack {number}", 20, payload)
    market.moved("receiver", EMMA, "pack 1", 20)
    market.clock.forward(days=1)
    market.call("PaymentsFunction", payments.app.lambda_handler, {"job": "reconcile"})
    assert [app.store.charge(f"pack {number}").state for number in range(2)] == ["credited", "refunded"]
    assert app.questions.account(EMMA).credits == 20
    with market.record.of("WebFunction"):
        app.buying.change(EMMA, -10, decision(app))
        app.buying.change(EMMA, 5, decision(app, reason="more"))


def _begin(market: Market, person: int) -> None:
    app = market.app
    app.asking.consent(person, app.now(), given=True)
    app.asking.start_trial(app.store.person(person), app.now())
    assert app.asking.standing(app.store.person(person), app.now()).left == 10


def _ask(market: Market, text: str, task: Task = Task.QUESTION, subject: str = "") -> Question:
    market.clock.forward(minutes=1)
    with market.record.of("WebhookFunction"):
        wish = Wish(text, Place.CHAT, task, subject)
        person, app = market.app.store.person(DORA), market.app
        asked: Question = app.asking.ask(person, wish, f"{text}{subject}", app.now())
    return asked


def _answered(market: Market, text: str, task: Task = Task.QUESTION, subject: str = "") -> None:
    asked = _ask(market, text, task, subject)
    _work(market, {"user_id": DORA, "question_id": asked.id})
    assert market.app.asking.question(DORA, asked.id)[0].answer, (text, subject)


def _failing(market: Market) -> Question:
    market.app.language_model.says(ModelTrouble(Ailment.REFUSED, "401"))
    asked = _ask(market, "Why?")
    _work(market, {"user_id": DORA, "question_id": asked.id})
    return asked


def _cleared_meanwhile(market: Market) -> None:
    app = market.app

    def clear() -> None:
        with market.record.of("WebhookFunction"):
            app.asking.clear(DORA, app.now())

    app.language_model.says("It is ", clear, "cleared.")
    asked = _ask(market, "What was that?")
    _work(market, {"user_id": DORA, "question_id": asked.id})
    app.language_model.says("Once more.")
    _work(market, {"user_id": DORA, "clear": True})
    assert not app.questions.asked(DORA, "").items


def _packs_used_up(market: Market) -> None:
    """The trial first, then the pack, whose last answer ends it."""
    app = market.app
    while app.asking.standing(market.app.store.person(DORA), app.now()).left > 1:
        _answered(market, f"And {app.questions.account(DORA).version}?")
    _answered(market, "And the last?")
    assert app.questions.account(DORA).packs == ()
    with market.record.of("WebhookFunction"):
        app.buying.buy(DORA, 10, "another", app.now())


def _work(market: Market, body: dict[str, Any]) -> None:
    event = batch(message(body, queue="AssistantQueue"))
    answer = market.call("AssistantFunction", assistant.app.lambda_handler, event)
    assert answer == {"batchItemFailures": []}
