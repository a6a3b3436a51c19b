"""The links of one bill: those of every episode, and of the bureau's funders by what it said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from activities.case import Case
from activities.insured_accounts import account_of
from activities.shared_accounts import purses_of
from crossclaim.domain.allocate import LINKS
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.bureau_facts import BureauFacts, disagreed, shared_of
from crossclaim.domain.bureau_links import bureau_links, refusing_links
from crossclaim.domain.bureau_quote import BureauAccount
from crossclaim.domain.chain import Link
from crossclaim.domain.combination import first_day
from crossclaim.domain.money import fen
from crossclaim.domain.records import BillRow
from crossclaim.domain.sentences_bureau import BureauReason
from crossclaim.domain.standing_bureau import bureau_coverages, not_admitted, settles_by
from crossclaim.domain.submission import BillSubmission, FunderKind

BINDING_DIFFERS = BureauReason.FAMILY_BINDING_DIFFERS.value
_OWN_WORDS = frozenset(reason.value for reason in BureauReason)


def links_for(case: Case, facts: BillFacts, bill_id: str) -> Sequence[Link]:
    """Without a bureau, or for a day procedure, its funders have no link: a person decides."""
    if case.world.bureau is not None and not_admitted(case.rows):
        return (*LINKS, *_refusing(BureauReason.BUREAU_STAY_NOT_ADMITTED.value))
    ordinals = {c.ordinal for c in bureau_coverages(case.rows)}
    known = [a for a in case.rows.funder_accounts if a.ordinal in ordinals]
    if not known:
        return LINKS
    account = account_of(case.transaction, case.rows)
    if account is not None:
        refused = next((q.code for q in case.rows.quotes if q.bill_id == bill_id and q.code), "")
        told = told_of(case, account, facts, bill_id)
        if told.quote is None and refused:
            return (*LINKS, *_refusing(refused))
        return (*LINKS, *bureau_links(told))
    return (*LINKS, *_refusing(known[0].code))


def told_of(case: Case, account: BureauAccount, facts: BillFacts, bill_id: str) -> BureauFacts:
    """What the bureau says of a bill, our family bindings, and other bills yet to be settled."""
    tx = case.transaction
    quote = tx.quote(case.episode_id, bill_id)
    claims_account = any(c.funder is FunderKind.PERSONAL_ACCOUNT for c in facts.episode.coverages)
    bindings = tx.family_sharings(case.episode_id, first_day(facts)) if claims_account else []
    spoken_for = {}
    if quote is not None:
        for purse, number in sorted(purses_of(quote).items(), key=lambda one: one[1]):
            since = case.at - timedelta(seconds=case.world.hold_account_s)
            held = tx.account_spoken_for(number, bill_id, quote.order.reference, since)
            spoken_for[purse] = fen(held)
    return BureauFacts(account=account, quote=quote, bindings=bindings, spoken_for=spoken_for)


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


def note_disagreement(case: Case, facts: BillFacts, bill_id: str) -> None:
    """A person looks at a refused bill that needs a relative's account, of which only one of the
    two, our bindings and the bureau, says that it may pay."""
    account = account_of(case.transaction, case.rows)
    if account is None:
        return
    told = told_of(case, account, facts, bill_id)
    if not disagreed(told, facts):
        return
    shared = shared_of(told, facts)
    binding = shared.binding.binding_id if shared is not None and shared.binding else ""
    details = {"binding": binding} if binding else {}
    case.transaction.open_exception(case.episode_id, BINDING_DIFFERS, binding, details, case.at)
