"""Each kind of auction from publishing to the money, as people live it in the chat."""

from __future__ import annotations

import re
from typing import Any

from starbid.domain.audit_check import noted_head
from tests.e2e.client import Person
from tests.e2e.town import Town
from tests.support.there import there

STAR = "⭐\u202f"


class Phone:
    """What a person sees of the bot from now on, and the buttons they can press."""

    def __init__(self, town: Town, person: Person) -> None:
        self._town, self._person, self._mark = town, person, len(town.bot.calls)

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The fields of each message sent to the person, or edited."""
        calls = self._town.calls_since(self._mark)
        mine = [(method, fields) for method, fields in calls if str(fields.get("chat_id")) == str(self._person.id)]
        return [fields for method, fields in mine if method.startswith(("send", "edit"))]

    @property
    def words(self) -> str:
        """All of it as one text."""
        return "\n".join(words_of(fields) for fields in self.shown)

    def about(self, words: str) -> dict[str, Any]:
        """The newest message with these words."""
        found = [fields for fields in self.shown if words in words_of(fields)]
        assert found, f"{words!r} is not in\n{self.words}"
        return found[-1]

    def is_told(self) -> None:
        """Notices are on their way for a moment: wait for all of them."""
        self._town.stack.advance(0)

    def says(self, text: str) -> None:
        self._person.says(text)

    def presses(self, button: str, on: str) -> None:
        """Press a button by its text, on the newest message with the words `on`."""
        buttons = buttons_of(self.about(on))
        assert button in buttons, f"{button!r} is not among {list(buttons)}"
        self.presses_what_was_seen(buttons[button])

    def presses_what_was_seen(self, data: str) -> None:
        """Press a button that may have been edited away since."""
        self._person.presses(data, message_id=10_000)


def words_of(fields: dict[str, Any]) -> str:
    media = fields.get("media")
    return str(fields.get("text") or fields.get("caption") or (media or {}).get("caption") or "")


def buttons_of(fields: dict[str, Any]) -> dict[str, str]:
    rows = (fields.get("reply_markup") or {}).get("inline_keyboard", [])
    return {button["text"]: button.get("callback_data", "") for row in rows for button in row}


def phones(town: Town) -> tuple[Phone, Phone, Phone]:
    """Sofia's, who sells, Anna's and Boris's."""
    return Phone(town, town.seller), Phone(town, town.anna), Phone(town, town.boris)


def hands_over(seller: Phone, buyer: Phone, title: str, secret: str) -> None:
    """The deal in the chat: delivered, read, confirmed."""
    seller.presses("Send to the buyer", on=f"“{title}” is sold")
    seller.says(secret)
    seller.presses("Send to the buyer", on="Nothing is sent yet")
    buyer.is_told()
    buyer.presses("Confirm", on=secret)
    buyer.presses("Yes, confirm", on=f"Did you get “{title}”")
    assert "The deal is complete." in buyer.words
    seller.is_told()
    assert f"The buyer confirmed “{title}”" in seller.words


def heads(town: Town, lot: str, *said: str) -> None:
    """Winner and seller were sent the same link to check the bids, with the head of the log, and see no digits."""
    head = town.visitor().get(f"/api/v1/auctions/{lot}/log").json()["entries"][-1]["hash"]
    for words in said:
        link = there(re.search(r'<a href="([^"]*)">(Verify this auction|Проверить торги)</a>', words))[1]
        assert link.startswith(f"{town.stack.url}/auction/{lot}/verify#")
        assert noted_head(link) == head
        assert head not in words


def test_english_outbid_in_the_chat_and_bid_again(town: Town) -> None:
    title, (seller, anna, boris) = "Chat lamp", phones(town)
    money = [person.wallet()["available"] for person in (town.seller, town.anna, town.boris)]
    lot = town.publish(title=title)
    anna.says(f"/auction_{lot}")
    anna.presses(f"{STAR}100", on=title)
    boris.says(f"/auction_{lot}")
    boris.presses("Указать максимум", on=title)
    boris.says("250")
    anna.is_told()
    anna.presses(f"Bid {STAR}120", on=f"You were outbid on “{title}”: now {STAR}110.")
    assert f"Somebody has a higher maximum: the price is now {STAR}130." in anna.words
    anna.presses("Set a maximum", on="Somebody has a higher maximum")
    anna.says("400")
    assert f"You lead at {STAR}260. {STAR}400 is frozen." in anna.words
    town.stack.advance(602)
    assert f"You won “{title}” for {STAR}260." in anna.words
    assert f"Лот «{title}» достался другому за {STAR}260." in boris.words
    heads(town, lot, seller.words, anna.words)
    hands_over(seller, anna, title, "the code is 41")
    after = [person.wallet() for person in (town.seller, town.anna, town.boris)]
    assert [w["available"] - before for w, before in zip(after, money, strict=True)] == [247, -260, 0]
    assert {w["held"] for w in after} == {0}


