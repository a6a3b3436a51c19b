"""A relative's account pays where our binding and the bureau say the same, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.bureau import BasicPerson, FamilyAccount, area_of
from crossclaim.domain.family_account import AccountHolder, AccountUser, FamilySharing
from crossclaim.domain.family_agreement import shared_account, sharing_of
from crossclaim.domain.family_sight import SharingInForce
from crossclaim.domain.insured import Insurance, InsuredStatus, Relation
from crossclaim.domain.money import fen
from crossclaim.domain.reference import Designation
from crossclaim.domain.submission import DocumentType, IdentityDocument

ON = date(2025, 4, 10)
SINCE = date(2025, 1, 6)
DAUGHTER, SON = "440703198803120002", "440703198011110009"


def there(document: str = DAUGHTER, balance: int = 50000, **changes: object) -> FamilyAccount:
    known = FamilyAccount(
        number=f"P-{document}",
        document=document,
        insurance=Insurance.EMPLOYEE,
        area=area_of("440703"),
        balance=fen(balance),
        relation=Relation.PARENT,
        approved_on=SINCE,
    )
    return known.model_copy(update=changes)


def person(*accounts: FamilyAccount) -> BasicPerson:
    return BasicPerson(
        number="P1",
        area_code="440703",
        insurance=Insurance.RESIDENT,
        status=InsuredStatus.ACTIVE,
        balance=fen(0),
        family=accounts[0] if accounts else None,
        families=list(accounts),
    )


def ours(document: str = DAUGHTER, relation: Relation = Relation.PARENT) -> SharingInForce:
    area = area_of("440604")
    return SharingInForce(
        binding_id=f"fb_{document}",
        authoriser=IdentityDocument(type=DocumentType.MAINLAND_ID, number=document),
        sharing=FamilySharing(
            authoriser=AccountHolder(insurance=Insurance.EMPLOYEE, area=area),
            user=AccountUser(insured=True, area=area),
            relation=relation,
            approved_on=SINCE,
        ),
    )


def test_both_say_the_same_and_the_bureau_is_asked_to_spend_that_account() -> None:
    shared = shared_account([ours()], person(there()), ON)
    assert shared is not None and not shared.differs
    assert shared.number == f"P-{DAUGHTER}"
    sharing = sharing_of(shared, person(there()))
    assert sharing is not None and sharing.holds(ON)
    assert sharing.authoriser.area == area_of("440703"), "areas are the bureau's, newest"
    assert sharing.authoriser.balance == fen(50000)


def test_nobody_knows_of_any_account() -> None:
    assert shared_account([], person(), ON) is None


@pytest.mark.parametrize(
    "known",
    [
        [],
        [there(SON)],
        [there(approved_on=None)],
        [there(approved_on=date(2025, 4, 11))],
        [there(ended_on=ON)],
        [there(relation=Relation.SPOUSE)],
        [there(relation=Relation.OTHER)],
    ],
)
def test_a_binding_that_the_bureau_does_not_share_differs_and_names_no_account(
    known: list[FamilyAccount],
) -> None:
    shared = shared_account([ours()], person(*known), ON)
    assert shared is not None and shared.differs
    assert shared.number == ""


def test_a_sharing_that_only_the_bureau_knows_differs_and_was_never_approved() -> None:
    shared = shared_account([], person(there()), ON)
    assert shared is not None and shared.differs and shared.number == ""
    sharing = sharing_of(shared, person(there()))
    assert sharing is not None and not sharing.holds(ON)


def test_one_that_waits_at_the_bureau_and_is_not_ours_is_no_difference() -> None:
    shared = shared_account([], person(there(approved_on=None)), ON)
    assert shared is not None and not shared.differs and shared.number == ""


def test_the_oldest_binding_comes_first_and_an_empty_account_lets_the_next_pay() -> None:
    both = [ours(SON), ours(DAUGHTER)]
    full = shared_account(both, person(there(DAUGHTER), there(SON)), ON)
    assert full is not None and full.number == f"P-{SON}"
    empty = shared_account(both, person(there(DAUGHTER), there(SON, balance=0)), ON)
    assert empty is not None and empty.number == f"P-{DAUGHTER}"
    none_left = person(there(DAUGHTER, balance=0), there(SON, balance=0))
    last = shared_account(both, none_left, ON)
    assert last is not None and last.number == f"P-{SON}"


def test_what_was_looked_up_before_relatives_had_numbers_names_nobody() -> None:
    before = person(there(number="", document=""))
    shared = shared_account([ours()], before, ON)
    assert shared is not None and shared.differs and shared.number == ""


@pytest.mark.parametrize("wrong", [{"kind": "pharmacy", "level": "level-1"}, {"kind": "hospital"}])
def test_a_designated_hospital_has_a_level_and_a_pharmacy_has_none(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="level"):
        Designation.model_validate({"code": "P44070300001", "area": "440703", **wrong})
