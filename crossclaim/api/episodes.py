"""Episodes: submit one, list them, read one, read its story."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import EpisodeAnswer, EpisodesAnswer, StoryAnswer, answers
from crossclaim.api.entry import check, check_episode_id, take
from crossclaim.api.openapi import documented, documented_check, problems
from crossclaim.api.services import EpisodeFilters, services_of
from crossclaim.api.whole_answer import WholeRoute
from crossclaim.domain.language import Language, preferred_language
from crossclaim.domain.submission import EpisodeSubmission, SubmissionKind
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["episodes"], route_class=WholeRoute)

Code = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}$")]
Cursor = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_\-=.]{1,512}$")]


@router.post("/v1/episodes", **documented(EpisodeSubmission))
async def submit_episode(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_EPISODE))],
) -> Response:
    """Submit an episode: visit, patient, coverages and consents."""
    return await take(request, principal, SubmissionKind.EPISODE)


@router.post("/v1/episode-checks", **documented_check(EpisodeSubmission))
async def check_episode(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.SUBMIT_EPISODE))],
) -> Response:
    """Judge the form of an episode and keep nothing: what its funders say is told when it opens."""
    return await check(request, principal, SubmissionKind.EPISODE)


@router.get(
    "/v1/episodes",
    response_model=None,
    responses={**answers(EpisodesAnswer), **problems(401, 403, 422, 503)},
)
async def list_episodes(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.LIST_EPISODES))],
    state: Code = None,
    hospital: Code = None,
    visit: Code = None,
    order: Literal["newest", "oldest"] = "newest",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List the episodes that you may see; ``next`` is the cursor of the next page."""
    filters = EpisodeFilters(state=state, hospital=hospital, visit=visit, limit=limit, order=order)
    return await services_of(request).reads.episodes(principal, filters, cursor)


@router.get(
    "/v1/episodes/{episode_id}",
    response_model=None,
    responses={**answers(EpisodeAnswer), **problems(401, 403, 404, 503)},
)
async def read_episode(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_EPISODE))],
) -> dict[str, Any]:
    """Read one episode: state, bills with their split, claims, payouts."""
    return await services_of(request).reads.episode(principal, check_episode_id(episode_id))


@router.get(
    "/v1/episodes/{episode_id}/story",
    response_model=None,
    responses={**answers(StoryAnswer), **problems(401, 403, 404, 503)},
)
async def read_story(
    episode_id: str,
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_STORY))],
    language: Language | None = None,
) -> dict[str, Any]:
    """Read what happened, in sentences: who, what, when, money, what it waits for.

    ``story`` holds one line per fact with its time (``at``), ``kind`` and ``source``: the row, or
    the run and its event, that tells it. ``waiting`` is null once the episode is closed.
    """
    chosen = language or preferred_language(request.headers.get("accept-language"))
    reads = services_of(request).reads
    return await reads.story(principal, check_episode_id(episode_id), chosen.value)
