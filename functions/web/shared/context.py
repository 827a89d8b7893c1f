"""What every page knows: who looks, in which language and colours, with how much money."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starbid.domain.languages import language_of
from starbid.domain.people import LANGUAGES, Person
from starbid.domain.roles import Role
from starbid.domain.typed_numbers import typed_whole
from starbid.domain.wallet import Wallet
from starbid.i18n import Language, language
from starbid.services.settings import Business
from web.kernel.http import Request, Response, html
from web.shared.first_steps import FirstStep, remembering, step_of
from web.shared.rendering import render
from web.shared.roles import role_of

LANGUAGE_COOKIE, THEME_COOKIE, NOTE_COOKIE = "starbid_language", "starbid_theme", "starbid_note"
ZONE_COOKIE = "starbid_zone"
"""What the browser says of its time zone; written by static/zone.js."""
NOTE_SECONDS = 60
UNPAID = "unpaid"
"""The one note that tells of nothing done."""
_FRAMED_QUERY = re.compile(r"(^|&)(tgWebApp\w*|framed)=")


@dataclass(frozen=True)
class PageContext:
    """`me` and `wallet` (Stars) are None for visitors; `here` is the address to come back to, where `path` may be that
    of a form, and `after_login` where a login leads from here; `note` is what the last form did, told once, with a tone
    and a sign; `paused`: nobody may bid, buy or put up a lot; `first_step`: of a newcomer, where one is left;
    `session`: its id, "" for visitors.
    """

    me: Person | None
    wallet: Wallet | None
    csrf: str
    now: datetime
    path: str
    here: str
    after_login: str
    theme: str | None
    framed: bool
    bot: str
    bot_url: str
    business: Business
    role: Role | None = None
    paused: bool = False
    has_push: bool = False
    session: str = ""
    first_step: FirstStep | None = None
    note: str = ""
    note_looks: tuple[str, str] = ("good", "check")


def page_words(request: Request) -> Language:
    """The person's language and time zone; a visitor's own choice; what the browser asks for and says."""
    person, browser_zone = request.visitor.person, request.cookies.get(ZONE_COOKIE)
    if person:
        return language(person.language).to(person.zone or browser_zone, request.now)
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    code = chosen if chosen in LANGUAGES else language_of(request.headers.get("accept-language"))
    return language(code).to(browser_zone, request.now)


def show(
    request: Request,
    template: str,
    status: int = 200,
    *,
    wallet: Wallet | None = None,
    purses: Collection[Wallet] = (),
    paid_in: str | None = None,
    **values: Any,
) -> Response:
    """A page as an answer. `wallet`: that of Stars, where a newer one has been read; `purses`: wallets of other
    currencies that have been; `paid_in`: the currency that its lot, or its form, is about.
    """
    words = page_words(request)
    page = page_context(request, words, wallet, purses, paid_in)
    response = html(render(template, words, page=page, **values), status)
    response = remembering(request, response, page.me, _purses(page.wallet, purses))
    return response.with_cookies(f"{NOTE_COOKIE}=; Path=/; Max-Age=0") if page.note else response


def page_context(
    request: Request,
    words: Language,
    wallet: Wallet | None = None,
    purses: Collection[Wallet] = (),
    paid_in: str | None = None,
) -> PageContext:
    person, session = request.visitor.person, request.visitor.session
    stars = (wallet or request.visitor.account[1]) if person else None
    theme = request.cookies.get(THEME_COOKIE)
    return PageContext(
        me=person,
        wallet=stars,
        csrf=request.visitor.form_token,
        now=request.app.now(),  # the browser's clocks are set by it, however long the request had to wait
        path=request.path,
        here=request.here,
        after_login=request.onward(request.here),
        theme=theme if theme in ("light", "dark") else None,
        framed=is_framed(request),
        bot=request.app.settings.bot_username,
        bot_url=request.app.settings.bot_url,
        business=request.app.settings.business,
        role=role_of(request),
        has_push=request.app.settings.push.is_offered,
        session=session.id if session else "",
        first_step=step_of(request, person, _purses(stars, purses), paid_in),
        paused=request.app.pause_news.holds(request.app.now()),
        note=_note(request.cookies.get(NOTE_COOKIE), words, request.app.settings.business),
        note_looks=("", "info") if request.cookies.get(NOTE_COOKIE) == UNPAID else ("good", "check"),
    )


def _purses(stars: Wallet | None, others: Collection[Wallet]) -> Collection[Wallet]:
    """One of each currency."""
    known = (stars, *others) if stars else others
    return {wallet.currency: wallet for wallet in known}.values()


def is_framed(request: Request) -> bool:
    """Inside Telegram: the session was begun there, or the browser or the address says so."""
    session = request.visitor.claimed
    if (session and session.framed) or request.is_frame:
        return True
    return request.path == "/login" or bool(_FRAMED_QUERY.search(request.raw_query))


def with_note(response: Response, key: str) -> Response:
    """The next page tells what was done (one of the keys of `_note`), without a mark in its address."""
    return response.with_cookies(f"{NOTE_COOKIE}={key}; Path=/; Max-Age={NOTE_SECONDS}; HttpOnly; SameSite=Lax")


def _note(key: str | None, words: Language, business: Business) -> str:
    _ = words._
    notes = {
        "published": _("Your lot is published."),
        "edited": _("The lot is changed."),
        "cancelled": _("The lot is withdrawn."),
        "delivered": _("Sent. The buyer has been told."),
        "addressed": _("The seller has the address now. You can correct it until the lot is sent."),
        "confirmed": _("Confirmed. The seller is paid."),
        "returned": _("The money is back in your wallet."),
        "disputed": _("The dispute is open. An operator and the seller have been told."),
        "withdrawn": _("The dispute is withdrawn. The deal continues."),
        "changed": _("The seller has changed this lot. Check it: you have not bid or bought anything."),
        "answered": _("Your answer is saved. The operator has been told."),
        "photos-added": _("The photos are added."),
        "file-in-chat": _("This file cannot be fetched here now. You find it in the chat with the bot."),
        "message-away": _(
            "The message is kept. The other side has stopped the bot: they can read it once they are back."
        ),
        "message-barred": _("The message is kept, but the other side cannot answer it at present."),
        "message-reported": _("Thank you. An operator reads this message; the answer comes from support."),
        "rated": _("Thank you for your rating."),
        "offered": _("The offer is made. The next bidder has been told."),
        "taken": _("The lot is yours. The seller has been told."),
        "declined": _("You declined the offer."),
        "draft-saved": _("Your draft is kept for 30 days."),
        "draft-discarded": _("The draft is gone."),
        UNPAID: _("The payment has not arrived yet."),
        "bid": _("It is paid, and your bid is placed."),
        "bought": _("It is paid, and the lot is yours."),
        "relist-needs": _("Relisting needs a subscription. Afterwards you are back at the lot."),
        "subscribed": _("Your subscription is paid. You can publish lots."),
        "renewal-stopped": _("Automatic renewal is off. The days that are paid for stay."),
        "renewal-allowed": _("You can turn it on again in Telegram now: Settings, My Stars."),
        "renewal-over": _("This subscription has ended at Telegram. Begin a new one with a new link."),
        "payout-asked": _("Your payout is under review. We will tell you in Telegram."),
        "payout-cancelled": _("The payout is cancelled, the money is back in your wallet."),
        "reported": _("Thank you. An operator looks at the lot and tells you the outcome."),
        "lot-hidden": _("The lot is hidden. The seller has been told why."),
        "lot-shown": _("The lot is in the lists again."),
        "lot-moved": _("The lot is moved. The seller has been told."),
        "lots-done": _("Done with all chosen lots."),
        "reports-dismissed": _("The reports are settled. Those who made them have been told."),
        "settled": _("The dispute is settled. Both have been told, with your reason."),
        "view-saved": _("The view is saved."),
        "view-dropped": _("The view is deleted."),
        "person-block": _("Blocked. Their lots without bids are being taken down."),
        "person-unblock": _("Unblocked."),
        "person-restrict": _("The restrictions are saved."),
        "person-balance": _("The balance is corrected."),
        "person-credits": _("The answers are changed. The person is told."),
        "pack-granted": _("The answers are granted. The person is told."),
        "person-message": _("The message is on its way."),
        "person-role": _("The role is saved."),
        "person-note": _("The note is kept."),
        "search-saved": _("Saved. We will write when a new lot matches."),
        "search-told": _("We will write when a new lot matches this search."),
        "search-silent": _("The search stays, without notices."),
        "search-deleted": _("The search is deleted."),
        "calendar-on": _("The address is ready. A former one does not work any more."),
        "calendar-off": _("The calendar is off. Its address does not work any more."),
        "language": _("The language is changed."),
        "zone": _("The time zone is changed."),
        "notices": _("Your notices are saved."),
        "browser-removed": _("The browser is removed. No more notices come there."),
        "email-asked": _("The link is on its way. Open the message and confirm the address."),
        "email-off": _("Nothing is sent by e-mail any more."),
        "quiet": _("Your quiet hours are saved."),
        "account-kept": _("Your account stays."),
        "session-ended": _("The session is ended."),
        "sessions-ended": _("All other sessions are ended."),
        "ticket-written": _("Sent. A person will answer here and in the chat."),
        "ticket-closed": _("The ticket is closed."),
        "ticket-answered": _("The answer is on its way to the person."),
        "ticket-reopened": _("The ticket is open again."),
        "ticket-taken": _("The ticket is yours."),
        "ticket-dropped": _("The ticket is anybody's again."),
        "canned-kept": _("The answer is kept."),
        "canned-dropped": _("The answer is deleted."),
        "figures": _("The figures are being made again. It takes some minutes."),
        "refunded": _("The payment is refunded."),
        "refund-refused": _("The refund is refused. The person has been told why."),
        "refund-asked": _("Your request is sent. An operator decides, and we tell you in Telegram."),
        "refund-under-way": _("The refund is on its way: Telegram has not confirmed it yet."),
        "bill-asked": _("The provider has been asked. This is how the bill stands now."),
        "bill-credited": _("What was paid is in the wallet."),
        "bill-returned": _("The bill is marked as returned. The person has been told."),
        "charged-back": _("The payment is booked as taken back."),
        "payout-approved": _("The payout is approved."),
        "payout-begun": _("No debt brings this payout back any more: pay it now."),
        "payout-paid": _("The payout is marked as paid. The person has been told."),
        "payout-refused": _(
            "The payout is refused: the money is back in the wallet, and the person has been told why."
        ),
        "difference-explained": _("The difference is explained."),
        "difference-settled": _("It is booked as Telegram lists it."),
        "difference-later": _("Telegram gives no answer now. Nothing was booked: try again in a moment."),
        "comparing": _("The comparison begins within two minutes."),
        "letter-resent": _("It is sent again."),
        "letter-dropped": _("It is dropped."),
        "letter-later": _("The queue gave no answer. It is not lost: press once more."),
        "letters-collected": _("The letters are fetched."),
        "export-cancelled": _("The export is cancelled."),
        "export-retried": _("The export goes on."),
        "previewed": _("Sent to your chat with the bot."),
        "broadcast-started": _("It is being sent."),
        "broadcast-stopped": _("Stopped. Nobody else gets it."),
        "paused": _("All lots are paused."),
        "resumed": _("The pause is over. All lots continue with the time that they had left."),
        "token-deleted": _("The token is deleted. Programs that used it no longer have access."),
        "ai-agreed": _("Thank you. You can ask now."),
        "ai-withdrawn": _("No more questions go to the AI service. What was asked stays until you clear it."),
        "ai-trial": _("Your free trial has begun."),
        "ai-cleared": _("The history is cleared."),
    }
    return notes.get(key or "", "") or _receipt(key or "", words, business)


def _receipt(key: str, words: Language, business: Business) -> str:
    """Of a pack of answers: `ai-pack-50`."""
    number = typed_whole(key.removeprefix("ai-pack-")[:10]) if key.startswith("ai-pack-") else None
    pack = business.assistant.pack_of(number) if number else None
    if pack is None:
        return ""
    text = words.ngettext("{n} answer is yours", "{n} answers are yours", pack.credits)
    return f"{text}. {words._('Paid from your wallet: {amount}.', amount=words.money(pack.price))}"
