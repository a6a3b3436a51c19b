"""A settlement as JSON, CSV, PDF and FHIR: the same figures in each, made from the same facts."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import datetime, time
from typing import Any

from crossclaim.documents.csv_cells import text_cell
from crossclaim.documents.sheet_pdf import sheet_pdf
from crossclaim.documents.sheets.sheet import Grid, Notes, Sheet
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.reference import Reference
from crossclaim.domain.settlement import LineKind, Settlement, SettlementLine
from crossclaim.domain.settlement_sentences import (
    BASES,
    CARRIED,
    FUNDERS,
    KINDS,
    place_of,
    words_of,
)
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.gateways import fhir_terms as terms

_COLUMNS = (
    "kind",
    "at",
    "episode",
    "visit",
    "bill",
    "claim",
    "claim_number",
    "payout",
    "amount",
)
_TOTALS = (
    "payments",
    "claw_backs",
    "returns",
    "given_back",
    "carried_in",
    "payable",
    "carried_out",
)
_PAYMENT_TYPES = {
    LineKind.PAYMENT: "payment",
    LineKind.CLAW_BACK: "adjustment",
    LineKind.RETURN: "adjustment",
    LineKind.GIVEN_BACK: "adjustment",
}
_PAYMENT_TYPE = "http://terminology.hl7.org/CodeSystem/payment-type"
_EPISODE = "https://crossclaim.example/fhir/identifier/episode"
_ADVICE = "https://crossclaim.example/fhir/identifier/remittance-advice"
_PAYOUT = "https://crossclaim.example/fhir/identifier/payout"
_OF_EPISODE = "https://crossclaim.example/fhir/StructureDefinition/episode"


def number_of(settlement: Settlement) -> str:
    """One advice a hospital, funder and day, and one number of it for ever."""
    return f"RA-{settlement.hospital}-{settlement.funder}-{settlement.day:%Y%m%d}"


def facts_of(settlement: Settlement) -> str:
    """A digest of every fact; another one under the same number says that something came since."""
    return hashlib.sha256(settlement.model_dump_json().encode()).hexdigest()


def json_of(settlement: Settlement, language: str) -> dict[str, Any]:
    place = place_of(language)
    figures = {name: _money(settlement, minor) for name, minor in _figures(settlement).items()}
    reason = settlement.carry_reason
    return {
        "number": number_of(settlement),
        "hospital": settlement.hospital,
        "funder": settlement.funder,
        "day": settlement.day.isoformat(),
        "basis": settlement.basis.value,
        "basis_detail": BASES[settlement.basis.value][place],
        **figures,
        "carry_reason": reason or None,
        "carry_detail": CARRIED[reason][place] if reason else None,
        "facts": facts_of(settlement),
        "lines": [_line(settlement, line, place) for line in settlement.lines],
    }


def csv_of(settlement: Settlement, language: str) -> str:
    """Lines first, then the sums; amounts are bare figures, texts can be no formulas."""
    words, place = words_of(language), place_of(language)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(words[name] for name in _COLUMNS), words["currency"]])
    for line in settlement.lines:
        texts = [text_cell(text) for text in _texts(line, place)]
        writer.writerow([*texts, _text(settlement, line.amount_minor), settlement.currency])
    blank = [""] * (len(_COLUMNS) - 2)
    for name, minor in _figures(settlement).items():
        row = [words[name], *blank, _text(settlement, minor), settlement.currency]
        writer.writerow(row)
    return out.getvalue()


def advice_of(settlement: Settlement, reference: Reference, language: str) -> Sheet:
    """What stands on the advice; its time is the end of the day that it is of."""
    words, place = words_of(language), place_of(language)
    reason = settlement.carry_reason
    rows = [
        [*_texts(line, place), _text(settlement, line.amount_minor)] for line in settlement.lines
    ]
    columns = [words[name] for name in _COLUMNS]
    notes = [BASES[settlement.basis.value][place], *([CARRIED[reason][place]] if reason else [])]
    return Sheet(
        kind=PaperKind.REMITTANCE_ADVICE,
        subject=number_of(settlement),
        title=words["title"],
        number=number_of(settlement),
        issuer=settlement.funder,
        dated=datetime.combine(settlement.day, time(23, 59, 59), REGION_ZONE),
        head=[
            (words["number"], number_of(settlement)),
            (words["hospital"], _hospital(reference, settlement.hospital, place)),
            (words["funder"], funder_name(reference, settlement.funder, place)),
            (words["day"], settlement.day.isoformat()),
            (words["currency"], settlement.currency),
        ],
        body=[
            Notes("", notes),
            Grid(columns, [7, 11, 17, 12, 10, 15, 12, 15, 9], rows, figures=(8,)),
        ],
        totals=[
            (words[name], _text(settlement, minor)) for name, minor in _figures(settlement).items()
        ],
        wide=True,
    )


def pdf_of(settlement: Settlement, reference: Reference, language: str) -> bytes:
    """A printing for oneself, which no code leads back to. Raises ``Unavailable``."""
    sheet = advice_of(settlement, reference, language)
    return sheet_pdf(sheet, language, code="", link="", facts=facts_of(settlement))


def fhir_of(settlement: Settlement, reference: Reference) -> dict[str, Any]:
    """An R4 PaymentReconciliation; its amount is what the details and what stood over come to."""
    number, made = number_of(settlement), _made_at(settlement)
    found: dict[str, Any] = {
        "resourceType": "PaymentReconciliation",
        "identifier": [{"system": _ADVICE, "value": number}],
        "status": "active",
        "period": {"start": settlement.day.isoformat(), "end": settlement.day.isoformat()},
        "created": made,
        "paymentIssuer": _organisation(
            settlement.funder, funder_name(reference, settlement.funder, 0)
        ),
        "outcome": "complete",
        "disposition": BASES[settlement.basis.value][0],
        "paymentDate": settlement.day.isoformat(),
        "paymentAmount": _fhir_money(settlement, _paid(settlement)),
        "paymentIdentifier": {"system": _ADVICE, "value": number},
        "detail": [_detail(settlement, line, reference) for line in settlement.lines],
    }
    notes = _notes(settlement)
    if notes:
        found["processNote"] = [{"type": "print", "text": text} for text in notes]
    if not found["detail"]:
        del found["detail"]
    return found


def _paid(settlement: Settlement) -> int:
    """What came to the hospital on the day by payments and claw-backs, less what went back."""
    back = settlement.total(LineKind.RETURN) + settlement.total(LineKind.GIVEN_BACK)
    return settlement.payable_minor + back


def _notes(settlement: Settlement) -> list[str]:
    found = []
    if settlement.carried_in_minor:
        told = _text(settlement, settlement.carried_in_minor)
        found.append(f"Carried over from before: {told} {settlement.currency}.")
    if settlement.carried_out_minor:
        told = _text(settlement, settlement.carried_out_minor)
        text = CARRIED[settlement.carry_reason][0]
        found.append(f"Carried over to the next day: {told} {settlement.currency}. {text}")
    return found


def _detail(settlement: Settlement, line: SettlementLine, reference: Reference) -> dict[str, Any]:
    found: dict[str, Any] = {
        "extension": [
            {
                "url": _OF_EPISODE,
                "valueIdentifier": {"system": _EPISODE, "value": line.episode},
            }
        ],
        "identifier": {"system": _PAYOUT, "value": line.payout or line.entry},
        "type": {"coding": [{"system": _PAYMENT_TYPE, "code": _PAYMENT_TYPES[line.kind]}]},
        "submitter": _organisation(settlement.hospital, ""),
        "payee": _organisation(settlement.hospital, _hospital(reference, settlement.hospital, 0)),
        "date": line.at.astimezone(REGION_ZONE).date().isoformat(),
        "amount": _fhir_money(settlement, line.amount_minor),
    }
    if line.claim:
        named = {"system": terms.REFERENCE, "value": line.claim}
        found["request"] = {"type": "Claim", "identifier": named}
    if line.claim_number:
        named = {"system": terms.CLAIM_NUMBER, "value": line.claim_number}
        found["response"] = {"type": "ClaimResponse", "identifier": named}
    return found


def _organisation(name: str, display: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "Organization",
        "identifier": {"system": terms.ORGANISATION, "value": name},
    }
    return {**found, "display": display} if display else found


def _fhir_money(settlement: Settlement, minor: int) -> dict[str, Any]:
    """JSON has numbers alone; two digits are exact in them for any amount of ours."""
    return {"value": float(_text(settlement, minor)), "currency": settlement.currency}


def _made_at(settlement: Settlement) -> str:
    """The last fact's moment, so that the same facts are the same resource."""
    last = max((line.at for line in settlement.lines), default=None)
    if last is None:
        return f"{settlement.day.isoformat()}T00:00:00+08:00"
    return last.astimezone(REGION_ZONE).isoformat(timespec="seconds")


