"""Turns what the bureau said into what our own rules of basic insurance may look at. Pure."""

from __future__ import annotations

from datetime import date

from crossclaim.domain.allocation import BillFacts, Frozen
from crossclaim.domain.basic_facts import BasicFacts, BasicLine, Care, Period
from crossclaim.domain.bureau import CONSULT_FEE, BasicPerson, SettlementSplit, UsedBefore
from crossclaim.domain.bureau_quote import BureauAccount, Quote
from crossclaim.domain.combination import first_day
from crossclaim.domain.family_account import (
    AccountFacts,
    AccountHolder,
    AccountUser,
    CardShown,
    FamilySharing,
    Place,
)
from crossclaim.domain.insured import Insurance, Insured
from crossclaim.domain.money import Money, fen
from crossclaim.domain.submission import EncounterClass, EpisodeSubmission, FunderKind

AT_THE_BUREAU = (FunderKind.BASIC_INSURANCE, FunderKind.PERSONAL_ACCOUNT)
"""Funders that pay inside one settlement at the bureau."""
STAYS = (
    EncounterClass.INPATIENT,
    EncounterClass.DAY_PROCEDURE,
    EncounterClass.AMBULANCE_TRANSFER,
)
"""The bureau is spoken to about visits only."""


class BureauFacts(Frozen):
    """One bill at the bureau; ``quote`` is None when it was not asked about this bill."""

    account: BureauAccount
    quote: Quote | None = None

    @property
    def person(self) -> BasicPerson:
        return self.account.person

    @property
    def split(self) -> SettlementSplit | None:
        return self.quote.split if self.quote is not None else None


def served(content: EpisodeSubmission) -> bool:
    """The bureau is asked about this visit."""
    claimed = any(coverage.funder in AT_THE_BUREAU for coverage in content.coverages)
    return claimed and content.visit.encounter_class not in STAYS


def care_of(content: EpisodeSubmission, person: BasicPerson) -> tuple[Care, str]:
    """A visit for a disease that the bureau has registered as special, else an ordinary one."""
    for diagnosis in content.diagnoses:
        if diagnosis.code in person.diseases:
            return Care.SPECIAL_DISEASE, person.diseases[diagnosis.code]
    return Care.OUTPATIENT, ""


def when(period: Period, day: date) -> str:
    """How the bureau names the period of a day."""
    match period:
        case Period.MONTH:
            return f"{day:%Y-%m}"
        case Period.QUARTER:
            return f"{day:%Y}-Q{(day.month + 2) // 3}"
        case Period.YEAR:
            return f"{day:%Y}"


def used_before(
    rows: list[UsedBefore], care: Care, disease_class: str, day: date
) -> dict[Period, Money]:
    """By period. The bureau lists everything, so what it does not list is nothing."""
    of = [row for row in rows if (row.care, row.disease_class) == (care, disease_class)]
    return {
        period: sum(
            (r.amount for r in of if (r.period, r.when) == (period, when(period, day))), fen(0)
        )
        for period in Period
    }


def basic_facts(told: BureauFacts, facts: BillFacts) -> BasicFacts:
    account, person, day = told.account, told.person, first_day(facts)
    judged = {line.number: line for line in told.quote.judged} if told.quote else {}
    lines = [
        BasicLine(
            number=line.number,
            amount=line.amount,
            eligible=judged[line.number].eligible if line.number in judged else None,
            general_consult_fee=line.number in judged and judged[line.number].kind == CONSULT_FEE,
        )
        for line in facts.bill.lines
    ]
    rows = told.split.used if told.split is not None else person.used
    return BasicFacts(
        insured=Insured(
            insurance=person.insurance,
            status=person.status,
            retired=person.retired,
            enrolment=person.enrolment,
        ),
        care=account.care,
        on=day,
        lines=lines,
        level=account.level,
        contracted=account.institution.code in person.contracted,
        elsewhere=account.institution.area[:4] != person.area_code[:4],
        disease_class=account.disease_class or None,
        used=used_before(rows, account.care, account.disease_class, day),
    )


def account_facts(told: BureauFacts, facts: BillFacts) -> AccountFacts:
    """The own account of an employee; a relative's where one is bound, or where there is no own."""
    person, split, day = told.person, told.split, first_day(facts)
    own = person.balance if split is None else split.balance + split.account
    holder = None
    if person.insurance is Insurance.EMPLOYEE:
        holder = AccountHolder(insurance=person.insurance, area=person.area, balance=own)
    sharing = _sharing(person, split)
    if holder is not None and sharing is not None and not sharing.holds(day):
        sharing = None
    return AccountFacts(
        on=day,
        place=Place.DESIGNATED_HOSPITAL,
        card=CardShown.OWN if person.own_card else CardShown.AUTHORISERS,
        holder=holder,
        sharing=sharing,
    )


def _sharing(person: BasicPerson, split: SettlementSplit | None) -> FamilySharing | None:
    family = person.family
    if family is None:
        return None
    lent = split is not None and split.family.amount_minor > 0
    balance = split.family_balance + split.family if split is not None and lent else family.balance
    return FamilySharing(
        authoriser=AccountHolder(insurance=family.insurance, area=family.area, balance=balance),
        user=AccountUser(insured=True, area=person.area),
        relation=family.relation,
        approved_on=family.approved_on,
        ended_on=family.ended_on,
    )
