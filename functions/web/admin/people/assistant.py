"""What a person has of the AI helper, and when they asked what kind of thing. Never what they asked or were answered:
that is nobody else's business, an operator's neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from starbid.domain.assistant.account import Account, Open, Pack, Phase
from starbid.domain.assistant.question import Question, State
from starbid.domain.money import stars
from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.services.assistant.asking import Standing
from web.admin.assistant_words import failure_name, place_name, source_name, state_name, task_name
from web.admin.people.section import SHOWN, Row, Section, Table
from web.kernel.http import Request, path_with

_PAYMENT = "stars:"
"""What the id of a pack begins with that Telegram's payment bought directly; the charge follows."""


def read(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    """Raises Invalid for a cursor of another list."""
    page, account = request.app.asking.history(person.id, limit=SHOWN, cursor=cursor)
    standing = request.app.asking.standing_of(account, person, request.now)
    _ = words._
    return Section(
        heads=(_("Asked"), _("What"), _("Where"), _("State"), _("Tokens")),
        rows=tuple(_question_row(question, account.open, words) for question in page.items),
        empty=_("No questions yet, or their history is cleared."),
        cursor=page.cursor,
        all_url=path_with("/admin/log", user_id=str(person.id), kind="assistant"),
        facts=tuple(_facts(account, standing, words)),
        more=_packs(account.packs, words) if account.packs else None,
    )


def _question_row(question: Question, open_: Open | None, words: Language) -> Row:
    state = question.state_with(open_)
    said = state_name(state, words)
    if state is State.FAILED and question.failure:
        said = f"{said}: {failure_name(question.failure, words)}"
    what, where = task_name(question.task, words), place_name(question.place, words)
    return Row("", (words.moment(question.asked_at), what, where, said, words.number(question.tokens)))


def _facts(account: Account, standing: Standing, words: Language) -> Iterator[tuple[str, str]]:
    _ = words._
    agreed = _("given {moment}", moment=words.moment(account.consent_at)) if account.consent_at else _("not given")
    yield _("Consent to the AI service"), agreed
    yield _("Free trial"), _trial(account, standing, words)
    if standing.quota:
        left = words.ngettext("{n} answer left", "{n} answers left", standing.quota.left)
        yield _("With the subscription"), f"{left}, {_('until {moment}', moment=words.moment(standing.quota.until))}"
    yield _("Bought or given"), words.ngettext("{n} answer left", "{n} answers left", account.credits)
    if account.granted:
        counts = {"granted": account.granted, "used": account.spent, "withdrawn": account.withdrawn}
        told = {name: words.number(number) for name, number in counts.items()}
        yield _("Of them so far"), _("{granted} granted, {used} used, {withdrawn} withdrawn", **told)
    yield _("Open question"), _open(account.open, words) if account.open else _("none")
    if account.cleared_at:
        yield _("History cleared"), words.moment(account.cleared_at)


def _trial(account: Account, standing: Standing, words: Language) -> str:
    if account.trial is None:
        return words._("not begun")
    counts = {"used": words.number(account.trial.used), "granted": words.number(account.trial.granted)}
    if standing.trial is None:
        return words._("over, {used} of {granted} used", **counts)
    return words._("{used} of {granted} used, until {moment}", moment=words.moment(account.trial.until), **counts)


def _open(open_: Open, words: Language) -> str:
    """What pays for it, how far it is, and when somebody looks at it again."""
    phases = {
        Phase.QUEUED: words._("waits for a worker"),
        Phase.ANSWERING: words._("being answered"),
        Phase.TELLING: words._("decided, on its way to the person"),
    }
    tries = words.ngettext("taken up {n} time", "taken up {n} times", open_.tries)
    due = words._("due {moment}", moment=words.moment(open_.due_at))
    return " · ".join((phases[open_.phase], source_name(open_.source, words), tries, due))


def _packs(packs: tuple[Pack, ...], words: Language) -> Table:
    """Those that are not used up, the oldest first: they are used in this order."""
    _ = words._
    heads = (_("When"), _("Answers"), _("Left"), _("Price"), _("Origin"))
    return Table(_("Packs that are not used up"), heads, tuple(_pack_row(pack, words) for pack in packs))


def _pack_row(pack: Pack, words: Language) -> Row:
    counts = (words.number(pack.credits), words.number(pack.left))
    since, price = words.moment(pack.bought_at), words.money(stars(pack.price))
    if pack.order_id:
        url = f"/admin/payments/{quote(pack.id.removeprefix(_PAYMENT), safe='')}"
        return Row(url, (since, *counts, price, words._("in Telegram")))
    if not pack.price:
        return Row("", (since, *counts, "–", words._("given by an operator")))
    return Row("", (since, *counts, price, words._("from the wallet")))
