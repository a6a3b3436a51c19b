"""Accounts with funders, quotes of settlements, answers kept, and sums that were compared."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from pydantic import BaseModel

from crossclaim.domain.bureau import SettledDifference, SettledTotal
from crossclaim.domain.bureau_quote import Quote
from crossclaim.domain.bureau_settled import SettledClaim
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.keys import mention_key

_ACCOUNT = """
insert into funder_account (episode_id, ordinal, funder, state, code, sealed, looked_up_at)
values (%(id)s, %(ordinal)s, %(funder)s, %(state)s, %(code)s, %(sealed)s, %(at)s)
on conflict (episode_id, ordinal) do update set state = excluded.state, code = excluded.code,
    sealed = excluded.sealed, looked_up_at = excluded.looked_up_at
"""
_QUOTE = """
insert into settlement_quote (bill_id, episode_id, state, code, insurance, area_code, fee_minor,
                              fund_minor, account_minor, family_minor, sealed, quoted_at)
values (%(bill)s, %(id)s, %(state)s, %(code)s, %(insurance)s, %(area)s, %(fee)s, %(fund)s,
        %(account)s, %(family)s, %(sealed)s, %(at)s)
on conflict (bill_id) do update set state = excluded.state, code = excluded.code,
    fee_minor = excluded.fee_minor, fund_minor = excluded.fund_minor,
    account_minor = excluded.account_minor, family_minor = excluded.family_minor,
    sealed = excluded.sealed, quoted_at = excluded.quoted_at
"""
_STAY = """
insert into bureau_stay (episode_id, state, code, admitted_at, discharged_at)
values (%(id)s, %(state)s, %(code)s, %(at)s,
        case when %(state)s = 'discharged' then cast(%(at)s as timestamptz) end)
on conflict (episode_id) do update set state = excluded.state, code = excluded.code,
    discharged_at = coalesce(bureau_stay.discharged_at, excluded.discharged_at)
"""
_KEEP = """
insert into kept_answer (episode_id, party, operation, reference, code, sha256, sealed, occurred_at)
values (%(id)s, %(party)s, %(operation)s, %(reference)s, %(code)s, %(sha256)s, %(sealed)s, %(at)s)
on conflict do nothing
"""
_SETTLED = """
select c.episode_id, c.reference, c.number as settlement, q.insurance, q.area_code, q.fee_minor,
       q.fund_minor, q.account_minor + q.family_minor as account_minor,
       e.encounter_class = 'inpatient' as stay
from claim c join settlement_quote q on q.bill_id = c.bill_id
join episode e on e.id = c.episode_id
where c.kind = 'basic_insurance' and c.state = 'approved' and e.hospital_id = %(hospital)s
  and (c.decided_at at time zone 'Asia/Shanghai')::date between %(begins)s and %(ends)s
order by c.reference
"""
_COMPARED = """
insert into settlement_comparison (hospital_id, insurance, area_code, begins, ends, fee_minor,
    fund_minor, account_minor, settlements, stays, equal, occurred_at)
values (%(hospital)s, %(insurance)s, %(area)s, %(begins)s, %(ends)s, %(fee)s, %(fund)s,
        %(account)s, %(count)s, %(stays)s, %(equal)s, %(at)s) returning id
"""
_DIFFERENCE = """
insert into settlement_difference (comparison_id, hospital_id, settlement, kind, episode_id,
    our_fund_minor, our_account_minor, their_fund_minor, their_account_minor)
values (%(comparison)s, %(hospital)s, %(settlement)s, %(kind)s, %(episode)s, %(our_fund)s,
        %(our_account)s, %(their_fund)s, %(their_account)s)
