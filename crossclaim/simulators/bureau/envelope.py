"""The envelope around every message, and the signature inside it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Envelope(BaseModel):
    """What surrounds the input of each transaction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    infno: Word
    msgid: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{30}$")]
    mdtrtarea_admvs: Word
    insuplc_admdvs: str
    fixmedins_code: Word
    inf_time: Word
    infver: Word
    signtype: Word
    cainfo: Word
    input: dict[str, Any]

    def signed_with(self, secret: str) -> bool:
        head = f"{self.infno}\n{self.msgid}\n{self.inf_time}"
        return hmac.compare_digest(signature(secret, head, self.input), self.cainfo)


def signature(secret: str, head: str, content: Mapping[str, Any]) -> str:
    """HMAC-SHA256 over the head's lines and the content with its keys in order."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(secret.encode(), f"{head}\n{text}".encode(), hashlib.sha256).hexdigest()


def answered(
    secret: str, msgid: str, output: Mapping[str, Any], infcode: str, message: str, at: datetime
) -> dict[str, Any]:
    moment = f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
    return {
        "infcode": infcode,
        "inf_refmsgid": msgid,
        "refmsg_time": moment,
        "respond_time": moment,
        "err_msg": message,
        "signtype": "HMAC-SHA256",
        "cainfo": signature(secret, f"{infcode}\n{msgid}\n{moment}", output),
        "output": dict(output),
    }
