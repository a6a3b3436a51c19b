"""What funders settled with a hospital on a day, read from the ledger by each who may see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.paymentreconciliation import PaymentReconciliation
from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.domain.bureau import SettlementSplit
from crossclaim.domain.errors import NotFound
from crossclaim.domain.ledger import credit_entry, hospital_bills, voucher_reimbursed_entry
from crossclaim.domain.ledger_bureau import settlement_entry
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.settlement import LineKind, Settlement
from crossclaim.security.roles import Principal, Role
from crossclaim.service.settlements import SettlementDesk
from crossclaim.stack import Stack
from crossclaim.store.settlement_reads import SqlSettlements
from crossclaim.wiring import House, api_house
from tests.steps.bank_rig import Desk
from tests.steps.rig import HARBOUR, MUTUAL, Rig
from tests.steps.test_bank_reads import noon

HOSPITAL = "hku-szh"
_days = iter(date(2031, 1, 1) + timedelta(days=10 * n) for n in range(100))


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> Desk:
    return Desk.of(rig, tmp_path)


@pytest.fixture
def day() -> date:
    """A day of its own, since the ledger forgets nothing."""
    return next(_days)


@pytest.fixture
def house(stack: Stack) -> Iterator[House]:
    found = api_house(stack.settings)
    yield found
    found.database.close()


class Books:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def credit(self, minor: int, day: date, insurer: str = HARBOUR) -> str:
        reference = self.desk.payout(minor, day=day)
        entry = credit_entry(
            f"credit:{reference}", hospital_bills(HOSPITAL), insurer, self.desk.bank, minor
        )
        self._post(entry, noon(day))
        return reference

    def back(self, reference: str, day: date) -> None:
        with self.desk.world.records.transaction() as tx:
            tx.reverse(self.desk.episode, f"credit:{reference}", noon(day))

    def bureau(self, key: str, fund: int, day: date) -> None:
        entry = settlement_entry(f"settlement:{key}", HOSPITAL, _split(fund))
        self._post(entry, noon(day))

    def bureau_back(self, key: str, day: date) -> None:
        with self.desk.world.records.transaction() as tx:
            tx.reverse(self.desk.episode, f"settlement:{key}", noon(day))

    def vouchers(self, key: str, dollars: int, day: date) -> None:
        entry = voucher_reimbursed_entry(f"voucher-paid:{key}", HOSPITAL, hk_cents(dollars))
        self._post(entry, noon(day))

    def _post(self, entry: Any, at: datetime) -> None:
        with self.desk.world.records.transaction() as tx:
            tx.post(self.desk.episode, entry, at)


def _split(fund: int) -> SettlementSplit:
    amounts = ("fee", "account", "family", "cash", "hospital", "balance", "family_balance")
    return SettlementSplit.model_validate({**dict.fromkeys(amounts, fen(0)), "fund": fen(fund)})


def read(desk: Desk, funder: str, day: date) -> Settlement:
    found = SqlSettlements(desk.rig.database).read(HOSPITAL, funder, day)
    assert found is not None
    return found


def test_an_insurers_day_is_what_its_payouts_credited_less_what_came_back(
    desk: Desk, day: date
) -> None:
    books, after = Books(desk), day + timedelta(days=1)
    one, two = books.credit(5_000, day), books.credit(700, day)
    books.back(two, after)
    found = read(desk, HARBOUR, day)
    assert {line.payout: line.amount_minor for line in found.lines} == {one: 5_000, two: 700}
    assert all(line.claim and line.visit and line.bill for line in found.lines)
    back = read(desk, HARBOUR, after)
    assert [(line.kind, line.payout) for line in back.lines] == [(LineKind.RETURN, two)]
    assert (back.payable_minor, back.carried_out_minor, back.ledger_minor) == (0, 0, -700)
    rows = desk.select(
        "select sum(p.amount_minor)::bigint as total from posting p join entry n on n.id ="
        " p.entry_id where p.account_id = 'hospital:hku-szh:bills' and n.occurred_at >= %(at)s"
        " and n.occurred_at < %(at)s + interval '2 days' and n.kind like '%%credit'",
        at=noon(day) - timedelta(hours=12),
    )
    assert rows[0]["total"] == found.ledger_minor + back.ledger_minor == 5_000


def test_a_settlement_taken_back_is_held_against_the_next_days(desk: Desk, day: date) -> None:
    books, key = Books(desk), f"CL{day:%Y%m%d}"
    before = SqlSettlements(desk.rig.database).read(HOSPITAL, "basic_insurance", day)
    carried = 0 if before is None else before.carried_out_minor
    assert carried == 0
    books.bureau(f"{key}A", 1_000, day)
    books.bureau_back(f"{key}A", day + timedelta(days=1))
    books.bureau(f"{key}B", 400, day + timedelta(days=1))
    books.bureau(f"{key}C", 900, day + timedelta(days=3))
    made = [read(desk, "basic_insurance", day + timedelta(days=n)) for n in (0, 1, 2, 3)]
    assert [one.payable_minor for one in made] == [1_000, 0, 0, 300]
    assert [one.carried_out_minor for one in made] == [0, -600, -600, 0]
    assert [one.carry_reason for one in made][1] == "CLAW_BACKS_EXCEED_THE_DAY"


def test_each_funder_of_a_day_is_listed_and_vouchers_are_in_hong_kong_dollars(
    desk: Desk, day: date, stack: Stack, tmp_path: Path
) -> None:
    books = Books(desk)
    books.credit(5_000, day)
    books.vouchers(f"V{day:%Y%m%d}", 29_500, day)
    found = SqlSettlements(desk.rig.database).listed(day, HOSPITAL)
    assert [(one.funder, one.payable_minor, one.currency) for one in found] == [
        (HARBOUR, 5_000, "CNY"),
        ("voucher", 29_500, "HKD"),
    ]
    about = ("--day", str(day), "--data-dir", str(stack.home.root))

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["settlement", "show", *about, *words])
        assert result.exit_code == 0, result.exception
        return result.stdout

    told = json.loads(run("--json", "--lang", "zh-Hant"))
    assert [one["payable"]["amount"] for one in told] == ["50.00", "295.00"]
    assert "RA-hku-szh-voucher" in run()
    assert run("--csv", "--funder", HARBOUR).count("\n") == 9
    for one in json.loads(run("--fhir")):
        PaymentReconciliation.model_validate(one)
    files = run("--pdf", "--folder", str(tmp_path), "--funder", "voucher").split()
    assert [Path(name).read_bytes()[:5] for name in files] == [b"%PDF-"]


async def test_the_two_alone_are_told(desk: Desk, day: date, house: House) -> None:
    Books(desk).credit(5_000, day, MUTUAL)
    service = SettlementDesk(house.database, house.reference)

    def as_(organisation: str) -> Principal:
        return Principal(organisation=organisation, role=Role.INSURER_SYSTEM, key_id="k")

    for organisation in (HOSPITAL, MUTUAL):
        told = await service.read(as_(organisation), HOSPITAL, MUTUAL, day, "en")
        assert told.content["payable"]["amount"] == "50.00"  # type: ignore[call-overload]
        (one,) = (await service.listed(as_(organisation), day, "en"))["settlements"]
        assert (one["funder"], one["lines"]) == (MUTUAL, 1)
    pdf = await service.file(as_(HOSPITAL), HOSPITAL, MUTUAL, day, "zh-Hans", "pdf")
    assert isinstance(pdf.content, bytes) and pdf.content.startswith(b"%PDF-")
    for stranger in (HARBOUR, "jmzx"):
        with pytest.raises(NotFound):
            await service.read(as_(stranger), HOSPITAL, MUTUAL, day, "en")
        assert (await service.listed(as_(stranger), day, "en"))["settlements"] == []
