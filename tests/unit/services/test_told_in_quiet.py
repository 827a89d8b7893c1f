"""The sentence about quiet hours names all that is told in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.i18n import language
from starbid.services.notices import KINDS
from starbid.services.notices.patience import is_about_a_race, may_wait
from starbid.services.notices.switches import ALWAYS
from starbid.services.ports import Notice
from starbid.switch_words import always_told, told_in_quiet
from tests.support.factories import put_up
from tests.support.fakes import START, make_app
from tests.support.happenings import MADE_WHEN_TOLD, all_notices

OUTBID, EXTENDED, REMINDERS = (
    ("outbid", "перебитая"),
    ("extended end", "продление торгов"),
    ("reminders", "напоминания"),
)
PAYMENTS, DEBTS = ("own payments", "ваши платежи"), ("debts", "долги")
TAKEN_BACK, DEADLINES = ("taken back", "отозванных платежей"), ("deadlines of deals", "сроки сделок")
UNDELIVERED = ("not delivered", "недоставленные сообщения")
OPERATORS, SUPPORT = ("decisions of operators", "решения операторов"), ("answers of support", "ответы поддержки")
BROWSER, EMAIL, ACCOUNT = (
    ("new browser", "новый браузер"),
    ("e-mail address", "отключённая почта"),
    ("deletion", "удаление"),
)
NAMED = {
    **dict.fromkeys(("began", "ending_soon"), REMINDERS), "outbid": OUTBID, "extended": EXTENDED,
    **dict.fromkeys(("credited", "refunded", "subscribed", "bill_ended", "credits_bought"), PAYMENTS),
    **dict.fromkeys(("bill_puzzling", "bill_differs", "payout_returned", "refund_failed"), PAYMENTS),
    **dict.fromkeys(("lost", "unsold", "debt_offset"), DEBTS),
    **dict.fromkeys(("bill_returned", "subscription_shortened", "credits_withdrawn"), TAKEN_BACK),
    **dict.fromkeys(("reminded", "frozen", "thawed"), DEADLINES),
    **dict.fromkeys(("talk_undelivered", "talk_barred"), UNDELIVERED),
    **dict.fromkeys(("cancelled", "released", "returned", "credits_changed", "reports_settled"), OPERATORS),
    **dict.fromkeys(("lot_hidden", "lot_shown", "lot_moved", "payout_refused", "refund_refused"), OPERATORS),
    **dict.fromkeys(("operator_wrote", "ticket_answered", "ticket_closed"), SUPPORT),
    **dict.fromkeys(("showcase_shut_out", "showcase_topic_gone"), ("shut the bot out", "куда бота не пускают")),
    "browser_added": BROWSER, "email_stopped": EMAIL,
    **dict.fromkeys(("leaving_asked", "leaving_put_off", "account_deleted"), ACCOUNT),
}  # fmt: skip
"""What the sentence calls each kind, in English and Russian."""
NOT_NAMED = {
    **dict.fromkeys(
        ("dispute_opened", "dispute_answered", "lot_reported", "ticket_news", "admin_chat_lost", "admin_topic_lost"),
        "operators",
    ),
    **dict.fromkeys(("bill_to_review", "provider_troubled", "ledger_differs"), "operators"),
    **dict.fromkeys(("payout_requested", "refund_requested"), "operators"),
    "waited": "it is told when the quiet is over",
}
"""And why it does not name others: the operators' own work is told to operators."""
URGENT: dict[str, dict[str, Any]] = {
    "lost": {"owed": True}, "unsold": {"owed": True}, "cancelled": {"reason": "stolen"}, "released": {"by": "admin"},
    "returned": {"by": "admin"}, "credited": {"price": [500, "RUB"]}, "refunded": {"owed": [5, "XTR"]},
}  # fmt: skip


def told_at_night() -> set[str]:
    """Kinds of which a notice may be told, of a lot that ends before the morning."""
    app = make_app()
    lot = put_up(app, duration_seconds=3600)
    samples = {notice.kind: notice for notice in all_notices()}
    kinds = {kind: samples[kind].facts if kind in samples else MADE_WHEN_TOLD[kind] for kind in KINDS}
    notices = [Notice("n", 1, kind, None, {**facts, **URGENT.get(kind, {})}) for kind, facts in kinds.items()]
    until = START + timedelta(hours=8)
    return {each.kind for each in notices if not may_wait(each, until, lot if is_about_a_race(each) else None)}


def test_the_sentence_about_quiet_hours_names_each_kind_that_is_told_in_them() -> None:
    """A new kind that is told at night has to be named there, or here why it is not."""
    told = told_at_night()
    assert told <= set(NAMED) | set(NOT_NAMED)
    assert (set(NAMED) | set(NOT_NAMED)) & set(KINDS) <= told
    assert not set(NAMED) & set(NOT_NAMED)


@pytest.mark.parametrize(("place", "code"), [(0, "en"), (1, "ru")])
def test_the_words_for_each_kind_stand_in_the_sentence(place: int, code: str) -> None:
    sentence = told_in_quiet(language(code))
    assert [kind for kind, names in NAMED.items() if names[place] not in sentence] == []


@pytest.mark.parametrize(("place", "code"), [(0, "en"), (1, "ru")])
def test_what_is_always_sent_is_named_as_well(place: int, code: str) -> None:
    """Of payments those that go wrong; and of the account, that it has changed."""
    sentence = always_told(language(code))
    others = {PAYMENTS: ("payments that go wrong", "платежи, с которыми что-то не так")}
    others |= dict.fromkeys((BROWSER, EMAIL, ACCOUNT), ("changes of your account", "изменения в аккаунте"))
    named = {kind.name: NAMED[kind.name] for kind in ALWAYS if kind.name in NAMED}
    assert [kind for kind, names in named.items() if others.get(names, names)[place] not in sentence] == []
