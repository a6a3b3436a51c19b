"""Issues papers: set once for the same facts, kept as issued, found again by their code."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from activities.ports import Documents
from crossclaim.documents.sheet_pdf import sheet_pdf
from crossclaim.documents.sheets.sheet import Sheet
from crossclaim.domain.errors import Final, NotFound
from crossclaim.domain.issued_paper import PaperKind, Verified
from crossclaim.security.keyring import Keyring
from crossclaim.store.session import Database

PDF = "application/pdf"
_CODE_BYTES = 20
_CODE_LENGTH = 32
_FIELD = "issued_paper"
_CHAIN = "select set_config('crossclaim.paper_chain', %(chain)s, true)"
_KNOWN = "select object_key, superseded_by from issued_paper where code = %(code)s"
# A paper whose facts came back to what they were is in force again.
_AGAIN = """
update issued_paper set superseded_by = null, superseded_at = null where code = %(code)s
"""
_ADD = """
insert into issued_paper (code, kind, issuer_id, organisation_id, episode_id, chain, language,
                          sha256, object_key, size_bytes, dated)
values (%(code)s, %(kind)s, %(issuer)s, %(organisation)s, %(episode)s, %(chain)s, %(language)s,
        %(sha256)s, %(key)s, %(size)s, %(dated)s)
on conflict (code) do nothing
"""
_SUPERSEDE = """
update issued_paper set superseded_by = %(code)s, superseded_at = now()
where chain = %(chain)s and code <> %(code)s and superseded_by is null
"""
_HELD = "select set_config('crossclaim.paper_code', %(code)s, true)"
_VERIFY = """
select kind, issuer_id, language, dated, issued_at, sha256, superseded_at from issued_paper
where code = %(code)s
"""


@dataclass(frozen=True)
class Issued:
    """A paper's file and what it goes by."""

    code: str
    number: str
    content: bytes


class IssuedPapers:
    """Implements ``crossclaim.api.paper_ports.Verification``."""

    def __init__(
        self, database: Database, keyring: Keyring, objects: Documents, public_url: str
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._objects = objects
        self._public_url = public_url.rstrip("/")

    def issue(
        self, organisation: str, sheet: Sheet, language: str, episode_id: str | None = None
    ) -> Issued:
        """The object first, then its row; who asks again gets the file as it was issued."""
        facts = facts_of(sheet)
        # By the keyring's own index, so that nobody can make a code of facts that he knows.
        code = self._code(f"{sheet.subject}|{language}|{facts}")
        chain = self._keyring.blind_index(
            f"{sheet.kind.value}|{sheet.subject}|{language}", "paper_chain"
        )
        known = self._known(organisation, code, chain)
        if known is not None:
            return Issued(code, sheet.number, known)
        link = f"{self._public_url}/verify/{code}"
        content = sheet_pdf(sheet, language, code=code, link=link, facts=facts)
        key = f"{episode_id or 'system'}/issued/{code}.pdf"
        self._objects.put(key, content, PDF)
        values = {
            "code": code,
            "kind": sheet.kind.value,
            "issuer": sheet.issuer,
            "organisation": organisation,
            "episode": episode_id,
            "chain": chain,
            "language": language,
            "sha256": hashlib.sha256(content).hexdigest(),
            "key": key,
            "size": len(content),
            "dated": sheet.dated,
        }
        with self._database.begin(organisation) as connection:
            connection.execute(_CHAIN, {"chain": chain.hex()})
            connection.execute(_ADD, values)
            connection.execute(_SUPERSEDE, {"code": code, "chain": chain})
        return Issued(code, sheet.number, content)

    def _known(self, organisation: str, code: str, chain: bytes) -> bytes | None:
        """What was issued of these very facts; it is in force again, if it was not."""
        with self._database.begin(organisation) as connection:
            connection.execute(_CHAIN, {"chain": chain.hex()})
            row = connection.execute(_KNOWN, {"code": code}).one_or_none()
            if row is not None and row.superseded_by is not None:
                connection.execute(_AGAIN, {"code": code})
                connection.execute(_SUPERSEDE, {"code": code, "chain": chain})
        if row is None:
            return None
        try:
            return self._objects.get(row.object_key)
        except Final as lost:
            if lost.code != "DOCUMENT_MISSING":
                raise
        logging.getLogger("crossclaim.documents").warning("an issued paper is set anew")
        return None

    def _code(self, text: str) -> str:
        digest = self._keyring.blind_index(text, _FIELD)
        return base64.b32encode(digest[:_CODE_BYTES]).decode()

    async def verify(self, code: str, sha256: str | None) -> Verified:
        return await asyncio.to_thread(self._verify, code, sha256)

    def _verify(self, code: str, sha256: str | None) -> Verified:
        """Whoever has the code sees its one row; raises ``NotFound`` for any other."""
        plain = code.strip().upper()
        if len(plain) != _CODE_LENGTH or not plain.isascii() or not plain.isalnum():
            raise NotFound("no paper was issued with this code")
        with self._database.begin() as connection:
            connection.execute(_HELD, {"code": plain})
            row = connection.execute(_VERIFY, {"code": plain}).one_or_none()
        if row is None:
            raise NotFound("no paper was issued with this code")
        return Verified(
            kind=PaperKind(row.kind),
            issuer=row.issuer_id,
            language=row.language,
            dated=row.dated,
            issued_at=row.issued_at,
            sha256=row.sha256,
            superseded_at=row.superseded_at,
            matches=None if sha256 is None else sha256.lower() == row.sha256,
        )


def facts_of(sheet: Sheet) -> str:
    """A digest of everything that stands on the paper."""
    told = json.dumps(asdict(sheet), ensure_ascii=False, sort_keys=True, default=_written)
    return hashlib.sha256(told.encode()).hexdigest()


def _written(value: Any) -> str:
    assert isinstance(value, date | datetime), "a sheet holds texts, numbers and times"
    return value.isoformat()
