"""Settles a bill at the bureau, once; finds its way out of answers that were lost or not true."""

from __future__ import annotations

from typing import NamedTuple

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.insured_accounts import keep
from activities.orders import Subject
from activities.ports import Bureau
from activities.records import EpisodeTransaction
from activities.resplits import split_by_quote
from activities.sending import Attempt, open_attempt, recorded
from activities.shared_accounts import binding_ended, stop_settlement
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.bureau import (
    BUREAU,
    AnswerContradicts,
    CancelOrder,
    SettlementOrder,
    SettlementSplit,
)
from crossclaim.domain.bureau_quote import Quote
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.ledger_bureau import settlement_entry
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.standing_bureau import CONSENTS

PUT_RIGHT_BY_SETTLEMENT = [
    "BUREAU_ANSWER_CONTRADICTS",
    "BUREAU_CONSENT_MISSING",
    "BASIC_SPLIT_REFUSED",
    "BASIC_SETTLEMENT_REFUSED",
]
REVERSED = "MSGID_REVERSED"
SAYS_SETTLED = "ALREADY_SETTLED"
"""It may have been our own message: nothing is known before that is reversed."""


def entry_key(claim: ClaimRow) -> str:
    return f"settlement:{claim.reference}"


def message_of(claim: ClaimRow, round_: int) -> str:
    """The reference of one send; after a reversal the next one has another."""
    return f"{claim.reference}M{round_}"


class _Sending(NamedTuple):
    claim: ClaimRow
    quote: Quote
    round: int
    attempt: Attempt

    @property
    def order(self) -> SettlementOrder:
        reference = message_of(self.claim, self.round)
        return self.quote.order.model_copy(update={"reference": reference})


