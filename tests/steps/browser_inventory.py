"""Every page of the console and of patients, how one comes there, and as whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route, compile_path

from crossclaim.api.signing_in import pages as sign_in

_EPISODE = "/console/episodes/{%s}"
_REPAIR = "/console/episodes/{%s}/repair"
_CLAIM = "/console/episodes/{claimed}/claims/{claim}"
_PATIENT = "/patient/episodes/{%s}"

NO_PAGES = {
    "/console": "leads to the start",
    "/console/": "leads to the start",
    "/console/episodes.csv": "a file",
    "/console/episodes.xlsx": "a file",
    "/console/episodes/{episode_id}/live": "a stream",
    "/console/episodes/{episode_id}/papers/{sha256}/content": "a file",
    "/console/exceptions.csv": "a file",
    "/console/exceptions.xlsx": "a file",
    "/console/desk/next": "leads to the next claim",
    "/console/episodes/{episode_id}/claims/{claim_id}/documents/{sha256}": "a file",
    "/console/finance/days/{bank}/{account}/{day}/items.{form}": "a file",
    "/console/finance/sources/{source}/{organisation}/{day}/items.{form}": "a file",
    "/console/finance/settlements/{hospital}/{funder}/{day}.{form}": "a file",
    "/console/finance/files/{table}.{form}": "a file",
    "/console/figures/{indicator}.{form}": "a file",
    "/console/rules/proposals/{proposal_id}/backtests/{backtest_id}.csv": "a file",
    "/patient/episodes/{episode_id}/letters/{claim_id}/{kind}": "a file",
    "/sign-in/start": "leads to the provider",
    "/sign-in/back": "comes from the provider",
}
"""Addresses that a browser fetches and that are no pages of ours."""


@dataclass(frozen=True)
class Seen:
    """``who``: a walker or a patient of the scene; nobody has signed in for the empty word.

    ``then`` is done there by a form before the page is looked at.
    """

    who: str
    at: str
    status: int = 200
    then: Callable[[Page], int] | None = None


def _sends(form: str, **typed: str) -> Callable[[Page], int]:
    """Types into fields by their names, and sends the form; the answer's status."""

    def send(page: Page) -> int:
        for name, text in typed.items():
            page.locator(f"{form} [name='{name}']").first.fill(text)
        with page.expect_navigation() as answered:
            page.locator(f"{form} button:not([aria-hidden])").first.click()
        assert answered.value is not None
        return answered.value.status

    return send


def _session_over(form: str, **typed: str) -> Callable[[Page], int]:
    """The session ends in the middle of a form."""
    send = _sends(form, **typed)

    def end_and_send(page: Page) -> int:
        page.context.clear_cookies(name="walker")
        return send(page)

    return end_and_send


