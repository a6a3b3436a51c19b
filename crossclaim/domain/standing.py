"""Where an episode stands: what is due next, what it waits for, and until when. Pure.

Activities compute it from the rows in the transaction that changed them and hand it to the
workflow, which only ever branches on this recorded answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import SerializerFunctionWrapHandler, model_serializer

from crossclaim.domain.account_check import checked_standing
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.appeal_clock import AppealStanding, appeal_standing
from crossclaim.domain.appointment import nobody_came
from crossclaim.domain.bill_chain import (
    payout_wait,
    payout_wanted,
)
from crossclaim.domain.bill_standing import CLAW_BACK_WAIT, BillStanding, bill_standing
from crossclaim.domain.guarantee_standing import GuaranteeStanding, letters_standing
from crossclaim.domain.habits import Habits
from crossclaim.domain.information_standing import (
    InformationStanding,
    asking_insurer,
    awaits_information,
    information_standing,
    information_wait,
    letter_wait,
    stood_still,
)
from crossclaim.domain.insurer_turns import (
    Turn,
    guarantee_standing,
    guarantee_to_release,
    insurer_waited_for,
    next_claim,
)
from crossclaim.domain.payout_again import again_standing, contradicted
from crossclaim.domain.record_standing import RecordStanding, record_standing
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows
from crossclaim.domain.standing_bureau import (
    KIND,
    bureau_standing,
    discharge_stopped,
    look_up_due,
    quote_wanted,
    settlement_missing,
    unused_stay,
)
from crossclaim.domain.standing_clock import clock_standing
from crossclaim.domain.standing_examination import examination_wait, examiner_waited_for
from crossclaim.domain.standing_pay_later import (
    PAY_LATER_CLAIM,
    confirmation_missing,
    pay_later_look_up_due,
    pay_later_standing,
)
from crossclaim.domain.standing_payout import PayoutStanding, urgency
from crossclaim.domain.standing_repair import RepairStanding, repaired, unskipped
from crossclaim.domain.standing_settled import settled_for, taken_back
from crossclaim.domain.submission import EncounterClass, FunderKind
from crossclaim.domain.tender_standing import PAYMENT_WAIT, TenderStanding, tender_standing
from crossclaim.domain.transfer_standing import transfer_over, transfer_standing, transfer_wait
from crossclaim.domain.voucher_rows import KINDS as VOUCHER_KINDS
from crossclaim.domain.voucher_standing import (
    stage_wait,
    voucher_standing,
    waits_for_signature,
)
from crossclaim.domain.withdrawal_standing import (
    WithdrawalStanding,
    awaits_new_consent,
    withdrawal_standing,
)

STAYS = {EncounterClass.INPATIENT, EncounterClass.DAY_PROCEDURE}
_BEFORE_BILLS = (
    "eligibility_due",
    "guarantee_due",
    "voucher_void_due",
    "pay_later_refund_due",
    "settlement_cancel_due",
    "voucher_account_due",
    "voucher_spouse_look_up_due",
)
"""Steps without which a split lacks facts."""


class Standing(Frozen):
    """The next step of an episode: a few members are set, the workflow takes them in order."""

    revision: int = 0
    opened: bool = False
    ready_for_bills: bool = False
    """The facts that a split needs are known: no look-up, request or void is outstanding."""
    voucher_look_up_due: bool = False
    pay_later_look_up_due: bool = False
    bureau_look_up_due: bool = False
    bureau_discharge_due: bool = False
    """The bureau is told that a stay is over."""
    bureau_withdrawal_due: bool = False
    """All is paid, nothing of it by the bureau: the stay's registration is taken back."""
    quote_wanted: bool = False
    """The bureau quotes a bill before it is split."""
    eligibility_due: str | None = None
    """The insurer to ask."""
    guarantee_due: str | None = None
    """Guarantee id."""
    guarantee_inquiry_at: datetime | None = None
    guarantee_waiting: str | None = None
    voucher_void_due: str | None = None
    """Claim id, as all that follow."""
    voucher_claim_due: str | None = None
    pay_later_refund_due: str | None = None
    pay_later_charge_due: str | None = None
    settlement_cancel_due: str | None = None
    settlement_due: str | None = None
    settlement_waiting: str | None = None
    """A settlement whose answer cannot be believed, until it is reversed."""
    settlement_inquiry_at: datetime | None = None
    claim_due: str | None = None
    claim_decision_due: str | None = None
    """A claim that our own rules decide."""
    claim_waiting: str | None = None
    claim_inquiry_at: datetime | None = None
    payout_due: str | None = None
    payout: PayoutStanding | None = None
    guarantee_release_due: str | None = None
    records: RecordStanding | None = None
    """Health records, beside the money; the episode closes once nothing of them is open."""
    tenders: TenderStanding | None = None
    """The patient's payments and refunds, beside the rest; the episode closes once none is open."""
    voucher_account_due: bool = False
    voucher_spouse_look_up_due: bool = False
    voucher_confirm_due: str | None = None
    voucher_chase_due: str | None = None
    voucher_chase_at: datetime | None = None
    voucher_record_due: str | None = None
    hand_over_due: str | None = None
    """A hand-over whose record is to be issued."""
    clock_breach_due: str | None = None
    """A claim whose payout is late, and nobody has been told."""
    clock_due_at: datetime | None = None
    withdrawal: WithdrawalStanding | None = None
    """What a withdrawn consent still asks for."""
    payout_again_due: str | None = None
    """A payout that the bank refused for a passing reason, to be sent again."""
    payout_again_at: datetime | None = None
    guarantee: GuaranteeStanding | None = None
    """What is due about letters of guarantee beside their first answer."""
    bill_cycle: BillStanding | None = None
    """What a cancelled settlement still asks for."""
    appeal: AppealStanding | None = None
    """An appeal that waits for its reviewer; the episode closes once it is decided."""
    repair: RepairStanding | None = None
    """A hold; nothing else is due but what it lets go on."""
    information: InformationStanding | None = None
    """Documents that an insurer still wants to see; its claim is not decided meanwhile."""
    closable: bool = False
    closed: bool = False
    insurer: str | None = None
    waiting_for: str = ""
    """Code of the party and the thing, for instance ``HOSPITAL_FINAL_BILL``."""

    @model_serializer(mode="wrap")
    def _brief(self, whole: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Every step's answer stands in the history: members that are not set are left out."""
        members: dict[str, object] = whole(self)
        return {n: v for n, v in members.items() if v is not None and v is not False and v != ""}

    def settlement_overdue(self, now: datetime) -> bool:
        return self.settlement_inquiry_at is not None and self.settlement_inquiry_at <= now

    def deadline(self) -> datetime | None:
        """The next moment at which to take stock without news."""
        times = [
            self.guarantee_inquiry_at,
            self.claim_inquiry_at,
            self.settlement_inquiry_at,
            self.clock_due_at,
            self.payout_again_at,
            self.voucher_chase_at,
        ]
        if self.payout is not None:
            times.append(self.payout.look_again_at)
        if self.withdrawal is not None:
            times.append(self.withdrawal.until)
        if self.guarantee is not None:
            times.append(self.guarantee.look_again_at)
        if self.appeal is not None:
            times.append(self.appeal.look_at)
        if self.information is not None:
            times.append(self.information.until)
        if self.repair is not None:
            times.append(self.repair.until)
        known = [t for t in times if t is not None]
        return min(known) if known else None


def patient_share(rows: EpisodeRows, bill: BillRow) -> int:
    """Fen that the patient owes for a bill by its newest split."""
    return rows.patient_share(bill.id)


def stay_over(rows: EpisodeRows) -> bool:
    """Treatment has ended: at discharge for a stay, with the final bill for a visit."""
    episode = rows.episode
    return episode.encounter_class not in STAYS or episode.discharged_at is not None


def direct_claim_wanted(rows: EpisodeRows, bill: BillRow) -> Turn | None:
    """The next insurer's turn, once treatment is over."""
    return next_claim(rows, bill) if bill.payable and stay_over(rows) else None


def _claim_standing(rows: EpisodeRows, habits: Habits) -> dict[str, object]:
    found: dict[str, object] = {}
    for claim in rows.claims:
        if claim.kind in (*VOUCHER_KINDS, KIND, PAY_LATER_CLAIM):
            continue
        if awaits_information(rows, claim):
            continue
        if claim.state == "due" and claim.decides == "here":
            found.setdefault("claim_decision_due", claim.id)
        elif claim.state in ("due", "submitted"):
            found.setdefault("claim_due", claim.id)
        elif claim.state == "queued" and claim.submitted_at is not None:
            within = habits.answer_within_s
            within = habits.insurer_within_s.get(claim.organisation_id or "", within)
            found.setdefault("claim_waiting", claim.id)
            still = stood_still(rows, claim.id, claim.submitted_at)
            inquire_at = claim.submitted_at + timedelta(seconds=within) + still
            found.setdefault("claim_inquiry_at", inquire_at)
        elif payout_wanted(rows, claim):
            found.setdefault("payout_due", claim.id)
    return found


def _stopped(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """It stands still until a person acts."""
    if claim.state != "failed" or claim.kind in (*VOUCHER_KINDS, PAY_LATER_CLAIM):
        return False
    return claim.kind != KIND or settlement_missing(rows, rows.bill(claim.bill_id))


def _waiting_for(rows: EpisodeRows, found: dict[str, object], payout: PayoutStanding | None) -> str:
    if awaits_new_consent(rows):
        return "PATIENT_NEW_CONSENT"
    if wait := letter_wait(rows, found):
        return wait
    if asked := information_wait(rows):
        return asked
    if found.get("claim_waiting"):
        return "INSURER_DECISION"
    if examiner_waited_for(rows) is not None:
        return "INSURER_EXAMINER"
    if found.get("settlement_waiting"):
        return "BUREAU_SETTLEMENT"
    if payout is not None:
        return "BANK_" + payout.state.upper()
    if found.get("payout_again_at"):
        return "BANK_AGAIN"
    if ended := payout_wait(rows):
        return ended
    if any(_stopped(rows, claim) for claim in rows.claims):
        return "PERSON_CLAIM"
    if wait := transfer_wait(rows):
        return wait
    if any(back.open for back in rows.claw_backs):
        return CLAW_BACK_WAIT
    payable = [b for b in rows.bills if b.payable]
    if rows.episode.encounter_class in STAYS and rows.episode.admitted_at is None:
        return "HOSPITAL_ADMISSION"
    if not payable:
        return "HOSPITAL_FINAL_BILL"
    if not stay_over(rows):
        return "HOSPITAL_DISCHARGE"
    if discharge_stopped(rows):
        return "BUREAU_DISCHARGE"
    if any(confirmation_missing(rows, b) for b in payable):
        return "PAYER_CONFIRMATION"
    if any(rows.paying(b.id) for b in payable):
        return PAYMENT_WAIT
    if any(rows.tendered(b.id) < patient_share(rows, b) for b in payable):
        return "PATIENT_PAYMENT"
    if any(waits_for_signature(rows, b) for b in payable):
        return "PATIENT_VOUCHER_CONSENT"
    return stage_wait(rows)


def _payouts(rows: EpisodeRows, habits: Habits, at: datetime) -> list[PayoutStanding]:
    """Without orders of money that a bank says has been paid by one that it had refused."""
    found = [(p, checked_standing(p, habits, at)) for p in rows.payouts]
    return [s for p, s in found if s and not (s.send_due and contradicted(rows, p.claim_id))]


def standing_of(rows: EpisodeRows, habits: Habits, at: datetime) -> Standing:
    """The standing at business time ``at``."""
    episode = rows.episode
    voucher_claimed = rows.coverage(FunderKind.VOUCHER) is not None
    found = {
        **guarantee_standing(rows, habits.insurer_within_s, habits.answer_within_s),
        **_claim_standing(rows, habits),
        **pay_later_standing(rows),
        **bureau_standing(rows, habits.bureau_answer_within_s),
        **voucher_standing(rows, at, records=habits.voucher_records),
        **transfer_standing(rows, papers=habits.voucher_records),
    }
    found |= clock_standing(rows, habits.payout_plan, at)
    found |= again_standing(rows, habits.payout_plan, at)
    found = unskipped(rows, found)
    payouts = _payouts(rows, habits, at)
    payout = min(payouts, key=urgency) if payouts else None
    voucher_due = voucher_claimed and rows.voucher is None
    bureau_due = habits.bureau and look_up_due(rows)
    bills = [b for b in rows.bills if b.state == "current"]
    settled = bool(bills) and all(b.payable and settled_for(rows, b) for b in bills)
    settled = settled or nobody_came(rows.appointments, billed=bool(bills)) or taken_back(rows)
    reserved = guarantee_to_release(rows) if settled else None
    payer_due = pay_later_look_up_due(rows)
    visit_over = (stay_over(rows), episode.discharged_at, at)
    records = record_standing(rows.record_requests, rows.record_deliveries, *visit_over)
    tenders = tender_standing(rows, at)
    information = information_standing(rows, at)
    printed = not found.get("voucher_record_due") and not found.get("hand_over_due")
    ended = withdrawal_standing(rows, at)
    letters = letters_standing(rows, habits.insurer_within_s, habits.answer_within_s, at)
    step = letters if letters is not None and letters.step else None
    appeal = appeal_standing(rows, at)
    besides = (records, tenders, ended, information, appeal, step)
    left = any(one is not None for one in (reserved, payout, *besides))
    unused = habits.bureau and settled and unused_stay(rows)
    finished = settled and printed and transfer_over(rows) and not unused and not left
    unready = voucher_due or bureau_due or payer_due or any(key in found for key in _BEFORE_BILLS)
    waiting = _waiting_for(rows, found, payout) or (tenders.waiting_for if tenders else "")
    reviewer = appeal.insurer if appeal is not None and not waiting else None
    members: dict[str, object] = {
        "revision": episode.revision,
        "opened": True,
        "ready_for_bills": not unready,
        "voucher_look_up_due": voucher_due,
        "pay_later_look_up_due": payer_due,
        "bureau_look_up_due": bureau_due,
        "bureau_withdrawal_due": unused,
        "quote_wanted": habits.bureau and quote_wanted(rows),
        **found,
        "payout": payout,
        "guarantee_release_due": reserved.id if reserved else None,
        "records": records,
        "withdrawal": ended,
        "guarantee": letters,
        "tenders": tenders,
        "bill_cycle": bill_standing(rows),
        "appeal": appeal,
        "information": information,
        "closable": finished and episode.closed_at is None,
        "closed": finished and episode.closed_at is not None,
        "insurer": awaits_new_consent(rows)
        or asking_insurer(rows, found)
        or reviewer
        or insurer_waited_for(rows, {**found, **examination_wait(rows)}),
        "waiting_for": waiting
        or ("INSURER_APPEAL" if appeal else "")
        or ("HEALTH_RECORDS" if settled and records else ""),
    }
    return Standing.model_validate(repaired(rows, members, payouts, at))
