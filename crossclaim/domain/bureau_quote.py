"""What our rows keep, sealed, of a person's account with the bureau and of one bill's quote."""

from __future__ import annotations

from datetime import date

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.basic_facts import Care, HospitalLevel
from crossclaim.domain.bureau import (
    BasicPerson,
    Institution,
    LineJudged,
    SettlementOrder,
    SettlementSplit,
)
from crossclaim.domain.family_account import Place
from crossclaim.domain.insured import Insurance


class BureauAccount(Frozen):
    """The insured person and the visit that was registered for him."""

    person: BasicPerson
    visit_id: str
    institution: Institution
    level: HospitalLevel | None = None
    """None of a pharmacy."""
    place: Place = Place.DESIGNATED_HOSPITAL
    care: Care
    disease_class: str = ""
    filed: bool | None = None
    """What the bureau said of a filing of care elsewhere."""


class Quote(Frozen):
    """One bill at the bureau. ``split`` is None when the bureau refused; then ``refused`` has its
    code."""

    order: SettlementOrder
    insurance: Insurance
    judged: list[LineJudged] = []
    split: SettlementSplit | None = None
    refused: str = ""
    binding: str = ""
    """Our family binding by which a relative's account pays; empty: none does."""
    on: date | None = None
    """The day on which the binding has to hold."""
