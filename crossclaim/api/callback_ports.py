"""Who takes what outside parties send of themselves, each in its own way of signing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class OfficeCallbacks(Protocol):
    """Takes what the medical insurance office sends of itself."""

    async def receive(self, headers: Mapping[str, str], raw_body: bytes) -> None:
        """Checks the signature, keeps the message. Raises ``NotAuthenticated``, ``NotFound``."""
        ...


class InsurerCallbacks(Protocol):
    """Takes what insurers send us of themselves."""

    async def receive(self, insurer: str, headers: Mapping[str, str], raw_body: bytes) -> None:
        """Checks the signature, keeps the message. Raises ``NotAuthenticated``, ``NotFound``."""
        ...
