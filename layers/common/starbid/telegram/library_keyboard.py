"""Our keyboards as python-telegram-bot's."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LoginUrl, WebAppInfo

from starbid.telegram.keyboards import Button, Keyboard


def markup_of(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup([[_button(one) for one in row] for row in keyboard if row]) if keyboard else None


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.text,
        callback_data=button.data,
        url=button.url,
        web_app=WebAppInfo(button.app) if button.app else None,
        login_url=LoginUrl(button.login) if button.login else None,
        pay=button.pay or None,
    )
