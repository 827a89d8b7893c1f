"""Groups and channels are connected by their admins: by adding the bot, by `/connect`, and in private chat."""

from __future__ import annotations

import re
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.people import LANGUAGES
from starbid.domain.showcases import ALL, OWN, Showcase
from starbid.telegram.html import units
from tests.support.fakes import FakeApp
from tests.support.venue_telegram import ANONYMOUS, Place

from .chatting import Chat, FakeTelegram, broken, chatting_app, forbidden

GROUP, SUPERGROUP, CHANNEL, ADMINS = -5, -1001234567890, -1009876543210, -1001111111111


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = chatting_app(telegram, ADMIN_CHAT_ID=str(ADMINS))
    made.__dict__.pop("venues")
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    """The bot itself is number 1."""
    return Chat(app, telegram, 11, name="Anna")


@pytest.fixture(autouse=True)
def known(anna: Chat, boris: Chat) -> None:
    anna.join()
    boris.join()


@pytest.fixture
def group(telegram: FakeTelegram, anna: Chat) -> Place:
    return place(telegram, SUPERGROUP, anna)


@pytest.fixture
def channel(telegram: FakeTelegram, anna: Chat) -> Place:
    return place(telegram, CHANNEL, anna, kind="channel")


def place(telegram: FakeTelegram, chat_id: int, *admins: Chat, kind: str = "supergroup") -> Place:
    made = Place(telegram, chat_id, kind)
    made.people |= {admin.id: "administrator" for admin in admins}
    made.status = "left"
    return made


def joins(app: FakeApp, who: Chat, venue: Place, status: str = "", **rights: Any) -> int:
    return who.update(
        venue.becomes(status or ("administrator" if venue.kind == "channel" else "member"), who.user, **rights)
    )


def showcase(app: FakeApp, chat_id: int = SUPERGROUP) -> Showcase | None:
    return app.showcase_rows.one(chat_id)


def there(app: FakeApp, chat_id: int = SUPERGROUP) -> Showcase:
    found = showcase(app, chat_id)
    assert found
    return found


# --- coming -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["group", "channel"])
def test_an_admin_who_adds_the_bot_is_asked_in_private_chat_what_to_post(
    app: FakeApp, anna: Chat, request: pytest.FixtureRequest, kind: str
) -> None:
    venue: Place = request.getfixturevalue(kind)
    joins(app, anna, venue)
    assert there(app, venue.id).keepers == (anna.id,)
    assert "Nothing is posted yet" in anna.words
    assert venue.posts() == []
    anna.press("All lots")
    assert (there(app, venue.id).shows, there(app, venue.id).filed) == (ALL, "all")
    assert "all new lots" in anna.words


def test_a_member_who_is_no_admin_connects_nothing(app: FakeApp, boris: Chat, group: Place) -> None:
    group.people[boris.id] = "member"
    before = len(boris.messages)
    joins(app, boris, group)
    assert showcase(app) is None
    assert len(boris.messages) == before


def test_an_admin_who_never_started_the_bot_is_led_into_it_by_a_button_in_the_group(
    app: FakeApp, telegram: FakeTelegram, group: Place
) -> None:
    stranger = Chat(app, telegram, 77)
    group.people[stranger.id] = "creator"
    joins(app, stranger, group)
    (invitation,) = group.posts()
    assert stranger.buttons(invitation) == {"Set it up": f"https://t.me/starbid_bot?start=connect_{SUPERGROUP}"}
    stranger.say(f"/start connect_{SUPERGROUP}")
    assert "Nothing is posted yet" in stranger.words


def test_an_admin_who_never_started_the_bot_is_told_of_the_channel_at_the_first_start(
    app: FakeApp, telegram: FakeTelegram, channel: Place
) -> None:
    stranger = Chat(app, telegram, 77)
    channel.people[stranger.id] = "creator"
    joins(app, stranger, channel)
    assert channel.posts() == [], "nothing is said to the readers of a channel"
    stranger.say("/start")
    assert "Choose what I post" in stranger.words
    stranger.press(there(app, CHANNEL).title)
    assert "Nothing is posted yet" in stranger.words
    stranger.press("All lots")
    told = len(stranger.messages)
    stranger.say("/start")
    assert len(stranger.messages) == told + 1, "what is chosen waits no more"


def test_of_a_channel_that_waits_only_a_newcomer_is_told(app: FakeApp, anna: Chat, channel: Place) -> None:
    joins(app, anna, channel)
    app.clock.forward(days=1)
    app.store.trips.clear()
    anna.say("/start")
    assert "Choose what I post" not in anna.words


