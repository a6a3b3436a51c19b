"""Letters about decided claims: issued once a version and language, for those entitled alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from crossclaim.domain.claim_letter import LANGUAGES, LetterKind
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Principal, Role
from crossclaim.service.claim_desk import ClaimDesk
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.steps.appeals import LATER, WON, Papers
from tests.steps.paper_claims import INSURER
from tests.steps.record_parties import Shelf
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Rig
from tests.steps.test_changed_minds import both_paid, original, says
from tests.steps.two_insurers import DualStay, first_there, second_here

DECISION, BENEFITS = LetterKind.DECISION, LetterKind.BENEFITS


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


def desk_of(api: House, rig: Rig, shelf: Shelf | None = None) -> ClaimDesk:
    plans, reference = lambda: rig.world.plans, rig.world.reference
    return ClaimDesk(api.database, api.keyring, shelf or Shelf(), plans, reference)


def read(
    desk: ClaimDesk,
    organisation: str,
    claim_id: str,
    kind: LetterKind = DECISION,
    language: str = "en",
    version: int | None = None,
) -> str:
    hospital = organisation == HOSPITAL
    role = Role.HOSPITAL_BILLING if hospital else Role.INSURER_EXAMINER
    reader = Principal(organisation=organisation, role=role, key_id="k")
    return asyncio.run(desk.letter(reader, claim_id, kind, language, version))[1].decode()


def test_a_letter_is_the_same_to_the_byte_however_often_it_is_made(rig: Rig, api: House) -> None:
    papers = Papers.paid(rig)
    shelf = Shelf()
    for kind in LetterKind:
        for language in LANGUAGES:
            first = read(desk_of(api, rig, shelf), INSURER, papers.claim.id, kind, language)
            assert read(desk_of(api, rig), INSURER, papers.claim.id, kind, language) == first
    assert len(shelf.kept) == 6
    assert all(f"{papers.claim.id}-" in key for key in shelf.kept)


def test_the_decision_letter_names_outcome_amount_and_the_last_day_to_appeal(
    rig: Rig, api: House
) -> None:
    papers = Papers.paid(rig)
    letter = read(desk_of(api, rig), INSURER, papers.claim.id)
    for text in ("approved", "HKD 1551.91", "CNY 2830.00", "level 1 until 2026-06-13"):
        assert text in letter, text
    hant = read(desk_of(api, rig), INSURER, papers.claim.id, language="zh-Hant")
    assert "索償決定通知書" in hant and "上訴" in hant


def test_the_explanation_tells_each_paper_with_its_reasons_and_rules(rig: Rig, api: House) -> None:
    papers = Papers.paid(rig)
    told = read(desk_of(api, rig), INSURER, papers.claim.id, BENEFITS)
    for text in ("VISIT_PER_DAY", "EXCLUDED_LONG_TERM_PHYSIO", "HKD 751.91", "HKD 800.00"):
        assert text in told, text


def test_each_later_decision_has_letters_of_its_own_and_the_first_stays(
    rig: Rig, api: House
) -> None:
    papers, shelf = Papers.paid(rig), Shelf()
    desk = desk_of(api, rig, shelf)
    first = read(desk, INSURER, papers.claim.id, BENEFITS)
    papers.appeal()
    papers.review(WON)
    papers.pay(LATER)
    second = read(desk, INSURER, papers.claim.id, BENEFITS)
    for text in ("HKD 1927.87", "HKD 375.96", "CNY 344.00", "Two departments on one day."):
        assert text in second, text
    assert "level 2" in second
    assert read(desk, INSURER, papers.claim.id, BENEFITS, version=1) == first
    assert read(desk_of(api, rig), INSURER, papers.claim.id, BENEFITS, version=1) == first
    with pytest.raises(NotFound):
        read(desk, INSURER, papers.claim.id, version=3)


def test_an_appeal_that_is_upheld_has_its_letter(rig: Rig, api: House) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    papers.review(None)
    letter = read(desk_of(api, rig), INSURER, papers.claim.id)
    assert "the decision before stands" in letter and "CNY 0.00" in letter


def told_of(stay: DualStay, api: House) -> dict[tuple[str, str], str]:
    """Who reads the explanation of whose claim."""
    desk, found = desk_of(api, stay.rig), {}
    for reader in (HOSPITAL, HARBOUR, MUTUAL):
        for insurer in (HARBOUR, MUTUAL):
            try:
                text = read(desk, reader, original(stay, insurer).id, BENEFITS)
            except NotFound:
                continue
            found[reader, insurer] = text
    return found


def test_an_insurer_reads_its_own_claims_letters_and_never_the_others_figures(
    rig: Rig, api: House
) -> None:
    stay = both_paid(rig, [first_there(), second_here(4)])
    says(stay, HARBOUR, "10000.00")
    told = told_of(stay, api)
    assert told.keys() == {
        (HOSPITAL, HARBOUR),
        (HOSPITAL, MUTUAL),
        (HARBOUR, HARBOUR),
        (MUTUAL, MUTUAL),
    }
    assert told[HARBOUR, HARBOUR] == told[HOSPITAL, HARBOUR]
    assert "CNY 42850.00" in told[MUTUAL, MUTUAL] and "9150.00" not in told[MUTUAL, MUTUAL]
    assert "CNY 9150.00" in told[HARBOUR, HARBOUR]
    assert "42850.00" not in told[HARBOUR, HARBOUR] and "Harbour" in told[HARBOUR, HARBOUR]
    assert "arbour" not in told[MUTUAL, MUTUAL]


def test_nobody_reads_a_letter_of_what_is_not_decided_or_not_theirs(rig: Rig, api: House) -> None:
    papers, desk = Papers.paid(rig), desk_of(api, rig)
    for reader, claim in ((HOSPITAL, papers.claim.id), (HARBOUR, papers.claim.id)):
        with pytest.raises(NotFound):
            read(desk, reader, claim)
    papers.appeal()
    papers.review(WON)
    with pytest.raises(NotFound):
        read(desk, INSURER, f"{papers.claim.id}-A1")
    rig.change("update claim set state = 'due' where id = %(id)s", id=papers.claim.id)
    with pytest.raises(NotFound):
        read(desk, INSURER, papers.claim.id)
