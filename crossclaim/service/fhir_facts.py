"""Opens what resources are made of: one episode's rows, cut to what the reader may see."""

from __future__ import annotations

import base64
from typing import Any

from crossclaim.domain.paper_claim import EbillNamed, PaperClaimSubmission
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.fhir.facts import EpisodeFacts, KeptMessage, StoredDocument
from crossclaim.gateways import strict_json
from crossclaim.security.keyring import Keyring
from crossclaim.security.masking import shows_numbers
from crossclaim.security.roles import Principal
from crossclaim.service.party_view import is_closed_off, own_rows, sees_all
from crossclaim.store.connection import Connection
from crossclaim.store.fhir_messages import PURPOSE
from crossclaim.store.information_tables import NOTE
from crossclaim.store.rows import read_party_rows

WITH_BILLS = frozenset({"Claim", "ClaimResponse", "ExplanationOfBenefit", "DocumentReference"})
WITH_NOTES = frozenset({"CommunicationRequest", "Task"})

_FACTS = """
select encode(e.sealed, 'base64') as content,
 case when %(bills)s then (select json_object_agg(b.id, encode(b.sealed, 'base64')) from bill b
   where b.episode_id = e.id) end as bills,
 case when %(bills)s then (select json_object_agg(c.id, c.decision) from claim c
   where c.episode_id = e.id and c.decision is not null) end as answers,
 case when %(bills)s then (select json_agg(encode(s.content, 'base64')) from submission s
   where s.episode_id = e.id and s.kind = 'submit_claim') end as papers,
 case when %(documents)s then (select json_agg(json_build_object('sha256', d.sha256,
   'organisation_id', d.organisation_id, 'content_type', d.content_type,
   'size_bytes', d.size_bytes, 'recorded_at', d.recorded_at)) from document d
   where d.episode_id = e.id) end as documents,
 case when %(notes)s then (select json_agg(json_build_array(i.request_id, i.item,
   encode(i.note_sealed, 'base64'))) from information_item i
   where i.episode_id = e.id and i.note_sealed is not null) end as notes,
 (select json_agg(json_build_array(k.about, encode(k.sealed, 'base64')) order by k.id)
   from fhir_message k where k.episode_id = e.id and k.organisation_id = %(org)s) as kept
from episode e where e.id = %(id)s
"""


def facts_of(
    connection: Connection, keyring: Keyring, principal: Principal, episode_id: str, kinds: set[str]
) -> EpisodeFacts | None:
    """None for an episode that the reader is no party of. ``kinds``: what is to be written."""
    rows = read_party_rows(connection, episode_id)
    if rows is None:
        return None
    whole = sees_all(principal, rows)
    asked = {
        "id": episode_id,
        "org": principal.organisation,
        "bills": bool(kinds & WITH_BILLS),
        "documents": "DocumentReference" in kinds,
        "notes": bool(kinds & WITH_NOTES),
    }
    found = connection.execute(_FACTS, asked).one()
    opened = _Opener(keyring, episode_id)
    content = EpisodeSubmission.model_validate_json(opened(found.content, "episode"))
    seen = rows if whole else own_rows(principal.organisation, rows)
    return EpisodeFacts(
        rows=seen,
        content=content if whole else _cut(content, rows, principal.organisation),
        whole=whole,
        closed=not whole and is_closed_off(principal.organisation, rows),
        unmasked=whole and shows_numbers(principal.role),
        bills=_bills(found.bills, seen, opened),
        answers=_answers(found.answers, seen),
        notes={
            (request, item): opened(sealed, NOTE).decode()
            for request, item, sealed in found.notes or []
        },
        documents=[StoredDocument.model_validate(one) for one in found.documents or []],
        ebills=_ebills(found.papers, opened),
        kept=[
            KeptMessage(about=about, resource=strict_json.loads(opened(sealed, PURPOSE)))
            for about, sealed in found.kept or []
        ],
    )


class _Opener:
    def __init__(self, keyring: Keyring, episode_id: str) -> None:
        self._keyring = keyring
        self._episode_id = episode_id

    def __call__(self, sealed: str, purpose: str) -> bytes:
        return self._keyring.decrypt(self._episode_id, base64.b64decode(sealed), purpose)


def _bills(
    sealed: dict[str, str] | None, rows: EpisodeRows, opened: _Opener
) -> dict[str, BillSubmission]:
    seen = {bill.id for bill in rows.bills}
    return {
        bill: BillSubmission.model_validate_json(opened(one, "bill"))
        for bill, one in (sealed or {}).items()
        if bill in seen
    }


def _answers(found: dict[str, Any] | None, rows: EpisodeRows) -> dict[str, ClaimAnswer]:
    seen = {claim.id for claim in rows.claims}
    return {
        claim: ClaimAnswer.model_validate(answer)
        for claim, answer in (found or {}).items()
        if claim in seen and {"reference", "state"} <= set(answer)
    }


def _ebills(sealed: list[str] | None, opened: _Opener) -> list[EbillNamed]:
    """Of a claim with papers, as its insurer sent it; nobody else reads that row."""
    claims = (
        PaperClaimSubmission.model_validate_json(opened(one, "submission")) for one in sealed or []
    )
    return [paper.ebill for one in claims for paper in one.papers if paper.ebill is not None]


def _cut(content: EpisodeSubmission, rows: EpisodeRows, organisation: str) -> EpisodeSubmission:
    """Of an insurer's coverage all, of the others only that they have their places."""
    own = {c.ordinal for c in rows.coverages if c.organisation_id == organisation}
    bare = [
        one if n in own else one.model_copy(update={"policy_number": None, "plan": None})
        for n, one in enumerate(content.coverages)
    ]
    return content.model_copy(update={"coverages": bare})
