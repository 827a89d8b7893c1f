"""What each use keeps among the small records comes back as it went in, for as long as it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from starbid.domain.payouts import read_wish
from starbid.domain.unfinished import FINISH_WITHIN
from starbid.services.ports import (
    LOGIN_SECONDS,
    BrowsedList,
    GivenPin,
    LoginAttempt,
    Publication,
    ReconciledPlace,
    SellDraft,
)
from starbid.storage.recorded import (
    DAY,
    FILE_ID_SECONDS,
    LIST_SECONDS,
    PLACE_SECONDS,
    RecordedAlbums,
    RecordedFileIds,
    RecordedLists,
    RecordedLogins,
    RecordedPhotos,
    RecordedPlaces,
    RecordedPublications,
    RecordedWishes,
)
from starbid.storage.sell_drafts import DRAFT_SECONDS, RecordedDrafts
from tests.support.fake_aws import FakeScratch

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_an_attempt_to_log_in_is_known_for_ten_minutes() -> None:
    logins, attempt = RecordedLogins(FakeScratch()), LoginAttempt("digest", "Firefox", NOW)
    logins.begin("code", attempt, NOW)
    assert logins.find("code", after(LOGIN_SECONDS - 1)) == attempt
    assert logins.find("code", after(LOGIN_SECONDS)) is None


def test_the_first_pin_stays() -> None:
    logins, given = RecordedLogins(FakeScratch()), GivenPin("000001", 7)
    assert logins.given_pin("code", NOW) is None
    assert logins.give_pin("code", given, NOW)
    assert not logins.give_pin("code", GivenPin("000002", 8), NOW)
    assert logins.given_pin("code", NOW) == given


def test_an_attempt_is_used_up_once_and_what_was_refused_is_not_found() -> None:
    logins = RecordedLogins(FakeScratch())
    logins.begin("code", LoginAttempt("digest", "Firefox", NOW), NOW)
    assert [logins.use_up("code", NOW) for _ in range(2)] == [True, False]
    logins.refuse("code")
    assert logins.find("code", NOW) is None


def test_the_place_of_the_comparison_is_kept_for_a_year_and_more() -> None:
    places = RecordedPlaces(FakeScratch())
    assert places.find(NOW) is None
    for place in (ReconciledPlace(), ReconciledPlace(3, "+charge", NOW, {"chat in": (1, 250)})):
        places.keep(place, NOW)
        assert places.find(after(PLACE_SECONDS - 1)) == place
    assert places.find(after(PLACE_SECONDS)) is None


def test_a_file_id_is_kept_for_its_picture_or_the_drawing() -> None:
    file_ids = RecordedFileIds(FakeScratch())
    file_ids.keep("lamp", "one", NOW)
    file_ids.keep(None, "two", NOW)
    last = after(FILE_ID_SECONDS - 1)
    assert [file_ids.find(picture, last) for picture in ("lamp", None, "clock")] == ["one", "two", None]
    assert file_ids.find("lamp", after(FILE_ID_SECONDS)) is None


def test_a_list_that_a_chat_pages_through_is_kept_for_an_hour() -> None:
    lists, browsed = RecordedLists(FakeScratch()), BrowsedList(("lamp", "clock"), "on")
    lists.keep(7, browsed, NOW)
    assert lists.find(7, after(LIST_SECONDS - 1)) == browsed
    assert (lists.find(7, after(LIST_SECONDS)), lists.find(8, NOW)) == (None, None)


def test_a_draft_is_kept_for_thirty_days_and_the_newest_is_the_one() -> None:
    drafts = RecordedDrafts(FakeScratch())
    for title in ("A lamp", "A lantern"):
        drafts.keep(7, SellDraft("r", {"title": title}, ("one", "two"), ("key",), NOW), NOW)
    newest = SellDraft("r", {"title": "A lantern"}, ("one", "two"), ("key",), NOW)
    assert drafts.all(7, after(DRAFT_SECONDS - 1)) == (newest,)
    assert (drafts.all(7, after(DRAFT_SECONDS)), drafts.all(8, NOW)) == ((), ())
    drafts.drop(7, newest.id)
    assert drafts.all(7, NOW) == ()


def test_a_person_has_several_drafts_each_by_its_request() -> None:
    drafts = RecordedDrafts(FakeScratch())
    first = SellDraft("r", {"title": "A lamp"}, (), (), NOW)
    second = SellDraft("Any words at all", {}, ("one",), (), after(1), unseen={"one": 7})
    edited = SellDraft("e.lot1", {}, (), (), after(2), "lot1", card_version=3)
    for draft in (first, second, edited):
        drafts.keep(7, draft, NOW)
    assert drafts.all(7, NOW) == (edited, second, first)
    assert [drafts.one(7, draft.id, NOW) for draft in (first, second, edited)] == [first, second, edited]
    assert (first.id, edited.id, len(second.id)) == ("r", "e.lot1", 32)
    drafts.drop(7, second.id)
    assert drafts.all(7, NOW) == (edited, first)


def test_a_draft_is_exchanged_only_for_what_is_known() -> None:
    drafts = RecordedDrafts(FakeScratch())
    first = SellDraft("r", {"title": "A lamp"}, (), (), NOW)
    other, third = replace(first, pictures=("one",)), replace(first, pictures=("two",))
    assert not drafts.exchange(7, first, other, NOW), "nothing is there"
    drafts.keep(7, first, NOW)
    assert drafts.exchange(7, first, other, NOW)
    assert not drafts.exchange(7, first, third, NOW)
    assert drafts.one(7, "r", NOW) == other


def test_what_is_published_after_a_payment_is_kept_longer_than_an_act_waits() -> None:
    kept = RecordedPublications(FakeScratch())
    publication = Publication({"title": "A lamp", "start_price": 100}, ("one",), "a mark")
    kept.keep("order", publication, NOW)
    assert kept.find("order", after(int(FINISH_WITHIN.total_seconds()))) == publication
    assert kept.find("another", NOW) is None


def test_what_is_to_be_confirmed_as_a_payout_is_kept_for_a_day_by_person_and_request() -> None:
    wishes, wish = RecordedWishes(FakeScratch()), read_wish("RUB", 100, "", "card 1234")
    wishes.keep(1, "r", wish, NOW)
    assert wishes.find(1, "r", after(DAY - 1)) == wish
    assert wishes.find(1, "r", after(DAY)) is wishes.find(2, "r", NOW) is wishes.find(1, "s", NOW) is None
    wishes.drop(1, "r")
    assert wishes.find(1, "r", NOW) is None


def test_photos_are_put_aside_for_a_day_in_their_order_by_person_and_lot() -> None:
    aside = RecordedPhotos(FakeScratch())
    for number, name in ((12, "c"), (7, "a"), (7, "b")):
        aside.keep(1, "lamp", name, number, NOW)
    assert aside.of(1, "lamp", after(DAY - 1)) == ("a", "b", "c")
    assert aside.of(1, "lamp", after(DAY)) == aside.of(2, "lamp", NOW) == aside.of(1, "vase", NOW) == ()
    aside.drop(1, "lamp", ("a", "c", "unknown"))
    assert aside.of(1, "lamp", NOW) == ("b",)


def test_an_album_is_known_for_a_day_by_its_person() -> None:
    albums = RecordedAlbums(FakeScratch())
    albums.begin(1, "album", "lamp", NOW)
    assert albums.lot_of(1, "album", after(DAY - 1)) == "lamp"
    assert albums.lot_of(1, "album", after(DAY)) is albums.lot_of(2, "album", NOW) is None
