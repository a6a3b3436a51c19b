"""Which parameters an insurer's plan may have."""

from __future__ import annotations

from crossclaim.domain.adjudication import REDUCTIONS
from crossclaim.domain.benefits import COUNTS
from crossclaim.domain.insurer_leg import PAYEES
from crossclaim.domain.plan import FxBasis, Unit
from crossclaim.domain.submission import SurgeryClass
from crossclaim.domain.unstated_use import NAMES, key_of, words_of
from crossclaim.plans.expected import BENEFITS, CATEGORIES, ENCOUNTERS, EXCLUDED, TERMS, Expected

POLICY_YEARS = frozenset(f"year_{n}" for n in range(1, 10))
"""Steps of a scale by policy year; the last one stated holds for all later years."""

# Insurers of Hong Kong count in HKD, those of Macao in MOP; one plan in one of them.
PER_DAY = (Unit.HKD_PER_DAY, Unit.MOP_PER_DAY)
PER_VISIT = (Unit.HKD_PER_VISIT, Unit.MOP_PER_VISIT)
PER_SURGERY = (Unit.HKD_PER_SURGERY, Unit.MOP_PER_SURGERY)
PER_STAY = (Unit.HKD_PER_STAY, Unit.MOP_PER_STAY)
PER_YEAR = (Unit.HKD_PER_YEAR, Unit.MOP_PER_YEAR)
PER_LIFETIME = (Unit.HKD_PER_LIFETIME, Unit.MOP_PER_LIFETIME)

INSURER = (
    Expected("order", (Unit.CODES,), words=REDUCTIONS, required=True),
    Expected("deductible.per_year", PER_YEAR),
    Expected("coinsurance.ratio", (Unit.RATIO,)),
    Expected("annual_limit", PER_YEAR),
    Expected("lifetime_limit", PER_LIFETIME),
    *(Expected(key_of(name), (Unit.CODE,), words=words_of(name)) for name in NAMES),
    Expected("payout.fx_basis", (Unit.CODE,), words=frozenset(b.value for b in FxBasis)),
    Expected("pre_existing.*", (Unit.RATIO,), names=POLICY_YEARS),
    Expected("waiting.illness", (Unit.DAYS,)),
    Expected("network.hospitals", (Unit.CODES,), words=TERMS),
    Expected("network.outside_ratio", (Unit.RATIO,)),
    Expected("benefits.*.categories", (Unit.CODES,), words=CATEGORIES, required=True),
    Expected("benefits.*.waiting", (Unit.DAYS, Unit.MONTHS)),
    Expected("benefits.*.per_visit", PER_VISIT),
    Expected("benefits.*.copay", PER_VISIT),
    Expected("benefits.*.visits_per_day", (Unit.VISITS_PER_DAY,)),
    Expected("benefits.*.visits_per_year", (Unit.VISITS_PER_YEAR,)),
    Expected("benefits.*.lifetime_limit", PER_LIFETIME),
    Expected("benefits.*.per_day", PER_DAY),
    Expected("benefits.*.days_limit", (Unit.DAYS_PER_YEAR,)),
    Expected("benefits.*.counts", (Unit.CODE,), words=COUNTS),
    Expected("benefits.*.limit", (*PER_YEAR, *PER_STAY)),
    Expected(
        "benefits.*.per_surgery.*",
        PER_SURGERY,
        names=frozenset(c.value for c in SurgeryClass),
    ),
    Expected("benefits.*.one_operation", (Unit.CODE,), words=frozenset({"service_date"})),
    Expected("benefits.*.share_of", (Unit.CODE,), words=BENEFITS),
    Expected("benefits.*.share", (Unit.RATIO,)),
    Expected("benefits.*.coinsurance", (Unit.RATIO,)),
    Expected("outpatient_around_stay.per_visit", PER_VISIT),
    Expected("outpatient_around_stay.per_year", PER_YEAR),
    Expected("exclusions.*", (Unit.CODE,), words=EXCLUDED, names=CATEGORIES),
    Expected("direct_billing.encounter_classes", (Unit.CODES,), words=ENCOUNTERS, required=True),
    Expected("reimbursement.encounter_classes", (Unit.CODES,), words=ENCOUNTERS),
    Expected("guarantee.required_encounters", (Unit.CODES,), words=ENCOUNTERS),
    Expected("guarantee.required_categories", (Unit.CODES,), words=CATEGORIES),
    Expected("guarantee.required_above", (Unit.CNY_PER_VISIT,)),
    Expected("guarantee.request_lead_planned", (Unit.WORKING_DAYS,)),
    Expected("guarantee.request_lead_emergency", (Unit.HOURS,)),
    Expected("guarantee.without_ratio", (Unit.RATIO,)),
    Expected("guarantee.without_payee", (Unit.CODE,), words=PAYEES, required=True),
)

COMPANIONS = {
    "per_day": ("days_limit", "counts"),
    "share_of": ("share",),
    "share": ("share_of",),
}
"""A benefit that has the first must have the others."""