def test_connect_in_a_group_leads_into_private_chat_once_a_minute_whatever_the_number_of_callers(
    app: FakeApp, anna: Chat, group: Place
) -> None:
    group.status = "member"
    for by in (anna.user, ANONYMOUS, anna.user):
        anna.update(group.said(by, "/connect@starbid_bot"))
    assert len(group.posts()) == 1
    app.clock.forward(minutes=2)
    anna.update(group.said(ANONYMOUS, "/connect", sender_chat=group.chat))
    assert len(group.posts()) == 2


def test_in_a_topic_lots_go_into_that_topic(app: FakeApp, telegram: FakeTelegram, anna: Chat, group: Place) -> None:
    group.status = "member"
    anna.update(group.said(anna.user, "/connect", message_thread_id=42, is_topic_message=True))
    assert telegram.called("sendMessage")[-1]["message_thread_id"] == 42
    way = anna.buttons(group.posts()[-1])["Set it up"]
    telegram.calls.clear()
    anna.say(f"/start {way.partition('start=')[2]}")
    assert there(app).thread == 42
    assert [call["user_id"] for call in telegram.called("getChatMember")].count(anna.id) == 1
    anna.press("Post outside the topic")
    assert there(app).thread is None


def test_the_same_channel_connected_by_two_admins_is_one_and_both_look_after_it(
    app: FakeApp, anna: Chat, boris: Chat, channel: Place
) -> None:
    joins(app, anna, channel)
    anna.press("All lots")
    channel.people[boris.id] = "member"
    (link,) = re.findall(r"https://t\.me/starbid_bot\?start=(\S+)", anna.words)
    boris.say(f"/start {link}")
    assert there(app, CHANNEL).keepers == (anna.id,), "who opens it is asked for being an admin"
    channel.people[boris.id] = "administrator"
    boris.say(f"/start {link}")
    assert there(app, CHANNEL).keepers == (anna.id, boris.id)
    assert there(app, CHANNEL).shows == ALL, "what the first one chose stays"
    boris.press(f"sc:{CHANNEL}:s:own")
    assert (there(app, CHANNEL).shows, there(app, CHANNEL).seller_id) == (OWN, boris.id)
    for who in (anna, boris):
        who.say("/connect")
        assert f"sc:{CHANNEL}" in who.buttons().values()


def test_private_chat_shows_how_with_links_that_add_the_bot(anna: Chat) -> None:
    anna.say("/connect")
    assert list(anna.buttons().values())[:2] == [
        "https://t.me/starbid_bot?startgroup=connect",
        "https://t.me/starbid_bot?startchannel&admin=post_messages+edit_messages",
    ]


def test_the_chat_of_the_operators_stays_theirs(app: FakeApp, telegram: FakeTelegram, admin: Chat) -> None:
    venue = place(telegram, ADMINS, admin)
    joins(app, admin, venue)
    admin.update(venue.said(admin.user, "/connect"))
    assert (showcase(app, ADMINS), venue.posts()) == (None, [])


# --- who may ----------------------------------------------------------------------------------------------------------


def test_who_is_no_admin_any_more_changes_nothing_and_can_leave(app: FakeApp, anna: Chat, group: Place) -> None:
    joins(app, anna, group)
    group.people[anna.id] = "member"
    for data in (f"sc:{SUPERGROUP}:s:all", f"sc:{SUPERGROUP}:l:ru", f"sc:{SUPERGROUP}:t"):
        anna.press(data)
        assert "Only an admin" in anna.toasts()[-1]
    assert there(app).shows == ""
    anna.press(f"sc:{SUPERGROUP}:OFF")
    assert showcase(app) is None


@pytest.mark.parametrize("number", [SUPERGROUP, GROUP, -1])
def test_a_stranger_to_it_neither_sees_nor_changes_nor_connects_it(
    app: FakeApp, anna: Chat, boris: Chat, group: Place, number: int
) -> None:
    joins(app, anna, group)
    before = there(app)
    boris.say("/connect")
    for rest in ("", ":s:all", ":c", ":l:ru", ":off", ":OFF"):
        boris.press(f"sc:{number}{rest}")
        assert "Lamps" not in boris.words
    boris.say(f"/start connect_{number}")
    assert "Lamps" not in boris.words
    assert there(app) == before


