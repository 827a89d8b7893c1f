"""The checks of a deployed stack. Each is a sentence and raises CheckError if it does not hold."""

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from PIL import Image

from scripts.deploy_check import upload
from scripts.deploy_check.market import (
    SITE,
    CheckError,
    Stack,
    Visitor,
    body_of,
    content_of,
    request,
    require,
    sample,
    wait_for,
)
from starbid.observability import FAILURES

BORIS = 5002
UNTIL = "x-amz-meta-until"
COUNTED = f'"{FAILURES}":'
"""In a log, where work was put back."""
SHORT, LONG = 5, 3600
"""Durations of lots in seconds: one closed by a delayed message alone, one by a schedule."""
LOT: dict[str, object] = {
    "title": "A lot of the deploy check",
    "description": "Sold to nobody",
    "category": "other",
    "type": "english",
    "currency": "XTR",
    "start_price": 10,
}


def the_site_answers(stack: Stack) -> None:
    health = stack.invoke("web", sample("web_healthz"))
    require(body_of(health) == {"status": "ok"}, f"/healthz answered {health}")
    home = stack.invoke("web", sample("web_home"))
    require(home["statusCode"] == 200, f"/ answered {home['statusCode']}")


def the_webhook_greets_people_and_turns_strangers_away(stack: Stack) -> None:
    require(stack.invoke("webhook", sample("webhook_start"))["statusCode"] == 200, "/start was not taken")
    require(stack.bot.told(BORIS, "Борис"), f"nobody was greeted: {stack.bot.calls}")
    forged = sample("webhook_start")
    forged["headers"]["x-telegram-bot-api-secret-token"] = "not-the-secret"
    answer, log = stack.call("webhook", forged)
    require(answer["statusCode"] == 403, "an update without the secret was taken")
    require(COUNTED in log, f"and nobody hears of it: {log}")


def the_recurring_jobs_run(stack: Stack) -> None:
    sweeps = {"auction-closer": "closer_sweep", "payments": "payments_sweep", "assistant": "assistant_sweep"}
    for function, event in sweeps.items():
        _, log = stack.call(function, sample(event))
        require(COUNTED not in log, f"{function} could not do all: {log[-2000:]}")


def a_payment_is_told_by_way_of_stream_notifier_queue_and_sender(stack: Stack) -> None:
    require(stack.invoke("webhook", sample("webhook_successful_payment"))["statusCode"] == 200, "not booked")
    wait_for("the notice of the payment", lambda: stack.bot.told(BORIS, "500"))


def a_question_is_answered_by_way_of_the_queue_in_order(stack: Stack) -> None:
    browser, api = _seller(stack), "/api/v1/assistant"
    browser.post(f"{api}/register", {"consent": True})
    browser.post(f"{api}/start_trial", {})
    asked = body_of(browser.post(f"{api}/process_message", {"text": "How do I sell a lamp?"}))["id"]

    def message() -> dict[str, Any]:
        found: dict[str, Any] = body_of(browser.get(f"{api}/messages/{asked}"))
        return found

    wait_for("the answer of the helper", lambda: message()["status"] not in ("queued", "answering"))
    require("stand-in" in message()["answer"], f"the helper said {message()}")


def a_lot_is_closed_by_a_delayed_message(stack: Stack) -> None:
    browser = _seller(stack)
    lot = body_of(browser.post("/api/v1/auctions", LOT | {"duration_seconds": SHORT}))["id"]
    wait_for("the projector to list the lot", lambda: lot in browser.get("/")["body"])
    auctions = stack.cloud.client("dynamodb")
    key = {"auction_id": {"S": lot}, "part": {"S": "state"}}

    def is_open() -> bool:  # read from the table: opening the page would close the lot
        item = auctions.get_item(TableName=stack.resources["AuctionsTable"], Key=key)["Item"]
        return bool(item.get("due_at"))

    wait_for("the closer", lambda: not is_open())
    require(_status(browser, lot) == "unsold", f"the lot is {_status(browser, lot)}")
    wait_for("the notice of the end", lambda: stack.bot.told(BORIS, str(LOT["title"])))
    bucket, log = stack.resources["BidLogsBucket"], f"logs/{lot}.json"
    files = stack.cloud.client("s3")
    wait_for("the file of its bids", lambda: files.list_objects_v2(Bucket=bucket, Prefix=log)["KeyCount"])


def a_schedule_wakes_the_closer_which_sets_the_next(stack: Stack) -> None:
    lot = body_of(_seller(stack).post("/api/v1/auctions", LOT | {"duration_seconds": LONG}))["id"]
    scheduler = stack.cloud.client("scheduler")
    where = {"Name": f"close-{lot}", "GroupName": stack.resources["ScheduleGroup"]}
    made = scheduler.get_schedule(**where)
    target, planned = made["Target"], made["ScheduleExpression"]
    require(target["Arn"].endswith(f":{stack.name}-auction-closer"), f"it would start {target['Arn']}")
    require(json.loads(target["Input"]) == {"auction_id": lot}, f"it would say {target['Input']}")
    soon = f"at({datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S})"
    window = made["FlexibleTimeWindow"]
    scheduler.update_schedule(**where, ScheduleExpression=soon, FlexibleTimeWindow=window, Target=target)

    def put_back() -> bool:
        try:
            return bool(scheduler.get_schedule(**where)["ScheduleExpression"] == planned)
        except scheduler.exceptions.ResourceNotFoundException:
            return False  # fired, and not yet made again

    wait_for("the closer to see that the end is yet to come", put_back)


