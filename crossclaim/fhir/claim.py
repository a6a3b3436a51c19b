"""What a hospital claims, as a Claim: a bill, its draft, or a request for a letter of guarantee."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.bill_rows import DRAFT, BillRow
from crossclaim.domain.money import Money, fen
from crossclaim.domain.paper_claim import EbillNamed
from crossclaim.domain.records import GuaranteeRow
from crossclaim.domain.submission import BillSubmission, ChargeLine, DocumentNamed
from crossclaim.fhir.coverage import coverage_key
from crossclaim.fhir.datatypes import (
    EPISODE,
    Resource,
    concept,
    extension,
    fhir_id,
    identifier,
    instant,
    money,
    organisation,
    part,
    period,
    reference,
    without_empty,
)
from crossclaim.fhir.facts import EpisodeFacts
from crossclaim.gateways import fhir_terms as terms

_OWN = ("id", "extension", "status", "identifier", "patient")


def claim(facts: EpisodeFacts, key: str) -> Resource | None:
    bill = next((b for b in facts.rows.bills if b.id == key), None)
    if bill is not None and key in facts.bills:
        return _of_bill(facts, bill, facts.bills[key])
    letter = next((g for g in facts.rows.guarantees if g.id == key), None)
    return None if letter is None else _of_letter(facts, letter)


def claim_use(bill: BillRow) -> str:
    return "predetermination" if bill.status == DRAFT else "claim"


def claim_status(bill: BillRow) -> str:
    return "active" if bill.state in ("current", DRAFT) else "cancelled"


def ebill_extension(one: EbillNamed) -> Resource:
    return extension(
        "e-bill",
        part("code", valueString=one.code),
        part("number", valueString=one.number),
        part("check", valueString=one.check),
        part("issued", valueDate=one.issued_on.isoformat()),
    )


def _of_bill(facts: EpisodeFacts, bill: BillRow, content: BillSubmission) -> Resource:
    row = facts.rows.episode
    corrected = next((b for b in facts.rows.bills if b.id == bill.corrects), None)
    built = {
        **_head(facts, bill.id, claim_use(bill), content.issued_at),
        "extension": [
            *_about(facts, bill.state),
            *(ebill_extension(one) for one in facts.ebills),
        ],
        "identifier": [
            identifier(terms.BILL_NUMBER, content.number),
            identifier(terms.BILL_VERSION, str(content.version)),
        ],
        "status": claim_status(bill),
        "subType": concept(terms.BILL_STATUS, content.status),
        "billablePeriod": period(row.admitted_at, content.service_completed_at),
        "related": []
        if corrected is None
        else [
            {
                "claim": reference("Claim", corrected.id),
                "relationship": concept(terms.BILL_CORRECTION, bill.correction),
            }
        ],
        "payee": {"type": concept(terms.PAYEE_TYPE, "provider")},
        "supportingInfo": [_document(n, one) for n, one in enumerate(content.documents, 1)],
        "accident": {"date": content.issued_at.date().isoformat()} if content.accident else None,
        "item": [_item(line, row.hospital_id, facts.episode_id) for line in content.lines],
        "total": money(content.total),
    }
    return _with_sent(facts, without_empty(built), f"Claim/{bill.number}/{bill.version}")


def _of_letter(facts: EpisodeFacts, letter: GuaranteeRow) -> Resource:
    visit = facts.content.visit
    asked = letter.requested_at or facts.rows.episode.opened_at
    planned = facts.content.estimate
    if letter.estimate_minor is not None:
        planned = fen(letter.estimate_minor)
    built = {
        **_head(facts, letter.id, "preauthorization", asked, letter.insurer_id),
        "extension": _about(facts, letter.state),
        "identifier": [identifier(terms.REFERENCE, letter.reference)],
        "status": "cancelled" if letter.state == "cancelled" else "active",
        "billablePeriod": period(visit.planned_admission, None),
        "total": _planned(planned),
    }
    return _with_sent(facts, without_empty(built), f"Claim/preauthorization/{letter.insurer_id}")


def _planned(amount: Money | None) -> Resource | None:
    return None if amount is None else money(amount)


def _with_sent(facts: EpisodeFacts, built: Resource, about: str) -> Resource:
    """What the reader sent comes back as it was, under our id and with our identifiers."""
    sent = facts.sent(about)
    if not sent:
        return built
    known = {(i.get("system"), i.get("value")) for i in sent.get("identifier", [])}
    more = [i for i in built["identifier"] if (i["system"], i["value"]) not in known]
    own = {name: built[name] for name in _OWN if name in built}
    own["identifier"] = [*sent.get("identifier", []), *more]
    own["extension"] = [*sent.get("extension", []), *built.get("extension", [])]
    return {**built, **sent, **own}


def _head(
    facts: EpisodeFacts, key: str, use: str, created: datetime, insurer: str | None = None
) -> Resource:
    row = facts.rows.episode
    covers = [c for c in facts.rows.coverages if insurer is None or c.organisation_id == insurer]
    insurers = [c.organisation_id for c in covers if c.organisation_id]
    insurance = [
        without_empty(
            {
                "sequence": n,
                "focal": n == 1,
                "coverage": reference("Coverage", coverage_key(row.id, cover.ordinal)),
                "preAuthRef": _letters(facts, cover.organisation_id),
            }
        )
        for n, cover in enumerate(covers, 1)
    ]
    nobody = {"sequence": 1, "focal": True, "coverage": {"display": "self-pay"}}
    return {
        "resourceType": "Claim",
        "id": fhir_id(key),
        "type": concept(terms.CLAIM_TYPE, "institutional"),
        "use": use,
        "patient": reference("Patient", row.id),
        "created": instant(created),
        "insurer": organisation(insurers[0]) if insurers else None,
        "provider": organisation(row.hospital_id),
        "priority": concept(terms.PRIORITY, "normal"),
        "diagnosis": [
            {
                "sequence": n,
                "diagnosisCodeableConcept": concept(terms.ICD_10, one.code, one.text or ""),
            }
            for n, one in enumerate(facts.content.diagnoses, 1)
        ],
        "insurance": insurance or [nobody],
    }


def _letters(facts: EpisodeFacts, insurer: str | None) -> list[str]:
    letter = facts.rows.guarantee_of(insurer) if insurer else None
    return [letter.number] if letter is not None and letter.number else []


def _about(facts: EpisodeFacts, state: str) -> list[Resource]:
    return [
        extension("episode", valueIdentifier=identifier(EPISODE, facts.episode_id)),
        extension("state", valueCode=state),
    ]


def _document(sequence: int, named: DocumentNamed) -> Resource:
    return {
        "sequence": sequence,
        "category": concept(terms.CLAIM_INFORMATION, "attachment"),
        "code": concept(terms.DOCUMENT_KIND, named.kind.value),
        "valueAttachment": {"title": named.name, "url": f"urn:sha256:{named.sha256}"},
    }


def _item(line: ChargeLine, hospital: str, episode_id: str) -> Resource:
    product = {
        "coding": [
            {"system": terms.CHARGE_CATEGORY, "code": line.category.value},
            {"system": f"{terms.HOSPITAL_ITEM}/{hospital}", "code": line.code},
        ],
        "text": line.description,
    }
    surgery = line.surgery_class
    return without_empty(
        {
            "sequence": line.number,
            "productOrService": product,
            "modifier": [concept(terms.SURGERY_CLASS, surgery.value)] if surgery else [],
            "servicedDate": line.service_date.isoformat(),
            "quantity": {"value": line.quantity},
            "unitPrice": money(line.unit_price),
            "net": money(line.amount),
            "encounter": [reference("Encounter", episode_id)],
        }
    )
