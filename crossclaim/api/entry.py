"""The one way in for a submission: read, judge, hand to the intake, render its answer."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.body import read_json
from crossclaim.api.problem_sentences import problem_fault
from crossclaim.api.services import Answer, ApiServices, services_of
from crossclaim.domain.business_key import AboutEpisode, claim_key, episode_key, key_within
from crossclaim.domain.credit_submission import credit_key
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.family_submission import family_key
from crossclaim.domain.fault_context import Context
from crossclaim.domain.faults import read_submission, refusal_text
from crossclaim.domain.paper_claim import PaperClaimSubmission
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import EpisodeSubmission, SubmissionKind, Wire
from crossclaim.domain.substitute import RECORDS_PLAN
from crossclaim.security.roles import Principal, Role

_EPISODE_ID = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_PLACES = {
    "fb_": "family-bindings",
    "fc_": "family-code-links",
    "ca_": "credit-accounts",
}
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class HeaderRefused(Refused):
    """A header of the request cannot be used."""

    status = 400
    code = "PARAMETERS_REFUSED"


async def take(
    request: Request, principal: Principal, kind: SubmissionKind, episode_id: str | None = None
) -> Response:
    """Answers a submission. Raises the error that says why it cannot be taken."""
    services = services_of(request)
    stay = await known_stay(services, principal, episode_id) if episode_id else Stay()
    raw = await read_json(request, services.body_limit_bytes)
    answer = await enter(
        services,
        principal,
        kind,
        raw,
        episode_id=episode_id,
        stay=stay,
        idempotency_key=idempotency_key(request),
    )
    # Its row says who sent what when.
    request.state.kept_itself = True
    return rendered(answer)


async def check(
    request: Request, principal: Principal, kind: SubmissionKind, episode_id: str | None = None
) -> Response:
    """Judges a submission and keeps nothing. Raises ``Refused`` with every fault of it."""
    services = services_of(request)
    stay = await known_stay(services, principal, episode_id) if episode_id else Stay()
    raw = await read_json(request, services.body_limit_bytes)
    context = await with_plan(services, kind, context_for(services, principal, stay))
    model, faults = read_submission(kind, raw, services.reference, context)
    if model is None or faults:
        raise Refused(refusal_text(len(faults)), faults)
    return JSONResponse({"status": "clean"})


async def enter(
    services: ApiServices,
    principal: Principal,
    kind: SubmissionKind,
    raw: Mapping[str, Any],
    *,
    episode_id: str | None,
    stay: Stay,
    idempotency_key: str | None,
) -> Answer:
    """Judges a raw submission and hands its canonical content to the intake."""
    context = await with_plan(services, kind, context_for(services, principal, stay))
    if kind is SubmissionKind.FAMILY_BINDING:
        plan = await asyncio.to_thread(services.family_plan)
        context = context.model_copy(update={"family_plan": plan})
    model, faults = read_submission(kind, raw, services.reference, context)
    if model is None:
        raise Refused(refusal_text(len(faults)), faults)
    key, content = business_key(model, episode_id), canonical(model)
    if faults:
        known = await services.intake.answered(principal, kind, business_key=key, content=content)
        if known is None:
            raise Refused(refusal_text(len(faults)), faults)
        return known
    return await services.intake.submit(
        principal,
        kind,
        episode_id=episode_id,
        business_key=key,
        content=content,
        idempotency_key=idempotency_key,
    )


def canonical(model: Wire) -> dict[str, Any]:
    """The content that is hashed and kept: members at their default are left out, so that an
    optional member added to the wire later does not change what was sent before.
    """
    return model.model_dump(mode="json", exclude_defaults=True)


def business_key(model: Wire, episode_id: str | None) -> str:
    if isinstance(model, EpisodeSubmission):
        return episode_key(model)
    about_family = family_key(model, episode_id)
    if about_family is not None:
        return about_family
    credit = credit_key(model, episode_id)
    if credit is not None:
        return credit
    if isinstance(model, PaperClaimSubmission):
        return claim_key(model)
    assert episode_id is not None and isinstance(model, AboutEpisode)
    return key_within(episode_id, model)


def context_for(services: ApiServices, principal: Principal, stay: Stay) -> Context:
    """A hospital may name only itself."""
    is_hospital = principal.role in (Role.HOSPITAL_BILLING, Role.HOSPITAL_PROVIDER)
    hospital = principal.organisation if is_hospital else None
    is_insurer = principal.role in (Role.INSURER_SYSTEM, Role.INSURER_EXAMINER)
    insurer = principal.organisation if is_insurer else None
    return Context(received_at=services.now(), hospital=hospital, insurer=insurer, stay=stay)


async def with_plan(services: ApiServices, kind: SubmissionKind, context: Context) -> Context:
    """Who may sign for whom is a rule of a plan; only these two say who signed."""
    if services.plans is None or kind not in (SubmissionKind.EPISODE, SubmissionKind.CONSENT):
        return context
    plans = await asyncio.to_thread(services.plans)
    return context.model_copy(update={"records_plan": plans.find(RECORDS_PLAN)})


async def known_stay(services: ApiServices, principal: Principal, episode_id: str) -> Stay:
    """The stay so far. Raises ``NotFound`` for an id that is unknown, malformed or another's."""
    check_episode_id(episode_id)
    return await services.directory.stay_of(principal, episode_id) or Stay()


def check_episode_id(episode_id: str) -> str:
    if not _EPISODE_ID.fullmatch(episode_id):
        raise NotFound("there is no such episode")
    return episode_id


def idempotency_key(request: Request) -> str | None:
    """The header, if sent. Raises ``HeaderRefused`` when it cannot be a key."""
    key = request.headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        fault = problem_fault("IDEMPOTENCY_KEY_FORM", "")
        raise HeaderRefused(fault.text.en, [fault], code=fault.code)
    return key


def rendered(answer: Answer) -> Response:
    place = _PLACES.get(answer.episode_id[:3], "episodes")
    location = f"/v1/{place}/{answer.episode_id}"
    if answer.submission_id:
        location = f"/v1/submissions/{answer.submission_id}"
    headers = {"Location": location}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    # The database keeps members in its own order: sorted, a repeated answer has the same bytes.
    content = json.dumps(answer.body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Response(
        content.encode(),
        status_code=answer.status,
        headers=headers,
        media_type="application/json",
    )
