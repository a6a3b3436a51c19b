"""Answers why nobody has been paid yet: what, to whom, why, who has to do what, until when. Pure.

One sentence from the rows alone, so that it stands at the top of an episode and on no second page.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.bill_chain import left_to_pay, money_there, owed_again, paid_before, payable
from crossclaim.domain.episode_clocks import Clock, ClockKind
from crossclaim.domain.information_standing import open_requests
from crossclaim.domain.money import Money, fen
from crossclaim.domain.payout_clock import ClockState
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows, ExceptionRow, PayoutRow
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.story_line import Scene
from crossclaim.domain.story_phrase import Triple, Value, filled, joined, sentence_of
from crossclaim.domain.story_to_do import TO_DO
from crossclaim.domain.unpaid_words import (
    ALL_PAID,
    BY,
    DENIED,
    FROM_TO,
    NOT_PAID,
    NOTHING_OWED_YET,
    NOTHING_TO_PAY,
    OF_AN_EXCEPTION,
    ONLY_EXPECTED,
    PAID_TO,
    REFUND_TO,
    THE_PATIENT,
    TO_DO_NOW,
    WAS_DUE,
    WHY,
)

_EXPECTED = ("due", "submitted", "queued", "pended", "at_desk", "suspended", "failed")
_PAYEES = {"reimbursement": "patient", "direct": "hospital"}
_OF_PAYOUTS = frozenset({"to_be_approved", "reserved", "sent", "accepted", "unknown"})
_CAME_BACK = frozenset({"rejected", "returned"})
_A_PERSONS = frozenset({"PERSON_CLAIM", "PAYEE_ACCOUNT", "PAYOUT_CANCELLED", "BUREAU_DISCHARGE"})
"""Waits of which an open exception tells more than the wait does."""
_NAMED_MOST = 3
_CLOCKS = {
    "HOSPITAL_DOCUMENTS": ClockKind.INFORMATION,
    "PATIENT_DOCUMENTS": ClockKind.INFORMATION,
    "INSURER_APPEAL": ClockKind.APPEAL,
    "INSURER_GUARANTEE": ClockKind.GUARANTEE_ANSWER,
    "PROVIDER_CONFIRMATION": ClockKind.VOUCHER_CONFIRMATION,
    "PATIENT_NEW_CONSENT": ClockKind.SUSPENSION,
    "BANK_UNKNOWN": ClockKind.BANK_FENCE,
}


class Verdict(StrEnum):
    PAID = "paid"
    UNPAID = "unpaid"
    EXPECTED = "expected"
    """Claimed or forecast; nobody has decided that it is owed."""
    NOTHING = "nothing"


class Answer(Frozen):
    verdict: Verdict
    text: Sentence
    late: bool = False
    """Whoever has to act is overdue."""


class Owed(Frozen):
    """One part of the money that its payee does not have."""

    payee: str
    amount: Money | None
    certain: bool
    funder: str = ""
    """Empty: a refund at the window."""
    claim: ClaimRow | None = None
    payout: PayoutRow | None = None


def why_unpaid(scene: Scene, rows: EpisodeRows, wait: str, clocks: Sequence[Clock]) -> Answer:
    """``wait``: code of what the episode waits for, as ``Waiting`` has it; empty: for nothing."""
    owed = owed_of(rows)
    if not owed:
        return _nobody_owed(scene, rows, wait, clocks)
    first = owed[0]
    code = _reason_of(rows, first, wait)
    found = _blocking(rows, first, code)
    insurer = first.funder or None
    why, do, late = _told(scene, rows, code, found, insurer, first, clocks)
    words = NOT_PAID if first.certain else ONLY_EXPECTED
    what = joined([_named(scene, one) for one in owed[:_NAMED_MOST]])
    verdict = Verdict.UNPAID if first.certain else Verdict.EXPECTED
    text = filled(words, what=what, why=why, do=do)
    # What is owed stands first, and may begin with an article.
    begun = text.model_copy(update={"en": text.en[:1].upper() + text.en[1:]})
    return Answer(verdict=verdict, text=begun, late=late)


def owed_of(rows: EpisodeRows) -> list[Owed]:
    """What is decided before what is only expected, and the patient before the hospital."""
    found = [one for claim in rows.claims if (one := _of_claim(rows, claim)) is not None]
    found += [
        Owed(payee="patient", amount=fen(refund.amount_minor), certain=True)
        for refund in rows.refunds
        if refund.open
    ]
    return sorted(found, key=lambda one: (not one.certain, one.payee != "patient"))


def _of_claim(rows: EpisodeRows, claim: ClaimRow) -> Owed | None:
    payee = _PAYEES.get(claim.kind)
    if payee is None or claim.organisation_id is None:
        return None
    payouts = [p for p in rows.payouts if p.claim_id == claim.id]
    newest = payouts[-1] if payouts else None
    make = Owed(
        payee=newest.payee if newest else payee,
        amount=None,
        certain=True,
        funder=claim.organisation_id,
        claim=claim,
        payout=newest,
    )
    if newest is not None:
        over = money_there(rows, claim, newest)
        dead = newest.state in (*_CAME_BACK, "cancelled") and not owed_again(rows, claim, newest)
        if over or dead:
            return None
        return make.model_copy(update={"amount": fen(newest.amount_minor)})
    if payable(rows, claim):
        return make.model_copy(update={"amount": fen(left_to_pay(rows, claim))})
    if claim.state in _EXPECTED and rows.episode.closed_at is None:
        if (paid := paid_before(rows, claim)) > 0:
            left = max(_part_of(rows, claim) - paid, 0)
            more = make.model_copy(update={"amount": fen(left), "certain": False})
            return more if left else None
        known = claim.forecast_minor is not None
        amount = claim.counted(claim.forecast_minor) if known else None
        return make.model_copy(update={"amount": amount, "certain": False})
    return None


def _part_of(rows: EpisodeRows, claim: ClaimRow) -> int:
    """Fen that the split lays on the insurer of a claim that takes another's place."""
    split = rows.allocation(claim.bill_id)
    if split is None:
        return 0
    direct = claim.kind == "direct"
    part = (split.result.insurer if direct else split.result.later_of)(claim.organisation_id)
    return 0 if part is None else part.amount.amount_minor


