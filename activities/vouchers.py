"""Claims on vouchers: the own account's first, then the paired spouse's."""

from __future__ import annotations

from temporalio import activity

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.voucher_papers import VoucherPapers
from activities.voucher_receipts import keep_receipt, signer_of, system_of
from activities.voucher_splits import learn_change, tell_refusal
from activities.world import World
from crossclaim.domain.errors import Final, GatewayError
from crossclaim.domain.money import hk_cents
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.party import VoucherClaimOrder, VoucherClaimReceipt
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.voucher_rows import SPOUSE


class VoucherSteps:
    """One call each; a lost answer is looked for under its reference before any repeat."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="claim_voucher")
    def claim_voucher(self, order: Subject) -> Standing:
        """Claims one account's part; what changed there meanwhile leads to a new split."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state not in ("due", "submitted"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = self._attempt(tx, rows, claim, order)
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

    @staticmethod
    def _attempt(
        tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, order: Subject
    ) -> Attempt | None:
        """A spouse's vouchers need the consents of both, a first claim that to join eHealth."""
        use, share = ConsentType.VOUCHER_USE, ConsentType.SPOUSE_SHARE
        paired = claim.kind == SPOUSE
        needs = [use, share] if paired else [use]
        if not paired and rows.voucher is not None and not rows.voucher.ehealth_joined:
            needs.append(ConsentType.EHEALTH_JOIN)
        return open_attempt(
            tx, order, "voucher", "claim", claim.reference, needs, [use, share] if paired else []
        )

    def _claim(self, request: VoucherClaimOrder, attempt: Attempt) -> VoucherClaimReceipt:
        system = system_of(self._world)
        if attempt.repeated:
            known = system.find(request.reference)
            if known is not None:
                return known
        return system.claim(request)

    def _claim_order(
        self, tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, order: Subject
    ) -> VoucherClaimOrder:
        content, bill = tx.episode_content(order.episode_id), tx.bill_content(claim.bill_id)
        voucher, hospital = rows.voucher, self._world.reference.hospital(content.hospital)
        assert voucher is not None, "a voucher claim follows a look-up"
        own, paired = tx.voucher_account_id(order.episode_id), claim.kind == SPOUSE
        given = [c for c in rows.consents_in_force() if c.given_by == signer_of(claim)]
        signed = {c.type: c.signed_at for c in given}
        joining = not voucher.ehealth_joined and not paired
        completed = bill.service_completed_at or bill.issued_at
        return VoucherClaimOrder(
            reference=claim.reference,
            account_id=tx.spouse_account_id(order.episode_id) if paired else own,
            institution=content.hospital,
            department=content.visit.department,
            service_completed_at=completed,
            claimed_at=max(order.at, completed),
            amount=hk_cents(claim.forecast_minor or 0),
            net_fee=medical_part(bill).total,
            rate_id=voucher.rate_id,
            reason_for_visit=content.diagnoses[0].code if content.diagnoses else "",
            consent_signed_at=signed[ConsentType.VOUCHER_USE],
            entered_by=hospital.voucher_claims if hospital is not None else "provider",
            ehealth_consent_signed_at=signed[ConsentType.EHEALTH_JOIN] if joining else None,
            paired_with=own if paired else "",
        )

    def _claimed(
        self, order: Subject, claim: ClaimRow, receipt: VoucherClaimReceipt, attempt: Attempt
    ) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(claim.reference, "claim", attempt.number, "answered")
            keep_receipt(tx, self._world, rows, claim, receipt, order)
            tx.change_episode(order.episode_id)
            standing = standing_in(tx, self._world, order.episode_id, order.at)
        return self._printed(order, standing)

    def _printed(self, order: Subject, standing: Standing) -> Standing:
        """The record of this very use is kept at once; while the document store does not take it,
        it stays due and is a step of its own."""
        if standing.voucher_record_due != order.subject:
            return standing
        try:
            return VoucherPapers(self._world).print_use_record(order)
        except GatewayError as error:
            activity.logger.info("a use record is not kept yet: %s", error.code)
            return standing

    def _claim_refused(self, order: Subject, claim: ClaimRow, error: Final) -> Standing:
        """Refused for good: with a new balance the bill is split anew, the patient asked again."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            state = rows.claim(claim.id).state
            if state not in ("submitted", "voiding"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            change = learn_change(tx, order, claim, error)
            if state == "voiding" or not rows.bill(claim.bill_id).payable:
                # The bill was taken back meanwhile: nothing was claimed, nothing is to be split.
                tx.change_claim(claim.id, state="voided")
            else:
                tx.change_claim(claim.id, state="failed", decided_at=order.at)
                tell_refusal(tx, self._world, order, claim, error, change)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
