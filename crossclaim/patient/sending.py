"""How what a patient sends goes in: as a submission of his session, the way of every other one."""

from __future__ import annotations

from typing import Any

from crossclaim.api.entry import enter, known_stay
from crossclaim.api.services import ApiServices
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.errors import CrossclaimError, Refused
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.patient.services import PatientSession

_NOT_TAKEN = 400


async def sent(
    services: ApiServices,
    session: PatientSession,
    kind: SubmissionKind,
    episode_id: str,
    content: dict[str, Any],
) -> tuple[bool, list[Sentence]]:
    """Whether it is done already, and why it was refused; nothing where it was not.

    Raises ``Unavailable`` and the like, where trying again helps.
    """
    try:
        stay = await known_stay(services, session.principal, episode_id) or Stay()
        answer = await enter(
            services,
            session.principal,
            kind,
            content,
            episode_id=episode_id,
            stay=stay,
            idempotency_key=None,
        )
    except Refused as refused:
        return False, [fault.text for fault in refused.faults]
    except CrossclaimError as error:
        if error.status != 409:
            raise
        return False, [Sentence(en=error.detail, zh_hant=error.detail, zh_hans=error.detail)]
    if answer.status >= _NOT_TAKEN:
        return False, told_in(answer.body)
    return answer.status != 202, []


def told_in(body: dict[str, Any]) -> list[Sentence]:
    """The sentences of a refusal that stands in an answer."""
    return [Sentence.model_validate(error["text"]) for error in body.get("errors", [])]
