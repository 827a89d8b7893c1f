"""Who is asking: sessions, CSRF tokens, logins through Telegram, API tokens."""
