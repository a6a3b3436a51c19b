"""Which parameters plans of basic insurance, personal accounts and pay-later may have."""

from __future__ import annotations

from crossclaim.domain.basic_facts import Care, HospitalLevel
from crossclaim.domain.basic_rules import ANY_LEVEL, FILED, PERIODS
from crossclaim.domain.family_account import Place, PoolingScope
from crossclaim.domain.family_submission import BindingChannel, PaperKind
from crossclaim.domain.insured import GROUPS, RELATIONS, Insurance
from crossclaim.domain.pay_later import TENDERS
from crossclaim.domain.plan import Unit
from crossclaim.domain.submission import EncounterClass
from crossclaim.domain.waiting import MOST_COUNTS
from crossclaim.plans.expected import TERMS, Expected

LEVELS = frozenset(level.value for level in HospitalLevel) | {ANY_LEVEL}
DISEASE_CLASSES = frozenset({"class-1", "class-2", "class-3", "class-4"})
EXEMPT = frozenset({"newborn"})
BINDING_CHANNELS = frozenset(channel.value for channel in BindingChannel)
PAPERS = frozenset(kind.value for kind in PaperKind)


def _of_care(care: Care) -> tuple[Expected, ...]:
    """The keys that judge one kind of care; ``group.level`` ends those that tell both apart."""
    head = care.value
    deductible = (Unit.CNY_PER_YEAR, Unit.CNY_PER_STAY)
    return (
        Expected(f"{head}.ratio.*.*", (Unit.RATIO,), names=LEVELS),
        Expected(f"{head}.general_consult_fee.*", (Unit.RATIO,), names=GROUPS),
        Expected(f"{head}.extra.*", (Unit.RATIO,), names=GROUPS),
        Expected(f"{head}.elsewhere_less", (Unit.RATIO,)),
        Expected(f"{head}.elsewhere_spared", (Unit.CODES,), words=frozenset({FILED})),
        Expected(f"{head}.above.from", (Unit.CNY,)),
        Expected(f"{head}.above_ratio.*.*", (Unit.RATIO,), names=LEVELS),
        Expected(f"{head}.deductible.*.*", deductible, names=LEVELS),
        Expected(f"{head}.limits.*", (Unit.CODES,), words=PERIODS, names=GROUPS),
        Expected(f"{head}.per_month.*.*", (Unit.CNY_PER_MONTH,), names=LEVELS),
        Expected(f"{head}.per_year.*.*", (Unit.CNY_PER_YEAR,), names=LEVELS),
        Expected(f"{head}.per_quarter.*", (Unit.CNY_PER_QUARTER,), names=DISEASE_CLASSES),
    )


BASIC = (
    *(entry for care in Care for entry in _of_care(care)),
    Expected("scope.contracted_groups", (Unit.CODES,), words=GROUPS),
    Expected("waiting.groups", (Unit.CODES,), words=GROUPS),
    Expected("waiting.fixed", (Unit.MONTHS,)),
    Expected("waiting.per_missed_year", (Unit.MONTHS,)),
    Expected("waiting.most", (Unit.MONTHS,)),
    Expected("waiting.most_counts", (Unit.CODE,), words=MOST_COUNTS),
    Expected("waiting.exempt", (Unit.CODES,), words=EXEMPT),
    Expected("enrolment.opens", (Unit.CODE,)),
    Expected("enrolment.closes", (Unit.CODE,)),
    Expected("contribution.personal", (Unit.CNY_PER_YEAR,)),
    Expected("contribution.subsidy", (Unit.CNY_PER_YEAR,)),
    Expected("contribution.late_pays_subsidy", (Unit.SWITCH,)),
)

PERSONAL_ACCOUNT = (
    Expected("relatives.allowed", (Unit.CODES,), words=RELATIONS, required=True),
    Expected(
        "scope.pooling",
        (Unit.CODE,),
        words=frozenset(scope.value for scope in PoolingScope),
        required=True,
    ),
    Expected(
        "scope.places",
        (Unit.CODES,),
        words=frozenset(place.value for place in Place),
        required=True,
    ),
    Expected(
        "holders.insurances",
        (Unit.CODES,),
        words=frozenset(insurance.value for insurance in Insurance),
        required=True,
    ),
    Expected("users.insured_only", (Unit.SWITCH,), required=True),
    Expected("users.own_card_only", (Unit.SWITCH,), required=True),
    Expected("applications.papers.*", (Unit.CODES,), words=PAPERS, names=BINDING_CHANNELS),
    Expected("applications.deducts.*", (Unit.SWITCH,), names=BINDING_CHANNELS),
)

PAY_LATER = (
    Expected("scope.hospitals", (Unit.CODES,), words=TERMS, required=True),
    Expected(
        "scope.encounter_classes",
        (Unit.CODES,),
        words=frozenset(encounter.value for encounter in EncounterClass),
        required=True,
    ),
    Expected("tenders.order", (Unit.CODES,), words=TENDERS, required=True),
    Expected("family_pay.relatives", (Unit.CODES,), words=RELATIONS, required=True),
    Expected("family_pay.agreement_needed", (Unit.SWITCH,), required=True),
    Expected("credit.age_least", (Unit.YEARS,), required=True),
    Expected("credit.age_most", (Unit.YEARS,), required=True),
    Expected("credit.least", (Unit.CNY,), required=True),
    Expected("credit.most", (Unit.CNY,), required=True),
    Expected("credit.partial", (Unit.SWITCH,), required=True),
    Expected("credit.grace_least", (Unit.DAYS,), required=True),
    Expected("credit.grace_most", (Unit.DAYS,), required=True),
    Expected(
        "credit.due_rule",
        (Unit.CODE,),
        words=frozenset({"first_of_month_after_least"}),
        required=True,
    ),
    Expected("credit.grace_interest", (Unit.RATIO,), required=True),
    Expected("credit.instalments", (Unit.CODES,), required=True),
    Expected("credit.instalment_fee", (Unit.RATIO,), required=True),
    Expected(
        "credit.instalment_rounding",
        (Unit.CODE,),
        words=frozenset({"down_last_takes_rest"}),
        required=True,
    ),
    Expected("overdue.fee", (Unit.RATIO,)),
    Expected("overdue.stops_draws", (Unit.SWITCH,)),
)
