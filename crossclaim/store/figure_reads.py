"""Indicators by month, as the database role may see them: kept sums with what changed since.

What counts is said once more in SQL where an episode's part is made (``console_parts``); a test
holds both together."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.figure_parts import PlaceFigure
from crossclaim.domain.figures import Indicator, MonthFigure
from crossclaim.store.connection import Connection

_DECIDED = "x.decided_at is not null and x.kind in ('direct', 'reimbursement')"
_CLAIMED = "x.kind in ('direct', 'reimbursement') and x.state not in ('due', 'voided')"
_ASKED = """exists (select 1 from information_request r
    where r.episode_id = x.episode_id and r.claim_id = x.id)"""
_APPEALED = """exists (select 1 from appeal a
    where a.episode_id = x.episode_id and a.claim_id = x.id)"""
_ANSWERED = "x.requested_at is not null and x.answered_at is not null"

# Table, moment that the month is of, what counts, what of it is good, whose insurer it is.
_RULES: dict[Indicator, tuple[str, str, str, str, str]] = {
    Indicator.AUTOMATIC_DECISIONS: (
        "claim",
        "decided_at",
        "x.decided_at is not null and x.decided_by <> ''",
        "x.decided_by = 'rules'",
        "organisation_id",
    ),
    Indicator.FIRST_PASS: (
        "claim",
        "decided_at",
        _DECIDED,
        f"not {_ASKED} and not {_APPEALED}",
        "organisation_id",
    ),
    Indicator.DIRECT_BILLING: (
        "claim",
        "occurred_at",
        _CLAIMED,
        "x.kind = 'direct'",
        "organisation_id",
    ),
    Indicator.INFORMATION_REQUESTS: (
        "claim",
        "occurred_at",
        _CLAIMED,
        _ASKED,
        "organisation_id",
    ),
    Indicator.GUARANTEES_AT_ONCE: (
        "guarantee",
        "requested_at",
        _ANSWERED,
        "x.answered_at - x.requested_at <= interval '15 seconds'",
        "insurer_id",
    ),
    Indicator.GUARANTEES_IN_AN_HOUR: (
        "guarantee",
        "requested_at",
        _ANSWERED,
        "x.answered_at - x.requested_at <= interval '1 hour'",
        "insurer_id",
    ),
    Indicator.PAYOUTS_IN_THREE_DAYS: (
        "payout_intent",
        "reserved_at",
        "x.payee = 'patient' and x.credited_at is not null",
        "x.credited_at - x.reserved_at <= interval '72 hours'",
        "debtor_organisation_id",
    ),
    Indicator.PAYOUTS_RETURNED: (
        "payout_intent",
        "reserved_at",
        "x.state in ('credited', 'rejected', 'returned')",
        "x.state in ('rejected', 'returned')",
        "debtor_organisation_id",
    ),
    Indicator.RECONCILED_IN_A_DAY: (
        "payout_intent",
        "credited_at",
        "x.credited_at is not null and exists (select 1 from expected_movement m"
        " where m.id = 'payout:' || x.reference)",
        "exists (select 1 from expected_movement m join bank_match b on b.id = m.match_id"
        " where m.id = 'payout:' || x.reference"
        " and b.made_at - x.credited_at <= interval '24 hours')",
        "debtor_organisation_id",
    ),
    Indicator.LEAKAGE: (
        "claim",
        "decided_at",
        f"{_DECIDED} and x.decided_by not in ('', 'rules')"
        " and x.benefit_minor is not null and x.forecast_minor is not null",
        "x.benefit_minor > x.forecast_minor",
        "organisation_id",
    ),
}


_SUMS = """
select t.what as indicator, t.day as month, sum(t.items)::integer as all,
       sum(t.amount)::integer as good
from console_totals(%(indicators)s) t where not t.closed{narrowed}
group by 1, 2 having sum(t.items) <> 0 order by 2 desc
"""
_PLACES = """
select t.what as indicator, t.day as month, t.organisation as insurer, t.hospital,
       sum(t.items)::integer as all, sum(t.amount)::integer as good
from console_totals(%(indicators)s) t where not t.closed{narrowed}
group by 1, 2, 3, 4 having sum(t.items) <> 0 order by 2 desc, 3, 4
"""


def figures(connection: Connection, insurers: list[str], hospitals: list[str]) -> list[MonthFigure]:
    """Every indicator in every month that has anything to count, the newest month first."""
    rows = _counted(connection, _SUMS, list(Indicator), insurers, hospitals)
    found = [MonthFigure.model_validate(row) for row in rows]
    order = list(Indicator)
    return sorted(found, key=lambda one: order.index(one.indicator))


def figure_by_place(
    connection: Connection, indicator: Indicator, insurers: list[str], hospitals: list[str]
) -> list[PlaceFigure]:
    """One indicator by month, insurer and hospital, the newest month first."""
    rows = _counted(connection, _PLACES, [indicator], insurers, hospitals)
    return [PlaceFigure.model_validate(row) for row in rows]


def episodes_behind(indicator: Indicator, good: bool) -> str:
    """SQL of the ids of episodes that a month's figure counts as good, or as not good.

    Binds ``%(month)s`` and ``%(whose)s``: insurers that alone count, or none for all.
    """
    table, moment, counts, is_good, insurer = _RULES[indicator]
    part = f"({is_good})" if good else f"not ({is_good})"
    begins = "to_date(%(month)s, 'YYYY-MM')::timestamp"
    zone = "at time zone 'Asia/Shanghai'"
    return (
        f"select x.episode_id from {table} x where x.{moment} >= {begins} {zone}"
        f" and x.{moment} < ({begins} + interval '1 month') {zone} and {counts} and {part}"
        f" and (%(whose)s::text[] = '{{}}' or x.{insurer} = any(%(whose)s))"
    )


def _counted(
    connection: Connection,
    query: str,
    indicators: list[Indicator],
    insurers: list[str],
    hospitals: list[str],
) -> list[dict[str, Any]]:
    given = {"indicators": [i.value for i in indicators]}
    given |= {"insurers": insurers, "hospitals": hospitals}
    narrowed = " and t.organisation = any(%(insurers)s)" if insurers else ""
    if hospitals:
        narrowed += " and t.hospital = any(%(hospitals)s)"
    return connection.execute(query.format(narrowed=narrowed), given).mappings()
