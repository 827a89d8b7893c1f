"""Stands in for Telegram's login by OpenID Connect: one picks who one is, and lets its tokens and keys go wrong."""
