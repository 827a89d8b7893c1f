"""The Bot API for synchronous code: python-telegram-bot's `Bot` driven without an event loop, errors of our own."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import (
    Bot,
    InputMediaPhoto,
    LabeledPrice,
    LinkPreviewOptions,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError, TimedOut

from starbid.domain.money import Money
from starbid.services.ports import BELOW, OutOfOrder, Rejected, Spot, StarTransaction, TryLater, Unreachable
from starbid.telegram.bot_drafts import HTML, DraftCalls
from starbid.telegram.bot_files import FileCalls, where
from starbid.telegram.bot_groups import GroupCalls, Migrated
from starbid.telegram.bot_inline import EXPIRED, InlineCalls
from starbid.telegram.bot_known_files import KnownFileCalls
from starbid.telegram.bot_rich import RichCalls
from starbid.telegram.bot_setup import SetupCalls
from starbid.telegram.html import MAX_INVOICE_TEXT, MAX_INVOICE_TITLE, cut
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.library_keyboard import markup_of
from starbid.telegram.star_transactions import read_transactions
from starbid.telegram.transport import Flooded, PooledRequest, finish

T = TypeVar("T")

SUBSCRIPTION_SECONDS = 2_592_000
TROUBLE_SECONDS = 5
PATIENCE_SECONDS = 60
"""Floods of a busy minute ask for less. Who is asked for more is shut out."""
PHOTO_NAME = "lot.jpg"
_NOBODY = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "bot was blocked")
_UNCHANGED = ("message is not modified",)
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message to edit",
    "no caption in the message to edit",
)
_REFUNDED = ("charge_already_refunded",)


class ServerTrouble(OutOfOrder):
    """Telegram could not be reached or failed (5xx)."""


class AnswerLost(OutOfOrder):
    """The call went out and no answer came: it may or may not have been carried out."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that stands in a chat. `file_id` is its picture's, to be sent again without an upload."""

    message_id: int | None
    file_id: str | None = None


