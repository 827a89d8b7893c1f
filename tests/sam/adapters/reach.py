"""How people are reached, and what they write to each other: conversations of deals, further channels, quiet hours,
messages for other chats, drafts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starbid.domain.channels import Channel
from starbid.domain.delivered_files import DeliveredFile, FileKind
from starbid.domain.talks import Talk, written
from starbid.services.ports import Contact, EmailAsk, KnownSession, Letter, Notice, SellDraft, Told, WaitingNotice
from starbid.storage.mails import SesMails
from starbid.storage.secrets import webhook_secrets
from starbid.telegram.bot_inline import InlineCard
from starbid.telegram.keyboards import Button
from starbid.telegram.webhook_secrets import WebhookSecrets
from tests.support.factories import ANNA, BORIS, SELLER

from .day import Day


def the_sides_of_a_deal_write_to_each_other(day: Day) -> None:
    app, talks, now = day.app, day.app.talks, day.clock.now.replace(microsecond=0)
    until, talk = now + timedelta(days=90), Talk("lotx", SELLER, ANNA)
    assert talks.talk(talk) == talk
    after, message = written(talk, ANNA, "hello", ("p1",), "an album", now, until)
    unit = app.store.unit()
    unit.save_talk(after)
    unit.save_talk_message(talk.id, message)
    unit.keep_talk_key(talk.id, "a key", 1, None, until)
    unit.commit()
    assert talks.talk(talk) == after
    assert talks.number_of(talk.id, "a key") == 1
    assert talks.message(talk.id, 1, now) == message
    assert talks.before(talk.id, 2, 5, now) == talks.after(talk.id, 0, 5, now) == (message,)
    assert talks.keep(talk.id, replace(message, is_whole=True, version=2))
    assert not talks.keep(talk.id, replace(message, version=2))
    told = Told(1, 1, 1)
    talks.keep_told(talk.id, SELLER, told, until)
    assert (talks.told(talk.id, SELLER), talks.told(talk.id, ANNA)) == (told, Told())
    picture, sizes = "0" * 32, {"small": b"s", "large": b"l"}
    app.pictures.save_talk_photo("lotx", picture, sizes)
    assert {name: app.pictures.load_talk_photo("lotx", picture, name) for name in sizes} == sizes


def people_are_reached_where_they_said(day: Day) -> None:
    app, now = day.app, day.clock.now
    contacts, contact = app.contacts, Contact(ANNA, "email", {"address": "anna@example.org"}, now)
    contacts.put(contact)
    assert contacts.of(ANNA) == [contact]
    contacts.renew(replace(contact, facts={"address": "anna@example.net"}))
    contacts.renew(replace(contact, place="email2"))
    assert [each.facts["address"] for each in contacts.of(ANNA)] == ["anna@example.net"]
    assert contacts.one(ANNA, "email2") is None
    contacts.drop(ANNA, "email")
    assert contacts.of(ANNA) == []
    notice = Notice("further", ANNA, "sold", "lotx", {})
    app.outgoing.send_further(notice, Channel.EMAIL)
    said = [each["said"] for each in day.received(app.settings.notice_queue_url)]
    assert [body["channel"] for body in said if body.get("id") == "further"] == ["email"]


def mail_is_sent_and_an_address_waits(day: Day) -> None:
    app, now = day.app, day.clock.now
    day.aws("sesv2").create_email_identity(EmailIdentity="notices@starbid.example")
    SesMails("notices@starbid.example", "").send(Letter(ANNA, "anna@example.org", "Привет", "a text", "<p>a text</p>"))
    ask = EmailAsk("an ask", "anna@example.org", now + timedelta(days=1))
    app.email_asks.keep(ANNA, ask, now)
    assert app.email_asks.find(ANNA, now) == ask
    app.email_asks.drop(ANNA)
    assert app.email_asks.find(ANNA, now) is None


def what_can_wait_waits_for_the_end_of_quiet_hours(day: Day) -> None:
    app, now = day.app, day.clock.now
    waiting, notice = app.waiting_notices, Notice("later", ANNA, "subscription_ended", None, {})
    waiting.put(ANNA, "later", notice, now)
    assert waiting.of(ANNA, now) == [WaitingNotice("later", notice, now)]
    assert app.messenger.headline(app.store.person(ANNA), notice, None)
    waiting.drop(ANNA, "later")
    assert waiting.of(ANNA, now) == []
    for _ in range(2):
        app.scheduler.wake_at(ANNA, now + timedelta(days=1))
    made = day.aws("scheduler").list_schedules(GroupName=app.settings.schedule_group)["Schedules"]
    assert sum(each["Name"].startswith(f"quiet-{ANNA}-") for each in made) == 1


def lots_are_offered_to_other_chats(day: Day) -> None:
    app, lot, now = day.app, day.put_up(), day.clock.now
    card = InlineCard("1", "A lamp", "100", "<b>A lamp</b>", ((Button("open", url="https://a.b"),),), file_id="a file")
    assert app.bot.answer_inline("q", [card, replace(card.as_text, id="2")], "", 10, ("Open the bot", "help"))
    assert app.bot.prepare_message(ANNA, card.as_text)
    assert app.prepared_messages.prepare(app.store.person(ANNA), lot, None, now)
    app.file_ids.keep("a picture", "a file of it", now)
    batch = app.store.batch()
    found = batch.file_id("a picture", now)
    batch.fetch()
    assert found.value == "a file of it"


def a_draft_is_changed_by_one_at_a_time(day: Day) -> None:
    drafts, now = day.app.sell_drafts, day.clock.now
    draft = SellDraft("another form", {"title": "A lamp"}, (), (), now)
    drafts.keep(BORIS, draft, now)
    changed = replace(draft, fields={"title": "A vase"})
    assert drafts.exchange(BORIS, draft, changed, now)
    assert not drafts.exchange(BORIS, draft, draft, now)
    assert drafts.one(BORIS, draft.id, now) == changed


def the_list_of_sessions_is_changed_by_one_at_a_time(day: Day) -> None:
    known, now = day.app.known_sessions, day.clock.now
    session = KnownSession("an id", "nonce", now, now, "Firefox, Linux", framed=False)
    later = replace(session, seen_at=now + timedelta(days=1))
    assert known.exchange(BORIS, (), (session,), now)
    assert known.exchange(BORIS, (session,), (later,), now)
    assert not known.exchange(BORIS, (session,), (), now)
    assert (known.of(BORIS, now), known.of(ANNA, now)) == ((later,), ())


def files_of_a_delivery_are_sent_on(day: Day) -> None:
    day.app.messenger.files(ANNA, [DeliveredFile("a file", FileKind.DOCUMENT, "book.pdf")])
    day.app.messenger.file(ANNA, b"content", "book.pdf")


def a_new_secret_of_the_webhook_is_taken_from_where_it_is_stored(day: Day) -> None:
    prefix = day.app.settings.ssm_prefix
    name = f"{prefix}/TELEGRAM_WEBHOOK_SECRET"
    day.aws("ssm").put_parameter(Name=name, Value="new,old", Type="SecureString", Overwrite=True)
    secrets = WebhookSecrets(("old",), lambda: webhook_secrets(prefix))
    assert [secrets.accepts(given) for given in ("old", "new", "another")] == [True, True, False]


SCENES = (
    the_sides_of_a_deal_write_to_each_other,
    people_are_reached_where_they_said,
    mail_is_sent_and_an_address_waits,
    what_can_wait_waits_for_the_end_of_quiet_hours,
    lots_are_offered_to_other_chats,
    a_draft_is_changed_by_one_at_a_time,
    the_list_of_sessions_is_changed_by_one_at_a_time,
    files_of_a_delivery_are_sent_on,
    a_new_secret_of_the_webhook_is_taken_from_where_it_is_stored,
)
