"""The address that a person's notices go to: asked for, confirmed, changed, taken away, whatever fails in between."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.channels import WANTED_AT_FIRST, Channel
from starbid.domain.email_errors import EmailLinkOver
from starbid.domain.errors import Blocked, Invalid, TooOften
from starbid.domain.limits import LIMITS, Deed
from starbid.domain.switches import Switch
from starbid.services.emails.addresses import PLACE, Standing
from starbid.services.ports import ASK_SECONDS, Rejected, TryLater
from tests.support.factories import ANNA, BORIS, CLARA, join
from tests.support.fake_mails import token_in
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there

DAY = timedelta(days=1)


@pytest.fixture
def app() -> FakeApp:
    app = make_app({"EMAIL_SENDER": "notices@starbid.example"})
    for who in (ANNA, BORIS, CLARA):
        join(app, who)
    return app


def ask(app: FakeApp, who: int, typed: str) -> str:
    """Answers the id that its link carries."""
    app.email_addresses.ask(there(app.store.person(who)), typed, app.now())
    return last_ask(app)


def last_ask(app: FakeApp) -> str:
    token = token_in(app.mails.sent[-1].text, "/email/confirm")
    return app.email_links.read_confirm(token, app.now()).ask


def confirm(app: FakeApp, who: int, ask_id: str) -> None:
    app.email_addresses.confirm(who, ask_id, app.now())


def set_up(app: FakeApp, who: int, address: str) -> None:
    confirm(app, who, ask(app, who, address))


def standing(app: FakeApp, who: int) -> Standing:
    return app.email_addresses.standing(there(app.store.person(who)), app.now())


def test_an_address_counts_only_once_its_link_was_confirmed(app: FakeApp) -> None:
    asked = ask(app, ANNA, " Anna@Example.org ")
    assert app.mails.sent[-1].to == "Anna@example.org"
    assert standing(app, ANNA) == Standing(None, "Anna@example.org")
    assert there(app.store.person(ANNA)).heard_by == {}
    confirm(app, ANNA, asked)
    assert standing(app, ANNA) == Standing("Anna@example.org", None)
    assert there(app.store.person(ANNA)).heard_by == {Channel.EMAIL: WANTED_AT_FIRST[Channel.EMAIL]}


def test_a_confirmation_pressed_twice_changes_nothing_more(app: FakeApp) -> None:
    asked = ask(app, ANNA, "anna@example.org")
    confirm(app, ANNA, asked)
    since = there(app.contacts.one(ANNA, PLACE)).since
    app.hearing.listen(ANNA, Channel.EMAIL, {Switch.WON: False})
    app.clock.forward(hours=1)
    confirm(app, ANNA, asked)
    assert there(app.contacts.one(ANNA, PLACE)).since == since
    assert Switch.WON not in there(app.store.person(ANNA)).heard_by[Channel.EMAIL]


def test_the_old_address_is_used_until_the_new_one_is_confirmed(app: FakeApp) -> None:
    set_up(app, ANNA, "old@example.org")
    asked = ask(app, ANNA, "new@example.org")
    assert standing(app, ANNA) == Standing("old@example.org", "new@example.org")
    confirm(app, ANNA, asked)
    assert standing(app, ANNA) == Standing("new@example.org", None)


def test_only_the_newest_link_counts(app: FakeApp) -> None:
    first, second = ask(app, ANNA, "one@example.org"), ask(app, ANNA, "two@example.org")
    with pytest.raises(EmailLinkOver):
        confirm(app, ANNA, first)
    confirm(app, ANNA, second)
    with pytest.raises(EmailLinkOver):
        confirm(app, ANNA, first)
    assert standing(app, ANNA).address == "two@example.org"


def test_a_link_is_over_after_a_day(app: FakeApp) -> None:
    asked = ask(app, ANNA, "anna@example.org")
    app.clock.forward(seconds=ASK_SECONDS)
    with pytest.raises(EmailLinkOver):
        confirm(app, ANNA, asked)
    assert standing(app, ANNA) == Standing(None, None)


def test_nobody_elses_link_confirms_ones_own_address(app: FakeApp) -> None:
    asked = ask(app, ANNA, "anna@example.org")
    ask(app, BORIS, "boris@example.org")
    with pytest.raises(EmailLinkOver):
        confirm(app, BORIS, asked)


def test_two_people_may_have_one_address_each_by_a_link_of_their_own(app: FakeApp) -> None:
    first, second = ask(app, ANNA, "family@example.org"), ask(app, BORIS, "Family@example.org")
    confirm(app, ANNA, first)
    assert standing(app, BORIS).address is None
    confirm(app, BORIS, second)
    app.email_addresses.take_down(ANNA)
    assert (standing(app, ANNA).address, standing(app, BORIS).address) == (None, "Family@example.org")


def test_after_mail_was_ended_no_link_of_before_leads_back(app: FakeApp) -> None:
    asked = ask(app, ANNA, "anna@example.org")
    confirm(app, ANNA, asked)
    app.email_addresses.take_down(ANNA)
    with pytest.raises(EmailLinkOver):
        confirm(app, ANNA, asked)
    assert there(app.store.person(ANNA)).heard_by == {}
    assert app.contacts.of(ANNA) == []


def test_one_person_cannot_have_mail_sent_to_many_addresses(app: FakeApp) -> None:
    most = LIMITS[Deed.EMAIL].most
    for number in range(most):
        ask(app, ANNA, f"stranger{number}@example.org")
    with pytest.raises(TooOften):
        ask(app, ANNA, "one.more@example.org")
    assert len(app.mails.sent) == most
    app.clock.now += DAY
    ask(app, ANNA, "one.more@example.org")


def test_many_people_cannot_have_one_mailbox_flooded_whatever_tags_they_add(app: FakeApp) -> None:
    most = LIMITS[Deed.EMAIL_TO].most
    for number in range(most):
        ask(app, ANNA if number % 2 else BORIS, f"Stranger+{number}@example.org")
    with pytest.raises(TooOften):
        ask(app, CLARA, "stranger@EXAMPLE.org")
    assert len(app.mails.sent) == most
    ask(app, CLARA, "another@example.org")


def test_a_refused_address_costs_none_of_the_tries(app: FakeApp) -> None:
    for _ in range(LIMITS[Deed.EMAIL].most + 5):
        with pytest.raises(Invalid):
            ask(app, ANNA, "anna@localhost")
    ask(app, ANNA, "anna@example.org")


def test_who_is_blocked_has_no_mail_sent(app: FakeApp) -> None:
    app.people.change(ANNA, lambda person: replace(person, blocked=True))
    with pytest.raises(Blocked):
        ask(app, ANNA, "anna@example.org")
    assert app.mails.sent == []


def test_an_address_that_is_never_taken_is_told_and_forgotten(app: FakeApp) -> None:
    app.mails.trouble = Rejected("MessageRejected")
    with pytest.raises(Invalid) as refused:
        ask(app, ANNA, "anna@example.org")
    assert refused.value.reason == "email_refused"
    assert standing(app, ANNA) == Standing(None, None)


def test_a_busy_service_is_passed_on_and_another_try_counts(app: FakeApp) -> None:
    app.mails.trouble = TryLater(5)
    with pytest.raises(TryLater):
        ask(app, ANNA, "anna@example.org")
    app.mails.trouble = None
    set_up(app, ANNA, "anna@example.org")


def test_a_confirmation_carries_nobodys_own_words(app: FakeApp) -> None:
    join(app, 77)
    app.people.change(77, lambda person: replace(person, name="WIN 1000 at evil.example"))
    for code in ("en", "ru"):
        app.people.set_language(77, code)
        ask(app, 77, "stranger@example.org")
        letter = app.mails.sent[-1]
        assert "evil" not in letter.title + letter.text + letter.html
        assert letter.stop_url == ""
        assert len(re.findall(r"https?://", letter.text)) == 1


def test_what_died_half_way_is_made_whole_by_the_next_press(app: FakeApp) -> None:
    asked = ask(app, ANNA, "anna@example.org")
    app.store.fail_next(RuntimeError())  # the address is kept, the channel not set up
    with pytest.raises(RuntimeError):
        confirm(app, ANNA, asked)
    assert standing(app, ANNA).address is None
    confirm(app, ANNA, asked)
    assert standing(app, ANNA).address == "anna@example.org"
