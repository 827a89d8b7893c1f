"""What a person has asked the AI helper: in pages, one whole, as a file, and cleared."""

from __future__ import annotations

from collections.abc import Sequence

from starbid.assistant_history import HISTORY_FILE, history_text, outcome_words, state_words, task_words
from starbid.domain.assistant.account import Account
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Question, Task
from starbid.domain.assistant.splitting import split
from starbid.domain.errors import NotFound
from starbid.i18n import Language
from starbid.services.assistant.exporting import for_export
from starbid.telegram import keyboards
from starbid.telegram.answers import ChatStage
from starbid.telegram.html import MAX_TEXT, cut, escape, one_line
from starbid.telegram.keyboards import Button
from webhook import callback_data
from webhook.conversation import Conversation, patiently

PAGE = 5
MOST_PARTS = 3
"""Messages of one answer; a longer one comes as a file."""
QUESTION_UNITS, ANSWER_UNITS = 70, 120
QUOTED_UNITS = MAX_TEXT - 200


def history(chat: Conversation, before: str = "") -> None:
    """A page of questions, newest first: those asked before the question `before`."""
    page, account = chat.app.asking.history(chat.person.id, before=before, limit=PAGE)
    words = chat.words
    if not page.items:
        text = words._("<b>Your questions</b>\nWhat you ask the AI helper will be here.")
        chat.show(text, (Button(words._("Ask a question"), "ai:ask"),))
        return
    entries = [_entry(number, question, account, words) for number, question in enumerate(page.items, 1)]
    opening = tuple(Button(str(number), f"ai:one:{question.id}") for number, question in enumerate(page.items, 1))
    newest = (Button(words._("‹ Newest"), "ai:list"),) if before else ()
    older = (Button(words._("Older ›"), f"ai:list:{page.items[-1].id}"),) if page.cursor else ()
    chat.show(
        "\n\n".join((words._("<b>Your questions</b>"), *entries)),
        opening,
        (*newest, *older),
        (
            Button(words._("As a file"), "ai:file"),
            Button(words._("Clear"), "ai:clear"),
            keyboards.go(words._("Back"), "ask"),
        ),
    )


def page_of(chat: Conversation, args: list[str]) -> None:
    """Before the question that is named. Raises Garbled."""
    history(chat, callback_data.question_id(callback_data.parts(args, 1)[0]) if args else "")


def one(chat: Conversation, asked_id: str) -> None:
    """A question and its whole answer, as it came."""
    try:
        question, state = chat.app.asking.question(chat.person.id, asked_id)
    except NotFound:
        chat.toast(chat.words._("This question is not there any more."), alert=True)
        return
    words = chat.words
    parts = split(question.shown, MAX_TEXT)
    if len(parts) > MOST_PARTS:
        _send_file(chat, (question,), words._("The answer is long: here it is as a file."))
        return
    head = f"{words.moment(question.asked_at)} · {_about(question, words)}{state_words(state, words)}"
    quoted = f"<blockquote>{escape(cut(question.text, QUOTED_UNITS))}</blockquote>"
    chat.say(f"{head}\n{quoted}", back=not state.is_over)
    stage = ChatStage(chat.app.bot, words, chat.app.settings, chat.chat_id, question, 0, _forget)
    if question.failure:
        patiently(lambda: stage.fail(question))
    for number in range(len(parts)):
        _tell(stage, question, number, parts)


def export(chat: Conversation) -> None:
    """Everything as a text file; as much as one takes, where that is less."""
    found, is_all = for_export(chat.app.asking, chat.person.id)
    if not found:
        chat.toast(chat.words._("There is nothing in your history yet."), alert=True)
        return
    caption = chat.words.ngettext("Your history: {n} question.", "Your history: {n} questions.", len(found))
    _send_file(chat, found, caption, is_all=is_all)


def ask_to_clear(chat: Conversation) -> None:
    words = chat.words
    text = words._(
        "Delete all your questions and answers? They cannot be brought back, and do not go along with later questions "
        "any more. What is being answered now is still answered."
    )
    chat.show(text, (Button(words._("Yes, delete all"), "ai:CLEAR"),), (Button(words._("Back"), "ai:list"),))


def clear(chat: Conversation) -> None:
    chat.app.asking.clear(chat.person.id, chat.arrived)
    chat.acted = True
    chat.conclude(chat.words._("Your history is deleted."), (Button(chat.words._("Ask a question"), "ai:ask"),))


def _entry(number: int, question: Question, account: Account, words: Language) -> str:
    state = state_words(question.state_with(account.open), words)
    head = f"{number}. <b>{escape(cut(one_line(question.text), QUESTION_UNITS))}</b>"
    about = f"{words.moment(question.asked_at)} · {_about(question, words)}{state}"
    came = escape(cut(one_line(question.shown.text or outcome_words(question, words)), ANSWER_UNITS))
    return "\n".join(filter(None, (head, about, came)))


def _about(question: Question, words: Language) -> str:
    """What was wanted, where it was no plain question."""
    return "" if question.task is Task.QUESTION else f"{task_words(question.task, words)} · "


def _tell(stage: ChatStage, question: Question, number: int, parts: tuple[Formatted, ...]) -> None:
    patiently(lambda: stage.tell(question, number, parts))


def _send_file(chat: Conversation, questions: Sequence[Question], caption: str, *, is_all: bool = True) -> None:
    chat.slowly("upload_document")
    data = history_text(questions, chat.words, is_all=is_all).encode()
    patiently(lambda: chat.app.bot.send_document(chat.chat_id, data, HISTORY_FILE, escape(caption)))
    chat.said = True


def _forget(message_id: int) -> None:
    """Nothing grows here."""
