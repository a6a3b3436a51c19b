"""What our own rows say that happens on an account: orders, returns, receipts, reimbursements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.domain.matching import Expected
from crossclaim.domain.matching_digests import is_digest
from crossclaim.store.connection import Connection

_SETTLED = """coalesce(i.settled_at, i.credited_at,
    case when i.state = 'returned' then i.closed_at end)"""
_SENT = "i.state in ('sent', 'accepted', 'unknown', 'credited', 'returned')"

# One credit for all that a remittance names is found by the remittance's number.
_REMITTED = """coalesce((select r.number from remittance_line l
    join remittance r on r.id = l.remittance_id
    where l.payout = i.reference and l.payout <> '' and l.status = 'matched'
    order by l.id limit 1), '')"""

# Columns of ``expected_movement`` from id to episode_id, of one account at one bank.
FACTS = f"""
select 'payout:' || i.reference as id, 'payout' as kind, 'debit' as direction, i.amount_minor,
       i.currency, i.reference, '' as group_id, i.payee_account_sha256 as counterparty,
       {_SETTLED} as due_at, i.state in ('rejected', 'cancelled') as ended, i.episode_id
from payout_intent i
where i.bank = %(bank)s and i.debtor_account_sha256 = %(account)s
  and ({_SENT} or i.state in ('rejected', 'cancelled'))
union all
select 'return:' || i.reference, 'return', 'credit', i.amount_minor, i.currency, i.reference, '',
       i.payee_account_sha256, min(r.happened_at), false, i.episode_id
from payout_intent i join payout_report r on r.reference = i.reference and r.bank = i.bank
where i.bank = %(bank)s and i.debtor_account_sha256 = %(account)s and r.state = 'returned'
group by i.reference
union all
select 'receipt:' || i.reference, 'receipt', 'credit', i.amount_minor, i.currency, i.reference,
       {_REMITTED},
       i.debtor_account_sha256, i.credited_at, i.state in ('rejected', 'cancelled'), i.episode_id
from payout_intent i
where i.payee_account_sha256 = %(account)s and i.payee = 'hospital'
  and i.payee_organisation_id = %(organisation)s
  and ({_SENT} or i.state in ('rejected', 'cancelled'))
union all
select 'voucher:' || v.number, 'voucher', 'credit', v.total_minor, 'HKD', v.number, '', '',
       (v.paid_on + 1)::timestamp at time zone 'Asia/Hong_Kong', false, null
from voucher_statement v
where v.organisation_id = %(organisation)s and v.total_minor > 0
  and exists (select 1 from account_statement s where s.bank = %(bank)s
              and s.account_sha256 = %(account)s and s.currency = 'HKD')
"""

_ADD = f"""
insert into expected_movement (id, kind, direction, amount_minor, currency, reference, group_id,
    counterparty_sha256, due_at, ended, episode_id, bank, account_sha256, organisation_id)
select f.*, %(bank)s, %(account)s, %(organisation)s from ({FACTS}) f
where not exists (select 1 from expected_movement x where x.id = f.id)
on conflict (id) do nothing
"""
_RENEW = f"""
update expected_movement x set due_at = f.due_at, ended = f.ended, group_id = f.group_id
from ({FACTS}) f
where x.id = f.id and x.status not in ('matched', 'split')
  and (x.due_at, x.ended, x.group_id) is distinct from (f.due_at, f.ended, f.group_id)
"""
_ADVISED = """
select reference from bank_entry where bank = %(bank)s and account_sha256 = %(account)s
  and source = 'notification' and status is distinct from 'matched'
"""
_DIGEST = "'#' || left(encode(sha256(convert_to(f.reference, 'UTF8')), 'hex'), 32)"
_BEGINS = "(i.reserved_at at time zone 'Asia/Shanghai')::date"
_OPEN = f"""
select x.id, x.direction, x.amount_minor, x.currency, x.reference, x.group_id,
       x.counterparty_sha256, x.due_at, x.ended, {_BEGINS}
from expected_movement x left join payout_intent i on i.reference = x.reference
where x.bank = %(bank)s and x.account_sha256 = %(account)s
  and x.status not in ('matched', 'split') and x.by_hand is null and x.explained_at is null
"""


def renew_expected(connection: Connection, about: Mapping[str, Any]) -> None:
    """Brings the account's expectations to what our rows say now."""
    connection.execute(_ADD, about)
    connection.execute(_RENEW, about)


def open_expected(connection: Connection, about: Mapping[str, Any]) -> list[Expected]:
    return [Expected(*row) for row in connection.execute(_OPEN, about).all()]


def facts_of(connection: Connection, about: Mapping[str, Any]) -> list[Expected]:
    """Every fact as it is now, whatever was matched: what a notification is held against.

    Looked up by the references that are advised; one that the bank gave as its digest is looked for
    among all of the account.
    """
    advised = [row[0] for row in connection.execute(_ADVISED, about).all()]
    named = "f.reference = any(cast(%(advised)s as text[]))"
    if any(is_digest(reference) for reference in advised):
        named += f" or {_DIGEST} = any(cast(%(advised)s as text[]))"
    rows = connection.execute(
        f"select f.id, f.direction, f.amount_minor, f.currency, f.reference, f.group_id,"
        f" f.counterparty, f.due_at, f.ended, {_BEGINS} from ({FACTS}) f"
        f" left join payout_intent i on i.reference = f.reference where {named}",
        {**about, "advised": advised},
    )
    return [Expected(*row) for row in rows.all()]
