"""What only a browser does: a bid log checked by verify.js, a price that falls on the open page, a form that adapts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from starbid.domain.audit import code_of
from tests.e2e.tab import Tab
from tests.e2e.test_contract_kinds import DUTCH, log_of, put_up
from tests.e2e.town import Town, bid
from tests.support.browser import go
from tests.support.selling_steps import to_price, to_publish
from tests.support.there import there

KEYS: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@pytest.fixture
def visitor(browser: Any, town: Town) -> Iterator[Tab]:
    with Tab(browser, town) as tab:
        yield tab


def ended(town: Town, kind: str) -> str:
    """A lot of this kind that was sold, with a reserve that set the price of the second-price one."""
    terms = DUTCH if kind == "dutch" else {"type": kind, "title": "Лампа «Море»"}
    lot = put_up(town, **terms, **({"reserve_price": 400} if kind == "vickrey" else {}))
    if kind == "dutch":
        assert town.anna.calls(f"/auctions/{lot}/buy", {"seen_price": 1000}).status_code == 201
    else:
        for person, amount in ((town.anna, 300), (town.boris, 500), (town.anna, 320 if kind == "sealed" else 380)):
            assert bid(person, lot, amount).status_code == 201
    town.stack.advance(900)
    return lot


def changed_bits(log: dict[str, Any]) -> Iterator[str]:
    """The log with one bit of one character of a value changed, in each part of it."""
    text = json.dumps(log)
    for match in re.finditer(r'"(\w+)": "?#?(\w[^",}]*)', text):
        if match[2] == "null":
            continue
        place = match.start(2) + len(match[2]) // 2
        if text[place].isalnum():
            flipped = chr(ord(text[place]) ^ 1)
            yield text[:place] + (flipped if flipped.isalnum() else chr(ord(text[place]) ^ 2)) + text[place + 1 :]


@pytest.mark.parametrize("kind", ["english", "dutch", "sealed", "vickrey"])
def test_the_browser_finds_a_log_sound_and_every_changed_bit_of_it(town: Town, visitor: Tab, kind: str) -> None:
    lot = ended(town, kind)
    page = visitor.opens(f"/auction/{lot}/verify")
    assert visitor.verdict() == "sound", page.locator("[data-result]").inner_text()
    log = log_of(town, lot)
    assert visitor.checks(json.dumps(log, ensure_ascii=False, indent=2)) == "sound"
    broken = list(changed_bits(log))
    assert len(broken) >= 8
    unnoticed = [text for text, verdict in zip(broken, visitor.checks_each(broken), strict=True) if verdict == "sound"]
    assert not unnoticed, unnoticed
    assert visitor.checks(json.dumps(log)) == "sound"


def test_dropped_added_and_reordered_entries_are_found(town: Town, visitor: Tab) -> None:
    log = log_of(town, ended(town, "english"))
    first, second, third = log["entries"]
    visitor.opens("/auction/" + log["terms"]["auction_id"] + "/verify")
    assert visitor.verdict() == "sound", "and what the page checks by itself is over"
    for entries in (
        [first, third],
        [first, second],
        [second, third],
        [first, third, second],
        [first, second, third, third],
    ):
        assert visitor.checks(json.dumps(log | {"entries": entries})) == "broken"
    for openings in ([], [*log["openings"], {"number": 1, "amount": 999, "salt": "x"}]):
        assert visitor.checks(json.dumps(log | {"openings": openings})) == "broken"
    assert visitor.checks("{}") == "unreadable"
    assert visitor.checks("not json") == "unreadable"


def test_a_noted_code_is_compared_and_a_file_may_be_chosen(town: Town, visitor: Tab, tmp_path: Path) -> None:
    log = log_of(town, ended(town, "sealed"))
    path = tmp_path / "log.json"
    path.write_text(json.dumps(log))
    page = visitor.opens("/auction/" + log["terms"]["auction_id"] + "/verify")
    assert visitor.verdict() == "sound"
    page.locator("[data-file]").set_input_files(str(path))
    page.locator("#noted").fill(log["entries"][0]["hash"])
    page.get_by_text("It is in the log: nothing before it was changed.").wait_for()
    page.locator("#noted").fill("0" * 64)
    page.get_by_text("It is not in this log").wait_for()
    assert visitor.verdict() == "broken"


def test_a_link_that_was_sent_says_whether_the_log_is_still_that_one(town: Town, visitor: Tab) -> None:
    log = log_of(town, ended(town, "english"))
    path = "/auction/" + log["terms"]["auction_id"] + "/verify"
    for head in (log["head"], log["entries"][0]["hash"]):
        page = visitor.opens(f"{path}#{code_of(head)}")
        page.get_by_text("It matches what you were sent.").wait_for()
        assert visitor.verdict() == "sound"
    page.evaluate("code => { location.hash = code }", code_of("0" * 64))
    page.get_by_text("It does not match what you were sent.").wait_for()
    assert visitor.verdict() == "broken"


def test_a_log_that_is_too_large_for_an_answer_is_read_from_the_bucket_by_a_link(town: Town, visitor: Tab) -> None:
    lot = ended(town, "vickrey")
    log = log_of(town, lot)
    policy = town.visitor().get("/healthz").headers["content-security-policy"]
    put_large_log(there(re.search(r"connect-src 'self' (\S+?);", policy))[1], lot, json.dumps(log) + " " * 2_000_000)
    answers: list[tuple[int, str]] = []
    visitor.page.on("response", lambda answer: answers.append((answer.status, answer.url)))
    visitor.opens(f"/auction/{lot}/verify")
    assert visitor.verdict() == "sound"
    assert (303, f"{town.stack.url}/api/v1/auctions/{lot}/log") in answers
    followed = town.visitor().get(f"/api/v1/auctions/{lot}/log", follow_redirects=True)
    assert followed.json() == log, "a program that follows the link has the same"
    assert followed.headers["content-disposition"] == f'attachment; filename="starbid-{lot}.json"'


def put_large_log(endpoint: str, lot: str, content: str) -> None:
    s3 = boto3.client("s3", endpoint_url=endpoint, region_name="eu-central-1", **KEYS)
    for bucket in s3.list_buckets()["Buckets"]:
        if "logs" in bucket["Name"]:
            s3.put_object(Bucket=bucket["Name"], Key=f"logs/{lot}.json", Body=content.encode())


def test_without_its_checks_the_page_says_what_to_do_instead(browser: Any, town: Town, visitor: Tab) -> None:
    path = "/auction/" + ended(town, "dutch") + "/verify"
    visitor.page.route("**/verify/kinds.*.mjs", lambda route: route.abort())
    visitor.opens(path).get_by_text("The check could not be loaded. Use the command below.").wait_for()
    context = browser.new_context(java_script_enabled=False, locale="en")
    bare = context.new_page()
    go(bare, town.stack.url + path)
    assert "Checking in the browser needs JavaScript." in bare.locator("main").inner_text()
    for page in (visitor.page, bare):
        assert page.locator("code.secret").is_visible()
        assert not page.locator("[data-needs-script]").is_visible()
    context.close()


def test_the_price_of_an_open_page_falls_and_what_is_unfolded_stays_so(browser: Any, town: Town) -> None:
    lot = put_up(town, **DUTCH)
    with Tab(browser, town, town.anna) as tab:
        page = tab.opens(f"/auction/{lot}")
        page.locator("#sure-buy summary").click()
        page.get_by_role("button", name="Buy", exact=True).wait_for()
        town.stack.advance(62)
        page.get_by_text("Buy the lot for ⭐\u202f900").wait_for()
        page.locator('#sure-buy[open] input[name=seen_price][value="900"]').wait_for(state="attached")
        page.get_by_role("button", name="Buy", exact=True).click()
        page.get_by_text("You bought it").wait_for()


def test_the_form_offers_the_currencies_of_the_chosen_goods(seller: Tab) -> None:
    page = seller.opens("/new_auction")
    page.get_by_label("Title").fill("A lamp")
    page.get_by_label("Description").fill("Gives light.")
    currency = page.locator("select[name=currency]")
    offered = "(select) => [...select.options].filter((option) => !option.disabled).map((option) => option.value)"
    assert currency.evaluate(offered) == ["XTR"]
    page.get_by_text("A thing to send", exact=True).click()
    assert (currency.evaluate(offered), currency.input_value()) == (["RUB"], "RUB")
    assert set(page.locator("label [data-sign]").all_text_contents()) == {"₽"}


def test_the_form_shows_the_fields_of_the_chosen_type_and_sends_no_others(browser: Any, town: Town) -> None:
    with Tab(browser, town, town.seller) as tab:
        page = tab.opens("/new_auction")
        page.get_by_label("Title").fill("A lamp")
        page.get_by_label("Description").fill("Gives light.")
        to_price(page)
        assert not page.get_by_label("Lowest price").is_visible()
        page.locator(".more-kinds > summary").click()
        page.get_by_text("Price drops", exact=True).click()
        assert page.get_by_label("Lowest price").is_visible()
        page.locator("#more summary").click()
        assert not page.get_by_label("Reserve price").is_visible()
        for name, amount in (("start_price", "1 000"), ("floor_price", "200"), ("drop_amount", "100")):
            page.locator(f"#{name}").fill(amount)
        page.locator("#drop_amount").blur()
        page.get_by_text("in 80 minutes: 8 steps.").wait_for()
        to_publish(page)
        page.get_by_role("button", name="Publish").click()
        page.get_by_text("Your lot is published.").wait_for()
        page.locator(".fall").get_by_text("every 10 minutes").wait_for()
