"""Steps about an account's calendar and books: due parts, the platform's statement, the archive."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter

from temporalio import activity

from activities.credit import CreditSteps, locked
from activities.credit_orders import CreditSubject
from activities.credit_sending import CreditAttempt, recorded
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.credit_position import owed
from crossclaim.domain.credit_rows import CreditRows
from crossclaim.domain.credit_standing import CreditStanding, due_notices
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later_ledger import settlement_entry
from crossclaim.domain.pay_later_party import PlatformStatement


class CreditBookSteps:
    """What time brings: reminders, overdue parts, settlements; nothing is asked of the holder."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._steps = CreditSteps(world)

    @activity.defn(name="write_credit_notices")
    def write_credit_notices(self, order: CreditSubject) -> CreditStanding:
        """Each reminder and each overdue part becomes one line of the story, once for ever."""
        with self._world.records.transaction() as tx:
            rows = locked(tx, order)
            for notice in due_notices(rows, self._world.credit_habits, order.at):
                details = {"due": notice.due_on.isoformat()}
                tx.add_credit_event(
                    order.account_id,
                    notice.code,
                    notice.reference,
                    order.at,
                    notice.amount_minor,
                    details,
                )
                if notice.code == "OVERDUE":
                    details["amount"] = str(fen(notice.amount_minor))
                    tx.open_credit_exception(
                        order.account_id, "REPAYMENT_OVERDUE", notice.reference, details, order.at
                    )
            tx.change_credit_account(order.account_id)
            return self._steps.standing(tx.credit_rows(order.account_id), order)

    @activity.defn(name="take_credit_statement")
    def take_credit_statement(self, order: CreditSubject) -> CreditStanding:
        """What the hospital was paid, and whether the platform's books are ours."""
        if self._world.pay_later is None:
            detail = "no pay-after-care platform is configured"
            raise CrossclaimError(detail, code="PAY_LATER_NOT_CONFIGURED")
        reference = f"CST{order.account_id.partition('_')[2]}-{order.at:%Y%m%d}"
        with self._world.records.transaction() as tx:
            rows = locked(tx, order)
            if not self._steps.standing(rows, order).statement_due:
                return self._steps.standing(rows, order)
            attempt = CreditAttempt.opened(tx, order, "statement", reference)
        with recorded(self._world, order, attempt):
            statement = self._world.pay_later.statement(rows.account.number)
        with self._world.records.transaction() as tx:
            rows = locked(tx, order)
            attempt.close(tx, "answered")
            if not self._steps.standing(rows, order).statement_due:
                return self._steps.standing(rows, order)
            _settle(tx, rows, statement, order)
            _compare(tx, rows, statement, order)
            tx.change_credit_account(order.account_id, stated_at=order.at)
            return self._steps.standing(tx.credit_rows(order.account_id), order)

    @activity.defn(name="archive_credit_history")
    async def archive_credit_history(self, order: CreditSubject) -> None:
        """Writes the run's encrypted history to the document store, under the account's key."""
        runs, documents = self._world.runs, self._world.documents
        assert runs is not None and documents is not None, "the records worker has both"
        content, events = await runs.history(order.account_id, order.subject)
        key = f"{order.account_id}/history/{order.subject}.pb"
        await asyncio.to_thread(documents.put, key, content, "application/x-protobuf")
        sha256 = hashlib.sha256(content).hexdigest()
        await asyncio.to_thread(self._note, order, key, sha256, events)

    def _note(self, order: CreditSubject, key: str, sha256: str, events: int) -> None:
        with self._world.records.transaction() as tx:
            if tx.credit_lock(order.account_id) is not None:
                tx.add_credit_archive(order.account_id, order.subject, key, sha256, events)


def _settle(
    tx: EpisodeTransaction, rows: CreditRows, statement: PlatformStatement, order: CreditSubject
) -> None:
    told = {one.reference: one for one in statement.charges}
    for charge in rows.charges:
        stated = told.get(charge.reference)
        if charge.settled_on is not None or stated is None or stated.settled_on is None:
            continue
        tx.add_credit_settlement(order.account_id, charge.reference, stated.settled_on, order.at)
        entry = settlement_entry(
            f"pay-later-settled:{charge.reference}", charge.hospital_id, charge.total_minor
        )
        tx.post(charge.episode_id, entry, order.at)
        tx.add_credit_event(
            order.account_id, "SETTLED", charge.reference, order.at, charge.total_minor
        )


def _compare(
    tx: EpisodeTransaction, rows: CreditRows, statement: PlatformStatement, order: CreditSubject
) -> None:
    """Whatever differs is for a person; our figures stay as they are."""
    theirs = Counter(one.reference for one in statement.charges if not one.refunded)
    ours = {one.reference for one in rows.charges if one.refunded_minor is None}
    account_id = order.account_id
    for reference, times in sorted(theirs.items()):
        if times > 1:
            tx.open_credit_exception(
                account_id, "CHARGED_TWICE", reference, {"times": str(times)}, order.at
            )
    for reference in sorted(ours - set(theirs)):
        tx.open_credit_exception(account_id, "CHARGE_NOT_STATED", reference, {}, order.at)
    for reference in sorted(set(theirs) - ours):
        tx.open_credit_exception(account_id, "CHARGE_UNKNOWN", reference, {}, order.at)
    if any(o.kind == "repayment" and o.state == "sent" for o in rows.orders):
        return
    if statement.owed.amount_minor == owed(rows):
        tx.resolve_credit_exceptions(account_id, ["OWED_DIFFERS"], "", order.at)
    else:
        details = {"ours": str(fen(owed(rows))), "theirs": str(statement.owed)}
        tx.open_credit_exception(account_id, "OWED_DIFFERS", "", details, order.at)
