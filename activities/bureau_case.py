"""The links of one bill: those of every episode, and of the bureau's funders by what it said."""

from __future__ import annotations

from collections.abc import Sequence

from activities.case import Case
from activities.insured_accounts import account_of
from crossclaim.domain.allocate import LINKS
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.bureau_facts import BureauFacts
from crossclaim.domain.bureau_links import bureau_links, refusing_links
from crossclaim.domain.chain import Link
from crossclaim.domain.records import BillRow
from crossclaim.domain.sentences_bureau import BureauReason
from crossclaim.domain.standing_bureau import bureau_coverages, not_admitted, settles_by
from crossclaim.domain.submission import BillSubmission

_OWN_WORDS = frozenset(reason.value for reason in BureauReason)


def links_for(case: Case, bill_id: str) -> Sequence[Link]:
    """Without a bureau, or for a day procedure, its funders have no link: a person decides."""
    if case.world.bureau is not None and not_admitted(case.rows):
        return (*LINKS, *_refusing(BureauReason.BUREAU_STAY_NOT_ADMITTED.value))
    ordinals = {c.ordinal for c in bureau_coverages(case.rows)}
    known = [a for a in case.rows.funder_accounts if a.ordinal in ordinals]
    if not known:
        return LINKS
    account = account_of(case.transaction, case.rows)
    if account is not None:
        quote = case.transaction.quote(case.episode_id, bill_id)
        refused = next((q.code for q in case.rows.quotes if q.bill_id == bill_id and q.code), "")
        if quote is None and refused:
            return (*LINKS, *_refusing(refused))
        return (*LINKS, *bureau_links(BureauFacts(account=account, quote=quote)))
    return (*LINKS, *_refusing(known[0].code))


def second_of_stay(case: Case, bill: BillSubmission) -> BillRow | None:
    """The final bill that the bureau settles the stay by, when this is another one laid on it."""
    places = {c.ordinal for c in bureau_coverages(case.rows)}
    chosen = places if bill.coverages is None else places & set(bill.coverages)
    known = settles_by(case.rows) if chosen else None
    return known if known is not None and known.number != bill.number else None


def _refusing(code: str) -> tuple[Link, ...]:
    if code in _OWN_WORDS:
        return refusing_links(BureauReason(code), code)
    contradicts = code.startswith("BUREAU_")
    reason = BureauReason.BUREAU_ANSWER_CONTRADICTS if contradicts else BureauReason.BUREAU_REFUSED
    return refusing_links(reason, code)


def note_difference(case: Case, bill_id: str, result: AllocationResult) -> None:
    """The bureau's word binds; where it is not our forecast, a person looks, and nobody waits.
    Where a plan says that a value is unknown there is no forecast, and nothing to compare."""
    differs = BureauReason.BUREAU_DIFFERS.value
    if any(step.result.split(" ", 1)[0] == differs for step in result.trace):
        case.transaction.open_exception(
            case.episode_id, "BASIC_FORECAST_DIFFERS", bill_id, {}, case.at
        )
