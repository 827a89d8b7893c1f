"""Files that a seller hands over, for a day of the market (test_permissions): in the chat, on the site, and erased."""

from __future__ import annotations

import notifier.sender
from starbid.services.notices.deals import DELIVERED
from starbid.services.ports import Notice
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import ENVIRONMENT
from tests.support.handed import document, photo
from tests.support.moto_market import Market
from tests.support.records import batch, message
from tests.support.web import Client

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])


def files_of_a_deal(market: Market) -> None:
    app, lot = market.app, market.sold()
    market.telegram.files["handed"] = b"content"
    market.press(SELLER, f"d:deliver:{lot}")
    handed = document()["document"] | {"file_id": "handed"}
    market.update(SELLER, message={"document": handed, "caption": "the password", "message_id": 5})
    market.update(SELLER, message=photo() | {"message_id": 6})
    mark = app.file_delivery.aside(SELLER, lot, app.now()).mark
    market.press(SELLER, f"df:more:{lot}:1")
    market.press(SELLER, f"df:ok:{lot}:{mark}:1")
    assert app.store.deal(lot).files == 2
    told = batch(message(Notice("n:files", ANNA, DELIVERED.name, lot, {})))
    assert market.call("SenderFunction", notifier.sender.lambda_handler, told) == {"batchItemFailures": []}
    market.press(ANNA, f"d:read:{lot}")
    assert len(market.telegram.called("sendDocument")) == 2
    with market.record.of("WebFunction"):
        anna = Client(app).log_in(ANNA)
        assert "name.zip" in anna.get(f"/auction/{lot}").text
        for _ in range(2):
            assert "goods/" in anna.get(f"/auction/{lot}/files/1").headers["location"]
        assert Client(app).log_in(BORIS).get(f"/auction/{lot}/files/1").status == 404
    app.dealing.dispute(ANNA, lot, "it is empty", app.now())
    market.press(ADMIN, f"df:get:{lot}")
    with market.record.of("WebFunction"):
        assert "goods/" in Client(app).log_in(ADMIN).get(f"/auction/{lot}/files/1").headers["location"]
    assert len(app.audit_trail.entries(action="read-files").items) == 2
    app.dealing.withdraw(ANNA, lot, app.now())
    market.press(ANNA, f"d:CONFIRM:{lot}")
    assert len(app.deal_files.of(lot, app.now())) == 2
    _uploaded(market)


def _uploaded(market: Market) -> None:
    """On the site: the bot sends it with its notice, and once more."""
    app, lot = market.app, market.sold()
    with market.record.of("WebFunction"):
        seller = Client(app).log_in(SELLER)
        assert seller.post_files(f"/auction/{lot}/deliver", [("b.txt", b"uploaded")], "files", text="").status == 303
    told = batch(message(Notice("n:uploads", ANNA, DELIVERED.name, lot, {})))
    before = len(market.telegram.called("sendDocument"))
    assert market.call("SenderFunction", notifier.sender.lambda_handler, told) == {"batchItemFailures": []}
    market.press(ANNA, f"df:get:{lot}")
    assert len(market.telegram.called("sendDocument")) == before + 2
    with market.record.of("WebFunction"):
        assert "goods/" in Client(app).log_in(ANNA).get(f"/auction/{lot}/files/1").headers["location"]


def files_are_erased(market: Market) -> None:
    """By the sweep of a day that is more than a month later."""
    assert market.app.deal_files.due(market.app.now(), 9) == []
