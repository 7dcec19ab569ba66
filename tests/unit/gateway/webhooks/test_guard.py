import ipaddress

import pytest

from services.gateway.webhooks.guard import ForbiddenAddressError, Guard, is_public
from shared.errors import TransientError

URL = "https://hooks.example.com/bolt?x=1"


def guard(*addresses: str, **changes: object) -> Guard:
    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return Guard(resolve=resolve, **changes)  # type: ignore[arg-type]  # fields of Guard


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:0:0:0:0:80ff:fffe",
    ],
)
async def test_nothing_inside_is_reached_by_any_name(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))

    with pytest.raises(ForbiddenAddressError, match="not public"):
        await guard("93.184.215.14", address).address(URL)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
async def test_a_public_address_is_the_one_connected_to(address: str) -> None:
    parts, chosen = await guard(address).address(URL)

    assert (parts.hostname, chosen) == ("hooks.example.com", address)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com/#top",
        "https:///nowhere",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/\r\nx: y",
        "https://höoks.example.com/",
        "https://^K<e",
        "https://hooks..example.com/",
        "https://hooks.example.com%00.internal/",
        "https://example.com/" + "x" * 2_000,
    ],
)
def test_a_url_that_cannot_be_right_is_refused_at_once(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        guard().check(url)


async def test_a_number_that_stands_for_loopback_is_refused_when_it_is_resolved() -> None:
    with pytest.raises((ForbiddenAddressError, TransientError)):
        await Guard().address("https://2130706433/")


async def test_a_name_without_an_address_is_asked_for_again_later() -> None:
    with pytest.raises(TransientError):
        await guard().address(URL)


def test_plain_http_is_a_setting() -> None:
    assert guard(allow_http=True).check("http://hooks.example.com/").scheme == "http"


async def test_exempt_hosts_may_be_inside() -> None:
    inside = guard("127.0.0.1", hosts=frozenset({"receiver"}))

    _, chosen = await inside.address("http://receiver:8080/")

    assert chosen == "127.0.0.1"
