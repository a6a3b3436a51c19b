"""Parameters of plans about the course of an episode: payouts, withdrawn consents, appeals."""

from __future__ import annotations

from crossclaim.domain.payout_clock import PAUSES
from crossclaim.domain.payout_rail import PAYEES, PAYERS, RAILS
from crossclaim.domain.plan import Unit
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.withdrawal import DATA, SENT_BEFORE
from crossclaim.plans.expected import Expected

_REGIONS = frozenset({"CN", "HK", "MO"})
"""Whose weekends and public holidays close a rail."""
_CONSENTS = frozenset(consent.value for consent in ConsentType)
_LEVELS = frozenset(f"level_{level}" for level in range(1, 10))

EPISODE = (
    Expected("split", (Unit.SWITCH,)),
    Expected("rails.order", (Unit.CODES,), words=RAILS),
    Expected("rails.*.payers", (Unit.CODES,), words=PAYERS, names=RAILS),
    Expected("rails.*.payees", (Unit.CODES,), words=PAYEES, names=RAILS),
    Expected("rails.*.purposes", (Unit.CODES,), names=RAILS),
    Expected("rails.*.opens", (Unit.HOURS,), names=RAILS),
    Expected("rails.*.closes", (Unit.HOURS,), names=RAILS),
    Expected("rails.*.closed_on", (Unit.CODES,), words=_REGIONS, names=RAILS),
    Expected("rails.*.takes", (Unit.HOURS,), names=RAILS),
    Expected("rails.*.up_to", (Unit.HKD,), names=RAILS),
    Expected("rails.*.per_day", (Unit.HKD_PER_DAY,), names=RAILS),
    Expected("rails.*.per_year", (Unit.HKD_PER_YEAR,), names=RAILS),
    Expected("clock.due", (Unit.HOURS,)),
    Expected("clock.person_within", (Unit.HOURS,)),
    Expected("clock.pauses_in", (Unit.CODES,), words=PAUSES),
    Expected("refusals.again", (Unit.CODES,)),
    Expected("refusals.again_after", (Unit.HOURS,)),
    Expected("refusals.again_times", (Unit.COUNT,)),
    Expected("refusals.new_account", (Unit.CODES,)),
    Expected("refusals.inquire", (Unit.CODES,)),
    Expected("refusals.stop", (Unit.CODES,)),
    Expected("appeals.levels", (Unit.COUNT,)),
    Expected("appeals.*.lodge_within", (Unit.DAYS,), names=_LEVELS),
    Expected("appeals.*.decide_within", (Unit.DAYS,), names=_LEVELS),
    Expected("appeals.warn_before", (Unit.DAYS,)),
    Expected("withdrawal.stops_insurer", (Unit.CODES,), words=_CONSENTS),
    Expected("withdrawal.blocks_access", (Unit.CODES,), words=_CONSENTS),
    Expected("withdrawal.suspended", (Unit.DAYS,)),
    Expected("withdrawal.sent_before", (Unit.CODE,), words=SENT_BEFORE),
    Expected("after_approval.sends", (Unit.CODES,), words=DATA),
    Expected("emergency.outbound", (Unit.SWITCH,)),
    Expected("retention.outpatient", (Unit.YEARS,)),
    Expected("retention.inpatient", (Unit.YEARS,)),
    Expected("retention.insurer.*", (Unit.YEARS,)),
    Expected("retention.family_binding", (Unit.YEARS,)),
    Expected("retention.family_code_link", (Unit.YEARS,)),
    Expected("retention.credit_account", (Unit.YEARS,)),
    Expected("retention.voucher_spouse", (Unit.YEARS,)),
    Expected("retention.bank_copy", (Unit.YEARS,)),
    Expected("export.ready", (Unit.DAYS,)),
)
