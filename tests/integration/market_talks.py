"""What the two sides of a deal write to each other, for a day of the market (test_permissions)."""

from __future__ import annotations

import notifier.sender
from starbid.bootstrap import App
from starbid.services.notices.talks import UNDELIVERED, WROTE
from starbid.services.ports import Notice
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import Market
from tests.support.records import batch, message
from tests.support.web import Client, png

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])


def _on_the_site(app: App, lot: str) -> None:
    anna, seller = Client(app).log_in(ANNA), Client(app).log_in(SELLER)
    path = f"/auction/{lot}/message"
    assert anna.post_files(path, [("a.png", png((35, 20)))], "pictures", text="From the site").status == 303
    assert "From the site" in seller.get(f"/auction/{lot}/messages").text
    (photo,) = app.talking.message(SELLER, lot, 3, app.now()).pictures
    assert seller.get(f"{path}/3/photos/{photo}").status == 200
    assert seller.post_form(f"{path}/3/report", reason="spam").status == 303


def talks(market: Market) -> None:
    app, lot = market.app, market.sold()
    market.telegram.files |= {f"talkphoto{number}": png((30 + number, 20)) for number in range(2)}
    market.press(ANNA, f"dm:say:{lot}")
    market.update(ANNA, message={"text": "Is it new?"})
    market.press(ANNA, f"dm:say:{lot}")
    for number in range(2):
        photo = {"file_id": f"talkphoto{number}", "file_unique_id": "t", "width": 90, "height": 67}
        market.update(ANNA, message={"photo": [photo], "media_group_id": "talk", "caption": "Like this"})
    facts = {"buyer_id": ANNA, "number": 2, "away": False}
    market.clock.forward(seconds=4)
    told = [Notice("talk:2", SELLER, WROTE.name, lot, facts), Notice("talk:lost", ANNA, UNDELIVERED.name, lot, {})]
    handler = notifier.sender.lambda_handler
    assert market.call("SenderFunction", handler, batch(*map(message, told))) == {"batchItemFailures": []}
    assert market.telegram.called("sendMediaGroup")
    for asked in (f"list:{lot}", f"list:{lot}:2", f"pics:{lot}:2", f"rp:{lot}:1", f"rp:{lot}:1:fraud"):
        market.press(SELLER, f"dm:{asked}")
    found = app.talking.messages(SELLER, lot, app.now())
    assert [(each.number, len(each.pictures), each.fault) for each in found] == [(2, 2, ""), (1, 0, "fraud")]
    app.dealing.dispute(ANNA, lot, "it is old", app.now())
    with market.record.of("WebFunction"):
        _on_the_site(app, lot)
        admin = Client(app).log_in(ADMIN)
        assert admin.get(f"/admin/deals/{lot}").status == 200
        read = admin.post_form(f"/admin/deals/{lot}/messages", reason="To settle the dispute")
        assert "Is it new?" in read.text
        assert admin.get(f"/admin/deals/{lot}/messages/2/{found[0].pictures[0]}").status == 200
