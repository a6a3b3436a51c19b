"""Which operation each route declares, and the page that tells who may do what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from crossclaim.api.access import Requires
from crossclaim.security.conditions import CONDITIONS, Condition
from crossclaim.security.roles import KINDS, POLICY, Operation, Role

_CONDITIONS = {
    Condition.SECOND_PERSON: "not whoever took the step before",
    Condition.STEP_UP: "a person has signed in within the last minutes",
    Condition.MAINLAND_LICENCE: "a person needs a mainland licence for care in the mainland",
}


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route, those of included routers too."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from routes_of(router.routes)
        else:
            yield route


def operations_of(route: BaseRoute) -> list[Operation]:
    """The operation that the route asks for; none for a public one."""
    return _declared(route.dependant) if isinstance(route, APIRoute) else []


def _declared(dependant: Dependant) -> list[Operation]:
    own = [dependant.call.operation] if isinstance(dependant.call, Requires) else []
    return own + [op for part in dependant.dependencies for op in _declared(part)]


def sentence_of(operation: Operation) -> str:
    """Who may, in one line."""
    roles = ", ".join(role.value for role in Role if role in POLICY[operation])
    also = [_CONDITIONS[c] for c in Condition if c in CONDITIONS.get(operation, frozenset())]
    return f"Who may: {roles}." + (f" Also asked: {'; '.join(also)}." if also else "")


def tell_who_may(
    app: FastAPI, document: dict[str, Any], refusals: Mapping[int | str, dict[str, Any]]
) -> None:
    """Adds to each described operation its roles (`x-roles`), conditions, operation name and the
    refusals that every guarded route has."""
    for route in routes_of(app.routes):
        if not isinstance(route, APIRoute):
            continue
        for operation in operations_of(route):
            for method in route.methods or ():
                told = document["paths"].get(route.path_format, {}).get(method.lower())
                if told is None:
                    continue
                told["x-operation"] = operation.value
                for status, refusal in refusals.items():
                    told["responses"].setdefault(str(status), refusal)
                told["x-roles"] = [r.value for r in Role if r in POLICY[operation]]
                found = CONDITIONS.get(operation, frozenset())
                if found:
                    told["x-conditions"] = [c.value for c in Condition if c in found]
                before = str(told.get("description", "")).rstrip()
                told["description"] = f"{before}\n\n{sentence_of(operation)}".lstrip()


_HEAD = """# Who may do what

Generated from `crossclaim/security/roles.py` and `conditions.py` (`crossclaim roles`); a test
compares it. A route declares one operation; what has no row is nobody's. Whose episode it is,
row-level security decides: another organisation's is 404, like one that does not exist. A
credential can be narrowed to scopes: names of operations, or `read` for all that reads. Each kind
of organisation has roles of its own; a credential with another one opens nothing.

| role | of | what it is for |
|---|---|---|
"""


def page_of(app: FastAPI) -> str:
    """`docs/roles.md`."""
    addresses: dict[Operation, list[str]] = {}
    for route in routes_of(app.routes):
        for operation in operations_of(route):
            assert isinstance(route, APIRoute)
            methods = " ".join(sorted(route.methods or ()))
            addresses.setdefault(operation, []).append(f"`{methods} {route.path}`")
    lines = [_HEAD.rstrip("\n")]
    kind_of = {role: kind for kind, roles in KINDS.items() for role in roles}
    lines += [f"| `{role.value}` | {kind_of[role]} | {_PURPOSES[role]} |" for role in Role]
    lines += ["", "| operation | roles | also asked | addresses |", "|---|---|---|---|"]
    for operation in Operation:
        roles = ", ".join(role.value for role in Role if role in POLICY[operation])
        found = CONDITIONS.get(operation, frozenset())
        also = "; ".join(_CONDITIONS[c] for c in Condition if c in found)
        where = ", ".join(sorted(addresses.get(operation, [])))
        lines.append(f"| `{operation.value}` | {roles} | {also} | {where} |")
    return "\n".join(lines) + "\n"


_PURPOSES = {
    Role.HOSPITAL_BILLING: "A hospital's cashier window or its system.",
    Role.HOSPITAL_PROVIDER: "A provider of the voucher scheme: confirms what a clerk has entered.",
    Role.HOSPITAL_FINANCE: "A hospital's accounts: reconciles, confirms what it pays back.",
    Role.INSURER_SYSTEM: "An insurer's claims system.",
    Role.INSURER_EXAMINER: "An insurer's examiner.",
    Role.INSURER_SUPERVISOR: "The second look at an insurer: confirms, approves, decides appeals.",
    Role.FINANCE: "A payer's accounts: releases payouts, remits, reconciles, takes money back.",
    Role.SUPPORT: "Support staff: reads, holds and lets go on; decides nothing.",
    Role.SUPPORT_SUPERVISOR: "The second person of support; reads what support reads.",
    Role.OPERATOR: "Runs the platform: sees that and why an episode waits, not the person.",
    Role.AUDITOR: "Reads everything, changes nothing.",
}
