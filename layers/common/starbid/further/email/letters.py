"""Notices and confirmations as mails, in the reader's language."""

from __future__ import annotations

from html import escape

from starbid import links
from starbid.config import Settings
from starbid.domain.email_addresses import mark_of, shown
from starbid.domain.people import Person
from starbid.further.email.drawing import Page, html_part, text_part
from starbid.further.email.links import ConfirmLink, EmailLinks, StopLink
from starbid.further.said import said
from starbid.i18n import Language, language
from starbid.services.notices.switches import switch_of
from starbid.services.ports import ASK_SECONDS, EmailAsk, Letter, Mails
from starbid.switch_words import switch_name
from starbid.telegram.notices import Telling

_PICTURE_SIZE = "medium"


def letter_of(person: Person, to: str, telling: Telling, signed: EmailLinks) -> Letter:
    """The mail that tells a notice, with the ways out of it."""
    told, words, settings = said(telling), telling.words, telling.settings
    switch = switch_of(telling.notice.kind)
    mark = mark_of(to)
    everything = signed.stop_url(StopLink(person.id, mark))
    ways = [(words._("Unsubscribe"), everything), (words._("Settings"), f"{settings.base_url}/settings#email")]
    if switch:
        this_kind = signed.stop_url(StopLink(person.id, mark, switch))
        ways[0:1] = [(words._("Not this kind"), this_kind), (words._("No e-mail at all"), everything)]
        why = words._("You get this because “{kind}” is on in your e-mail settings.", kind=switch_name(switch, words))
    else:
        why = words._("You get this because you confirmed {address} on Starbid.", address=shown(to))
    page = Page(
        language=words.code,
        title=told.title,
        lines=told.lines,
        body=told.html,
        links=told.links,
        label=told.label,
        url=told.url,
        picture=_picture(telling, settings),
        picture_text=telling.lot.lot.card.title if telling.view else "",
        footer=((why, tuple(ways)),),
    )
    return Letter(person.id, to, page.title, text_part(page), html_part(page), everything)


def _picture(telling: Telling, settings: Settings) -> str:
    pictures = telling.lot.lot.card.pictures if telling.view else ()
    return settings.base_url + links.picture_path(pictures[0], _PICTURE_SIZE) if pictures else ""


class EmailConfirmations:
    """Implements `ports.ConfirmationMails`. Nobody's own words are in it: it goes where nobody has agreed yet."""

    def __init__(self, mails: Mails, signed: EmailLinks) -> None:
        self._mails, self._signed = mails, signed

    def ask(self, person: Person, ask: EmailAsk) -> None:
        page = self._page(person.id, language(person.language), ask)
        self._mails.send(Letter(person.id, ask.address, page.title, text_part(page), html_part(page)))

    def _page(self, person_id: int, words: Language, ask: EmailAsk) -> Page:
        hours = words.ngettext("The link works for {n} hour.", "The link works for {n} hours.", ASK_SECONDS // 3600)
        lines = (words._("Notices of your Starbid account will come to {address}.", address=shown(ask.address)), hours)
        ignore = words._("If you did not ask for this, ignore this message: nothing more will be sent.")
        return Page(
            language=words.code,
            title=words._("Confirm your e-mail address"),
            lines=lines,
            body="<br>\n".join(map(escape, lines)),
            links=(),
            label=words._("Confirm the address"),
            url=self._signed.confirm_url(ConfirmLink(person_id, ask.id, ask.until)),
            picture="",
            picture_text="",
            footer=((ignore, ()),),
        )
