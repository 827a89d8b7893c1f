"""Starbid: an auction marketplace in Telegram and on the web, paid in Telegram Stars or in roubles."""

from starbid.acceleration.prepared import hasten

hasten()  # before any class is made or pattern compiled
