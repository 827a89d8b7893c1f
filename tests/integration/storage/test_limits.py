"""Counting in the three stores, and from many threads at once."""

from functools import partial

import pytest

from starbid.domain import limits
from starbid.domain.errors import TooOften
from starbid.domain.limits import Deed, Limit
from tests.support.dynamo import DynamoApp, hammer
from tests.support.factories import ANNA
from tests.support.fakes import StagedApp


def test_a_number_grows_up_to_its_most(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    assert scratch.count("limit#a", 2, 3, 60, now)
    assert not scratch.count("limit#a", 2, 3, 60, now)
    assert scratch.count("limit#a", 1, 3, 60, now)
    assert not scratch.count("limit#a", 1, 3, 60, now)
    assert scratch.count("limit#b", 3, 3, 60, now)
    assert not scratch.count("limit#c", 4, 3, 60, now), "more at once than there may be"
    assert scratch.count("limit#b", -1, 3, 60, now)
    assert scratch.count("limit#b", 1, 3, 60, now)
    assert not scratch.count("limit#b", 1, 3, 60, now), "what was given back is there once"


def test_of_many_at_once_as_many_pass_as_may(emulated: DynamoApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.INVOICE, Limit(7, 3600))
    answers = hammer([partial(emulated.limits.require, Deed.INVOICE, ANNA, emulated.now())] * 40)
    assert sum(isinstance(answer, TooOften) for answer in answers) == 33
    assert answers.count(None) == 7
