"""Reads what the bureau says of a person: insurance, enrolment, sharing, what was used before."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.bureau import BasicPerson, FamilyAccount, UsedBefore, area_of
from crossclaim.domain.insured import Enrolment, Insurance, InsuredStatus, Relation, Tier
from crossclaim.gateways.bureau_envelope import contradicts
from crossclaim.gateways.bureau_shapes import CARES, PERIODS, Cumulative, Person, Shared
from crossclaim.gateways.bureau_shapes import Insurance as InsuranceShape

INSURANCES = {"310": Insurance.EMPLOYEE, "390": Insurance.RESIDENT}
"""By ``insutype``."""
_IN_FORCE = "1"
_RETIRED = "12"


def person_of(told: Person, whole: Any) -> BasicPerson:
    """The insurance in force, else the first that the bureau lists."""
    insured = next((i for i in told.insuinfo if i.psn_insu_stas == _IN_FORCE), told.insuinfo[0])
    insurance = INSURANCES[insured.insutype]
    families = [_family(shared) for shared in told.mulaidinfo]
    return BasicPerson(
        number=told.baseinfo.psn_no,
        area_code=insured.insuplc_admdvs,
        insurance=insurance,
        status=InsuredStatus.ACTIVE
        if insured.psn_insu_stas == _IN_FORCE
        else InsuredStatus.SUSPENDED,
        retired=insured.psn_type == _RETIRED if insurance is Insurance.EMPLOYEE else None,
        tier=_tier(insured.psn_tier),
        balance=insured.balc,
        enrolment=_enrolment(insured),
        own_card=told.baseinfo.card_psn_no == told.baseinfo.psn_no,
        contracted=[c.fixmedins_code for c in told.fixedinfo],
        diseases={d.dise_codg: d.dise_class for d in told.diseinfo},
        used=used_before(told.cuminfo, whole),
        family=families[0] if families else None,
        families=families,
    )


def _tier(word: str) -> Tier | None:
    return Tier(word) if word in {tier.value for tier in Tier} else None


def _enrolment(insured: InsuranceShape) -> Enrolment | None:
    if insured.paid_date is None:
        return None
    return Enrolment(
        paid_on=insured.paid_date,
        late=None if insured.late_flag is None else insured.late_flag == "1",
        missed_years=insured.brk_years,
        exempt=insured.exempt_type or None,
        paid=insured.paid_amt,
    )


def _family(shared: Shared) -> FamilyAccount:
    known = {relation.value for relation in Relation}
    return FamilyAccount(
        number=shared.auth_psn_no,
        document=shared.auth_certno,
        insurance=INSURANCES[shared.insutype],
        area=area_of(shared.insuplc_admdvs),
        balance=shared.balc,
        relation=Relation(shared.rlts) if shared.rlts in known else Relation.OTHER,
        approved_on=shared.begndate,
        ended_on=shared.enddate,
    )


def used_before(rows: list[Cumulative], whole: Any) -> list[UsedBefore]:
    found = []
    for row in rows:
        code, _, disease_class = row.med_type.partition("-")
        if code not in CARES:
            raise contradicts("BUREAU_ANSWER_UNREADABLE", "cuminfo", whole)
        found.append(
            UsedBefore(
                care=CARES[code],
                disease_class=disease_class,
                period=PERIODS[row.cum_type],
                when=row.cum_ym,
                amount=row.cum,
            )
        )
    return found
