"""No processed file of a bank lies in the open, and what it says of a person goes with his key."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.payout_intent import account_sha256
from crossclaim.domain.errors import Final
from crossclaim.domain.retention import RetentionRules
from crossclaim.domain.subject_request import Judged
from crossclaim.gateways import durable_names
from crossclaim.gateways.bank import copies as copy_folders
from crossclaim.gateways.bank import sealed_copies
from crossclaim.gateways.bank.sealed_copies import ERASED, SealedBankCopies
from crossclaim.plans.loader import load_plans
from crossclaim.security.errors import KeyDestroyed, Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.stack import Stack
from crossclaim.store.bank_copies import SqlBankCopies, note_opened
from crossclaim.store.erasures import SqlErasures
from crossclaim.store.keys import SqlDataKeys
from crossclaim.wiring import House, api_house, worker_house
from tests.faults.leak_scanner import Scanner
from tests.gateways.bank_scene import document
from tests.steps.bank_rig import PAYEE, Desk, booked
from tests.steps.rig import Rig

PAID, OTHER, STRANGER = "KINGFISHER Ada", "NIGHTJAR Bo", "SANDPIPER Cy"
_numbers = itertools.count(1)
OVER = datetime(2061, 1, 1, tzinfo=UTC)


class Bank:
    """One bank whose copies are kept, and the episodes that its payouts are about."""

    def __init__(self, rig: Rig, house: House, api: House, folder: Path) -> None:
        self.house, self.api = house, api
        self.desk = Desk.of(rig, folder)
        self.copies = SealedBankCopies(
            SqlBankCopies(house.database, house.keyring),
            house.keyring,
            {self.desk.bank: self.desk.folder},
        )
        self.desk.world = replace(self.desk.world, bank_copies=self.copies)

    def payout(self, payee: str = "hospital") -> tuple[str, str]:
        """(episode, reference) of an order under a visit of its own."""
        visit = self.desk.rig.visit(f"KM-2025-000052-copy{next(_numbers)}")
        visit.accepted()
        under = (visit.episode, visit.claim("direct").id)
        return visit.episode, self.desk.payout(500_00, under=under, payee=payee)

    def erase(self, episode: str) -> None:
        """As a batch does, without the request before it."""
        erasures = SqlErasures(
            self.house.database, self.house.keyring, self.house.keystore, load_plans
        )
        request = f"sr_{episode[3:]}"
        with self.api.database.begin("hku-szh") as connection:
            connection.execute(
                "insert into subject_request (id, organisation_id, kind, state, person, sealed,"
                " asked_by) values (%(id)s, 'hku-szh', 'erasure', 'confirmed', '{}', '', 'k')",
                {"id": request},
            )
        batch = erasures.begin([Judged(scope=episode, request_id=request)], OVER)
        assert batch is not None
        erasures.finish(batch, OVER)

    def read(self, name: str, folder: str = "done") -> bytes:
        return b"".join(self.copies.read(self.desk.bank, folder, f"{name}.sealed"))

    def stolen(self) -> dict[str, bytes]:
        """The folder's copies as a backup has them."""
        return {
            path.name: path.read_bytes()
            for path in (self.desk.folder / "inbound").rglob("*.sealed")
        }

    def in_the_open(self, *names: str) -> list[str]:
        """Places in the bank's folders where one of these names can be read."""
        return [hit.place for hit in Scanner(names).scan_folder(self.desk.folder)]


@pytest.fixture
def bank(rig: Rig, stack: Stack, tmp_path: Path) -> Iterator[Bank]:
    house, api = worker_house(stack.settings), api_house(stack.settings)
    rig.change(
        "insert into organisation (id, kind, name) values ('crossclaim', 'operator', 'Platform')"
        " on conflict do nothing"
    )
    yield Bank(rig, house, api, tmp_path)
    house.database.close()
    api.database.close()


