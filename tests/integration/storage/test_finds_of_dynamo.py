"""What only the rows of the index of words can get wrong: titles that change, making it again."""

from __future__ import annotations

from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, SELLER


def test_a_lot_is_found_by_its_title_and_not_by_a_former_one(emulated: DynamoApp) -> None:
    finds = emulated.finds
    finds.keep_lot("lot1", "Старая лампа")
    assert finds.lots("стар").items == ("lot1",)
    finds.keep_lot("lot1", "Новая лампа", ["Старая лампа"])
    finds.keep_lot("lot1", "Новая лампа", ["Старая лампа"])
    assert finds.lots("стар").items == ()
    assert finds.lots("нов").items == finds.lots("ламп").items == ("lot1",)


def test_a_title_without_words_is_no_fault(emulated: DynamoApp) -> None:
    emulated.finds.keep_lot("lot1", "!!!")
    assert emulated.store.client.scan(TableName=emulated.settings.tables["finds"])["Items"] == []


def test_the_index_is_made_again_from_people_and_lots(emulated: DynamoApp) -> None:
    join(emulated, ANNA)
    join(emulated, SELLER, seller=True)
    lot_id = put_up(emulated).auction.id
    client, tables = emulated.store.client, emulated.settings.tables
    for item in client.scan(TableName=tables["finds"])["Items"]:
        client.delete_item(TableName=tables["finds"], Key={name: item[name] for name in ("term", "ref")})
    assert emulated.finds.people("person").items == ()
    cursor = emulated.finding.remake_people(None, 1)
    while cursor:
        cursor = emulated.finding.remake_people(cursor, 1)
    emulated.clock.forward(seconds=1)
    while (cursor := emulated.finding.remake_lots(cursor, 2, emulated.now())) is not None:
        pass
    assert ANNA in emulated.finds.people("person").items
    assert emulated.finds.lots("lamp").items == (lot_id,)
