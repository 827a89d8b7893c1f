"""Support on the web: a person's tickets. Blocked people may come here too."""

from web.kernel.routing import Router
from web.support import pages

router = Router()
router.include(pages.router)
