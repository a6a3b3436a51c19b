"""A changed rule file: all its faults told at once, tried on claims, put in force by two."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import GoTo, enter
from crossclaim.console.forms import LONGEST_TEXT, is_ours
from crossclaim.console.rule_pages import day_of, desk_of, today
from crossclaim.console.rules import Backtest
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.documents.csv_cells import text_cell
from crossclaim.domain.backtest_sums import BacktestResult, grouped
from crossclaim.domain.errors import NotFound
from crossclaim.domain.money import fen
from crossclaim.domain.plan_proposal import ProposalState
from crossclaim.domain.plan_reading import named, readable_on
from crossclaim.plans.difference import difference
from crossclaim.plans.fault import PlanFault, PlanInvalid
from crossclaim.security.roles import Operation, may

LONGEST_FILE = 262_144
MONTHS_BACK = 24
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_ID = re.compile(r"pp_[0-9A-Z]{26}")
_WORDS = {"confirm": "confirmed", "refuse": "refused", "take_back": "taken_back"}


async def new(request: Request) -> Response:
    """A form with the running file, to be changed here or replaced by a file."""
    visitor = await enter(request, Operation.PROPOSE_PLAN, "plan")
    plan_id = request.query_params.get("plan", "")
    text = await desk_of(request).text(visitor.principal, plan_id) if plan_id else ""
    return _form(request, visitor, text=text)


async def propose(request: Request) -> Response:
    """Keeps a file without a fault; else every fault, and what was sent stands there still."""
    visitor, form = await sent(request, Operation.PROPOSE_PLAN, "/console/rules/proposals/new")
    text, reason = await _file_of(form), _line(form, "reason")
    given = _line(form, "from")
    wanted = day_of(given)
    missing = []
    if not reason:
        missing.append("plan_reason_missing")
    if given and (wanted is None or wanted < today()):
        missing.append("plan_day_past")
    desk = desk_of(request)
    judged = await desk.judge(visitor.principal, text)
    if missing or judged.faults or form.get("only_check"):
        return _form(
            request,
            visitor,
            text=text,
            reason=reason,
            wanted=given,
            faults=judged.faults,
            missing=missing,
            checked=not judged.faults,
        )
    try:
        made = await desk.propose(visitor.principal, text, wanted, reason)
    except PlanInvalid as invalid:
        return _form(
            request, visitor, text=text, reason=reason, wanted=given, faults=invalid.faults
        )
    return RedirectResponse(f"/console/rules/proposals/{made}?said=plan_proposed", 303)


def _form(
    request: Request,
    visitor: Visitor,
    *,
    text: str,
    reason: str = "",
    wanted: str = "",
    faults: list[PlanFault] | None = None,
    missing: list[str] | None = None,
    checked: bool = False,
) -> Response:
    values = {
        "text": text,
        "reason": reason,
        "wanted": wanted,
        "earliest": today(),
        "faults": faults or [],
        "missing": missing or [],
        "checked": checked,
    }
    return page(request, "plan_new", visitor, values, 422 if faults or missing else 200)


async def proposal(request: Request) -> Response:
    """What it changes, what it would have done to claims, and who said what of it."""
    proposal_id = _proposal_of(request)
    visitor = await enter(request, Operation.READ_RULES, proposal_id)
    told = await desk_of(request).proposal(visitor.principal, proposal_id)
    state = told.proposal.state(_now())
    waits = state is ProposalState.WAITS
    decides = may(visitor.principal, Operation.DECIDE_PLAN)
    proposes = may(visitor.principal, Operation.PROPOSE_PLAN)
    same = visitor.principal.actor == told.proposal.proposed_by
    matching = services_of(request).matching
    people = {told.proposal.proposed_by, *(word.person for word in told.proposal.words)}
    names = {} if matching is None else await matching.names(visitor.principal, people)
    compared = difference(told.before, told.plan) if told.before and told.plan else None
    return page(
        request,
        "plan_proposal",
        visitor,
        {
            "told": told,
            "proposal": told.proposal,
            "names": names,
            "state": state.value,
            "found": compared,
            "readable_on": readable_on,
            "named": named,
            "may_confirm": waits and decides and not same,
            "may_refuse": waits and decides and not same,
            "may_take_back": state in (ProposalState.WAITS, ProposalState.ACTIVATED)
            and (decides or proposes),
            "may_test": proposes and told.plan is not None,
            "waits_for_another": waits and same,
            "months": _months(),
            "pictures": {one.id: pictured(one.result) for one in told.backtests if one.result},
            "runs": any(one.state in ("asked", "running") for one in told.backtests),
        },
    )


async def decide(request: Request) -> Response:
    """Confirms, refuses or takes back: what came too late or from the wrong person changes
    nothing and says so."""
    proposal_id, word = _proposal_of(request), str(request.path_params["word"])
    if word not in _WORDS:
        raise NotFound("there is no such word")
    back = f"/console/rules/proposals/{proposal_id}"
    operation = Operation.PROPOSE_PLAN if word == "take_back" else Operation.DECIDE_PLAN
    visitor, form = await sent(request, operation, back, about=proposal_id)
    reason = _line(form, "text")
    if not reason and word != "confirm":
        return RedirectResponse(f"{back}?said=text_missing", 303)
    desk = desk_of(request)
    said = await desk.say(visitor.principal, proposal_id, _WORDS[word], reason)
    await services_of(request).desk.looked(
        visitor.principal, f"{operation.value}:{word}", proposal_id, said
    )
    return RedirectResponse(f"{back}?said={said}", 303)


async def ask_backtest(request: Request) -> Response:
    proposal_id = _proposal_of(request)
    back = f"/console/rules/proposals/{proposal_id}"
    visitor, form = await sent(request, Operation.PROPOSE_PLAN, back, about=proposal_id)
    month = _line(form, "month")
    if not _MONTH.fullmatch(month):
        return RedirectResponse(f"{back}?said=plan_month_wrong", 303)
    await desk_of(request).ask_backtest(visitor.principal, proposal_id, month)
    return RedirectResponse(f"{back}?said=plan_test_begun#tests", 303)


async def backtest_csv(request: Request) -> Response:
    """One row for each payer, hospital and month; amounts in CNY as decimal texts."""
    proposal_id, wanted = _proposal_of(request), str(request.path_params["backtest_id"])
    visitor = await enter(request, Operation.READ_RULES, proposal_id)
    told = await desk_of(request).proposal(visitor.principal, proposal_id)
    found = next((one for one in told.backtests if one.id == wanted and one.result), None)
    if found is None or found.result is None:
        raise NotFound("there is no such back-test")
    return Response(
        _csv(found.result),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_file_name(found)}"'},
    )


def _file_name(found: Backtest) -> str:
    return f"backtest-{found.month}-{found.id[-6:].lower()}.csv"


def _csv(result: BacktestResult) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(
        [
            "payer",
            "hospital",
            "month",
            "claims",
            "running_cny",
            "changed_cny",
            "difference_cny",
            "pays_less",
            "pays_more",
            "refused_running",
            "refused_changed",
        ]
    )
    for one in result.sums:
        amounts = (one.running_fen, one.changed_fen, one.difference_fen)
        writer.writerow(
            [
                text_cell(one.payer),
                text_cell(one.hospital),
                one.month,
                one.claims,
                *(fen(amount).decimal_text() for amount in amounts),
                one.pays_less,
                one.pays_more,
                one.refused_running,
                one.refused_changed,
            ]
        )
    return "\ufeff" + lines.getvalue()


def pictured(result: BacktestResult) -> list[tuple[str, list[dict[str, object]]]]:
    """Rows for three tables, each with a bar left (pays less) or right of the middle (more)."""
    patients = [one for one in result.sums if one.payer == "patient"]
    tables = [
        ("plan_by_payer", grouped(result.sums, lambda one: one.payer)),
        ("plan_by_hospital", grouped(patients, lambda one: one.hospital)),
        ("plan_by_month", grouped(patients, lambda one: one.month)),
    ]
    told = []
    for title, groups in tables:
        widest = max((abs(one.difference_fen) for one in groups), default=0) or 1
        rows = [{"sums": one, "width": abs(one.difference_fen) * 500 // widest} for one in groups]
        told.append((title, rows))
    return told


async def sent(
    request: Request, operation: Operation, back: str, about: str = "plan"
) -> tuple[Visitor, FormData]:
    """As ``forms.form_of``, for pages that are about no episode."""
    form = await request.form(max_files=1, max_fields=10)
    visitor = await services_of(request).visitors.visitor(request)
    if visitor is None or not is_ours(request, visitor, form):
        kept = [await _file_of(form), _line(form, "reason"), _line(form, "text")]
        values = {
            "text": "\n".join(part for part in kept if part),
            "back": back,
            "sign_in": services_of(request).visitors.sign_in_path(back),
        }
        raise GoTo(page(request, "send_again_here", visitor, values, 403))
    return await enter(request, operation, about), form


async def _file_of(form: FormData) -> str:
    """The uploaded file where there is one, else what stands in the box."""
    sent_file = form.get("file")
    if isinstance(sent_file, UploadFile) and sent_file.filename:
        body = await sent_file.read(LONGEST_FILE + 1)
        return body[:LONGEST_FILE].decode("utf-8", errors="replace").replace("\x00", "\ufffd")
    text = form.get("plan", "")
    return str(text)[:LONGEST_FILE].replace("\r\n", "\n").replace("\x00", "\ufffd")


def _line(form: FormData, name: str) -> str:
    value = form.get(name, "")
    if isinstance(value, UploadFile):
        return ""
    return " ".join(str(value).replace("\x00", "").split())[:LONGEST_TEXT]


def _proposal_of(request: Request) -> str:
    """Of the address. Raises ``NotFound`` for what is none."""
    given = str(request.path_params["proposal_id"])
    if not _ID.fullmatch(given):
        raise NotFound("there is no such proposal")
    return given


def _months() -> list[str]:
    """This month, last month, and those before it."""
    day = today().replace(day=1)
    months = [f"{day:%Y-%m}"]
    for _ in range(MONTHS_BACK):
        day = (day - timedelta(days=1)).replace(day=1)
        months.append(f"{day:%Y-%m}")
    return months


def _now() -> datetime:
    return datetime.now(UTC)
