"""People as operators read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.people import Person
from starbid.domain.restrictions import FOREVER, Limit, Restrictions
from starbid.domain.roles import Role
from starbid.i18n import Language
from starbid.services.desk.finding import State


@dataclass(frozen=True)
class Mark:
    """A badge."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class PersonLine:
    """A line of a list."""

    id: int
    name: str
    username: str
    joined_at: datetime
    language: str
    marks: tuple[Mark, ...]


def lines(people: Iterable[Person], roles: dict[int, Role | None], words: Language, now: datetime) -> list[PersonLine]:
    return [
        PersonLine(
            person.id,
            person.name,
            f"@{person.username}" if person.username else "",
            person.joined_at,
            person.language,
            marks(person, roles.get(person.id), words, now),
        )
        for person in people
    ]


def marks(person: Person, role: Role | None, words: Language, now: datetime) -> tuple[Mark, ...]:
    """What is special about them, the gravest first."""
    _, found = words._, list[Mark]()
    if person.blocked:
        found.append(Mark(_("blocked"), "bad"))
    if person.restrictions.are_on(now):
        found.append(Mark(_("restricted"), "warn"))
    if person.left_at:
        found.append(Mark(_("account deleted {moment}", moment=words.moment(person.left_at)), "quiet"))
    if person.leaves_at:
        found.append(Mark(_("leaves on {moment}", moment=words.moment(person.leaves_at)), "warn"))
    if person.unreachable:
        found.append(Mark(_("no chat with the bot"), "warn"))
    if role:
        found.append(Mark(role_name(role, words)))
    if person.may_sell(now):
        found.append(Mark(_("sells"), "good"))
    return tuple(found)


def role_name(role: Role | None, words: Language) -> str:
    _ = words._
    names = {
        Role.VIEWER: _("viewer"),
        Role.SUPPORT: _("support operator"),
        Role.FINANCE: _("finance operator"),
        Role.OWNER: _("owner"),
        None: _("no role"),
    }
    return names[role]


def limit_name(limit: Limit, words: Language) -> str:
    _ = words._
    return {Limit.BIDS: _("bids and purchases"), Limit.LOTS: _("new lots"), Limit.ASSISTANT: _("the AI helper")}[limit]


def restrictions_said(restrictions: Restrictions, words: Language, now: datetime) -> str:
    """A sentence; empty where nothing is barred."""
    if not restrictions.are_on(now) or restrictions.until is None:
        return ""
    what = ", ".join(limit_name(limit, words) for limit in restrictions.limits)
    if restrictions.until == FOREVER:
        return words._("Barred until lifted: {what}", what=what)
    return words._("Barred until {moment}: {what}", moment=words.moment(restrictions.until), what=what)


def states(words: Language) -> dict[str, str]:
    _ = words._
    return {
        State.ALL: _("Everybody"),
        State.ACTIVE: _("Active"),
        State.BLOCKED: _("Blocked people"),
        State.RESTRICTED: _("Restricted people"),
        State.SELLERS: _("Sellers"),
        State.ROLE: _("Operators"),
    }