def told(sign: str, reference: str, name: str) -> str:
    """One entry about somebody."""
    party = f"<Cdtr><Pty><Nm>{name}</Nm></Pty></Cdtr>"
    return booked(sign, reference, 500_00).replace("<RltdPties>", f"<RltdPties>{party}", 1)


def together(one: str, other: str) -> str:
    """Both as transactions of one entry."""
    inner = re.search(r"<TxDtls>.*?</TxDtls>", other, re.S)
    assert inner is not None
    return one.replace("</TxDtls>", f"</TxDtls>{inner[0]}", 1)


def statement(bank: Bank, *entries: str) -> tuple[str, bytes]:
    """(name, bytes) of a file that has come and was processed."""
    content = bank.desk.statement(*entries, net=-500_00 * len(entries)).encode()
    return bank.desk.comes(content), content


def test_a_processed_file_is_sealed_and_opens_byte_for_byte(bank: Bank) -> None:
    (_, mine), (_, other) = bank.payout(), bank.payout()
    stranger = told("DBIT", "X-UNKNOWN", STRANGER)
    name, content = statement(bank, told("DBIT", mine, PAID), told("DBIT", other, OTHER), stranger)
    assert bank.desk.lies_in("done") == {f"{name}.sealed"}
    assert bank.in_the_open(PAID, OTHER, STRANGER, PAYEE.number) == []
    assert bank.read(name) == content
    assert {r for r, _, _ in bank.desk.entries()} >= {mine, other}, "the books have it all"
    assert bank.copies.tidy(bank.desk.bank) == 0
    note_opened(bank.house.database, name, "Chan", "an audit of the year")
    noted = bank.desk.select("select * from audit where operation = 'read_bank_copy'")
    assert [row["object"] for row in noted] == [name]
    cut_off = bank.desk.folder / "inbound/done" / f"{name}.sealed"
    cut_off.write_bytes(cut_off.read_bytes()[:-90])
    with pytest.raises((Undecipherable, Final)):
        bank.read(name)


def test_what_a_file_says_of_the_erased_is_gone_from_every_copy_of_it(bank: Bank) -> None:
    (episode, mine), (_, other) = bank.payout(), bank.payout()
    his, hers = told("DBIT", mine, PAID), told("DBIT", other, OTHER)
    both, foreign = together(his, hers), told("DBIT", "X", STRANGER)
    name, content = statement(bank, his, both, hers, foreign)
    sent = f"<Nm>{PAID}</Nm> that is no XML: {mine}, {other}".encode()
    bad = bank.desk.comes(sent)
    assert bank.desk.lies_in("bad") >= {f"{bad}.sealed"}
    assert bank.read(bad, "bad") == sent
    bank.erase(episode)
    bank.house.keyring.forget(episode)
    fresh = Keyring(SqlDataKeys(bank.house.database), bank.house.keystore)
    rows = SqlBankCopies(bank.house.database, fresh)
    bank.copies = SealedBankCopies(rows, fresh, {bank.desk.bank: bank.desk.folder})
    left = bank.read(name)
    assert PAID.encode() not in left
    assert ERASED in left
    assert left.count(OTHER.encode()) == 2, "of an entry of both only his transaction is gone"
    assert STRANGER.encode() in left
    assert left.startswith(content[:200])
    assert bank.read(bad, "bad") == ERASED
    amounts = bank.desk.select(
        "select amount_minor from bank_entry where bank = %(bank)s and reference = %(ref)s",
        ref=mine,
    )
    assert amounts, "amount, reference and day stand in the books"
    with pytest.raises(KeyDestroyed):
        fresh.key(episode)


