"""An insurer's request for documents: as CommunicationRequest, Communication and Task."""

from __future__ import annotations

from crossclaim.domain.information_rows import (
    ANSWERED,
    DROPPED,
    ENDED,
    NOT_HAD,
    OPEN,
    RECEIVED,
    WITHDRAWN,
    InformationItemRow,
    InformationRequestRow,
)
from crossclaim.fhir.datatypes import (
    INFORMATION_REQUEST,
    SERVER,
    Resource,
    concept,
    fhir_id,
    identifier,
    instant,
    organisation,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts

WANTED_KIND = f"{SERVER}/CodeSystem/document-wanted"
_TASK = "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp"
REQUEST_STATUS = {OPEN: "active", ANSWERED: "completed", WITHDRAWN: "revoked", ENDED: "revoked"}
TASK_STATUS = {OPEN: "requested", ANSWERED: "completed", WITHDRAWN: "cancelled", ENDED: "cancelled"}
COMMUNICATION_STATUS = {RECEIVED: "completed", NOT_HAD: "not-done", DROPPED: "not-done"}


def item_key(request_id: str, item: int) -> str:
    return f"{request_id}-{item}"


def _request(facts: EpisodeFacts, key: str) -> InformationRequestRow | None:
    return next((r for r in facts.rows.information_requests if r.id == key), None)


def _items(facts: EpisodeFacts, row: InformationRequestRow) -> list[InformationItemRow]:
    return [i for i in facts.rows.information_items if i.request_id == row.id]


def _asked(facts: EpisodeFacts, row: InformationRequestRow) -> Resource:
    if row.asked_of == "hospital":
        return organisation(facts.rows.episode.hospital_id)
    return reference("Patient", facts.episode_id)


def _about(row: InformationRequestRow) -> list[Resource]:
    """A letter of guarantee is no resource of its own."""
    return [] if row.claim_id is None else [reference("ClaimResponse", row.claim_id)]


def communication_request(facts: EpisodeFacts, key: str) -> Resource | None:
    row = _request(facts, key)
    if row is None:
        return None
    return without_empty(
        {
            "resourceType": "CommunicationRequest",
            "id": fhir_id(row.id),
            "identifier": [identifier(INFORMATION_REQUEST, row.number)],
            "status": REQUEST_STATUS[row.state],
            "subject": reference("Patient", facts.episode_id),
            "about": _about(row),
            "encounter": reference("Encounter", facts.episode_id),
            "payload": [{"contentString": _wish(facts, one)} for one in _items(facts, row)],
            "occurrencePeriod": {"start": instant(row.asked_at), "end": instant(row.due_at)},
            "authoredOn": instant(row.asked_at),
            "requester": organisation(row.organisation_id),
            "recipient": [_asked(facts, row)],
            "sender": organisation(row.organisation_id),
        }
    )


def _wish(facts: EpisodeFacts, item: InformationItemRow) -> str:
    """The kind's code, what it is about, and what whoever is asked is told of it."""
    about = [f"line {item.line}"] if item.line is not None else []
    about += [f"paper {item.paper}"] if item.paper else []
    note = facts.notes.get((item.request_id, item.item), "")
    told = f"{item.kind} ({', '.join(about)})" if about else item.kind
    return f"{told}: {note}" if note else told


def communication(facts: EpisodeFacts, key: str) -> Resource | None:
    request_id, _, item = key.rpartition("-")
    row = _request(facts, request_id)
    found = (i for i in facts.rows.information_items if item_key(i.request_id, i.item) == key)
    one = next(found, None)
    if row is None or one is None or one.state not in COMMUNICATION_STATUS:
        return None
    document = {"contentAttachment": {"url": f"urn:sha256:{one.sha256}", "title": one.kind}}
    return without_empty(
        {
            "resourceType": "Communication",
            "id": fhir_id(key),
            "identifier": [identifier(INFORMATION_REQUEST, f"{row.number}/{item}")],
            "basedOn": [reference("CommunicationRequest", row.id)],
            "status": COMMUNICATION_STATUS[one.state],
            "statusReason": {"text": one.reason} if one.reason else None,
            "category": [concept(WANTED_KIND, one.kind)],
            "subject": reference("Patient", facts.episode_id),
            "about": _about(row),
            "encounter": reference("Encounter", facts.episode_id),
            "sent": instant(one.answered_at) if one.answered_at else "",
            "recipient": [organisation(row.organisation_id)],
            "sender": _asked(facts, row),
            "payload": [document] if one.sha256 else [],
        }
    )


def task(facts: EpisodeFacts, key: str) -> Resource | None:
    row = _request(facts, key)
    if row is None:
        return None
    changed = row.closed_at or row.overdue_at or row.asked_at
    inputs = [
        {"type": concept(WANTED_KIND, one.kind), "valueString": _wish(facts, one)}
        for one in _items(facts, row)
    ]
    return without_empty(
        {
            "resourceType": "Task",
            "id": fhir_id(row.id),
            "identifier": [identifier(INFORMATION_REQUEST, row.number)],
            "basedOn": [reference("CommunicationRequest", row.id)],
            "status": TASK_STATUS[row.state],
            "intent": "order",
            "code": concept(_TASK, "data-request"),
            "focus": next(iter(_about(row)), None),
            "for": reference("Patient", facts.episode_id),
            "encounter": reference("Encounter", facts.episode_id),
            "authoredOn": instant(row.asked_at),
            "lastModified": instant(changed),
            "requester": organisation(row.organisation_id),
            "owner": _asked(facts, row),
            "restriction": {"period": {"end": instant(row.due_at)}},
            "input": inputs,
        }
    )
