"""What uploads to the object store need: an address for one stated file, and what lies there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.security.roles import Principal


class StatedFile(Frozen):
    """What the sender says of the file before it is sent; nothing else is taken."""

    name: str
    content_type: str
    size: int
    sha256: str


class UploadSlot(Frozen):
    """Where one file is to be sent, and how: the headers are conditions and are signed."""

    upload: str
    method: str = "PUT"
    url: str
    headers: dict[str, str]
    expires_at: datetime


class SentFile(Frozen):
    """One upload as it stands; ``content`` is absent once it was judged."""

    stated: StatedFile
    state: str
    document_sha256: str = ""
    why: str = ""
    """The code of the refusal."""
    content: bytes | None = None


class UploadSlots(Protocol):
    """Raises ``NotFound`` for an episode or an upload that is unknown or another's."""

    async def open(
        self, principal: Principal, episode_id: str, stated: StatedFile
    ) -> UploadSlot: ...

    async def sent(self, principal: Principal, episode_id: str, upload: str) -> SentFile:
        """What lies there, if it is of the stated size and SHA-256 to the byte. Raises ``Refused``.

        What is of another size or digest is removed at once; nothing there changes nothing.
        """
        ...

    async def close(
        self, principal: Principal, upload: str, *, document_sha256: str = "", why: str = ""
    ) -> None:
        """What was sent is removed from where it lay; ``why`` is the code of a refusal."""
        ...


class Scanner(Protocol):
    """Looks for malware."""

    async def clean(self, content: bytes) -> bool:
        """Raises ``Unavailable`` where nobody could look."""
        ...
