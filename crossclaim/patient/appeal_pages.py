"""A patient who does not agree asks for another look at a decision, in his own words."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.errors import NotFound
from crossclaim.domain.patient_bearer import Sight
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.domain.submission import SubmissionKind
from crossclaim.patient.entrance import enter, episode_path, form_of, id_of, text_of
from crossclaim.patient.sending import sent
from crossclaim.patient.services import OwnDecision, PatientSession, services_of
from crossclaim.patient.view import page
from crossclaim.patient.words import WORDS


async def appeal_form(request: Request) -> Response:
    session, episode_id = await enter(request, Sight.ACTS)
    decision = await _decision(request, session, episode_id)
    return _shown(request, session, episode_id, decision, "", [])


async def appeal(request: Request) -> Response:
    session, episode_id, form = await form_of(request, Sight.ACTS)
    decision, text = await _decision(request, session, episode_id), text_of(form)
    if not text:
        why = [sentence_of(WORDS["appeal_empty"])]
        return _shown(request, session, episode_id, decision, text, why)
    content: dict[str, object] = {
        "number": str(form.get("number", "")),
        "claim_id": decision.claim_id,
        "level": decision.appeal_level,
        "reason": text,
    }
    services = services_of(request)
    _, refusals = await sent(services.api, session, SubmissionKind.APPEAL, episode_id, content)
    if refusals:
        return _shown(request, session, episode_id, decision, text, refusals)
    return RedirectResponse(episode_path(episode_id, "?said=appeal_sent"), 303)


async def _decision(request: Request, session: PatientSession, episode_id: str) -> OwnDecision:
    """Raises ``NotFound`` for one that cannot be appealed."""
    claim_id = id_of(request, "claim_id")
    record = await services_of(request).desk.record(session, episode_id)
    for one in record.decisions:
        if one.claim_id == claim_id and one.appeal_level:
            return one
    raise NotFound("there is no such page")


def _shown(
    request: Request,
    session: PatientSession,
    episode_id: str,
    decision: OwnDecision,
    text: str,
    refusals: list[Sentence],
) -> Response:
    values = {"decision": decision, "episode_id": episode_id, "text": text}
    values |= {"refusals": refusals}
    return page(request, "appeal", session, values, 422 if refusals else 200)
