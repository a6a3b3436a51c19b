"""Sending to an outside party: the consent gate, the attempt row before, its outcome after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim import exchanges
from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown, Retryable
from crossclaim.domain.mentions import spouse_scope
from crossclaim.domain.standing_repair import HELD_CODE, goes_on
from crossclaim.domain.submission import ConsentType

_UNTRUE = {"voucher": "VOUCHER_ANSWER_CONTRADICTS", "huimin": "PAY_LATER_ANSWER_DIFFERS"}
"""Party → the exception for an answer that cannot be true; insurers have one of their own."""

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
    episode_id: str = ""
    at: datetime | None = None
    of_spouse: bool = False
    """What is said and heard is about whoever shares his vouchers with the patient."""

    @property
    def scope(self) -> str:
        """Under whose key what is said and heard is kept."""
        return spouse_scope(self.episode_id) if self.of_spouse else self.episode_id

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
    refuse_while_held(tx, order, party, operation, reference)
    consents = tx.consents_for_send(order.episode_id, needs, party) if needs else []
    if needs and not consents:
        return None
    if spouse_needs:
        both = tx.consents_for_send(order.episode_id, list(spouse_needs), party, "spouse")
        if not both:
            return None
        consents = [*consents, *both]
    number = tx.open_attempt(order.episode_id, party, operation, reference, consents, order.at)
    of_spouse = bool(spouse_needs)
    return Attempt(party, operation, reference, number, order.episode_id, order.at, of_spouse)


def open_emergency_attempt(
    tx: EpisodeTransaction, order: Subject, party: str, operation: str, reference: str
) -> Attempt:
    """As ``open_attempt``, where life or health cannot wait for a consent, nor for the end of a
    hold; the row says so."""
    number = tx.open_attempt(
        order.episode_id, party, operation, reference, [], order.at, "emergency"
    )
    return Attempt(party, operation, reference, number)


def refuse_while_held(
    tx: EpisodeTransaction, order: Subject, party: str, operation: str, reference: str
) -> None:
    """Raises while the episode is held: a step whose tries began before it ends here too."""
    if not tx.is_held(order.episode_id):
        return
    if not goes_on(party, operation, tx.attempts(reference, operation)):
        raise ApplicationError("the episode is held", type=HELD_CODE, non_retryable=True)


@contextmanager
def recorded(world: World, attempt: Attempt) -> Iterator[None]:
    """Closes the attempt's row when the call fails, then lets the right kind of error out.

    Retryable and unknown outcomes make the engine call the step again; a final refusal is the
    step's own business and is raised as it is. An answer that cannot be true is kept, and a person
    hears of it until the party has answered rightly.
    """
    exchanges.begin(attempt.scope, attempt.reference, attempt.operation, attempt.number)
    try:
        yield
        if attempt.repeated:
            _believed(world, attempt)
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
    told = untrue_code(world, attempt.party) if error.document else ""
    with world.records.transaction() as tx:
        if told and attempt.at is not None:
            tx.hold(attempt.episode_id)
            keep_untrue(tx, attempt, error)
            if not isinstance(error, Final):
                details = {"code": error.code}
                tx.open_exception(attempt.episode_id, told, attempt.reference, details, attempt.at)
            tx.change_episode(attempt.episode_id)
        tx.close_attempt(attempt.reference, attempt.operation, attempt.number, outcome, error.code)


def keep_untrue(tx: EpisodeTransaction, attempt: Attempt, error: GatewayError) -> None:
    """The answer as it came, sealed: evidence for whoever asks the party about it."""
    assert attempt.at is not None, "an episode's attempt has its time"
    tx.keep_answer(
        attempt.episode_id,
        attempt.party,
        attempt.operation,
        attempt.reference,
        error.code,
        error.document,
        attempt.at,
        scope=attempt.scope,
    )


def untrue_code(world: World, party: str) -> str:
    """The exception for an answer of this party that cannot be true; empty: its steps tell it."""
    return "ANSWER_NOT_USABLE" if party in world.insurers else _UNTRUE.get(party, "")


def _believed(world: World, attempt: Attempt) -> None:
    """An earlier try may have left an exception, which an answer that can be true settles."""
    told = untrue_code(world, attempt.party)
    if told and attempt.at is not None:
        with world.records.transaction() as tx:
            tx.hold(attempt.episode_id)
            tx.resolve_exceptions(attempt.episode_id, [told], attempt.at, attempt.reference)


def _again(error: GatewayError) -> ApplicationError:
    """What the engine stores and shows: the party's code, never content."""
    delay = getattr(error, "retry_after_s", None)
    activity.logger.info("an outside party did not answer: %s", error.code)
    return ApplicationError(
        error.detail,
        type=error.code,
        next_retry_delay=timedelta(seconds=delay) if delay else None,
    )
