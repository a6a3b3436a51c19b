"""Parameters of a voucher plan about its account: spouses, reward, yearly allotment."""

from __future__ import annotations

from crossclaim.domain.plan import Unit
from crossclaim.plans.expected import Expected

_PAIRING = frozenset({"both_present", "identity_documents", "relationship_declared", "consent"})

VOUCHER_MORE = (
    Expected("amounts.first_allotment", (Unit.CODE,), words=frozenset({"birthday", "next_year"})),
    Expected("amounts.excess", (Unit.CODE,), words=frozenset({"lost"})),
    Expected("two_stage.remind_after", (Unit.DAYS,)),
    Expected("two_stage.escalate_before", (Unit.DAYS,)),
    Expected("two_stage.lapse", (Unit.DAYS,)),
    Expected("reimbursement.cycle", (Unit.CODE,), words=frozenset({"monthly"})),
    Expected("reimbursement.statement_day", (Unit.DAYS,)),
    Expected("spouse.pairing_needs", (Unit.CODES,), words=_PAIRING),
    Expected("spouse.own_first", (Unit.SWITCH,)),
    Expected("spouse.papers", (Unit.CODES,), words=frozenset({"spouse_id_copy"})),
    Expected("spouse.notice", (Unit.CODE,), words=frozenset({"sms_to_both"})),
    Expected("spouse.ends", (Unit.CODES,), words=frozenset({"written_request", "death"})),
    Expected("reward.counts", (Unit.CODE,), words=frozenset({"designated_primary_care"})),
    Expected("reward.usable_until", (Unit.CODE,), words=frozenset({"end_of_next_year"})),
    Expected("reward.within_accumulation_limit", (Unit.SWITCH,)),
)
