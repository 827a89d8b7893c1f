"""Photos with a dispute and its answer, on the page of a lot."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from starbid.domain.deals import DealState
from starbid.domain.evidence import EVIDENCE_LIFE
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, bought, join, market, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.web import Answer, Client, png, text

ADMIN = 900
MEGABYTE = 1024 * 1024


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    join(app, ADMIN)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return bought(app)


@pytest.fixture
def buyer(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


@pytest.fixture
def seller(app: FakeApp) -> Client:
    return Client(app).log_in(SELLER)


def pictures(number: int) -> list[bytes]:
    """Each another one."""
    return [png((40 + each, 30)) for each in range(number)]


def send(client: Client, lot: str, form: str, files: list[bytes], **fields: object) -> Answer:
    named = [(f"{number}.png", data) for number, data in enumerate(files)]
    return client.post_files(f"/auction/{lot}/{form}", named, "pictures", **fields)


def addresses(page: Answer) -> list[str]:
    return re.findall(r'href="(/auction/[a-z0-9]+/evidence/[0-9a-f]+)"', page.text)


def test_a_buyer_shows_what_is_wrong_and_both_sides_and_the_operator_see_it(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    answer = send(buyer, lot, "dispute", pictures(5), text="Broken")
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
    shown = addresses(buyer.get(f"/auction/{lot}"))
    assert len(shown) == 5
    assert addresses(seller.get(f"/auction/{lot}")) == shown
    for client in (buyer, seller, Client(app).log_in(ADMIN)):
        for photo in (client.get(shown[0]), client.get(shown[0], size="small")):
            assert (photo.status, photo.headers["content-type"]) == (200, "image/jpeg")
            assert photo.headers["cache-control"] == "private, no-store"
            assert Image.open(io.BytesIO(photo.body)).size == (40, 30)


def test_to_everybody_else_a_photo_is_not_there(app: FakeApp, lot: str, buyer: Client) -> None:
    send(buyer, lot, "dispute", pictures(1), text="Broken")
    (photo,) = addresses(buyer.get(f"/auction/{lot}"))
    for stranger in (Client(app), Client(app).log_in(BORIS)):
        assert stranger.get(photo).status == 404
        assert not addresses(stranger.get(f"/auction/{lot}"))
    other = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(other, BORIS, 500, app.now())
    assert Client(app).log_in(BORIS).get(photo.replace(lot, other)).status == 404, "not by another deal either"
    assert buyer.get(photo + "0").status == 404
    assert buyer.get(photo, size="../small").status == 404
    assert buyer.get("/auction/nosuchlot/evidence/" + photo[-32:]).status == 404


def test_a_seller_answers_with_photos_and_adds_more_with_another_text(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    send(buyer, lot, "dispute", [], text="Broken")
    first, second, third = pictures(3)
    assert send(seller, lot, "answer", [first], text="It was whole").status == 303
    assert send(seller, lot, "answer", [first, second], text="It was whole, look").status == 303
    deal = app.store.deal(lot)
    assert (deal.answer, len(deal.answer_pictures)) == ("It was whole, look", 2)
    assert send(seller, lot, "answer", [third], text="It was whole, look").status == 303
    assert len(addresses(buyer.get(f"/auction/{lot}"))) == 3


def test_photos_are_added_until_there_are_five(app: FakeApp, lot: str, buyer: Client, seller: Client) -> None:
    send(buyer, lot, "dispute", pictures(2), text="Broken")
    assert f'action="/auction/{lot}/evidence"' in buyer.get(f"/auction/{lot}").text
    answer = send(buyer, lot, "evidence", pictures(4))
    assert answer.status == 303
    assert len(app.store.deal(lot).dispute_pictures) == 4, "two of them were there"
    refused = send(buyer, lot, "evidence", pictures(6))
    assert (refused.status, "Up to 5 photos." in text(refused)) == (422, True)
    send(buyer, lot, "evidence", pictures(5))
    page = buyer.get(f"/auction/{lot}")
    assert (len(addresses(page)), f'action="/auction/{lot}/evidence"' in page.text) == (5, False)
    assert send(seller, lot, "evidence", pictures(1)).status == 409, "who has not answered"
    assert send(Client(app).log_in(BORIS), lot, "evidence", pictures(1)).status == 403
    assert send(buyer, lot, "evidence", []).status == 422


def test_six_photos_are_refused_and_the_words_stay(app: FakeApp, lot: str, buyer: Client) -> None:
    answer = send(buyer, lot, "dispute", pictures(6), text="Broken\nin two")
    assert answer.status == 422
    assert "Up to 5 photos." in text(answer)
    assert "The photos were not uploaded. Choose them again." in text(answer)
    assert ">\nBroken\nin two</textarea>" in answer.text
    assert re.search(
        r'<input type="file" id="objection-photos"[^>]* aria-describedby="objection-photos-fault"', answer.text
    )
    assert app.store.deal(lot).state is DealState.AWAITING_DELIVERY
    assert not app.pictures.evidence


@pytest.mark.parametrize(
    "file", [b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", png()[:-40], b"GIF89a" + bytes(50)]
)
def test_what_is_no_picture_is_refused_beside_its_field(app: FakeApp, lot: str, buyer: Client, file: bytes) -> None:
    answer = send(buyer, lot, "dispute", [png(), file], text="Broken")
    assert answer.status == 422
    assert 'id="objection-photos-fault"' in answer.text
    assert ">\nBroken</textarea>" in answer.text
    assert app.store.deal(lot).dispute is None
    assert not app.pictures.evidence


def test_more_than_four_megabytes_are_too_large_and_the_words_stay(app: FakeApp, lot: str, buyer: Client) -> None:
    answer = send(buyer, lot, "dispute", [png() + bytes(4 * MEGABYTE)], text="Broken")
    assert answer.status == 413
    assert "That is too large: 4 MB at most." in text(answer)
    assert ">\nBroken</textarea>" in answer.text
    assert app.store.deal(lot).dispute is None


@pytest.mark.usefixtures("undecoded")
def test_nothing_is_decoded_for_words_that_are_refused_or_for_who_may_not_object(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    assert send(buyer, lot, "dispute", pictures(1), text=" ").status == 422
    assert send(buyer, lot, "answer", pictures(1), text="x").status == 403
    assert send(seller, lot, "dispute", pictures(1), text="x").status == 403
    assert send(Client(app).log_in(BORIS), lot, "dispute", pictures(1), text="x").status == 403
    assert send(buyer, lot, "evidence", pictures(1)).status == 409


def test_nothing_of_a_photo_is_kept_but_its_pixels(app: FakeApp, lot: str, buyer: Client) -> None:
    image, out = Image.new("RGB", (40, 20), "red"), io.BytesIO()
    exif = image.getexif()
    exif[0x010F] = "Cameramaker"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(out, "JPEG", exif=exif)
    send(buyer, lot, "dispute", [out.getvalue()], text="Broken")
    (kept,) = app.pictures.evidence.values()
    assert set(kept) == {"small", "large"}
    for data in kept.values():
        assert b"Cameramaker" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


def test_a_form_that_is_sent_twice_counts_once(app: FakeApp, lot: str, buyer: Client) -> None:
    for _ in range(2):
        answer = send(buyer, lot, "dispute", pictures(2), text="Broken")
        assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
    assert len(app.store.deal(lot).dispute_pictures) == 2
    assert send(buyer, lot, "dispute", pictures(3), text="Broken").status == 409, "other photos are another dispute"


@pytest.mark.parametrize("after", [False, True], ids=["before the deal is written", "after it"])
def test_a_death_between_the_photos_and_the_words_is_made_up_by_the_same_form(
    app: FakeApp, lot: str, buyer: Client, after: bool
) -> None:
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        send(buyer, lot, "dispute", pictures(2), text="Broken")
    known = next(iter(app.pictures.evidence))[1]
    assert buyer.get(f"/auction/{lot}/evidence/{known}").status == (200 if after else 404), "nobody sees it before"
    assert send(buyer, lot, "dispute", pictures(2), text="Broken").status == 303
    assert len(app.store.deal(lot).dispute_pictures) == len(app.pictures.evidence) == 2


def test_photos_come_too_late_for_a_dispute_that_was_decided(
    app: FakeApp, lot: str, buyer: Client, seller: Client
) -> None:
    send(buyer, lot, "dispute", pictures(1), text="Broken")
    app.dealing.resolve(deciding("Clear", app.now()), lot, False)
    assert send(seller, lot, "answer", pictures(1), text="No").status == 409
    assert send(buyer, lot, "evidence", pictures(2)).status == 409
    assert len(addresses(buyer.get(f"/auction/{lot}"))) == 1, "what was shown stays to be seen"


def test_photos_are_seen_for_half_a_year(app: FakeApp, lot: str, buyer: Client, seller: Client) -> None:
    send(buyer, lot, "dispute", pictures(1), text="Broken")
    (photo,) = addresses(buyer.get(f"/auction/{lot}"))
    app.dealing.resolve(deciding("Clear", app.now()), lot, False)
    app.clock.forward(seconds=(EVIDENCE_LIFE - timedelta(seconds=1)).total_seconds())
    buyer.log_in(ANNA)
    assert buyer.get(photo).status == 200
    app.clock.forward(seconds=1)
    assert buyer.get(photo).status == 404
    page = buyer.get(f"/auction/{lot}")
    assert (addresses(page), "Broken" in text(page)) == ([], True)
