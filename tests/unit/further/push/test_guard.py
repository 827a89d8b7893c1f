"""Nothing is sent to a machine that is not in the open internet, however its address is written."""

import pytest

from starbid.further.push.guard import Forbidden, checked, is_public

PUBLIC, PUBLIC_6 = "142.250.74.106", "2a00:1450:400f:80c::200a"


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6])
def test_machines_in_the_open_internet_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.100.1", "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1",
        "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1", "::127.0.0.1",
        "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2002:8efa:4a6a::1", "::ffff:142.250.74.106",
        "100::1", "", "localhost", "2130706433", "0x7f.1",
    ],
)  # fmt: skip
def test_every_other_address_is_out_of_reach(address: str) -> None:
    assert not is_public(address)


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    target = checked("https://push.example.net/a?b=c", lambda host: [PUBLIC])
    assert (target.address, target.host, target.port, target.is_safe) == (PUBLIC, "push.example.net", 443, True)
    assert (target.origin, target.path) == ("https://push.example.net", "/a?b=c")


def test_a_name_is_looked_up_once_so_a_second_answer_of_the_name_server_changes_nothing() -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    assert checked("https://rebinding.example.net/a", lambda host: answers.pop(0)).address == PUBLIC
    assert answers == [["127.0.0.1"]]


@pytest.mark.parametrize("found", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], ["::ffff:10.0.0.1"], []])
def test_one_address_that_is_not_public_is_too_many(found: list[str]) -> None:
    with pytest.raises(Forbidden):
        checked("https://push.example.net/a", lambda host: found)


@pytest.mark.parametrize(
    "endpoint", ["http://push.example.net/a", "https://127.0.0.1/a", "https://push.example.net:22/a"]
)
def test_an_endpoint_that_should_never_have_been_kept_is_not_even_looked_up(endpoint: str) -> None:
    def lookup(host: str) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(Forbidden):
        checked(endpoint, lookup)


def test_a_name_that_cannot_be_looked_up_now_may_be_later() -> None:
    def lookup(host: str) -> list[str]:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any of them
        checked("https://push.example.net/a", lookup)


def test_the_local_service_is_called_as_it_is_named() -> None:
    target = checked("http://127.0.0.1:8000/push/a", lambda host: [], "http://127.0.0.1:8000")
    assert (target.address, target.port, target.is_safe) == ("127.0.0.1", 8000, False)
    assert target.origin == "http://127.0.0.1:8000"
