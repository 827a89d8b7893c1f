"""Links in mails: signed for one purpose, and nothing else is taken for them."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from starbid.domain.email_errors import EmailLinkForged, EmailLinkOver
from starbid.domain.switches import Switch
from starbid.further.email.links import ConfirmLink, EmailLinks, StopLink
from tests.support.fakes import START

LINKS = EmailLinks(lambda: "a key of sixteen letters", "https://starbid.example")
STOP = StopLink(5, "0123456789abcdef", Switch.OUTBID)


def token_of(url: str) -> str:
    return url.partition("?t=")[2]


def test_a_link_reads_as_it_was_made() -> None:
    confirm = ConfirmLink(5, "ab12", START + timedelta(days=1))
    assert LINKS.read_confirm(token_of(LINKS.confirm_url(confirm)), START) == confirm
    assert LINKS.read_stop(token_of(LINKS.stop_url(STOP))) == STOP
    everything = StopLink(5, "0123456789abcdef")
    assert LINKS.read_stop(token_of(LINKS.stop_url(everything))) == everything
    assert LINKS.stop_url(STOP).startswith("https://starbid.example/email/stop?t=")


def test_a_confirmation_counts_until_its_end_and_not_a_moment_longer() -> None:
    token = token_of(LINKS.confirm_url(ConfirmLink(5, "ab12", START)))
    LINKS.read_confirm(token, START - timedelta(seconds=1))
    with pytest.raises(EmailLinkOver):
        LINKS.read_confirm(token, START)


def test_a_link_of_one_purpose_is_none_of_the_other() -> None:
    with pytest.raises(EmailLinkForged):
        LINKS.read_confirm(token_of(LINKS.stop_url(STOP)), START)
    with pytest.raises(EmailLinkForged):
        LINKS.read_stop(token_of(LINKS.confirm_url(ConfirmLink(5, "ab12", START + timedelta(days=1)))))


def test_no_letter_of_a_link_can_be_changed_left_out_or_added() -> None:
    token = token_of(LINKS.stop_url(STOP))
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]
    shorter = [token[:at] for at in range(len(token))]
    for forged in (*changed, *shorter, f"{token}A", f"{token}=", f" {token}", f"{token}\n", f"{token[:9]}!{token[9:]}"):
        with pytest.raises(EmailLinkForged):
            LINKS.read_stop(forged)


@pytest.mark.parametrize(
    "forged", ["", "x", "é", "A" * 10_000, "\x00", base64.urlsafe_b64encode(b"\xff" * 64).decode()]
)
def test_what_is_no_link_at_all_is_refused(forged: str) -> None:
    with pytest.raises(EmailLinkForged):
        LINKS.read_stop(forged)
    with pytest.raises(EmailLinkForged):
        LINKS.read_confirm(forged, START)


def test_another_key_makes_other_links() -> None:
    other = EmailLinks(lambda: "another key of letters", "https://starbid.example")
    with pytest.raises(EmailLinkForged):
        other.read_stop(token_of(LINKS.stop_url(STOP)))


def test_a_switch_that_a_later_version_knows_no_more_ends_all_mail() -> None:
    token = LINKS._signed("stop", "5", "0123456789abcdef", "gone")
    assert LINKS.read_stop(token).switch is None
