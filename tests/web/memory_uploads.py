"""Upload slots in memory, as ``UploadSlots`` promises them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crossclaim.api.problem_sentences import problem_fault
from crossclaim.api.upload_port import SentFile, StatedFile, UploadSlot
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.security.roles import Principal


@dataclass
class MemoryUploads:
    slots: dict[str, SentFile] = field(default_factory=dict)
    owners: dict[str, tuple[str, str]] = field(default_factory=dict)
    lying: dict[str, bytes] = field(default_factory=dict)

    async def open(self, principal: Principal, episode_id: str, stated: StatedFile) -> UploadSlot:
        upload = f"up_{len(self.slots)}"
        self.slots[upload] = SentFile(stated=stated, state="open")
        self.owners[upload] = (principal.organisation, episode_id)
        over = datetime(2026, 11, 21, tzinfo=UTC)
        return UploadSlot(upload=upload, url=f"https://s3/{upload}", headers={}, expires_at=over)

    async def sent(self, principal: Principal, episode_id: str, upload: str) -> SentFile:
        if self.owners.get(upload) != (principal.organisation, episode_id):
            raise NotFound("there is no such upload")
        slot = self.slots[upload]
        if slot.state != "open":
            return slot
        content = self.lying.get(upload)
        why = "UPLOAD_ABSENT" if content is None else ""
        if content is not None and len(content) != slot.stated.size:
            why = "UPLOAD_SIZE"
        elif content is not None and hashlib.sha256(content).hexdigest() != slot.stated.sha256:
            why = "UPLOAD_DIGEST"
        if why:
            raise Refused("refused", [problem_fault(why, "")])
        return slot.model_copy(update={"content": content})

    async def close(
        self, principal: Principal, upload: str, *, document_sha256: str = "", why: str = ""
    ) -> None:
        self.lying.pop(upload, None)
        state = "refused" if why else "done"
        change = {"state": state, "document_sha256": document_sha256, "why": why}
        self.slots[upload] = self.slots[upload].model_copy(update=change)