def _reason_of(rows: EpisodeRows, owed: Owed, wait: str) -> str:
    """What keeps this very part; the episode may wait for something else."""
    payout, claim = owed.payout, owed.claim
    if claim is None:
        return wait if wait.endswith("_REFUND") else "ACQUIRER_REFUND"
    if payout is not None and payout.state in _OF_PAYOUTS:
        return f"BANK_{payout.state.upper()}"
    if payout is not None and payout.state in _CAME_BACK:
        return "BANK_AGAIN" if wait == "BANK_AGAIN" else "PAYEE_ACCOUNT"
    if payout is not None:
        return "PAYOUT_CANCELLED"
    asked = next((r for r in open_requests(rows) if r.claim_id == claim.id), None)
    if asked is not None and claim.state in _EXPECTED:
        return f"{asked.asked_of.upper()}_DOCUMENTS"
    match claim.state:
        case "submitted" | "queued":
            return "INSURER_DECISION"
        case "pended" | "at_desk":
            return "INSURER_EXAMINER"
        case "suspended":
            return "PATIENT_NEW_CONSENT"
        case "failed":
            return "PERSON_CLAIM"
        case _:
            return wait or "STEP"


def _blocking(rows: EpisodeRows, owed: Owed | None, code: str) -> ExceptionRow | None:
    """The newest open exception about this part; of a person's wait any that is open."""
    open_ = [x for x in rows.exceptions if x.resolved_at is None and x.code in TO_DO]
    names = _references(rows, owed)
    about = [x for x in open_ if x.reference in names]
    if not about and code in _A_PERSONS:
        about = open_
    return max(about, key=lambda x: x.opened_at, default=None)


def _references(rows: EpisodeRows, owed: Owed | None) -> set[str]:
    if owed is None or owed.claim is None:
        return {r.reference for r in rows.refunds if r.open} if owed is not None else set()
    payouts = {p.reference for p in rows.payouts if p.claim_id == owed.claim.id}
    asked = {r.id for r in rows.information_requests if r.claim_id == owed.claim.id}
    return {owed.claim.id, owed.claim.reference, owed.claim.bill_id, *payouts, *asked}


