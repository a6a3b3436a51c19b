"""An insurer's word on a claim that a withdrawn consent has stopped: kept for a person, no more."""

from __future__ import annotations

from activities.orders import Subject
from activities.records import EpisodeTransaction
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.records import ClaimRow, EpisodeRows

WHILE_SUSPENDED = "DECISION_WHILE_SUSPENDED"
AFTER_WITHDRAWAL = "DECISION_AFTER_WITHDRAWAL"
AFTER_CANCELLATION = "DECISION_AFTER_CANCELLATION"
_SAYS_NOTHING = (AnswerState.QUEUED, AnswerState.NOT_FOUND)


def kept_instead(
    tx: EpisodeTransaction, order: Subject, rows: EpisodeRows, claim: ClaimRow, answer: ClaimAnswer
) -> bool:
    """True when the claim is suspended, or was ended by a withdrawal or with its settlement: no
    money moves by the answer.

    With a new consent the insurer is asked again under the same reference.
    """
    ended = claim.state == "voided" and claim.organisation_id in rows.ended_covers()
    cancelled = claim.state == "withdrawing"
    if claim.state != "suspended" and not ended and not cancelled:
        return False
    if answer.state in _SAYS_NOTHING:
        return True
    code = AFTER_WITHDRAWAL if ended else WHILE_SUSPENDED
    code = AFTER_CANCELLATION if cancelled else code
    insurer, document = claim.organisation_id or "", answer.model_dump_json()
    denied = answer.state is AnswerState.DENIED or answer.benefit is None
    benefit = claim.counted(0) if denied or answer.benefit is None else answer.benefit
    tx.keep_answer(order.episode_id, insurer, "claim", claim.reference, code, document, order.at)
    details = {f"decided_{benefit.currency.value.lower()}": benefit.decimal_text()}
    tx.open_exception(order.episode_id, code, claim.reference, details, order.at)
    tx.change_episode(order.episode_id)
    return True
