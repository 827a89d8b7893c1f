"""Starbid: an auction marketplace in Telegram and on the web, paid in Telegram Stars."""

from starbid.acceleration.prepared import hasten

hasten()  # before a class is made or a pattern compiled
