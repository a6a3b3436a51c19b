"""What the API needs to tell the texts that patients sign."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.consent_wording import ConsentTextRead


class ConsentTexts(Protocol):
    """Texts of consents; they are about nobody."""

    async def listed(self) -> list[ConsentTextRead]:
        """Those that the installation's reference names, superseded ones too."""
        ...

    async def text(self, kind: str, version: str) -> ConsentTextRead:
        """Also one that the reference names no more. Raises ``NotFound``."""
        ...
