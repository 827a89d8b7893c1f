"""Asking the AI helper in the chat: what a person writes goes to it until they go elsewhere. Its worker answers.

Words that cannot be asked yet (nobody has agreed, or no answers are left) wait in the message that says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starbid.assistant_standing import left_lines, trial_words
from starbid.bootstrap import App
from starbid.domain.assistant.errors import Busy, ConsentNeeded, NoCredits
from starbid.domain.assistant.question import Place, Task
from starbid.domain.errors import NotFound
from starbid.i18n import Language
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Rejected, TryLater, Unreachable
from starbid.telegram.bot_drafts import draft_of
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.wording import refusal
from webhook import asking
from webhook.conversation import Conversation
from webhook.log import log
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import menu, subscription
from webhook.screens.assistant_prompts import prompt, read, require_dispute, said_to
from webhook.screens.evidence import comes_again

CONVERSATION_SECONDS = 12 * 3600
WAITING_SECONDS = 86_400
_BEGIN = {Task.QUESTION: "ai:ask", Task.LISTING: "ai:listing", Task.LOT: "ai:lot", Task.REPLY: "ai:reply"}
_MORE = re.compile(r"ai:more(?::([a-z0-9]{1,20}))?(?::~)?")
"""The button below an answer, with the lot that it is about."""


@dataclass(frozen=True)
class AskHelper(Question):
    """What do you want to know? Everything that is sent is asked. `task` and `lot` as in Wish."""

    name = "helper"
    patience = CONVERSATION_SECONDS
    task: str
    lot: str = ""

    @property
    def again(self) -> str:
        return ":".join(filter(None, (_BEGIN[Task(self.task)], self.lot)))

    def leaving(self, words: Language) -> Button:
        return Button(words._("That is all"), "ai:end")


@dataclass(frozen=True)
class AskWaiting(Question):
    """Something is missing before `text` can be asked; "" where nothing was written yet. Other words take its place."""

    name = "helper_waiting"
    patience = WAITING_SECONDS
    is_alone = True
    task: str
    lot: str = ""
    text: str = ""

    @property
    def again(self) -> str:
        return AskHelper(self.task, self.lot).again

    def leaving(self, words: Language) -> Button:
        return Button(words._("Not now"), "ai:no")


def begin(chat: Conversation, task: Task, lot: str = "") -> None:
    """Have the person write what they want to know.

    Raises NotOffered, Blocked, Restricted, NotFound, NotYours, WrongDealState.
    """
    chat.app.asking.require_admitted(chat.person, chat.now)
    text = prompt(chat, task, lot)
    standing = chat.app.asking.standing(chat.person, chat.now)
    waiting = AskWaiting(task.value, lot)
    if not standing.consent:
        _ask_consent(chat, waiting)
    elif not standing.left and not standing.open_id:
        _offer_more(chat, waiting, NoCredits(standing.may_try))
    else:
        left = "\n".join(left_lines(standing, chat.app.settings.business.assistant, chat.words))
        asking.ask_in_place(chat, AskHelper(task.value, lot), f"{text}\n\n{left}")


def at_once(chat: Conversation, text: str) -> None:
    """What was written behind the command."""
    question = AskHelper(Task.QUESTION.value)
    try:
        _put(chat, question, read(text, chat.words))
    except asking.AskAgain as fault:
        asking.ask(chat, question, fault.text, *fault.rows)


@screens.answer(AskHelper, takes_anything=True)
def answer_helper(chat: Conversation, question: AskHelper, said: Said) -> None:
    """Stays open."""
    _put(chat, question, said_to(chat, Task(question.task), said), inside=True)
    raise asking.MoreToCome


@screens.answer(AskWaiting, takes_anything=True)
def answer_waiting(chat: Conversation, question: AskWaiting, said: Said) -> None:
    """Other words take the place of those that wait."""
    _put(chat, AskHelper(question.task, question.lot), said_to(chat, Task(question.task), said))
    raise asking.MoreToCome


def replied(chat: Conversation, said: Said) -> bool:
    """Whether it replies to an answer of the helper's: it is a further question."""
    found = next((match for data in said.reply_data if (match := _MORE.fullmatch(data))), None)
    if found is None:
        return False
    question = AskHelper(Task.LOT.value, found[1]) if found[1] else AskHelper(Task.QUESTION.value)
    try:
        _put(chat, question, said_to(chat, Task(question.task), said), inside=True)
    except asking.AskAgain as fault:
        chat.say(fault.text)
    return True


def waiting_in(chat: Conversation) -> AskWaiting | None:
    """What waits in the message whose button was pressed."""
    asked = chat.questions.of_message(chat.pressed_on, chat.now) if chat.pressed_on else None
    is_waiting = asked is not None and asked.name == AskWaiting.name and asked.is_open(chat.now)
    return asked.read_as(AskWaiting) if asked and is_waiting else None


def go_on(chat: Conversation) -> bool:
    """Ask what waits in the message whose button was pressed, or ask for the words; False where nothing waits there."""
    waiting = waiting_in(chat)
    if waiting is None:
        return False
    question = AskHelper(waiting.task, waiting.lot)
    if waiting.text:
        _put(chat, question, waiting.text)
    else:
        begin(chat, Task(waiting.task), waiting.lot)
    return True


