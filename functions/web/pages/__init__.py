"""The pages: each module a feature, `*_view.py` what its templates show; templates hold loops and conditions only."""

from web.pages import (
    account,
    acting,
    bot_login,
    home,
    lot,
    mine,
    money,
    selling,
    selling_pictures,
    texts,
    verifying,
    watching,
)
from web.routing import Router

router = Router()
for part in (home, lot, acting, selling, selling_pictures, mine, money, account, bot_login, texts, verifying, watching):
    router.include(part.router)
