"""The AI helper on the web: the same conversation as in the chat. What has been asked can be read, exported and deleted
where the helper is not offered any more.
"""

from web.assistant import acts, history, packs, pages
from web.kernel.routing import Router

router = Router()
for part in (pages, acts, history, packs):
    router.include(part.router)