def test_a_banks_word_about_an_account_goes_with_its_holders_key(bank: Bank) -> None:
    """A bank may repeat in its acmt.024 what it was asked, and name whom the account is of."""
    (episode, mine), (_, other) = bank.payout("patient"), bank.payout("patient")
    number, hers = "6217777099990001", "6217777099990002"
    content = document(
        "acmt.024.001.03",
        "<IdVrfctnRpt><Assgnmt><MsgId>V-ECHO</MsgId><CreDtTm>2026-04-14T11:00:00+08:00</CreDtTm>"
        f"</Assgnmt>{about_account(mine, PAID, number)}{about_account(other, OTHER, hers)}"
        "</IdVrfctnRpt>",
        check=False,
    ).encode()
    (bank.desk.folder / "inbound/done" / "echo.xml").write_bytes(content)
    assert bank.copies.tidy(bank.desk.bank) == 1
    assert bank.in_the_open(PAID, OTHER, number, hers) == []
    assert bank.read("echo.xml") == content
    bank.erase(episode)
    left = bank.read("echo.xml")
    assert ERASED in left and PAID.encode() not in left and number.encode() not in left
    assert OTHER.encode() in left and hers.encode() in left, "her report is hers"


def about_account(reference: str, name: str, number: str) -> str:
    party = f"<Pty><Nm>{name}</Nm></Pty><Acct><Id><Othr><Id>{number}</Id></Othr></Id></Acct>"
    return (
        f"<Rpt><OrgnlId>{reference}</OrgnlId><Vrfctn>false</Vrfctn><Rsn><Cd>CMTC</Cd></Rsn>"
        f"<OrgnlPtyAndAcctId>{party}</OrgnlPtyAndAcctId>"
        f"<UpdtdPtyAndAcctId>{party}</UpdtdPtyAndAcctId></Rpt>"
    )


def test_the_naive_twin_that_seals_a_file_as_one_still_yields_the_erased(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlBankCopies, "owners", lambda self, names: {})
    episode, mine = bank.payout()
    name, _ = statement(bank, told("DBIT", mine, PAID))
    bank.erase(episode)
    assert PAID.encode() in bank.read(name)


def test_files_of_an_older_build_and_of_a_crash_are_sealed_by_the_next_look(bank: Bank) -> None:
    _, mine = bank.payout()
    content = bank.desk.statement(told("DBIT", mine, PAID), net=-500_00).encode()
    done = bank.desk.folder / "inbound/done"
    (done / "old.xml").write_bytes(content)
    assert bank.copies.tidy(bank.desk.bank) == 1
    # Killed between the sealed file and the end of the plain one.
    (done / "old.xml").write_bytes(content)
    assert bank.copies.tidy(bank.desk.bank) == 1
    assert bank.desk.lies_in("done") == {"old.xml.sealed"}
    # Another file of the same name is another copy.
    (done / "old.xml").write_bytes(content.replace(PAID.encode(), OTHER.encode()))
    bank.copies.tidy(bank.desk.bank)
    assert len(bank.desk.lies_in("done")) == 2
    assert bank.in_the_open(PAID, OTHER) == []
    # Sent again, the file is known although it lies there no more under its plain name.
    assert bank.desk.world.banks[bank.desk.bank].is_finished("old.xml")


def test_an_order_that_no_bank_took_goes_with_the_person(bank: Bank) -> None:
    (episode, mine), (_, other) = bank.payout(), bank.payout()
    orders = [bank.desk.folder / "staging" / f"{r}-1.xml" for r in (mine, other)]
    for path in orders:
        path.write_text(PAID)
    assert bank.copies.tidy(bank.desk.bank) == 0
    bank.erase(episode)
    assert bank.copies.tidy(bank.desk.bank) == 1
    assert [path.exists() for path in orders] == [False, True]


