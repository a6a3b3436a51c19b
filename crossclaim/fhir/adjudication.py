"""A split and a decision line by line, as adjudications that R4's answers share."""

from __future__ import annotations

from collections.abc import Iterable

from crossclaim.domain.allocation import AllocationResult, Share
from crossclaim.domain.money import ConversionRate, Money, fen
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.submission import BillSubmission, FunderKind
from crossclaim.fhir.datatypes import (
    SERVER,
    Resource,
    concept,
    extension,
    identifier,
    instant,
    money,
    part,
    without_empty,
)
from crossclaim.gateways import fhir_terms as terms

REASON = f"{SERVER}/CodeSystem/reason"
PATIENT_SHARE = "copay"


def adjudicated(category: str, amount: Money, reasons: Iterable[str] = ()) -> Resource:
    """R4 has one reason an adjudication: the first is its code, the others stand beside it."""
    codes = list(reasons)
    reason = {"coding": [{"system": REASON, "code": code} for code in codes]} if codes else None
    found = {"category": concept(terms.ADJUDICATION, category), "amount": money(amount)}
    return without_empty({**found, "reason": reason})


def allocation(share: Share) -> Resource:
    return _part_of(share.funder.value, share.organisation, share.amount, share.reasons)


def totals(split: AllocationResult) -> list[Resource]:
    """What each funder carries of the bill."""
    return [_part_of(t.funder.value, t.organisation, t.amount, []) for t in split.totals]


def _part_of(funder: str, organisation: str | None, amount: Money, reasons: list[str]) -> Resource:
    parts = [part("funder", valueCode=funder)]
    if organisation:
        named = identifier(terms.ORGANISATION, organisation)
        parts.append(part("organisation", valueIdentifier=named))
    parts.append(part("amount", valueMoney=money(amount)))
    parts += [part("reason", valueCode=code) for code in reasons]
    return extension("allocation", *parts)


def items(
    bill: BillSubmission | None,
    split: AllocationResult | None,
    funder: FunderKind,
    organisation: str | None,
    answer: ClaimAnswer | None,
) -> list[Resource]:
    """Each line: what was submitted, what the funder and the patient bear of it, and why."""
    if bill is None or split is None:
        return []
    decided = {one.line: one for one in answer.lines} if answer else {}
    found = []
    for line in bill.lines:
        shares = [s for s in split.shares if s.line == line.number]
        own = [s for s in shares if s.funder is funder and s.organisation == organisation]
        reasons = list(dict.fromkeys(code for s in own for code in s.reasons))
        told = [adjudicated("submitted", line.amount)]
        told.append(adjudicated("benefit", _sum(own), reasons))
        patients = [s for s in shares if s.funder is FunderKind.PATIENT]
        if patients:
            told.append(adjudicated(PATIENT_SHARE, _sum(patients)))
        word = decided.get(line.number)
        if word is not None:
            told.append(adjudicated("eligible", word.benefit, word.reasons))
        found.append(
            {
                "extension": [allocation(share) for share in shares],
                "itemSequence": line.number,
                "adjudication": told,
            }
        )
    return [without_empty(one) for one in found]


def _sum(shares: list[Share]) -> Money:
    return sum((s.amount for s in shares), fen(0))


def fx_evidence(source: Money, target: Money, rate: ConversionRate | None) -> list[Resource]:
    """Nothing where nothing was converted."""
    if rate is None or source.currency is target.currency:
        return []
    parts = [
        part("source", valueMoney=money(source)),
        part("target", valueMoney=money(target)),
        part("rate", valueDecimal=rate.cny_per_hkd),
        part("rateTime", valueDateTime=instant(rate.as_of)),
        part("rateSource", valueString=rate.source),
    ]
    if rate.rate_id:
        parts.append(part("quoteId", valueString=rate.rate_id))
    return [extension("fx-evidence", *parts)]
