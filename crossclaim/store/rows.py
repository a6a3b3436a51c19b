"""Reads all rows of one episode: in a single statement, or a step's shorter way under its lock.

The columns that are read are the members of the row models, so a new member is read as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, TypeAdapter

from crossclaim.domain.appeal import AppealRow, RevisionRow
from crossclaim.domain.appointment import AppointmentRow
from crossclaim.domain.bill_rows import ClawBackRow
from crossclaim.domain.bureau_rows import BureauStayRow, FunderAccountRow, QuoteRow
from crossclaim.domain.guarantee_rows import GuaranteeRequestRow
from crossclaim.domain.information_rows import InformationItemRow, InformationRequestRow
from crossclaim.domain.record_rows import RecordDeliveryRow, RecordRequestRow
from crossclaim.domain.records import (
    AllocationRow,
    BillRow,
    ClaimRow,
    ConsentRow,
    CoverageRow,
    EpisodeRow,
    EpisodeRows,
    ExceptionRow,
    GuaranteeRow,
    PayLaterRow,
    PayoutRow,
    TenderRow,
    VoucherRow,
)
from crossclaim.domain.repair_rows import CancellationRow, HoldRow, SkipRow
from crossclaim.domain.tender_rows import PaymentRow, RefundRow
from crossclaim.domain.transfer_rows import HandOverRow
from crossclaim.domain.voucher_rows import (
    ConfirmationRow,
    IdentityCheckRow,
    SpouseRow,
    StageRow,
    UseRecordRow,
)
from crossclaim.domain.withdrawal_rows import WithdrawalRow
from crossclaim.security.expiring_cache import ExpiringCache
from crossclaim.store.connection import Connection, Result


def _object(alias: str, row: type[BaseModel], **computed: str) -> str:
    """SQL of a JSON object with a member for each of ``row``'s, a column where not ``computed``."""
    pairs = (f"'{name}', {computed.get(name, f'{alias}.{name}')}" for name in row.model_fields)
    return f"json_build_object({', '.join(pairs)})"


def _each(table: str, row: type[BaseModel], order: str, **computed: str) -> str:
    """SQL of a JSON list of the episode's rows in ``table``, which is called ``x`` in it."""
    one = _object("x", row, **computed)
    return (
        f"(select coalesce(json_agg({one} order by {order}), '[]')"
        f" from {table} x where x.episode_id = %(id)s)"
    )


# Nothing proves the absence of a payment of which the bank has ever said that it has it.
_ABSENT = """
case when not exists (select 1 from payout_report k where k.reference = x.reference
       and k.state in ('booked', 'settled', 'credited', 'accepted', 'pending')) then
greatest((select max(least(r.happened_at, r.applied_at)) from payout_report r
          where r.reference = x.reference and r.state = 'unknown_to_bank'
          and r.applied_at is not null),
         (select case when range_agg(tstzrange(s.covers_from, s.covers_to, '[]'))
            @> tstzrange(x.sent_at, x.fence_at, '[]') then max(s.covers_to) end
          from bank_statement s where s.bank = x.bank and x.sent_at is not null
          and s.account_sha256 = x.debtor_account_sha256))
end
"""
_OF_ATTEMPTS = "(select {what} from payout_attempt a where a.reference = x.reference and a.kind = "

_OF_RECALL = "(select k.{what} from payout_recall k where k.reference = x.reference)"


# The newest payout of a claim is its last one here, whatever two intents of one moment are called.
_INTENTS = """(select p.*, max(p.reserved_at) over (partition by p.claim_id order by p.sequence)
    as since from payout_intent p where p.episode_id = %(id)s)"""


def _payouts(absent: str) -> str:
    return _each(
        _INTENTS,
        PayoutRow,
        "x.since, x.sequence, x.reference",
        orders=_OF_ATTEMPTS.format(what="count(*)") + "'order')",
        inquiries=_OF_ATTEMPTS.format(what="count(*)") + "'inquiry')",
        last_inquiry_at=_OF_ATTEMPTS.format(what="max(a.occurred_at)") + "'inquiry')",
        absent_at=absent,
        unapplied_reports="(select count(*) from payout_report r"
        " where r.reference = x.reference and r.applied_at is null)",
        rail="(select r.rail from payout_rail r where r.reference = x.reference)",
        recall=_OF_RECALL.format(what="state"),
        recall_sent_at=_OF_RECALL.format(what="sent_at"),
        recall_messages=_OF_RECALL.format(what="messages"),
    )


