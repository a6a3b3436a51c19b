"""Who is let in by a link: what is typed beside it must be this person's."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.patient_bearer import (
    MAY_SEE,
    Bearer,
    Factor,
    Persona,
    Sight,
    is_the_one,
    may_see,
)

CHAN = Persona(birth_date=date(1950, 1, 31), documents=("A123456(3)", "H12345678"))


@pytest.mark.parametrize(
    "given",
    [
        Factor(birth_date="1950-01-31"),
        Factor(birth_date="1950/01/31"),
        Factor(birth_date=" 19500131 "),
        Factor(document="4563"),
        Factor(document="456(3)"),
        Factor(document="\uff14\uff15\uff16\uff13"),
        Factor(document="a123456(3)"),
        Factor(document="5678"),
        Factor(birth_date="1950-01-31", document="4563"),
    ],
)
def test_what_is_this_persons_lets_in_however_it_is_written(given: Factor) -> None:
    assert is_the_one(given, CHAN)


@pytest.mark.parametrize(
    "given",
    [
        Factor(),
        Factor(birth_date=" ", document="()"),
        Factor(birth_date="1950-02-31"),
        Factor(birth_date="31-01-1950"),
        Factor(birth_date="1951-01-31"),
        Factor(document="563"),
        Factor(document="3"),
        Factor(document="4564"),
        # Everything that is typed must be right: one right guess does not carry a wrong one.
        Factor(birth_date="1950-01-31", document="0000"),
        Factor(birth_date="1949-01-31", document="4563"),
    ],
)
def test_anything_else_lets_nobody_in(given: Factor) -> None:
    assert not is_the_one(given, CHAN)


def test_who_stands_in_is_asked_for_his_document_since_his_birth_is_not_known() -> None:
    signer = Persona(documents=("C668668(E)",))
    assert is_the_one(Factor(document="668E"), signer)
    assert not is_the_one(Factor(birth_date="1950-01-31"), signer)
    assert not is_the_one(Factor(birth_date="1950-01-31", document="668E"), signer)


def test_the_naive_twin_that_takes_any_word_that_fits_lets_a_guesser_in_with_half_of_it() -> None:
    def naive(given: Factor, known: Persona) -> bool:
        born = known.birth_date is not None and given.birth_date == known.birth_date.isoformat()
        return born or any(number.endswith(given.document) for number in known.documents)

    assert naive(Factor(), CHAN), "an empty word ends every number"
    assert not is_the_one(Factor(), CHAN)


def test_a_spouse_sees_vouchers_and_consents_and_nothing_of_the_care() -> None:
    assert set(MAY_SEE) == set(Bearer)
    assert {s for s in Sight if may_see(Bearer.SPOUSE, s)} == {Sight.CONSENTS, Sight.OWN_VOUCHERS}
    assert MAY_SEE[Bearer.SUBSTITUTE] == MAY_SEE[Bearer.PATIENT]
    assert Sight.OWN_VOUCHERS not in MAY_SEE[Bearer.PATIENT]
