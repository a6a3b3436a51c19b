"""What funders settled with hospitals, read from the ledger, as the database's role may see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Currency
from crossclaim.domain.settlement import (
    SOURCES,
    Booked,
    Settlement,
    carried_over,
    is_held,
    kinds_with,
    settlement_of,
    source_for,
)
from crossclaim.domain.submission import FunderKind
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

_DAY = "(n.occurred_at at time zone 'Asia/Shanghai')::date"
_ON_DAY = """
n.occurred_at >= cast(%(day)s as date)::timestamp at time zone 'Asia/Shanghai'
  and n.occurred_at < (cast(%(day)s as date) + 1)::timestamp at time zone 'Asia/Shanghai'
"""
_CLEARING = """
left join lateral (
  select a.organisation_id from posting o join account a on a.id = o.account_id
  where o.entry_id = n.id and a.kind in ('clearing', 'funder_due', 'overpaid')
  order by a.kind limit 1
) payer on true
"""
# Whose account it is stands in the account's name, which the index on postings begins with.
_OF_HOSPITAL = """
p.account_id = any(cast(%(accounts)s as text[])) and n.kind = any(cast(%(kinds)s as text[]))
"""
_SUMS = """
select t.day::date as day, split_part(t.name, ' ', 2) as kind, sum(t.amount)::bigint as amount
from console_totals('{settled}') t
where t.name = any(%(names)s) and t.day < %(day)s::text
  and (cast(%(insurer)s as text) is null or t.organisation = %(insurer)s)
group by 1, 2 having sum(t.items) <> 0 order by 1
"""
_BOOKED = f"""
select n.key, n.kind, h.kind as account, payer.organisation_id as organisation, p.amount_minor,
       p.currency, n.occurred_at as at, {_DAY} as day, n.episode_id as episode,
       v.visit_number as visit, coalesce(b.number, '') as bill, coalesce(c.reference, '') as claim,
       coalesce(c.number, '') as claim_number, coalesce(i.reference, '') as payout
from posting p join entry n on n.id = p.entry_id join account h on h.id = p.account_id
join episode v on v.id = n.episode_id {_CLEARING}
left join payout_intent i on i.reference = case
  when n.kind in ('credit', 'reversal_credit') then split_part(n.key, 'credit:', 2)
  when n.kind in ('paid_in_place', 'reversal_paid_in_place')
    then split_part(n.key, 'in-place:', 2) end
left join claw_back g on g.reference = case
  when n.kind in ('claw_back', 'reversal_claw_back') then split_part(n.key, 'claw-back:', 2)
  when n.kind = 'claw_back_undone' then split_part(n.key, ':', 2) end
left join claim c on c.id = coalesce(i.claim_id, g.claim_id) or c.reference = case
  when n.kind in ('settlement', 'reversal_settlement') then split_part(n.key, 'settlement:', 2)
  when n.kind in ('voucher_reimbursed', 'reversal_voucher_reimbursed')
    then split_part(n.key, 'voucher-paid:', 2) end
left join bill b on b.id = c.bill_id
where {_OF_HOSPITAL} and {_ON_DAY}
  and (cast(%(insurer)s as text) is null or payer.organisation_id = %(insurer)s)
order by n.occurred_at, n.key
"""
_LISTED = f"""
select distinct h.organisation_id as hospital, n.kind, payer.organisation_id as insurer
from posting p join entry n on n.id = p.entry_id join account h on h.id = p.account_id {_CLEARING}
where h.kind = any(cast(%(account_kinds)s as text[])) and n.kind = any(cast(%(kinds)s as text[]))
  and {_ON_DAY}
  and (cast(%(hospital)s as text) is null or h.organisation_id = %(hospital)s)
"""


class Settled(Frozen):
    """Who settled with whom on a day."""

    hospital: str
    funder: str


class SqlSettlements:
    def __init__(self, database: Database) -> None:
        self._database = database

    def read(
        self, hospital: str, funder: str, day: date, organisation: str | None = None
    ) -> Settlement | None:
        """None when nothing was settled on this day and nothing stands over from before."""
        with self._database.begin(organisation) as connection:
            return _read(connection, hospital, funder, day)

    def listed(
        self, day: date, hospital: str | None = None, organisation: str | None = None
    ) -> list[Settlement]:
        """Every settlement of a day, by hospital and funder."""
        with self._database.begin(organisation) as connection:
            found = [
                _read(connection, one.hospital, one.funder, day)
                for one in _who(connection, day, hospital)
            ]
        return [one for one in found if one is not None]


def _who(connection: Connection, day: date, hospital: str | None) -> list[Settled]:
    kinds = [name for kind in SOURCES for name in (kind, f"reversal_{kind}")]
    rows = connection.execute(
        _LISTED,
        {
            "day": day,
            "hospital": hospital,
            "kinds": kinds,
            "account_kinds": sorted({source.account for source in SOURCES.values()}),
        },
    ).all()
    found = set()
    for row in rows:
        funder = SOURCES[row.kind.removeprefix("reversal_")].funder
        name = row.insurer if funder is FunderKind.INSURER else funder.value
        if row.hospital and name:
            found.add((row.hospital, name))
    return [Settled(hospital=one, funder=other) for one, other in sorted(found)]


def _read(connection: Connection, hospital: str, funder: str, day: date) -> Settlement | None:
    about = _about(hospital, funder, day)
    sign = source_for(funder)[2]
    held: dict[date, int] = {}
    for row in connection.execute(_SUMS, about).all():
        if is_held(row.kind):
            held[row.day] = held.get(row.day, 0) + sign * row.amount
    carried = carried_over(held[one] for one in sorted(held))
    rows = connection.execute(_BOOKED, about).mappings()
    booked = [Booked.model_validate(dict(row)) for row in rows]
    if not booked and not carried:
        return None
    currency = Currency.HKD if funder == FunderKind.VOUCHER.value else Currency.CNY
    return settlement_of(hospital, funder, day, booked, carried, currency.value)


def _about(hospital: str, funder: str, day: date) -> dict[str, Any]:
    kind, account, _, _ = source_for(funder)
    kinds = kinds_with(funder)
    name = account.removeprefix("hospital_")
    return {
        "day": day,
        "accounts": [f"hospital:{hospital}:{name}"],
        "kinds": kinds,
        "names": [f"hospital:{hospital}:{name} {one}" for one in kinds],
        "insurer": funder if kind == "credit" else None,
    }