def _splits(result: str) -> str:
    """The newest split of each bill."""
    return f"""
      (select coalesce(json_agg(json_build_object('bill_id', x.bill_id, 'version', x.version,
         'result', {result})), '[]')
       from (select distinct on (bill_id) bill_id, version, result from allocation
             where episode_id = %(id)s order by bill_id, version desc) x)"""


_PARTS = {
    "episode": _object("e", EpisodeRow),
    "coverages": _each("coverage", CoverageRow, "x.ordinal"),
    "consents": _each("consent", ConsentRow, "x.id"),
    "voucher": f"(select {_object('x', VoucherRow, cny_per_hkd='x.cny_per_hkd::text')}"
    " from voucher_account x where x.episode_id = %(id)s)",
    "funder_accounts": _each("funder_account", FunderAccountRow, "x.ordinal"),
    "quotes": _each("settlement_quote", QuoteRow, "x.recorded_at, x.bill_id"),
    "bureau_stay": f"(select {_object('x', BureauStayRow)} from bureau_stay x"
    " where x.episode_id = %(id)s)",
    "bills": _each("bill", BillRow, "x.recorded_at, x.version"),
    "claw_backs": _each("claw_back", ClawBackRow, "x.recorded_at, x.reference"),
    "tenders": _each("tender", TenderRow, "x.id"),
    "payments": _each("payment_order", PaymentRow, "x.recorded_at, x.reference"),
    "refunds": _each("tender_refund", RefundRow, "x.recorded_at, x.reference"),
    "guarantees": _each("guarantee", GuaranteeRow, "x.id"),
    "guarantee_requests": _each(
        "guarantee_request", GuaranteeRequestRow, "x.asked_at, x.reference"
    ),
    "claims": _each("claim", ClaimRow, "x.occurred_at, x.id"),
    "exceptions": _each("exception_item", ExceptionRow, "x.id"),
    "pay_later": f"(select {_object('x', PayLaterRow)} from pay_later_payer x"
    " where x.episode_id = %(id)s)",
    "pay_later_asked": "exists (select 1 from pay_later_payer x"
    " where x.episode_id = %(id)s and x.confirmed_only)",
    "pay_later_confirmed": "(select coalesce(json_agg(x.bill_id), '[]')"
    " from pay_later_confirmation x where x.episode_id = %(id)s)",
    "spouse": f"(select {_object('x', SpouseRow)} from voucher_spouse x"
    " where x.episode_id = %(id)s)",
    "identity_checks": _each("identity_check", IdentityCheckRow, "x.checked_at"),
    "voucher_confirmations": _each("voucher_confirmation", ConfirmationRow, "x.confirmed_at"),
    "voucher_stages": _each("voucher_stage", StageRow, "x.entered_at"),
    "voucher_records": _each("voucher_use_record", UseRecordRow, "x.claim_id, x.language"),
    "withdrawals": _each("withdrawal", WithdrawalRow, "x.organisation_id, x.sequence"),
    "hand_overs": _each("hand_over", HandOverRow, "x.recorded_at, x.id"),
    "information_requests": _each("information_request", InformationRequestRow, "x.asked_at, x.id"),
    "information_items": _each("information_item", InformationItemRow, "x.request_id, x.item"),
    "appointments": _each("appointment", AppointmentRow, "x.number, x.version"),
    "appeals": _each("appeal", AppealRow, "x.lodged_at, x.id"),
    "revisions": _each("claim_revision", RevisionRow, "x.decided_at, x.claim_id, x.version"),
    "holds": _each("episode_hold", HoldRow, "x.recorded_at, x.number"),
    "cancellations": _each("episode_cancellation", CancellationRow, "x.recorded_at"),
    "skips": _each("step_skip", SkipRow, "x.recorded_at, x.number"),
    "record_requests": _each("record_request", RecordRequestRow, "x.recorded_at, x.id"),
    "record_deliveries": _each("record_delivery", RecordDeliveryRow, "x.recorded_at, x.id"),
}


