"""Which parameters a plan of each funder may have, in which unit, and from which words.

A key that stands in no entry is a fault, so that a slip of the pen never becomes a rule that nobody
applies. ``*`` stands for one name.
"""

from __future__ import annotations

from crossclaim.domain.plan import Unit
from crossclaim.domain.submission import ConsentType, DocumentType, FunderKind
from crossclaim.plans.catalogue_basic import BASIC, PAY_LATER, PERSONAL_ACCOUNT
from crossclaim.plans.catalogue_episode import EPISODE
from crossclaim.plans.catalogue_information import INFORMATION
from crossclaim.plans.catalogue_insurer import COMPANIONS, INSURER
from crossclaim.plans.catalogue_patient import PATIENT
from crossclaim.plans.catalogue_records import RECORDS
from crossclaim.plans.catalogue_review import REVIEW
from crossclaim.plans.catalogue_voucher import VOUCHER_MORE
from crossclaim.plans.expected import BENEFITS, CATEGORIES, CHANNELS, ENCOUNTERS, TERMS, Expected

__all__ = ["BENEFITS", "CATALOGUE", "COMPANIONS", "TERMS", "Expected", "expected"]

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

_BASIC = (Expected("excluded_channels", (Unit.CODES,), words=CHANNELS),)

CATALOGUE: dict[FunderKind, tuple[Expected, ...]] = {
    FunderKind.VOUCHER: (*_VOUCHER, *VOUCHER_MORE),
    FunderKind.INSURER: INSURER,
    FunderKind.BASIC_INSURANCE: (*_BASIC, *BASIC),
    FunderKind.PERSONAL_ACCOUNT: PERSONAL_ACCOUNT,
    FunderKind.PAY_LATER: PAY_LATER,
    FunderKind.PATIENT: (*PATIENT, *EPISODE, *RECORDS, *REVIEW, *INFORMATION),
}


def expected(funder: FunderKind, key: str) -> Expected | None:
    """The entry that allows a key."""
    return next((e for e in CATALOGUE.get(funder, ()) if e.fits(key)), None)
