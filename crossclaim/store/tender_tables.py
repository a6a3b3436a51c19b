"""Payments through an acquirer, refunds of tenders, and days compared with its statement."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.acquirer_day import DayDifference, DayHeld, OurMovement
from crossclaim.domain.tender_rows import PaymentRow, RefundRow
from crossclaim.security.keyring import Keyring
from crossclaim.store.column_names import assigned, checked
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns

_SEALED_AS = "payer_code"
_PAYMENT = """
insert into payment_order (reference, episode_id, bill_id, method, window_reference, amount_minor,
    state, payer_code_sealed, ordered_at, close_at)
values (%(reference)s, %(episode)s, %(bill_id)s, %(method)s, %(window_reference)s,
    %(amount_minor)s, %(state)s, %(sealed)s, %(ordered_at)s, %(close_at)s)
"""
_REFUND = """
insert into tender_refund (reference, episode_id, bill_id, tender_id, method, route, amount_minor,
    cause, state, ordered_at)
values (%(reference)s, %(episode)s, %(bill_id)s, %(tender_id)s, %(method)s, %(route)s,
    %(amount_minor)s, %(cause)s, %(state)s, %(ordered_at)s)
"""
_TENDER = """
insert into tender (episode_id, bill_id, method, amount_minor, reference, tendered_at)
values (%(id)s, %(bill)s, %(method)s, %(amount)s, %(reference)s, %(at)s) returning id
"""
_PAYMENTS = """
select 'payment' as kind, split_part(x.reference, '.', 1) as reference, x.number, x.amount_minor,
       x.episode_id,
       x.state = 'paid' as done from payment_order x
"""
_REFUNDS = """
select 'refund' as kind, x.reference, x.number, x.amount_minor, x.episode_id,
       x.state = 'refunded' as done from tender_refund x
"""
_ACQUIRED = f"""
{_PAYMENTS} join episode e on e.id = x.episode_id
where x.state = 'paid' and e.hospital_id = %(hospital)s
  and (x.paid_at at time zone 'Asia/Shanghai')::date = %(day)s
union all
{_REFUNDS} join episode e on e.id = x.episode_id
where x.state = 'refunded' and x.route = 'acquirer' and e.hospital_id = %(hospital)s
  and (x.refunded_at at time zone 'Asia/Shanghai')::date = %(day)s
order by reference
"""
_ONE = f"""
{_PAYMENTS} join episode e on e.id = x.episode_id
where x.reference = %(reference)s and e.hospital_id = %(hospital)s
union all
{_REFUNDS} join episode e on e.id = x.episode_id
where x.reference = %(reference)s and e.hospital_id = %(hospital)s
"""
_DAY = """
insert into acquirer_comparison (hospital_id, day, payments, paid_minor, refunds, refunded_minor,
    equal, occurred_at)
values (%(hospital)s, %(day)s, %(payments)s, %(paid_minor)s, %(refunds)s, %(refunded_minor)s,
    %(equal)s, %(at)s) returning id
"""
_DAYS_NOTED = """
select c.hospital_id, count(d.comparison_id) as differences
from acquirer_comparison c left join acquirer_difference d on d.comparison_id = c.id
where c.day = %(day)s and c.occurred_at = %(at)s group by c.hospital_id
"""
_DIFFERENCE = """
insert into acquirer_difference (comparison_id, hospital_id, kind, movement, reference, number,
    episode_id, our_minor, their_minor)
values (%(comparison)s, %(hospital)s, %(kind)s, %(movement)s, %(reference)s, %(number)s,
    %(episode)s, %(ours)s, %(theirs)s)
"""


class TenderTables:
    """Part of a transaction: what the patient pays and gets back."""

    _connection: Connection
    _keyring: Keyring

    def add_payment(self, episode_id: str, payment: PaymentRow, payer_code: str) -> None:
        sealed = self._keyring.encrypt(episode_id, payer_code.encode(), _SEALED_AS)
        values = payment.model_dump()
        self._connection.execute(_PAYMENT, {**values, "episode": episode_id, "sealed": sealed})

    def payer_code(self, reference: str, episode_id: str) -> str:
        sealed = self._connection.execute(
            "select payer_code_sealed from payment_order where reference = %(reference)s",
            {"reference": reference},
        ).scalar_one_or_none()
        if sealed is None:
            return ""
        return self._keyring.decrypt(episode_id, bytes(sealed), _SEALED_AS).decode()

    def change_payment(self, reference: str, **fields: object) -> None:
        if fields.get("state") in ("paid", "refused", "closed"):
            fields = {**fields, "payer_code_sealed": None}
        self._change("payment_order", reference, fields)

    def add_tender(
        self,
        episode_id: str,
        bill_id: str,
        method: str,
        amount_minor: int,
        reference: str,
        at: datetime,
    ) -> int:
        values = {"id": episode_id, "bill": bill_id, "method": method, "amount": amount_minor}
        found: int = self._connection.execute(
            _TENDER, {**values, "reference": reference, "at": at}
        ).scalar_one()
        return found

    def reverse_tender(self, tender_id: int) -> None:
        fields: dict[str, object] = {"reversed": True, "_id": tender_id}
        set_columns(self._connection, "tender", "id = %(_id)s", fields)

    def add_refund(self, episode_id: str, refund: RefundRow) -> None:
        self._connection.execute(_REFUND, {**refund.model_dump(), "episode": episode_id})

    def change_refund(self, reference: str, **fields: object) -> None:
        self._change("tender_refund", reference, fields)

    def acquired(self, hospital: str, day: date) -> list[OurMovement]:
        rows = self._connection.execute(_ACQUIRED, {"hospital": hospital, "day": day}).mappings()
        return [OurMovement.model_validate(dict(row)) for row in rows]

    def our_movement(self, hospital: str, reference: str) -> OurMovement | None:
        about = {"hospital": hospital, "reference": reference}
        rows = list(self._connection.execute(_ONE, about).mappings())
        return OurMovement.model_validate(dict(rows[0])) if rows else None

    def second_payments_due(self) -> list[str]:
        rows = self._connection.execute(
            "select distinct episode_id from tender_refund"
            " where cause = 'PAID_TWICE' and route = 'acquirer' and state = 'due'"
        )
        return sorted(row.episode_id for row in rows)

    def note_acquirer_day(self, held: DayHeld, equal: bool, at: datetime) -> int:
        found: int = self._connection.execute(
            _DAY, {**held.model_dump(), "equal": equal, "at": at}
        ).scalar_one()
        return found

    def acquirer_days_noted(self, day: date, at: datetime) -> dict[str, int]:
        rows = self._connection.execute(_DAYS_NOTED, {"day": day, "at": at}).all()
        return {row.hospital_id: row.differences for row in rows}

    def note_acquirer_difference(
        self, comparison: int, hospital: str, found: DayDifference
    ) -> None:
        ours = found.ours
        self._connection.execute(
            _DIFFERENCE,
            {
                "comparison": comparison,
                "hospital": hospital,
                "kind": found.kind,
                "movement": found.movement.value,
                "reference": found.reference,
                "number": found.number,
                "episode": ours.episode_id if ours else None,
                "ours": ours.amount_minor if ours else None,
                "theirs": found.their_minor,
            },
        )

    def _change(self, table: str, reference: str, fields: dict[str, object]) -> None:
        values = {**fields, "_reference": reference}
        columns = assigned(fields)
        self._connection.execute(
            f"update {checked(table)} set {columns}, changed_at = now()"
            " where reference = %(_reference)s",
            values,
        )