def _rows(**more: str) -> str:
    parts = {**_PARTS, **more}
    return "json_build_object({})::text as rows".format(
        ", ".join(f"'{name}', {part}" for name, part in parts.items())
    )


# Decisions look at the figures; the trace is many times as large and only read by people.
_FIGURES = "x.result - 'trace'"
_WORKER_ROWS = f"""
select {_rows(allocations=_splits(_FIGURES), payouts=_payouts(_ABSENT))}
from episode e where e.id = %(id)s
"""
# Statements of the insurers' accounts are nobody's business at the API.
_PARTY_ROWS = f"""
select {_rows(allocations=_splits("x.result"), payouts=_payouts("null"))}
from episode e where e.id = %(id)s
"""
# What is large and never changes, or rare and dear, is told of: nothing changes under the lock.
_STEP_ROWS = f"""
select {_rows()},
  array(select distinct on (bill_id) bill_id || ' ' || version || ' ' || xmin from allocation
        where episode_id = %(id)s order by bill_id, version desc) as splits,
  exists (select 1 from payout_intent where episode_id = %(id)s) as with_payouts
from episode e where e.id = %(id)s
"""
_STEP_SPLITS = f"select {_splits(_FIGURES)}::text"
_STEP_PAYOUTS = f"select {_payouts(_ABSENT)}::text"
_SPLITS = TypeAdapter(list[AllocationRow])
_PAYOUTS = TypeAdapter(list[PayoutRow])

KEPT_SPLITS, KEPT_FOR_S = 500, 60.0


def read_rows(connection: Connection, episode_id: str) -> EpisodeRows | None:
    """All that is known, in one statement; None when there is no such episode."""
    return _told(connection.execute(_WORKER_ROWS, {"id": episode_id}))


def read_party_rows(connection: Connection, episode_id: str) -> EpisodeRows | None:
    """The same for the API, without what only banks know; None for another's episode too."""
    return _told(connection.execute(_PARTY_ROWS, {"id": episode_id}))


def _told(asked: Result) -> EpisodeRows | None:
    found = asked.scalar_one_or_none()
    return None if found is None else EpisodeRows.model_validate_json(found)


@dataclass(frozen=True)
class Asked:
    """A step's question about an episode; its answer is waited for by ``StepReader.told``."""

    episode_id: str
    result: Result


class StepReader:
    """Reads as the worker's steps do, under the episode's lock; one object serves all threads.

    A split is written once: its row, named by the transaction that wrote it, is read once too.
    """

    def __init__(self) -> None:
        self._splits: ExpiringCache[str, AllocationRow] = ExpiringCache(
            entries_max=KEPT_SPLITS, age_max_s=KEPT_FOR_S
        )

    def ask(self, connection: Connection, episode_id: str) -> Asked:
        return Asked(episode_id, connection.execute(_STEP_ROWS, {"id": episode_id}))

    def told(self, connection: Connection, asked: Asked) -> EpisodeRows | None:
        found = asked.result.one_or_none()
        if found is None:
            return None
        rows = EpisodeRows.model_validate_json(found.rows)
        more: dict[str, object] = {}
        if found.splits:
            more["allocations"] = self._newest(connection, asked.episode_id, found.splits)
        if found.with_payouts:
            payouts = connection.execute(_STEP_PAYOUTS, {"id": asked.episode_id}).scalar_one()
            more["payouts"] = _PAYOUTS.validate_json(payouts)
        return rows.model_copy(update=more) if more else rows

    def _newest(
        self, connection: Connection, episode_id: str, names: list[str]
    ) -> list[AllocationRow]:
        known = [split for name in names if (split := self._splits.get(name)) is not None]
        if len(known) == len(names):
            return known
        text = connection.execute(_STEP_SPLITS, {"id": episode_id}).scalar_one()
        read = _SPLITS.validate_json(text)
        for name, split in zip(names, read, strict=True):
            assert name.startswith(f"{split.bill_id} {split.version} "), "both are in one order"
            self._splits.put(name, split)
        return read
