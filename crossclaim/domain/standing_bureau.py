"""What is due between an episode and the healthcare security bureau. Pure."""

from __future__ import annotations

from datetime import timedelta

from crossclaim.domain.bureau import BUREAU
from crossclaim.domain.bureau_facts import AT_THE_BUREAU, NOT_SERVED, STAYS
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.records import BillRow, CoverageRow, EpisodeRows
from crossclaim.domain.sentences import Reason
from crossclaim.domain.standing_pay_later import charge_parts
from crossclaim.domain.submission import ConsentType, FunderKind

KIND = "basic_insurance"
"""Of claims that are settlements at the bureau."""
_OUR_REFUSALS = ("BUREAU_NOT_DESIGNATED", Reason.BASIC_NOT_COVERED_INTERNATIONAL.value)
"""Refusals of a look-up that the bureau was not asked about."""
_GONE = ("withdrawn", "kept")
CONSENTS = [ConsentType.PI_SENSITIVE, ConsentType.PI_PROVIDE]
"""What a send to the bureau needs: health data (PIPL 29), given to another handler (23)."""


def bureau_coverages(rows: EpisodeRows) -> list[CoverageRow]:
    """Coverages that pay through the bureau; none of a day procedure."""
    if rows.episode.encounter_class in NOT_SERVED:
        return []
    return [coverage for coverage in rows.coverages if coverage.funder in AT_THE_BUREAU]


def consented(rows: EpisodeRows) -> bool:
    given = {c.type for c in rows.consents_in_force() if c.recipient in ("", BUREAU)}
    return given >= set(CONSENTS)


def look_up_due(rows: EpisodeRows) -> bool:
    """Never asked, or not asked for want of a consent that has been given since. About a stay the
    bureau is asked once the patient is admitted."""
    if is_stay(rows) and rows.episode.admitted_at is None:
        return False
    known = {account.ordinal: account for account in rows.funder_accounts}
    for coverage in bureau_coverages(rows):
        account = known.get(coverage.ordinal)
        if account is None or (account.state == "no_consent" and consented(rows)):
            return True
    return False


def is_stay(rows: EpisodeRows) -> bool:
    return rows.episode.encounter_class in STAYS


def settles_by(rows: EpisodeRows) -> BillRow | None:
    """The final bill that the bureau settles a stay by: there is one settlement for all charges."""
    if not is_stay(rows):
        return None
    return next((b for b in rows.bills if b.payable and rows.quote(b.id) is not None), None)


def not_admitted(rows: EpisodeRows) -> bool:
    """A stay that would be paid through the bureau and has not begun."""
    return bool(is_stay(rows) and bureau_coverages(rows) and rows.episode.admitted_at is None)


def discharge_due(rows: EpisodeRows) -> bool:
    """The patient has left, and the bureau has not been told; or only for want of a consent that
    has been given since."""
    stay = rows.bureau_stay
    if stay is None or rows.episode.discharged_at is None:
        return False
    return stay.state == "admitted" or (stay.state == "no_consent" and consented(rows))


def discharge_stopped(rows: EpisodeRows) -> bool:
    """The bureau still takes the patient for one who lies here, and nothing goes on by itself."""
    stay = rows.bureau_stay
    stopped = stay is not None and stay.state in ("no_consent", "refused")
    return stopped and any(settlement_missing(rows, b) for b in rows.bills if b.payable)


def registration_refused(rows: EpisodeRows) -> bool:
    """The bureau would not register the stay, or the registration was taken back: a bill tries
    again, the reason may be gone."""
    if rows.bureau_stay is not None and rows.bureau_stay.state == "withdrawn":
        return True
    asked = bool(is_stay(rows) and rows.episode.admitted_at is not None and rows.funder_accounts)
    return asked and any(
        account.state == "refused"
        and account.funder in AT_THE_BUREAU
        and account.code not in _OUR_REFUSALS
        for account in rows.funder_accounts
    )


def unused_stay(rows: EpisodeRows) -> bool:
    """Registered at the bureau, and no bill that stands is laid on it."""
    stay = rows.bureau_stay
    return stay is not None and stay.state not in _GONE and settles_by(rows) is None


def quote_wanted(rows: EpisodeRows) -> bool:
    """The bureau knows the patient, so a bill has to be shown to it before it is split."""
    return registration_refused(rows) or any(
        account.state == "found" and account.funder in AT_THE_BUREAU
        for account in rows.funder_accounts
    )


def bureau_standing(rows: EpisodeRows, answer_within_s: float) -> dict[str, object]:
    """Settlements that are to be sent, taken back, or asked about again."""
    found: dict[str, object] = {"bureau_discharge_due": True} if discharge_due(rows) else {}
    for claim in rows.claims:
        if claim.kind != KIND:
            continue
        if claim.state == "voiding":
            found.setdefault("settlement_cancel_due", claim.id)
        elif claim.state in ("due", "submitted"):
            found.setdefault("settlement_due", claim.id)
        elif claim.state == "queued" and claim.submitted_at is not None:
            later = claim.submitted_at + timedelta(seconds=answer_within_s)
            found.setdefault("settlement_waiting", claim.id)
            found.setdefault("settlement_inquiry_at", later)
    return found


def settlement_wanted(rows: EpisodeRows, bill: BillRow) -> bool:
    """The bureau pays something of a final bill, the patient has paid his part, and of a stay the
    bureau knows that it is over. A stay is settled with nothing too: it is registered there."""
    if is_stay(rows) and (rows.bureau_stay is None or rows.bureau_stay.state != "discharged"):
        return False
    allocation, quote = rows.allocation(bill.id), rows.quote(bill.id)
    if allocation is None or quote is None or not bill.payable:
        return False
    if not quote.pays_minor and not is_stay(rows):
        return False
    owed = allocation.result.of(FunderKind.PATIENT).amount_minor
    alive = [c for c in rows.claims_of(bill.id, KIND) if c.state not in ("voided", "failed")]
    return _laid(rows, bill) == quote.pays_minor and rows.tendered(bill.id) >= owed and not alive


def _laid(rows: EpisodeRows, bill: BillRow) -> int:
    """Fen that the newest split lays on the bureau. What pay-after-care takes from personal
    accounts by itself stands beside it and is not the bureau's to settle."""
    allocation = rows.allocation(bill.id)
    if allocation is None:
        return 0
    laid = sum(allocation.result.of(funder).amount_minor for funder in AT_THE_BUREAU)
    return laid - charge_parts(rows, bill).get(Tender.ACCOUNT, fen(0)).amount_minor


def settlement_missing(rows: EpisodeRows, bill: BillRow) -> bool:
    """The bureau has to pay something of the bill, or it is a stay's, and it is not settled."""
    quote = rows.quote(bill.id)
    if quote is None or bool(quote.pays_minor) != bool(_laid(rows, bill)):
        return False
    if not quote.pays_minor and not is_stay(rows):
        return False
    return not any(c.state == "approved" for c in rows.claims_of(bill.id, KIND))
