"""The step that charges a payer through the acquirer, asks how it stands, and gives up in time."""

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
from activities.tender_books import record_paid
from activities.world import World
from crossclaim.domain.acquirer import (
    AnswerNotBelieved,
    PaymentState,
    PaymentTold,
    PayOrder,
)
from crossclaim.domain.errors import CrossclaimError, Final
from crossclaim.domain.money import fen
from crossclaim.domain.standing import Standing
from crossclaim.domain.tender_rows import PaymentRow

PARTY, OPERATION = "acquirer", "payment"
_NOT_PAID = "NOT_PAID_IN_TIME"


class PaymentSteps:
    """One try a call: the row says when the next one is due. A lost answer is looked for before
    anything is sent again, under the same reference for ever."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _acquirer(self) -> Acquirer:
        if self._world.acquirer is None:
            raise CrossclaimError("no acquirer is configured", code="ACQUIRER_NOT_CONNECTED")
        return self._world.acquirer

    @activity.defn(name="take_payment")
    def take_payment(self, order: Subject) -> Standing:
        """Charges the payer, or asks how a charge stands; after its time the order is closed."""
        with self._world.records.transaction() as tx:
            begun = self._begun(tx, order)
            if begun is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            payment, asked, attempt = begun
        self._world.fault_point("payment-attempt-committed")
        try:
            with recorded(self._world, attempt):
                told = self._ask(attempt, payment, asked, late=order.at >= payment.close_at)
        except AnswerNotBelieved as error:
            return self._not_believed(order, attempt, error)
        except Final as error:
            if attempt.repeated:
                return self._later(order, error.code, heard=True)
            told = PaymentTold(
                reference=asked.reference, state=PaymentState.REFUSED, code=party_code(error.code)
            )
        except ApplicationError as error:
            return self._later(order, error.type or "")
        self._world.fault_point("payment-answered")
        return self._told(order, attempt, told)

    def _begun(
        self, tx: EpisodeTransaction, order: Subject
    ) -> tuple[PaymentRow, PayOrder, Attempt] | None:
        """None: it is over, or not to be asked about yet."""
        rows = tx.lock(order.episode_id)
        assert rows is not None, "the episode is open"
        payment = rows.payment(order.subject)
        if payment is None or not payment.open:
            return None
        if payment.again_at is not None and order.at < payment.again_at:
            return None
        if payment.state == "due" and order.at >= payment.close_at:
            tx.change_payment(payment.reference, state="closed", code=_NOT_PAID)
            tx.change_episode(order.episode_id)
            return None
        attempt = open_attempt(tx, order, PARTY, OPERATION, payment.reference, [])
        assert attempt is not None, "who pays consents by paying"
        if payment.state == "due":
            tx.change_payment(payment.reference, state="sent")
            tx.change_episode(order.episode_id)
        asked = PayOrder.model_validate(
            {
                "reference": payment.reference,
                "hospital": rows.episode.hospital_id,
                "method": payment.method,
                "payer_code": tx.payer_code(payment.reference, order.episode_id),
                "amount": fen(payment.amount_minor),
            }
        )
        return payment, asked, attempt

    def _ask(
        self, attempt: Attempt, payment: PaymentRow, asked: PayOrder, *, late: bool
    ) -> PaymentTold:
        acquirer = self._acquirer()
        if not attempt.repeated:
            return acquirer.pay(asked)
        known = acquirer.find_payment(asked)
        if known is not None and (known.state is not PaymentState.PAYING or not late):
            return known
        if late:
            # Also where nothing was ever taken: what is still on its way must find it closed.
            return acquirer.close_payment(asked)
        return acquirer.pay(asked)

    def _told(self, order: Subject, attempt: Attempt, told: PaymentTold) -> Standing:
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
            payment = rows.payment(order.subject)
            if payment is None or not payment.open:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if told.state is PaymentState.PAID:
                record_paid(tx, rows, payment, told, order.at)
            elif told.state is PaymentState.PAYING:
                self._pause(tx, order, payment, state="paying")
            else:
                refused = told.state is PaymentState.REFUSED
                state, code = ("refused", told.code) if refused else ("closed", _NOT_PAID)
                tx.change_payment(payment.reference, state=state, code=party_code(code))
            tx.resolve_exceptions(order.episode_id, ["PAYMENT_ANSWER_DIFFERS"], order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _pause(
        self, tx: EpisodeTransaction, order: Subject, payment: PaymentRow, **fields: object
    ) -> None:
        """Until it is asked again: at the latest when the order has to be closed."""
        again = order.at + self._world.tender_habits.pause(payment.asked)
        if order.at < payment.close_at:
            again = min(again, payment.close_at)
        tx.change_payment(payment.reference, asked=payment.asked + 1, again_at=again, **fields)

    def _later(self, order: Subject, code: str, *, heard: bool = False) -> Standing:
        """Nobody knows yet. Once the time to pay is over, or the acquirer refuses to be asked, a
        person hears that it is not known whether the patient has paid."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            payment = rows.payment(order.subject)
            if payment is not None and payment.open:
                self._pause(tx, order, payment)
                if heard or order.at >= payment.close_at:
                    details = {"code": party_code(code)}
                    tx.open_exception(
                        order.episode_id, "PAYMENT_UNKNOWN", payment.reference, details, order.at
                    )
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _not_believed(self, order: Subject, attempt: Attempt, error: AnswerNotBelieved) -> Standing:
        """No money moves by it; what was said is kept, and the payment waits where it was."""
        not_believed(self._world, order, attempt, error, "PAYMENT_ANSWER_DIFFERS")
        return self._later(order, error.code)
