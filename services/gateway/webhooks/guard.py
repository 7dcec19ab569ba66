"""Which addresses a webhook may have: public ones, as they are at the moment of connecting."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from shared.errors import InvalidRequestError, TransientError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

LONGEST_URL = 2_000
# A name, or the inside of an IPv6 literal; what resolvers make of anything else is anybody's guess.
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]+(%[a-z0-9]+)?")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Public by its number, and still the inside of a cloud: Azure's host.
INSIDE = frozenset({ipaddress.ip_address("168.63.129.16")})


class ForbiddenAddressError(InvalidRequestError):
    """Nothing may be sent there."""

    code = "forbidden_address"


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name.

    Raises:
        TransientError: it has none now.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TransientError(f"{host} has no address: {error}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules.

    Attributes:
        allow_http: Whether plain HTTP may be used at all.
        hosts: Names and addresses that are exempt from every rule.
        resolve: From a name to its addresses.
    """

    allow_http: bool = False
    hosts: frozenset[str] = frozenset()
    resolve: Resolve = resolve

    def check(self, url: str) -> SplitResult:
        """Return the parts of a URL that may be kept; whom it names is asked when it is used.

        Raises:
            ForbiddenAddressError: its scheme, its form or its address is not allowed.
        """
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError as error:
            raise ForbiddenAddressError(f"not a URL: {error}") from error
        if not host or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
            raise ForbiddenAddressError("give a whole URL, in ASCII, of at most 2,000 characters")
        if not _HOST.fullmatch(host):
            raise ForbiddenAddressError(f"{host!r} is no name of a host")
        if "@" in parts.netloc or parts.fragment:
            raise ForbiddenAddressError("leave out user names, passwords and fragments")
        if host in self.hosts:
            return parts
        if parts.scheme != "https" and not (self.allow_http and parts.scheme == "http"):
            raise ForbiddenAddressError("only https is allowed")
        self._check_literal(host)
        return parts

    async def address(self, url: str) -> tuple[SplitResult, str]:
        """Return the address to connect to; no name is asked for a second time after that.

        Raises:
            ForbiddenAddressError: one of its addresses is not public.
            TransientError: it has none now.
        """
        parts = self.check(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = await self.resolve(host, port)
        if host not in self.hosts:
            for address in found:
                if not is_public(ipaddress.ip_address(address.partition("%")[0])):
                    raise ForbiddenAddressError(f"{host} is {address}, which is not public")
        if not found:
            raise TransientError(f"{host} has no address")
        return parts, found[0]

    def _check_literal(self, host: str) -> None:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return
        if not is_public(address):
            raise ForbiddenAddressError(f"{host} is not a public address")


def is_public(address: Address) -> bool:
    """Return whether an address, and one that it carries inside, belongs to the Internet."""
    if isinstance(address, ipaddress.IPv6Address) and (inner := _inner(address)) is not None:
        return is_public(inner)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in INSIDE
    )


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