def _told(
    scene: Scene,
    rows: EpisodeRows,
    code: str,
    found: ExceptionRow | None,
    insurer: str | None,
    owed: Owed | None,
    clocks: Sequence[Clock],
) -> tuple[Sentence, Sentence, bool]:
    """Why, who has to do what until when, and whether that is late."""
    why_words, do_words = WHY.get(code, WHY["NEWS"])
    values = _values(scene, rows, insurer, owed)
    why, do = filled(why_words, **values), filled(do_words, **values)
    if found is not None:
        why = filled(OF_AN_EXCEPTION, why=why, what=sentence_of(EXCEPTIONS[found.code]))
        do = filled(TO_DO_NOW, do=_without_stop(TO_DO[found.code]))
    clock = _clock_of(owed, code, clocks)
    if clock is None or clock.due_at is None:
        return why, do, False
    late = clock.state is ClockState.BREACHED
    return why, filled(WAS_DUE if late else BY, do=do, due=clock.due_at), late


def _clock_of(owed: Owed | None, code: str, clocks: Sequence[Clock]) -> Clock | None:
    """Of the wait itself, else the promise to the patient that its money is there in time."""
    running = [one for one in clocks if one.runs]
    wanted = _CLOCKS.get(code)
    names = {owed.claim.reference} if owed is not None and owed.claim is not None else set()
    for clock in running:
        if clock.kind is wanted or (clock.kind is ClockKind.PAYOUT and clock.about in names):
            return clock
    return None


def _values(
    scene: Scene, rows: EpisodeRows, insurer: str | None, owed: Owed | None
) -> dict[str, Value]:
    payout = owed.payout if owed is not None else None
    due = sum(max(rows.patient_share(b.id) - rows.tendered(b.id), 0) for b in _payable(rows))
    waited = insurer or next((c.organisation_id for c in rows.insurers()), None)
    return {
        "insurer": scene.name(waited),
        "hospital": scene.hospital(),
        "bank": scene.bank(payout.bank if payout else ""),
        "amount": fen(due),
    }


def _payable(rows: EpisodeRows) -> list[BillRow]:
    return [b for b in rows.bills if b.payable]


def _nobody_owed(scene: Scene, rows: EpisodeRows, wait: str, clocks: Sequence[Clock]) -> Answer:
    """All that was owed is paid, or nothing is owed: not yet, or not at all."""
    paid = [p for p in rows.payouts if p.credited_at or p.settled_at]
    finals = [b for b in rows.bills if b.payable]
    if paid and (rows.episode.closed_at is not None or finals):
        what = joined([_paid(scene, p) for p in paid[:_NAMED_MOST]])
        return Answer(verdict=Verdict.PAID, text=filled(ALL_PAID, what=what))
    denied = next((c for c in rows.claims if c.state == "denied" and c.kind in _PAYEES), None)
    if denied is not None and not paid:
        text = filled(DENIED, insurer=scene.name(denied.organisation_id))
        return Answer(verdict=Verdict.NOTHING, text=text)
    if rows.episode.closed_at is not None or not wait:
        return Answer(verdict=Verdict.NOTHING, text=filled(NOTHING_TO_PAY))
    found = _blocking(rows, None, wait)
    why, do, late = _told(scene, rows, wait, found, None, None, clocks)
    text = filled(NOTHING_OWED_YET, why=why, do=do)
    return Answer(verdict=Verdict.NOTHING, text=text, late=late)


def _named(scene: Scene, owed: Owed) -> Sentence:
    if owed.claim is None:
        assert owed.amount is not None, "a refund has its amount"
        return filled(REFUND_TO, amount=owed.amount)
    amount: Value = owed.amount if owed.amount is not None else sentence_of(_THE_MONEY)
    funder, payee = scene.name(owed.funder), _payee(scene, owed.payee)
    return filled(FROM_TO, amount=amount, funder=funder, payee=payee)


_THE_MONEY: Triple = ("the benefit", "賠償", "赔偿")


def _paid(scene: Scene, payout: PayoutRow) -> Sentence:
    at = payout.credited_at or payout.settled_at
    assert at is not None, "it is paid"
    payee = _payee(scene, payout.payee)
    return filled(PAID_TO, amount=fen(payout.amount_minor), payee=payee, on=at)


def _payee(scene: Scene, payee: str) -> Sentence:
    return sentence_of(THE_PATIENT) if payee == "patient" else scene.hospital()


def _without_stop(triple: Triple) -> Sentence:
    """Inside another sentence."""
    return Sentence(
        en=triple[0].rstrip("."), zh_hant=triple[1].rstrip("。"), zh_hans=triple[2].rstrip("。")
    )
