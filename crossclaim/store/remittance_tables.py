"""Insurers' remittances, line by line, and the payouts that they were matched with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from crossclaim.domain.bank_days import BANK_ZONE
from crossclaim.domain.match_order import fault
from crossclaim.domain.remittance import (
    Payout,
    RemittanceOrder,
    calls_of,
    remittance_facts,
    remittance_faults,
    scopes_of,
)
from crossclaim.domain.source_items import SourceItem
from crossclaim.store.connection import Connection
from crossclaim.store.match_outcome import refused
from crossclaim.store.source_tables import keep_items

# Payouts of the insurer to the hospital that the remittance names or that were done on its day.
_OURS = """
select i.reference, i.amount_minor, i.currency, coalesce(i.settled_at, i.credited_at) as due,
       i.state in ('rejected', 'cancelled', 'returned') as ended, c.reference as claim,
       coalesce(c.number, '') as number, i.episode_id as episode
from payout_intent i join claim c on c.id = i.claim_id
where i.debtor_organisation_id = %(insurer)s and i.payee_organisation_id = %(hospital)s
  and i.payee = 'hospital' and i.state <> 'reserved'
  and (i.reference = any(%(names)s) or c.reference = any(%(names)s) or c.number = any(%(names)s)
       or coalesce(i.settled_at, i.credited_at) >= %(from)s
          and coalesce(i.settled_at, i.credited_at) < %(to)s)
order by i.sequence
"""
_HOSPITAL = "select 1 from organisation where id = %(hospital)s and kind = 'hospital'"
_SETTLED = """
select distinct l.payout from remittance_line l join remittance r on r.id = l.remittance_id
where r.organisation_id = %(insurer)s and l.status in ('matched', 'split')
  and l.payout = any(cast(%(payouts)s as text[]))
"""
_ADD = """
insert into remittance (organisation_id, hospital_id, number, paid_on, total_minor, currency,
    digest, order_id, received_at)
values (%(insurer)s, %(hospital)s, %(number)s, %(paid_on)s, %(total)s, %(currency)s, %(digest)s,
    %(order)s, %(at)s)
on conflict (organisation_id, number) do nothing returning id
"""
_LINE = """
insert into remittance_line (remittance_id, organisation_id, hospital_id, position, reference,
    payout, amount_minor, currency, status, why)
values (%(id)s, %(insurer)s, %(hospital)s, %(position)s, %(reference)s, %(payout)s, %(amount)s,
    %(currency)s, %(status)s, %(why)s)
"""


def apply_remittance(
    connection: Connection, insurer: str, order_id: str, order: RemittanceOrder, at: datetime
) -> dict[str, Any]:
    """Keeps and matches one remittance; a copy of a known one is answered as that was."""
    faults = remittance_faults(order)
    if faults:
        return refused(faults)
    about: dict[str, Any] = {"insurer": insurer, "hospital": order.hospital}
    if connection.execute(_HOSPITAL, about).one_or_none() is None:
        return refused([fault("REMITTANCE_HOSPITAL_UNKNOWN", "/hospital")])
    number = connection.execute(
        _ADD,
        {
            **about,
            "number": order.number,
            "paid_on": order.paid_on,
            "total": order.total.amount_minor,
            "currency": order.total.currency.value,
            "digest": order.digest,
            "order": order_id,
            "at": at,
        },
    ).scalar_one_or_none()
    if number is None:
        return _known(connection, insurer, order)
    begins = datetime.combine(order.paid_on, time.min, BANK_ZONE)
    rows = connection.execute(
        _OURS,
        {
            **about,
            "names": [line.reference for line in order.lines],
            "from": begins,
            "to": begins + timedelta(days=1),
        },
    ).mappings()
    ours = [Payout.model_validate(row) for row in rows]
    known = {"insurer": insurer, "payouts": [one.reference for one in ours]}
    told = connection.execute(_SETTLED, known).scalars()
    items = remittance_facts(order, ours, frozenset(told)).judged(order.paid_on)
    _keep(connection, {**about, "id": number}, order, calls_of(ours), items)
    for scope in scopes_of(order, insurer):
        keep_items(connection, scope, items, at)
    return _outcome(connection, number)


def _keep(
    connection: Connection,
    about: dict[str, Any],
    order: RemittanceOrder,
    calls: dict[str, tuple[str, ...]],
    items: Sequence[SourceItem],
) -> None:
    """Its lines; and, without a position, payouts that it leaves out or that one line is several
    of."""
    theirs = {one.item: one for one in items if one.side == "theirs"}
    rows = []
    several = set()
    for place, line in enumerate(order.lines, start=1):
        payouts = calls.get(line.reference, ())
        judged = theirs[f"{place}:{line.reference}"]
        if len(payouts) > 1:
            several.add(judged.match_name)
        payout = payouts[0] if len(payouts) == 1 else ""
        rows.append(_row(judged, place, line.reference, payout))
    for one in items:
        if one.side == "ours" and (one.status == "missing" or one.match_name in several - {""}):
            rows.append(_row(one, None, "", one.item))
    connection.execute_each(_LINE, [{**about, **row} for row in rows])


def _row(one: SourceItem, place: int | None, reference: str, payout: str) -> dict[str, Any]:
    return {
        "position": place,
        "reference": reference,
        "payout": payout,
        "amount": one.amount_minor,
        "currency": one.currency,
        "status": one.status.value,
        "why": one.why,
    }


def _known(connection: Connection, insurer: str, order: RemittanceOrder) -> dict[str, Any]:
    row = connection.execute(
        "select id, digest from remittance where organisation_id = %(insurer)s"
        " and number = %(number)s",
        {"insurer": insurer, "number": order.number},
    ).one()
    if row.digest != order.digest:
        return refused([fault("REMITTANCE_NUMBER_REUSED", "/number")])
    return _outcome(connection, row.id)


def _outcome(connection: Connection, number: int) -> dict[str, Any]:
    rows = connection.execute(
        "select position, reference, payout, status, why from remittance_line"
        " where remittance_id = %(id)s order by id",
        {"id": number},
    ).mappings()
    lines = [dict(row) for row in rows]
    whole = all(line["status"] in ("matched", "split") for line in lines)
    status = "matched" if whole else "open"
    return {"status": 201, "body": {"remittance": number, "status": status, "lines": lines}}
