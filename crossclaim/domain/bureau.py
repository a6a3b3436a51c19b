"""What a healthcare security bureau is told and what it answers, free of any wire format.

Every amount is CNY. ``reference`` names one send for ever: the message id on the wire follows from
it, so that an outcome nobody knows can be asked about.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.basic_facts import Care, Period
from crossclaim.domain.errors import GatewayError
from crossclaim.domain.family_account import Area
from crossclaim.domain.insured import Enrolment, Insurance, InsuredStatus, Relation, Tier
from crossclaim.domain.money import Money
from crossclaim.domain.submission import IdentityDocument, PersonName

BUREAU = "bureau"
"""The party's name in attempts, consents and stories."""
CONSULT_FEE = "12"
"""一般诊疗费 among the types of charge items."""


class AnswerContradicts(GatewayError):
    """An answer that cannot be true: about another person, another message or another amount, or a
    split that does not add up. ``document`` is what was said; nothing of it is believed."""

    code = "BUREAU_ANSWER_CONTRADICTS"

    def __init__(self, detail: str, *, code: str, document: object) -> None:
        super().__init__(detail, code=code)
        self.document = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)


class Institution(Frozen):
    """A designated institution (定点医疗机构) as the bureau knows it."""

    code: str
    area: str
    """Administrative division of the place of treatment."""


class PersonQuery(Frozen):
    reference: str
    institution: Institution
    document: IdentityDocument
    name: PersonName
    card_number: str = ""
    """Of the card or e-code that was presented; empty when only the document was."""
    at: datetime


class UsedBefore(Frozen):
    """What the pooled fund has paid for a person before, in one period of one kind of care."""

    care: Care
    disease_class: str = ""
    period: Period
    when: str
    """``2025-04``, ``2025-Q2`` or ``2025``."""
    amount: Money


class FamilyAccount(Frozen):
    """A relative's personal account that is, was or will be shared with the person."""

    number: str = ""
    """Of the authoriser at the bureau; empty when the bureau did not say."""
    document: str = ""
    """The authoriser's identity number."""
    insurance: Insurance
    area: Area
    balance: Money
    relation: Relation
    approved_on: date | None = None
    ended_on: date | None = None


class BasicPerson(Frozen):
    """An insured person as the bureau states him on the day of the look-up."""

    number: str
    area_code: str
    insurance: Insurance
    status: InsuredStatus
    retired: bool | None = None
    tier: Tier | None = None
    balance: Money
    enrolment: Enrolment | None = None
    own_card: bool = True
    """The card or e-code that was presented is the person's own."""
    contracted: list[str] = []
    """Codes of the institutions that the person chose."""
    diseases: dict[str, str] = {}
    """ICD-10 code of a registered special disease → its class."""
    used: list[UsedBefore] = []
    family: FamilyAccount | None = None
    families: list[FamilyAccount] = []
    """Every relative's account that the bureau lists; ``family`` is the first of them."""

    @property
    def area(self) -> Area:
        return area_of(self.area_code)


def area_of(code: str) -> Area:
    """Province and pooling area (city) of an administrative division."""
    return Area(pool=code[:4], province=code[:2])


class VisitOrder(Frozen):
    """Registers a visit or a stay; the same again gives the same number."""

    reference: str
    institution: Institution
    person_number: str
    area_code: str
    visit_number: str
    care: Care
    disease_class: str = ""
    pharmacy: bool = False
    """A purchase at a designated pharmacy."""
    begins: datetime | None = None
    """Of a stay: the admission. None: a visit."""
    filing: str = ""
    """Number under which care elsewhere was filed with the bureau before."""
    at: datetime


class Registered(Frozen):
    """``filed``: the bureau holds a filing of care elsewhere; None where it asks for none."""

    visit_id: str
    filed: bool | None = None


class StayOrder(Frozen):
    """About one stay that the bureau has registered."""

    reference: str
    institution: Institution
    person_number: str
    area_code: str
    visit_id: str
    at: datetime


class DischargeOrder(StayOrder):
    """Ends a stay at the bureau; again: the same."""

    ends: datetime


class ChargeUploaded(Frozen):
    number: int
    code: str
    day: date
    quantity: int
    unit_price: Money
    amount: Money


class SettlementOrder(Frozen):
    """One bill at the bureau: its lines, or the settlement of them."""

    reference: str
    institution: Institution
    person_number: str
    area_code: str
    visit_id: str
    batch: str
    """Names the bill's lines at the bureau."""
    lines: list[ChargeUploaded] = []
    total: Money
    fund_used: bool
    account_used: bool
    family_number: str | None = None
    """Whose account is shared for this bill, as the bureau numbers people; empty: nobody's. None
    leaves it to the bureau, as orders from before we had a word in it did."""
    stay: bool = False
    """Of a stay, whose lines lie on one heap: the settlement is of all of them."""
    interim: bool = False
    """Only a forecast: more charges follow."""
    at: datetime

    @property
    def family_used(self) -> bool:
        return self.account_used if self.family_number is None else bool(self.family_number)


class LineJudged(Frozen):
    """What of a line lies within the catalogue, and what kind of charge it is."""

    number: int
    eligible: Money
    kind: str


class FundPart(Frozen):
    """One row of the fund's part: which fund, its limit left, what it pays."""

    fund: str
    limit_left: Money | None = None
    amount: Money


class SettlementSplit(Frozen):
    """Who pays what by the bureau's word; ``settlement`` is empty before it is settled."""

    settlement: str = ""
    fee: Money
    fund: Money
    account: Money
    family: Money
    cash: Money
    hospital: Money
    balance: Money
    """Left in the own account afterwards."""
    family_balance: Money
    parts: list[FundPart] = []
    used: list[UsedBefore] = []
    """Before this bill when it is not settled, else with it."""

    def same_parts(self, other: SettlementSplit) -> bool:
        """Both let everybody pay the same."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("fee", "fund", "account", "family", "cash", "hospital")
        )


class CancelOrder(Frozen):
    """Takes a settlement back: by its number, or what a message did, whatever that was."""

    reference: str
    institution: Institution
    person_number: str
    area_code: str
    visit_id: str
    settlement: str = ""
    original: str = ""
    """Reference of the message whose outcome is unknown."""
    stay: bool = False
    at: datetime


class SettledTotal(Frozen):
    """What we hold as settled of one insurance, area and stretch of days."""

    reference: str
    institution: Institution
    area_code: str
    insurance: Insurance
    begins: date
    ends: date
    fee: Money
    fund: Money
    account: Money
    """Own and relatives' accounts together."""
    count: int
    stay: bool = False
    """Stays are cleared apart from visits."""
    at: datetime


class SettledDetail(Frozen):
    settlement: str
    fee: Money
    fund: Money
    account: Money


class SettledDifference(Frozen):
    """``kind``: ``NOT_WITH_BUREAU``, ``NOT_WITH_HOSPITAL`` or ``AMOUNT_DIFFERS``."""

    settlement: str
    kind: str
    theirs: SettledDetail | None = None