class SettlementSteps:
    """2207, and 2601 for a message whose outcome is unknown, before anything is sent again."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _bureau(self) -> Bureau:
        if self._world.bureau is None:
            raise CrossclaimError("no bureau is configured", code="BUREAU_NOT_CONFIGURED")
        return self._world.bureau

    @activity.defn(name="settle_bill")
    def settle_bill(self, order: Subject) -> Standing:
        """The bureau pays its part. Another split than was quoted is given back and asked anew."""
        opened = self._open(order)
        if isinstance(opened, Standing):
            return opened
        sending = opened
        try:
            with recorded(self._world, opened.attempt):
                sending = self._after_reversal(order, opened)
                if sending.order.stay:
                    self._lay_out(sending.order)
                split = self._bureau().settle(sending.order)
        except Final as error:
            return self._refused(order, sending, error)
        except AnswerContradicts as error:
            return self._set_aside(order, sending, error)
        return self._settled(order, sending, split)

    def _open(self, order: Subject) -> _Sending | Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if claim.state not in ("due", "submitted"):
                return standing_in(tx, self._world, order.episode_id, order.at)
            quote, row = tx.quote(order.episode_id, claim.bill_id), rows.quote(claim.bill_id)
            assert quote is not None and row is not None, "a settlement was quoted"
            if binding_ended(tx, order.episode_id, quote):
                stop_settlement(tx, order.episode_id, claim, "FAMILY_BINDING_ENDED", order.at)
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = open_attempt(tx, order, BUREAU, "settle", claim.reference, CONSENTS)
            if attempt is None:
                stop_settlement(tx, order.episode_id, claim, "BUREAU_CONSENT_MISSING", order.at)
                return standing_in(tx, self._world, order.episode_id, order.at)
            tx.change_claim(claim.id, state="submitted", submitted_at=order.at)
            return _Sending(claim, quote, row.round, attempt)

    def _lay_out(self, settling: SettlementOrder) -> None:
        """A stay's lines lie on one heap at the bureau: those of this bill alone are settled, not
        what a bill that was refused meanwhile has left there."""
        self._bureau().withdraw(settling)
        self._bureau().upload(settling)

    def _after_reversal(self, order: Subject, sending: _Sending) -> _Sending:
        """A repeated send first undoes whatever the message before it did."""
        if not sending.attempt.repeated:
            return sending
        self._reverse(order, sending.claim, sending.quote, sending.round)
        return sending._replace(round=sending.round + 1)

    def _reverse(self, order: Subject, claim: ClaimRow, quote: Quote, round_: int) -> None:
        """Notes it at once, so that no two messages can ever be alive together."""
        self._bureau().reverse(reversal_of(claim, quote, round_, order))
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if not tx.next_round(claim.bill_id, round_):
                raise ApplicationError("another worker settles this bill", type="OVERTAKEN")

    def _settled(self, order: Subject, sending: _Sending, split: SettlementSplit) -> Standing:
        claim = sending.claim
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(claim.reference, "settle", sending.attempt.number, "answered")
            now = rows.claim(claim.id)
            if _undone(rows, sending) or now.state == "approved" or now.number:
                # Another attempt has reversed this very message, or its answer stands.
                return standing_in(tx, self._world, order.episode_id, order.at)
            if now.state != "submitted":
                # Given up meanwhile, yet settled there: it has to be taken back.
                tx.change_claim(claim.id, state="voiding", number=split.settlement)
            elif sending.quote.split is None or not split.same_parts(sending.quote.split):
                self._changed(tx, rows, order, sending, split)
            else:
                self._approved(tx, rows, order, claim, split)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _approved(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        order: Subject,
        claim: ClaimRow,
        split: SettlementSplit,
    ) -> None:
        tx.change_claim(
            claim.id,
            state="approved",
            number=split.settlement,
            benefit_minor=(split.fund + split.account + split.family).amount_minor,
            decided_at=order.at,
        )
        entry = settlement_entry(entry_key(claim), rows.episode.hospital_id, split)
        if entry.postings:
            tx.post(order.episode_id, entry, order.at)
        tx.note_accounts_settled(claim.bill_id)
        codes = list(PUT_RIGHT_BY_SETTLEMENT)
        allocation = rows.allocation(claim.bill_id)
        apart = allocation.result.non_medical if allocation is not None else None
        cash = split.cash if apart is None else split.cash + apart
        if rows.tendered(claim.bill_id) == cash.amount_minor:
            codes.append("BASIC_SPLIT_CHANGED")
        tx.resolve_exceptions(order.episode_id, codes, order.at)

    def _changed(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        order: Subject,
        sending: _Sending,
        split: SettlementSplit,
    ) -> None:
        """The settlement is given back; the patient is asked about the new split first."""
        claim = sending.claim
        tx.change_claim(claim.id, state="voiding", number=split.settlement)
        told = split.model_copy(update={"settlement": ""})
        quote = sending.quote.model_copy(update={"split": told})
        tx.put_quote(order.episode_id, claim.bill_id, quote, order.at)
        faults = split_by_quote(tx, self._world, order, rows, claim.bill_id)
        code = "BASIC_SPLIT_REFUSED" if faults else "BASIC_SPLIT_CHANGED"
        details = {"code": ",".join(faults)} if faults else {}
        tx.open_exception(order.episode_id, code, claim.bill_id, details, order.at)

    def _refused(self, order: Subject, sending: _Sending, error: Final) -> Standing:
        """Refused for good: a person looks. "Settled already" may be ours and is waited out."""
        claim = sending.claim
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            state = rows.claim(claim.id).state
            if state != "submitted" or error.code == REVERSED or _undone(rows, sending):
                # Another attempt has gone on from here, or the bill was taken back meanwhile.
                return standing_in(tx, self._world, order.episode_id, order.at)
            details = {"code": error.code}
            if error.code == SAYS_SETTLED:
                tx.change_claim(claim.id, state="queued", submitted_at=order.at)
                code = "BUREAU_SAYS_SETTLED"
            else:
                tx.change_claim(claim.id, state="failed", decided_at=order.at)
                code = "BASIC_SETTLEMENT_REFUSED"
            tx.open_exception(order.episode_id, code, claim.reference, details, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _set_aside(self, order: Subject, sending: _Sending, error: AnswerContradicts) -> Standing:
        """Nothing of it is believed and nothing moves; the message is reversed after a while."""
        claim = sending.claim
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            keep(tx, order, sending.attempt, error, claim.reference)
            if rows.claim(claim.id).state == "submitted" and not _undone(rows, sending):
                tx.change_claim(claim.id, state="queued", submitted_at=order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="inquire_settlement")
    def inquire_settlement(self, order: Subject) -> Standing:
        """Undoes a message whose answer could not be believed; then it is sent anew."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            quote, row = tx.quote(order.episode_id, claim.bill_id), rows.quote(claim.bill_id)
            if claim.state != "queued" or quote is None or row is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            attempt = open_attempt(tx, order, BUREAU, "reversal", claim.reference, [])
            assert attempt is not None, "a reversal needs no consent"
        try:
            with recorded(self._world, attempt):
                self._reverse(order, claim, quote, row.round)
        except (Final, AnswerContradicts) as error:
            return self._still_unknown(order, claim, attempt, error)
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(claim.reference, "reversal", attempt.number, "answered")
            if rows.claim(claim.id).state == "queued":
                tx.change_claim(claim.id, state="due")
                codes = ["BUREAU_ANSWER_CONTRADICTS", "BUREAU_SAYS_SETTLED"]
                tx.resolve_exceptions(order.episode_id, codes, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _still_unknown(
        self,
        order: Subject,
        claim: ClaimRow,
        attempt: Attempt,
        error: Final | AnswerContradicts,
    ) -> Standing:
        """It is asked again later; until then nothing is sent."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            if isinstance(error, AnswerContradicts):
                keep(tx, order, attempt, error, claim.reference)
            if rows.claim(claim.id) == claim:
                tx.change_claim(claim.id, submitted_at=order.at)
                details = {"code": error.code}
                code = "BUREAU_REVERSAL_REFUSED"
                tx.open_exception(order.episode_id, code, claim.reference, details, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)


def _undone(rows: EpisodeRows, sending: _Sending) -> bool:
    """Another attempt has reversed this very message: whatever is said of it decides nothing."""
    quote = rows.quote(sending.claim.bill_id)
    return quote is not None and quote.round != sending.round


def reversal_of(claim: ClaimRow, quote: Quote, round_: int, order: Subject) -> CancelOrder:
    """What undoes the message of one round, whatever it did."""
    return CancelOrder(
        reference=f"{message_of(claim, round_)}X",
        institution=quote.order.institution,
        person_number=quote.order.person_number,
        area_code=quote.order.area_code,
        visit_id=quote.order.visit_id,
        original=message_of(claim, round_),
        stay=quote.order.stay,
        at=order.at,
    )
