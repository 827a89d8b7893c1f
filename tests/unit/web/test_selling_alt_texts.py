"""What photos show, in words: typed beside each, kept with draft and lot, shown on the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from starbid.domain.alt_texts import read_alts, typed_alts
from starbid.services.auctions.draft_publishing import publication_of
from starbid.services.ports import Contended
from starbid.storage.rows import card_from, card_item
from tests.support.factories import SELLER, fields
from tests.support.fakes import FakeApp
from tests.support.selling import lots, named, uploaded
from tests.support.there import there
from tests.support.web import Client, png

WORDS = 'A lamp of "brass" <lit>'
SHOWN = 'alt="A lamp of &#34;brass&#34; &lt;lit&gt;"'


def photo(app: FakeApp, seller: Client) -> str:
    return str(seller.post_form("/new_auction/pictures", key=uploaded(app, seller, png())).json["picture"])


def published(app: FakeApp, seller: Client) -> tuple[str, str]:
    name = photo(app, seller)
    form = {"pictures": name, f"alt.{name}": WORDS, "alt.other": "Of no picture here"}
    answer = seller.post_form("/new_auction", request_id="r1", **form, **fields())
    assert answer.status == 303
    return lots(app)[0].auction.id, name


def test_they_are_shown_on_the_page_of_the_lot_and_on_its_form(app: FakeApp, seller: Client) -> None:
    lot, name = published(app, seller)
    assert lots(app)[0].card.alts == {name: WORDS}
    assert SHOWN in seller.get(f"/auction/{lot}").text
    assert f'name="alt.{name}" value="A lamp of &#34;brass&#34; &lt;lit&gt;"' in seller.get(f"/auction/{lot}/edit").text


def test_other_words_are_another_version_of_the_card_and_the_same_ones_are_not(app: FakeApp, seller: Client) -> None:
    lot, name = published(app, seller)
    before = lots(app)[0].card

    def saved(words: str) -> int:
        form = {**fields(), "duration_seconds": "", "starts_at": "", "pictures": name, f"alt.{name}": words}
        form["duration_seconds"] = str(int(lots(app)[0].auction.duration.total_seconds()))
        assert seller.post_form(f"/auction/{lot}/edit", **form).status == 303
        return lots(app)[0].card.version

    assert saved(WORDS) == before.version
    assert saved("A lamp, lit") == before.version + 1
    assert lots(app)[0].card.hash != before.hash
    assert saved("") == before.version + 2
    assert lots(app)[0].card.alts == {}


def test_a_card_without_them_has_the_hash_that_it_had_before_there_were_any(app: FakeApp, seller: Client) -> None:
    published(app, seller)
    bare = replace(lots(app)[0].card, alts={})
    assert bare.hash == card_from({name: value for name, value in card_item(bare).items() if value is not None}).hash
    assert bare.hash != lots(app)[0].card.hash


def test_a_draft_keeps_them_and_a_refused_form_too(app: FakeApp, seller: Client) -> None:
    name = photo(app, seller)
    form = {"pictures": name, f"alt.{name}": WORDS, "request_id": "r1"}
    assert seller.post_form("/new_auction/draft", quiet="1", **form, **fields()).status == 204
    assert SHOWN in seller.get("/new_auction").text
    assert SHOWN in seller.post_form("/new_auction", **form, **fields(title="")).text


def test_an_upload_that_becomes_a_picture_takes_its_words_along(app: FakeApp, seller: Client) -> None:
    key = uploaded(app, seller, png())
    assert seller.post_form("/new_auction", uploads=key, **{f"alt.{key}": WORDS}, **fields()).status == 303
    card = lots(app)[0].card
    assert card.alts == {card.pictures[0]: WORDS}


def test_an_upload_that_became_a_picture_of_no_lot_keeps_its_words(app: FakeApp, seller: Client) -> None:
    key = uploaded(app, seller, png())
    app.store.fail_next(Contended(), times=10)
    refused = seller.post_form("/new_auction", uploads=key, request_id="r1", **{f"alt.{key}": WORDS}, **fields())
    (name,) = named(refused, "pictures")
    assert refused.status == 409
    assert f'name="alt.{name}" value="A lamp of &#34;brass&#34; &lt;lit&gt;"' in refused.text
    app.store.heal()
    draft = there(app.drafts.newest(SELLER, app.now()))
    assert read_alts(draft.fields["alts"]) == {name: WORDS}


def test_an_upload_that_becomes_a_picture_in_the_chat_takes_its_words_along(app: FakeApp, seller: Client) -> None:
    keys = [uploaded(app, seller, png((side, 40))) for side in (40, 60)]
    form = {"uploads": keys, f"alt.{keys[1]}": WORDS, "request_id": "r1"}
    assert seller.post_form("/new_auction/draft", quiet="1", **form, **fields()).status == 204
    draft = there(app.drafts.newest(SELLER, app.now()))
    taken = app.draft_pictures.take_uploads(there(app.store.person(SELLER)), draft, app.now())
    assert read_alts(taken.fields["alts"]) == {taken.pictures[1]: WORDS}
    app.draft_publishing.publish(SELLER, taken, app.now())
    assert lots(app)[0].card.alts == {taken.pictures[1]: WORDS}


def test_a_lot_that_waits_for_its_money_keeps_the_words_of_its_own_pictures_alone(app: FakeApp) -> None:
    others = {f"{number:03}" + "x" * 20_000: "Of no picture here" for number in range(100)}
    form = {name: str(value) for name, value in fields(alts=typed_alts({"a1": "A lamp", **others})).items()}
    said = app.draft_publishing.read_form(form, None, UTC, app.now())
    assert publication_of(form, said, ("a1",), "mark").fields["alts"] == "a1 A lamp"
    assert publication_of(form, said, (), "mark").fields["alts"] == ""


def test_words_that_are_too_long_are_told_at_the_photos(app: FakeApp, seller: Client) -> None:
    name = photo(app, seller)
    answer = seller.post_form("/new_auction", pictures=name, **{f"alt.{name}": "x" * 201}, **fields())
    assert answer.status == 422
    assert "Say in up to 200 characters what a photo shows." in answer.text
    assert named(answer, "pictures") == [name]
    assert lots(app) == []


def test_the_same_form_twice_is_one_lot_and_with_other_words_none(app: FakeApp, seller: Client) -> None:
    name = photo(app, seller)
    form = {"pictures": name, "request_id": "r1", **fields()}
    first = seller.post_form("/new_auction", **form, **{f"alt.{name}": "A lamp"})
    again = seller.post_form("/new_auction", **form, **{f"alt.{name}": "A lamp"})
    assert first.headers["location"] == again.headers["location"]
    assert seller.post_form("/new_auction", **form, **{f"alt.{name}": "A foot"}).status == 409
    assert len(lots(app)) == 1


def test_what_is_put_up_in_the_chat_has_the_words_typed_on_the_site(app: FakeApp, seller: Client) -> None:
    name = photo(app, seller)
    form = {"pictures": name, f"alt.{name}": WORDS, "request_id": "r1"}
    seller.post_form("/new_auction/draft", quiet="1", **form, **fields())
    draft = app.drafts.newest(SELLER, app.now())
    assert draft
    app.draft_publishing.publish(SELLER, draft, app.now())
    assert lots(app)[0].card.alts == {name: WORDS}