def again(chat: Conversation, failed_id: str) -> None:
    """A question that was not answered, once more."""
    try:
        chat.app.asking.ask_again(chat.person, failed_id, chat.turn, chat.arrived, Place.CHAT)
    except NotFound:
        chat.toast(chat.words._("This question is not there any more: it was asked again, or cleared."), alert=True)
    except Busy as busy:
        _say_busy(chat, busy)
    except (ConsentNeeded, NoCredits) as error:
        failed, _ = chat.app.asking.question(chat.person.id, failed_id)
        _hold_back(chat, AskWaiting(failed.task.value, failed.subject, failed.text), error)
    else:
        chat.acted = True
        chat.change_buttons(lambda one: None if one.data == f"ai:again:{failed_id}" else one)
        _show_typing(chat)


def stop(chat: Conversation, asked_id: str) -> None:
    """The button below a growing answer."""
    if chat.app.asking.stop(chat.person.id, asked_id):
        chat.toast(chat.words._("Stopped."))
    else:
        chat.toast(chat.words._("There is nothing to stop any more."))


def stop_draft(app: App, user_id: int, draft_id: int) -> None:
    """The same by Telegram's own button: of the draft that the open question is answered in, and no other."""
    open_ = app.questions.account(user_id).open
    if open_ and draft_of(open_.id) == draft_id:
        app.asking.stop(user_id, open_.id)


def give_up(chat: Conversation) -> None:
    """Nothing that waits is to be asked."""
    asking.forget(chat, AskWaiting)
    menu.to_start(chat, chat.words._("Fine. Nothing was sent to the AI service."))


def leave(chat: Conversation) -> None:
    """What comes next is no question."""
    for asked in chat.questions.asked:
        if asked.name == AskHelper.name:
            asking.close(chat, asked)
    menu.to_start(chat, chat.words._("To ask the AI helper again: /ask"))


def subscribe(chat: Conversation) -> None:
    """In a message of its own: the one with what waits stays."""
    subscription.subscribe(chat.aside(), "")


def consent_words(words: Language) -> str:
    """What one agrees to, in Telegram's HTML."""
    return words._(
        "Your questions go to an AI service outside Starbid, which writes the answers. With a question go your last "
        "questions with their answers and, if it is about a lot, the text of the lot. Your name, money, bids, messages "
        "and addresses do not. Write no passwords or other secrets.\n"
        "You can take this back at any time: /ask, “Settings”."
    )


def _put(chat: Conversation, question: AskHelper, text: str, *, inside: bool = False) -> None:
    """Ask it. What stands in the way is told with the way out. `inside`: the person is told already that what they
    write goes to the helper. Raises what `Asking.ask` does, NotFound, NotYours, WrongDealState.
    """
    task = Task(question.task)
    if task is Task.REPLY and question.lot:
        require_dispute(chat, question.lot)
    wish = Wish(text, Place.CHAT, task, question.lot)
    try:
        with comes_again():
            chat.app.asking.ask(chat.person, wish, chat.turn, chat.arrived)
    except Busy as busy:
        _say_busy(chat, busy)
        return
    except (ConsentNeeded, NoCredits) as error:
        _hold_back(chat, AskWaiting(question.task, question.lot, text), error)
        return
    chat.acted = True
    asking.forget(chat, AskWaiting)
    if not inside:
        told = chat.words._("Asked. The answer comes here.\nWhat you write next goes to the AI helper, too.")
        asking.ask_in_place(chat, question, told)
    _show_typing(chat)


def _show_typing(chat: Conversation) -> None:
    """At once; the worker shows more in a moment."""
    try:
        chat.app.bot.send_chat_action(chat.chat_id)
    except (TryLater, Unreachable, Rejected) as error:
        log().info("nobody sees that a question is being answered: %r", error)


def _say_busy(chat: Conversation, busy: Busy) -> None:
    chat.say(escape(refusal(busy, chat.words)), (Button(chat.words._("Stop"), f"ai:stop:{busy.question_id}"),))


def _hold_back(chat: Conversation, waiting: AskWaiting, error: ConsentNeeded | NoCredits) -> None:
    if isinstance(error, NoCredits):
        _offer_more(chat, waiting, error)
    else:
        _ask_consent(chat, waiting)


def _ask_consent(chat: Conversation, waiting: AskWaiting) -> None:
    _, text = chat.words._, consent_words(chat.words)
    if waiting.text:
        text = f"{text}\n\n{_('Your question waits here, and is asked as soon as you agree.')}"
    asking.ask_in_place(chat, waiting, text, (Button(_("Agree"), "ai:yes"),))


def _offer_more(chat: Conversation, waiting: AskWaiting, error: NoCredits) -> None:
    words, terms = chat.words, chat.app.settings.business.assistant
    _, text = words._, escape(refusal(error, words))
    trial = Button(trial_words(terms, words), "ai:try")
    rows: list[Row] = [(trial,)] if error.may_try and terms.trial_messages else []
    rows += [(Button(_("Buy answers"), "ai:packs"), *([Button(_("Subscribe"), "ai:sub")] if terms.quota else []))]
    if waiting.text:
        text = f"{text}\n\n{_('Your question waits here.')}"
        rows.append((Button(_("Ask it now"), "ai:go"),))
    asking.ask_in_place(chat, waiting, text, *rows)
