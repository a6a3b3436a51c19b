"""What of a bank's words stands in our rows, and charges that one booking holds several of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crossclaim.domain.family_sight import Side, seen_by
from crossclaim.domain.matching import digest_of
from crossclaim.stack import Stack
from crossclaim.store.bank_reads import SqlBankReads
from crossclaim.store.binding_rows import read_uses
from crossclaim.wiring import api_house
from tests.steps.bank_rig import DAY, OPENING, PAYEE, Desk, booked
from tests.steps.clinic import ACCOUNT, FATHER, Clinic
from tests.steps.kin import bound
from tests.steps.rig import HOSPITAL, Rig
from tests.steps.test_family_account import E9, alone
from tests.steps.test_remittances import remit

NAMES = ("CHAN-TAI-MAN", "13800138000", "44030119900101123X", "A1234567")


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


def test_an_end_to_end_id_that_is_not_ours_stands_nowhere_as_it_came(desk: Desk) -> None:
    """It may be a person's name, telephone number or identity document."""
    one = desk.payout(5_000)
    lines = [booked("DBIT", name, 100 + n, payee="") for n, name in enumerate(NAMES)]
    desk.comes(desk.statement(booked("DBIT", one, 5_000), *lines, net=-5_406))
    assert [entry[0] for entry in desk.entries()] == [one, *map(digest_of, NAMES)]
    for table in ("bank_entry", "payout_report"):
        rows = desk.select(f"select * from {table} where bank = %(bank)s")
        assert not any(name in str(row) for row in rows for name in NAMES)


def test_a_number_that_becomes_ours_later_is_found_all_the_same(desk: Desk) -> None:
    """The credit comes before the insurer's remittance, whose number looks like a telephone's."""
    one, two = desk.payout(100), desk.payout(200)
    number = f"1380013{desk.bank.partition('-')[2]:0>4}"
    credit = booked("CRDT", number, 300, payee="")
    desk.comes(desk.statement(credit, net=300, payer=PAYEE.number))
    assert [entry[1] for entry in desk.entries()] == ["missing"]
    remit(desk, {one: 100, two: 200}, number=number)
    for key in desk.world.bank_books.bank_accounts(desk.bank):  # type: ignore[union-attr]
        desk.work.match(key, "statement", datetime.now(UTC))
    assert desk.entries() == [(digest_of(number), "matched", "TOTAL_OF_BATCH")]


def test_two_charges_under_one_booking_are_both_in_the_ledger_once(desk: Desk) -> None:
    shared = f"FEE{desk.bank}"
    fees = [
        booked("DBIT", "", minor, payee="", sub_family="CHRG", booking=shared)
        for minor in (20, 35, 20)
    ]
    desk.comes(desk.statement(*fees, net=-75))
    desk.match()
    rows = desk.select(
        "select p.amount_minor from posting p join entry n on n.id = p.entry_id"
        " where n.key like %(key)s and p.account_id like 'bank:charges:%%' order by 1",
        key=f"bank-charge:{desk.bank}:%",
    )
    assert [row["amount_minor"] for row in rows] == [20, 20, 35]
    _, day = SqlBankReads(desk.rig.database).bridge(desk.bank, desk.key.account, DAY)
    assert (day.bank_minor, day.ledger_minor, day.lines) == (-75, -75, [])


def test_a_credit_that_the_bank_takes_back_settles_no_payout(desk: Desk) -> None:
    one = desk.payout(5_000, state="sent", settled=False)
    taken = booked("DBIT", one, 5_000, reversal=True)
    desk.comes(desk.statement(taken, net=-5_000))
    assert desk.entries() == [(one, "missing", "TAKEN_BACK")]
    assert desk.expected() == {one: "expected"}
    assert desk.select("select 1 from payout_report where bank = %(bank)s") == []


def test_a_day_between_two_statements_without_numbers_is_a_gap(desk: Desk) -> None:
    third = DAY + timedelta(days=2)
    for day in (DAY, third):
        desk.comes(_unnumbered(desk.statement(net=0, day=day, opening=OPENING)))
    assert desk.faults() == ["STATEMENT_GAP"]
    assert desk.days() == {DAY: "closed"}


def _unnumbered(content: str) -> str:
    number = "<ElctrncSeqNb>1</ElctrncSeqNb>"
    assert content.count(number) == 1
    return content.replace(number, "")


_ELSEWHERE = (
    "insert into episode (id, hospital_id, visit_number, encounter_class, department, channel,"
    " status, sealed, opened_at) values ('ep_ELSEWHERE', 'dongguan-tcm', 'MZ-E', 'outpatient', 'x',"
    " 'x', 'open', ''::bytea, now())",
    "insert into bill (id, episode_id, number, version, status, state, total_minor, sealed,"
    " issued_at, occurred_at) values ('bl_ELSEWHERE', 'ep_ELSEWHERE', 'B', 1, 'final', 'current',"
    " 1, ''::bytea, now(), now())",
    "insert into family_account_use (binding_id, episode_id, bill_id, version, amount_minor,"
    " occurred_at) values (%(binding)s, 'ep_ELSEWHERE', 'bl_ELSEWHERE', 1, 300, now())",
)


def test_which_bill_took_of_an_account_is_told_to_whoever_may_see_the_bill(
    clinic: Clinic, stack: Stack
) -> None:
    """Who applied for a binding sees that another hospital took of it, and not for which bill."""
    binding = bound(alone(clinic))
    clinic.open(FATHER, ACCOUNT).bill(*E9)
    with clinic.rig.database.begin() as connection:
        for statement in _ELSEWHERE:
            connection.execute(statement, {"binding": binding})
    house = api_house(stack.settings)
    try:
        with house.database.begin(HOSPITAL) as connection:
            seen = seen_by(Side.USER, read_uses(connection, binding))
    finally:
        house.database.close()
    told = {use.amount.amount_minor: use.bill_id for use in seen}
    assert told[20_000] and told[300] == ""
    with clinic.rig.database.begin() as connection:
        assert all(use.bill_id for use in read_uses(connection, binding))
