"""E-mail on the site: the section of the settings, and the pages behind the links in mails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from starbid.domain.channels import Channel
from starbid.domain.limits import LIMITS, Deed
from starbid.domain.switches import Switch
from starbid.services.emails.addresses import Standing
from starbid.services.ports import ASK_SECONDS, Notice, Rejected, TryLater
from tests.support.factories import ANNA, BORIS, join, put_up
from tests.support.fake_mails import token_in
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there
from tests.support.web import FORM, Answer, Client, text

ANNAS = "anna@example.org"
ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def app() -> FakeApp:
    app = make_app({"EMAIL_SENDER": "notices@starbid.example"})
    for who in (ANNA, BORIS):
        join(app, who, stars=1_000)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


@pytest.fixture
def guest(app: FakeApp) -> Client:
    return Client(app)


def standing(app: FakeApp, who: int = ANNA) -> Standing:
    return app.email_addresses.standing(there(app.store.person(who)), app.now())


def asked(app: FakeApp, anna: Client, address: str = ANNAS) -> str:
    """Answers the token of the link."""
    assert anna.post_form("/settings/email", email=address).status == 303
    return token_in(app.mails.sent[-1].text, "/email/confirm")


def set_up(app: FakeApp, anna: Client, address: str = ANNAS) -> None:
    assert Client(app).post_form("/email/confirm", t=asked(app, anna, address)).status == 200


def mail_of(app: FakeApp) -> tuple[str, str]:
    """The tokens of a mail that tells of an outbid: to end its kind, and to end all."""
    app.hearing.listen(ANNA, Channel.EMAIL, {Switch.OUTBID: True, Switch.WON: True})
    lot, facts = put_up(app), {"price": [330, "XTR"], "bids": 0, "released": [320, "XTR"]}
    app.email_channel.tell(there(app.store.person(ANNA)), Notice("n1", ANNA, "outbid", lot.auction.id, facts), lot)
    letter = app.mails.sent[-1]
    this_kind, everything = re.findall(r"/email/stop\?t=(\S+)", letter.text)
    assert letter.stop_url.endswith(everything)
    return this_kind, everything


def one_click(client: Client, token: str, body: bytes = ONE_CLICK, content_type: str = FORM) -> Answer:
    """As a mail client sends it: no cookies, no token of ours."""
    return client.send("POST", "/email/stop", f"t={token}", {"content-type": content_type}, body)


def heard(app: FakeApp) -> frozenset[Switch] | None:
    return there(app.store.person(ANNA)).heard_by.get(Channel.EMAIL)


def test_an_address_is_given_confirmed_and_shown(app: FakeApp, anna: Client) -> None:
    assert "Waiting for confirmation" not in text(anna.get("/settings"))
    token = asked(app, anna)
    assert f"Waiting for confirmation: {ANNAS}" in text(anna.get("/settings"))
    page = anna.get("/email/confirm", t=token)
    assert page.status == 200
    assert standing(app) == Standing(None, ANNAS)
    assert anna.post_form("/email/confirm", t=token).status == 200
    assert standing(app) == Standing(ANNAS, None)
    assert f"Notices also come to: {ANNAS}" in text(anna.get("/settings"))


def test_it_needs_no_session_as_the_mail_is_read_elsewhere(app: FakeApp, anna: Client, guest: Client) -> None:
    token = asked(app, anna)
    assert "Confirm the address" in text(guest.get("/email/confirm", t=token))
    assert guest.post_form("/email/confirm", t=token).status == 200
    assert standing(app).address == ANNAS


def test_a_scanner_that_fetches_every_link_confirms_and_ends_nothing(app: FakeApp, anna: Client, guest: Client) -> None:
    token = asked(app, anna)
    for method in ("GET", "HEAD", "OPTIONS"):
        guest.send(method, "/email/confirm", f"t={token}")
    assert standing(app) == Standing(None, ANNAS)
    guest.post_form("/email/confirm", t=token)
    before = heard(app)
    for link in mail_of(app):
        before = heard(app)
        for method in ("GET", "HEAD", "OPTIONS"):
            assert guest.send(method, "/email/stop", f"t={link}").status in (200, 204)
        assert heard(app) == before
    assert standing(app).address == ANNAS


def test_a_link_in_the_browser_of_somebody_else_says_so_and_confirms_nothing(app: FakeApp, anna: Client) -> None:
    token = asked(app, anna)
    boris = Client(app).log_in(BORIS)
    for answer in (boris.get("/email/confirm", t=token), boris.post_form("/email/confirm", t=token)):
        assert answer.status == 403
        assert "logged in here as another person" in text(answer)
    assert standing(app) == Standing(None, ANNAS)
    assert standing(app, BORIS) == Standing(None, None)


def test_a_link_is_over_after_a_day_or_once_another_address_was_asked_for(
    app: FakeApp, anna: Client, guest: Client
) -> None:
    first = asked(app, anna, "one@example.org")
    second = asked(app, anna, "two@example.org")
    assert guest.post_form("/email/confirm", t=first).status == 410
    assert guest.post_form("/email/confirm", t=second).status == 200
    assert guest.post_form("/email/confirm", t=first).status == 410
    assert standing(app).address == "two@example.org"
    third = asked(app, anna, "three@example.org")
    app.clock.forward(seconds=ASK_SECONDS)
    for answer in (guest.get("/email/confirm", t=third), guest.post_form("/email/confirm", t=third)):
        assert answer.status == 410
        assert "no longer works" in text(answer)
    assert standing(app) == Standing("two@example.org", None)


FORGERIES: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "cut": lambda token: token[:-1],
    "changed": lambda token: ("A" if token[0] != "A" else "B") + token[1:],
    "longer": lambda token: token + "A",
    "huge": lambda token: token * 100,
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_link_is_refused_with_words_and_changes_nothing(
    app: FakeApp, anna: Client, guest: Client, forge: Callable[[str], str]
) -> None:
    set_up(app, anna)
    for link in mail_of(app):
        before = heard(app)
        for answer in (guest.get("/email/stop", t=forge(link)), one_click(guest, forge(link))):
            assert answer.status == 400
            assert "This link is incomplete" in text(answer)
        assert heard(app) == before
    token = forge(asked(app, anna, "new@example.org"))
    assert guest.get("/email/confirm", t=token).status == 400
    assert guest.post_form("/email/confirm", t=token).status == 400
    assert standing(app) == Standing(ANNAS, "new@example.org")


def test_one_click_of_a_mail_client_ends_all_mail_and_again_is_fine(app: FakeApp, anna: Client, guest: Client) -> None:
    set_up(app, anna)
    _, everything = mail_of(app)
    for _ in range(2):
        answer = one_click(guest, everything)
        assert answer.status == 200
        assert "Nothing is sent to this address any more" in text(answer)
    assert standing(app) == Standing(None, None)
    assert heard(app) is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (ONE_CLICK, FORM),
        (b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b"", ""), (b"{}", "application/json"), (b"\xff\xfe", FORM), (b"x" * 500_000, "text/plain"),
    ],
)  # fmt: skip
def test_whatever_a_mail_client_posts_the_link_decides(
    app: FakeApp, anna: Client, guest: Client, body: bytes, content_type: str
) -> None:
    set_up(app, anna)
    this_kind, everything = mail_of(app)
    assert one_click(guest, this_kind, body, content_type).status == 200
    assert Switch.OUTBID not in (heard(app) or ())
    assert Switch.WON in (heard(app) or ())
    assert one_click(guest, everything, body, content_type).status == 200
    assert heard(app) is None


def test_its_page_offers_this_kind_and_all_and_each_button_does_that(app: FakeApp, anna: Client, guest: Client) -> None:
    set_up(app, anna)
    this_kind, _ = mail_of(app)
    page = text(guest.get("/email/stop", t=this_kind))
    assert "No more “Outbid”" in page
    assert ANNAS in page
    for _ in range(2):
        answer = guest.send("POST", "/email/stop", f"t={this_kind}", {"content-type": FORM}, b"scope=kind")
        assert "“Outbid” no longer comes by e-mail" in text(answer)
    assert Switch.OUTBID not in (heard(app) or ())
    guest.send("POST", "/email/stop", f"t={this_kind}", {"content-type": FORM}, b"scope=all")
    assert heard(app) is None
    assert "No more e-mail" in text(guest.get("/email/stop", t=this_kind))


def test_a_link_of_a_mail_to_the_address_of_before_does_not_end_mail_to_the_new_one(
    app: FakeApp, anna: Client, guest: Client
) -> None:
    set_up(app, anna)
    links = mail_of(app)
    set_up(app, anna, "new@example.org")
    before = heard(app)
    for link in links:
        assert one_click(guest, link).status == 200
    assert (standing(app).address, heard(app)) == ("new@example.org", before)


def test_a_link_still_works_after_the_same_address_was_confirmed_again(
    app: FakeApp, anna: Client, guest: Client
) -> None:
    set_up(app, anna)
    _, everything = mail_of(app)
    set_up(app, anna, "Anna@example.org")
    one_click(guest, everything)
    assert standing(app).address is None


def test_a_refused_address_is_shown_again_with_what_is_wrong(app: FakeApp, anna: Client) -> None:
    answer = anna.post_form("/settings/email", email='x"><script>@localhost')
    assert answer.status == 422
    assert "Enter an e-mail address" in text(answer)
    assert "<script>@" not in answer.text
    assert app.mails.sent == []
    assert anna.post_form("/settings/email", email="x" * 10_000).status == 422
    assert anna.post_form("/settings/email").status == 422


def test_an_address_typed_on_an_old_page_stays(app: FakeApp, anna: Client) -> None:
    answer = anna.post_form("/settings/email", csrf=False, email=ANNAS)
    assert answer.status == 403
    assert f'value="{ANNAS}"' in answer.text
    assert "This page was out of date, so nothing was done." in text(answer)
    assert app.mails.sent == []


def test_too_many_asks_are_refused_with_words(app: FakeApp, anna: Client) -> None:
    for number in range(LIMITS[Deed.EMAIL].most):
        asked(app, anna, f"x{number}@example.org")
    answer = anna.post_form("/settings/email", email="y@example.org")
    assert answer.status == 429
    assert len(app.mails.sent) == LIMITS[Deed.EMAIL].most


def test_an_address_that_ses_refuses_and_a_busy_ses_are_told_apart(app: FakeApp, anna: Client) -> None:
    app.mails.trouble = Rejected("MessageRejected")
    refused = anna.post_form("/settings/email", email=ANNAS)
    assert (refused.status, "No message can be sent to this address" in text(refused)) == (422, True)
    app.mails.trouble = TryLater(5)
    assert anna.post_form("/settings/email", email=ANNAS).status == 503


def test_mail_is_ended_in_the_settings_too(app: FakeApp, anna: Client) -> None:
    set_up(app, anna)
    for _ in range(2):
        assert anna.post_form("/settings/email/delete").status == 303
    assert standing(app) == Standing(None, None)


def test_the_forms_of_the_settings_need_a_session_and_its_token(app: FakeApp, anna: Client, guest: Client) -> None:
    set_up(app, anna)
    sent = len(app.mails.sent)
    for path in ("/settings/email", "/settings/email/delete"):
        assert guest.post_form(path, email="new@example.org").status == 403
        assert anna.post_form(path, csrf=False, email="new@example.org").status == 403
    assert standing(app) == Standing(ANNAS, None)
    assert len(app.mails.sent) == sent


def test_the_page_says_how_long_the_link_works(app: FakeApp, anna: Client) -> None:
    asked(app, anna)
    assert f"The link works for {ASK_SECONDS // 3600} hours." in text(anna.get("/settings"))


def test_where_no_mail_is_sent_nothing_offers_it(app: FakeApp) -> None:
    bare = make_app()
    join(bare, ANNA)
    anna = Client(bare).log_in(ANNA)
    assert 'id="email"' not in anna.get("/settings").text
    assert anna.post_form("/settings/email", email=ANNAS).status == 404
    old = anna.post_form("/settings/email", csrf=False, email=ANNAS)
    assert (old.status, ANNAS in old.text) == (403, False)
    assert bare.further_channels == {}


def test_the_pages_speak_both_languages(app: FakeApp, anna: Client, guest: Client) -> None:
    token = asked(app, anna)
    russian = {"accept-language": "ru"}
    assert "Подтвердите адрес почты" in text(guest.get("/email/confirm", t=token, headers=russian))
    guest.post_form("/email/confirm", t=token)
    this_kind, _ = mail_of(app)
    assert "Больше не присылать «Ставку перебили»" in text(guest.get("/email/stop", t=this_kind, headers=russian))