def test_a_copy_ends_when_its_rule_says_and_not_a_day_before(bank: Bank) -> None:
    name, _ = statement(bank, told("DBIT", "X", STRANGER))
    came = bank.desk.select("select recorded_at from bank_copy where bank = %(bank)s")
    day = came[0]["recorded_at"].date()
    plans = load_plans()
    rules = RetentionRules(plans, day.replace(year=day.year + 10))
    assert rules.copies_before() == day
    erasures = SqlErasures(
        bank.house.database, bank.house.keyring, bank.house.keystore, lambda: plans
    )
    for years, left in ((9, True), (11, False)):
        erasures.judge(datetime(day.year + years, 12, 31, tzinfo=UTC))
        fresh = Keyring(SqlDataKeys(bank.house.database), bank.house.keystore)
        rows = SqlBankCopies(bank.house.database, fresh)
        bank.copies = SealedBankCopies(rows, fresh, {bank.desk.bank: bank.desk.folder})
        if left:
            assert STRANGER.encode() in bank.read(name)
        else:
            assert STRANGER.encode() not in bank.read(name)


_DIGESTS = """
select 'payout' as place, payee_account_sha256 as digest, reference from payout_intent
union all select 'report', creditor_account_sha256, reference from payout_report
union all select 'movement', counterparty_sha256, reference from expected_movement
union all select 'entry', counterparty_sha256, reference from bank_entry
"""


def places_of(bank: Bank, reference: str) -> set[str]:
    """Tables in which a digest of the payee's account stands beside this payment."""
    rows = bank.desk.select(
        f"select place from ({_DIGESTS}) d where reference = %(ref)s and digest = %(digest)s",
        ref=reference,
        digest=account_sha256(PAYEE.number),
    )
    return {row["place"] for row in rows}


def test_no_digest_of_an_erased_patients_account_is_left_to_be_guessed(bank: Bank) -> None:
    (episode, mine), (_, other) = bank.payout("patient"), bank.payout("patient")
    statement(bank, told("DBIT", mine, PAID), told("DBIT", other, OTHER))
    known = {"payout", "movement", "entry"}
    assert places_of(bank, mine) == places_of(bank, other) == known
    # The naive twin destroys the key and leaves the digests; no living key is forgotten.
    bank.desk.rig.change("select forget_person(%(id)s)", id=episode)
    assert places_of(bank, mine) == known
    bank.erase(episode)
    assert places_of(bank, mine) == set()
    assert places_of(bank, other) == known


def test_fifty_files_are_sealed_by_few_transactions_and_few_waits_for_the_disk(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = bank.desk.folder / "inbound/done"
    done.mkdir(parents=True, exist_ok=True)
    _, mine = bank.payout()
    for number in range(50):
        (done / f"F{number}.xml").write_text(told("DBIT", mine, PAID) + f"<!--{number}-->", "utf-8")
    begun, syncs = list[int](), list[Path]()
    begin, sync = type(bank.house.database).begin, durable_names.sync

    def counted(self: Any, *args: Any, **more: Any) -> Any:
        begun.append(1)
        return begin(self, *args, **more)

    monkeypatch.setattr(type(bank.house.database), "begin", counted)
    monkeypatch.setattr(copy_folders, "sync", lambda folder: (syncs.append(folder), sync(folder)))
    assert bank.copies.tidy(bank.desk.bank) == 50
    assert len(begun) <= 50 + 10, "of each file only the owners are asked for by itself"
    assert len(syncs) == 2


def test_few_large_files_are_sealed_together_and_a_larger_one_by_itself(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: fifty files of any size were held open by one round."""
    done = bank.desk.folder / "inbound/done"
    done.mkdir(parents=True, exist_ok=True)
    for name, size in (("a", 400), ("b", 400), ("c", 400), ("d", 3000), ("e", 400)):
        (done / f"{name}.xml").write_text(f"<{name}>{'x' * (size - 7)}</{name}>", "utf-8")
    rounds = list[int]()
    begin = SqlBankCopies.begin

    def counted(self: SqlBankCopies, copies: Any) -> Any:
        rounds.append(len(copies))
        return begin(self, copies)

    monkeypatch.setattr(SqlBankCopies, "begin", counted)
    monkeypatch.setattr(sealed_copies, "_BYTES_AT_ONCE", 1000, raising=False)
    assert bank.copies.tidy(bank.desk.bank) == 5
    assert rounds == [2, 1, 1, 1]
