"""The difference between two versions of a bill, line by line and funder by funder. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from crossclaim.domain.allocation import AllocationResult, Frozen
from crossclaim.domain.money import Money, fen
from crossclaim.domain.submission import FunderKind

Kind = Literal["added", "removed", "changed", "split"]
Payer = tuple[FunderKind, str | None]


class ChargedLine(Frozen):
    """A charge line as a version has it."""

    number: int
    category: str
    code: str
    service_date: date
    quantity: int
    amount: Money


class BillVersion(Frozen):
    """A version's charges and its newest split."""

    version: int
    correction: str = ""
    lines: list[ChargedLine]
    result: AllocationResult


class FunderDifference(Frozen):
    """One funder's part before and after; CNY."""

    funder: FunderKind
    organisation: str | None = None
    before: Money
    after: Money
    reasons: list[str] = []
    """Codes of the rules that cut the part as it is now."""

    @property
    def change(self) -> Money:
        return self.after - self.before


class LineDifference(Frozen):
    """``split``: the charge is the same, and who pays it is not."""

    line: int
    kind: Kind
    before: ChargedLine | None = None
    after: ChargedLine | None = None
    funders: list[FunderDifference] = []

    @property
    def change(self) -> Money:
        return _amount(self.after) - _amount(self.before)


class BillDifference(Frozen):
    """Σ of the lines' changes = the change of the total; per funder too."""

    from_version: int
    to_version: int
    reason: str
    """The kind of correction that the later version is; empty: none."""
    before: Money
    after: Money
    lines: list[LineDifference] = []
    """Only those that differ, by their numbers."""
    funders: list[FunderDifference] = []

    @property
    def change(self) -> Money:
        return self.after - self.before


def difference(old: BillVersion, new: BillVersion) -> BillDifference:
    """What the new version has otherwise than the old one."""
    return BillDifference(
        from_version=old.version,
        to_version=new.version,
        reason=new.correction,
        before=_total(old.lines),
        after=_total(new.lines),
        lines=list(_lines(old, new)),
        funders=_funders(_parts(old.result, None), _parts(new.result, None), {}),
    )


def applied(lines: Sequence[ChargedLine], found: BillDifference) -> list[ChargedLine]:
    """The lines of the later version: the earlier ones with the difference applied."""
    by_number = {line.number: line for line in lines}
    for one in found.lines:
        if one.after is None:
            del by_number[one.line]
        else:
            by_number[one.line] = one.after
    return [by_number[number] for number in sorted(by_number)]


def _lines(old: BillVersion, new: BillVersion) -> Iterator[LineDifference]:
    was = {line.number: line for line in old.lines}
    now = {line.number: line for line in new.lines}
    for number in sorted({*was, *now}):
        before, after = was.get(number), now.get(number)
        funders = _funders(
            _parts(old.result, number), _parts(new.result, number), _reasons(new.result, number)
        )
        moved = [f for f in funders if f.change.amount_minor]
        if before == after and not moved:
            continue
        kind = _kind(before, after)
        yield LineDifference(line=number, kind=kind, before=before, after=after, funders=funders)


def _kind(before: ChargedLine | None, after: ChargedLine | None) -> Kind:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "split" if before == after else "changed"


def _parts(result: AllocationResult, line: int | None) -> dict[Payer, int]:
    """Fen of one line, or of the whole bill, by funder."""
    found: dict[Payer, int] = {}
    for share in result.shares:
        if line is None or share.line == line:
            key = (share.funder, share.organisation)
            found[key] = found.get(key, 0) + share.amount.amount_minor
    return found


def _reasons(result: AllocationResult, line: int) -> dict[Payer, list[str]]:
    found: dict[Payer, list[str]] = {}
    for share in result.shares:
        if share.line == line:
            known = found.setdefault((share.funder, share.organisation), [])
            known += [reason for reason in share.reasons if reason not in known]
    return found


def _funders(
    was: dict[Payer, int], now: dict[Payer, int], reasons: dict[Payer, list[str]]
) -> list[FunderDifference]:
    return [
        FunderDifference(
            funder=payer[0],
            organisation=payer[1],
            before=fen(was.get(payer, 0)),
            after=fen(now.get(payer, 0)),
            reasons=reasons.get(payer, []),
        )
        for payer in dict.fromkeys([*was, *now])
    ]


def _amount(line: ChargedLine | None) -> Money:
    return fen(0) if line is None else line.amount


def _total(lines: Sequence[ChargedLine]) -> Money:
    return sum((line.amount for line in lines), fen(0))
