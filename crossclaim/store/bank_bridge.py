"""Movements of an account on a day, by the bank's statements and by our ledger."""

from __future__ import annotations

from datetime import date

from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.bank_bridge import Booked, Bridge, bridge
from crossclaim.store.connection import Connection

# An entry that is several of ours counts as those where their sum is its own.
_BANK = """
with counted as (
  select e.*,
         case when e.direction = 'debit' then -e.amount_minor else e.amount_minor end as signed,
         row_number() over (partition by e.statement_id, e.booking,
             e.why = 'BANK_CHARGE' and e.direction = 'debit' and e.amount_minor > 0
             order by e.position) as place
  from bank_entry e join account_statement s on s.id = e.statement_id
  where e.bank = %(bank)s and e.account_sha256 = %(account)s and e.source = 'statement'
    and s.state = 'taken'
), ours as (
  select x.match_id, count(*) as n, sum(x.amount_minor) as total, min(x.id) as first
  from expected_movement x
  where x.bank = %(bank)s and x.account_sha256 = %(account)s and x.match_id is not null
  group by x.match_id
)
select coalesce(x.id, o.first, case when c.why = 'BANK_CHARGE' then {charge} end,
                'entry:' || c.id) as key,
       case when x.id is null then c.signed
            when c.direction = 'debit' then -x.amount_minor else x.amount_minor end as amount_minor,
       c.booked_on as day
from counted c
left join ours o on o.match_id = c.match_id
left join expected_movement x on x.match_id = c.match_id and x.bank = c.bank
  and x.account_sha256 = c.account_sha256 and o.n > 1 and o.total = c.amount_minor
"""
_CHARGE = """
  'bank-charge:' || c.bank || ':' || c.organisation_id || ':' || left(c.account_sha256, 12)
    || ':' || coalesce(nullif(c.booking, ''), 'entry-' || c.id)
    || case when c.booking <> '' and c.place > 1 then ':' || c.place else '' end
"""
_LEDGER = """
select case when n.kind = 'credit'
            then 'payout:' || regexp_replace(n.key, '^([0-9]+-)?(found-)?credit:', '')
            when n.kind = 'reversal_credit'
            then 'return:' || regexp_replace(n.key, '^reversal:([0-9]+-)?(found-)?credit:', '')
            else n.key end as key,
       p.amount_minor, (n.occurred_at at time zone 'Asia/Shanghai')::date as day
from posting p join entry n on n.id = p.entry_id
where (p.account_id = 'clearing:' || %(bank)s || ':' || %(organisation)s
       and n.kind in ('credit', 'reversal_credit'))
   or (p.account_id like 'bank:own:' || %(organisation)s || ':%%'
       and n.key like 'bank-charge:' || %(bank)s || ':%%')
"""
_OF_DAY = f"""
with bank as ({_BANK.format(charge=_CHARGE)}), ledger as ({_LEDGER}), moved as (
  select key from bank where day = %(day)s union select key from ledger where day = %(day)s
)
select 'bank' as side, b.* from bank b where b.key in (select key from moved)
union all
select 'ledger', l.* from ledger l where l.key in (select key from moved)
"""


def bridge_of(connection: Connection, key: AccountKey, day: date) -> Bridge:
    rows = connection.execute(_OF_DAY, {**key.model_dump(), "day": day}).all()
    booked: dict[str, list[Booked]] = {"bank": [], "ledger": []}
    for side, name, amount, on in rows:
        booked[side].append(Booked(key=name, amount_minor=int(amount), day=on))
    return bridge(day, booked["bank"], booked["ledger"])
