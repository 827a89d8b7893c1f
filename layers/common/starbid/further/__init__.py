"""Notices beyond the chat: the same words in other channels."""
