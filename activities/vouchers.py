"""Steps with the voucher system: look-up with rate, claim, void."""

from __future__ import annotations

from temporalio import activity

from activities.apply_bill import bill_entry_key, judged_bill
from activities.case import Case
from activities.covers import use_covers
from activities.orders import Subject
from activities.ports import VoucherSystem
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.ledger import bill_entry, voucher_claim_entry
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import VoucherAccount, VoucherClaimOrder, VoucherClaimReceipt
from crossclaim.domain.records import AllocationRow, ClaimRow, EpisodeRows, StoredSubmission
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import ConsentType, DocumentType, FunderKind, SubmissionKind

_HOLDER = (DocumentType.HKID, DocumentType.CERT_EXEMPTION)


PUT_RIGHT_BY_CLAIM = [
    "VOUCHER_BALANCE_CHANGED",
    "VOUCHER_CONSENT_MISSING",
    "VOUCHER_SPLIT_REFUSED",
]


def _balance_told(error: Final) -> int | None:
    """HK cents that a refusal for want of balance names; None for any other refusal."""
    if error.code != "BALANCE_INSUFFICIENT" or "balance" not in error.answer:
        return None
    whole, _, cents = error.answer["balance"].partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])


class VoucherSteps:
    """One call each; a lost answer is looked for under its reference before any repeat."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _system(self) -> VoucherSystem:
        if self._world.voucher is None:
            raise CrossclaimError("no voucher system is configured", code="VOUCHER_NOT_CONFIGURED")
        return self._world.voucher

    @activity.defn(name="look_up_voucher")
    def look_up_voucher(self, order: Subject) -> Standing:
        """Account, balance and the rate that is frozen for this episode."""
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            content = tx.episode_content(order.episode_id)
            document = next((d for d in content.patient.documents if d.type in _HOLDER), None)
            reference = f"VL{order.episode_id.partition('_')[2]}"
            attempt = open_attempt(tx, order, "voucher", "look-up", reference, [])
            assert attempt is not None, "a look-up at the scheme's own system needs no consent row"
        account: VoucherAccount | None = None
        code = "VOUCHER_DOCUMENT_MISSING"
        if document is not None:
            code = "VOUCHER_ACCOUNT_NOT_FOUND"
            try:
                with recorded(self._world, attempt):
                    account = self._system().look_up(
                        document, content.patient.birth_date, content.hospital, order.at
                    )
            except Final as error:
                code = error.code
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            if rows is None or rows.voucher is not None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if account is None:
                return self._no_account(tx, order, code)
            tx.close_attempt(reference, "look-up", attempt.number, "answered")
            tx.put_voucher_account(order.episode_id, account, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _no_account(self, tx: EpisodeTransaction, order: Subject, code: str) -> Standing:
        """Nothing to claim from: the bill can be priced, all of it without vouchers, and a note."""
        tx.put_no_voucher_account(order.episode_id, order.at)
        tx.open_exception(order.episode_id, code, "", {}, order.at)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="claim_voucher")
    def claim_voucher(self, order: Subject) -> Standing:
        """Claims the voucher part; a balance that changed meanwhile leads to a new split."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state not in ("due", "submitted"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = open_attempt(
                tx, order, "voucher", "claim", claim.reference, [ConsentType.VOUCHER_USE]
            )
            if attempt is None:
                # An earlier send may have been taken: it is looked for there and given back.
                sent = claim.state == "submitted"
                tx.change_claim(claim.id, state="voiding" if sent else "failed")
                tx.open_exception(
                    order.episode_id, "VOUCHER_CONSENT_MISSING", claim.reference, {}, order.at
                )
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
            request = self._claim_order(tx, rows, claim, order)
            tx.change_claim(claim.id, state="submitted", submitted_at=order.at)
        try:
            with recorded(self._world, attempt):
                receipt = self._claim(request, attempt)
        except Final as error:
            return self._claim_refused(order, claim, error)
        return self._claimed(order, claim, receipt, attempt)

    def _claim(self, request: VoucherClaimOrder, attempt: Attempt) -> VoucherClaimReceipt:
        system = self._system()
        if attempt.repeated:
            known = system.find(request.reference)
            if known is not None:
                return known
        return system.claim(request)

    def _claim_order(
        self, tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, order: Subject
    ) -> VoucherClaimOrder:
        content, bill = tx.episode_content(order.episode_id), tx.bill_content(claim.bill_id)
        voucher = rows.voucher
        assert voucher is not None, "a voucher claim follows a look-up"
        signed = [c for c in rows.consents_in_force() if c.type is ConsentType.VOUCHER_USE]
        completed = bill.service_completed_at or bill.issued_at
        return VoucherClaimOrder(
            reference=claim.reference,
            account_id=tx.voucher_account_id(order.episode_id),
            institution=content.hospital,
            department=content.visit.department,
            service_completed_at=completed,
            claimed_at=max(order.at, completed),
            amount=hk_cents(claim.forecast_minor or 0),
            net_fee=bill.total,
            rate_id=voucher.rate_id,
            reason_for_visit=content.diagnoses[0].code if content.diagnoses else "",
            consent_signed_at=signed[-1].signed_at,
        )

    def _claimed(
        self, order: Subject, claim: ClaimRow, receipt: VoucherClaimReceipt, attempt: Attempt
    ) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(claim.reference, "claim", attempt.number, "answered")
            now = rows.claim(claim.id)
            if now.state == "approved" or now.number:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if now.state == "submitted":
                tx.change_claim(
                    claim.id,
                    state="approved",
                    number=receipt.transaction_number,
                    benefit_minor=claim.forecast_minor,
                    decided_at=order.at,
                )
            else:
                # Given up meanwhile, yet taken there: what was claimed has to be given back.
                tx.change_claim(claim.id, state="voiding", number=receipt.transaction_number)
            tx.note_transaction_number(order.episode_id, receipt.transaction_number)
            tx.set_voucher_balance(order.episode_id, receipt.balance_after.amount_minor)
            self._post(tx, rows, claim, order)
            tx.resolve_exceptions(order.episode_id, PUT_RIGHT_BY_CLAIM, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _post(
        self, tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, order: Subject
    ) -> None:
        allocation = rows.allocation(claim.bill_id)
        assert allocation is not None, "a claim has a split"
        worth = allocation.result.of(FunderKind.VOUCHER)
        dollars = hk_cents(claim.forecast_minor or 0)
        hospital = rows.episode.hospital_id
        entry = voucher_claim_entry(f"voucher:{claim.reference}", hospital, dollars, worth)
        tx.post(order.episode_id, entry, order.at)

    def _claim_refused(self, order: Subject, claim: ClaimRow, error: Final) -> Standing:
        """Refused for good: with a new balance the bill is split anew, the patient asked again."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            state = rows.claim(claim.id).state
            if state not in ("submitted", "voiding"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            balance = _balance_told(error)
            if balance is not None:
                tx.set_voucher_balance(order.episode_id, balance)
            if state == "voiding" or not rows.bill(claim.bill_id).payable:
                # The bill was taken back meanwhile: nothing was claimed, nothing is to be split.
                tx.change_claim(claim.id, state="voided")
            else:
                tx.change_claim(claim.id, state="failed", decided_at=order.at)
                self._tell_refusal(tx, order, claim, error, balance is not None)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _tell_refusal(
        self, tx: EpisodeTransaction, order: Subject, claim: ClaimRow, error: Final, anew: bool
    ) -> None:
        details = {"code": error.code}
        if not anew:
            tx.open_exception(
                order.episode_id, "VOUCHER_CLAIM_REFUSED", claim.reference, details, order.at
            )
            return
        faults = self._split_again(tx, order, claim)
        if not faults:
            tx.open_exception(
                order.episode_id, "VOUCHER_BALANCE_CHANGED", claim.reference, details, order.at
            )
            return
        details = {"code": ",".join(faults)}
        tx.open_exception(
            order.episode_id, "VOUCHER_SPLIT_REFUSED", claim.reference, details, order.at
        )

    def _split_again(self, tx: EpisodeTransaction, order: Subject, claim: ClaimRow) -> list[str]:
        """Splits the bill by the new balance; the fault codes when it can no longer be split."""
        rows = tx.rows(order.episode_id)
        old = rows.allocation(claim.bill_id)
        assert old is not None, "a claim has a split"
        stored = StoredSubmission(
            id=claim.reference,
            organisation_id=rows.episode.hospital_id,
            kind=SubmissionKind.BILL,
            episode_id=order.episode_id,
            content={},
        )
        case = Case(tx, stored, self._world, order.at, rows)
        judged = judged_bill(case, tx.bill_content(claim.bill_id), claim.bill_id)
        result = judged.result
        if result.refused:
            return sorted({fault.code for fault in result.faults})
        if not self._claims_follow(tx, rows, old, result):
            return ["INSURER_PART_CLAIMED"]
        version = tx.add_allocation(
            order.episode_id, claim.bill_id, result, "VOUCHER_BALANCE_CHANGED", order.at
        )
        # After the cover's lock, and not at all when the old split stays.
        tx.reverse_cover_use(claim.bill_id, order.at)
        use_covers(judged.scene, judged.covers, claim.bill_id, version, result, order.at)
        tx.reverse(order.episode_id, bill_entry_key(claim.bill_id, old.version), order.at)
        key = bill_entry_key(claim.bill_id, version)
        tx.post(order.episode_id, bill_entry(key, rows.episode.hospital_id, result), order.at)
        return []

    @staticmethod
    def _claims_follow(
        tx: EpisodeTransaction, rows: EpisodeRows, old: AllocationRow, new: AllocationResult
    ) -> bool:
        """Claims on the insurer that nobody has seen ask for the new part; False when the insurer's
        part would change after it was sent or decided."""
        before, after = old.result, new
        if insurers_parts(before) == insurers_parts(after) and before.later == after.later:
            return True
        claims = [
            c
            for c in rows.claims
            if c.bill_id == old.bill_id and c.kind in ("direct", "reimbursement")
        ]
        if any(claim.state != "due" for claim in claims):
            return False
        for claim in claims:
            parts = {
                "direct": after.insurer(claim.organisation_id),
                "reimbursement": after.later_of(claim.organisation_id),
            }
            part = parts[claim.kind]
            if part is None or part.in_funder_currency is None:
                return False
            tx.change_claim(claim.id, forecast_minor=part.in_funder_currency.amount_minor)
        return True

    @activity.defn(name="void_voucher")
    def void_voucher(self, order: Subject) -> Standing:
        """Voids a claim at the voucher system and restores the balance that it states."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state != "voiding":
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = open_attempt(tx, order, "voucher", "void", f"{claim.reference}V", [])
            assert attempt is not None, "a void needs no consent"
        try:
            with recorded(self._world, attempt):
                receipt = self._void(claim)
        except Final as error:
            with self._world.records.transaction() as tx:
                if not self._still_voiding(tx, order):
                    return standing_in(tx, self._world, order.episode_id, order.at)
                tx.change_claim(claim.id, state="approved")
                details = {"code": error.code}
                tx.open_exception(
                    order.episode_id, "VOUCHER_VOID_REFUSED", claim.reference, details, order.at
                )
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
        with self._world.records.transaction() as tx:
            still = self._still_voiding(tx, order)
            tx.close_attempt(attempt.reference, "void", attempt.number, "answered")
            if not still:
                return standing_in(tx, self._world, order.episode_id, order.at)
            tx.change_claim(claim.id, state="voided")
            if receipt is not None:
                tx.set_voucher_balance(order.episode_id, receipt.balance_after.amount_minor)
            tx.reverse(order.episode_id, f"voucher:{claim.reference}", order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @staticmethod
    def _still_voiding(tx: EpisodeTransaction, order: Subject) -> bool:
        """Locks the episode; False when another attempt has written its answer meanwhile."""
        rows = tx.lock(order.episode_id)
        assert rows is not None, "the episode is open"
        return rows.claim(order.subject).state == "voiding"

    def _void(self, claim: ClaimRow) -> VoucherClaimReceipt | None:
        """None: the claim never reached the system, so there is nothing to void."""
        system = self._system()
        number = claim.number
        if not number:
            known = system.find(claim.reference)
            if known is None:
                return None
            number = known.transaction_number
        return system.void(number, f"{claim.reference}V", "bill voided by the hospital")
