"""The elderly health care voucher: when it may pay a bill, and how much it pays.

Rules and their sources are in ``voucher-ehcv-gba.yaml``. One refused line refuses the voucher for
the bill; all faults come back together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from crossclaim.domain.allocation import BillFacts, Fault, Frozen
from crossclaim.domain.checks import faults_found
from crossclaim.domain.eligibility import (
    accepted_documents,
    has_age,
    local_day,
    permit_holds,
)
from crossclaim.domain.money import ConversionRate, Money, fen, half_up, hk_cents
from crossclaim.domain.plan import PlanAt, Unknown
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_bundle import BundleReason
from crossclaim.domain.submission import ChargeCategory, EncounterClass, FunderKind
from crossclaim.domain.trace import fault


class VoucherLeg(Frozen):
    """``dollars`` whole Hong Kong dollars that pay ``amount`` (CNY) of a bill."""

    dollars: int
    amount: Money
    balance_after: Money
    """HKD."""


def voucher_leg(amount: Money, balance: Money, rate: ConversionRate) -> VoucherLeg:
    """Whole dollars, never above the balance or the amount; worth half up to the fen."""
    dollars = max(0, min(rate.whole_dollars_in(amount), balance.amount_minor // 100))
    worth = half_up(100 * dollars * rate.cny_per_hkd)
    return VoucherLeg(
        dollars=dollars,
        amount=fen(min(worth, amount.amount_minor)),
        balance_after=balance - hk_cents(100 * dollars),
    )


def capped_balance(balance: Money, added: Money, plan: PlanAt) -> tuple[Money, Money]:
    """Balance after an allotment or a void, and what is lost above the accumulation limit (HKD)."""
    after = min(balance + added, max(plan.amount("amounts.accumulation_limit"), balance))
    return after, balance + added - after


def service_day(facts: BillFacts) -> date:
    """The day of the service as the bill states it, else the day the bill was issued."""
    return local_day(facts.bill.service_completed_at or facts.bill.issued_at)


def voucher_faults(facts: BillFacts, plan: PlanAt) -> list[Fault]:
    """Every reason why vouchers may not pay this bill; empty when they may."""
    return faults_found(_CHECKS, facts, plan, "/episode/coverages")


def _age(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    age = plan.count("eligibility.age")
    if not has_age(facts.episode.patient.birth_date, age, service_day(facts)):
        pointer = "/episode/patient/birth_date"
        yield fault(Reason.VOUCHER_AGE_BELOW_65, pointer, age=age, on=service_day(facts))


def _documents(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    wanted = plan.codes("eligibility.documents")
    documents = accepted_documents(facts.episode.patient.documents, wanted)
    day = service_day(facts)
    if not documents:
        pointer = "/episode/patient/documents"
        yield fault(Reason.VOUCHER_DOCUMENT_MISSING, pointer, documents=", ".join(wanted))
    elif not any(permit_holds(document, day) for document in documents):
        place = facts.episode.patient.documents.index(documents[0])
        pointer = f"/episode/patient/documents/{place}/valid_until"
        until = documents[0].valid_until
        yield fault(Reason.VOUCHER_PERMIT_EXPIRED, pointer, until=until, on=day)


def _consents(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    missing = [c for c in plan.codes("eligibility.consents") if c not in facts.consents]
    if missing:
        pointer = "/episode/consents"
        names = ", ".join(missing)
        yield fault(Reason.VOUCHER_EHEALTH_CONSENT_MISSING, pointer, consents=names)


def _scope(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    visit, lines = facts.episode.visit, facts.bill.lines
    allowed = visit.encounter_class.value in plan.codes("scope.encounter_classes")
    procedure = plan.codes("scope.day_procedure_categories")
    stay = plan.codes("scope.inpatient_categories")
    place = "/episode/visit/encounter_class"
    if visit.encounter_class is EncounterClass.DAY_PROCEDURE and not allowed:
        yield fault(Reason.VOUCHER_DAY_PROCEDURE, place)
    elif visit.encounter_class is EncounterClass.AMBULANCE_TRANSFER and not allowed:
        yield fault(BundleReason.VOUCHER_TRANSFER, place)
    elif not allowed:
        yield fault(Reason.VOUCHER_INPATIENT, place)
    else:
        for index, line in enumerate(lines):
            if line.category.value in procedure:
                yield fault(Reason.VOUCHER_DAY_PROCEDURE, f"/lines/{index}")
            elif line.category.value in stay:
                yield fault(Reason.VOUCHER_INPATIENT, f"/lines/{index}")
    if visit.channel not in plan.codes("scope.channels"):
        yield fault(Reason.VOUCHER_CHANNEL_NOT_DEDICATED, "/episode/visit/channel")


def _lines(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    lines = facts.bill.lines
    goods = plan.codes("scope.goods_categories")
    not_service = plan.codes("scope.not_service_categories")
    paid_for = [line for line in lines if line.amount.amount_minor > 0]
    if paid_for and all(line.category.value in goods for line in paid_for):
        yield fault(Reason.VOUCHER_GOODS_ONLY, "/lines")
    for index, line in enumerate(lines):
        if line.category.value in not_service:
            words = {"line": line.number, "category": line.category.value}
            yield fault(Reason.VOUCHER_NOT_SERVICE, f"/lines/{index}/category", **words)


def _paid_after_service(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    if not plan.rule("scope.only_after_service").value:
        return
    bill = facts.bill
    deposits = [i for i, x in enumerate(bill.lines) if x.category is ChargeCategory.DEPOSIT]
    later = [i for i, x in enumerate(bill.lines) if x.service_date > local_day(bill.issued_at)]
    if bill.service_completed_at is None or bill.issued_at < bill.service_completed_at:
        yield fault(Reason.VOUCHER_PREPAID, "/service_completed_at")
    for index in sorted({*deposits, *later}):
        yield fault(Reason.VOUCHER_PREPAID, f"/lines/{index}")


def _institution(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    hospital, department = facts.episode.hospital, facts.episode.visit.department
    opened = plan.find(f"service_points.{hospital}.open")
    on = service_day(facts)
    if opened is None or opened.value is False:
        words = {"hospital": hospital, "on": on}
        yield fault(Reason.VOUCHER_INSTITUTION_NOT_PILOT, "/episode/hospital", **words)
        return
    if isinstance(opened.value, Unknown):
        words = {"hospital": hospital, "on": on}
        yield fault(Reason.VOUCHER_START_UNKNOWN, "/episode/hospital", **words)
    designated = plan.find(f"service_points.{hospital}.departments")
    names = {"hospital": hospital, "department": department}
    place = "/episode/visit/department"
    if designated is None or not isinstance(designated.value, tuple):
        yield fault(Reason.VOUCHER_DEPARTMENT_UNKNOWN, place, **names)
    elif department not in designated.value:
        yield fault(Reason.VOUCHER_DEPARTMENT_NOT_DESIGNATED, place, **names)


def _combination(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    excluded = plan.codes("combination.not_with")
    for index, coverage in facts.claimed:
        if coverage.funder is FunderKind.BASIC_INSURANCE and coverage.funder.value in excluded:
            yield fault(Reason.VOUCHER_WITH_BASIC_INSURANCE, f"/episode/coverages/{index}")


def _account(facts: BillFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.voucher_balance is None:
        yield fault(Reason.VOUCHER_BALANCE_NOT_STATED, "/episode/coverages")
    if facts.voucher_rate is None:
        yield fault(Reason.VOUCHER_RATE_NOT_STATED, "/episode/coverages")


_CHECKS: tuple[Callable[[BillFacts, PlanAt], Iterator[Fault]], ...] = (
    _age,
    _documents,
    _consents,
    _scope,
    _lines,
    _paid_after_service,
    _institution,
    _combination,
    _account,
)
