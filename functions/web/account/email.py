"""A person's e-mail: the section of the settings, and the pages behind the links in mails.

Those links are fetched by machines that look for harm before anybody reads the mail. So opening one changes nothing:
a button on its page does, and so does the POST of a mail client (RFC 8058). The signed token in the link is all the
proof that there is: who reads the mail may have no session in that browser.
"""

from __future__ import annotations

from starbid.domain.email_addresses import shown
from starbid.domain.email_errors import EmailLinkOfAnother, EmailNotOffered
from starbid.domain.errors import Blocked, Invalid, StarbidError, TooOften
from starbid.further.email.links import CONFIRM_PATH, STOP_PATH, ConfirmLink
from starbid.switch_words import switch_name
from web.account.email_view import email_section
from web.account.settings import fault_of, settings_with_email
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import page_words, show, with_note
from web.shared.refusals import status_of

router = Router()
EVERYTHING, THIS_KIND = "all", "kind"


def _again(request: Request, error: StarbidError) -> Response:
    _require_offer(request)
    email = email_section(request, request.typed.get("email", ""), fault_of(request, error))
    return settings_with_email(request, status_of(error), email)


@router.post("/settings/email", again=_again)
def ask(request: Request) -> Response:
    """`email`: an address, to which a link goes that confirms it."""
    person, typed = request.visitor.require_person(), request.form.get("email", "")
    _require_offer(request)
    try:
        request.app.email_addresses.ask(person, typed, request.now)
    except (Blocked, Invalid, TooOften) as error:
        if request.wants_json:
            raise
        return _again(request, error)
    return with_note(redirect("/settings#email"), "email-asked")


@router.post("/settings/email/delete")
def take_down(request: Request) -> Response:
    """No more e-mail, and no address that waits for its confirmation."""
    request.app.email_addresses.take_down(request.visitor.require_user())
    return with_note(redirect("/settings#email"), "email-off")


@router.get(CONFIRM_PATH)
def confirmation(request: Request) -> Response:
    """`t`: the token of the link."""
    link = _confirm_link(request, request.query.get("t", ""))
    address = request.app.email_addresses.asked(link.person_id, link.ask, request.now)
    return show(request, "account/email_confirm.html", address=shown(address), token=request.query["t"], done=False)


@router.post(CONFIRM_PATH, csrf=False, page="/settings")
def confirm(request: Request) -> Response:
    """`t`: as above."""
    link = _confirm_link(request, request.form.get("t", ""))
    address = request.app.email_addresses.confirm(link.person_id, link.ask, request.now)
    return show(request, "account/email_confirm.html", address=shown(address), token="", done=True)


@router.get(STOP_PATH)
def stopping(request: Request) -> Response:
    """`t`: the token of the link."""
    token = request.query.get("t", "")
    link = request.app.email_links.read_stop(token)
    address = request.app.email_stopping.address(link.person_id, link.mark)
    kind = switch_name(link.switch, page_words(request)) if link.switch else ""
    return show(
        request, "account/email_stop.html", address=shown(address) if address else "", kind=kind, token=token, done=""
    )


@router.post(STOP_PATH, csrf=False, page="/settings")
def stop(request: Request) -> Response:
    """`t`, in the address: the token. `scope`: `kind` or `all`; without it what the link is for, as when a mail client
    sends `List-Unsubscribe=One-Click`.
    """
    link = request.app.email_links.read_stop(request.query.get("t", ""))
    switch = None if request.typed.get("scope") == EVERYTHING else link.switch
    request.app.email_stopping.stop(link.person_id, link.mark, switch)
    kind = switch_name(switch, page_words(request)) if switch else ""
    done = THIS_KIND if switch else EVERYTHING
    return show(request, "account/email_stop.html", address="", kind=kind, token="", done=done)


def _confirm_link(request: Request, token: str) -> ConfirmLink:
    """Raises EmailLinkForged, EmailLinkOver, EmailLinkOfAnother."""
    link = request.app.email_links.read_confirm(token, request.now)
    if request.visitor.user_id not in (None, link.person_id):
        raise EmailLinkOfAnother
    return link


def _require_offer(request: Request) -> None:
    if not request.app.settings.email_sender:
        raise EmailNotOffered
