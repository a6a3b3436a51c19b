"""Orders to the bureau as activities give them, for two of the simulator's persons."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from crossclaim.domain.basic_facts import Care
from crossclaim.domain.bureau import (
    BasicPerson,
    CancelOrder,
    ChargeUploaded,
    Institution,
    PersonQuery,
    SettlementOrder,
    VisitOrder,
)
from crossclaim.domain.money import fen
from crossclaim.domain.submission import DocumentType, IdentityDocument, PersonName
from crossclaim.gateways.bureau import BureauGateway

NOW = datetime(2025, 4, 10, 10, 20, tzinfo=timezone(timedelta(hours=8)))
HERE = Institution(code="H44070300001", area="440703")
FATHER_ID, DAUGHTER_ID = "440703195506200002", "440703198803120002"
DRUG, FEE = "DRUG-1", "GEN-CONSULT"


def query(certno: str, card: str = "") -> PersonQuery:
    return PersonQuery(
        reference="AL1",
        institution=HERE,
        document=IdentityDocument(type=DocumentType.MAINLAND_ID, number=certno),
        name=PersonName(zh="某人"),
        card_number=card,
        at=NOW,
    )


def charge(number: int, code: str, amount: int) -> ChargeUploaded:
    return ChargeUploaded(
        number=number,
        code=code,
        day=date(2025, 4, 10),
        quantity=1,
        unit_price=fen(amount),
        amount=fen(amount),
    )


def order(
    person: BasicPerson, visit: str, *lines: ChargeUploaded, reference: str = "BQ1"
) -> SettlementOrder:
    return SettlementOrder(
        reference=reference,
        institution=HERE,
        person_number=person.number,
        area_code=person.area_code,
        visit_id=visit,
        batch="B1",
        lines=list(lines),
        total=fen(sum(line.amount.amount_minor for line in lines)),
        fund_used=True,
        account_used=True,
        at=NOW,
    )


def uploaded(
    gateway: BureauGateway, certno: str, *lines: ChargeUploaded, visit_number: str = "MZ1"
) -> SettlementOrder:
    """Looked up, registered and uploaded: ready to be pre-settled."""
    person = gateway.look_up(query(certno))
    assert person is not None
    registered = gateway.register(
        VisitOrder(
            reference=f"AR{visit_number}",
            institution=HERE,
            person_number=person.number,
            area_code=person.area_code,
            visit_number=visit_number,
            care=Care.OUTPATIENT,
            at=NOW,
        )
    )
    ready = order(person, registered.visit_id, *lines)
    gateway.upload(ready)
    return ready


def taking_back(settled: SettlementOrder, **changes: str) -> CancelOrder:
    return CancelOrder(
        reference="BC1",
        institution=HERE,
        person_number=settled.person_number,
        area_code=settled.area_code,
        visit_id=settled.visit_id,
        settlement=changes.get("settlement", ""),
        original=changes.get("original", ""),
        at=NOW,
    )
