"""People, their sessions and their tokens, the same for every store."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from starbid.domain.errors import Blocked, NotFound, TooManyTokens
from starbid.domain.money import CURRENCIES
from starbid.domain.renewals import Renewal, RenewalState, shown
from starbid.services.ports import ApiToken
from starbid.services.tokens import MOST_TOKENS
from tests.support.blocking import block, unblock
from tests.support.dynamo import DynamoApp, hammer, join, put_up
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import StagedApp
from tests.support.fiat import RUB, rub, top_up
from tests.support.there import there

_, CANCELED, FAILED = RenewalState


def test_tokens_are_found_by_digest_and_by_owner(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    join(any_app, BORIS)
    token = ApiToken("d" * 64, ANNA, "script", any_app.now())
    any_app.tokens.keep(token)
    assert any_app.store.token(token.digest) == token
    assert any_app.store.tokens_of(ANNA) == [token]
    with pytest.raises(NotFound):
        any_app.tokens.drop(BORIS, token.public_id)
    assert any_app.store.token(token.digest) == token
    any_app.tokens.drop(ANNA, token.public_id)
    assert any_app.store.token(token.digest) is None
    assert any_app.store.tokens_of(ANNA) == []
    assert there(any_app.store.person(ANNA, consistent=True)).tokens == 0


def test_the_count_of_tokens_decides_and_a_blocked_person_makes_none(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    kept = [ApiToken(f"{n:064}", ANNA, "x", any_app.now()) for n in range(MOST_TOKENS + 1)]
    for token in kept[:-1]:
        any_app.tokens.keep(token)
    with pytest.raises(TooManyTokens):
        any_app.tokens.keep(kept[-1])
    any_app.tokens.drop(ANNA, any_app.store.tokens_of(ANNA)[0].public_id)
    block(any_app, ANNA)
    with pytest.raises(Blocked):
        any_app.tokens.keep(kept[-1])
    unblock(any_app, ANNA)
    any_app.tokens.keep(kept[-1])
    assert (
        len(any_app.store.tokens_of(ANNA)) == there(any_app.store.person(ANNA, consistent=True)).tokens == MOST_TOKENS
    )


def test_a_person_is_found_by_their_public_id(any_app: StagedApp) -> None:
    anna = join(any_app, ANNA)
    assert any_app.store.person_called(anna.public_id) == anna
    assert any_app.store.person_called("a" * 13) is None


def test_what_has_ended_of_somebodys_sessions_is_kept(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    now = any_app.now()
    any_app.people.end_session(ANNA, "0123456789abcdef", now)
    any_app.people.end_sessions(ANNA, now - timedelta(days=1))
    ended = there(any_app.store.person(ANNA, consistent=True)).ended_sessions
    assert ended.covers("0123456789abcdef", "n1", now)
    assert not ended.covers("another", "n2", now)
    assert ended.covers("another", "n2", now - timedelta(days=1))
    any_app.people.set_language(ANNA, "ru")
    assert there(any_app.store.person(ANNA, consistent=True)).ended_sessions == ended


def test_what_telegram_renews_is_kept_and_a_report_counts_once(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    _, payload = any_app.paying.order_subscription(ANNA, any_app.now())
    any_app.paying.credit(ANNA, "monthly", payload, 100, "XTR", any_app.now(), update_id=10)
    for update_id, state in ((12, CANCELED), (12, CANCELED), (11, FAILED)):
        any_app.paying.hear_of_renewal(ANNA, payload, state, update_id, any_app.now())
    (renewal,) = there(any_app.store.person(ANNA, consistent=True)).renewals
    order_id = payload.split(":")[3]
    assert renewal == Renewal(order_id, CANCELED, 12, any_app.now())
    assert shown((renewal,)) is CANCELED


def test_a_block_stands_in_the_wallets_of_all_currencies(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    for blocked in (True, False):
        for _ in range(2):
            if blocked:
                block(any_app, ANNA)
            else:
                unblock(any_app, ANNA)
        for currency in CURRENCIES:
            assert any_app.store.wallet(ANNA, currency, consistent=True).blocked is blocked
        assert there(any_app.store.person(ANNA, consistent=True)).blocked is blocked


def test_a_wallet_that_only_bears_the_mark_is_none_of_somebodys_wallets(any_app: StagedApp) -> None:
    join(any_app, ANNA, stars=50)
    block(any_app, ANNA)
    assert [wallet.currency for wallet in any_app.store.wallets(ANNA, consistent=True)] == ["XTR"]
    unblock(any_app, ANNA)
    assert [wallet.currency for wallet in any_app.store.wallets(ANNA, consistent=True)] == ["XTR"]


@pytest.mark.parametrize("marked_first", [True, False])
def test_a_wallet_is_somebodys_for_good_once_there_was_money_in_it(any_app: StagedApp, marked_first: bool) -> None:
    join(any_app, ANNA)
    if marked_first:
        block(any_app, ANNA)
    charge = top_up(any_app, ANNA, rub(500))
    block(any_app, ANNA)
    any_app.refunding.take_back(charge.id, any_app.now())
    (wallet,) = any_app.store.wallets(ANNA, consistent=True)
    assert (wallet.available, wallet.currency, wallet.blocked) == (rub(0), RUB, True)


def test_no_cursor_names_the_person_whose_list_it_goes_on_in(any_app: StagedApp) -> None:
    """Anybody can read the cursor of a seller's lots."""
    seller = 7_190_380_018
    join(any_app, seller, seller=True)
    for _ in range(3):
        put_up(any_app, seller)
    page = any_app.store.lots_of_seller(seller, limit=2)
    assert page.cursor
    with suppress(ValueError):  # the one of the store in memory is no base64
        padded = page.cursor + "=" * (-len(page.cursor) % 4)
        assert str(seller) not in base64.urlsafe_b64decode(padded).decode()
    assert str(seller) not in page.cursor
    assert len(any_app.store.lots_of_seller(seller, limit=2, cursor=page.cursor).items) == 1


def test_of_thirty_two_tokens_at_once_no_more_than_the_limit_are_kept(emulated: DynamoApp) -> None:
    join(emulated, ANNA)
    wanted = [ApiToken(f"{n:064}", ANNA, "x", emulated.now()) for n in range(32)]
    answers = hammer([partial(emulated.tokens.keep, token) for token in wanted])
    assert answers.count(None) == MOST_TOKENS
    assert sum(isinstance(answer, TooManyTokens) for answer in answers) == 32 - MOST_TOKENS
    assert len(emulated.store.tokens_of(ANNA)) == MOST_TOKENS


def test_logouts_at_once_all_count(emulated: DynamoApp) -> None:
    join(emulated, ANNA)
    now = emulated.now()
    answers = hammer([partial(emulated.people.end_session, ANNA, f"n{n}", now) for n in range(6)], threads=3)
    ended = there(emulated.store.person(ANNA, consistent=True)).ended_sessions
    for number, answer in enumerate(answers):
        assert ended.covers(f"n{number}", "nonce", now) != isinstance(answer, Exception)
