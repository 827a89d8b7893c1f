"""Drafts of lots, kept by the server; and the one step that tops up, subscribes and publishes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.errors import SubscriptionRequired
from starbid.domain.limits import LIMITS, Deed
from starbid.domain.money import XTR
from tests.support.factories import ANNA, BORIS, SELLER, fields, join, put_up, xtr
from tests.support.factories import pay as put_in
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.fiat import owe, rub
from tests.support.selling import lots, pictures, uploaded
from tests.support.web import Answer, Client, png

TYPED: dict[str, Any] = {"title": "A lamp of mine", "description": "It gives <light>.\nStill.", "start_price": "120"}


@pytest.fixture
def app() -> FakeApp:
    made = make_app()
    join(made, ANNA)
    return made


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def form(client: Client) -> str:
    return client.get("/new_auction").text


def is_kept(client: Client) -> bool:
    page = form(client)
    return 'value="A lamp of mine"' in page and "It gives &lt;light&gt;." in page and "Continue your draft" in page


def order_of(answer: Answer) -> str:
    found = re.search(r'hx-get="/buy_stars/([0-9a-f]{16})', answer.text)
    assert found, answer.text
    return found[1]


def payload_of(app: FakeApp, order_id: str) -> str:
    return next(payload for order, payload in app.stars.links if order.id == order_id)


def pay(app: FakeApp, order_id: str, stars: int, charge: str = "c1") -> None:
    app.paying.credit(ANNA, charge, payload_of(app, order_id), stars, XTR, app.now())


def topping_up(client: Client, stars: int = 150, **changes: Any) -> Answer:
    return client.post_form("/new_auction", request_id="r1", top_up=str(stars), **fields(**changes))


def test_what_was_typed_is_kept_whatever_publishing_lacked_and_the_reason_is_told(app: FakeApp, anna: Client) -> None:
    refused = anna.post_form("/new_auction", **fields(**TYPED))
    assert refused.status == 403
    assert "Selling needs a subscription: 30 days for ⭐\u202f100. What you typed is kept." in refused.text
    assert "Top up ⭐\u202f150 and publish" in refused.text
    assert "Top up ⭐\u202f100 and publish" in refused.text
    assert is_kept(anna)


@pytest.mark.parametrize("wrong", [{"duration_seconds": "5"}, {"images": "x", "pictures": "nosuchpicture"}])
def test_a_fault_in_the_form_loses_nothing_either(app: FakeApp, wrong: dict[str, Any]) -> None:
    join(app, BORIS, seller=True)
    boris = Client(app).log_in(BORIS)
    assert boris.post_form("/new_auction", **fields(**TYPED) | wrong).status == 422
    assert is_kept(boris)


def test_a_draft_is_saved_as_typed_and_by_the_button_without_scripts(app: FakeApp, anna: Client) -> None:
    quiet = anna.post_form("/new_auction/draft", quiet="1", request_id="r1", **TYPED)
    assert (quiet.status, quiet.body) == (204, b"")
    assert is_kept(anna)
    anna.post_form("/new_auction/draft/discard")
    pressed = anna.post_form("/new_auction/draft", request_id="r1", **TYPED)
    assert (pressed.status, pressed.headers["location"]) == (303, "/new_auction")
    assert is_kept(anna)
    assert 'name="request_id" value="r1"' in form(anna)


def test_what_a_browser_could_not_send_then_is_kept_unless_the_draft_was_changed_since(
    app: FakeApp, anna: Client
) -> None:
    typed_at = app.now().isoformat()
    app.clock.forward(seconds=60)

    def brings(title: str, at: str) -> str:
        sent = {"quiet": "1", "request_id": "r1", "typed_at": at, **TYPED, "title": title}
        assert anna.post_form("/new_auction/draft", **sent).status == 204
        return app.drafts.opened(ANNA, "r1", app.now()).fields["title"]

    assert brings("An old lamp", typed_at) == "An old lamp"
    assert brings("An older lamp", typed_at) == "An old lamp"
    assert brings("A lamp of this moment", app.now().isoformat()) == "A lamp of this moment"
    assert brings("An older lamp", "0001-01-01T00:00:00+14:00") == "An older lamp"
    assert brings("Another lamp", "yesterday") == "Another lamp"


def test_what_a_browser_could_not_send_before_its_lot_was_put_up_is_no_draft(app: FakeApp) -> None:
    join(app, SELLER, seller=True)
    seller, typed_at = Client(app).log_in(SELLER), app.now().isoformat()
    app.clock.forward(seconds=60)
    assert seller.post_form("/new_auction", request_id="r1", **fields()).status == 303
    sent = {"quiet": "1", "request_id": "r1", "typed_at": typed_at, **TYPED}
    assert seller.post_form("/new_auction/draft", **sent).status == 204
    assert not app.drafts.all(SELLER, app.now())


def test_a_draft_is_its_owners_alone(app: FakeApp, anna: Client) -> None:
    join(app, BORIS)
    anna.post_form("/new_auction/draft", quiet="1", request_id="r1", **TYPED)
    assert "A lamp of mine" not in form(Client(app).log_in(BORIS))
    stranger = Client(app)
    assert stranger.post_form("/new_auction/draft", quiet="1", **TYPED).status in (303, 403)


def test_a_draft_that_is_discarded_is_gone_and_discarding_again_is_no_fault(anna: Client) -> None:
    anna.post_form("/new_auction/draft", quiet="1", request_id="r1", **TYPED)
    for _ in range(2):
        assert anna.post_form("/new_auction/draft/discard").status == 303
        assert "A lamp of mine" not in form(anna)
        assert "Continue your draft" not in form(anna)


def test_a_draft_that_is_discarded_twice_takes_no_other_one_with_it(app: FakeApp, anna: Client) -> None:
    for number in range(2):
        app.clock.forward(seconds=1)
        anna.post_form("/new_auction/draft", quiet="1", request_id=f"r{number}", title=f"Lamp number {number}")
    for _ in range(2):
        assert anna.post_form("/new_auction/draft/discard", draft="r0").status == 303
        assert [draft.id for draft in app.drafts.all(ANNA, app.now())] == ["r1"]
    assert anna.post_form("/new_auction/draft/discard", draft="\x00/" + "я" * 900).status == 303
    assert len(app.drafts.all(ANNA, app.now())) == 1


def test_one_with_no_room_for_another_draft_can_pay_and_put_up_all_the_same(app: FakeApp, anna: Client) -> None:
    for number in range(10):
        anna.post_form("/new_auction/draft", quiet="1", request_id=f"k{number}", title=f"Lamp number {number}")
    order_id = order_of(topping_up(anna))
    pay(app, order_id, 150)
    assert anna.post_form("/new_auction/finish", order=order_id).status == 303
    assert len(lots(app)) == 1
    assert len(app.drafts.all(ANNA, app.now())) == 10


def test_what_was_paid_for_and_put_up_is_no_draft_beside_a_newer_one(app: FakeApp, anna: Client) -> None:
    order_id = order_of(topping_up(anna, **TYPED))
    app.clock.forward(seconds=1)
    anna.post_form("/new_auction/draft", quiet="1", request_id="r9", title="Another thing")
    pay(app, order_id, 150)
    anna.post_form("/new_auction/finish", order=order_id)
    assert len(lots(app)) == 1
    assert [draft.id for draft in app.drafts.all(ANNA, app.now())] == ["r9"]


def test_a_form_that_nobody_typed_into_is_no_draft(anna: Client) -> None:
    anna.post_form("/new_auction/draft", quiet="1", request_id="r1", title=" ", category="books")
    assert "Continue your draft" not in form(anna)


def test_a_draft_lasts_thirty_days_with_the_pictures_that_were_accepted(app: FakeApp) -> None:
    join(app, BORIS, seller=True)
    boris = Client(app).log_in(BORIS)
    picture = boris.post_form("/new_auction/pictures", key=uploaded(app, boris, png())).json["picture"]
    boris.post_form("/new_auction/draft", quiet="1", request_id="r1", pictures=picture, **TYPED)
    app.clock.forward(days=30, seconds=-1)
    page = form(boris)
    assert f'name="pictures" value="{picture}"' in page
    assert boris.get(f"/pictures/{picture}/small").status == 200
    app.clock.forward(seconds=1)
    assert "Continue your draft" not in form(boris)


def test_a_draft_has_an_end_to_its_size(app: FakeApp, anna: Client) -> None:
    huge: dict[str, Any] = dict.fromkeys((*TYPED, "reserve_price", "starts_at"), "я" * 100000)
    many = [f"picture{number}" for number in range(50)]
    anna.post_form("/new_auction/draft", quiet="1", request_id="r" * 500, pictures=many, uploads=many, **huge)
    (draft,) = app.sell_drafts.all(ANNA, app.now())
    assert max(map(len, draft.fields.values())) == 10_000
    assert len(draft.request_id) == 64
    assert len(draft.pictures) + len(draft.uploads) == 8
    assert form(anna)


def test_saving_has_a_limit(app: FakeApp, anna: Client) -> None:
    app.limits.require(Deed.DRAFT, ANNA, app.now(), LIMITS[Deed.DRAFT].most)
    assert anna.post_form("/new_auction/draft", quiet="1", **TYPED).status == 429


def test_what_was_published_is_no_draft_any_more_even_where_a_save_came_late(app: FakeApp) -> None:
    join(app, BORIS, seller=True)
    boris = Client(app).log_in(BORIS)
    save: dict[str, Any] = {"quiet": "1", "request_id": "r1", **TYPED}
    boris.post_form("/new_auction/draft", **save)
    assert boris.post_form("/new_auction", request_id="r1", **fields(**TYPED)).status == 303
    assert "Continue your draft" not in form(boris)
    boris.post_form("/new_auction/draft", **save)
    assert "Continue your draft" not in form(boris)


def test_another_draft_outlives_a_publication(app: FakeApp) -> None:
    join(app, BORIS, seller=True)
    boris = Client(app).log_in(BORIS)
    boris.post_form("/new_auction/draft", quiet="1", request_id="other", **TYPED)
    boris.post_form("/new_auction", request_id="r1", **fields())
    assert is_kept(boris)


# --- top up and publish -----------------------------------------------------------------------------------------------


def test_one_step_tops_up_subscribes_and_publishes_once(app: FakeApp, anna: Client) -> None:
    page = topping_up(anna, **TYPED)
    assert page.status == 200
    assert "Top up ⭐\u202f150 and publish" in page.text
    order_id = order_of(page)
    assert not lots(app)
    pay(app, order_id, 150)
    watched = anna.get(f"/buy_stars/{order_id}", headers={"hx-request": "true"}).text
    assert 'action="/new_auction/finish"' in watched
    for _ in range(3):
        done = anna.post_form("/new_auction/finish", order=order_id)
        (lot,) = lots(app)
        assert (done.status, done.headers["location"]) == (303, f"/auction/{lot.auction.id}")
    assert lot.card.title == "A lamp of mine"
    assert app.store.wallet(ANNA, XTR).available.amount == 50
    assert "Continue your draft" not in form(anna)


def test_the_form_is_checked_before_anybody_pays(app: FakeApp, anna: Client) -> None:
    refused = topping_up(anna, title="x")
    assert refused.status == 422
    assert 'id="title-fault"' in refused.text
    assert not app.stars.links


def test_what_is_published_is_what_was_confirmed_whatever_is_typed_meanwhile(app: FakeApp, anna: Client) -> None:
    order_id = order_of(topping_up(anna, title="A lamp of mine"))
    anna.post_form("/new_auction/draft", quiet="1", request_id="r1", title="Something else")
    pay(app, order_id, 150)
    anna.post_form("/new_auction/finish", order=order_id)
    assert [lot.card.title for lot in lots(app)] == ["A lamp of mine"]


def test_a_start_is_that_of_the_zone_in_which_it_was_typed(app: FakeApp, anna: Client) -> None:
    tomorrow = f"{app.now() + timedelta(days=1):%Y-%m-%d}"
    order_id = order_of(topping_up(anna, starts_at=f"{tomorrow}T18:00", starts_zone="Asia/Tokyo"))
    app.people.set_language(ANNA, "ru")
    pay(app, order_id, 150)
    anna.post_form("/new_auction/finish", order=order_id)
    (lot,) = lots(app)
    assert lot.auction.starts_at.isoformat() == f"{tomorrow}T09:00:00+00:00"


def test_pictures_come_along_and_few_of_them_are_taken_from_one_who_has_not_paid(app: FakeApp, anna: Client) -> None:
    place = anna.post_form("/new_auction/uploads", top_up="1")
    assert place.status == 200
    app.pictures.uploads[place.json["key"]] = png()
    kept = anna.post_form("/new_auction/pictures", top_up="1", key=place.json["key"])
    assert kept.status == 201
    page = anna.post_files(
        "/new_auction", [("a.png", png())],
        **fields(top_up="150", request_id="r1", pictures=kept.json["picture"]),
    )  # fmt: skip
    order_id = order_of(page)
    pay(app, order_id, 150)
    assert anna.post_form("/new_auction/finish", order=order_id).status == 303
    assert len(pictures(app)) == 2
    join(app, BORIS)
    boris = Client(app).log_in(BORIS)
    answers = [boris.post_form("/new_auction/uploads", top_up="1").status for _ in range(49)]
    assert answers == [200] * 48 + [429]


def test_nobody_without_the_wish_to_top_up_uploads_before_they_may_sell(anna: Client) -> None:
    assert anna.post_form("/new_auction/uploads").status == 403


def test_two_orders_for_one_form_publish_and_charge_once(app: FakeApp, anna: Client) -> None:
    first, second = (order_of(topping_up(anna)) for _ in range(2))
    pay(app, first, 150, "c1")
    pay(app, second, 150, "c2")
    for order_id in (second, first):
        assert anna.post_form("/new_auction/finish", order=order_id).status == 303
    assert len(lots(app)) == 1
    assert app.store.wallet(ANNA, XTR).available.amount == 200


@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_on_the_way_leaves_it_to_the_next(app: FakeApp, anna: Client, *, after: bool) -> None:
    order_id = order_of(topping_up(anna))
    pay(app, order_id, 150)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.finishing.finish(order_id, ANNA, app.now())
    for _ in range(2):
        assert anna.post_form("/new_auction/finish", order=order_id).status == 303
    assert len(lots(app)) == 1
    assert app.store.wallet(ANNA, XTR).available.amount == 50


def test_one_who_may_sell_by_the_time_of_the_press_pays_nothing(app: FakeApp, anna: Client) -> None:
    join(app, BORIS, seller=True)
    boris = Client(app).log_in(BORIS)
    assert topping_up(boris).status == 303
    assert not app.stars.links


def test_what_cannot_be_published_any_more_pays_no_subscription_and_shows_the_draft(app: FakeApp, anna: Client) -> None:
    page = topping_up(anna, **TYPED, duration_seconds="3600")
    order_id = order_of(page)
    app.clock.forward(hours=2)
    pay(app, order_id, 150)
    late = anna.post_form("/new_auction/finish", order=order_id)
    assert late.status == 409
    assert "The lot is not published; what you topped up is in your wallet." in late.text
    assert 'value="A lamp of mine"' in late.text
    assert app.store.wallet(ANNA, XTR).available.amount == 150


def test_nobody_finishes_somebody_elses_publication(app: FakeApp, anna: Client) -> None:
    order_id = order_of(topping_up(anna))
    pay(app, order_id, 150)
    join(app, BORIS)
    assert Client(app).log_in(BORIS).post_form("/new_auction/finish", order=order_id).status == 404
    assert not lots(app)


def test_the_form_that_was_confirmed_comes_back_although_another_draft_was_begun(app: FakeApp, anna: Client) -> None:
    changes = {"type": "english", "start_price": "1 250", "starts_zone": "Asia/Tokyo"}
    tokyo = f"{app.now() + timedelta(hours=9, minutes=5):%Y-%m-%dT%H:%M}"
    order_id = order_of(topping_up(anna, **TYPED | changes, starts_at=tokyo))
    anna.post_form("/new_auction/draft", quiet="1", request_id="r9", title="Another thing")
    app.clock.forward(minutes=20)
    pay(app, order_id, 150)
    refused = anna.post_form("/new_auction/finish", order=order_id)
    assert refused.status == 422
    for shown in ('value="A lamp of mine"', 'value="1 250"', f'value="{tokyo}"', 'value="Asia/Tokyo"', 'value="r1"'):
        assert shown in refused.text
    assert 'id="starts_at-fault"' in refused.text
    assert "Another thing" in form(anna)


def test_the_form_that_comes_back_after_a_payment_is_sent_to_where_lots_are_put_up(app: FakeApp, anna: Client) -> None:
    order_id = order_of(topping_up(anna, title="A lamp of mine"))
    app.clock.forward(hours=2)
    pay(app, order_id, 150)
    late = anna.post_form("/new_auction/finish", order=order_id)
    main = late.text.split("data-sell")[0].rpartition("<form")[2]
    assert 'action="/new_auction"' in main
    done = anna.post_form("/new_auction", request_id="r1", subscribe="1", **fields(title="A lamp of mine"))
    assert done.status == 303
    assert app.store.wallet(ANNA, XTR).available.amount == 50


def test_two_orders_for_one_form_with_other_words_lose_neither_of_the_two(app: FakeApp, anna: Client) -> None:
    first, second = (order_of(topping_up(anna, title=title)) for title in ("The first lamp", "The second lamp"))
    app.clock.forward(minutes=5)
    pay(app, first, 150, "c1")
    assert anna.post_form("/new_auction/finish", order=first).status == 303
    assert 'value="The second lamp"' in form(anna)
    pay(app, second, 150, "c2")
    for _ in range(2):
        refused = anna.post_form("/new_auction/finish", order=second)
        assert refused.status == 409
        assert "This form has already published “The first lamp”." in refused.text
        assert 'value="The second lamp"' in refused.text
        assert 'name="request_id" value="r1"' not in refused.text
    assert app.store.wallet(ANNA, XTR).available.amount == 200


def test_what_was_typed_on_before_the_money_came_is_still_a_draft_and_another_lot(app: FakeApp, anna: Client) -> None:
    order_id = order_of(topping_up(anna, title="The first lamp"))
    anna.post_form("/new_auction/draft", quiet="1", request_id="r1", **TYPED)
    app.clock.forward(minutes=5)
    pay(app, order_id, 150)
    app.finishing.finish(order_id, ANNA, app.now())
    assert anna.post_form("/new_auction/finish", order=order_id).status == 303
    assert is_kept(anna)
    (request_id,) = re.findall(r'name="request_id" value="([^"]+)"', form(anna))
    assert anna.post_form("/new_auction", request_id=request_id, **fields(**TYPED)).status == 303
    assert sorted(lot.card.title for lot in lots(app)) == ["A lamp of mine", "The first lamp"]
    assert "Continue your draft" not in form(anna)


def test_a_draft_typed_on_stays_one_though_who_read_it_died_before_the_old_one_was_dropped(
    app: FakeApp, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = order_of(topping_up(anna, title="The first lamp"))
    anna.post_form("/new_auction/draft", quiet="1", request_id="r1", **TYPED)
    app.clock.forward(minutes=5)
    pay(app, order_id, 150)
    app.finishing.finish(order_id, ANNA, app.now())
    with monkeypatch.context() as dying:
        dying.setattr(type(app.sell_drafts), "drop", _dies)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                app.drafts.opened(ANNA, "r1", app.now())
    kept = app.drafts.opened(ANNA, "r1", app.now())
    assert (kept.fields["title"], kept.request_id != "r1") == ("A lamp of mine", True)
    assert [draft.id for draft in app.sell_drafts.all(ANNA, app.now())] == [kept.id]


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_draft_that_cannot_be_saved_is_shown_with_all_that_was_typed(app: FakeApp, anna: Client) -> None:
    old = anna.post_form("/new_auction/draft", csrf_token="from another day", request_id="r1", **TYPED)
    assert (old.status, 'value="A lamp of mine"' in old.text) == (403, True)
    assert "Continue your draft" not in form(anna)
    large = anna.post_files("/new_auction/draft", [("a.png", b"x" * 4_300_000)], request_id="r1", **TYPED)
    assert (large.status, 'value="A lamp of mine"' in large.text) == (413, True)
    assert is_kept(anna)


def test_one_who_came_by_the_right_to_sell_on_another_page_is_not_charged_for_more_days(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(app, BORIS, stars=500, seller=True)
    monkeypatch.setattr(app.publishing, "require_seller", _as_a_moment_ago)
    before = app.store.wallet(BORIS, XTR)
    assert Client(app).log_in(BORIS).post_form("/new_auction", subscribe="1", **fields()).status == 303
    assert app.store.wallet(BORIS, XTR) == before


def _as_a_moment_ago(*_: object, subscribing: bool = False) -> None:
    if not subscribing:
        raise SubscriptionRequired(xtr(100))


def test_money_that_went_to_a_debt_is_not_said_to_be_in_the_wallet(app: FakeApp, anna: Client) -> None:
    join(app, SELLER, seller=True)
    charge = put_in(app, ANNA, 300)
    app.bidding.buy(put_up(app, start_price=1, buy_now_price=300).auction.id, ANNA, 300, app.now())
    order_id = order_of(topping_up(anna, **TYPED))
    app.refunding.taken_back(ANNA, charge.id, "", 300, XTR, app.now())
    pay(app, order_id, 150)
    refused = anna.post_form("/new_auction/finish", order=order_id)
    assert refused.status == 403
    assert "A refunded payment left a debt of ⭐\u202f150." in refused.text
    assert "what you topped up is in your wallet" not in refused.text
    assert 'value="A lamp of mine"' in refused.text


def test_a_lot_that_was_withdrawn_meanwhile_is_not_told_as_published(app: FakeApp, anna: Client) -> None:
    order_id = order_of(topping_up(anna))
    pay(app, order_id, 150)
    path = anna.post_form("/new_auction/finish", order=order_id).headers["location"]
    assert "Your lot is published." in anna.get(path).text
    anna.post_form(f"{path}/cancel")
    anna.get(path)
    assert anna.post_form("/new_auction/finish", order=order_id).headers["location"] == path
    assert "Your lot is published." not in anna.get(path).text


def test_a_debt_in_roubles_that_came_up_meanwhile_leaves_the_stars_in_the_wallet(app: FakeApp, anna: Client) -> None:
    order_id = order_of(topping_up(anna))
    elsewhere = put_up(app, currency="RUB", goods="physical", start_price=100, duration_seconds=86_400).auction.id
    owe(app, ANNA, rub(50_000), elsewhere)
    pay(app, order_id, 150)
    refused = anna.post_form("/new_auction/finish", order=order_id)
    assert refused.status == 403
    assert "You owe ₽500.00" in refused.text
    assert "The lot is not published; what you topped up is in your wallet." in refused.text
    assert app.store.wallet(ANNA, XTR).available.amount == 150
