"""Links that leave the product: how they look, and which of them are read again."""

from urllib.parse import parse_qs, urlsplit

import pytest

from starbid import links
from tests.support.bot_rules import _link


@pytest.mark.parametrize("auction_id", ["mmq5pz57t6eeh", "a", "x" * 20])
def test_a_lots_link_leads_back_to_it_and_telegram_takes_it(auction_id: str) -> None:
    link = links.to_lot("starbid_bot", auction_id)
    _link(link)
    _link(links.to_app("starbid_bot", auction_id))
    assert links.lot_of(link) == auction_id
    assert links.lot_of(link.replace("t.me", "telegram.me")) == auction_id


@pytest.mark.parametrize("text", ["Lamp & shade?", "Лампа #1", "a+b c", "=&%", "😀"])
def test_what_is_shared_arrives_as_it_was_written(text: str) -> None:
    link = links.share(links.to_lot("starbid_bot", "lot1"), text)
    assert "+" not in link
    asked = parse_qs(urlsplit(link).query)
    assert (asked["url"], asked["text"]) == (["https://t.me/starbid_bot?start=auction_lot1"], [text])


@pytest.mark.parametrize(
    "link",
    ["", "t.me/b?start=auction_a", "https://t.me/b", "https://t.me/b?start=", "https://t.me/b?start=login_a",
     "https://t.me/b?start=auction_", "https://t.me/b?start=auction_A", "https://t.me/b?start=auction_" + "a" * 21,
     "https://t.me/b?startapp=auction_a", "https://x.org/?start=auction_a", "https://t.me.x.org/?start=auction_a",
     "https://[/?start=auction_a", "https://t.me/b?start=auction_a%0A", "tg://resolve?domain=b&start=auction_a"],
)  # fmt: skip
def test_other_links_are_of_no_lot(link: str) -> None:
    assert links.lot_of(link) is None
