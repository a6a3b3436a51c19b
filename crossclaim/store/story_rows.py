"""Reads every row that an episode's story is told from in a single round trip; nothing sealed."""

from __future__ import annotations

from crossclaim.domain.story_facts import GuaranteeRequestFact, StoryFacts
from crossclaim.domain.story_facts_appeals import AppealFact, RevisionFact
from crossclaim.domain.story_facts_bill import ClawBackFact
from crossclaim.domain.story_facts_information import (
    InformationEventFact,
    InformationItemFact,
    InformationRequestFact,
)
from crossclaim.domain.story_facts_repair import CancellationFact, HoldFact, SkipFact
from crossclaim.domain.story_facts_tenders import PaymentFact, RefundFact
from crossclaim.store.connection import Connection


def _listed(name: str, columns: str, source: str) -> str:
    fields = ", ".join(f"'{c.split('.')[-1]}', {c}" for c in columns.split())
    return (
        f"'{name}', (select coalesce(jsonb_agg(jsonb_build_object({fields})), '[]') from {source})"
    )


_OF = "where x.episode_id = e.id"
_PARTS = [
    _listed(
        "coverages",
        "ordinal organisation_id plan eligible eligibility_at disposition",
        f"coverage x {_OF} and x.funder = 'insurer'",
    ),
    _listed(
        "consents",
        "id type recipient text_version channel signed_at withdrawn_at signer_capacity"
        " signer_paper recorded_at given_by",
        f"consent x {_OF}",
    ),
    _listed("staff_notes", "id organisation_id kind recorded_at", f"staff_note x {_OF}"),
    _listed(
        "funder_accounts",
        "ordinal funder state code looked_up_at",
        f"funder_account x {_OF}",
    ),
    _listed(
        "quotes",
        "bill_id state fund_minor account_minor family_minor recorded_at",
        f"settlement_quote x {_OF}",
    ),
    _listed(
        "bureau_stays", "state code admitted_at discharged_at recorded_at", f"bureau_stay x {_OF}"
    ),
    _listed(
        "bills",
        "id number version status state total_minor correction corrects recorded_at",
        f"bill x {_OF}",
    ),
    _listed(
        "tenders",
        "id bill_id method amount_minor tendered_at recorded_at reversed",
        f"tender x {_OF}",
    ),
    _listed("payments", " ".join(PaymentFact.model_fields), f"payment_order x {_OF}"),
    _listed("claw_backs", " ".join(ClawBackFact.model_fields), f"claw_back x {_OF}"),
    _listed("refunds", " ".join(RefundFact.model_fields), f"tender_refund x {_OF}"),
    _listed(
        "guarantees",
        "id insurer_id reference state number limit_minor currency rate valid_until disposition"
        " requested_at answered_at released_at",
        f"guarantee x {_OF}",
    ),
    _listed(
        "guarantee_requests",
        " ".join(GuaranteeRequestFact.model_fields),
        f"guarantee_request x {_OF}",
    ),
    _listed(
        "claims",
        "id bill_id organisation_id kind reference state decides number forecast_minor"
        " benefit_minor benefit_currency pay_fen occurred_at submitted_at decided_at"
        " decided_by supplements",
        f"claim x {_OF}",
    ),
    _listed(
        "holds",
        " ".join(HoldFact.model_fields),
        f"episode_hold x {_OF}",
    ),
    _listed(
        "cancellations", " ".join(CancellationFact.model_fields), f"episode_cancellation x {_OF}"
    ),
    _listed("skips", " ".join(SkipFact.model_fields), f"step_skip x {_OF}"),
    _listed("reviews", "claim_id reasons occurred_at", f"claim_review x {_OF}"),
    _listed(
        "attempts",
        "id party operation reference attempt started_at finished_at outcome code",
        f"outbound_attempt x {_OF}",
    ),
    _listed(
        "payouts",
        "reference payee payee_organisation_id debtor_organisation_id bank amount_minor"
        " replaces state reason closed_at less_minor less_at recorded_at",
        f"payout_intent x {_OF}",
    ),
    _listed(
        "files",
        "reference kind attempt file_name recorded_at released_at",
        f"payout_attempt x {_OF}",
    ),
    _listed(
        "reports",
        "bank message_id entry reference state reason amount_minor currency happened_at"
        " recorded_at",
        f"payout_report x {_OF}",
    ),
    _listed("rails", "reference rail trace recorded_at", f"payout_rail x {_OF}"),
    _listed(
        "approvals",
        "reference why recorded_at decided_at approved",
        f"payout_approval x {_OF}",
    ),
    _listed("recalls", "reference reason state recorded_at", f"payout_recall x {_OF}"),
    _listed(
        "findings",
        "payout_reference number outcome bank_entry recorded_at decided_at approved",
        f"payout_finding x {_OF}",
    ),
    _listed(
        "write_offs",
        "claw_back number reason recorded_at decided_at approved",
        f"claw_back_write_off x {_OF}",
    ),
    _listed(
        "claw_back_findings",
        "claw_back number outcome amount_minor recorded_at decided_at approved",
        f"claw_back_finding x {_OF}",
    ),
    _listed(
        "exceptions",
        "id code reference details opened_at resolved_at",
        f"exception_item x {_OF}",
    ),
    _listed(
        "withdrawals",
        "id organisation_id consent branch state suspended_until insurer_minor patient_minor"
        " changed_at recorded_at",
        f"withdrawal x {_OF}",
    ),
    _listed("appeals", " ".join(AppealFact.model_fields), f"appeal x {_OF}"),
    _listed("revisions", " ".join(RevisionFact.model_fields), f"claim_revision x {_OF}"),
    _listed(
        "record_requests",
        "id number system reference state requested_by window_from window_until reason"
        " emergency recorded_at",
        f"record_request x {_OF}",
    ),
    _listed(
        "record_accesses",
        "id request_id organisation_id staff what consents recorded_at",
        f"record_access x {_OF}",
    ),
    _listed(
        "record_deliveries",
        "id kind reference state receipt reason recorded_at",
        f"record_delivery x {_OF}",
    ),
    _listed(
        "record_notices",
        "reference event number means recorded_at",
        f"record_notice x {_OF}",
    ),
    _listed("spouses", "named_at paired_on looked_up_at", f"voucher_spouse x {_OF}"),
    _listed(
        "identity_checks",
        "number document_type checked_by place checked_at recorded_at",
        f"identity_check x {_OF}",
    ),
    _listed(
        "appointments",
        "number version state department starts_at entry recorded_at",
        f"appointment x {_OF}",
    ),
    _listed("confirmations", "bill_id confirmed_by recorded_at", f"voucher_confirmation x {_OF}"),
    _listed(
        "stages",
        "claim_id entered_at confirmed_at validated_at lapse_at lapsed_at",
        f"voucher_stage x {_OF}",
    ),
    _listed("use_records", "claim_id language void recorded_at", f"voucher_use_record x {_OF}"),
    _listed(
        "paired_claims",
        "reference decided_at occurred_at decision",
        f"claim x {_OF} and x.kind = 'voucher_spouse'",
    ),
    _listed(
        "reimbursed",
        "reference statement paid_minor outcome recorded_at",
        f"voucher_reconciliation x {_OF}",
    ),
    _listed(
        "hand_overs",
        "id number from_institution from_staff to_institution to_staff departed_at handed_over_at"
        " crew vehicle recorded_at",
        f"hand_over x {_OF}",
    ),
    _listed(
        "releases",
        "hand_over_id recipient basis rule reason decided_by missing recorded_at",
        f"hand_over_release x {_OF}",
    ),
    _listed(
        "information_requests",
        " ".join(InformationRequestFact.model_fields),
        f"information_request x {_OF}",
    ),
    _listed(
        "information_items",
        " ".join(InformationItemFact.model_fields),
        f"information_item x {_OF}",
    ),
    _listed(
        "information_events",
        " ".join(InformationEventFact.model_fields),
        f"information_event x {_OF}",
    ),
    _listed("archives", "run_id object_key recorded_at events", f"history_archive x {_OF}"),
]
# One call takes a hundred arguments at most.
_AT_ONCE = 40
_LISTS = "".join(
    f"jsonb_build_object({', '.join(_PARTS[first : first + _AT_ONCE])}) || "
    for first in range(0, len(_PARTS), _AT_ONCE)
)
_STORY = (
    f"select ({_LISTS}jsonb_build_object("
    + """
  'episode', jsonb_build_object('hospital_id', e.hospital_id, 'visit_number', e.visit_number,
    'encounter_class', e.encounter_class, 'status', e.status, 'opened_at', e.opened_at,
    'recorded_at', e.recorded_at, 'admitted_at', e.admitted_at,
    'discharged_at', e.discharged_at, 'closed_at', e.closed_at),
  'voucher', (select jsonb_build_object('cny_per_hkd', v.cny_per_hkd::text,
      'rate_id', v.rate_id, 'looked_up_at', v.looked_up_at)
    from voucher_account v where v.episode_id = e.id),
  'splits', (select coalesce(jsonb_agg(jsonb_build_object('bill_id', a.bill_id,
      'version', a.version, 'reason', a.reason, 'recorded_at', a.recorded_at,
      'result', a.result - 'shares' - 'trace')), '[]')
    from allocation a where a.episode_id = e.id),
  'submissions', (select coalesce(jsonb_agg(jsonb_build_object('id', s.id,
      'organisation_id', s.organisation_id, 'kind', s.kind, 'received_at', s.received_at,
      'status', s.outcome->'status',
      'faults', coalesce(s.outcome->'body'->'errors', '[]'))), '[]')
    from submission s where s.episode_id = e.id),
  'balances', (select coalesce(jsonb_agg(jsonb_build_object('account_id', b.account_id,
      'currency', b.currency, 'balance_minor', b.balance_minor) order by b.account_id), '[]')
    from (select p.account_id, p.currency, sum(p.amount_minor)::bigint as balance_minor
          from posting p join entry n on n.id = p.entry_id where n.episode_id = e.id
          group by p.account_id, p.currency) b)
))::text from episode e where e.id = %(id)s"""
)


def read_story_facts(connection: Connection, episode_id: str) -> StoryFacts | None:
    """What the connection's role may see of the episode; None when that is nothing."""
    found = connection.execute(_STORY, {"id": episode_id}).scalar_one_or_none()
    return None if found is None else StoryFacts.model_validate_json(found)
