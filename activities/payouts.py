"""Steps of a payout: one intent, one reference, one account; every file has its row first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.account_checks import after_check, ask, released_before
from activities.came_back import end_if_not_owed, nobody_has
from activities.claw_backs import back_already, called_back
from activities.orders import Subject
from activities.payout_ends import brought_by, owed_to, take_back_found
from activities.payout_intent import account_sha256, debtor_of, first_intent
from activities.payout_rails import LATE_FORECAST, MOOT
from activities.rail_days import written_anew
from activities.records import EpisodeTransaction
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.account_check import check_waits
from crossclaim.domain.bill_chain import CAME_BACK, payout_wanted
from crossclaim.domain.errors import Final
from crossclaim.domain.ledger import credit_entry
from crossclaim.domain.money import fen
from crossclaim.domain.party import PaymentOrder, PaymentReport, PaymentState
from crossclaim.domain.payment import LedgerEffect, Transition, apply_report
from crossclaim.domain.records import EpisodeRows, PayoutRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.standing_clock import BREACH
from crossclaim.domain.standing_payout import fence_of_late_look, fence_while_waiting
from crossclaim.domain.stay import local_day

_BANK_HINDERED = ["BANK_FILE_NOT_MADE", "BANK_NOT_COLLECTING", "PAYOUT_CONTRADICTED"]
_OF_NO_ORDER = {
    PaymentState.UNKNOWN_TO_BANK,
    PaymentState.RECALL_REFUSED,
    PaymentState.RECALL_PENDING,
    PaymentState.ACCOUNT_MATCHED,
    PaymentState.ACCOUNT_CLOSE,
    PaymentState.ACCOUNT_NOT_MATCHED,
    PaymentState.ACCOUNT_UNCHECKED,
}
"""What a bank says that has no order: it knows none, or speaks of a wish or an account."""


@contextmanager
def told_to_a_person(world: World, order: Subject) -> Iterator[None]:
    """A final refusal of the gateway opens an exception and is tried again: nothing was sent,
    and once the folder or the account is put right the payout goes on by itself.
    """
    try:
        yield
    except Final as error:
        with world.records.transaction() as tx:
            tx.hold(order.episode_id)
            details = {"code": error.code}
            tx.open_exception(
                order.episode_id, "BANK_FILE_NOT_MADE", order.subject, details, order.at
            )
        raise ApplicationError(error.detail, type=error.code) from None


def order_of(
    tx: EpisodeTransaction, world: World, payout: PayoutRow, attempt: int, order: Subject
) -> PaymentOrder:
    debtor = debtor_of(world, payout.debtor_organisation_id)
    if account_sha256(debtor.number) != payout.debtor_account_sha256:
        raise Final(
            "the insurer's account is not the one that this payout was fixed with",
            code="DEBTOR_ACCOUNT_CHANGED",
        )
    return PaymentOrder(
        reference=payout.reference,
        attempt=attempt,
        amount=fen(payout.amount_minor),
        debtor=debtor,
        creditor=tx.payee(payout.reference),
        purpose=world.purpose_code,
        remittance=payout.reference,
        rail=tx.rail_of(payout.reference),
        execute_on=local_day(order.at),
        created_at=order.at,
    )


OPEN_RECALL = ("asked", "sent", "unknown")


class PayoutSteps:
    """Reserve, send, inquire, and apply what the bank says."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="reserve_payout")
    def reserve_payout(self, order: Subject) -> Standing:
        """Writes the intent: amount, account and reference are fixed from here on, for ever."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            claim = rows.claim(order.subject)
            if payout_wanted(rows, claim):
                first_intent(tx, self._world, rows, claim, order.at)
                brought_by(tx, rows, claim, order.at)
                tx.change_episode(order.episode_id)
            standing = standing_in(tx, self._world, order.episode_id, order.at)
        self._world.fault_point("intent-committed")
        return standing

    @activity.defn(name="note_late_payout")
    def note_late_payout(self, order: Subject) -> Standing:
        """A payout to the patient is late: an alert, while the payout goes on."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            standing = standing_in(tx, self._world, order.episode_id, order.at)
            if standing.clock_breach_due != order.subject:
                return standing
            reference = rows.claim(order.subject).reference
            tx.open_exception(order.episode_id, BREACH, reference, {}, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="send_payout")
    def send_payout(self, order: Subject) -> Standing:
        """As ``_send``; folders or figures that the bank's files cannot take are for a person."""
        with told_to_a_person(self._world, order):
            return self._send(order)

    def _send(self, order: Subject) -> Standing:
        """Stages the file, writes the attempt row, then lets the bank see it by one rename.

        After a crash the staged file tells for certain whether the bank can have seen it, so a
        second run of this step never makes a second order of the same attempt.
        """
        reference, begun = order.subject, time.monotonic()
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            payout = _payout(rows, reference)
            standing = standing_in(tx, self._world, order.episode_id, order.at)
            due = standing.payout is not None and standing.payout.send_due
            if not due or standing.payout is None or standing.payout.reference != reference:
                return standing
            if self._fence_moved(tx, payout, order):
                return standing_in(tx, self._world, order.episode_id, order.at)
            if check_waits(payout):
                asked = order_of(tx, self._world, payout, 1, order)
                ask(tx, self._world, order.episode_id, payout, asked, order.at)
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
            if written_anew(tx, self._world, rows, payout, order.at):
                tx.change_episode(order.episode_id)
                return standing_in(tx, self._world, order.episode_id, order.at)
            bank = self._world.banks[payout.bank]
            pending = [a for a in tx.payout_attempts(reference, "order") if not a.released]
            if pending:
                attempt, name = pending[-1].attempt, pending[-1].file_name
            else:
                attempt = payout.orders + 1
                name = bank.stage(order_of(tx, self._world, payout, attempt, order))
                tx.add_payout_attempt(order.episode_id, reference, "order", attempt, name, order.at)
        self._world.fault_point("attempt-committed")
        bank.release(name)
        self._world.fault_point("file-released")
        seen_at = _moment(order, begun)
        with self._world.records.transaction() as tx:
            tx.hold(order.episode_id)
            tx.release_payout_attempt(reference, "order", attempt, seen_at)
            habits = self._world.bank_habits[payout.bank]
            # It may collect the file at any moment until we look, and has its time from then on.
            fence_s = habits.answer_within_s + habits.max_execution_s
            fence = seen_at + timedelta(seconds=fence_s)
            tx.change_intent(reference, state="sent", sent_at=seen_at, fence_at=fence)
            tx.resolve_exceptions(order.episode_id, _BANK_HINDERED, order.at, reference)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _fence_moved(self, tx: EpisodeTransaction, payout: PayoutRow, order: Subject) -> bool:
        """Whether the fence moves on: the bank has not even taken our last order away, or may have
        taken it only now, since nobody looked in time.

        Its longest execution time cannot begin before it has the file, and it may take the file at
        any moment until we look again.
        """
        released = [a for a in tx.payout_attempts(payout.reference, "order") if a.released]
        if not released:
            return False
        habits = self._world.bank_habits[payout.bank]
        if not self._world.banks[payout.bank].is_waiting(released[-1].file_name):
            late = fence_of_late_look(payout, habits.max_execution_s, order.at)
            if late is not None:
                tx.change_intent(payout.reference, fence_at=late)
                tx.change_episode(order.episode_id)
            return late is not None
        asked, every_s = payout.inquiries + 1, habits.inquire_every_s
        fence = fence_while_waiting(asked, every_s, habits.max_execution_s, order.at)
        tx.change_intent(payout.reference, fence_at=fence)
        details = {"bank": payout.bank}
        tx.open_exception(
            order.episode_id, "BANK_NOT_COLLECTING", payout.reference, details, order.at
        )
        tx.change_episode(order.episode_id)
        return True

    @activity.defn(name="inquire_payout")
    def inquire_payout(self, order: Subject) -> Standing:
        """As ``_inquire``; what the bank's files cannot take is for a person."""
        with told_to_a_person(self._world, order):
            return self._inquire(order)

    def _inquire(self, order: Subject) -> Standing:
        """No word from the bank: the payment is unknown; ask, where the bank answers questions."""
        reference = order.subject
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            payout = _payout(rows, reference)
            standing = standing_in(tx, self._world, order.episode_id, order.at)
            if standing.payout is None or not standing.payout.inquiry_due:
                return standing
            self._fence_moved(tx, payout, order)
            number = payout.inquiries + 1
            name = ""
            if self._world.bank_habits[payout.bank].status_request:
                question = order_of(tx, self._world, payout, max(payout.orders, 1), order)
                name = self._world.banks[payout.bank].inquire(question, number, order.at)
            tx.add_payout_attempt(order.episode_id, reference, "inquiry", number, name, order.at)
            tx.release_payout_attempt(reference, "inquiry", number, order.at)
            if payout.state in ("sent", "accepted") and payout.settled_at is None:
                tx.change_intent(reference, state="unknown")
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="apply_reports")
    def apply_reports(self, order: Subject) -> Standing:
        """Applies every report of the bank about this payout, each once, in the order they came."""
        with self._world.records.transaction() as tx:
            if tx.lock(order.episode_id) is None:
                return Standing()
            changed = False
            for report in tx.reports(order.subject):
                rows = tx.rows(order.episode_id)
                payout = _payout(rows, order.subject)
                advice = self._world.bank_habits[payout.bank].credit_advice
                transition = apply_report(payout, report, credit_advice=advice)
                transition = released_before(tx, payout, transition)
                self._enter(tx, rows, payout, report, transition, order)
                changed = True
            if changed:
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _enter(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        payout: PayoutRow,
        report: PaymentReport,
        transition: Transition,
        order: Subject,
    ) -> None:
        fields: dict[str, object] = {"state": transition.state}
        if _was_taken(payout, report):
            taken = ["BANK_NOT_COLLECTING"]
            tx.resolve_exceptions(order.episode_id, taken, order.at, payout.reference)
        if transition.settled and payout.settled_at is None:
            fields["settled_at"] = report.happened_at
        if transition.credited:
            fields["credited_at"] = report.happened_at
            over = [*_BANK_HINDERED, LATE_FORECAST]
            tx.resolve_exceptions(order.episode_id, over, order.at, payout.reference)
            # Older programs left those of an earlier payout to this one's credit.
            for gone in [p.reference for p in rows.payouts if p.closed_at is not None]:
                tx.resolve_exceptions(order.episode_id, MOOT, order.at, gone)
        if transition.closed:
            fields |= {"closed_at": order.at, "reason": report.reason}
            tx.resolve_exceptions(order.episode_id, MOOT, order.at, payout.reference)
        tx.change_intent(payout.reference, **fields)
        self._post(tx, rows, payout, transition, order)
        _end_recall(tx, payout, report, transition, order)
        after_check(tx, order.episode_id, payout, transition, order.at)
        if transition.exception:
            details = {"reason": report.reason, "message": report.message_type}
            tx.open_exception(
                order.episode_id, transition.exception, payout.reference, details, order.at
            )
        if transition.state in CAME_BACK:
            end_if_not_owed(tx, order.episode_id, payout.reference, order.at)
        if transition.effect is LedgerEffect.TAKE_BACK or transition.state in (
            "rejected",
            "returned",
            "cancelled",
        ):
            tx.change_episode(order.episode_id, closed_at=None, status="open")
        tx.mark_report(report, transition.note or transition.effect.value, order.at)

    def _post(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        payout: PayoutRow,
        transition: Transition,
        order: Subject,
    ) -> None:
        reserved, credited = f"payout:{payout.reference}", f"credit:{payout.reference}"
        if transition.effect is LedgerEffect.CREDIT:
            entry = credit_entry(
                credited,
                owed_to(rows, payout),
                payout.debtor_organisation_id,
                payout.bank,
                payout.amount_minor,
            )
            tx.post(order.episode_id, entry, order.at)
        if transition.state == "cancelled":
            called_back(tx, rows, payout, order.at)
        elif transition.effect in (LedgerEffect.TAKE_BACK, LedgerEffect.RELEASE):
            # Also what had settled only: its claw-back may have been asked for by then.
            back_already(tx, rows, payout, order.at)
        if transition.effect is LedgerEffect.TAKE_BACK:
            tx.reverse(order.episode_id, credited, order.at)
            take_back_found(tx, order.episode_id, payout.reference, order.at)
        if transition.effect in (LedgerEffect.TAKE_BACK, LedgerEffect.RELEASE):
            tx.reverse(order.episode_id, reserved, order.at)
            ended = payout.model_copy(update={"state": transition.state})
            nobody_has(tx, tx.rows(order.episode_id), ended, order.at)


