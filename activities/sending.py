"""Sending to an outside party: the consent gate, the attempt row before, its outcome after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown, Retryable
from crossclaim.domain.submission import ConsentType

INSURER_CONSENTS = [
    ConsentType.PI_SENSITIVE,
    ConsentType.PI_PROVIDE,
    ConsentType.PI_CROSS_BORDER,
    ConsentType.CLAIM_AUTH,
]


@dataclass(frozen=True)
class Attempt:
    """One send that is about to happen; ``number`` counts from 1 over all workers and restarts."""

    party: str
    operation: str
    reference: str
    number: int

    @property
    def repeated(self) -> bool:
        """An earlier send under this reference may have been taken: ask before sending again."""
        return self.number > 1


def open_attempt(
    tx: EpisodeTransaction,
    order: Subject,
    party: str,
    operation: str,
    reference: str,
    needs: list[ConsentType],
    spouse_needs: Sequence[ConsentType] = (),
) -> Attempt | None:
    """The attempt row, in the transaction that holds the consents; None: a consent is missing."""
    consents = tx.consents_for_send(order.episode_id, needs, party) if needs else []
    if needs and not consents:
        return None
    if spouse_needs:
        both = tx.consents_for_send(order.episode_id, list(spouse_needs), party, "spouse")
        if not both:
            return None
        consents = [*consents, *both]
    number = tx.open_attempt(order.episode_id, party, operation, reference, consents, order.at)
    return Attempt(party, operation, reference, number)


def open_emergency_attempt(
    tx: EpisodeTransaction, order: Subject, party: str, operation: str, reference: str
) -> Attempt:
    """As ``open_attempt``, where life or health cannot wait for a consent; the row says so."""
    number = tx.open_attempt(
        order.episode_id, party, operation, reference, [], order.at, "emergency"
    )
    return Attempt(party, operation, reference, number)


@contextmanager
def recorded(world: World, attempt: Attempt) -> Iterator[None]:
    """Closes the attempt's row when the call fails, then lets the right kind of error out.

    Retryable and unknown outcomes make the engine call the step again; a final refusal is the
    step's own business and is raised as it is.
    """
    try:
        yield
    except Final as error:
        _close(world, attempt, "refused", error)
        raise
    except OutcomeUnknown as error:
        _close(world, attempt, "unknown", error)
        raise _again(error) from None
    except Retryable as error:
        _close(world, attempt, "not_taken", error)
        raise _again(error) from None


def _close(world: World, attempt: Attempt, outcome: str, error: GatewayError) -> None:
    with world.records.transaction() as tx:
        tx.close_attempt(attempt.reference, attempt.operation, attempt.number, outcome, error.code)


def _again(error: GatewayError) -> ApplicationError:
    """What the engine stores and shows: the party's code, never content."""
    delay = getattr(error, "retry_after_s", None)
    activity.logger.info("an outside party did not answer: %s", error.code)
    return ApplicationError(
        error.detail,
        type=error.code,
        next_retry_delay=timedelta(seconds=delay) if delay else None,
    )
