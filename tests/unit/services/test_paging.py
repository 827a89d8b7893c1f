"""Lists that a chat pages through."""

from dataclasses import replace

from starbid.domain.criteria import Criteria, Looking
from starbid.services.ports import Catalogue, Listing, Page, Search
from tests.support.factories import ANNA, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app

LAMPS = Looking(Criteria("lamp"), sort="newest")


def shop() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    join(app, SELLER, seller=True)
    return app


def put_up_lamps(app: FakeApp, count: int) -> None:
    for _ in range(count):
        app.clock.forward(seconds=1)
        put_up(app, title="Lamp", duration_seconds=90_000)
    app.run_streams()


def ids(found: object) -> list[str]:
    return [view.lot.auction.id for view in found.views]  # type: ignore[attr-defined]


def seen_to_the_end(app: FakeApp) -> list[str]:
    """Of one who looks for lamps and pages on."""
    found = app.paging.first(LAMPS, ANNA, app.now())
    seen = ids(found)
    while found.more or found.number < found.pages - 1:
        found = app.paging.page(LAMPS, found.number + 1, ANNA, app.now())
        seen += ids(found)
    return seen


def test_one_who_looks_for_the_same_again_sees_all_lots_once() -> None:
    app = shop()
    put_up_lamps(app, 16)
    assert len(seen_to_the_end(app)) == 16
    app.clock.forward(minutes=40)
    put_up_lamps(app, 8)
    seen = seen_to_the_end(app)
    assert len(seen) == len(set(seen)) == 24


def test_the_cards_of_a_list_that_was_looked_for_again_are_the_new_ones() -> None:
    app = shop()
    put_up_lamps(app, 2)
    app.paging.list_of(LAMPS, ANNA, app.now())
    put_up_lamps(app, 1)
    first = ids(app.paging.first(LAMPS, ANNA, app.now()))
    assert list(app.paging.list_of(LAMPS, ANNA, app.now()).ids) == first


def test_paging_stays_in_the_list_as_it_was_while_lots_are_put_up() -> None:
    app = shop()
    put_up_lamps(app, 16)
    first = ids(app.paging.first(LAMPS, ANNA, app.now()))
    second = ids(app.paging.page(LAMPS, 1, ANNA, app.now()))
    put_up_lamps(app, 8)
    assert ids(app.paging.page(LAMPS, 0, ANNA, app.now())) == first
    assert ids(app.paging.page(LAMPS, 1, ANNA, app.now())) == second


def test_another_search_leaves_the_list_that_is_paged_through() -> None:
    app = shop()
    put_up_lamps(app, 9)
    kept = app.paging.list_of(LAMPS, ANNA, app.now())
    app.paging.first(Looking(Criteria("chair")), ANNA, app.now())
    assert app.paging.present(ANNA, app.now()) == kept


class ShortPages:
    """A catalogue whose pages hold three lots of what is looked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def find(self, search: Search) -> Page[Listing]:
        return self._catalogue.find(replace(search, limit=3))


def test_where_pages_of_the_catalogue_are_short_paging_still_leads_on() -> None:
    app = shop()
    put_up_lamps(app, 20)
    app.browsing._rows._catalogue = ShortPages(app.catalogue)  # type: ignore[assignment]
    for _ in range(2):  # with no list, and with one
        seen = seen_to_the_end(app)
        assert len(seen) == len(set(seen)) == 20
