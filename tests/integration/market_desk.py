"""A day at the operators' desk: what people report, what operators do with lots and disputes."""

from __future__ import annotations

from typing import Any

from tests.support.dynamo import put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import Market
from tests.support.web import Client

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])


def lots_at_the_desk(market: Market) -> None:
    app = market.app
    lots = [put_up(app, buy_now_price=400).auction.id for _ in range(4)]
    market.press(BORIS, f"rp:{lots[0]}:fraud")
    market.update(ADMIN, message={"text": "/admin"})
    app.bidding.buy(lots[3], ANNA, 400, app.now())
    app.dealing.dispute(ANNA, lots[3], "it never came", app.now())
    with market.record.of("WebFunction"):
        anna, operator = Client(app).log_in(ANNA), Client(app).log_in(ADMIN)
        for lot in lots[:2]:
            assert anna.post_form(f"/auction/{lot}/report", reason="fraud", text="A copy").status == 303
        for path in ("lots", f"lots?seller={SELLER}", f"lots/{lots[0]}", "reports", "deals", "deals?state=open",
                     "deals?state=refunded", f"deals/{lots[3]}"):  # fmt: skip
            assert operator.send("GET", *f"/admin/{path}".partition("?")[::2]).status == 200, path
        for lot, act in ((lots[0], "dismiss"), (lots[0], "hide"), (lots[0], "show"), (lots[1], "cancel")):
            assert operator.post_form(f"/admin/lots/{lot}/{act}", reason="I looked at it").status == 303, act
        bulk: dict[str, Any] = {"act": "move", "lots": [lots[0], lots[2]], "category": "games", "reason": "Toys"}
        assert operator.post_form("/admin/lots/bulk", **bulk).status == 303
        assert operator.post_form(f"/admin/lots/{lots[2]}/hide", reason="A fake").status == 303
        assert anna.get(f"/auction/{lots[2]}").status == 404
        assert operator.post_form(f"/admin/deals/{lots[3]}/settle", to="buyer", reason="It is so").status == 303
