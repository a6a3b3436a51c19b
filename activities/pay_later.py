"""Steps of an episode with pay-after-care: who pays, the charge, what happens when it fails."""

from __future__ import annotations

import asyncio

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.apply_bill import bill_entry_key, judged_bill
from activities.claims_due import open_due_claims
from activities.covers import use_covers
from activities.orders import Subject
from activities.pay_later_charge import charge_order, record_charge, record_refund
from activities.pay_later_look_up import payer_of
from activities.pay_later_port import PayLaterPlatform
from activities.records import EpisodeTransaction
from activities.resplits import case_of, claims_follow
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.ledger import bill_entry
from crossclaim.domain.money import Money, fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.pay_later_failed import FAILED, laid_on_patient
from crossclaim.domain.pay_later_party import ChargeOrder, ChargeReceipt, RefundOrder
from crossclaim.domain.records import AllocationRow, ClaimRow, EpisodeRows, PayLaterRow
from crossclaim.domain.standing import Standing, patient_share
from crossclaim.domain.standing_pay_later import charge_parts

PARTY = "huimin"


class PayLaterSteps:
    """One call each; a lost answer is looked for under its reference before any repeat."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _platform(self) -> PayLaterPlatform:
        if self._world.pay_later is None:
            detail = "no pay-after-care platform is configured"
            raise CrossclaimError(detail, code="PAY_LATER_NOT_CONFIGURED")
        return self._world.pay_later

    @activity.defn(name="look_up_pay_later")
    def look_up_pay_later(self, order: Subject) -> Standing:
        """The payer's means of payment, as the platform tells them now."""
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            told = payer_of(tx, order)
            reference = f"PL{order.episode_id.partition('_')[2]}"
            attempt = open_attempt(tx, order, PARTY, "payer-look-up", reference, [])
            assert attempt is not None, "a look-up of the payer's own account needs no consent row"
        payer = PayLaterRow(code=told.code, looked_up_at=order.at)
        if not told.code:
            try:
                with recorded(self._world, attempt):
                    account = self._platform().look_up(told.number)
                payer = told.found(account, order.at)
            except Final as error:
                payer = PayLaterRow(code=error.code, looked_up_at=order.at)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            if rows is None or rows.pay_later is not None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if not payer.code:
                tx.close_attempt(reference, "payer-look-up", attempt.number, "answered")
            tx.put_pay_later_payer(order.episode_id, payer, told.confirmed_only, order.at)
            if payer.code:
                tx.open_exception(
                    order.episode_id,
                    "PAY_LATER_NO_PAYER",
                    reference,
                    {"code": payer.code},
                    order.at,
                )
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="charge_pay_later")
    async def charge_pay_later(self, order: Subject) -> Standing:
        """Charges the payer's account; what fails there falls back to his next means."""
        standing, account_id = await asyncio.to_thread(self._charge, order)
        await self._announce(account_id, order)
        return standing

    @activity.defn(name="refund_pay_later")
    async def refund_pay_later(self, order: Subject) -> Standing:
        """Takes the charge of a voided bill back."""
        standing, account_id = await asyncio.to_thread(self._refund, order)
        await self._announce(account_id, order)
        return standing

    async def _announce(self, account_id: str, order: Subject) -> None:
        """The account's own story goes on; the rows it will read are committed."""
        if self._world.runs is not None:
            await self._world.runs.announce_charge(account_id, order.subject)

    def _charge(self, order: Subject) -> tuple[Standing, str]:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            account_id, parts = tx.pay_later_order(claim.id)
            if claim.state not in ("due", "submitted"):
                return standing_in(tx, self._world, order.episode_id, order.at), account_id
            if claim.state == "due" and parts != charge_parts(rows, rows.bill(claim.bill_id)):
                return self._asked_anew(tx, rows, claim, order), account_id
            attempt = open_attempt(tx, order, PARTY, "charge", claim.reference, [])
            assert attempt is not None, "the payer has authorised charges when he signed up"
            asked = charge_order(tx, rows, claim, account_id, parts)
            tx.change_claim(claim.id, state="submitted", submitted_at=order.at)
        try:
            receipt = self._asked(order, attempt, asked)
        except Final as error:
            return self._refused(order, claim, account_id, parts, error), account_id
        with self._world.records.transaction() as tx:
            record_charge(tx, self._world, order, claim, account_id, receipt)
            tx.close_attempt(claim.reference, "charge", attempt.number, "answered")
            return standing_in(tx, self._world, order.episode_id, order.at), account_id

    def _asked_anew(
        self, tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, order: Subject
    ) -> Standing:
        """The bill was split anew before anything was sent: another charge follows."""
        tx.change_claim(claim.id, state="voided")
        open_due_claims(case_of(tx, self._world, order, rows, claim.reference))
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    def _asked(self, order: Subject, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
        """An answer about other money or another person changes nothing, and a person hears it."""
        try:
            with recorded(self._world, attempt):
                return self._put(attempt, asked)
        except ApplicationError as error:
            if error.type == "ANSWER_DIFFERS":
                with self._world.records.transaction() as tx:
                    tx.hold(order.episode_id)
                    tx.open_exception(
                        order.episode_id,
                        "PAY_LATER_ANSWER_DIFFERS",
                        asked.reference,
                        {},
                        order.at,
                    )
                    tx.change_episode(order.episode_id)
            raise

    def _put(self, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
        platform = self._platform()
        if attempt.repeated:
            known = platform.find_charge(asked)
            if known is not None:
                return known
        return platform.charge(asked)

    def _refused(
        self,
        order: Subject,
        claim: ClaimRow,
        account_id: str,
        parts: dict[Tender, Money],
        error: Final,
    ) -> Standing:
        """The card or the credit fails, perhaps long after the patient has left."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            now = rows.claim(claim.id).state
            if now not in ("submitted", "voiding"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            if now == "voiding" or not rows.bill(claim.bill_id).payable:
                # The bill was taken back meanwhile: nothing was charged, nothing is to be split.
                tx.change_claim(claim.id, state="voided")
            else:
                tx.change_claim(claim.id, state="failed", decided_at=order.at)
                tx.change_pay_later_payer(order.episode_id, **_without(parts, error))
                if error.code == "CREDIT_WITHDRAWN":
                    _withdraw_credit(tx, account_id, order)
                self._fall_back(tx, order, claim, parts, error)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _fall_back(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        claim: ClaimRow,
        parts: dict[Tender, Money],
        error: Final,
    ) -> None:
        """Splits the bill on what is left to pay with, and says what the patient owes in cash."""
        rows = tx.rows(order.episode_id)
        old = rows.allocation(claim.bill_id)
        assert old is not None, "a claim has a split"
        case = case_of(tx, self._world, order, rows, claim.reference)
        judged = judged_bill(case, tx.bill_content(claim.bill_id), claim.bill_id)
        result = judged.result
        details = {"code": error.code}
        refused = sorted({fault.code for fault in result.faults})
        if not refused and not claims_follow(tx, rows, old, result):
            # An insurer's word stands: what is left to pay is a person's question.
            refused = ["INSURER_PART_CLAIMED"]
        if refused:
            details["code"] = ",".join(refused)
            tx.open_exception(
                order.episode_id, "PAY_LATER_SPLIT_REFUSED", claim.reference, details, order.at
            )
            self._to_patient(tx, order, claim, parts, old)
            return
        version = tx.add_allocation(
            order.episode_id, claim.bill_id, result, "PAY_LATER_REFUSED", order.at
        )
        tx.reverse_cover_use(claim.bill_id, order.at)
        use_covers(judged.scene, judged.covers, claim.bill_id, version, result, order.at)
        tx.reverse(order.episode_id, bill_entry_key(claim.bill_id, old.version), order.at)
        key = bill_entry_key(claim.bill_id, version)
        tx.post(order.episode_id, bill_entry(key, rows.episode.hospital_id, result), order.at)
        open_due_claims(case_of(tx, self._world, order, tx.rows(order.episode_id), claim.reference))
        self._tell_cash(tx, order, claim, details)

    def _to_patient(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        claim: ClaimRow,
        parts: dict[Tender, Money],
        old: AllocationRow,
    ) -> None:
        """No rule may move another part: only what failed does, so that nothing names it still."""
        full = tx.split(claim.bill_id)
        result = laid_on_patient(full, parts)
        if result is None:
            return
        bill_id, hospital = claim.bill_id, tx.rows(order.episode_id).episode.hospital_id
        version = tx.add_allocation(order.episode_id, bill_id, result, FAILED, order.at)
        tx.reverse(order.episode_id, bill_entry_key(bill_id, old.version), order.at)
        key = bill_entry_key(bill_id, version)
        tx.post(order.episode_id, bill_entry(key, hospital, result), order.at)
        open_due_claims(case_of(tx, self._world, order, tx.rows(order.episode_id), claim.reference))
        self._tell_cash(tx, order, claim, {"code": FAILED})

    def _tell_cash(
        self, tx: EpisodeTransaction, order: Subject, claim: ClaimRow, details: dict[str, str]
    ) -> None:
        """Unless a bound card takes over, somebody must ask the patient for it."""
        rows = tx.rows(order.episode_id)
        bill, payer = rows.bill(claim.bill_id), rows.pay_later
        due = patient_share(rows, bill) - rows.tendered(bill.id)
        card = payer is not None and payer.bank_card and not payer.code
        if card or due <= 0:
            return
        details = {**details, "due": str(fen(due))}
        tx.open_exception(
            order.episode_id, "PAY_LATER_CASH_DUE", claim.reference, details, order.at
        )

    def _refund(self, order: Subject) -> tuple[Standing, str]:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            account_id, parts = tx.pay_later_order(claim.id)
            if claim.state != "voiding":
                return standing_in(tx, self._world, order.episode_id, order.at), account_id
            attempt = open_attempt(tx, order, PARTY, "charge-refund", f"{claim.reference}V", [])
            assert attempt is not None, "a refund needs no consent"
            asked = charge_order(tx, rows, claim, account_id, parts)
            account = tx.credit_lock(account_id)
            assert account is not None, "a charge has an account"
            repaid = sum(
                r.amount_minor for r in account.repaid if r.charge_reference == claim.reference
            )
        try:
            with recorded(self._world, attempt):
                given_back = self._give_back(asked, claim, fen(repaid))
        except Final as error:
            with self._world.records.transaction() as tx:
                rows = tx.lock(order.episode_id)
                assert rows is not None, "the episode is open"
                if rows.claim(claim.id).state == "voiding":
                    tx.open_exception(
                        order.episode_id,
                        "PAY_LATER_REFUND_REFUSED",
                        claim.reference,
                        {"code": error.code},
                        order.at,
                    )
                    tx.change_claim(claim.id, state="approved")
                    tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at), account_id
        with self._world.records.transaction() as tx:
            tx.close_attempt(attempt.reference, "charge-refund", attempt.number, "answered")
            record_refund(tx, order, claim, account_id, given_back, repaid)
            return standing_in(tx, self._world, order.episode_id, order.at), account_id

    def _give_back(
        self, asked: ChargeOrder, claim: ClaimRow, repaid: Money
    ) -> ChargeReceipt | None:
        """None: the charge never reached the platform, so there is nothing to take back."""
        platform, number = self._platform(), claim.number
        if not number:
            known = platform.find_charge(asked)
            if known is None:
                return None
            number = known.number
        return platform.refund(
            RefundOrder(
                reference=f"{claim.reference}V",
                number=number,
                reason="bill voided by the hospital",
                repaid=repaid,
            )
        )


def _without(parts: dict[Tender, Money], error: Final) -> dict[str, object]:
    """The payer's means of payment less the one that failed; all of them for any other reason."""
    told = error.answer.get("available", "")
    left = int(told.replace(".", "")) if told else 0
    if error.code == "CARD_DECLINED":
        return {"bank_card": False}
    if error.code == "ACCOUNT_INSUFFICIENT":
        return {"balance_minor": left}
    if error.code == "CREDIT_INSUFFICIENT":
        return {"credit_minor": left}
    if error.code == "CREDIT_WITHDRAWN":
        return {"credit_minor": None}
    return {"code": error.code}


def _withdraw_credit(tx: EpisodeTransaction, account_id: str, order: Subject) -> None:
    account = tx.credit_lock(account_id)
    if account is not None and account.account.credit_state == "granted":
        tx.change_credit_account(account_id, credit_state="withdrawn")
        tx.add_credit_event(account_id, "CREDIT_WITHDRAWN", order.subject, order.at)
