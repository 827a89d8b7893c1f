"""A stand-in for Telegram in the local run: a Bot API server and a page to chat with the bot as several people.

It is used when no bot token is configured. Nothing here is shipped to AWS.
"""