def a_picture_goes_by_the_bucket_into_a_lot(stack: Stack) -> None:
    """Like the script of the page: ask for a form, send the file to the bucket with it, have it processed."""
    browser = _seller(stack)
    form = body_of(browser.post_form("/new_auction/uploads"))
    photo = upload.photo(1600, 900)
    require(upload.lets_post(form["url"], SITE), "the bucket lets no browser send a file from the site")
    require(not upload.lets_post(form["url"], "https://elsewhere.invalid"), "the bucket lets any page send files")
    for fault, changed in {"name": {"key": "pictures/other/small.jpg"}, "length of life": {UNTIL: "9" * 13}}.items():
        forged = form | {"fields": form["fields"] | changed}
        require(_is_refused(forged, photo), f"a form of which the {fault} was changed is taken")
    require(_is_refused(form, bytes(5 * 1024 * 1024 + 1)), "a file above 5 MB is taken")
    upload.post(form, photo, "image/png", SITE)

    picture = body_of(browser.post_form("/new_auction/pictures", key=form["key"]))["picture"]
    guest = request("GET", f"/pictures/{picture}/large")
    require(stack.invoke("web", guest)["statusCode"] == 404, "a draft is shown to everybody")
    published = browser.post_form("/new_auction", **LOT, duration_seconds=LONG, goods="digital", pictures=picture)
    require(published["statusCode"] == 303, f"the lot was not put up: {published['statusCode']}")
    require(picture in browser.get(published["headers"]["location"])["body"], "the lot's page shows no picture")
    for size, width in {"small": 320, "medium": 800, "large": 1600}.items():
        answer = stack.invoke("web", request("GET", f"/pictures/{picture}/{size}"))
        require(answer["statusCode"] == 200, f"the {size} picture answered {answer['statusCode']}")
        with Image.open(io.BytesIO(content_of(answer)), formats=("JPEG",)) as shown:
            require(shown.width == width, f"the {size} picture is {shown.width} pixels wide")


def _is_refused(form: dict[str, Any], content: bytes) -> bool:
    try:
        upload.post(form, content, "image/png", SITE)
    except CheckError:
        return True
    return False


def nothing_is_left_in_a_dead_letter_queue(stack: Stack) -> None:
    sqs = stack.cloud.client("sqs")
    for logical_id, url in stack.resources.items():
        if logical_id.endswith("DeadLetterQueue"):
            left = sqs.receive_message(QueueUrl=url).get("Messages", [])
            require(not left, f"{logical_id} holds {left}")


def a_function_may_do_nothing_but_its_work(stack: Stack) -> None:
    """The sender may read wallets and not the ledger: IAM really is enforced, so the other checks prove rights too."""
    iam, dynamodb = stack.cloud.client("iam"), stack.cloud.client("dynamodb")
    role = iam.get_role(RoleName=stack.resources["SenderFunctionRole"])["Role"]["Arn"]
    for table, expected in (("WalletsTable", "allowed"), ("LedgerTable", "implicitDeny")):
        arn = dynamodb.describe_table(TableName=stack.resources[table])["Table"]["TableArn"]
        verdict = iam.simulate_principal_policy(
            PolicySourceArn=role, ActionNames=["dynamodb:GetItem"], ResourceArns=[arn]
        )
        decision = verdict["EvaluationResults"][0]["EvalDecision"]
        require(decision == expected, f"reading the {table} as the sender: {decision}")


CHECKS: tuple[Callable[[Stack], None], ...] = (
    the_site_answers,
    the_webhook_greets_people_and_turns_strangers_away,
    the_recurring_jobs_run,
    a_payment_is_told_by_way_of_stream_notifier_queue_and_sender,
    a_question_is_answered_by_way_of_the_queue_in_order,
    a_lot_is_closed_by_a_delayed_message,
    a_schedule_wakes_the_closer_which_sets_the_next,
    a_picture_goes_by_the_bucket_into_a_lot,
    a_function_may_do_nothing_but_its_work,
    nothing_is_left_in_a_dead_letter_queue,
)


def run(stack: Stack, say: Callable[[str], None]) -> int:
    """Try everything; answers how many checks failed."""
    failed = 0
    for check in CHECKS:
        started, sentence = time.monotonic(), check.__name__.replace("_", " ")
        try:
            check(stack)
        except (CheckError, ClientError, BotoCoreError) as error:
            failed += 1
            say(f"FAILED {sentence}: {error}")
        else:
            say(f"ok     {sentence} ({time.monotonic() - started:.1f} s)")
    return failed


def _seller(stack: Stack) -> Visitor:
    """Boris, who has paid for the right to sell."""
    browser = Visitor(stack, {"id": BORIS, "first_name": "Борис"})
    browser.post_form("/subscribe")
    return browser


def _status(browser: Visitor, lot: str) -> str:
    return str(body_of(browser.get(f"/api/v1/auctions/{lot}"))["status"])
