"""Days to reconcile: both sides of a day, matched, explained and taken back by a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter
from crossclaim.console.kept_forms import Filled, filled, word_of
from crossclaim.console.matching import (
    BankDayToReconcile,
    MadeMatch,
    Matching,
    ToReconcile,
    left_of,
    with_mates,
)
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import Speech, language_of, page
from crossclaim.documents.table_export import MEDIA_TYPES, table_file
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.match_order import MOST_ITEMS, OrderKind
from crossclaim.domain.source_items import Source
from crossclaim.security.roles import Operation, may

_CODE = re.compile(r"[a-z0-9\-]{1,64}")
_ACCOUNT = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_KEY = re.compile(r"[\x21-\x7e]{1,60}")
_FIELDS = 2 * MOST_ITEMS + 20


@dataclass(frozen=True)
class Place:
    """Which day of what, by its address."""

    url: str
    of_bank: bool
    bank: str
    account: str
    source: str
    organisation: str
    day: date

    async def read(self, matching: Matching, visitor: Visitor) -> ToReconcile:
        who = visitor.principal
        if self.of_bank:
            return await matching.bank_day(who, self.bank, self.account, self.day)
        return await matching.source_day(who, self.source, self.organisation, self.day)


@dataclass(frozen=True)
class Choice:
    """What of the two sides is ticked."""

    theirs: list[str]
    ours: list[str]
    exceptions: list[str]

    @property
    def all(self) -> list[str]:
        return [*self.theirs, *self.ours]


_NOTHING = Choice([], [], [])


async def days(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_BANK, "reconciliation")
    found = await _matching(request).days(visitor.principal)
    waiting = [one for one in found if one.state == "open" or one.open]
    shown = found if "all" in request.query_params else waiting
    return page(request, "reconciliation", visitor, {"days": shown, "every": len(found)})


async def day(request: Request) -> Response:
    place = _place(request)
    visitor = await enter(request, Operation.READ_BANK, "reconciliation day")
    found = await place.read(_matching(request), visitor)
    return await _shown(request, visitor, place, found, _NOTHING)


async def items_file(request: Request) -> Response:
    """Both sides of a day as a file."""
    place, form = _place(request), str(request.path_params["form"])
    if form not in MEDIA_TYPES:
        raise NotFound("there is no such file")
    visitor = await enter(request, Operation.READ_BANK, "export reconciliation day")
    found = await place.read(_matching(request), visitor)
    say = Speech(language_of(request), services_of(request).reference)
    rows = [
        (
            say("side_ours" if item.side == "ours" else "side_theirs"),
            item.day.isoformat() if item.day else "",
            item.name,
            say.movement(item.detail) if item.detail else "",
            item.currency,
            Decimal(item.amount_minor).scaleb(-2),
            say.bank(item.why) or say.bank(item.status),
            say.state("open") if item.open else say.state("closed"),
        )
        for item in found.items()
    ]
    words = ("party", "day", "reference", "kind", "currency", "amount", "why", "state")
    content = table_file(
        "xlsx" if form == "xlsx" else "csv", place.day.isoformat(), [say(w) for w in words], rows
    )
    headers = {"Content-Disposition": f'attachment; filename="day-{place.day}.{form}"'}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


async def choose(request: Request) -> Response:
    """Compares what is ticked, matches it or explains it."""
    place = _place(request)
    word = await word_of(request, _FIELDS)
    orders = word in ("match", "explain")
    operation = Operation.MATCH_BANK if orders else Operation.READ_BANK
    sent = await filled(request, operation, "reconciliation day", f"/console{place.url}", _FIELDS)
    matching, visitor = _matching(request), sent.visitor
    found = await place.read(matching, visitor)
    choice = _choice(sent, found)
    if sent.stale or not orders:
        return await _shown(request, visitor, place, found, choice, sent.typed, sent.faults)
    kind, content = _order(place, choice, word, sent, visitor)
    try:
        status = await matching.order(visitor.principal, kind, content, _key(sent))
    except Refused as refused:
        meanwhile = _meanwhile(await place.read(matching, visitor), choice)
        return await _shown(
            request, visitor, place, found, choice, sent.typed, refused.faults, meanwhile, 422
        )
    said = "order_waits" if status == 202 else f"order_{word}ed"
    return RedirectResponse(f"/console{place.url}?said={said}", 303)


async def undo(request: Request) -> Response:
    place = _place(request)
    sent = await filled(request, Operation.MATCH_BANK, "reconciliation day", f"/console{place.url}")
    matching, visitor = _matching(request), sent.visitor
    number = sent.text("match")
    if not _NUMBER.fullmatch(number):
        raise NotFound("there is no such match")
    faults = sent.faults
    if not sent.stale:
        kind = OrderKind.UNDO if place.of_bank else OrderKind.UNDO_ITEMS
        content = {"match": int(number), "reason": sent.text()[:200], "by": _by(visitor)}
        try:
            status = await matching.order(visitor.principal, kind.value, content, _key(sent))
        except Refused as refused:
            faults = refused.faults
        else:
            said = "order_waits" if status == 202 else "order_undone"
            return RedirectResponse(f"/console{place.url}?said={said}", 303)
    found = await place.read(matching, visitor)
    before = await matching.made(visitor.principal, place.of_bank, int(number))
    meanwhile = [] if before is None or before.undone_at is None else [before]
    return await _shown(
        request, visitor, place, found, _NOTHING, sent.typed, faults, meanwhile, 422
    )


def _order(
    place: Place, choice: Choice, word: str, sent: Filled, visitor: Visitor
) -> tuple[str, dict[str, Any]]:
    """The API's order."""
    content: dict[str, Any] = {"reason": sent.text()[:200], "by": _by(visitor)}
    if not place.of_bank:
        kind = OrderKind.MATCH_ITEMS if word == "match" else OrderKind.EXPLAIN_ITEMS
        return kind.value, content | {"items": _numbers(choice.all)}
    content |= {"entries": _numbers(choice.theirs), "expected": choice.ours}
    if word == "match":
        return OrderKind.MATCH.value, content
    exceptions = _numbers(choice.exceptions)
    return OrderKind.EXPLAIN.value, content | ({"exceptions": exceptions} if exceptions else {})


