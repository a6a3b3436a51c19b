"""Correcting a bill from its episode's repair pages: codes, charges and documents, with the new
split beside the old one before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.corrections import Correctable, Corrections
from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.kept_forms import Filled, filled, word_of
from crossclaim.console.repairing_pages import frame_of, page_fault, since, told_and_state
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.domain.allocation import Fault
from crossclaim.domain.bill_amendment import Amendment
from crossclaim.domain.bill_look import BillLooked
from crossclaim.domain.errors import Conflict, NotAuthenticated, NotFound, Refused, Unavailable
from crossclaim.domain.submission import ChargeCategory, DocumentKind, SurgeryClass
from crossclaim.security.roles import Operation, may

LINES_AT_ONCE = 20
MEMBERS = (
    "category",
    "code",
    "description",
    "service_date",
    "quantity",
    "unit_price",
    "surgery_class",
    "bundle",
)
_NEEDED = 7
"""A line that is new and has none of these is an empty row of the form."""
_LONGEST_MEMBER = 500
_MOST_FIELDS = 900


@dataclass(frozen=True)
class _Sheet:
    """What the page shows of one bill."""

    of: Correctable
    numbers: list[int]
    """Lines whose members can be typed, those that are new behind the others."""
    typed: dict[str, str]
    looked: BillLooked | None = None
    faults: tuple[Fault, ...] = ()


async def correct(request: Request) -> Response:
    """The bill as it stands; lines that were chosen can be typed over."""
    visitor = await enter(request, Operation.READ_REPAIRS, episode_id_of(request))
    of = await _chosen(request, visitor, request.query_params.get("bill", ""))
    known = {line.number for line in of.bill.lines}
    asked = [int(n) for n in request.query_params.getlist("line") if n.isdigit() and len(n) < 6]
    numbers = [number for number in dict.fromkeys(asked) if number in known]
    if request.query_params.get("add"):
        numbers.append(max(known) + 1)
    return await _shown(request, visitor, _Sheet(of, numbers[:LINES_AT_ONCE], {}))


async def order(request: Request) -> Response:
    """Looked at first, always: what is sent is what was shown, or it is shown anew."""
    sends = await word_of(request, _MOST_FIELDS) == "correct"
    operation = Operation.SUBMIT_BILL if sends else Operation.READ_REPAIRS
    episode_id = episode_id_of(request)
    back = f"/console/episodes/{episode_id}/repair/correct"
    sent = await filled(request, operation, episode_id, back, _MOST_FIELDS)
    of = await _chosen(request, sent.visitor, sent.text("bill"))
    sheet = _Sheet(of, _numbers(sent), sent.typed)
    if sent.stale:
        return await _shown(request, sent.visitor, replace(sheet, faults=tuple(sent.faults)))
    if sent.text("version") != str(of.bill.version):
        return await _refused(request, sent.visitor, sheet, [page_fault("repair_acted_before")])
    if not sent.text():
        return await _refused(request, sent.visitor, sheet, [page_fault("text_missing")])
    return await _judged(request, sent, sheet, sends=sends)


async def _judged(request: Request, sent: Filled, sheet: _Sheet, *, sends: bool) -> Response:
    corrections, principal = _corrections(request), sent.visitor.principal
    episode_id, change = episode_id_of(request), _amendment(sent, sheet)
    try:
        looked = await corrections.look(principal, episode_id, sheet.of, change)
        sheet = replace(sheet, looked=looked, faults=tuple(looked.faults))
        if not sends or looked.faults:
            status = 422 if looked.faults else 200
            return await _shown(request, sent.visitor, sheet, status)
        if sent.text("effect") != looked.effect():
            return await _refused(request, sent.visitor, sheet, [page_fault("correct_moved")])
        status = await corrections.correct(principal, episode_id, sheet.of, change)
    except Refused as refused:
        return await _refused(request, sent.visitor, sheet, refused.faults, refused.status)
    except Conflict:
        fault = page_fault("repair_acted_before")
        return await _refused(request, sent.visitor, sheet, [fault], 409)
    except Unavailable:
        return await _refused(request, sent.visitor, sheet, [page_fault("correct_silent")], 503)
    except NotAuthenticated as late:
        fault = page_fault("repair_sign_in_again")
        return await _refused(request, sent.visitor, sheet, [fault], late.status)
    here = f"/console/episodes/{episode_id}"
    if status == 202:
        return RedirectResponse(f"{here}/repair?said=repair_kept", 303)
    bill, newer = sheet.of.bill, sheet.of.next_version
    versions = f"from={bill.version}&to={newer}&said=correct_done"
    return RedirectResponse(f"{here}/bills/{bill.number}/difference?{versions}", 303)


async def _refused(
    request: Request,
    visitor: Visitor,
    sheet: _Sheet,
    faults: Iterable[Fault],
    status: int = 422,
) -> Response:
    return await _shown(request, visitor, replace(sheet, faults=tuple(faults)), status)


async def _shown(request: Request, visitor: Visitor, sheet: _Sheet, status: int = 200) -> Response:
    told, state = await told_and_state(request, visitor)
    services, bill = services_of(request), sheet.of.bill
    papers = []
    if services.episode is not None:
        details = await services.episode.details(visitor.principal, told.story.episode_id)
        named = {document.sha256 for document in bill.documents}
        papers = [paper for paper in details.papers if paper.sha256 not in named]
    known = {line.number: line for line in bill.lines}
    values: dict[str, Any] = {
        **frame_of(told, state),
        "names": {},
        "bill": bill,
        "others": [one.bill.number for one in await _all(request, visitor)],
        "chosen": [(number, known.get(number)) for number in sheet.numbers],
        "papers": papers,
        "typed": sheet.typed,
        "looked": sheet.looked,
        "faults": sheet.faults,
        "meanwhile": since(told.story.lines, sheet.typed.get("seen", "")) if sheet.faults else [],
        "now": datetime.now(UTC).isoformat(),
        "may_send": may(visitor.principal, Operation.SUBMIT_BILL),
        "categories": [one.value for one in ChargeCategory],
        "surgeries": [one.value for one in SurgeryClass],
        "kinds": [one.value for one in DocumentKind],
        "most": LINES_AT_ONCE,
    }
    return page(request, "correction", visitor, values, status)


def _numbers(sent: Filled) -> list[int]:
    given = [one for one in sent.several("chosen") if one.isdigit() and len(one) < 6]
    return [int(one) for one in dict.fromkeys(given)][:LINES_AT_ONCE]


def _amendment(sent: Filled, sheet: _Sheet) -> Amendment:
    known = {line.number for line in sheet.of.bill.lines}
    dropped = [n for n in sheet.numbers if n in known and sent.text(f"drop-{n}")]
    lines = {}
    for number in sheet.numbers:
        typed = {name: sent.text(f"line-{number}-{name}")[:_LONGEST_MEMBER] for name in MEMBERS}
        empty = number not in known and not any(typed[name] for name in MEMBERS[1:_NEEDED])
        if number not in dropped and not empty:
            lines[number] = typed
    documents = [
        {
            "kind": sent.text(f"document-{one.sha256}") or one.kind.value,
            "name": one.name,
            "sha256": one.sha256,
        }
        for one in sheet.of.bill.documents
        if not sent.text(f"away-{one.sha256}")
    ]
    if new := sent.text("paper"):
        kind, name = sent.text("paper-kind"), sent.text("paper-name")
        documents.append({"kind": kind, "name": name, "sha256": new})
    return Amendment(lines=lines, dropped=dropped, documents=documents, reason=sent.text())


async def _all(request: Request, visitor: Visitor) -> list[Correctable]:
    return await _corrections(request).bills(visitor.principal, episode_id_of(request))


async def _chosen(request: Request, visitor: Visitor, number: str) -> Correctable:
    found = await _all(request, visitor)
    one = next((one for one in found if not number or one.bill.number == number), None)
    if one is None:
        raise NotFound("no final version of this bill stands")
    return one


def _corrections(request: Request) -> Corrections:
    known = services_of(request).corrections
    if known is None:
        raise NotFound("no bill is corrected here")
    return known
