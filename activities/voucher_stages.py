"""Entered claims: confirmed by the provider, on a validated account, else chased in time."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import open_attempt, recorded
from activities.stock import standing_in
from activities.voucher_receipts import keep_balance, system_of, use_up, whose
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.party import VoucherClaimReceipt
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.stay import local_day
from crossclaim.domain.voucher_rows import OWN, StageRow

UNCONFIRMED = "VOUCHER_CLAIM_UNCONFIRMED"
UNVALIDATED = "VOUCHER_ACCOUNT_UNVALIDATED"
LAPSES_SOON = "VOUCHER_CLAIM_LAPSES_SOON"
LAPSED = "VOUCHER_CLAIM_LAPSED"
TAKEN_BACK = "VOUCHER_CLAIM_TAKEN_BACK"
UNKNOWN = "VOUCHER_CLAIM_UNKNOWN"
CHASES = [UNCONFIRMED, UNVALIDATED, LAPSES_SOON, UNKNOWN]


class VoucherStages:
    """A claim that stands complete is used up; one that lapsed is nobody's money."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="confirm_voucher")
    def confirm_voucher(self, order: Subject) -> Standing:
        """Hands the provider's confirmation to the voucher system."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim, stage = rows.claim(order.subject), rows.stage(order.subject)
            said = next((c for c in rows.voucher_confirmations if c.bill_id == claim.bill_id), None)
            settled = stage is None or stage.over or stage.confirmed_at is not None
            if claim.state != "queued" or settled or said is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            reference = f"{claim.reference}K"
            attempt = open_attempt(tx, order, "voucher", "confirm", reference, [])
            assert attempt is not None, "a confirmation needs no consent"
            attempt = whose(attempt, claim)
        try:
            with recorded(self._world, attempt):
                receipt = system_of(self._world).confirm(
                    claim.number, reference, said.confirmed_by, said.confirmed_at
                )
        except Final as error:
            return self._refused(order, error)
        with self._world.records.transaction() as tx:
            tx.close_attempt(reference, "confirm", attempt.number, "answered")
            return self._learn(tx, order, receipt)

    def _refused(self, order: Subject, error: Final) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state == "queued" and error.code == "CLAIM_LAPSED":
                _give_up(tx, order, claim, LAPSED)
            elif claim.state == "queued":
                details = {"code": error.code}
                tx.open_exception(
                    order.episode_id,
                    "VOUCHER_CONFIRMATION_REFUSED",
                    claim.reference,
                    details,
                    order.at,
                )
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="chase_voucher")
    def chase_voucher(self, order: Subject) -> Standing:
        """Asks how an entered claim stands; what it still lacks becomes a person's business."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim, stage = rows.claim(order.subject), rows.stage(order.subject)
            if claim.state != "queued" or stage is None or stage.over:
                return standing_in(tx, self._world, order.episode_id, order.at)
            reference = f"{claim.reference}Q"
            attempt = open_attempt(tx, order, "voucher", "chase", reference, [])
            assert attempt is not None, "a question about a claim needs no consent"
            attempt = whose(attempt, claim)
        with recorded(self._world, attempt):
            receipt = system_of(self._world).find(claim.reference)
        with self._world.records.transaction() as tx:
            tx.close_attempt(reference, "chase", attempt.number, "answered")
            return self._learn(tx, order, receipt, chased=True)

    def _learn(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        receipt: VoucherClaimReceipt | None,
        *,
        chased: bool = False,
    ) -> Standing:
        """Keeps what the system says of an entered claim, once."""
        rows = tx.lock(order.episode_id)
        assert rows is not None, "the episode is open"
        claim, stage = rows.claim(order.subject), rows.stage(order.subject)
        if claim.state == "queued" and stage is not None and not stage.over:
            if receipt is not None and (receipt.lapsed or receipt.voided):
                keep_balance(tx, order.episode_id, claim, receipt.balance_after.amount_minor)
                _give_up(tx, order, claim, LAPSED if receipt.lapsed else TAKEN_BACK)
            else:
                stage = _progress(tx, rows, claim, stage, receipt, order.at)
                if chased and not stage.complete:
                    _remind(tx, order, claim, stage, known=receipt is not None)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)


def _progress(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    claim: ClaimRow,
    stage: StageRow,
    receipt: VoucherClaimReceipt | None,
    at: datetime,
) -> StageRow:
    """The stage with what the system has now; a complete claim is used up."""
    found: dict[str, object] = {}
    if receipt is not None and receipt.confirmed and stage.confirmed_at is None:
        found["confirmed_at"] = at
    if receipt is not None and receipt.validated and stage.validated_at is None:
        found["validated_at"] = at
        if claim.kind == OWN:
            tx.change_voucher_account(rows.episode.id, status="validated", validated_at=at)
    if not found:
        return stage
    tx.change_stage(claim.id, **found)
    now = stage.model_copy(update=found)
    if now.complete:
        use_up(tx, rows, claim, at)
        tx.resolve_exceptions(rows.episode.id, CHASES, at)
    return now


def _remind(
    tx: EpisodeTransaction, order: Subject, claim: ClaimRow, stage: StageRow, *, known: bool
) -> None:
    """The first question reminds, one close to the lapse escalates."""
    noted: dict[str, object] = {"inquired_at": order.at}
    code = UNCONFIRMED if stage.confirmed_at is None else UNVALIDATED
    details = {"lapses_on": local_day(stage.lapse_at).isoformat()}
    tx.open_exception(
        order.episode_id, code if known else UNKNOWN, claim.reference, details, order.at
    )
    if stage.reminded_at is None:
        noted["reminded_at"] = order.at
    if stage.escalated_at is None and order.at >= stage.escalate_at:
        noted["escalated_at"] = order.at
        tx.open_exception(order.episode_id, LAPSES_SOON, claim.reference, details, order.at)
    tx.change_stage(claim.id, **noted)


def _give_up(tx: EpisodeTransaction, order: Subject, claim: ClaimRow, code: str) -> None:
    """It is not reimbursed: the part stands unpaid until a person acts."""
    tx.change_stage(claim.id, lapsed_at=order.at)
    tx.change_claim(claim.id, state="failed", decided_at=order.at)
    tx.resolve_exceptions(order.episode_id, CHASES, order.at)
    tx.open_exception(order.episode_id, code, claim.reference, {}, order.at)
