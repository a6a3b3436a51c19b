"""Rules: plans by date, a plan on a day, and what differs between two files or two days."""

from __future__ import annotations

from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter
from crossclaim.console.rules import ListedPlan, RulesDesk
from crossclaim.console.search_fields import several
from crossclaim.console.services import services_of
from crossclaim.console.view import page
from crossclaim.domain.errors import NotFound
from crossclaim.domain.plan import Plan
from crossclaim.domain.plan_proposal import ProposalState
from crossclaim.domain.plan_reading import (
    between_days,
    named,
    read_on,
    readable_on,
)
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.plans.difference import difference
from crossclaim.security.roles import Operation, may

_OPEN = (ProposalState.WAITS, ProposalState.ACTIVATED)


def desk_of(request: Request) -> RulesDesk:
    """Raises ``NotFound`` where the house has no rules to show."""
    desk = services_of(request).rules
    if desk is None:
        raise NotFound("rules are not served here")
    return desk


async def rules(request: Request) -> Response:
    """Every plan that the visitor may see, what runs, what is ahead, and open proposals."""
    visitor = await enter(request, Operation.READ_RULES, "rules")
    desk, given = desk_of(request), request.query_params
    listed = await desk.plans(visitor.principal)
    proposals = await desk.proposals(visitor.principal, None)
    now = datetime.now(REGION_ZONE)
    funders, places = several(given, "funder"), several(given, "jurisdiction")
    return page(
        request,
        "rules",
        visitor,
        {
            "plans": [
                one
                for one in listed
                if (not funders or one.plan.funder.value in funders)
                and (not places or one.plan.jurisdiction in places)
            ],
            "funders": sorted({one.plan.funder.value for one in listed}),
            "jurisdictions": sorted({one.plan.jurisdiction for one in listed}),
            "chosen": {"funder": funders, "jurisdiction": places},
            "assumed": _assumed,
            "open_proposals": [
                (one, one.state(now).value) for one in proposals if one.state(now) in _OPEN
            ],
            "may_propose": may(visitor.principal, Operation.PROPOSE_PLAN),
        },
    )


def _assumed(plan: Plan) -> int:
    return sum(parameter.assumption for parameter in plan.parameters.values())


async def plan(request: Request) -> Response:
    """One plan as it reads on a day, by the file that runs or by an older or later one."""
    plan_id = str(request.path_params["plan_id"])
    visitor = await enter(request, Operation.READ_RULES, plan_id[:80])
    desk, given = desk_of(request), request.query_params
    listed = await desk.plan(visitor.principal, plan_id)
    shown = await desk.version(visitor.principal, plan_id, _version_of(given.get("version", "")))
    on = day_of(given.get("on", "")) or today()
    proposals = await desk.proposals(visitor.principal, plan_id)
    now, matching = datetime.now(REGION_ZONE), services_of(request).matching
    people = [one.by for one in listed.versions if one.by]
    return page(
        request,
        "plan",
        visitor,
        {
            "listed": listed,
            "plan": shown,
            "on": on,
            "groups": read_on(shown, on),
            "names": {} if matching is None else await matching.names(visitor.principal, people),
            "days": changing_days(shown),
            "proposals": [(one, one.state(now).value) for one in proposals],
            "may_propose": may(visitor.principal, Operation.PROPOSE_PLAN),
        },
    )


async def differences(request: Request) -> Response:
    """Two files of a plan compared through time, or one file on two days."""
    plan_id = str(request.path_params["plan_id"])
    visitor = await enter(request, Operation.READ_RULES, plan_id[:80])
    desk, given = desk_of(request), request.query_params
    listed = await desk.plan(visitor.principal, plan_id)
    before = await desk.version(visitor.principal, plan_id, _version_of(given.get("before", "")))
    after = await desk.version(visitor.principal, plan_id, _version_of(given.get("after", "")))
    first, then = day_of(given.get("first", "")), day_of(given.get("then", ""))
    by_days = before.version == after.version and first is not None and then is not None
    return page(
        request,
        "plan_difference",
        visitor,
        {
            "listed": listed,
            "before": before,
            "after": after,
            "first": first,
            "then": then,
            "by_days": by_days,
            "day_changes": between_days(before, first, then) if by_days and first and then else [],
            "found": difference(before, after),
            "readable_on": readable_on,
            "named": named,
            "versions": known_versions(listed),
        },
    )


def _version_of(given: str) -> str:
    """As it was asked for, without what no row can hold."""
    return given.replace("\x00", "")


def known_versions(listed: ListedPlan) -> list[str]:
    """Versions that can be shown, newest first, each once."""
    return list(dict.fromkeys(one.version for one in listed.versions if one.version))


def changing_days(plan: Plan) -> list[date]:
    """Days on which a value of the file begins or ends, the newest first."""
    days = {dated.since for one in plan.parameters.values() for dated in one.values}
    return sorted(days, reverse=True)


def day_of(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def today() -> date:
    return datetime.now(REGION_ZONE).date()
