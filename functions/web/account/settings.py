"""The language, the time zone, and the other settings."""

from __future__ import annotations

from collections.abc import Sequence

from starbid.domain.channels import FURTHER
from starbid.domain.errors import Blocked, Invalid, NotFound, StarbidError, TooManyTokens
from starbid.domain.limits import Deed
from starbid.domain.people import LANGUAGES
from starbid.domain.quiet import USUAL, QuietHours, typed_hours
from starbid.domain.switches import Switch
from starbid.field_words import field_fault
from starbid.i18n import LANGUAGE_NAMES
from starbid.services.notices.switches import SWITCHES_OF_FURTHER
from starbid.switch_words import always_told, channel_name, quiet_span, switch_name, told_in_quiet
from starbid.zones import all_names, place
from web.account.email_view import EmailSection, email_section
from web.account.sessions import session_list
from web.identity.tokens import new_nonce, new_token
from web.kernel.http import Request, Response, no_content, redirect
from web.kernel.routing import Router
from web.shared.context import LANGUAGE_COOKIE, page_words, show, with_note
from web.shared.refusals import message_of, status_of

router = Router()
MOST_TYPED = 200
"""Letters of a refused field that go back into the page."""
_YEAR = 365 * 86_400


@router.post("/language")
def choose_language(request: Request) -> Response:
    """The switch in the footer: kept with the person, or in a cookie."""
    chosen, target = request.form.get("language", ""), request.page(request.form.get("next"))
    if chosen not in LANGUAGES:
        raise Invalid("language", "choice")
    if request.visitor.person:
        request.app.people.set_language(request.visitor.person.id, chosen)
    return redirect(target).with_cookies(f"{LANGUAGE_COOKIE}={chosen}; Path=/; Max-Age={_YEAR}; SameSite=Lax")


@router.get("/settings")
def settings(request: Request) -> Response:
    request.visitor.require_person()
    return _settings(request)


@router.post("/settings")
def save_settings(request: Request) -> Response:
    """`language`: one of LANGUAGES."""
    user_id = request.visitor.require_user()
    try:
        request.app.people.set_language(user_id, request.form.get("language", ""))
    except Invalid as error:
        if request.wants_json:
            raise
        return _settings(request, 422, language_fault=field_fault(error, page_words(request)))
    return with_note(redirect("/settings"), "language")


def _zone_again(request: Request, error: StarbidError) -> Response:
    typed = request.typed.get("zone", "")[:MOST_TYPED]
    return _settings(request, status_of(error), zone_fault=fault_of(request, error), typed_zone=typed)


@router.post("/settings/zone", again=_zone_again)
def save_zone(request: Request) -> Response:
    """`zone`: as people write it, or empty for what the browser says. `found`: the browser says it, to be kept where
    none is."""
    user_id, zone = request.visitor.require_user(), request.form.get("zone", "")
    if request.form.get("found"):
        request.app.people.find_zone(user_id, zone)
        return no_content()
    try:
        request.app.people.set_zone(user_id, zone)
    except Invalid as error:
        if request.wants_json:
            raise
        return _zone_again(request, error)
    return with_note(redirect("/settings"), "zone")


@router.post("/settings/notices")
def save_notices(request: Request) -> Response:
    """`shown`: the switches of the form, with blanks between them, `on`: each that is on; of a further channel they are
    `<channel>:<switch>`. One that the form did not show stays as it is.
    """
    user_id = request.visitor.require_user()
    on, shown = request.form.all("on"), request.form.get("shown", "").split()
    request.app.people.switch(user_id, _chosen("", shown, on))
    for channel in FURTHER:
        if chosen := _chosen(f"{channel}:", shown, on):
            request.app.hearing.listen(user_id, channel, chosen)
    return with_note(redirect("/settings"), "notices")


def _chosen(prefix: str, shown: Sequence[str], on: Sequence[str]) -> dict[Switch, bool]:
    """What a form says of the switches whose names follow `prefix`."""
    return {switch: f"{prefix}{switch}" in on for switch in Switch if f"{prefix}{switch}" in shown}


