"""Who is asking: logins through Telegram, the login page, API tokens."""

from web.identity import bot_login, login, oidc, routes
from web.kernel.routing import Router

router = Router()
for _part in (bot_login, login, oidc, routes):
    router.include(_part.router)