class BotApi(DraftCalls, FileCalls, GroupCalls, InlineCalls, KnownFileCalls, RichCalls, SetupCalls):
    """Every method may raise TryLater, Unreachable and Rejected. Threads may share one."""

    def __init__(self, token: str, base_url: str, *, test: bool) -> None:
        """`base_url` is the server's, without `/bot`; `test` is Telegram's test environment."""
        address = f"{base_url}/bot{{token}}/test" if test else f"{base_url}/bot"
        self._files = f"{base_url}/file/bot{token}/test" if test else f"{base_url}/file/bot{token}"
        self._request = PooledRequest()
        self.id = int(token.partition(":")[0])
        self._bot = Bot(token, address, request=self._request, get_updates_request=self._request)

    def send_message(self, chat_id: int, text: str, keyboard: Keyboard = (), spot: Spot = BELOW) -> Sent:
        """A text in Telegram's HTML."""
        return self._sent(
            self._bot.send_message(
                chat_id,
                text,
                parse_mode=HTML,
                reply_markup=markup_of(keyboard),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                **where(spot),
            )
        )

    def send_photo(
        self, chat_id: int, photo: bytes | str, caption: str, keyboard: Keyboard = (), spot: Spot = BELOW
    ) -> Sent:
        """`photo` is a picture's bytes, a file id or an address."""
        words: dict[str, Any] = {"caption": caption, "parse_mode": HTML, "reply_markup": markup_of(keyboard)}
        return self._sent(self._bot.send_photo(chat_id, photo, filename=PHOTO_NAME, **words, **where(spot)))

    def edit_text(self, chat_id: int, message_id: int, text: str, keyboard: Keyboard = ()) -> bool:
        """False where the message is gone."""
        return self._edited(
            self._bot.edit_message_text(
                text,
                chat_id,
                message_id,
                parse_mode=HTML,
                reply_markup=markup_of(keyboard),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    def edit_caption(self, chat_id: int, message_id: int, caption: str, keyboard: Keyboard = ()) -> bool:
        """False where the message is gone."""
        return self._edited(
            self._bot.edit_message_caption(
                chat_id, message_id, caption=caption, parse_mode=HTML, reply_markup=markup_of(keyboard)
            )
        )

    def edit_keyboard(self, chat_id: int, message_id: int, keyboard: Keyboard) -> bool:
        """Other buttons under the same message; False where it is gone."""
        return self._edited(self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=markup_of(keyboard)))

    def edit_photo(
        self, chat_id: int, message_id: int, photo: bytes | str, caption: str, keyboard: Keyboard = ()
    ) -> Sent | None:
        """Another picture and caption in the same message; None where the message is gone."""
        media = InputMediaPhoto(photo, caption=caption, parse_mode=HTML, filename=PHOTO_NAME)
        edit = self._bot.edit_message_media(media, chat_id, message_id, reply_markup=markup_of(keyboard))
        return self._told() if self._edited(edit) else None

    def answer_callback(self, query_id: str, text: str = "", *, alert: bool = False) -> bool:
        """False where the press is too old to be answered. `text` up to 200 characters."""
        return self._unless(EXPIRED, self._bot.answer_callback_query(query_id, text or None, alert))

    def answer_pre_checkout(self, query_id: str, refusal: str | None = None) -> bool:
        """Lets the payment through, or refuses it with words; False where it is too late."""
        answer = self._bot.answer_pre_checkout_query(query_id, refusal is None, refusal)
        return self._unless(EXPIRED, answer)

    def send_invoice(
        self,
        chat_id: int,
        title: str,
        description: str,
        payload: str,
        amount: Money,
        keyboard: Keyboard,
        *,
        provider: str = "",
    ) -> Sent:
        """An invoice: in Stars, or by a token of a `provider` in its currency. The first of `keyboard` is the button
        that pays.
        """
        asked = _invoice(title, description, payload, amount, provider)
        return self._sent(self._bot.send_invoice(chat_id, **asked, reply_markup=markup_of(keyboard)))

    def create_invoice_link(
        self, title: str, description: str, payload: str, amount: Money, *, monthly: bool = False, provider: str = ""
    ) -> str:
        """A link to an invoice: in Stars, or by a token of a `provider` in its currency. `monthly` makes it a
        subscription of 30 days, in Stars only.
        """
        asked = _invoice(title, description, payload, amount, provider)
        period = SUBSCRIPTION_SECONDS if monthly else None
        link = self._bot.create_invoice_link(**asked, subscription_period=period)
        return str(self._run(link))

    def refund_stars(self, user_id: int, charge_id: str) -> bool:
        """True once refunded ("already refunded" counts), False where Telegram refuses for good."""
        try:
            self._run(self._bot.refund_star_payment(user_id, charge_id))
        except Rejected as refusal:
            return _means(refusal, _REFUNDED)
        except Unreachable:
            return False
        return True

    def gift_premium(self, user_id: int, months: int, price: Money) -> bool:
        """True once given, False where Telegram refuses for good. A repeat is another gift."""
        return self._unless_refused(self._bot.gift_premium_subscription(user_id, months, price.amount))

    def end_subscription(self, user_id: int, charge_id: str) -> bool:
        """Takes no more payments for the subscription that `charge_id` began; False where Telegram knows none such."""
        return self._unless_refused(self._bot.edit_user_star_subscription(user_id, charge_id, is_canceled=True))

    def allow_subscription(self, user_id: int, charge_id: str) -> bool:
        """Lets the person resume what `end_subscription` ended; False where Telegram knows none such."""
        return self._unless_refused(self._bot.edit_user_star_subscription(user_id, charge_id, is_canceled=False))

    def star_balance(self) -> int:
        """The bot's own Stars, whole ones."""
        self._run(self._bot.get_my_star_balance())
        return self._told_stars()

    def business_star_balance(self, connection_id: str) -> int | None:
        """The Stars of who connected the bot to their account, whole ones; None where Telegram refuses to tell."""
        if not self._unless_refused(self._bot.get_business_account_star_balance(connection_id)):
            return None
        return self._told_stars()

    def _told_stars(self) -> int:
        """Of the last answer."""
        answer = self._request.answer()
        amount = answer.get("amount") if isinstance(answer, dict) else None
        if not isinstance(amount, int):
            raise ServerTrouble(TROUBLE_SECONDS)
        return amount

    def star_transactions(self, offset: int, limit: int) -> list[StarTransaction]:
        """The bot's transactions from number `offset` (from 0) on, oldest first; `limit` at most 100."""
        self._run(self._bot.get_star_transactions(offset, limit))
        try:
            return read_transactions(self._request.answer())
        except ValueError as error:
            raise ServerTrouble(TROUBLE_SECONDS) from error

    def send_chat_action(self, chat_id: int, action: str = "typing") -> None:
        self._run(self._bot.send_chat_action(chat_id, action))

    def _sent(self, call: Coroutine[Any, Any, Any]) -> Sent:
        self._run(call)
        return self._told()

    def _told(self) -> Sent:
        """Read from the answer itself: a field that the library misses must not make a sent message unsent."""
        answer = self._request.answer()
        if not isinstance(answer, dict):
            return Sent(None)
        message_id, photo = answer.get("message_id"), answer.get("photo")
        largest = photo[-1] if isinstance(photo, list) and photo else None
        file_id = largest.get("file_id") if isinstance(largest, dict) else None
        return Sent(message_id if isinstance(message_id, int) else None, file_id)

    def _edited(self, call: Coroutine[Any, Any, Any]) -> bool:
        try:
            return self._unless(_GONE, call)
        except Rejected as refusal:
            if _means(refusal, _UNCHANGED):
                return True
            raise

    def _unless(self, reasons: tuple[str, ...], call: Coroutine[Any, Any, Any]) -> bool:
        """False where Telegram refuses for one of the reasons."""
        try:
            self._run(call)
        except Rejected as refusal:
            if _means(refusal, reasons):
                return False
            raise
        return True

    def _unless_refused(self, call: Coroutine[Any, Any, Any]) -> bool:
        try:
            self._run(call)
        except (Rejected, Unreachable):
            return False
        return True

    def _run(self, call: Coroutine[Any, Any, T]) -> T | None:
        try:
            return finish(call)
        except TelegramError as error:
            translated = _translated(error)
            if translated is None:
                raise
            raise translated from error
        except (ArithmeticError, AttributeError, KeyError, OSError, TypeError, ValueError):
            self._request.answer()  # there is one: it was done, with an answer that the library cannot read
            return None


def _translated(error: TelegramError) -> Exception | None:
    """Our own error for Telegram's; None for what only the operator can mend (a wrong token, say)."""
    match error:
        case Flooded():
            return (OutOfOrder if error.seconds > PATIENCE_SECONDS else TryLater)(error.seconds)
        case ChatMigrated():
            return Migrated(error.new_chat_id)
        case Forbidden():
            return Unreachable(error.message)
        case BadRequest():
            refusal = Rejected(error.message)
            return Unreachable(error.message) if _means(refusal, _NOBODY) else refusal
        case TimedOut():
            return AnswerLost(TROUBLE_SECONDS)
        case NetworkError():
            return ServerTrouble(TROUBLE_SECONDS)
        case _:
            return None


def _means(refusal: Rejected, reasons: tuple[str, ...]) -> bool:
    """Telegram has one code for all refusals: only its words tell them apart."""
    said = str(refusal).lower()
    return any(reason in said for reason in reasons)


def _invoice(title: str, description: str, payload: str, amount: Money, provider: str) -> dict[str, Any]:
    """What an invoice and a link to one have alike, the words cut to Telegram's lengths."""
    title = cut(title, MAX_INVOICE_TITLE)
    return {
        "title": title,
        "description": cut(description, MAX_INVOICE_TEXT),
        "payload": payload,
        "currency": amount.currency,
        "prices": [LabeledPrice(title, amount.amount)],
        "provider_token": provider,
    }