def _figures(settlement: Settlement) -> dict[str, int]:
    return dict(
        zip(
            _TOTALS,
            (
                settlement.total(LineKind.PAYMENT),
                settlement.total(LineKind.CLAW_BACK),
                settlement.total(LineKind.RETURN),
                settlement.total(LineKind.GIVEN_BACK),
                settlement.carried_in_minor,
                settlement.payable_minor,
                settlement.carried_out_minor,
            ),
            strict=True,
        )
    )


def _line(settlement: Settlement, line: SettlementLine, place: int) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "detail": KINDS[line.kind.value][place],
        "at": line.at.astimezone(REGION_ZONE).isoformat(timespec="seconds"),
        "episode_id": line.episode,
        "visit": line.visit,
        "bill": line.bill or None,
        "claim": line.claim or None,
        "claim_number": line.claim_number or None,
        "payout": line.payout or None,
        "amount": _money(settlement, line.amount_minor),
    }


def _texts(line: SettlementLine, place: int) -> list[str]:
    """Every column but the amount."""
    return [
        KINDS[line.kind.value][place],
        f"{line.at.astimezone(REGION_ZONE):%Y-%m-%d %H:%M}",
        line.episode,
        line.visit,
        line.bill,
        line.claim,
        line.claim_number,
        line.payout,
    ]


def _hospital(reference: Reference, hospital: str, place: int) -> str:
    known = reference.hospital(hospital)
    if known is None:
        return hospital
    return (known.name.en, known.name.zh_hant, known.name.zh_hans)[place]


def funder_name(reference: Reference, funder: str, place: int) -> str:
    if funder in FUNDERS:
        return FUNDERS[funder][place]
    known = next((one for one in reference.insurers if one.id == funder), None)
    if known is None:
        return funder
    return (known.name.en, known.name.zh_hant, known.name.zh_hans)[place]


def _money(settlement: Settlement, minor: int) -> dict[str, str]:
    return {"amount": _text(settlement, minor), "currency": settlement.currency}


def _text(settlement: Settlement, minor: int) -> str:
    return Money(amount_minor=minor, currency=Currency(settlement.currency)).decimal_text()