"""


class BureauTables:
    """Part of a transaction: what the bureau said and what came of it."""

    _connection: Connection
    _keyring: Keyring

    def put_funder_account(
        self,
        episode_id: str,
        ordinal: int,
        funder: str,
        content: BaseModel | None,
        at: datetime,
        *,
        state: str = "found",
        code: str = "",
    ) -> None:
        sealed = None
        if content is not None:
            plain = content.model_dump_json().encode()
            sealed = self._keyring.encrypt(episode_id, plain, "funder_account")
        values = {"ordinal": ordinal, "funder": funder, "state": state, "code": code}
        self._connection.execute(_ACCOUNT, {**values, "id": episode_id, "sealed": sealed, "at": at})

    def funder_account(self, episode_id: str, ordinal: int) -> str | None:
        sealed = self._connection.execute(
            "select sealed from funder_account where episode_id = %(id)s and ordinal = %(ordinal)s",
            {"id": episode_id, "ordinal": ordinal},
        ).scalar_one_or_none()
        if sealed is None:
            return None
        return self._keyring.decrypt(episode_id, bytes(sealed), "funder_account").decode()

    def put_bureau_stay(self, episode_id: str, state: str, at: datetime, *, code: str = "") -> None:
        values = {"id": episode_id, "state": state, "code": code, "at": at}
        self._connection.execute(_STAY, values)

    def put_quote(
        self, episode_id: str, bill_id: str, quote: Quote | None, at: datetime, *, code: str = ""
    ) -> None:
        split = quote.split if quote is not None else None
        sealed = None
        if quote is not None:
            plain = quote.model_dump_json().encode()
            sealed = self._keyring.encrypt(episode_id, plain, "settlement_quote")
        self._connection.execute(
            _QUOTE,
            {
                "bill": bill_id,
                "id": episode_id,
                "state": "refused" if split is None else "quoted",
                "code": code,
                "insurance": quote.insurance.value if quote else "",
                "area": quote.order.area_code if quote else "",
                "fee": quote.order.total.amount_minor if quote else 0,
                "fund": split.fund.amount_minor if split else 0,
                "account": split.account.amount_minor if split else 0,
                "family": split.family.amount_minor if split else 0,
                "sealed": sealed,
                "at": at,
            },
        )

    def quote(self, episode_id: str, bill_id: str) -> Quote | None:
        sealed = self._connection.execute(
            "select sealed from settlement_quote where bill_id = %(bill)s", {"bill": bill_id}
        ).scalar_one_or_none()
        if sealed is None:
            return None
        plain = self._keyring.decrypt(episode_id, bytes(sealed), "settlement_quote")
        return Quote.model_validate_json(plain)

    def next_round(self, bill_id: str, round_: int) -> bool:
        """The message of this round was reversed; False when another has noted it already."""
        return (
            self._connection.execute(
                "update settlement_quote set round = round + 1"
                " where bill_id = %(bill)s and round = %(round)s",
                {"bill": bill_id, "round": round_},
            ).rowcount
            > 0
        )

    def withdraw_quote(self, bill_id: str) -> None:
        self._connection.execute(
            "update settlement_quote set state = 'withdrawn' where bill_id = %(bill)s",
            {"bill": bill_id},
        )

    def keep_answer(
        self,
        episode_id: str,
        party: str,
        operation: str,
        reference: str,
        code: str,
        document: str,
        at: datetime,
        *,
        scope: str = "",
    ) -> None:
        content = document.encode()
        values = {"party": party, "operation": operation, "reference": reference, "code": code}
        whose = scope or episode_id
        key = mention_key(self._connection, self._keyring, whose) if whose != episode_id else None
        sealed = self._keyring.encrypt(whose, content, "kept_answer", key=key)
        sha256 = hashlib.sha256(content).hexdigest()
        self._connection.execute(
            _KEEP, {**values, "id": episode_id, "sha256": sha256, "sealed": sealed, "at": at}
        )

    def settled(self, hospital: str, begins: date, ends: date) -> list[SettledClaim]:
        """Every settlement in force of one hospital that was made on these days."""
        rows = self._connection.execute(
            _SETTLED, {"hospital": hospital, "begins": begins, "ends": ends}
        ).mappings()
        return [SettledClaim.model_validate(dict(row)) for row in rows]

    def sums_noted(
        self, hospital: str, begins: date, ends: date, at: datetime
    ) -> set[tuple[str, str, bool]]:
        rows = self._connection.execute(
            "select insurance, area_code, stays from settlement_comparison"
            " where hospital_id = %(hospital)s and begins = %(begins)s and ends = %(ends)s"
            " and occurred_at = %(at)s",
            {"hospital": hospital, "begins": begins, "ends": ends, "at": at},
        )
        return {(row.insurance, row.area_code, row.stays) for row in rows}

    def note_comparison(self, hospital: str, held: SettledTotal, equal: bool) -> int:
        number: int = self._connection.execute(
            _COMPARED,
            {
                "hospital": hospital,
                "insurance": held.insurance.value,
                "area": held.area_code,
                "begins": held.begins,
                "ends": held.ends,
                "fee": held.fee.amount_minor,
                "fund": held.fund.amount_minor,
                "account": held.account.amount_minor,
                "count": held.count,
                "stays": held.stay,
                "equal": equal,
                "at": held.at,
            },
        ).scalar_one()
        return number

    def note_difference(
        self, comparison: int, hospital: str, found: SettledDifference, ours: SettledClaim | None
    ) -> None:
        theirs = found.theirs
        self._connection.execute(
            _DIFFERENCE,
            {
                "comparison": comparison,
                "hospital": hospital,
                "settlement": found.settlement,
                "kind": found.kind,
                "episode": ours.episode_id if ours else None,
                "our_fund": ours.fund_minor if ours else None,
                "our_account": ours.account_minor if ours else None,
                "their_fund": theirs.fund.amount_minor if theirs else None,
                "their_account": theirs.account.amount_minor if theirs else None,
            },
        )
