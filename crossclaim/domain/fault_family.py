"""Faults of applications for family sharing and family codes, by the rules of their own day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crossclaim.domain.allocation import Fault
from crossclaim.domain.family_account import (
    AccountFacts,
    AccountHolder,
    AccountUser,
    Area,
    FamilySharing,
    Place,
    family_faults,
)
from crossclaim.domain.family_submission import BindingChannel, PaperKind
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.identity import document_defect, normalised
from crossclaim.domain.insured import Insurance, Relation
from crossclaim.domain.money import fen
from crossclaim.domain.plan import Plan, PlanAt
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import DocumentType

FAMILY_PLAN = "family-account-guangdong"
_SOMEWHERE = Area(pool="-", province="-")
_PLACE_IN_APPLICATION = {
    "/account/sharing/relation": "/relation",
    "/account/sharing/user": "/user/insured",
    "/account/sharing/user/area": "/user/area",
    "/account/sharing/authoriser/insurance": "/authoriser/insurance",
}


def binding_faults(piece: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    """Everything wrong with an application, before anything of it is sent."""
    yield from _time_faults(piece, "applied_at", context)
    for side in ("authoriser", "user"):
        yield from _person_faults(piece.member(side), context)
    yield from _same_person(piece, "authoriser", "user")
    applied = piece.moment("applied_at")
    if context.family_plan is not None and applied is not None:
        yield from rule_faults(piece, context.family_plan, local_day(applied))


def rule_faults(piece: Piece, plan: Plan, on: date) -> Iterator[Fault]:
    """What the dated rules say: papers, relation, insurance, pooling area, personal account."""
    rules = plan.on(on)
    yield from _paper_faults(piece, rules)
    unread = _unread(piece)
    for found in family_faults(_facts(piece, on), rules):
        pointer = _PLACE_IN_APPLICATION.get(found.pointer, "")
        if pointer not in unread:
            yield found.model_copy(update={"pointer": pointer})


def unbind_faults(piece: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    asked = piece.moment("asked_at")
    if asked is not None and local_day(asked) > context.today:
        yield fault("FAMILY_APPLIED_IN_FUTURE", piece.at("asked_at"))


def code_link_faults(piece: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    """A family code only shows the relative's own code, so neither kin nor insurance is asked."""
    yield from _time_faults(piece, "linked_at", context)
    for side in ("shower", "relative"):
        yield from _person_faults(piece.member(side), context)
    yield from _same_person(piece, "shower", "relative")


def code_end_faults(piece: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    ended = piece.moment("ended_at")
    if ended is not None and local_day(ended) > context.today:
        yield fault("FAMILY_APPLIED_IN_FUTURE", piece.at("ended_at"))


def _time_faults(piece: Piece, name: str, context: Context) -> Iterator[Fault]:
    stated, signed = piece.moment(name), piece.member("consent").moment("signed_at")
    if stated is not None and local_day(stated) > context.today:
        yield fault("FAMILY_APPLIED_IN_FUTURE", piece.at(name))
    if stated is not None and signed is not None and signed > stated:
        yield fault("FAMILY_CONSENT_AFTER", piece.member("consent").at("signed_at"))


def _person_faults(person: Piece, context: Context) -> Iterator[Fault]:
    name, document = person.member("name"), person.member("document")
    if isinstance(name.value, dict) and not (name.has("zh") or name.has("en")):
        yield fault("FAMILY_NAME_MISSING", name.pointer)
    kind, number = document.choice("type", DocumentType), document.text("number")
    if kind is not None and number is not None:
        defect = document_defect(kind, number, context.today)
        if defect is not None:
            yield fault(f"{kind.name}_{defect.value}", document.at("number"))


def _same_person(piece: Piece, one: str, other: str) -> Iterator[Fault]:
    numbers = [piece.member(side).member("document").text("number") for side in (one, other)]
    if None not in numbers and len({normalised(number or "") for number in numbers}) == 1:
        yield fault("FAMILY_SAME_PERSON", piece.member(other).at("document"))


def _paper_faults(piece: Piece, rules: PlanAt) -> Iterator[Fault]:
    channel = piece.choice("channel", BindingChannel)
    rule = rules.find(f"applications.papers.{channel.value}") if channel else None
    if rule is None or not isinstance(rule.value, tuple):
        return
    if not isinstance(piece.member("papers").value, list):
        return
    given = {paper.choice("kind", PaperKind) for paper in piece.items("papers")}
    asked = ", ".join(rule.value)
    for paper in rule.value:
        if PaperKind(paper) not in given:
            yield fault("FAMILY_PAPER_MISSING", piece.at("papers"), paper=paper, papers=asked)


def _area(piece: Piece) -> Area | None:
    pool, province = piece.code("pool"), piece.code("province")
    return Area(pool=pool, province=province) if pool and province else None


def _unread(piece: Piece) -> set[str]:
    """Members that cannot be read have a fault of shape; nothing else is said about them."""
    authoriser, user = piece.member("authoriser"), piece.member("user")
    readable = {
        "/relation": piece.choice("relation", Relation) is not None,
        "/authoriser/insurance": authoriser.choice("insurance", Insurance) is not None,
        "/user/insured": isinstance(user.member("insured").value, bool),
        "/user/area": _area(authoriser.member("area")) is not None
        and (_area(user.member("area")) is not None or not user.has("area")),
    }
    return {pointer for pointer, good in readable.items() if not good}


def _facts(piece: Piece, on: date) -> AccountFacts:
    """The application as if it were in force and the account not empty: what is left is judged."""
    authoriser, user = piece.member("authoriser"), piece.member("user")
    holder = AccountHolder(
        insurance=authoriser.choice("insurance", Insurance) or Insurance.EMPLOYEE,
        area=_area(authoriser.member("area")) or _SOMEWHERE,
        balance=fen(0),
    )
    insured = user.member("insured").value is not False
    sharing = FamilySharing(
        authoriser=holder,
        user=AccountUser(insured=insured, area=_area(user.member("area"))),
        relation=piece.choice("relation", Relation) or Relation.SPOUSE,
        approved_on=on,
    )
    return AccountFacts(on=on, place=Place.DESIGNATED_HOSPITAL, sharing=sharing)
