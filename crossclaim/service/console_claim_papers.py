"""A claim's documents and information requests, for the insurer whose claim it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from activities.ports import Documents
from crossclaim.console.document_view import DocumentShown, ReadField, fields_of
from crossclaim.console.examiner import Asked, ItemAsked
from crossclaim.domain.ebill_reading import ClaimedEbill, EbillRead, Stored, compared
from crossclaim.domain.paper_claim import PaperClaimSubmission, numbered
from crossclaim.domain.submission import BillSubmission, DocumentNamed
from crossclaim.security.keyring import Keyring
from crossclaim.service.information import items_of
from crossclaim.store.connection import Connection
from crossclaim.store.review_tables import READING

_BILL = "select sealed from bill where id = %(bill)s"
_KEPT = """
select sha256, object_key, content_type, size_bytes from document
where episode_id = %(episode)s and sha256 = any(%(sha256)s)
"""
_READINGS = "select sha256, sealed from document_reading where episode_id = %(episode)s order by 1"
_SENT = """
select content from submission where episode_id = %(episode)s and kind = 'submit_claim'
  and not refused order by received_at limit 1
"""
_REQUESTS = """
select id as request, number, asked_of, state as status, asked_at, due_at from information_request
where {about} and organisation_id = %(organisation)s order by asked_at, id
"""
_OF_CLAIM = _REQUESTS.format(about="claim_id = %(claim)s")
_OF_LETTER = _REQUESTS.format(
    about="episode_id = %(episode)s and guarantee = any(cast(%(letters)s as text[]))"
)


class ClaimPapers:
    """Reads within the visitor's own transaction."""

    def __init__(self, keyring: Keyring, objects: Documents | None) -> None:
        self._keyring = keyring
        self._objects = objects

    def shown(
        self, connection: Connection, episode_id: str, bill_id: str, requests: list[Asked]
    ) -> list[DocumentShown]:
        """What the bill names and what answered the insurer's own requests, each once."""
        claim = self._claimed(connection, episode_id)
        places = _places(claim)
        named: dict[str, dict[str, Any]] = {}
        for one in self._named(connection, episode_id, bill_id):
            lines, paper = places.get(one.sha256, ([], ""))
            told = {"kind": one.kind.value, "name": one.name, "lines": lines, "paper": paper}
            named.setdefault(one.sha256, told)
        for request in requests:
            for item in request.items:
                if item.sha256:
                    lines = [] if item.line is None else [item.line]
                    told = {"kind": item.kind, "lines": lines, "request": request.number}
                    named.setdefault(item.sha256, told)
        kept = self._kept(connection, episode_id, list(named))
        fields = self._fields(connection, episode_id, claim)
        return [
            DocumentShown(
                sha256=sha256,
                content_type=kept[sha256]["content_type"],
                size_bytes=kept[sha256]["size_bytes"],
                fields=fields.get(sha256, []),
                **told,
            )
            for sha256, told in named.items()
            if sha256 in kept
        ]

    def content(self, connection: Connection, episode_id: str, sha256: str) -> tuple[str, bytes]:
        (row,) = self._kept(connection, episode_id, [sha256]).values()
        assert self._objects is not None, "a document that is kept is kept somewhere"
        return str(row["content_type"]), self._objects.get(row["object_key"])

    def requests(
        self, connection: Connection, episode_id: str, claim_id: str, organisation: str
    ) -> list[Asked]:
        values = {"claim": claim_id, "organisation": organisation}
        return self._asked(connection, episode_id, _OF_CLAIM, values)

    def requests_about(
        self, connection: Connection, episode_id: str, letters: list[str], organisation: str
    ) -> list[Asked]:
        """As ``requests``, about questions on a letter of guarantee."""
        values = {"episode": episode_id, "letters": letters, "organisation": organisation}
        return self._asked(connection, episode_id, _OF_LETTER, values)

    def _asked(
        self, connection: Connection, episode_id: str, query: str, values: dict[str, Any]
    ) -> list[Asked]:
        rows = connection.execute(query, values).mappings()
        items = items_of(connection, self._keyring, episode_id) if rows else {}
        now = datetime.now(UTC)
        return [
            Asked(
                **row,
                overdue=row["status"] == "open" and row["due_at"] < now,
                items=[
                    ItemAsked.model_validate({**one, "kind": one["type"]})
                    for one in items.get(row["request"], [])
                ],
            )
            for row in rows
        ]

    def _named(self, connection: Connection, episode_id: str, bill_id: str) -> list[DocumentNamed]:
        sealed = connection.execute(_BILL, {"bill": bill_id}).scalar_one_or_none()
        if sealed is None:
            return []
        plain = self._keyring.decrypt(episode_id, bytes(sealed), "bill")
        return BillSubmission.model_validate_json(plain).documents

    def _kept(
        self, connection: Connection, episode_id: str, named: list[str]
    ) -> dict[str, dict[str, Any]]:
        rows = connection.execute(_KEPT, {"episode": episode_id, "sha256": named}).mappings()
        return {row["sha256"]: row for row in rows}

    def _claimed(self, connection: Connection, episode_id: str) -> PaperClaimSubmission | None:
        """The insurer's own claim with papers; of a hospital's bill there is none."""
        row = connection.execute(_SENT, {"episode": episode_id}).one_or_none()
        if row is None:
            return None
        plain = self._keyring.decrypt(episode_id, bytes(row.content), "submission")
        try:
            return PaperClaimSubmission.model_validate_json(plain)
        except ValidationError:
            return None

    def _fields(
        self, connection: Connection, episode_id: str, claim: PaperClaimSubmission | None
    ) -> dict[str, list[ReadField]]:
        """What files say of themselves, and where the claim says something else."""
        readings = []
        for row in connection.execute(_READINGS, {"episode": episode_id}):
            plain = self._keyring.decrypt(episode_id, bytes(row.sealed), READING)
            read = EbillRead.model_validate_json(plain)
            readings.append(Stored(sha256=row.sha256, read=read))
        claimed = [
            ClaimedEbill(paper=one.number, ebill=one.ebill, total=one.total)
            for one in (claim.papers if claim else [])
            if one.ebill is not None
        ]
        differing: dict[str, set[str]] = {}
        for found in compared(readings, claimed):
            differing.setdefault(found.sha256, set()).update(found.members)
            if not found.paper:
                differing[found.sha256].add("number")
        told: dict[str, list[ReadField]] = {}
        for one in readings:
            told.setdefault(one.sha256, fields_of(one.read, differing.get(one.sha256, set())))
        return told


def _places(claim: PaperClaimSubmission | None) -> dict[str, tuple[list[int], str]]:
    """Document → the lines of its paper, and the paper."""
    found: dict[str, tuple[list[int], str]] = {}
    for paper in numbered(claim.papers if claim else []):
        for document in paper.documents:
            found[document.sha256] = ([line.number for line in paper.lines], paper.number)
    return found
