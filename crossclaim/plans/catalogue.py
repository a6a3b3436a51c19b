"""Which parameters a plan of each funder may have, in which unit, and from which words.

A key that stands in no entry is a fault, so that a slip of the pen never becomes a rule that nobody
applies. ``*`` stands for one name.
"""

from __future__ import annotations

from crossclaim.domain.adjudication import REDUCTIONS
from crossclaim.domain.benefits import COUNTS
from crossclaim.domain.insurer_leg import PAYEES
from crossclaim.domain.plan import Unit
from crossclaim.domain.sentences import Reason
from crossclaim.domain.submission import (
    ChargeCategory,
    ConsentType,
    DocumentType,
    EncounterClass,
    FunderKind,
    SurgeryClass,
)
from crossclaim.plans.catalogue_basic import BASIC, PAY_LATER, PERSONAL_ACCOUNT
from crossclaim.plans.catalogue_patient import PATIENT
from crossclaim.plans.catalogue_voucher import VOUCHER_MORE
from crossclaim.plans.expected import BENEFITS, TERMS, Expected

CATEGORIES = frozenset(c.value for c in ChargeCategory)
CHANNELS = frozenset({"voucher_dedicated", "international", "ordinary"})
ENCOUNTERS = frozenset(c.value for c in EncounterClass)
EXCLUDED = frozenset(r.value for r in Reason if r.value.startswith("EXCLUDED_"))

_VOUCHER = (
    Expected("amounts.yearly", (Unit.HKD_PER_YEAR,), required=True),
    Expected("amounts.accumulation_limit", (Unit.HKD,), required=True),
    Expected("amounts.face_value", (Unit.HKD,), required=True),
    Expected("amounts.optometry_two_years", (Unit.HKD,)),
    Expected("amounts.allotment_day", (Unit.CODE,)),
    Expected("eligibility.age", (Unit.YEARS,), required=True),
    Expected(
        "eligibility.documents",
        (Unit.CODES,),
        words=frozenset(d.value for d in DocumentType),
        required=True,
    ),
    Expected(
        "eligibility.consents",
        (Unit.CODES,),
        words=frozenset(c.value for c in ConsentType),
        required=True,
    ),
    Expected("scope.encounter_classes", (Unit.CODES,), words=ENCOUNTERS, required=True),
    Expected("scope.channels", (Unit.CODES,), words=CHANNELS, required=True),
    Expected("scope.only_after_service", (Unit.SWITCH,), required=True),
    Expected("scope.goods_categories", (Unit.CODES,), words=CATEGORIES, required=True),
    Expected("scope.not_service_categories", (Unit.CODES,), words=CATEGORIES, required=True),
    Expected("scope.day_procedure_categories", (Unit.CODES,), words=CATEGORIES, required=True),
    Expected("scope.inpatient_categories", (Unit.CODES,), words=CATEGORIES, required=True),
    Expected(
        "combination.not_with",
        (Unit.CODES,),
        words=frozenset({FunderKind.BASIC_INSURANCE.value}),
        required=True,
    ),
    Expected(
        "rounding.dollars", (Unit.CODE,), words=frozenset({"whole_dollars_down"}), required=True
    ),
    Expected("rounding.fen", (Unit.CODE,), words=frozenset({"half_up"}), required=True),
    Expected("void.by_provider", (Unit.CODE,), words=frozenset({"same_day"})),
    Expected("reward.minimum", (Unit.HKD_PER_YEAR,)),
    Expected("reward.amount", (Unit.HKD_PER_YEAR,)),
    Expected("service_points.*.open", (Unit.SWITCH,), names=TERMS),
    Expected("service_points.*.departments", (Unit.CODES,), words=TERMS, names=TERMS),
)

_INSURER = (
    Expected("order", (Unit.CODES,), words=REDUCTIONS, required=True),
    Expected("deductible.per_year", (Unit.HKD_PER_YEAR,), required=True),
    Expected("coinsurance.ratio", (Unit.RATIO,), required=True),
    Expected("annual_limit", (Unit.HKD_PER_YEAR,), required=True),
    Expected("benefits.*.categories", (Unit.CODES,), words=CATEGORIES, required=True),
    Expected("benefits.*.per_day", (Unit.HKD_PER_DAY,)),
    Expected("benefits.*.days_limit", (Unit.DAYS_PER_YEAR,)),
    Expected("benefits.*.counts", (Unit.CODE,), words=COUNTS),
    Expected("benefits.*.limit", (Unit.HKD_PER_YEAR, Unit.HKD_PER_STAY)),
    Expected(
        "benefits.*.per_surgery.*",
        (Unit.HKD_PER_SURGERY,),
        names=frozenset(c.value for c in SurgeryClass),
    ),
    Expected("benefits.*.one_operation", (Unit.CODE,), words=frozenset({"service_date"})),
    Expected("benefits.*.share_of", (Unit.CODE,), words=BENEFITS),
    Expected("benefits.*.share", (Unit.RATIO,)),
    Expected("benefits.*.coinsurance", (Unit.RATIO,)),
    Expected("outpatient_around_stay.per_visit", (Unit.HKD_PER_VISIT,)),
    Expected("outpatient_around_stay.per_year", (Unit.HKD_PER_YEAR,)),
    Expected("exclusions.*", (Unit.CODE,), words=EXCLUDED, names=CATEGORIES),
    Expected("direct_billing.encounter_classes", (Unit.CODES,), words=ENCOUNTERS, required=True),
    Expected("guarantee.request_lead_planned", (Unit.WORKING_DAYS,)),
    Expected("guarantee.request_lead_emergency", (Unit.HOURS,)),
    Expected("guarantee.without_ratio", (Unit.RATIO,)),
    Expected("guarantee.without_payee", (Unit.CODE,), words=PAYEES, required=True),
)

_BASIC = (Expected("excluded_channels", (Unit.CODES,), words=CHANNELS),)

CATALOGUE: dict[FunderKind, tuple[Expected, ...]] = {
    FunderKind.VOUCHER: (*_VOUCHER, *VOUCHER_MORE),
    FunderKind.INSURER: _INSURER,
    FunderKind.BASIC_INSURANCE: (*_BASIC, *BASIC),
    FunderKind.PERSONAL_ACCOUNT: PERSONAL_ACCOUNT,
    FunderKind.PAY_LATER: PAY_LATER,
    FunderKind.PATIENT: PATIENT,
}

COMPANIONS = {
    "per_day": ("days_limit", "counts"),
    "share_of": ("share",),
    "share": ("share_of",),
}
"""A benefit that has the first must have the others."""


def expected(funder: FunderKind, key: str) -> Expected | None:
    """The entry that allows a key."""
    return next((e for e in CATALOGUE.get(funder, ()) if e.fits(key)), None)
