"""Takes a claim on vouchers back at the voucher system; every account gets its own back."""

from __future__ import annotations

from temporalio import activity

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import open_attempt, recorded
from activities.stock import standing_in
from activities.voucher_receipts import keep_balance, system_of, whose
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.party import VoucherClaimReceipt
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.standing import Standing


class VoucherVoids:
    """One call; a claim that never reached the system has nothing to be taken back."""

    def __init__(self, world: World) -> None:
        self._world = world

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
            attempt = whose(attempt, claim)
        try:
            with recorded(self._world, attempt):
                receipt = self._void(claim)
        except Final as error:
            return self._refused(order, claim, error)
        with self._world.records.transaction() as tx:
            still = self._still_voiding(tx, order)
            tx.close_attempt(attempt.reference, "void", attempt.number, "answered")
            if not still:
                return standing_in(tx, self._world, order.episode_id, order.at)
            tx.change_claim(claim.id, state="voided")
            if receipt is not None:
                cents = receipt.balance_after.amount_minor
                keep_balance(tx, order.episode_id, claim, cents)
            tx.reverse(order.episode_id, f"voucher:{claim.reference}", order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _refused(self, order: Subject, claim: ClaimRow, error: Final) -> Standing:
        """The claim stands as it stood: complete, or entered and not complete yet."""
        with self._world.records.transaction() as tx:
            if not self._still_voiding(tx, order):
                return standing_in(tx, self._world, order.episode_id, order.at)
            stage = tx.rows(order.episode_id).stage(claim.id)
            unfinished = stage is not None and not stage.complete
            tx.change_claim(claim.id, state="queued" if unfinished else "approved")
            details = {"code": error.code}
            tx.open_exception(
                order.episode_id, "VOUCHER_VOID_REFUSED", claim.reference, details, order.at
            )
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
        system = system_of(self._world)
        number = claim.number
        if not number:
            known = system.find(claim.reference)
            if known is None:
                return None
            number = known.transaction_number
        return system.void(number, f"{claim.reference}V", "bill voided by the hospital")