def test_dutch_the_price_falls_between_seeing_and_pressing_and_the_second_is_too_late(town: Town) -> None:
    title, (seller, anna, boris) = "Falling lamp", phones(town)
    money = [person.wallet()["available"] for person in (town.seller, town.anna, town.boris)]
    terms = {"type": "dutch", "start_price": 300, "floor_price": 100, "drop_amount": 50, "drop_seconds": 60}
    lot = town.publish(title=title, bid_step=None, **terms)
    for phone in (anna, boris):
        phone.says(f"/auction_{lot}")
    seen = [
        buttons_of(phone.about(title))[f"{word} {STAR}300"]
        for phone, word in ((anna, "Buy the lot for"), (boris, "Купить лот за"))
    ]
    town.stack.advance(70)
    for phone, button in zip((boris, anna), reversed(seen), strict=True):
        phone.presses_what_was_seen(button)
    assert f"«{title}» ваш за {STAR}250." in boris.words
    seller.is_told()
    seller.presses("Send to the buyer", on=f"“{title}” is sold for {STAR}250.")
    seller.says("the code is 42")
    seller.presses("Send to the buyer", on="Nothing is sent yet")
    boris.is_told()
    boris.presses("Подтвердить", on="the code is 42")
    boris.presses("Да, подтверждаю", on=f"Вы получили лот «{title}», всё как обещано?")
    assert "Сделка завершена." in boris.words
    after = [person.wallet()["available"] for person in (town.seller, town.anna, town.boris)]
    assert [now - before for now, before in zip(after, money, strict=True)] == [238, 0, -250]


def sealed_story(town: Town, kind: str, title: str, bids: tuple[int, int, int], paid: int, why: str) -> None:
    """Anna bids the last amount while Boris raises from the first to the second; neither reads the other's."""
    first, second, highest = bids
    seller, anna, boris = phones(town)
    money = [person.wallet()["available"] for person in (town.seller, town.anna, town.boris)]
    lot = town.publish(title=title, type=kind, bid_step=None)
    for phone in (seller, anna, boris):
        phone.says(f"/auction_{lot}")
    boris.presses("Сделать закрытую ставку", on=title)
    boris.says(str(first))
    anna.presses("Place a sealed bid", on=title)
    boris.presses("Повысить ставку", on=f"Ваша закрытая ставка: {STAR}{first}")
    boris.says(str(second))
    anna.says(str(highest))
    assert f"Your sealed bid is {STAR}{highest}." in anna.words
    for phone in (seller, anna, boris):
        phone.says(f"/auction_{lot}")
        for command in ("/my", "/bids", "/auctions"):
            phone.says(command)
    seller.is_told()
    own: tuple[tuple[Phone, set[int]], ...] = ((seller, set()), (anna, {highest}), (boris, {first, second}))
    for phone, known in own:
        assert {amount for amount in bids if f"{STAR}{amount}" in phone.words} == known
        assert "New bid" not in phone.words
        assert "moved on" not in phone.words
    town.stack.advance(602)
    assert f"You won “{title}” for {STAR}{paid}." in anna.words
    assert f"Лот «{title}» достался другому за {STAR}{paid}." in boris.words
    heads(town, lot, seller.words, anna.words)
    anna.says(f"/auction_{lot}")
    anna.presses("Why this price", on="If nothing comes by then, you can take the money back")
    assert why in anna.words
    hands_over(seller, anna, title, f"the code of {title}")
    after = [person.wallet() for person in (town.seller, town.anna, town.boris)]
    gained = paid - paid * 5 // 100
    assert [w["available"] - before for w, before in zip(after, money, strict=True)] == [gained, -paid, 0]
    assert {w["held"] for w in after} == {0}


def test_sealed_the_highest_pays_what_it_bid(town: Town) -> None:
    sealed_story(town, "sealed", "Sealed lamp", (300, 350, 400), 400, "The highest bid won and pays its own amount")


def test_vickrey_the_highest_pays_the_second_highest(town: Town) -> None:
    sealed_story(town, "vickrey", "Second lamp", (310, 370, 460), 370, "pays the second-highest amount")