def _choice(sent: Filled, found: ToReconcile) -> Choice:
    """What is ticked and is there, with one suggestion that was asked for and all mates."""
    theirs, ours = sent.several("theirs"), sent.several("ours")
    one, _, other = sent.text("pick").partition("|")
    if other:
        theirs, ours = [*theirs, one], [*ours, other]
    chosen = set(with_mates([*theirs, *ours], found.items()))
    return Choice(
        theirs=[item.id for item in found.theirs if item.id in chosen],
        ours=[item.id for item in found.ours if item.id in chosen],
        exceptions=sent.several("exceptions"),
    )


def _meanwhile(found: ToReconcile, choice: Choice) -> list[MadeMatch]:
    """What other people made of what is ticked since this page was shown."""
    ticked = set(choice.all)
    return [one for one in found.matches if ticked & set(one.items)]


async def _shown(
    request: Request,
    visitor: Visitor,
    place: Place,
    found: ToReconcile,
    choice: Choice,
    typed: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
    meanwhile: list[MadeMatch] | None = None,
    status: int = 200,
) -> Response:
    matching = _matching(request)
    told = meanwhile or []
    people = [who for one in (*found.matches, *told) for who in (one.made_by, one.undone_by)]
    ticked = [item for item in found.items() if item.id in set(choice.all)]
    values = {
        "place": place,
        "day": found,
        "bank_day": found if isinstance(found, BankDayToReconcile) else None,
        "left": left_of(ticked),
        "chosen": choice,
        "typed": typed or {},
        "faults": faults or [],
        "meanwhile": told,
        "names": await matching.names(visitor.principal, filter(None, people)),
        "called": {item.id: item for item in found.items()},
        "may_match": may(visitor.principal, Operation.MATCH_BANK),
    }
    return page(request, "reconciliation_day", visitor, values, status)


def _place(request: Request) -> Place:
    """Of the address. Raises ``NotFound`` for what is none."""
    given = {name: str(value) for name, value in request.path_params.items()}
    try:
        on = date.fromisoformat(given["day"])
    except ValueError:
        raise NotFound("there is no such day") from None
    bank, account = given.get("bank", ""), given.get("account", "")
    source, whose = given.get("source", ""), given.get("organisation", "")
    if bank:
        known = bool(_CODE.fullmatch(bank) and _ACCOUNT.fullmatch(account))
        url = f"/finance/days/{bank}/{account}/{on}"
    else:
        known = source in set(Source) and bool(_CODE.fullmatch(whose))
        url = f"/finance/sources/{source}/{whose}/{on}"
    if not known:
        raise NotFound("there is no such day")
    return Place(url, bool(bank), bank, account, source, whose, on)


def _numbers(ids: list[str]) -> list[int]:
    return [int(one) for one in ids if _NUMBER.fullmatch(one)]


def _key(sent: Filled) -> str:
    """Of the form and of what it held: sent twice it counts once, changed it is another order."""
    given = sent.text("number")
    if not _KEY.fullmatch(given):
        raise NotFound("the form has no number")
    return given


def _by(visitor: Visitor) -> str:
    return visitor.principal.actor


def _matching(request: Request) -> Matching:
    known = services_of(request).matching
    if known is None:
        raise NotFound("nothing is reconciled here")
    return known
