"""People in the panel: their lists, a page of each, what operators decide about them."""

from web.admin.desk import Desk
from web.admin.people import acts, bulk, lists, page

desk = Desk()
for _part in (lists, bulk, page, acts):
    desk.router.include(_part.desk.router)
