"""Where a webhook may go: public addresses over TLS, and nothing that only looks like one. Pure."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

MAX_URL_LENGTH = 2_000

_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_LABEL = r"[a-z0-9_]([a-z0-9_\-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_INSIDE = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa"})
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""NAT64: the last 32 bits are an IPv4 address that a router goes to."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of the public internet, looking through what wraps another."""
    if isinstance(address, IPv6Address):
        inner = _wrapped(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def url_fault(url: str, *, allow_private: bool) -> str | None:
    """The code of what is wrong with an endpoint's address; names are resolved when it is used."""
    if len(url) > MAX_URL_LENGTH or not _PRINTABLE.fullmatch(url) or "\\" in url:
        return "WEBHOOK_URL_FORM"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "WEBHOOK_URL_FORM"
    if "@" in parts.netloc:
        return "WEBHOOK_URL_USERINFO"
    if "#" in url or port == 0 or not parts.hostname:
        return "WEBHOOK_URL_FORM"
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        return "WEBHOOK_URL_NOT_HTTPS"
    return _host_fault(parts, allow_private=allow_private)


def _host_fault(parts: SplitResult, *, allow_private: bool) -> str | None:
    host = (parts.hostname or "").lower()
    try:
        address = ip_address(host)
    except ValueError:
        pass
    else:
        return None if allow_private or is_public(address) else "WEBHOOK_URL_PRIVATE"
    labels = host.rstrip(".").split(".")
    # 2130706433, 0x7f.1 and 127.1 are spellings of an address that resolvers take for one.
    if not _NAME.fullmatch(host) or len(host) > 253 or _NUMBER.fullmatch(labels[-1]):
        return "WEBHOOK_URL_FORM"
    inside = len(labels) == 1 or labels[-1] in _INSIDE
    return "WEBHOOK_URL_PRIVATE" if inside and not allow_private else None
