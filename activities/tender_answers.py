"""What an acquirer says of a payment or a refund and cannot be true: kept, and it moves nothing."""

from __future__ import annotations

from activities.orders import Subject
from activities.sending import Attempt
from activities.world import World
from crossclaim.domain.acquirer import AnswerNotBelieved


def not_believed(
    world: World, order: Subject, attempt: Attempt, error: AnswerNotBelieved, exception: str
) -> None:
    """The attempt's outcome stays unknown; the document is sealed beside its exception."""
    with world.records.transaction() as tx:
        tx.hold(order.episode_id)
        tx.close_attempt(
            attempt.reference, attempt.operation, attempt.number, "unknown", error.code
        )
        tx.keep_answer(
            order.episode_id,
            attempt.party,
            attempt.operation,
            attempt.reference,
            error.code,
            error.document,
            order.at,
        )
        details = {"code": error.code}
        tx.open_exception(order.episode_id, exception, attempt.reference, details, order.at)
