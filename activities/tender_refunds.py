"""Steps that give money back: what is too much becomes orders, each order goes to its tender."""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.acquirer_port import Acquirer
from activities.coded import party_code
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.tender_answers import not_believed
from activities.tender_books import (
    SPLIT_CHANGED,
    by_hand_instead,
    order_back,
    record_refunded,
)
from activities.tender_payments import PARTY
from activities.world import World
from crossclaim.domain.acquirer import AnswerNotBelieved, RefundOrder, RefundState, RefundTold
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.money import fen
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing
from crossclaim.domain.stay import local_day
from crossclaim.domain.tender_refunds import PLAN, overpaid, parts_back
from crossclaim.domain.tender_rows import RefundRow

OPERATION = "refund"
_PUT_RIGHT = ["REFUND_ANSWER_DIFFERS", "REFUND_LATE", "REFUND_NOT_TAKEN"]


class RefundSteps:
    """One try a call, as for payments. What the acquirer will not give back is the cashier's."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _acquirer(self) -> Acquirer:
        if self._world.acquirer is None:
            raise CrossclaimError("no acquirer is configured", code="ACQUIRER_NOT_CONNECTED")
        return self._world.acquirer

    @activity.defn(name="order_refunds")
    def order_refunds(self, order: Subject) -> Standing:
        """What the patient has paid above his share of a bill goes back, tender by tender."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            bill = rows.bill(order.subject)
            amount = overpaid(rows, bill)
            if amount:
                parts = parts_back(rows, bill, amount, self._tender_order(order))
                order_back(tx, rows, bill, parts, SPLIT_CHANGED, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _tender_order(self, order: Subject) -> tuple[str, ...]:
        """By the plan of the day; without one the newest payment goes back first."""
        dated = self._world.plans.find(PLAN)
        return () if dated is None else dated.on(local_day(order.at)).codes("refund_order")

    @activity.defn(name="refund_tender")
    def refund_tender(self, order: Subject) -> Standing:
        """Asks the acquirer to give one refund back, or how one that is on its way stands."""
        with self._world.records.transaction() as tx:
            begun = self._begun(tx, order)
            if begun is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            asked, attempt = begun
        self._world.fault_point("refund-attempt-committed")
        try:
            with recorded(self._world, attempt):
                told = self._ask(attempt, asked)
        except AnswerNotBelieved as error:
            return self._not_believed(order, attempt, error)
        except Final as error:
            return self._later(order, error.code)
        except ApplicationError as error:
            return self._later(order, "" if error.type is None else error.type, quiet=True)
        self._world.fault_point("refund-answered")
        return self._told(order, attempt, told)

    def _begun(self, tx: EpisodeTransaction, order: Subject) -> tuple[RefundOrder, Attempt] | None:
        rows = tx.lock(order.episode_id)
        assert rows is not None, "the episode is open"
        refund = rows.refund(order.subject)
        if refund is None or not refund.open or refund.route != "acquirer":
            return None
        if refund.again_at is not None and order.at < refund.again_at:
            return None
        attempt = open_attempt(tx, order, PARTY, OPERATION, refund.reference, [])
        assert attempt is not None, "a refund needs no consent"
        if refund.state == "due":
            tx.change_refund(refund.reference, state="sent")
            tx.change_episode(order.episode_id)
        return _order_of(rows, refund), attempt

    def _ask(self, attempt: Attempt, asked: RefundOrder) -> RefundTold:
        acquirer = self._acquirer()
        if attempt.repeated:
            known = acquirer.find_refund(asked)
            if known is not None:
                return known
        return acquirer.refund(asked)

    def _told(self, order: Subject, attempt: Attempt, told: RefundTold) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
            refund = rows.refund(order.subject)
            if refund is None or not refund.open:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if told.state is RefundState.PENDING:
                self._pause(tx, order, refund, state="pending", number=told.number)
                self._tell_late(tx, order, refund)
            else:
                tx.resolve_exceptions(order.episode_id, _PUT_RIGHT, order.at)
                self._ended(tx, rows, refund, told, order)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _ended(
        self,
        tx: EpisodeTransaction,
        rows: EpisodeRows,
        refund: RefundRow,
        told: RefundTold,
        order: Subject,
    ) -> None:
        if told.state is RefundState.REFUNDED:
            record_refunded(tx, rows, refund, told, order.at)
            return
        code = party_code(told.code)
        by_hand_instead(tx, rows, refund, code, order.at)
        details = {"code": code, "amount": str(fen(refund.amount_minor))}
        tx.open_exception(
            order.episode_id, "TENDER_REFUND_REFUSED", refund.reference, details, order.at
        )

    def _pause(
        self, tx: EpisodeTransaction, order: Subject, refund: RefundRow, **fields: object
    ) -> None:
        again = order.at + self._world.tender_habits.pause(refund.asked, refund=True)
        tx.change_refund(refund.reference, asked=refund.asked + 1, again_at=again, **fields)

    def _tell_late(self, tx: EpisodeTransaction, order: Subject, refund: RefundRow) -> None:
        """A patient who waits for his money hears why from somebody."""
        if order.at - refund.ordered_at >= self._world.tender_habits.refund_late_after:
            details = {"amount": str(fen(refund.amount_minor))}
            tx.open_exception(order.episode_id, "REFUND_LATE", refund.reference, details, order.at)

    def _later(self, order: Subject, code: str, *, quiet: bool = False) -> Standing:
        """Nobody knows yet. Where the acquirer refuses to be asked at all, a person hears of it."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            refund = rows.refund(order.subject)
            if refund is not None and refund.open:
                self._pause(tx, order, refund)
                self._tell_late(tx, order, refund)
                if not quiet:
                    details = {"code": party_code(code)}
                    tx.open_exception(
                        order.episode_id, "REFUND_NOT_TAKEN", refund.reference, details, order.at
                    )
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _not_believed(self, order: Subject, attempt: Attempt, error: AnswerNotBelieved) -> Standing:
        not_believed(self._world, order, attempt, error, "REFUND_ANSWER_DIFFERS")
        return self._later(order, error.code, quiet=True)


def _order_of(rows: EpisodeRows, refund: RefundRow) -> RefundOrder:
    """The same for the same refund, however often it is made."""
    tender = next(t for t in rows.tenders if t.id == refund.tender_id)
    payment = rows.payment(tender.reference)
    assert payment is not None, "what the acquirer gives back it has taken"
    return RefundOrder(
        reference=refund.reference,
        hospital=rows.episode.hospital_id,
        payment_reference=payment.order_reference,
        payment_number=payment.number,
        paid=fen(payment.amount_minor),
        amount=fen(refund.amount_minor),
    )