_STAFF = (
    Seen("staff", "/console/episodes"),
    Seen("staff", "/console/episodes?state=nonsense&after=x&hospital=nowhere&language=xx"),
    Seen("staff", "/console/episodes", then=_sends(".find", text="<script>alert(1)</script>")),
    Seen("staff", _EPISODE % "visit"),
    Seen("staff", _EPISODE % "empty"),
    Seen("staff", _EPISODE % "stay"),
    Seen("staff", _EPISODE % "stay" + "/history"),
    Seen("staff", _EPISODE % "stay" + "/history?upto=4"),
    Seen("staff", _EPISODE % "stay" + "/bills/{bill}/difference?from=1&to=2"),
    Seen("staff", _EPISODE % "bureau" + "/messages/{attempt}"),
    Seen(
        "staff",
        _EPISODE % "bureau" + "/messages/{attempt}",
        then=_sends("form[action$='/in-clear']", text="the bureau asks about this person"),
    ),
    Seen("staff", _EPISODE % "visit" + "/papers/{paper}"),
    Seen("hospital", _EPISODE % "visit" + "/papers/{paper}"),
    Seen("staff", "/console/exceptions"),
    Seen("staff", "/console/exceptions?shape=list"),
    Seen("staff", "/console/exceptions/{item}"),
    Seen("staff", "/console/exceptions/actions/{action}"),
    Seen("staff", "/console/figures"),
    Seen("staff", "/console/figures/direct_billing"),
    Seen("staff", "/console/rules"),
    Seen("staff", "/console/rules/plans/vhis-standard-hk"),
    Seen(
        "staff",
        "/console/rules/plans/hospital-scale-hk/differences?before={version}&after={version}",
    ),
    Seen("staff", "/console/rules/proposals/new?plan=hospital-scale-hk"),
    Seen(
        "staff",
        "/console/rules/proposals/new",
        422,
        then=_sends("main form", plan="id: none\nstray: <b>1</b>\n"),
    ),
    Seen("staff", "/console/rules/proposals/{proposal}"),
    Seen("operator", "/console/operations"),
    Seen("operator", "/console/operations/parties/slow-party"),
    Seen("operator", "/console/operations/schedules/audit-seal"),
    Seen("staff", "/console/webhooks"),
    Seen("hospital", "/console/webhooks"),
    Seen("hospital", "/console/webhooks/{endpoint}"),
    Seen("hospital", "/console/webhooks/{endpoint}/messages/{event}"),
    Seen(
        "staff",
        _EPISODE % "stay",
        403,
        then=_session_over("form[action$='/notes']", text="my own words"),
    ),
)
_REPAIRS = (
    Seen("staff", _REPAIR % "visit"),
    Seen("staff", _REPAIR % "held"),
    Seen("staff", _REPAIR % "visit" + "/hold"),
    Seen("staff", _REPAIR % "held" + "/release"),
    Seen("staff", _REPAIR % "held" + "/hold"),
    Seen("staff", _REPAIR % "visit" + "/again"),
    Seen("staff", _REPAIR % "visit" + "/reset"),
    Seen("hospital", _REPAIR % "visit" + "/correct"),
    Seen("staff", _REPAIR % "cycle" + "/cancel"),
    Seen("staff", _REPAIR % "skippable" + "/skip"),
    Seen("staff", _REPAIR % "skipped"),
    Seen("staff", _REPAIR % "skipped" + "/decide?number={to_skip}"),
    Seen("hospital", _REPAIR % "returned"),
    Seen("hospital", _REPAIR % "returned" + "/account"),
    Seen("staff", _REPAIR % "visit" + "/pay-twice", 404),
)
_DESKS = (
    Seen("examiner", "/console/desk"),
    Seen("mutual", "/console/desk"),
    Seen("examiner", "/console/desk/samples"),
    Seen("examiner", _CLAIM + "?paper={claim_paper}"),
    Seen("mutual", _EPISODE % "stay"),
    Seen("mutual", _EPISODE % "guaranteed" + "/letters/{letter}"),
    Seen("finance", "/console/finance"),
    Seen("finance", "/console/finance/reconciliation"),
    Seen("finance", "/console/finance/payouts"),
    Seen("finance", "/console/finance/payouts/{payout}"),
    Seen("finance", "/console/finance/receivables"),
    Seen("finance", "/console/finance/claw-backs"),
    Seen("finance", "/console/finance/claw-backs/{claw_back}"),
    Seen("finance", "/console/finance/drift"),
    Seen("finance", "/console/finance/settlements"),
    Seen("banker", "/console/finance/reconciliation"),
    Seen("banker", "/console/finance/{bank_day}"),
    Seen("banker", "/console/finance/{source_day}"),
    Seen("operator", "/console/finance/reconciliation", 403),
)
_NOBODY = (
    Seen("", "/console/no-sign-in", 503),
    Seen("", "/sign-in?return_to=/console"),
    Seen("", "/console/nowhere", 404),
    Seen("", "/patient/in/{link}"),
    Seen("", "/patient/in/{link}", 403, then=_sends("main form", document="0000")),
    Seen("", "/patient/", 401),
    Seen("", "/patient/texts"),
    Seen("", "/patient/nowhere", 404),
)
_PATIENTS = (
    Seen("patient", "/patient/"),
    Seen("patient", _PATIENT % "treated"),
    Seen("patient", _PATIENT % "coming"),
    Seen("claimant", _PATIENT % "lacking"),
    Seen("patient", _PATIENT % "treated" + "/looks"),
    Seen("patient", _PATIENT % "treated" + "/consents"),
    Seen("patient", _PATIENT % "treated" + "/consents/withdrawal?type=PI_CROSS_BORDER"),
    Seen("patient", _PATIENT % "coming" + "/estimate"),
    Seen("patient", _PATIENT % "coming" + "/estimate", then=_sends("main form", text="900.00")),
    Seen("patient", _PATIENT % "treated" + "/appeals/{decided}"),
    Seen("spouse", _PATIENT % "shared" + "/vouchers"),
    Seen("spouse", _PATIENT % "treated", 404),
)
PAGES = (*_STAFF, *_REPAIRS, *_DESKS, *_NOBODY, *_PATIENTS)


def addresses(application: Starlette) -> list[str]:
    """Every address that a browser may fetch, in the order in which one is found."""
    return list(_of([*application.routes, *sign_in.routes], ""))


def _of(routes: list[BaseRoute], before: str) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount) and route.routes:
            yield from _of(list(route.routes), before + route.path)
        elif isinstance(route, Route) and "GET" in (route.methods or ()):
            yield before + route.path


def address_of(path: str, among: list[str]) -> str:
    """Which of them answers a path; none: the empty word."""
    bare = path.partition("?")[0]
    return next((one for one in among if compile_path(one)[0].fullmatch(bare)), "")
