"""Starbid: an auction marketplace in Telegram and on the web, paid in Telegram Stars."""

from starbid.acceleration.prepared import hasten

hasten()  # before any class is made or pattern compiled