@pytest.mark.parametrize(
    "data",
    ["sc", "sc:", "sc:5", "sc:-", "sc:-1001:s", "sc:-1001:s:gold", "sc:-1001:l:de", "sc:-1001:x", "sc:-9" + "9" * 20],
)
def test_a_forged_button_is_an_old_one(anna: Chat, data: str) -> None:
    anna.say("/connect")
    assert anna.press(data) == 200
    assert any("old" in each for each in anna.toasts()) or "no longer connected" in anna.toasts()[-1]


def test_where_telegram_cannot_say_who_is_an_admin_the_update_comes_again(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, group: Place
) -> None:
    telegram.fail("getChatMember", broken(), times=1)
    update = group.becomes("member", anna.user)
    assert anna.update(update, 5151) == 503
    assert anna.update(update, 5151) == 200
    assert there(app).keepers == (anna.id,)


def test_a_person_looks_after_so_many_at_most(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    for number in range(20):
        joins(app, anna, place(telegram, -100 - number, anna))
    extra = place(telegram, -500, anna)
    joins(app, anna, extra)
    assert showcase(app, -500) is None
    anna.say("/start connect_-500")
    assert "as many groups and channels as fit" in anna.words


@pytest.mark.parametrize("kind", ["group", "channel"])
def test_an_admin_who_changes_the_bots_rights_where_it_is_connected_looks_after_it_too(
    app: FakeApp, anna: Chat, boris: Chat, request: pytest.FixtureRequest, kind: str
) -> None:
    venue: Place = request.getfixturevalue(kind)
    joins(app, anna, venue)
    anna.press("All lots")
    joins(app, boris, venue, "administrator")
    assert there(app, venue.id).keepers == (anna.id,), "who is no admin does not"
    venue.people[boris.id] = "administrator"
    for _ in range(2):
        joins(app, boris, venue, "administrator", can_post_messages=False)
    assert there(app, venue.id).keepers == (anna.id, boris.id)
    assert there(app, venue.id).shows == ALL
    assert there(app, venue.id).may_post is (kind == "group"), "what the news said of it stays"
    assert venue.posts() == []
    assert "Публикуются все новые лоты" in boris.words, "and is shown what is set"


# --- rights, and leaving ----------------------------------------------------------------------------------------------


def test_what_the_bot_may_do_there_is_followed_and_its_keepers_are_told(
    app: FakeApp, anna: Chat, channel: Place
) -> None:
    joins(app, anna, channel)
    anna.press("All lots")
    anna.update(channel.becomes("administrator", anna.user, can_post_messages=False))
    assert (there(app, CHANNEL).may_post, there(app, CHANNEL).filed) == (False, None)
    assert "I may no longer post in “Lamps”" in anna.words
    anna.say("/connect")
    anna.press("⚠️ Lamps")
    assert "⚠️" in anna.words
    anna.update(channel.becomes("administrator", anna.user))
    assert there(app, CHANNEL).filed == "all", "what was chosen stays"
    assert "again" in anna.words


def test_a_group_whose_bot_was_made_admin_and_demoted_stays_as_it_is(app: FakeApp, anna: Chat, group: Place) -> None:
    joins(app, anna, group)
    anna.press("All lots")
    known, before = there(app), len(anna.messages)
    for status in ("administrator", "member"):
        joins(app, anna, group, status)
    assert there(app) == known
    assert (len(anna.messages), group.posts()) == (before, [])


def test_a_group_whose_bot_was_made_admin_and_demoted_is_connected_by_the_admin_who_did_it(
    app: FakeApp, anna: Chat, boris: Chat, group: Place
) -> None:
    group.people[boris.id] = "member"
    joins(app, boris, group)
    assert showcase(app) is None
    joins(app, anna, group, "administrator")
    assert there(app).keepers == (anna.id,)
    known, before = there(app), len(anna.messages)
    joins(app, anna, group, "member")
    assert there(app) == known
    assert (len(anna.messages), group.posts()) == (before, [])


@pytest.mark.parametrize("rights", [{"can_send_messages": False}, {"can_send_photos": False}, {"is_member": False}])
def test_a_group_that_restricts_the_bot_gets_no_posts(
    app: FakeApp, anna: Chat, group: Place, rights: dict[str, bool]
) -> None:
    joins(app, anna, group)
    anna.press("All lots")
    anna.update(group.becomes("restricted", anna.user, **rights))
    found = showcase(app)
    assert found is None or found.filed is None


def test_a_group_that_lets_its_members_post_again_gets_posts_once_a_keeper_looks(
    app: FakeApp, anna: Chat, group: Place
) -> None:
    """No news comes of what all members may do."""
    joins(app, anna, group)
    anna.press("All lots")
    everything, group.for_all = group.for_all, group.for_all | {"can_send_photos": False}
    app.connecting.barred(SUPERGROUP)
    (notice,) = [each for each in app.run_streams() if each.kind == "showcase_shut_out"]
    assert notice.user_id == anna.id
    anna.say("/connect")
    anna.press("⚠️ Lamps")
    assert "⚠️" in anna.words
    group.for_all = everything
    anna.press(f"sc:{SUPERGROUP}")
    assert "⚠️" not in anna.words
    assert there(app).filed == ALL


@pytest.mark.parametrize("status", ["left", "kicked"])
def test_a_bot_that_was_sent_away_posts_nothing_and_says_so_once(
    app: FakeApp, anna: Chat, group: Place, status: str
) -> None:
    joins(app, anna, group)
    before = len(anna.messages)
    update = group.becomes(status, anna.user)
    for number in (1, 2):
        anna.update(update, 60_000 + number)
    assert showcase(app) is None
    assert len(anna.messages) == before + 1
    assert "I was removed from “Lamps”" in anna.words


def test_a_keeper_who_blocked_the_bot_keeps_nobody_from_hearing(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, boris: Chat, group: Place
) -> None:
    joins(app, anna, group)
    group.people[boris.id] = "administrator"
    boris.say(f"/start connect_{SUPERGROUP}")
    telegram.fail("sendMessage", forbidden())
    anna.update(group.becomes("kicked", anna.user))
    assert showcase(app) is None
    assert "удал" in boris.words.lower()


@pytest.mark.parametrize("side", ["old", "new", "both", "again"])
def test_a_group_that_becomes_a_supergroup_stays_connected(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, side: str
) -> None:
    old = Place(telegram, GROUP, "group")
    old.people[anna.id] = "creator"
    old.status = "left"
    joins(app, anna, old)
    anna.press("All lots")
    new = Place(telegram, SUPERGROUP)
    told = {"old": [(old, {"migrate_to_chat_id": SUPERGROUP})], "new": [(new, {"migrate_from_chat_id": GROUP})]}
    for venue, fact in {"both": told["old"] + told["new"], "again": told["old"] * 2}.get(side) or told[side]:
        message = {"message_id": 3, "date": 1, "chat": venue.chat, "from": anna.user, **fact}
        assert anna.update({"message": message}) == 200
    assert showcase(app, GROUP) is None
    assert (there(app).shows, there(app).keepers) == (ALL, (anna.id,))


def test_disconnecting_is_asked_once(app: FakeApp, anna: Chat, group: Place) -> None:
    joins(app, anna, group)
    anna.press("Disconnect")
    assert showcase(app) is not None
    anna.press("Disconnect")
    assert showcase(app) is None
    anna.press(f"sc:{SUPERGROUP}:OFF")
    assert "no longer connected" in anna.toasts()[-1]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("shows", ["", OWN, ALL, "collectibles"])
def test_every_state_has_words_and_buttons_that_fit(
    app: FakeApp, telegram: FakeTelegram, code: str, shows: str
) -> None:
    who = Chat(app, telegram, 55, language=code).join()
    title = '<b>&"“»' + "Ж" * 120
    made = Showcase(-1009999999999, title, True, False, code, None, app.now(), (who.id,), thread=7)
    app.showcase_rows.put(None, made.showing(shows, who.id))
    place(telegram, made.chat_id, who)
    who.say("/connect")
    for data in (f"sc:{made.chat_id}", f"sc:{made.chat_id}:c", f"sc:{made.chat_id}:off"):
        who.press(data)
        assert units(who.words) < 1000
        assert "{" not in who.words
        assert all(len(each.encode()) <= 64 for each in who.buttons().values())


def test_talk_in_a_group_is_not_heard_and_costs_nothing(app: FakeApp, anna: Chat, group: Place) -> None:
    group.status = "member"
    app.store.trips.clear()
    for number, text in enumerate(("hello", "/help", "/connected", "see /connect", "/start", "/start x"), 80_000):
        assert anna.update(group.said(anna.user, text), number) == 200
    assert (group.posts(), app.store.trips, app.scratch.heard) == ([], [], {})
    assert app.scratch.receive("update#80000", 1, 1, app.now(), app.now()) == app.now(), "nobody has claimed it"
