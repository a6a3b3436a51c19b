"""Reads all rows of one pay-after-care account in a single round trip."""

from __future__ import annotations

from crossclaim.domain.credit_rows import CreditRows
from crossclaim.store.connection import Connection, Result

_ROWS = """
select jsonb_build_object(
  'account', to_jsonb(a) - 'sealed' - 'recorded_at',
  'orders', (select coalesce(jsonb_agg(to_jsonb(o) - 'sealed' order by o.ordinal), '[]')
             from credit_order o where o.account_id = a.id),
  'charges', (select coalesce(jsonb_agg(to_jsonb(c) || jsonb_build_object(
                'refunded_minor', r.refunded_minor, 'excess_minor', coalesce(r.excess_minor, 0),
                'settled_on', s.settled_on) order by c.occurred_at, c.reference), '[]')
              from credit_charge c
              left join credit_refund r on r.charge_reference = c.reference
              left join credit_settlement s on s.charge_reference = c.reference
              where c.account_id = a.id),
  'instalments', (select coalesce(jsonb_agg(to_jsonb(i) order by i.charge_reference, i.plan,
                  i.number), '[]') from credit_instalment i where i.account_id = a.id),
  'repaid', (select coalesce(jsonb_agg(to_jsonb(r) order by r.occurred_at, r.reference), '[]')
             from credit_repaid r where r.account_id = a.id),
  'events', (select coalesce(jsonb_agg(to_jsonb(e) order by e.id), '[]')
             from credit_event e where e.account_id = a.id),
  'exceptions', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
                 from credit_exception x where x.account_id = a.id)
)::text from credit_account a where a.id = %(id)s
"""


def ask_credit_rows(connection: Connection, account_id: str) -> Result:
    """Asks for the rows; the answer is waited for by ``told_credit_rows``."""
    return connection.execute(_ROWS, {"id": account_id})


def told_credit_rows(asked: Result) -> CreditRows | None:
    found = asked.scalar_one_or_none()
    return None if found is None else CreditRows.model_validate_json(found)


def read_credit_rows(connection: Connection, account_id: str) -> CreditRows | None:
    """None: there is no such account, or the role may not see it."""
    return told_credit_rows(ask_credit_rows(connection, account_id))
