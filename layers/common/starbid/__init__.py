"""Starbid: an auction marketplace in Telegram and on the web, paid in Telegram Stars."""
