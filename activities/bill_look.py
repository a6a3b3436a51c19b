"""Judges a bill by the very step that would apply it, in a transaction that is rolled back."""

from __future__ import annotations

from temporalio import activity

from activities.apply_bill import apply_bill
from activities.apply_episode_cancellation import after_cancellation
from activities.case import Case
from activities.looked_at import looked_at
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import Fault
from crossclaim.domain.bill_difference import BillVersion, ChargedLine, difference
from crossclaim.domain.bill_look import BillLook, BillLooked
from crossclaim.domain.records import BillRow, StoredSubmission
from crossclaim.domain.submission import BillSubmission, SubmissionKind


class BillLookSteps:
    """A look may be repeated at any time: what it has worked out is told and not kept."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="look_at_bill")
    def look_at_bill(self, order: BillLook) -> BillLooked:
        bill = BillSubmission.model_validate(order.content)
        with looked_at(self._world.records) as tx:
            rows = tx.lock(order.episode_id)
            if rows is None:
                return BillLooked()
            stands = next((b for b in rows.bills if b.number == bill.number and b.payable), None)
            stored = StoredSubmission(
                id=f"sb_{order.look}",
                organisation_id=order.organisation_id,
                kind=SubmissionKind.BILL,
                episode_id=order.episode_id,
                content=order.content,
            )
            case = Case(tx, stored, self._world, order.at, rows)
            outcome = after_cancellation(case) or apply_bill(case)
            if outcome.status >= 400 or stands is None:
                told = outcome.body.get("errors", [])
                return BillLooked(faults=[Fault.model_validate(one) for one in told])
            new = tx.rows(order.episode_id).numbered_bill(bill.number, bill.version)
            assert new is not None, "it was applied a moment ago"
            before = _version(tx, order.episode_id, stands)
            return BillLooked(found=difference(before, _version(tx, order.episode_id, new)))


def _version(tx: EpisodeTransaction, episode_id: str, bill: BillRow) -> BillVersion:
    content = tx.bill_content(bill.id)
    allocation = tx.rows(episode_id).allocation(bill.id)
    assert allocation is not None, "a bill that counts is split"
    lines = [
        ChargedLine(
            number=line.number,
            category=line.category.value,
            code=line.code,
            service_date=line.service_date,
            quantity=line.quantity,
            amount=line.amount,
        )
        for line in content.lines
    ]
    return BillVersion(
        version=bill.version, correction=bill.correction, lines=lines, result=allocation.result
    )
