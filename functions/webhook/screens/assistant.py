"""The AI helper: its own screen, its settings, and all of its buttons."""

from __future__ import annotations

from collections.abc import Callable

from starbid.assistant_standing import left_lines, trial_words
from starbid.domain.assistant.errors import TrialUsed
from starbid.domain.assistant.question import Task
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import assistant_asking, assistant_history, assistant_packs
from webhook.screens.evidence import comes_again

Args = list[str]
Step = Callable[[Conversation, Args], None]


@screens.command("ask")
def ask(chat: Conversation, text: str) -> None:
    """Asks what is written behind it; else shows what there is."""
    chat.app.asking.require_offered()
    if text.strip():
        assistant_asking.at_once(chat, text)
    else:
        home(chat)


def home(chat: Conversation) -> None:
    words, terms = chat.words, chat.app.settings.business.assistant
    _, standing = words._, chat.app.asking.standing(chat.person, chat.now)
    about = _(
        "<b>AI helper</b>\nIt answers questions about Starbid and much else, drafts listings and replies, and answers "
        "about a lot from its text. An AI writes the answers: check what matters."
    )
    rows: list[Row] = [(Button(_("Stop the answer"), f"ai:stop:{standing.open_id}"),)] if standing.open_id else []
    rows.append((Button(_("Ask a question"), "ai:ask"), Button(_("Draft my listing"), "ai:listing")))
    if standing.may_try:
        rows.append((Button(trial_words(terms, words), "ai:try"),))
    rows.append((Button(_("Buy answers"), "ai:packs"), Button(_("History"), "ai:list")))
    rows.append((Button(_("Settings"), "ai:set"),))
    chat.show("\n".join((about, "", *left_lines(standing, terms, words))), *rows)


@screens.press("ai", keeps_question=True)
def press(chat: Conversation, args: Args) -> None:
    """`<step>` and what the step takes. One that leads elsewhere leaves the question that is open."""
    step = _STEPS.get(args[0]) if args else None
    if step is None:
        raise callback_data.Garbled
    if args[0] not in _STAYING:
        asking.leave(chat)
    with comes_again():
        step(chat, args[1:])


def _agree(chat: Conversation) -> None:
    chat.app.asking.require_offered()
    chat.app.asking.consent(chat.person.id, chat.now, given=True)
    if not assistant_asking.go_on(chat):
        _settings(chat)


def _take_back(chat: Conversation) -> None:
    chat.app.asking.consent(chat.person.id, chat.now, given=False)
    chat.toast(chat.words._("Nothing more goes to the AI service."))
    _settings(chat)


def _try(chat: Conversation) -> None:
    """Where a question waits, the button means that it is asked: also one that is pressed again."""
    try:
        chat.app.asking.start_trial(chat.person, chat.now)
    except TrialUsed:
        if not assistant_asking.waiting_in(chat):
            raise
    if not assistant_asking.go_on(chat):
        home(chat)


def _go(chat: Conversation) -> None:
    if not assistant_asking.go_on(chat):
        ask(chat, "")


def _settings(chat: Conversation) -> None:
    """Whether the person has agreed, since when, and the way to change it."""
    words, since = chat.words, chat.app.questions.account(chat.person.id).consent_at
    lines = [words._("<b>AI helper: settings</b>"), assistant_asking.consent_words(words)]
    if since:
        lines.append(words._("You agreed to that on {moment}.", moment=words.moment(since)))
        change = Button(words._("I do not agree any more"), "ai:off")
    else:
        lines.append(words._("You have not agreed to that."))
        change = Button(words._("Agree"), "ai:yes")
    site = keyboards.site(words._("AI helper on the site"), "/assistant", chat.app.settings)
    other = keyboards.go(words._("Settings"), "settings")
    chat.show("\n\n".join(lines), (change,), (Button(words._("Back"), "go:ask"), other), (site,))


def _begin(task: Task) -> Step:
    """Takes the lot that it is about, where it is about one."""

    def step(chat: Conversation, args: Args) -> None:
        lot = callback_data.lot_id(callback_data.parts(args, 1)[0]) if args else ""
        if bool(lot) != (task is Task.LOT) and task is not Task.REPLY:
            raise callback_data.Garbled
        assistant_asking.begin(chat, task, lot)

    return step


def _more(chat: Conversation, args: Args) -> None:
    """Below an answer: about the lot that is named, or anything."""
    _begin(Task.LOT if args else Task.QUESTION)(chat, args)


def _buy(chat: Conversation, args: Args) -> None:
    number, shown, request_id = callback_data.parts(args, 3)
    assistant_packs.buy(chat, callback_data.number(number), callback_data.number(shown), request_id)


def _alone(act: Callable[[Conversation], None]) -> Step:
    """Takes nothing."""

    def step(chat: Conversation, args: Args) -> None:
        callback_data.parts(args, 0)
        act(chat)

    return step


def _of_question(act: Callable[[Conversation, str], None]) -> Step:
    def step(chat: Conversation, args: Args) -> None:
        (asked_id,) = callback_data.parts(args, 1)
        act(chat, callback_data.question_id(asked_id))

    return step


def _of_pack(act: Callable[[Conversation, int], None]) -> Step:
    """Takes the number of answers in it."""

    def step(chat: Conversation, args: Args) -> None:
        (number,) = callback_data.parts(args, 1)
        act(chat, callback_data.number(number))

    return step


_STAYING = frozenset({"stop", "again"})
_STEPS: dict[str, Step] = {
    "ask": _begin(Task.QUESTION),
    "listing": _begin(Task.LISTING),
    "lot": _begin(Task.LOT),
    "reply": _begin(Task.REPLY),
    "more": _more,
    "end": _alone(assistant_asking.leave),
    "stop": _of_question(assistant_asking.stop),
    "again": _of_question(assistant_asking.again),
    "yes": _alone(_agree),
    "no": _alone(assistant_asking.give_up),
    "off": _alone(_take_back),
    "try": _alone(_try),
    "go": _alone(_go),
    "sub": _alone(assistant_asking.subscribe),
    "set": _alone(_settings),
    "packs": _alone(assistant_packs.packs),
    "pack": _of_pack(assistant_packs.choose),
    "inv": _of_pack(assistant_packs.invoice),
    "buy": _buy,
    "list": assistant_history.page_of,
    "one": _of_question(assistant_history.one),
    "file": _alone(assistant_history.export),
    "clear": _alone(assistant_history.ask_to_clear),
    "CLEAR": _alone(assistant_history.clear),
}
