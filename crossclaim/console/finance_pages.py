"""Finance: payouts by state, what each account is owed, exposures, and days of the bank."""

from __future__ import annotations

from collections import defaultdict

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter
from crossclaim.console.services import services_of
from crossclaim.console.view import page
from crossclaim.security.roles import Operation
from crossclaim.store.finance_reads import AccountLeft


async def finance(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_BANK, "finance")
    found = await services_of(request).desk.finance(visitor.principal)
    kinds: dict[str, list[AccountLeft]] = defaultdict(list)
    for left in found.accounts:
        kinds[left.kind].append(left)
    return page(request, "finance", visitor, {"finance": found, "kinds": kinds})