def _quiet_again(request: Request, error: StarbidError) -> Response:
    typed = request.typed.get("begins", "")[:MOST_TYPED], request.typed.get("ends", "")[:MOST_TYPED]
    return _settings(request, status_of(error), quiet_fault=fault_of(request, error), typed_quiet=typed)


@router.post("/settings/quiet", again=_quiet_again)
def save_quiet(request: Request) -> Response:
    """`begins` and `ends`: times of the day in the person's zone; `off`: no quiet hours."""
    user_id, form = request.visitor.require_user(), request.form
    try:
        hours = None if form.get("off") else typed_hours(f"{form.get('begins', '')} {form.get('ends', '')}")
        request.app.quiet.choose(user_id, hours, request.app.now())
    except Invalid as error:
        if request.wants_json:
            raise
        return _quiet_again(request, error)
    return with_note(redirect("/settings"), "quiet")


def _name_again(request: Request, error: StarbidError) -> Response:
    typed = request.typed.get("name", "")[:MOST_TYPED]
    return _settings(request, status_of(error), token_fault=fault_of(request, error), typed=typed)


@router.post("/settings/tokens", again=_name_again)
def make_token(request: Request) -> Response:
    """`name`; the page that answers is the only one that ever shows the secret."""
    user_id, name = request.visitor.require_user(), request.form.get("name", "")[:MOST_TYPED]
    try:
        request.app.limits.require(Deed.TOKEN, user_id, request.now)
        token, secret = new_token(request.app.settings.secret_key, user_id, name, new_nonce(), request.now)
        request.app.tokens.keep(token)
    except (Blocked, Invalid, TooManyTokens) as error:
        if request.wants_json:
            raise
        return _name_again(request, error)
    return _settings(request, 201, secret=secret)


@router.post("/settings/tokens/delete")
def delete_token(request: Request) -> Response:
    """`token`: its public id. One that is gone already is fine."""
    try:
        request.app.tokens.drop(request.visitor.require_user(), request.form.get("token", ""))
    except NotFound:
        return redirect("/settings")
    return with_note(redirect("/settings"), "token-deleted")


def fault_of(request: Request, error: StarbidError) -> str:
    """What is said beside a field of the page that was refused."""
    words = page_words(request)
    return field_fault(error, words) if isinstance(error, Invalid) else message_of(error, words)


def settings_with_email(request: Request, status: int, email: EmailSection | None) -> Response:
    """The page, with what came of an address that was typed."""
    return _settings(request, status, email=email)


def _settings(
    request: Request, status: int = 200, *, secret: str = "", typed: str = "", token_fault: str = "",
    language_fault: str = "", zone_fault: str = "", typed_zone: str | None = None,
    quiet_fault: str = "", typed_quiet: tuple[str, str] | None = None, email: EmailSection | None = None,
) -> Response:  # fmt: skip
    person, words = request.visitor.require_person(), page_words(request)
    return show(
        request,
        "account/settings.html",
        status,
        languages=LANGUAGE_NAMES,
        chosen=person.language,
        tokens=request.app.tokens.of(person.id),
        secret=secret,
        typed=typed,
        token_fault=token_fault,
        language_fault=language_fault,
        zone=typed_zone if typed_zone is not None else person.zone or "",
        zone_now=place(words.zone, request.now),
        zones=all_names(),
        zone_fault=zone_fault,
        switches={switch: switch_name(switch, words) for switch in Switch},
        channels={each: channel_name(each, words) for each in person.channels},
        heard={each: person.hears(each) for each in person.channels},
        of_further=SWITCHES_OF_FURTHER,
        always_told=always_told(words),
        email=email or email_section(request),
        push=request.app.settings.push,
        sessions=session_list(request),
        browsers=request.app.browsers.of(person.id) if request.app.settings.push.is_offered else (),
        quiet=quiet_span(person.quiet) if person.quiet else "",
        quiet_times=typed_quiet or _times(person.quiet or USUAL[0]),
        quiet_fault=quiet_fault,
        told_in_quiet=told_in_quiet(words),
        agreed_at=request.app.questions.account(person.id).consent_at,
    )


def _times(hours: QuietHours) -> tuple[str, str]:
    """As a field of the form takes them."""
    begins, ends = (f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (hours.begins, hours.ends))
    return begins, ends