def _moment(order: Subject, begun: float) -> datetime:
    """Now, by the engine's clock: a step that is repeated after a crash keeps its order's ``at``.

    The fence counts from it, since the bank's longest execution time begins when it can see a file.
    """
    started = activity.info().started_time
    return max(order.at, started) + timedelta(seconds=time.monotonic() - begun)


def _was_taken(payout: PayoutRow, report: PaymentReport) -> bool:
    """A bank that speaks of our last order has taken it away."""
    older = 0 < report.attempt < payout.orders
    return report.state not in _OF_NO_ORDER and not older


def _payout(rows: EpisodeRows, reference: str) -> PayoutRow:
    return next(p for p in rows.payouts if p.reference == reference)


def _end_recall(
    tx: EpisodeTransaction,
    payout: PayoutRow,
    report: PaymentReport,
    transition: Transition,
    order: Subject,
) -> None:
    """A payout that its payer wants back: what came of it, once that is known."""
    if payout.recall not in OPEN_RECALL:
        return
    if report.state is PaymentState.RECALLED and transition.state == "cancelled":
        ended = "accepted"
    elif report.state is PaymentState.RECALL_REFUSED or transition.settled or transition.credited:
        ended = "refused"
    elif transition.closed:
        ended = "needless"
    else:
        return
    tx.change_recall(payout.reference, state=ended, ended_at=order.at)
    tx.resolve_exceptions(order.episode_id, ["PAYOUT_RECALL_ASKED"], order.at, payout.reference)
