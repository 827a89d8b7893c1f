"""Calls of all five services through the built layer; what came of them is printed. Run by test_botocores.py."""

import json
import os

from starbid import bootstrap
from starbid.domain.errors import BidTooLow
from starbid.domain.lots import read_draft
from starbid.storage.clients import any_client, client
from starbid.storage.secrets import load_secrets

BUYER, OTHER, SELLER = 7, 8, 9
LOT = {"title": "A lamp", "description": "Brass.", "start_price": 1000, "duration_seconds": 86_400}


def a_lot_with_bids() -> object:
    app = bootstrap.app()
    now = app.now()
    for user_id, name in ((BUYER, "Anna"), (OTHER, "Boris"), (SELLER, "Clara")):
        app.people.greet(user_id, name, None, "ru", now)
        _, payload = app.paying.order_stars(user_id, 5_000, now)
        app.paying.credit(user_id, f"charge-{user_id}", payload, 5_000, "XTR", now)
    _, payload = app.paying.order_subscription(SELLER, now)
    app.paying.credit(SELLER, "charge-right", payload, 100, "XTR", now)
    lot_id = app.publishing.publish(SELLER, read_draft(LOT, now, min_seconds=60), (), "r", now).auction.id
    app.bidding.bid(lot_id, BUYER, 1_500, now, confirmed=True)
    app.bidding.bid(lot_id, OTHER, 2_500, now, confirmed=True)
    try:
        app.bidding.bid(lot_id, BUYER, 1_400, now, confirmed=True)
    except BidTooLow:
        pass
    else:
        raise AssertionError("a bid below the price")
    auction = app.store.lot(lot_id).auction
    bids = [(bid.bidder_id, bid.number) for bid in app.store.bids(lot_id).items]
    wallets = [app.store.wallet(user_id, "XTR") for user_id in (BUYER, OTHER, SELLER)]
    money = [(wallet.available.amount, wallet.held.amount) for wallet in wallets]
    people = [
        (person.id, person.name, person.language) for person in map(app.store.person, (BUYER, OTHER, SELLER)) if person
    ]
    charge = app.store.charge(f"charge-{BUYER}")
    assert charge
    return auction.price.amount, bids, money, people, charge.state.value


def a_picture() -> object:
    s3, place = any_client("s3"), {"Bucket": os.environ["PICTURES_BUCKET"], "Key": "drafts/7/a/full"}
    s3.put_object(**place, Body=b"\xff\xd8", ContentType="image/jpeg", Metadata={"until": "1"})
    got = s3.get_object(**place)
    form = s3.generate_presigned_post(place["Bucket"], "incoming/7/a", Conditions=[["content-length-range", 1, 9]])
    link = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=300)
    s3.delete_object(**place)
    about = got["Metadata"], got["ContentType"], sorted(form["fields"]), link.partition("?")[0][-16:]
    return got["Body"].read().hex(), *about


def messages() -> object:
    answer = client("sqs").send_message_batch(
        QueueUrl=os.environ["NOTICE_QUEUE_URL"], Entries=[{"Id": "0", "MessageBody": "{}"}]
    )
    return [each["MessageId"] for each in answer["Successful"]]


def a_schedule() -> object:
    arn = "arn:aws:lambda:eu-central-1:000000000000:function:f"
    target = {"Arn": arn, "RoleArn": "arn:aws:iam::000000000000:role/r", "Input": "{}"}
    return any_client("scheduler").create_schedule(
        Name="close-a",
        ScheduleExpression="at(2030-01-01T00:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
    )["ScheduleArn"]


for scene in (a_lot_with_bids, a_picture, messages, a_schedule):
    print(json.dumps(scene(), default=str))
print(json.dumps(load_secrets("/starbid", ["SECRET_KEY"])))
