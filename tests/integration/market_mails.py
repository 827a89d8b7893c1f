"""An address of e-mail and what is sent there, while the day of the market is recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3

import notifier.mail_reports
import notifier.sender
from starbid.domain.channels import Channel
from starbid.services.ports import Notice
from tests.support.factories import BORIS
from tests.support.fake_mails import FakeMails, token_in
from tests.support.moto_market import Market
from tests.support.records import batch, message
from tests.support.there import there
from tests.support.web import Client

SENDER = "notices@starbid.example"
BOUNCE = Path(__file__).resolve().parents[2] / "events" / "mails_bounce.json"


class Both(FakeMails):
    """Mail that is kept, and sent to SES too."""

    def __init__(self, mails: Any) -> None:
        super().__init__()
        self._mails = mails

    def send(self, letter: Any) -> None:
        self._mails.send(letter)
        super().send(letter)


def mails(market: Market) -> None:
    """He confirms an address, is told of a payment there, ends mail, and comes back; then the address is gone."""
    app = market.app
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    boto3.client("sesv2").create_configuration_set(ConfigurationSetName=app.settings.email_configuration_set)
    kept = app.__dict__["mails"] = Both(app.mails)
    with market.record.of("WebFunction"):
        site = Client(app).log_in(BORIS)
        _confirmed(site, kept, "old@example.org")
        assert site.post_form("/settings/email/delete").status == 303
        _confirmed(site, kept, "boris@example.org")
    notice = Notice("mailed:1", BORIS, "subscription_ended", None, {})
    body = json.loads(message(notice)["body"]) | {"channel": Channel.EMAIL}
    told = market.call("SenderFunction", notifier.sender.lambda_handler, batch(message(body)))
    assert told == {"batchItemFailures": []}
    assert kept.sent[-1].to == "boris@example.org"
    app.email_addresses.ask(there(app.store.person(BORIS)), "lost@example.org", app.now())
    for address in ("lost@example.org", "boris@example.org"):
        market.call("MailReportsFunction", notifier.mail_reports.lambda_handler, _bounce(market, address))
    assert app.contacts.of(BORIS) == []


def _confirmed(site: Client, kept: Both, address: str) -> None:
    assert site.post_form("/settings/email", email=address).status == 303
    token = token_in(kept.sent[-1].text, "/email/confirm")
    assert site.get("/email/confirm", t=token).status == 200
    assert site.post_form("/email/confirm", t=token).status == 200


def _bounce(market: Market, address: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(BOUNCE.read_text("utf-8"))
    told = json.loads(event["Records"][0]["Sns"]["Message"])
    told["bounce"]["bouncedRecipients"][0]["emailAddress"] = address
    told["mail"] |= {"timestamp": market.app.now().isoformat(), "tags": {"person": [str(BORIS)]}}
    event["Records"][0]["Sns"]["Message"] = json.dumps(told)
    return event
