"""The gate of every send about health records, and what becomes of one that got no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import activity

from activities.apply_records import needs_of, record_person
from activities.coded import party_code
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt
from activities.world import World
from crossclaim.domain.health_record import RecordPerson
from crossclaim.domain.record_submission import EHEALTH, request_needs
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.substitute import OF_PERSONS, RECORDS_PLAN

_DOUBLINGS_MAX = 5

SAYS_NO_CONSENT = {
    "NOT_JOINED": ConsentType.EHEALTH_JOIN,
    "SHARING_NOT_GIVEN": ConsentType.EHEALTH_SHARE,
}
"""Refusals by which eHealth says that the person ended a consent, in its app for instance."""


def person_of(tx: EpisodeTransaction, episode_id: str) -> RecordPerson:
    person = record_person(tx.episode_content(episode_id).patient)
    assert person is not None, "a patient without such a paper was refused"
    return person


def needs_on(world: World, key: str, at: datetime) -> list[ConsentType]:
    """The consents that a send needs by the plan of its day. Raises ``RuleMissing``."""
    plan = world.plans.find(RECORDS_PLAN)
    assert plan is not None, "the plan about health records is there"
    return needs_of(plan.on(local_day(at)), key)


def gated_attempt(
    tx: EpisodeTransaction,
    order: Subject,
    system: str,
    operation: str,
    reference: str,
    needs: Sequence[ConsentType],
) -> Attempt | None:
    """The attempt row in the transaction that holds the episode's consents and, towards eHealth,
    the person's; None: one is missing or was withdrawn, in this episode or elsewhere.
    """
    personal = [need for need in needs if need in OF_PERSONS]
    if system == EHEALTH and personal:
        person = person_of(tx, order.episode_id)
        if not tx.ehealth_allows(person.document, personal):
            return None
    return open_attempt(tx, order, system, operation, reference, list(needs))


def request_consents(world: World, system: str, at: datetime) -> list[ConsentType]:
    return needs_on(world, request_needs(system), at)


def again_at(world: World, order: Subject, attempt: Attempt) -> datetime:
    """The pause doubles from try to try, up to a limit."""
    doubled = 2 ** min(attempt.number - 1, _DOUBLINGS_MAX)
    return order.at + timedelta(seconds=world.record_again_s * doubled)


def learn_refusal(tx: EpisodeTransaction, order: Subject, person: RecordPerson, code: str) -> None:
    """The system's word about a person's consent overrules ours from now on."""
    ended = SAYS_NO_CONSENT.get(code)
    if ended is None:
        return
    activity.logger.info("eHealth says that a consent is not in force: %s", party_code(code))
    tx.note_ehealth_consent(order.episode_id, person.document, ended, False, order.at, "ehealth")
