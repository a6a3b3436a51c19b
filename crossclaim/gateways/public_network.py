"""Connections to public addresses only: a name is resolved once, checked, and connected to as is.

Nothing can come between the check and the connection, since the connection is made to the address
that was checked and to no name; TLS and ``Host`` still carry the name.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import httpcore

from crossclaim.domain.webhook_address import is_public

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[Address]]]


class AddressRefused(Exception):
    """A name leads to an address that is not public; nothing was connected."""


class NotResolved(Exception):
    """A name leads nowhere."""


async def resolved(host: str, port: int) -> list[Address]:
    """Every address of a name, by the system's resolver. Raises ``NotResolved``."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotResolved from error
    # A scope of a link-local address is no part of it for the check.
    return [ip_address(str(one[4][0]).split("%")[0]) for one in found]


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """The one way in which a webhook reaches a socket."""

    def __init__(
        self,
        *,
        allow_private: bool,
        resolve: Resolve = resolved,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - named by httpcore
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises ``AddressRefused`` when any address of the name is not public."""
        addresses = await self._resolve(host, port)
        if not addresses:
            raise NotResolved
        if not self._allow_private and not all(is_public(one) for one in addresses):
            raise AddressRefused
        return await self._network.connect_tcp(
            str(addresses[0]), port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - named by httpcore
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: a webhook goes over the network."""
        raise AddressRefused

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
