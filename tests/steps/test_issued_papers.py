"""Issued papers on our rows: kept once, verified by whoever holds one, replaced by newer facts."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import psycopg
import pytest

from crossclaim.domain.errors import NotFound
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.security.roles import Principal, Role
from crossclaim.service.issued_papers import IssuedPapers
from crossclaim.service.paper_desk import PaperDesk
from crossclaim.stack import Stack
from crossclaim.wiring import House, api_house
from tests.paper_facts import sheets
from tests.steps.appeals import LATER, WON, Papers
from tests.steps.paper_claims import INSURER
from tests.steps.record_parties import Shelf
from tests.steps.rig import HARBOUR, HOSPITAL, Rig

VICTORIA = Principal(organisation=INSURER, role=Role.INSURER_EXAMINER, key_id="k")
OTHER = Principal(organisation=HARBOUR, role=Role.INSURER_EXAMINER, key_id="k")
WINDOW = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="k")
DECISION = PaperKind.DECISION_LETTER


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[House]:
    house = api_house(stack.settings)
    yield house
    house.database.close()


def issuing(api: House, shelf: Shelf) -> IssuedPapers:
    return IssuedPapers(api.database, api.keyring, shelf, "https://crossclaim.example/")


def desk_of(api: House, rig: Rig, shelf: Shelf) -> PaperDesk:
    plans = rig.world.plans
    issued = issuing(api, shelf)
    return PaperDesk(api.database, api.keyring, lambda: plans, rig.world.reference, issued)


async def test_a_paper_is_issued_once_and_verified_by_its_code(api: House, rig: Rig) -> None:
    papers, shelf = Papers.paid(rig), Shelf()
    desk, issued = desk_of(api, rig, shelf), issuing(api, shelf)
    first = await desk.of_claim(VICTORIA, papers.claim.id, DECISION, "zh-Hant")
    assert first == await desk.of_claim(VICTORIA, papers.claim.id, DECISION, "zh-Hant")
    (key,) = shelf.kept
    assert key == f"{papers.episode}/issued/{first.code}.pdf"
    digest = hashlib.sha256(first.content).hexdigest()
    told = await issued.verify(first.code.lower(), digest.upper())
    assert (told.kind, told.issuer, told.matches) == (DECISION, INSURER, True)
    assert told.superseded_at is None
    changed = hashlib.sha256(first.content + b"\n").hexdigest()
    assert (await issued.verify(first.code, changed)).matches is False
    assert (await issued.verify(first.code, None)).matches is None
    said = told.model_dump_json()
    for personal in ("CHAN", papers.claim.id, papers.episode, papers.claim.reference):
        assert personal not in said
    for wrong in ("", "A" * 32, first.code[:-1], "../" + first.code, first.code + "A", "é" * 32):
        with pytest.raises(NotFound):
            await issued.verify(wrong, None)


async def test_a_later_decision_replaces_the_letter_before_it(api: House, rig: Rig) -> None:
    papers, shelf = Papers.paid(rig), Shelf()
    desk, issued = desk_of(api, rig, shelf), issuing(api, shelf)
    before = await desk.of_claim(VICTORIA, papers.claim.id, DECISION, "en")
    other = await desk.of_claim(VICTORIA, papers.claim.id, DECISION, "zh-Hans")
    papers.appeal()
    papers.review(WON)
    papers.pay(LATER)
    after = await desk.of_claim(VICTORIA, papers.claim.id, DECISION, "en")
    assert after.code != before.code
    assert (await issued.verify(before.code, None)).superseded_at is not None
    assert (await issued.verify(after.code, None)).superseded_at is None
    # Of another language nobody has asked for a newer one: it is the newest that was issued.
    assert (await issued.verify(other.code, None)).superseded_at is None


async def test_facts_that_come_back_put_their_paper_in_force_again(api: House) -> None:
    issued = issuing(api, Shelf())
    one = replace(sheets("en")[PaperKind.SETTLEMENT_LIST], subject="back")
    two = replace(one, number="SL-2")
    first = issued.issue(HOSPITAL, one, "en").code
    second = issued.issue(HOSPITAL, two, "en").code
    # Whoever else may make the same paper gets the same file, and replaces the same ones.
    assert issued.issue(INSURER, one, "en").code == first
    assert (await issued.verify(first, None)).superseded_at is None
    assert (await issued.verify(second, None)).superseded_at is not None


async def test_papers_of_another_are_not_found(api: House, rig: Rig) -> None:
    papers, shelf = Papers.paid(rig), Shelf()
    desk = desk_of(api, rig, shelf)
    for reader in (OTHER, WINDOW):
        with pytest.raises(NotFound):
            await desk.of_claim(reader, papers.claim.id, DECISION, "en")
    for kind in (PaperKind.COVERING_LETTER, PaperKind.VOUCHER_CONSENT):
        with pytest.raises(NotFound):
            await desk.of_claim(VICTORIA, papers.claim.id, kind, "en")
    with pytest.raises(NotFound):
        await desk.of_guarantee(VICTORIA, "gu_none", "en")
    with pytest.raises(NotFound):
        await desk.settlement_list(VICTORIA, HOSPITAL, date(2026, 1, 1), "en")
    assert not shelf.kept
    none = await desk.settlement_list(WINDOW, HOSPITAL, date(2020, 1, 1), "zh-Hans")
    assert none.number == f"SL-{HOSPITAL}-20200101"


async def test_the_database_shows_a_holder_one_row_and_lets_nobody_change_what_was_issued(
    api: House, rig: Rig
) -> None:
    papers, shelf = Papers.paid(rig), Shelf()
    desk = desk_of(api, rig, shelf)
    file = await desk.of_claim(VICTORIA, papers.claim.id, DECISION, "en")
    count = "select count(*) from issued_paper"
    for organisation in (None, HARBOUR):
        with api.database.begin(organisation) as connection:
            seen = count + " where code = %(code)s"
            assert connection.execute(seen, {"code": file.code}).scalar_one() == 0
    with api.database.begin() as connection:
        held = "select set_config('crossclaim.paper_code', %(code)s, true)"
        connection.execute(held, {"code": file.code})
        assert connection.execute(count).scalar_one() == 1
    for wrong in (
        "update issued_paper set sha256 = 'x' where code = %(code)s",
        "delete from issued_paper where code = %(code)s",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            api.database.begin(INSURER) as connection,
        ):
            connection.execute(wrong, {"code": file.code})


def test_two_who_ask_at_once_get_one_paper(api: House, rig: Rig) -> None:
    issued, sheet = issuing(api, Shelf()), replace(sheets("en")[DECISION], subject="at once")

    async def both() -> set[bytes]:
        calls = (asyncio.to_thread(issued.issue, HOSPITAL, sheet, "en") for _ in range(4))
        return {one.content for one in await asyncio.gather(*calls)}

    assert len(asyncio.run(both())) == 1
