"""Pictures in the form of a lot: what is looked at when, and what a refusal leaves."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from starbid.services.ports import Contended
from tests.support.factories import ANNA, SELLER, draw, fields, join
from tests.support.fakes import FakeApp
from tests.support.selling import lots, named, pictures, uploaded
from tests.support.web import Client, png, text

# --- publishing -------------------------------------------------------------------------------------------------------


def test_pictures_come_with_the_form_where_there_is_no_javascript(app: FakeApp, seller: Client) -> None:
    answer = seller.post_files("/new_auction", [("a.png", png()), ("b.png", png())], **fields())
    assert answer.status == 303
    assert len(pictures(app)) == 2
    assert set(app.pictures.saved) == set(pictures(app))


def test_an_empty_file_field_is_no_picture(app: FakeApp, seller: Client) -> None:
    assert seller.post_files("/new_auction", [("", b"")], **fields()).status == 303
    assert pictures(app) == ()


def test_a_browser_sends_pictures_straight_to_the_bucket(app: FakeApp, seller: Client) -> None:
    kept = seller.post_form("/new_auction/pictures", key=uploaded(app, seller, png()))
    assert kept.status == 201
    seller.post_form("/new_auction", pictures=kept.json["picture"], **fields())
    assert pictures(app) == (kept.json["picture"],)


def test_keys_of_uploads_in_the_form_are_taken_too(app: FakeApp, seller: Client) -> None:
    assert seller.post_form("/new_auction", uploads=uploaded(app, seller, png()), **fields()).status == 303
    assert len(pictures(app)) == 1


def test_the_same_form_twice_is_one_lot_whose_pictures_are_decoded_once(
    app: FakeApp, seller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = seller.post_files("/new_auction", [("a.png", png())], request_id="r1", **fields())
    monkeypatch.setattr("starbid.imaging.decoding._resized", None)
    second = seller.post_files("/new_auction", [("a.png", png())], request_id="r1", **fields())
    assert first.headers["location"] == second.headers["location"]
    assert len(app.pictures.saved) == 1


def test_the_same_form_after_its_drafts_have_expired_is_still_the_same_lot(app: FakeApp, seller: Client) -> None:
    form = fields(pictures=draw(app, "draftaaaa"), request_id="r1")
    first = seller.post_form("/new_auction", **form)
    app.clock.forward(days=3)
    assert seller.post_form("/new_auction", **form).headers["location"] == first.headers["location"]


def test_a_lot_that_could_not_be_written_goes_up_with_its_pictures_at_the_next_press(
    app: FakeApp, seller: Client
) -> None:
    app.store.fail_next(Contended(), times=10)
    refused = seller.post_files("/new_auction", [("a.png", png())], request_id="r1", **fields())
    assert refused.status == 409
    app.store.heal()
    assert (
        seller.post_form("/new_auction", pictures=named(refused, "pictures"), request_id="r1", **fields()).status == 303
    )
    assert pictures(app) == tuple(named(refused, "pictures"))


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("undecoded")
def test_where_a_field_is_at_fault_pictures_wait_as_they_came(app: FakeApp, seller: Client) -> None:
    files = [("a.png", png((8000, 4000))), ("b.png", png())]
    answer = seller.post_files("/new_auction", files, **fields(title="x"))
    assert answer.status == 422
    assert "2 photos are uploaded; no need to choose them again." in text(answer)
    keys = named(answer, "uploads")
    assert [app.pictures.uploads[key] for key in keys] == [data for _, data in files]


def test_what_waits_is_published_with_the_next_press_or_taken_away(app: FakeApp, seller: Client) -> None:
    files = [("a.png", png((40, 40))), ("b.png", png((60, 20)))]
    keys = named(seller.post_files("/new_auction", files, **fields(title="x")), "uploads")
    again = seller.post_form("/new_auction", uploads=keys, **fields(title="y"))
    assert named(again, "uploads") == keys, "a second fault loses nothing either"
    assert seller.post_form("/new_auction", uploads=keys, drop=keys[0], **fields()).status == 303
    (picture,) = pictures(app)
    assert Image.open(io.BytesIO(app.pictures.saved[picture]["large"])).size == (60, 20)


@pytest.mark.usefixtures("undecoded")
def test_more_work_than_a_form_may_make_is_told_beside_the_field(app: FakeApp, seller: Client) -> None:
    drawing = png((8000, 5000), "1")
    answer = seller.post_files("/new_auction", [(f"{n}.png", drawing) for n in range(8)], **fields())
    assert answer.status == 422
    assert "The photos are too large to take all at once. Send fewer or smaller ones." in answer.text
    assert len(named(answer, "uploads")) == 8, "to be thinned out"
    app.people.set_language(SELLER, "ru")
    answer = seller.post_form("/new_auction", uploads=named(answer, "uploads"), **fields())
    assert "Фотографии слишком большие, чтобы принять все сразу." in answer.text
    assert not lots(app)


def test_a_text_called_jpg_is_refused_with_a_clear_word_and_the_others_stay(app: FakeApp, seller: Client) -> None:
    answer = seller.post_files("/new_auction", [("cat.jpg", b"I am a cat"), ("a.png", png())], **fields())
    assert answer.status == 422
    assert "We cannot read this photo." in answer.text
    assert [app.pictures.uploads[key] for key in named(answer, "uploads")] == [png()]
    assert not lots(app)


def test_what_turns_out_broken_while_it_is_decoded_is_left_out_and_the_others_are_drafts(
    app: FakeApp, seller: Client
) -> None:
    noise = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(noise, "PNG")
    half = noise.getvalue()[:20_000]
    key = uploaded(app, seller, half)
    answer = seller.post_files("/new_auction", [("a.png", png())], **fields(uploads=key))
    assert answer.status == 422
    (kept,) = named(answer, "pictures")
    assert named(answer, "uploads") == []
    assert (SELLER, kept) in app.pictures.drafts


@pytest.mark.usefixtures("undecoded")
def test_nine_pictures_are_one_too_many_however_they_come(app: FakeApp, seller: Client) -> None:
    more = {"pictures": [draw(app, f"draft{n:05}") for n in range(3)], "uploads": uploaded(app, seller, png())}
    answer = seller.post_files("/new_auction", [(f"{n}.png", png()) for n in range(5)], **fields(), **more)
    assert answer.status == 422
    assert "Up to 8 photos." in answer.text
    assert (len(named(answer, "pictures")), len(named(answer, "uploads"))) == (3, 5)


def test_what_arrived_in_the_bucket_is_looked_at(app: FakeApp, seller: Client) -> None:
    answer = seller.post_form("/new_auction/pictures", key=uploaded(app, seller, b"I am a cat"))
    assert answer.status == 422
    assert answer.json == {"message": "We cannot read this photo. Use PNG, JPEG or WebP."}


def test_an_upload_of_somebody_else_or_of_nobody_is_not_taken(app: FakeApp, seller: Client) -> None:
    join(app, ANNA, seller=True)
    theirs = uploaded(app, Client(app).log_in(ANNA), png())
    for key in (theirs, f"incoming/{SELLER}/{0:032}", "../pictures/abc", ""):
        assert seller.post_form("/new_auction/pictures", key=key).status == 422, key
        answer = seller.post_form("/new_auction", uploads=key or "x", **fields())
        assert answer.status == 422
        assert "This upload is no longer stored." in answer.text
        assert named(answer, "uploads") == []


def test_more_than_four_megabytes_are_told_in_words(seller: Client) -> None:
    answer = seller.post_files("/new_auction", [("a.png", b"x" * (4 * 1024 * 1024 + 1))], **fields())
    assert answer.status == 413
    assert "The photos are more than 4 MB in all." in answer.text
