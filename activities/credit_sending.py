"""Sending about a credit account: the attempt row before, its outcome after, what differs told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.credit_orders import CreditSubject
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown, Retryable


@dataclass(frozen=True)
class CreditAttempt:
    """One send that is about to happen; ``number`` counts over all workers and restarts."""

    operation: str
    reference: str
    number: int

    @classmethod
    def opened(
        cls, tx: EpisodeTransaction, order: CreditSubject, operation: str, reference: str
    ) -> CreditAttempt:
        number = tx.open_credit_attempt(order.account_id, operation, reference, order.at)
        return cls(operation, reference, number)

    @property
    def repeated(self) -> bool:
        """An earlier send under this reference may have been taken: look for it first."""
        return self.number > 1

    def close(self, tx: EpisodeTransaction, outcome: str, code: str = "") -> None:
        tx.close_credit_attempt(self.reference, self.operation, self.number, outcome, code)


@contextmanager
def recorded(world: World, order: CreditSubject, attempt: CreditAttempt) -> Iterator[None]:
    """Closes the attempt's row when the call fails, then lets the right kind of error out.

    An answer that contradicts what was asked changes nothing: a person hears of it, the account
    waits where it was, and the platform is asked again under the same reference.
    """
    try:
        yield
    except Final as error:
        with world.records.transaction() as tx:
            attempt.close(tx, "refused", error.code)
        raise
    except (OutcomeUnknown, Retryable) as error:
        unknown = isinstance(error, OutcomeUnknown)
        with world.records.transaction() as tx:
            attempt.close(tx, "unknown" if unknown else "not_taken", error.code)
            if error.code == "ANSWER_DIFFERS":
                tx.open_credit_exception(
                    order.account_id, "ANSWER_DIFFERS", attempt.reference, {}, order.at
                )
        raise _again(error) from None


def _again(error: GatewayError) -> ApplicationError:
    """What the engine stores and shows: the party's code, never content."""
    delay = getattr(error, "retry_after_s", None)
    activity.logger.info("the pay-after-care platform did not answer: %s", error.code)
    return ApplicationError(
        error.detail,
        type=error.code,
        next_retry_delay=timedelta(seconds=delay) if delay else None,
    )
