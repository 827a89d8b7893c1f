"""Files that a seller hands over on the site: kept by their content, fetched there by the buyer."""

from __future__ import annotations

import pytest

from starbid.domain import limits
from starbid.domain.deals import DealState
from starbid.domain.delivered_files import FILES_KEPT, MAX_FILES, uploaded
from starbid.domain.limits import Deed, Limit
from tests.support.factories import ANNA, BORIS, SELLER, bought, market
from tests.support.fakes import Death, FakeApp
from tests.support.web import Answer, Client, text


@pytest.fixture
def app() -> FakeApp:
    return market()[0]


@pytest.fixture
def lot(app: FakeApp) -> str:
    return bought(app)


@pytest.fixture
def seller(app: FakeApp) -> Client:
    return Client(app).log_in(SELLER)


def deliver(client: Client, lot: str, *files: tuple[str, bytes], words: str = "") -> Answer:
    return client.post_files(f"/auction/{lot}/deliver", files, "files", text=words)


def fetched(app: FakeApp, lot: str, number: int) -> bytes:
    """What the buyer's link leads to."""
    answer = Client(app).log_in(ANNA).get(f"/auction/{lot}/files/{number}")
    assert answer.status == 303
    place = answer.headers["location"].removeprefix(f"https://files.example/{lot}/").partition("?")[0]
    return app.file_copies.kept[lot, place]


def test_the_buyer_fetches_what_was_uploaded_under_its_name(app: FakeApp, lot: str, seller: Client) -> None:
    answer = deliver(seller, lot, ("a map.pdf", b"one"), ("key.txt", b"two"), words="both")
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
    shown = text(Client(app).log_in(ANNA).get(f"/auction/{lot}"))
    assert "a map.pdf" in shown
    assert "both" in shown
    assert [fetched(app, lot, number) for number in (1, 2)] == [b"one", b"two"]


def test_files_need_no_words_and_one_of_the_two_is_needed(app: FakeApp, lot: str, seller: Client) -> None:
    refused = deliver(seller, lot)
    assert refused.status == 422
    assert 'id="delivery-fault"' in refused.text
    assert deliver(seller, lot, ("a.txt", b"one")).status == 303
    assert app.store.deal(lot).state is DealState.DELIVERED


def test_to_others_there_is_no_file(app: FakeApp, lot: str, seller: Client) -> None:
    deliver(seller, lot, ("a.txt", b"one"))
    for other in (Client(app), Client(app).log_in(BORIS)):
        assert other.get(f"/auction/{lot}/files/1").status == 404


def test_only_the_seller_uploads_and_nothing_is_kept_of_others(app: FakeApp, lot: str) -> None:
    for who in (ANNA, BORIS):
        assert deliver(Client(app).log_in(who), lot, ("a.txt", b"one")).status in (403, 409)
    assert app.file_copies.kept == {}


def test_a_form_that_comes_twice_is_one_delivery_and_another_one_changes_nothing(
    app: FakeApp, lot: str, seller: Client
) -> None:
    for _ in range(2):
        assert deliver(seller, lot, ("a.txt", b"one"), words="w").status == 303
    assert deliver(seller, lot, ("a.txt", b"other"), words="w").status == 409
    assert fetched(app, lot, 1) == b"one"
    assert len(app.file_copies.kept) == 1


def test_of_two_uploads_at_once_the_file_is_that_of_the_one_that_counted(
    app: FakeApp, lot: str, seller: Client
) -> None:
    other = Client(app).log_in(SELLER)
    app.store.meanwhile(lambda: deliver(other, lot, ("a.txt", b"first")))
    assert deliver(seller, lot, ("a.txt", b"second")).status == 409
    assert fetched(app, lot, 1) == b"first"


def test_after_a_death_in_between_the_same_form_hands_over_once(app: FakeApp, lot: str) -> None:
    uploads = [("a.txt", b"one")]
    for after in (False, True):
        app.store.fail_next(Death(), after=after)
        with pytest.raises(Death):
            app.file_delivery.deliver_uploads(SELLER, lot, "", uploads, app.now())
        if after:
            break
        assert app.store.deal(lot).state is DealState.AWAITING_DELIVERY
    deal = app.file_delivery.deliver_uploads(SELLER, lot, "", uploads, app.now())
    assert (deal.state, deal.files) == (DealState.DELIVERED, 1)
    assert fetched(app, lot, 1) == b"one"


@pytest.mark.parametrize(
    ("files", "fault"),
    [([("a.txt", b"")], "A file is empty"), ([(f"{n}.txt", b"x") for n in range(MAX_FILES + 1)], "Up to 10 files.")],
)
def test_what_is_wrong_with_files_is_said_beside_them(
    app: FakeApp, lot: str, seller: Client, files: list[tuple[str, bytes]], fault: str
) -> None:
    answer = deliver(seller, lot, *files, words="my words")
    assert answer.status == 422
    assert fault in answer.text.split('id="delivery-files-fault"')[1]
    assert "my words" in answer.text
    assert app.file_copies.kept == {}


@pytest.mark.parametrize("name", ["../../x.html", "C:\\x.html", "\u202egpj.exe", "", "x" * 300 + ".pdf"])
def test_a_name_is_no_path_and_has_an_end(name: str) -> None:
    file = uploaded(name, b"x")
    assert "/" not in file.name
    assert "\\" not in file.name
    assert len(file.name) <= 120


def test_too_often_is_told(app: FakeApp, lot: str, seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.FILE, Limit(0, 3600))
    assert deliver(seller, lot, ("a.txt", b"one")).status == 429
    assert app.file_copies.kept == {}


def test_they_are_erased_when_their_time_is_over(app: FakeApp, lot: str, seller: Client) -> None:
    deliver(seller, lot, ("a.txt", b"one"))
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(seconds=int(FILES_KEPT.total_seconds()) + 1)
    assert app.file_delivery.sweep(app.now()) == 1
    assert app.file_copies.kept == {}
    assert app.file_delivery.sweep(app.now()) == 0
