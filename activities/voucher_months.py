"""Reconciles what the Department of Health reimbursed for a month with our claims."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from temporalio import activity

from activities.ports import VoucherSystem
from activities.records import EpisodeTransaction, Records
from activities.voucher_records import VoucherMonths
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.ledger import voucher_reimbursed_entry
from crossclaim.domain.money import hk_cents
from crossclaim.domain.plan import PlanSet, RuleMissing
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.voucher_items import scope_of, voucher_items
from crossclaim.domain.voucher_months import (
    Month,
    MonthAsked,
    MonthLine,
    Outcome,
    reconcile_month,
)
from crossclaim.domain.voucher_rows import LOOK_BACK_MONTHS

_CODES = {
    Outcome.UNCONFIRMED: "VOUCHER_PAID_UNCONFIRMED",
    Outcome.UNVALIDATED: "VOUCHER_PAID_UNVALIDATED",
    Outcome.AMOUNT_DIFFERS: "VOUCHER_PAID_OTHER_AMOUNT",
    Outcome.MISSING: "VOUCHER_NOT_REIMBURSED",
    Outcome.VOIDED: "VOUCHER_PAID_WITHOUT_CLAIM",
}


class VoucherReimbursements:
    """Each claim in a transaction of its own, with its episode locked; a repeat books nothing."""

    def __init__(self, records: Records, months: VoucherMonths, system: VoucherSystem) -> None:
        self._records = records
        self._months = months
        self._system = system

    def reconcile(self, asked: MonthAsked) -> Month:
        """One hospital's month. Raises when the voucher system cannot be asked."""
        statement = self._system.reimbursements(asked.hospital, asked.month)
        if statement is None:
            return Month(hospital=asked.hospital, month=asked.month)
        references = list(dict.fromkeys(line.reference for line in statement.claims))
        known = self._months.claims_for(asked.hospital, asked.month, references)
        month = reconcile_month(statement, known)
        self._months.keep_statement(statement, asked.at)
        if month.adds_up:
            for line in month.lines:
                self._settle(month, line, asked.at)
        self._months.keep_items(scope_of(statement), voucher_items(statement, known), asked.at)
        return month

    def _settle(self, month: Month, line: MonthLine, at: datetime) -> None:
        with self._records.transaction() as tx:
            if line.episode_id is not None:
                line = self._checked(tx, line)
                self._tell(tx, month, line, at)
            tx.keep_reconciliation(month.hospital, month.month, month.statement, line, at)

    @staticmethod
    def _checked(tx: EpisodeTransaction, line: MonthLine) -> MonthLine:
        """The claim as it stands under its lock: it may have been voided since it was read."""
        assert line.episode_id is not None, "the caller looked"
        rows = tx.lock(line.episode_id)
        assert rows is not None, "a claim has an episode"
        claim = next(c for c in rows.claims if c.reference == line.reference)
        if line.outcome is Outcome.PAID and claim.state != "approved":
            return line.model_copy(update={"outcome": Outcome.VOIDED})
        return line

    @staticmethod
    def _tell(tx: EpisodeTransaction, month: Month, line: MonthLine, at: datetime) -> None:
        """Booked when paid; a person's business when not."""
        episode = line.episode_id
        assert episode is not None, "the caller looked"
        if line.outcome is Outcome.PAID:
            key = f"voucher-paid:{line.reference}"
            dollars = hk_cents(line.paid_minor or 0)
            tx.post(episode, voucher_reimbursed_entry(key, month.hospital, dollars), at)
            tx.resolve_exceptions_of(episode, list(_CODES.values()), line.reference, at)
        else:
            details = {"statement": month.statement or "", "month": month.month}
            code = _CODES[line.outcome]
            others = [other for other in _CODES.values() if other != code]
            tx.resolve_exceptions_of(episode, others, line.reference, at)
            tx.open_exception(episode, code, line.reference, details, at)
        tx.change_episode(episode)

    def due(self, at: datetime, plans: PlanSet) -> list[MonthAsked]:
        """Months that are over, whose statement is to be expected and not settled."""
        today, found = local_day(at), []
        for month in _months_before(today):
            if not _expected(plans, month, today):
                continue
            for hospital in self._months.hospitals_with_claims(month):
                if not self._months.is_settled(hospital, month):
                    found.append(MonthAsked(hospital=hospital, month=month, at=at))
        return found


class VoucherMonthSteps:
    """The daily look at the months that the Department should have reimbursed."""

    def __init__(self, work: VoucherReimbursements | None, plans: Callable[[], PlanSet]) -> None:
        self._work = work
        self._plans = plans

    @activity.defn(name="reconcile_voucher_months")
    def reconcile_voucher_months(self, at: datetime) -> int:
        """How many months were looked at; one whose statement makes no sense keeps no other."""
        if self._work is None:
            return 0
        looked = 0
        for asked in self._work.due(at, self._plans()):
            try:
                self._work.reconcile(asked)
                looked += 1
            except CrossclaimError as error:
                activity.logger.warning(
                    "the vouchers of %s %s were not reconciled: %s",
                    asked.hospital,
                    asked.month,
                    error.code,
                )
        return looked


def _months_before(today: date) -> list[str]:
    found, first = [], today.replace(day=1)
    for _ in range(LOOK_BACK_MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(f"{first:%Y-%m}")
    return found


def _expected(plans: PlanSet, month: str, today: date) -> bool:
    """From the day of the next month that the scheme's plan names."""
    plan = plans.of_funder(FunderKind.VOUCHER)
    if plan is None:
        return False
    after = date.fromisoformat(f"{month}-28") + timedelta(days=4)
    try:
        day = plan.on(today).count("reimbursement.statement_day")
    except RuleMissing:
        return False
    return today >= after.replace(day=1) + timedelta(days=day - 1)
