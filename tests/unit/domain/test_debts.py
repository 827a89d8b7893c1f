"""How much of a debt is offset, and by which transfer."""

import pytest

from starbid.domain import debts
from starbid.domain.ledger import receivable_account, user_account
from tests.support.factories import ANNA, wallet, xtr
from tests.support.fakes import START


@pytest.mark.parametrize(
    ("available", "owed", "part"),
    [(0, 0, 0), (50, 0, 0), (0, 50, 0), (1, 50, 1), (49, 50, 49), (50, 50, 50), (51, 50, 50)],
)
def test_no_more_than_is_available_and_no_more_than_is_owed(available: int, owed: int, part: int) -> None:
    before = wallet(available=available, owed=owed, held=7)
    assert before.covered == xtr(part)
    assert before.after_offset() == wallet(available=available - part, owed=owed - part, held=7)
    offset = debts.offset(before, START)
    if not part:
        assert offset is None
        return
    assert offset
    after, transfer = offset
    assert after == wallet(available=available - part, owed=owed - part, held=7, offsets=1)
    assert {e.account: e.change for e in transfer.entries} == {
        user_account(ANNA): xtr(-part),
        receivable_account(ANNA): xtr(part),
    }


def test_settlements_are_numbered_so_that_one_is_never_booked_twice() -> None:
    """The same amounts a second time are another settlement; the same wallet once more is the same one."""
    first, second = wallet(available=50, owed=50), wallet(available=50, owed=50, offsets=1)
    ids = [settled[1].id for seen in (first, first, second) if (settled := debts.offset(seen, START))]
    assert ids == [f"offset-debt:{ANNA}:XTR:{number}" for number in (1, 1, 2)]
