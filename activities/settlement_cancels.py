"""Takes settlements back at the bureau: by their number, or by the message when there is none."""

from __future__ import annotations

from temporalio import activity

from activities.claims_due import open_due_claims
from activities.insured_accounts import again, keep
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.resplits import case_of
from activities.sending import Attempt, open_attempt, recorded
from activities.settlements import entry_key, message_of, reversal_of
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.bureau import BUREAU, AnswerContradicts, CancelOrder
from crossclaim.domain.bureau_quote import Quote
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing


class SettlementCancelSteps:
    """2208, or 2601 where no number of a settlement was ever believed."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="cancel_settlement")
    def cancel_settlement(self, order: Subject) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state != "voiding":
                return standing_in(tx, self._world, order.episode_id, order.at)
            quote = tx.quote(order.episode_id, claim.bill_id)
            round_ = next(q.round for q in rows.quotes if q.bill_id == claim.bill_id)
            assert quote is not None, "a settlement was quoted"
            attempt = open_attempt(tx, order, BUREAU, "cancel", f"{claim.reference}V", [])
            assert attempt is not None, "taking back needs no consent"
        try:
            with recorded(self._world, attempt):
                self._take_back(order, claim, quote, round_)
        except Final as error:
            return self._refused(order, claim, error)
        except AnswerContradicts as error:
            return self._set_aside(order, claim, attempt, error)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(attempt.reference, "cancel", attempt.number, "answered")
            if rows.claim(claim.id).state == "voiding":
                self._taken_back(tx, rows, order, claim)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _take_back(self, order: Subject, claim: ClaimRow, quote: Quote, round_: int) -> None:
        bureau = self._world.bureau
        if bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        by_message = reversal_of(claim, quote, round_, order)
        if not claim.number:
            bureau.reverse(by_message)
            return
        bureau.cancel(
            CancelOrder(
                **by_message.model_dump(exclude={"reference", "original", "settlement"}),
                reference=f"{message_of(claim, round_)}V",
                settlement=claim.number,
            )
        )

    def _taken_back(
        self, tx: EpisodeTransaction, rows: EpisodeRows, order: Subject, claim: ClaimRow
    ) -> None:
        """A bill that still counts is settled anew once the patient has paid by its new split."""
        tx.change_claim(claim.id, state="voided")
        tx.reverse(order.episode_id, entry_key(claim), order.at)
        codes = ["BUREAU_ANSWER_CONTRADICTS", "BASIC_CANCEL_REFUSED"]
        tx.resolve_exceptions(order.episode_id, codes, order.at)
        if rows.bill(claim.bill_id).payable:
            open_due_claims(case_of(tx, self._world, order, rows, claim.reference))
        tx.change_episode(order.episode_id)

    def _refused(self, order: Subject, claim: ClaimRow, error: Final) -> Standing:
        """It stands as it stood; a person looks."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if rows.claim(claim.id).state == "voiding":
                state = "failed" if claim.benefit_minor is None else "approved"
                tx.change_claim(claim.id, state=state)
                details = {"code": error.code}
                code = "BASIC_CANCEL_REFUSED"
                tx.open_exception(order.episode_id, code, claim.reference, details, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _set_aside(
        self, order: Subject, claim: ClaimRow, attempt: Attempt, error: AnswerContradicts
    ) -> Standing:
        """Taking back twice takes back once, so it is asked again."""
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            keep(tx, order, attempt, error, claim.reference)
            tx.change_episode(order.episode_id)
        raise again(error) from None
